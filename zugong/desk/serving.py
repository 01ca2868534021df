"""Serving the pages: the first free port, one process with a few threads."""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

from django.conf import settings
from waitress import serve as waitress_serve

from zugong.base.rules import Refused
from zugong.desk.background.worker import beside_pages
from zugong.intake import received
from zugong.wsgi import application

LOOPBACK = ("127.0.0.1", "localhost", "::1")
THREADS = 8
ENDING = 10  # seconds the background is waited for; what it does not finish is taken up again by the next worker


def unreachable(host: str) -> str:
    """What to say where the pages are offered to other machines under names nobody has allowed yet, or behind a proxy
    nobody has named."""
    if settings.BEHIND_TLS and not settings.TRUSTED_PROXY:
        return (
            "提醒：设了 https 的 ZUGONG_ORIGINS，还没有设 ZUGONG_PROXY。所有人会算作同一个地址，一起受限次。\n"
            "  请停下，把反向代理的地址写进环境变量再启动，例如：ZUGONG_PROXY=127.0.0.1 zugong serve"
        )
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


def serve(host: str, port: int, *, background: bool = True) -> None:
    """Serve until interrupted; what an earlier process had taken in and did not read goes first. A worker does what is due
    in the background, in a thread of its own, and ends with the task it is at."""
    received.sweep()
    worker, thread = beside_pages() if background else (None, None)
    try:
        waitress_serve(application, host=host, port=port, threads=THREADS, ident="", **proxied(settings.TRUSTED_PROXY))
    finally:
        if worker is not None and thread is not None:
            worker.stop()
            thread.join(ENDING)


def proxied(proxy: str) -> dict[str, Any]:
    """Whose word about the client is taken: the named proxy's, as it stands in the last place it wrote; else nobody's."""
    if not proxy:
        return {"clear_untrusted_proxy_headers": True}
    said = {"x-forwarded-for", "x-forwarded-proto"}
    return {
        "trusted_proxy": proxy, "trusted_proxy_count": 1, "trusted_proxy_headers": said, "clear_untrusted_proxy_headers": True,
    }  # fmt: skip
