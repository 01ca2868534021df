"""zugong undo BATCH: take a committed batch back."""

from __future__ import annotations

from typing import Any

from zugong.desk.commands import ZugongCommand
from zugong.intake import actions, results


class Command(ZugongCommand):
    help = "把已写入的批次整批撤销"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("batch", type=int, metavar="批次")

    def act(self, **options: Any) -> int | None:
        batch = actions.undo(by=self.by, on=self.day, batch=results.batch(options["batch"]))
        if self.json:
            self.out({"batch": batch.pk, "state": batch.get_state_display()})
        else:
            self.stdout.write(results.sentence(batch))
        return None
