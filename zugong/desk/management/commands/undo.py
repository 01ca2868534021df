"""zugong undo BATCH: take a committed batch back."""

from __future__ import annotations

from typing import Any

from zugong.base.access import Permission
from zugong.desk.commands import ZugongCommand
from zugong.intake import actions, results


class Command(ZugongCommand):
    help = "把已写入的批次整批撤销"
    permission = Permission.INTAKE_COMMIT

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("batch", type=int, metavar="批次")

    def act(self, **options: Any) -> int | None:
        batch = results.batch(options["batch"], self.by)
        resting = [str(report) for report in results.reports_resting_on(batch)]
        batch = actions.undo(by=self.by, on=self.day, batch=batch)
        if self.json:
            self.out({"batch": batch.pk, "state": batch.get_state_display(), **({"reports": resting} if resting else {})})
        else:
            self.stdout.write(results.sentence(batch))
            for title in resting:
                self.stdout.write(f"已报送的《{title}》文字和数不变，但依据里少了这一批的记录。")
        return None
