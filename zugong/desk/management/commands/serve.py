"""zugong serve: the pages, on this machine's own address."""

from __future__ import annotations

from typing import Any

from zugong.base import anchors
from zugong.base.access import Permission
from zugong.base.administrators import open_administrators
from zugong.base.grants import established
from zugong.desk import serving
from zugong.desk.clock import today
from zugong.desk.commands import ZugongCommand, told


class Command(ZugongCommand):
    help = "打开网页服务；第一次启动时开通三名管理员，给出各人的一次性密码"
    permission = Permission.SYSTEM_RUN

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--host", default="127.0.0.1", metavar="地址", help="默认只有本机能访问")
        parser.add_argument("--port", type=int, default=None, metavar="端口", help="默认从 8000 起找空闲的")

        parser.add_argument("--no-worker", action="store_true", help="不在这个进程里办后台的事（另有 zugong worker 时用）")

    def act(self, **options: Any) -> int | None:
        port = serving.free_port(options["host"], options["port"])
        if not established():
            made = open_administrators(by=self.by, on=today(), names={})
            print(f"第一次启动，已开通三名管理员。\n{told(made)}", flush=True)
        if hint := serving.unreachable(options["host"]):
            print(hint, flush=True)
        anchors.of_today(today())
        print(f"组工台已打开：http://{options['host']}:{port}/ （按 Ctrl+C 停止）", flush=True)
        serving.serve(options["host"], port, background=not options["no_worker"])
        return None
