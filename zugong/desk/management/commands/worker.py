"""zugong worker: the background work in a process of its own, beside or instead of the one inside `zugong serve`."""

from __future__ import annotations

import signal
from typing import Any

from zugong.base.access import Permission
from zugong.desk.background.worker import Background
from zugong.desk.commands import ZugongCommand


class Command(ZugongCommand):
    help = "办后台的事：到点的作业、每日提醒、发邮件；zugong serve 自带一个，另开时用它"
    permission = Permission.SYSTEM_RUN

    def act(self, **options: Any) -> int | None:
        made = Background()
        for name in ("SIGINT", "SIGTERM"):
            signal.signal(getattr(signal, name), lambda *_: made.stop())
        print("后台已开始（按 Ctrl+C 停止，手上的一件办完才停）。", flush=True)
        made.run()
        print("后台已停止。", flush=True)
        return None
