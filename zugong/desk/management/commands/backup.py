"""zugong backup --out FOLDER [--keys PATH]: a backup while the program is in use; the keys in a place apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.timezone import localtime

from zugong.base import trail
from zugong.desk.clock import now
from zugong.desk.commands import ZugongCommand
from zugong.desk.upkeep import taking


class Command(ZugongCommand):
    help = "备份：数据库、收到的原文件、留痕的锚；不用停下服务"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--out", required=True, type=Path, metavar="位置", help="备份放进这个文件夹，或写成以 .zip 结尾的文件名"
        )
        parser.add_argument("--keys", type=Path, metavar="位置", help="把密钥另外取一份，放到这里；要和备份分开存放")

    def act(self, **options: Any) -> int | None:
        with self.progress() as progress:
            done = taking.backup(options["out"], options["keys"], by=self.by.username, at=localtime(now()), progress=progress)
        made = done.manifest
        rows = sum(made.counts.values())
        kept = dict(rows=rows, digest=made.digest(), number=made.trail["number"], keys=done.keys is not None)
        trail.note("desk:backed_up", account=self.by.username, on=self.day, subject=done.path.name, **kept)
        files = sum(name.startswith("files/") for name in made.members)
        if self.json:
            told = {"backup": str(done.path), "keys": str(done.keys or ""), "made_at": made.made_at, "trail": made.trail}
            self.out({**told, "rows": rows, "files": files, "missing": made.missing, "bytes": done.path.stat().st_size})
            return None
        self.stdout.write(f"已备份到“{done.path}”：{rows} 行记录，{files} 个原文件，留痕到第 {made.trail['number']} 条。")
        if made.missing:
            self.stdout.write(f"注意：有 {len(made.missing)} 个原文件早已不在，没有备到。运行 zugong doctor 看是哪些。")
        self.stdout.write(f"密钥另存在“{done.keys}”，请和备份分开存放。" if done.keys else taking.WITHOUT_KEYS)
        return None
