"""zugong structure --subject cadres --by age_band: a cross-table as of a day."""

from __future__ import annotations

from typing import Any

from zugong.base.access import Permission
from zugong.desk.commands import ZugongCommand
from zugong.statistics.guarded import HELD, cells
from zugong.statistics.structure import Cell, subject


class Command(ZugongCommand):
    help = "队伍结构：按年龄段、性别、学历、职务层次分组的人数"
    permission = Permission.STATISTICS_READ
    framed = True

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--subject", default="cadres", metavar="对象", help="cadres 干部，members 党员")
        parser.add_argument(
            "--by", action="append", required=True, metavar="分组", help="可写一到两个：age_band sex education rank"
        )

    def act(self, **options: Any) -> int | None:
        frame = self.frame(f"{self.day}/{self.day}", options["scope"])
        by = options["by"]
        found, withheld = cells(self.by, options["subject"], by, frame)
        if self.json:
            self.out({"cells": [_as_cell(cell, by) for cell in found], **({"withheld": withheld.why} if withheld else {})})
        elif withheld:
            self.stdout.write(withheld.why)
        else:
            titles = (subject(options["subject"]).facets[one].title for one in by)
            rows = ([*cell.values, "不显示" if cell.count is None else cell.count] for cell in found)
            self.table(f"截至 {self.day}", (*titles, "人数"), rows)
        return None


def _as_cell(cell: Cell, by: list[str]) -> dict[str, Any]:
    held = {"withheld": HELD} if cell.count is None else {}
    return {**dict(zip(by, cell.values, strict=True)), "count": cell.count, **held}
