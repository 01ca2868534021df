"""Saved views (保存的视图): a register with the filters, search, order and columns its reader wants again, under a name.

A view is the query of an address made of parameters the register knows, in one order. The frame (unit, period, day) is
left out unless it is asked for, so that a view of last year's kind of question answers for this year too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from zugong.base.actions import action, amend, create, entry, remove
from zugong.base.models import User
from zugong.base.numbers import SECRET
from zugong.base.periods import Frame
from zugong.base.rules import NotAllowed, Refused
from zugong.ui.listing import Listing
from zugong.ui.models import SavedView
from zugong.ui.registers import REGISTERS, Register
from zugong.ui.shown import Fact

SHOW = "show"
MOST, LONGEST = 20, 2000


@dataclass(frozen=True)
class ViewLink:
    """A saved view as a link above the filters."""

    pk: int
    name: str
    href: str
    here: bool


def shown_in(query: QueryDict, register: Register) -> tuple[Fact, ...]:
    """The columns an address names; none where it names none."""
    names = query.get(SHOW, "").split(",")
    return tuple(fact for fact in register.facts if fact.name in names)


def query_of(listing: Listing, facts: Sequence[Fact], frame: Frame | None = None) -> str:
    """The query that shows this list again: known parameters only, always in the same order."""
    asked, kept = listing.asked.get, QueryDict(mutable=True)
    if frame is not None:
        kept.update({"scope": frame.scope.code, "period": frame.period.code, "on": frame.day.isoformat()})
    for name in dict.fromkeys(name for one in listing.filters() for name in one.names()):
        if said := sorted({value.strip() for value in asked.getlist(name)} - {""}):
            kept.setlist(name, said)
    if words := listing.words():
        kept["q"] = " ".join(words)
    if listing.sort != listing.register.order:
        kept["sort"] = listing.sort
    kept[SHOW] = ",".join(fact.name for fact in facts)
    return kept.urlencode(safe=",")


def links(listing: Listing, facts: Sequence[Fact]) -> list[ViewLink]:
    """The reader's own views of a register; the one that shows what is on the page is marked."""
    register = listing.register
    now = {query_of(listing, facts), query_of(listing, facts, listing.asked.frame)}
    views = SavedView.objects.visible_to(listing.asked.user).filter(register=register.label).order_by("name")
    return [ViewLink(one.pk, one.name, f"{register.href()}?{one.query}", one.query in now) for one in views]


@action(None)
def keep_view(*, by: User, on: date, register: str, name: str, query: str) -> SavedView:
    """Keep one's own view of a register one may read."""
    if not by.may_somewhere(REGISTERS[register].read):
        raise NotAllowed(f"账号“{by.username}”没有查看这份台账的权限，没有保存。")
    name = _named(by, register, name)
    if holds_id(*(value for _, values in QueryDict(query).lists() for value in values)):
        raise Refused("条件里有证件号码，不能保存。证件号码请每次在页面里输入。")
    if len(query) > LONGEST:
        raise Refused("条件太长，没有保存。请去掉一些条件再存。")
    if SavedView.objects.visible_to(by).filter(register=register).count() >= MOST:
        raise Refused(f"这份台账最多存 {MOST} 个视图，没有保存。请先删掉不用的。")
    return create(SavedView(user=by, register=register, name=name, query=query))


@action(None)
def rename_view(*, by: User, on: date, view: SavedView, name: str) -> SavedView:
    """Give one's own view another name."""
    _insist_on_own(by, view)
    return view if view.name == name.strip() else amend(view, name=_named(by, view.register, name))


@action(None)
def drop_view(*, by: User, on: date, view: SavedView) -> None:
    """Forget one's own view; no record is touched."""
    _insist_on_own(by, view)
    entry().subject = view.key
    remove(view)


def holds_id(*texts: str) -> bool:
    """Whether a resident ID or a phone number stands in one of the texts, however it is spaced."""
    return any(SECRET.search(re.sub(r"[\s-]", "", text)) for text in texts)


def _named(by: User, register: str, name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused("视图还没有名称，没有保存。请写几个字，例如“上半年党课”。")
    if len(name) > SavedView._meta.get_field("name").max_length:
        raise Refused("名称太长，没有保存。请写在 30 个字以内。")
    if holds_id(name):
        raise Refused("名称里有证件号码，不能保存。请换一个名称。")
    if SavedView.objects.visible_to(by).filter(register=register, name=name).exists():
        raise Refused(f"这份台账已经有叫“{name}”的视图，没有保存。请换一个名称，或者先把原来的改名、删除。")
    return name


def _insist_on_own(by: User, view: SavedView) -> None:
    if view.user_id != by.pk:
        raise NotAllowed("这是别人保存的视图，没有改动。")
