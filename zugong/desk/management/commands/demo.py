"""zugong demo: the example county, what is due, its report, and the pages."""

from __future__ import annotations

from typing import Any

from zugong.base.access import Permission
from zugong.desk import demo, serving
from zugong.desk.commands import ZugongCommand


class Command(ZugongCommand):
    help = "演示：建好示例县，打开网页"
    permission = Permission.SYSTEM_RUN

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--port", type=int, default=None, metavar="端口", help="默认从 8000 起找空闲的")
        parser.add_argument("--no-serve", action="store_true", help="只建好，不打开网页")

    def act(self, **options: Any) -> int | None:
        with self.progress() as progress:
            shown = demo.build(self.by, self.day, progress)
        print(f"\n示例县已建好，从 {demo.DAY} 看 {demo.PERIOD}：")
        for (duty, state), count in shown.owed.items():
            print(f"  {duty}　{state} {count} 项")
        print(f"报告：{shown.report}\n数据依据：{shown.evidence}")
        print(f"演示账号（密码都是 {demo.PASSWORD}）：")
        for account in demo.ACCOUNTS:
            print(f"  {account.username:<8} {account.name}")
        if options["no_serve"]:
            return None
        port = serving.free_port("127.0.0.1", options["port"])
        print(f"\n请在浏览器打开 http://127.0.0.1:{port}/ （按 Ctrl+C 停止）", flush=True)
        serving.serve("127.0.0.1", port)
        return None
