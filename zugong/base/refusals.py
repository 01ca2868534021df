"""Who was turned away: an action not allowed, a page not open. Noted once a minute for the same thing, with a count."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from zugong.base import trail
from zugong.base.logs import masked

WINDOW = 60.0  # seconds in which the same is one entry
MOST = 600  # entries an account may cause in a window; what goes beyond is counted


@dataclass
class Window:
    """When it began, how many entries it has, and how often it happened without one."""

    since: float
    entries: int = 0
    untold: int = 0

    def over(self, now: float) -> bool:
        """Whether it is past."""
        return now - self.since >= WINDOW


_same: dict[tuple[str, ...], Window] = {}  # of one account and one thing
_accounts: dict[str, Window] = {}
_turn = threading.Lock()


def action_not_allowed(verb: str, *, account: str, on: date, why: str) -> None:
    """Note that an action was refused for want of the right, after it was taken back."""
    counted = _counted(account, "action", verb)
    if counted is not None:
        trail.note("base:not_allowed", account=account, on=on, action=verb, why=masked(why)[:200], **counted)


def turned_away(*, account: str, on: date, page: str, subject: str, method: str, status: int, asked: Mapping[str, str]) -> None:
    """Note that a page, or a command, did not open: by its name and the object in its address, never by what was asked
    in the query."""
    told = {name: masked(value)[:60] for name, value in asked.items()}
    counted = _counted(account, page, method, str(status), *told.values())
    if counted is None:
        return
    said: dict[str, Any] = {"page": page, "method": method, "status": status, **({"asked": told} if told else {})}
    trail.note("base:turned_away", account=account, on=on, subject=masked(subject), **said, **counted)


def _counted(account: str, *what: str) -> dict[str, Any] | None:
    """None where the same was noted within the minute, or the account was turned away too often; else what is to be told
    with it: how often the same happened (`again`), and anything else (`untold`), since the entry before."""
    now, key = time.monotonic(), (account, *what)
    with _turn:
        same = _same.get(key)
        if same is not None and not same.over(now):
            same.untold += 1
            return None
        whole = _accounts.setdefault(account, Window(now))
        if whole.over(now):
            whole.since, whole.entries = now, 0
            _forget_past(now)
        if whole.entries >= MOST:
            whole.untold += 1
            return None
        told = {"again": same.untold if same else 0, "untold": whole.untold}
        whole.entries, whole.untold, _same[key] = whole.entries + 1, 0, Window(now)
    return {name: n for name, n in told.items() if n}


def _forget_past(now: float) -> None:
    """Forget what is past; what was not told of it yet is told with the account's next entry."""
    for key in [key for key, window in _same.items() if now - window.since > 2 * WINDOW]:
        _accounts.setdefault(key[0], Window(now)).untold += _same.pop(key).untold
