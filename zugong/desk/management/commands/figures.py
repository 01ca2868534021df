"""zugong figures --period 2023H1: every figure without facets."""

from __future__ import annotations

from typing import Any

from zugong.base.access import Permission
from zugong.desk.commands import ZugongCommand
from zugong.statistics.catalogue import FIGURES
from zugong.statistics.guarded import told


class Command(ZugongCommand):
    help = "列出全部指标在一个期间的数"
    permission = Permission.STATISTICS_READ
    framed = True

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--period", required=True, metavar="期间", help="2023、2023H1、2023Q2、2023-06 或两个日期")

    def act(self, **options: Any) -> int | None:
        frame = self.frame(options["period"], options["scope"])
        every = list(FIGURES.values())
        found: list[dict[str, Any]] = [
            {
                "id": one.id,
                "name": one.name,
                "unit": one.unit,
                "time": one.time.value,
                "value": number.value,
                **({"withheld": number.withheld.why} if number.withheld else {}),
                "facets": one.values(self.by),
            }
            for one, number in zip(every, told(self.by, [(one, frame) for one in every]), strict=True)
        ]
        if self.json:
            self.out(found)
        else:
            heads = ("编号", "名称", "数", "单位", "限定")
            rows = ((f["id"], f["name"], _said(f), f["unit"], "、".join(f["facets"])) for f in found)
            self.table(f"{frame.period.title}（截至 {frame.day}）", heads, rows)
            for why in dict.fromkeys(f["withheld"] for f in found if "withheld" in f):
                self.stdout.write(f"不显示的：{why}")
        return None


def _said(found: dict[str, Any]) -> Any:
    if found["value"] is not None:
        return found["value"]
    return "不显示" if "withheld" in found else "缺数"
