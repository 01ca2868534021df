"""Being signed in: a session's beginning, its limits, its end. Each open session is known with its device and address."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from zugong.base.actions import action, entry
from zugong.base.guessing import address_of
from zugong.base.models import User
from zugong.base.rules import Refused

STANDING = "standing"  # what a session remembers of itself: how it came in, since when, when last seen, the second factor
PASSWORD, DIRECTORY, PROVIDER = "password", "directory", "provider"
WAYS = {PASSWORD: "密码", DIRECTORY: "单位的目录", PROVIDER: "统一认证"}  # as the trail says it
WHY = {"idle": "久没有操作，自动退出", "long": "登录满时间，自动退出"}
SEEN_EVERY = 60  # seconds: so often at most a session's last use is written down
SYSTEMS = (("Windows", "Windows"), ("Android", "安卓"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"))
BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))


def standing(request: HttpRequest) -> dict[str, Any]:
    """What the session remembers of itself; empty for one that did not come through `sign_in`."""
    return dict(request.session.get(STANDING, {}))


def remember(request: HttpRequest, **values: Any) -> None:
    """Keep something with the session."""
    request.session[STANDING] = standing(request) | values


@action(None)
def sign_in(*, by: User, on: date, request: HttpRequest, at: datetime, way: str = PASSWORD, factor: str = "") -> None:
    """Open a session for an account that proved who it is; the day of its last login is kept with it. `way` says by what,
    `factor` what was shown besides."""
    SessionStore.clear_expired()
    login(request, by)
    now = int(at.timestamp())
    request.session[STANDING] = {"way": way, "begun": now, "seen": now, **({"factor": factor} if factor else {})}
    if way == PASSWORD and by.password_set_on is None:  # set before this was kept, or a one-time password: old from today on
        by.password_set_on = on
        by.save(update_fields=["password_set_on"])
    _drop_the_dead(by)
    UserSession.objects.create(
        user=by,
        ip=address_of(request),
        user_agent=request.headers.get("User-Agent", "")[:200],
        session_key=request.session.session_key,
        created_at=at,
        last_seen_at=at,
    )
    draft = entry()
    draft.subject = by.key
    draft.note(address=address_of(request), way=WAYS[way])


@action(None)
def sign_out(*, by: User, on: date, request: HttpRequest, why: str = "") -> None:
    """End this session: asked for, or because a limit is reached, which `why` says."""
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    logout(request)
    draft = entry()
    draft.subject = by.key
    draft.note(**({"why": WHY[why]} if why else {}))


@action(None)
def end_session(*, by: User, on: date, session: int, this: str) -> None:
    """End another of one's own sessions, by its number; `this` is the key of the one in use. Raises Refused for one that is
    gone."""
    found = UserSession.objects.filter(user=by, pk=session).exclude(session_key=this).first()
    if found is None:
        raise Refused("这次登录已经结束了，没有改动。")
    found.end()
    entry().subject = by.key


@action(None)
def end_other_sessions(*, by: User, on: date, session: str) -> int:
    """End all of one's own sessions but the one with that key; returns how many."""
    ended = end_sessions(by, besides=session)
    draft = entry()
    draft.subject = by.key
    draft.note(sessions=ended)
    return ended


def end_sessions(user: User, *, besides: str = "") -> int:
    """Inside an action: end an account's sessions but one; returns how many."""
    ended = UserSession.objects.filter(user=user).exclude(session_key=besides)
    keys = list(ended.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    ended.delete()
    return len(keys)


def renew(request: HttpRequest, user: User) -> None:
    """Give this session a new key after its account's password changed, and know it by that."""
    old = request.session.session_key
    update_session_auth_hash(request, user)
    UserSession.objects.filter(session_key=old).update(session_key=request.session.session_key)


def overdue(request: HttpRequest, at: datetime) -> str:
    """Which limit this session has reached: "idle", "long", or none, ""."""
    kept, now = standing(request), int(at.timestamp())
    if now - kept.get("begun", now) >= settings.ZUGONG_SESSION_HOURS * 3600:
        return "long"
    return "idle" if now - kept.get("seen", now) >= settings.ZUGONG_IDLE_MINUTES * 60 else ""


def note_seen(request: HttpRequest, at: datetime) -> None:
    """Write down that the session was used, once a minute at most."""
    kept, now = standing(request), int(at.timestamp())
    if now - kept.get("seen", 0) >= SEEN_EVERY:
        remember(request, seen=now, begun=kept.get("begun", now))
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=at)


def open_sessions(user: User) -> list[UserSession]:
    """An account's open sessions, the latest used first."""
    _drop_the_dead(user)
    return list(UserSession.objects.filter(user=user).order_by("-last_seen_at"))


def _drop_the_dead(user: User) -> None:
    """Forget sessions that ended by themselves or were not used within the limit."""
    UserSession.objects.filter(user=user).exclude(session_key__in=Session.objects.values("session_key")).delete()


def device_words(agent: str) -> str:
    """What kind of device and browser this is, in words; "" for what is not known."""
    system = next((word for sign, word in SYSTEMS if sign in agent), "Linux" if "Linux" in agent else "")
    browser = next((word for sign, word in BROWSERS if sign in agent), "")
    return "，".join(word for word in (system, browser) if word)
