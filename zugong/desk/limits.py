"""How often one may knock: for what is guessed at or carried away, so many times in a while, by account and by address.

Counted in this process (Django's cache); several processes count each for itself. The numbers are settings.RATE_LIMITS.
"""

from __future__ import annotations

import hashlib
import math
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv6Network, ip_address
from time import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zugong.base import trail
from zugong.desk.clock import today

ANY, POSTED = ("GET", "POST"), ("POST",)
NETWORK = 64  # bits of an IPv6 address that name the place; the rest its owner chooses freely


@dataclass(frozen=True)
class Kind:
    """One kind of knocking: which views and methods, and what the page calls it."""

    name: str
    words: str
    views: re.Pattern[str]
    methods: tuple[str, ...] = POSTED

    def covers(self, view: str, request: HttpRequest) -> bool:
        """Whether a request to a view is of this kind."""
        return request.method in self.methods and bool(self.views.fullmatch(view))


KINDS = (
    Kind("login", "登录", re.compile(r"desk:login|desk:provider(-back)?")),
    Kind("code", "输入验证码", re.compile(r"desk:factor(-setup|-change)?")),
    Kind("feed", "取日历", re.compile(r"desk:calendar-file"), ANY),
    Kind("search", "查找", re.compile(r"desk:search|people:by-id"), ANY),
    Kind("typing", "边输边查", re.compile(r".*-find|desk:find-place|statistics:figure-facets"), ANY),
    Kind(
        "export",
        "导出",
        re.compile(r".*-export|.*-selected|reports:(word|evidence)|intake:refused|desk:own-copy|people:correction-proof"),
    ),
    Kind("correction", "提更正申请", re.compile(r"desk:own-ask")),
    Kind("upload", "上传", re.compile(r"intake:receive|reports:adopt|regulations:paper-(add|version)")),
)
ASKED = next(kind for kind in KINDS if kind.name == "search")
PRINTED = next(kind for kind in KINDS if kind.name == "export")
_counting = threading.Lock()


class Limits:
    """Turns away whoever knocks too often; runs after the door, so a stranger sent to the login counts for nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, given: Any) -> HttpResponse | None:
        """Count the request; over the limit, say how long to wait."""
        kind = kind_of(request.resolver_match.view_name, request)
        if kind is None:
            return None
        knocks = [knock(kind.name, *one) for one in counted(kind, request)]
        wait = max(one.wait for one in knocks)
        if any(one.first for one in knocks):
            remember(request, kind, wait)
        return turned_away(request, kind, wait) if wait else None


def kind_of(view: str, request: HttpRequest) -> Kind | None:
    """Of which kind a request is, if of any. A register asked by words is searched, a printed one is carried away."""
    if found := next((kind for kind in KINDS if kind.covers(view, request)), None):
        return found
    if "print" in request.GET:
        return PRINTED
    return ASKED if view.endswith("-list") and request.GET.get("q", "").strip() else None


def counted(kind: Kind, request: HttpRequest) -> Iterator[tuple[str, int, int]]:
    """Under what a request is counted, how many are allowed, in how many seconds: its account and its address."""
    of_account, of_address, seconds = settings.RATE_LIMITS[kind.name]
    yield f"account {account_of(request)}", of_account, seconds
    yield f"address {address_of(request)}", of_address, seconds


def account_of(request: HttpRequest) -> str:
    """The account at work, or the one somebody tries to enter."""
    if request.user.is_authenticated:
        return request.user.username
    return request.POST.get("username", "").strip().casefold()


def address_of(request: HttpRequest) -> str:
    """Where the request comes from; for IPv6 the network, since one machine has as many addresses as it likes."""
    said = request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(said)
    except ValueError:
        return said
    return str(IPv6Network((address, NETWORK), strict=False)) if address.version == 6 else said


@dataclass(frozen=True)
class Knock:
    """What a knock comes to: how many seconds to wait (0 where it is allowed), and whether it is the first one too many."""

    wait: int = 0
    first: bool = False


def knock(kind: str, who: str, most: int, seconds: int) -> Knock:
    """Count once more. 0 as the most means as often as one likes."""
    if not most:
        return Knock()
    key, now = f"limits:{hashlib.sha256(f'{kind} {who}'.encode()).hexdigest()}", time()
    with _counting:
        began, count = cache.get(key) or (now, 0)
        if not 0 <= now - began < seconds:
            began, count = now, 0
        cache.set(key, (began, count + 1), seconds)
    return Knock(math.ceil(began + seconds - now), first=count == most) if count >= most else Knock()


def remember(request: HttpRequest, kind: Kind, wait: int) -> None:
    """Put the first one too many on the trail; the rest of the while would only fill it. What a stranger typed as an
    account's name is left out: it may be a password."""
    account = request.user.username if request.user.is_authenticated else ""
    told = {"做什么": kind.words, "地址": address_of(request), "挡住": waiting(wait)}
    trail.note("desk:limited", account=account, on=today(), subject=request.resolver_match.view_name, filters=told)


def turned_away(request: HttpRequest, kind: Kind, wait: int) -> HttpResponse:
    """The page that says how long to wait; a fragment gets the sentence alone."""
    headers = {"Retry-After": str(wait)}
    sentence = f"{kind.words}太频繁，这一次没有办。请等 {waiting(wait)}再试。"
    if request.htmx and not request.htmx.boosted:
        return HttpResponse(sentence, status=429, headers=headers, content_type="text/plain")
    answer = render(request, "429.html", {"sentence": sentence}, status=429)
    answer["Retry-After"] = str(wait)
    return answer


def waiting(seconds: int) -> str:
    """A while in words."""
    return f"{seconds} 秒" if seconds < 90 else f"{math.ceil(seconds / 60)} 分钟"
