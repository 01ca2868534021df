"""Serving the pages: the first free port, the first account, one process with a few threads."""

from __future__ import annotations

import os
import socket
import sys
from datetime import date

from waitress import serve as waitress_serve

from zugong.base.accounts import create_account
from zugong.base.models import User
from zugong.base.rules import Refused
from zugong.desk.prepare import OPERATOR
from zugong.intake import received
from zugong.wsgi import application

FIRST_ACCOUNT = "admin"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
THREADS = 8


def first_account(by: User, on: date) -> str:
    """Open the first account of an empty house; returns its one-time password, "" where accounts exist already."""
    if User.objects.exclude(username=OPERATOR).exists():
        return ""
    _, password = create_account(by=by, on=on, username=FIRST_ACCOUNT, name="首位管理员", role="operator", reason="首次启动")
    return password


def unreachable(host: str) -> str:
    """What to say where the pages are offered to other machines under names nobody has allowed yet."""
    if host in LOOPBACK or os.environ.get("ZUGONG_HOSTS"):
        return ""
    return (
        "提醒：还没有设 ZUGONG_HOSTS，别的电脑打开会得到“不认得这个地址”。请停下，先设环境变量再启动，例如：\n"
        "  ZUGONG_HOSTS=10.1.2.3,zugong.example zugong serve --host 0.0.0.0"
    )


def free_port(host: str, wanted: int | None) -> int:
    """The wanted port, or the first free one from 8000 on. Raises Refused when the wanted one is taken."""
    for port in [wanted] if wanted else range(8000, 8100):
        with socket.socket() as s:
            if sys.platform != "win32":
                s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind((host, port))
            except OSError:
                continue
            return port
    raise Refused(f"端口 {wanted or '8000—8099'} 都被占用了。请用 --port 换一个。")


def serve(host: str, port: int) -> None:
    """Serve until interrupted; what an earlier process had taken in and did not read goes first."""
    received.sweep()
    waitress_serve(application, host=host, port=port, threads=THREADS, ident="", clear_untrusted_proxy_headers=True)
