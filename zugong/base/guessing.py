"""Whoever guesses passwords is locked out: by the account tried and by the address they come from.

django-axes counts. What was typed as a name is kept as a blind mark only, because people type passwords there; an account
there is and a name nobody has are counted, locked and answered alike.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from ipaddress import ip_network
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest, QueryDict

from zugong.base import sealing, trail
from zugong.base.access import Permission
from zugong.base.actions import action, entry
from zugong.base.models import User
from zugong.base.rules import Refused

NOWHERE = "0.0.0.0"  # noqa: S104  (asked over something that has no address)
NETWORK = 64  # bits of an IPv6 address that name the place
BOUND_TO = "base.login.name"


def mark(name: str) -> str:
    """The blind mark of a name as typed, however it is written."""
    return sealing.index(name.strip().casefold(), BOUND_TO)


def mark_of_attempt(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """What the counter keeps in place of the name that was typed."""
    return mark(str((credentials or {}).get("username") or request.POST.get("username", "")))


def address_of(request: HttpRequest) -> str:
    """The address a request comes from, as the server tells it (headers are believed by `desk.serving` alone, or not)."""
    return request.META.get("REMOTE_ADDR") or NOWHERE


def counted_address(request: HttpRequest) -> str:
    """The address failures are counted under; for IPv6 its network, whose addresses one machine chooses freely."""
    said = address_of(request)
    return str(ip_network((said, NETWORK), strict=False).network_address) if ":" in said else said


class Counter(AxesDatabaseHandler):
    """Counts with a limit for the account and another, wider one for the address: an office shares one."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Failures measured by the account's limit; those of the address are scaled to it, so that each meets its own."""
        of_account, of_address = (
            attempts.aggregate(n=Sum("failures_since_start"))["n"] or 0
            for attempts in self.get_user_attempts(request, credentials)
        )
        return max(of_account, of_address * settings.ZUGONG_LOCK_ACCOUNT // settings.ZUGONG_LOCK_ADDRESS)

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **given: Any
    ) -> None:
        """Count a failure; nothing of what was sent is kept beside the mark and the address."""
        if request is None:
            return super().user_login_failed(sender, credentials, request, **given)
        request.axes_denied = request.axes_locked_out  # turned away unread: no new failure, only one more try
        sent = request.GET, request.POST
        request.GET, request.POST = QueryDict(), QueryDict()
        try:
            return super().user_login_failed(sender, credentials, request, **given)
        finally:
            request.GET, request.POST = sent


def count_failure(request: HttpRequest, user: User) -> None:
    """A wrong code of an account's second factor counts as a wrong password does."""
    AxesProxyHandler.user_login_failed("zugong", {"username": user.username}, request)


def is_locked(request: HttpRequest, name: str) -> bool:
    """Whether that account, or the address this comes from, is locked now."""
    return bool(AxesProxyHandler.is_locked(request, {"username": name}))


def forget_failures(user: User) -> None:
    """Begin to count anew for an account that came in with everything that is asked of it; not for its address."""
    AccessAttempt.objects.filter(username=mark(user.username)).delete()


def locked(user: User, at: datetime) -> bool:
    """Whether an account is locked at a moment."""
    since = at - timedelta(minutes=settings.ZUGONG_LOCK_MINUTES)
    tried = AccessAttempt.objects.filter(username=mark(user.username), attempt_time__gte=since)
    return (tried.aggregate(n=Sum("failures_since_start"))["n"] or 0) >= settings.ZUGONG_LOCK_ACCOUNT


def note_failure(request: HttpRequest, name: str, on: date) -> None:
    """A wrong password is on the trail, and the lock it may have brought: under the account where there is one by the name
    typed, else with the name's blind mark. Tries while locked are turned away unread and are not noted one by one."""
    if getattr(request, "axes_denied", False):
        return
    user = User.objects.filter(username=name).first()
    who: dict[str, Any] = dict(account=name, subject=user.key) if user else dict(account="", mark=mark(name))
    trail.note("base:fail_login", on=on, address=address_of(request), **who)
    if getattr(request, "axes_locked_out", False):
        trail.note("base:lock_login", on=on, address=address_of(request), minutes=settings.ZUGONG_LOCK_MINUTES, **who)


@action(Permission.ACCOUNTS_MANAGE)
def unlock(*, by: User, on: date, user: User) -> User:
    """Let an account try again at once, and the addresses it was tried from. Raises Refused where nothing is locked."""
    tried = AccessAttempt.objects.filter(username=mark(user.username))
    addresses = set(tried.values_list("ip_address", flat=True))
    if not addresses:
        raise Refused(f"“{user.name}”的账号没有锁定，没有改动。")
    AccessAttempt.objects.filter(ip_address__in=addresses).delete()
    draft = entry()
    draft.subject = user.key
    draft.note(addresses=sorted(addresses))
    return user
