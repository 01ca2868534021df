"""zugong structure --subject cadres --by age_band: a cross-table as of a day."""

from __future__ import annotations

from typing import Any

from zugong.base.access import Permission
from zugong.desk.commands import ZugongCommand
from zugong.statistics.structure import subject, table


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
        cells = table(options["subject"], by, frame)
        if self.json:
            self.out({"cells": [{**dict(zip(by, cell.values, strict=True)), "count": cell.count} for cell in cells]})
        else:
            titles = (subject(options["subject"]).facets[one].title for one in by)
            self.table(f"截至 {self.day}", (*titles, "人数"), ([*cell.values, cell.count] for cell in cells))
        return None
