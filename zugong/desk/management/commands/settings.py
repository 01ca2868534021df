"""zugong settings [KEY=VALUE]…: what the department says about itself."""

from __future__ import annotations

from typing import Any

from zugong.base import department
from zugong.base.access import Permission
from zugong.base.rules import Refused
from zugong.desk.commands import ZugongCommand


class Command(ZugongCommand):
    help = "看或改设置：部门全称、地名、层级、落款、字体"
    permission = Permission.SETTINGS_CHANGE

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("values", nargs="*", metavar="设置项=值")

    def act(self, **options: Any) -> int | None:
        values = {}
        for one in options["values"]:
            name, mark, value = one.partition("=")
            if not mark:
                raise Refused(f"“{one}”应写成 设置项=值，例如 place=云溪县。")
            values[name.strip()] = value.strip()
        kept = department.settle(by=self.by, on=self.day, values=values) if values else department.everything()
        if self.json:
            self.out(kept)
        else:
            rows = ((name, known.title, kept[name], known.help) for name, known in department.KNOWN.items())
            self.table("设置", ("设置项", "含义", "值", "说明"), rows)
        return None
