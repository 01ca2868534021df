"""What holds while one is signed in: the limits of a session, and what must be done before anything else."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest

from zugong.base import factors, passwords, sessions
from zugong.desk.clock import now, today

LAPSED = {
    "idle": "您有 {idle} 分钟没有操作，已经自动退出。请重新登录；没有保存的内容要再填一次。",
    "long": "一次登录最长 {hours} 小时，已经到时间。请重新登录。",
}
ANSWER, SET_UP, CHANGE = ("desk:factor",), ("desk:factor-setup",), ("desk:password",)


def see_to_limits(request: HttpRequest) -> None:
    """End a session that has reached a limit; note that another was used."""
    why = sessions.overdue(request, now())
    if not why:
        sessions.note_seen(request, now())
        return
    sessions.sign_out(by=request.user, on=today(), request=request, why=why)
    said = LAPSED[why].format(idle=settings.ZUGONG_IDLE_MINUTES, hours=settings.ZUGONG_SESSION_HOURS)
    messages.warning(request, said)


def must_go_first(request: HttpRequest) -> tuple[str, ...]:
    """The pages this session may open before what is asked of it is done; none, when nothing is."""
    kept, user = sessions.standing(request), request.user
    if kept.get("factor") not in factors.PASSED:
        if "factor" not in kept:
            kept["factor"] = factors.ASKED if factors.has(user) else factors.NONE
            sessions.remember(request, factor=kept["factor"])
        if kept["factor"] == factors.ASKED:
            return ANSWER
        if factors.required(user) and not is_demo(request):
            return SET_UP
    return CHANGE if _password_is_due(request, kept.get("way", sessions.PASSWORD)) else ()


def _password_is_due(request: HttpRequest, way: str) -> bool:
    """Whether the password must be changed; not that of somebody else's directory, nor one everybody knows."""
    if way != sessions.PASSWORD:
        return False
    return request.user.must_change_password or (not is_demo(request) and passwords.expired(request.user, request.user.day))


def is_demo(request: HttpRequest) -> bool:
    """Whether this home was begun as a demo, where known passwords are enough."""
    return bool(request.department.get("demo_home"))
