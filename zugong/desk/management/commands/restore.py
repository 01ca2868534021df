"""zugong restore FILE [--keys PATH]: put a backup back into an empty home, then examine what stands there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zugong.desk.clock import now
from zugong.desk.management.commands.doctor import Command as Doctor
from zugong.desk.upkeep import putting_back
from zugong.desk.upkeep.doctor import Asked, examine


class Command(Doctor):
    help = "恢复：把备份放回空的数据文件夹（和空库），再体检"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path, metavar="备份", help="zugong backup 做出的文件")
        parser.add_argument("--keys", type=Path, metavar="密钥包", help="zugong backup --keys 取出的文件，或者 keys 文件夹")

    def act(self, **options: Any) -> int | None:
        with self.progress() as progress:
            made = putting_back.restore(options["file"], options["keys"], on=self.day, progress=progress)
        if self.json:
            checks = [{"check": one.name, "well": one.well, "found": one.found} for one in examine(Asked(now(), False))]
            self.out({"restored": str(options["file"]), "made_at": made.made_at, "trail": made.trail, "counts": made.counts,
                      "missing": made.missing, "checks": checks})  # fmt: skip
            return None if all(one["well"] for one in checks) else 1
        self.stdout.write(
            f"已恢复 {made.made_at} 的备份：{sum(made.counts.values())} 行记录，留痕到第 {made.trail['number']} 条。"
            "每个人都要重新登录。下面是体检："
        )
        return self.examined(thorough=False)
