"""zugong doctor: whether all that is kept is sound; one line a check. Changes nothing, works without the pages."""

from __future__ import annotations

from typing import Any

from zugong.desk.clock import now
from zugong.desk.commands import REFUSED, ZugongCommand
from zugong.desk.upkeep.doctor import Asked, examine


class Command(ZugongCommand):
    help = "体检：数据库、留痕、密钥、文件、磁盘是不是都好；只看不改"
    prepares = False

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--all", action="store_true", help="加密的内容逐条打开，不抽查")

    def act(self, **options: Any) -> int | None:
        return self.examined(thorough=options["all"])

    def examined(self, *, thorough: bool) -> int | None:
        """Print check after check as it is done."""
        done = []
        for one in examine(Asked(now(), thorough)):
            done.append(one)
            if not self.json:
                self.stdout.write(str(one))
                self.stdout.flush()
        well = all(one.well for one in done)
        if self.json:
            checks = [{"check": one.name, "well": one.well, "found": one.found, "mend": one.mend} for one in done]
            self.out({"well": well, "checks": checks})
        else:
            self.stdout.write("全部正常。" if well else f"有 {sum(not one.well for one in done)} 项要处理。")
        return None if well else REFUSED
