"""zugong commit BATCH: write exactly what a preview showed."""

from __future__ import annotations

from typing import Any

from zugong.base.access import Permission
from zugong.desk.commands import ROWS_REFUSED, ZugongCommand
from zugong.intake import actions, results


class Command(ZugongCommand):
    help = "把预览过的批次写入"
    permission = Permission.INTAKE_COMMIT

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("batch", type=int, metavar="批次")

    def act(self, **options: Any) -> int | None:
        with self.progress() as progress:
            batch = actions.commit(by=self.by, on=self.day, batch=results.batch(options["batch"], self.by), progress=progress)
        document = results.document(batch)
        if self.json:
            self.out(document)
        else:
            self.stdout.write(results.sentence(batch))
        return ROWS_REFUSED if document["refused"] else None
