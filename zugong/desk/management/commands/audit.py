"""zugong audit: whether the trail is as it was written, and its end written down outside the database."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from zugong.base import anchors, chain, trail
from zugong.base.access import Permission
from zugong.base.rules import NotAllowed, Refused
from zugong.desk.commands import REFUSED, ZugongCommand


class Command(ZugongCommand):
    help = "核对留痕：有没有哪一条被改过、删过、插进来、换过；把链尾锚定到数据库以外"
    permission = (Permission.TRAIL_READ, Permission.SYSTEM_RUN)

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("what", choices=["verify", "anchor"], metavar="verify|anchor", help="逐条核对，或者锚定链尾")
        parser.add_argument("--after-restore", action="store_true", help="锚定时说明刚恢复过备份：比备份新的锚不再作数")

    def act(self, **options: Any) -> int | None:
        return self.verify() if options["what"] == "verify" else self.anchor(restored=options["after_restore"])

    def verify(self) -> int | None:
        """Look at every entry; content is not shown."""
        with self.progress() as progress:
            found = chain.verify(progress=progress)
        if self.json:
            faults = [{**asdict(fault), "sentence": str(fault)} for fault in found.faults]
            self.out({"entries": found.entries, "faults": faults, "remarks": found.remarks})
            return REFUSED if found.faults else None
        whole = f"共 {found.entries} 条，条条相扣，封印和锚定都对，没有发现改动。"
        self.stdout.write("\n".join([*(map(str, found.faults) if found.faults else [whole]), *found.remarks]))
        return REFUSED if found.faults else None

    def anchor(self, *, restored: bool) -> int | None:
        """Write the end down now, in a line that can be copied to paper or another disk."""
        if not self.by.may_somewhere(Permission.SYSTEM_RUN):
            raise NotAllowed(f"账号“{self.by.username}”没有锚定留痕的权限：锚定由系统管理员办。")
        try:
            line = anchors.anchor(self.day, anchors.RESTORED if restored else anchors.DAY)
        except OSError as error:
            raise Refused(f"锚定文件“{anchors.lines_file()}”写不进去（{error.strerror}），没有锚定。") from None
        if restored:
            trail.note("base:anchor_after_restore", account=self.by.username, on=self.day, number=line.number)
        if self.json:
            self.out(asdict(line) | {"file": str(anchors.lines_file())})
        else:
            self.stdout.write(
                f"已锚定到第 {line.number} 条，摘要 {line.mark}。\n文件：{anchors.lines_file()}\n公钥：{line.key}"
            )
        return None
