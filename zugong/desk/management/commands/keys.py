"""zugong keys status|rotate|retire: the keys of what is sealed, by their ids; no key and no value is ever shown."""

from __future__ import annotations

import sys
from typing import Any

from zugong.base import rotating
from zugong.base.access import Permission
from zugong.base.holders import needed
from zugong.base.models import KeyRotation
from zugong.base.rules import NotAllowed, Refused
from zugong.base.sealing import ring
from zugong.desk.commands import ZugongCommand


class Command(ZugongCommand):
    help = "看密钥、换密钥、销毁旧密钥；只说编号，不显示密钥和加密的内容"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "what",
            choices=["status", "rotate", "retire"],
            metavar="status|rotate|retire",
            help="看有哪些密钥、各加密了多少；换一把新的；销毁一把旧的",
        )
        parser.add_argument("key", nargs="?", default="", metavar="编号", help="要销毁的密钥")
        parser.add_argument("--again", default="", metavar="编号", help="再写一次要销毁的编号；不写就在屏幕上问")

    def act(self, **options: Any) -> int | None:
        if not self.by.may(Permission.SYSTEM_RUN):
            raise NotAllowed(f"账号“{self.by.username}”没有管密钥的权限。")
        if options["what"] == "status":
            return self._status()
        if options["what"] == "retire":
            return self._retire(options["key"], options["again"])
        with self.progress() as progress:
            rotation = rotating.rotate(by=self.by, on=self.day, progress=progress)
        if self.json:
            self.out({"key": rotation.key, "values": rotation.done})
        else:
            self.stdout.write(
                f"换完了：{rotation.done} 处改用密钥 {rotation.key}。旧密钥还要用来看留痕，仍留着；请马上备份 keys 文件夹。"
            )
        return None

    def _status(self) -> None:
        keys, tables, trail = ring(again=True), needed(), rotating.in_trail()
        rotation = KeyRotation.objects.order_by("-pk").first()
        under_way = bool(rotation and rotation.ended_at is None)
        if self.json:
            found = [
                {"key": k, "seals": k == keys.current, "values": tables.get(k, {}), "trail": trail.get(k, 0)} for k in keys.keys
            ]
            self.out({"keys": found, "rotation_under_way": under_way})
            return
        rows = [
            (k, "在用" if k == keys.current else "旧", self._told(tables.get(k, {})), f"{trail.get(k, 0)} 条")
            for k in keys.keys
        ]
        self.table("密钥", ("编号", "状态", "加密的内容", "留痕"), rows)
        if under_way:
            self.stdout.write(
                f"正在换成 {rotation.key}，已换 {rotation.done} 处；没有换完就停了的，再运行 zugong keys rotate。"
            )

    def _told(self, tables: dict[str, int]) -> str:
        return "、".join(f"{table} {n} 处" for table, n in tables.items()) or "没有"

    def _retire(self, key: str, again: str) -> None:
        if not key:
            raise Refused("没有写要销毁哪一把。用 zugong keys status 看编号，再写 zugong keys retire 编号。")
        if not again and sys.stdin.isatty():
            entries = rotating.in_trail().get(key, 0)
            print(f"销毁 {key} 之后，留痕里 {entries} 条的旧值、新值谁也打不开了，核对照常；用它加密的旧备份也打不开了。")
            again = input("要销毁，请再输一次编号：").strip()
        entries = rotating.retire(by=self.by, on=self.day, key=key, again=again)
        if self.json:
            self.out({"key": key, "trail_unreadable": entries})
        else:
            self.stdout.write(f"已销毁密钥 {key}。留痕里 {entries} 条的旧值、新值从此打不开；zugong audit verify 照常核对。")
            self.stdout.write("别处的备份里如有这把密钥，请一并销毁。")
