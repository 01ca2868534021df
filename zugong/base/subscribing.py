"""What changes about calendar subscriptions."""

from __future__ import annotations

from datetime import date

from zugong.base.actions import action, amend, create, entry, remove
from zugong.base.feeds import CalendarFeed, mark_of, new_token, of_account
from zugong.base.models import User
from zugong.base.rules import Refused


@action(None)
def open_feed(*, by: User, on: date) -> str:
    """Give one's own account an address to subscribe to; one it had is void from now on. Returns the secret part of it."""
    token, known = new_token(), of_account(by)
    if known is not None:
        remove(known)
    create(CalendarFeed(user=by, mark=mark_of(token), made_on=on))
    return token


@action(None)
def end_feed(*, by: User, on: date) -> None:
    """Give one's own address up. Raises Refused where there is none."""
    known = of_account(by)
    if known is None:
        raise Refused("没有在用的订阅地址，没有改动。")
    remove(known)


@action(None)
def take_feed(*, by: User, on: date, feed: CalendarFeed) -> None:
    """Note that the file was fetched on a day."""
    entry().note(feed=feed.key)
    amend(feed, taken_on=on)
