"""An account's calendar subscription: an address nobody can guess, which a phone fetches without a login.

Only the address's mark is kept, so that whoever reads the database has no address; it is shown once, and can be made anew or
given up at any time. What the file holds is decided where it is written (desk): what the account may see on that day.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import date
from typing import TYPE_CHECKING

from django.db import models

from zugong.base.access import Permission, Privacy
from zugong.base.records import Record

if TYPE_CHECKING:
    from zugong.base.models import User

I, X = Privacy.INTERNAL, Privacy.RESTRICTED


class CalendarFeed(Record):
    """One account's subscription: the mark of its address, since when, and the last day it was fetched."""

    PRIVACY = dict(user=I, mark=X, made_on=I, taken_on=I)
    READ = Permission.ACCOUNTS_MANAGE

    user = models.OneToOneField("base.User", models.PROTECT, related_name="calendar_feed", verbose_name="账号")
    mark = models.CharField("地址摘要", max_length=64, unique=True)
    made_on = models.DateField("生成日")
    taken_on = models.DateField("最近一次取走", null=True, blank=True)

    class Meta:
        verbose_name = "日历订阅"

    def __str__(self) -> str:
        return f"{self.user} 的日历订阅"


def mark_of(token: str) -> str:
    """The mark of an address."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """A part of an address that nobody guesses: 256 bits."""
    return secrets.token_urlsafe(32)


def of_token(token: str) -> CalendarFeed | None:
    """The subscription of an address, with its account."""
    return CalendarFeed.objects.select_related("user").filter(mark=mark_of(token)).first()


def of_account(user: User) -> CalendarFeed | None:
    """An account's own subscription."""
    return CalendarFeed.objects.filter(user=user).first()


def taken_today(feed: CalendarFeed, on: date) -> bool:
    """Whether it was fetched on a day already: a phone asks every hour, and one entry a day is enough."""
    return feed.taken_on == on
