"""zugong serve: the pages, on this machine's own address."""

from __future__ import annotations

from typing import Any

from zugong.desk import serving
from zugong.desk.commands import ZugongCommand


class Command(ZugongCommand):
    help = "打开网页服务；第一次启动时给出首个账号的一次性密码"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--host", default="127.0.0.1", metavar="地址", help="默认只有本机能访问")
        parser.add_argument("--port", type=int, default=None, metavar="端口", help="默认从 8000 起找空闲的")

    def act(self, **options: Any) -> int | None:
        password = serving.first_account(self.by, self.day)
        port = serving.free_port(options["host"], options["port"])
        if password:
            print("第一次启动。请用下面的账号登录，登录后须改密码；密码只显示这一次。", flush=True)
            print(f"  账号：{serving.FIRST_ACCOUNT}\n  一次性密码：{password}", flush=True)
        if hint := serving.unreachable(options["host"]):
            print(hint, flush=True)
        print(f"组工台已打开：http://{options['host']}:{port}/ （按 Ctrl+C 停止）", flush=True)
        serving.serve(options["host"], port)
        return None
