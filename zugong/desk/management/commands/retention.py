"""zugong retention: how long each kind is kept, and what is due to be looked at on a day. It deletes nothing."""

from __future__ import annotations

from typing import Any

from zugong.base import retention
from zugong.base.access import Permission
from zugong.base.standards import Standards
from zugong.desk.commands import ZugongCommand
from zugong.regulations.models import entered


class Command(ZugongCommand):
    help = "保存期限：每种记录保存多久，哪些到期该复核（只列出，不删除）"
    permission = Permission.DESK_READ

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--all", action="store_true", help="连同没有到期的，列出每一种")

    def act(self, **options: Any) -> int | None:
        self.standards = Standards(entered)
        due = {one.retention.model: one.rows for one in retention.due(self.by, self.day)}
        kinds = [one for one in retention.table() if options["all"] or one.model in due]
        if self.json:
            self.out([self._document(one, due.get(one.model, 0)) for one in kinds])
        elif not kinds:
            self.stdout.write(
                f"{self.day} 没有到期该复核的记录（只数账号“{self.by.username}”能看到的）。用 --all 看每种记录的期限。"
            )
        else:
            rows = ((one.name, one.period(self.day), one.event, one.then, self.cited(one), due.get(one.model))
                    for one in kinds)  # fmt: skip
            self.table(f"保存期限（{self.day}）", ("记录", "保存", "从哪一天算起", "到期怎么办", "依据", "到期"), rows)
        return None

    def cited(self, one: retention.Retention) -> str:
        """The rule behind a period, as somebody has read it or not."""
        return self.standards.on(one.parameter, self.day).source.cite()

    def _document(self, one: retention.Retention, due: int) -> dict[str, Any]:
        return {
            "kind": one.model._meta.label_lower,
            "name": one.name,
            "period": one.period(self.day),
            "event": one.event,
            "then": one.then,
            "source": self.cited(one),
            "cutoff": one.cutoff(self.day),
            "due": due,
        }
