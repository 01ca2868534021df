"""zugong duties --period 2023H1: what is missed, due, met or exempt, for every subject."""

from __future__ import annotations

from typing import Any

from zugong.base.access import Permission
from zugong.base.duties import OPEN, STATE_WORDS
from zugong.desk.commands import ZugongCommand
from zugong.desk.dues import DUTIES, document, findings
from zugong.desk.owing import missing_words


class Command(ZugongCommand):
    help = "应办事项：谁、什么事、哪天到期、依据哪条"
    permission = Permission.DESK_READ
    framed = True

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--period", required=True, metavar="期间")

    def act(self, **options: Any) -> int | None:
        frame = self.frame(options["period"], options["scope"])
        found = findings(frame, self.by)
        if self.json:
            self.out([document(one) for one in found])
            return None
        rows = [
            (DUTIES[f.duty].name, f.subject, STATE_WORDS[f.state], f.due_on, missing_words(f.missing), f.source.cite())
            for f in found
            if f.state in OPEN
        ]
        self.table(f"{frame.period.title}（截至 {frame.day}）", ("事项", "对象", "状态", "到期日", "缺", "依据"), rows)
        return None
