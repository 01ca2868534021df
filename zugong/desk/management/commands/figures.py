"""zugong figures --period 2023H1: every figure without facets."""

from __future__ import annotations

from typing import Any

from zugong.base.access import Permission
from zugong.desk.commands import ZugongCommand
from zugong.statistics.catalogue import FIGURES


class Command(ZugongCommand):
    help = "列出全部指标在一个期间的数"
    permission = Permission.STATISTICS_READ
    framed = True

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--period", required=True, metavar="期间", help="2023、2023H1、2023Q2、2023-06 或两个日期")

    def act(self, **options: Any) -> int | None:
        frame = self.frame(options["period"], options["scope"])
        found = [
            {
                "id": one.id,
                "name": one.name,
                "unit": one.unit,
                "time": one.time.value,
                "value": one.number(frame),
                "facets": one.values(),
            }
            for one in FIGURES.values()
        ]
        if self.json:
            self.out(found)
        else:
            heads = ("编号", "名称", "数", "单位", "限定")
            rows = (
                (f["id"], f["name"], "缺数" if f["value"] is None else f["value"], f["unit"], "、".join(f["facets"]))
                for f in found
            )
            self.table(f"{frame.period.title}（截至 {frame.day}）", heads, rows)
        return None
