"""Records pointed at by their key: from what somebody pasted to the key, and from keys to what a reader may see; and what a
record's page shows of the follow-ups that point at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.apps import apps
from django.urls import Resolver404, resolve, reverse

from zugong.base.access import Permission
from zugong.base.models import User
from zugong.base.records import Record
from zugong.base.rules import Refused
from zugong.tasks.models import FollowUp
from zugong.ui.registers import Beside
from zugong.ui.shown import record_href

UNREADABLE = "佐证的记录：看不出是哪条记录。请打开那条记录，把浏览器地址栏里的地址整个粘过来；没有挂上，任务没有改动。"


@dataclass(frozen=True)
class Pointed:
    """A record as a reader sees it from afar: its kind, its words, where it is."""

    key: str
    kind: str
    words: str
    href: str


def key_of(said: str) -> str:
    """The key of the record whose page's address (or key) was pasted. Raises Refused."""
    said = said.strip()
    label, _, number = said.partition(":")
    if model_of(label) and number.isdecimal():
        return said
    try:
        match = resolve(urlsplit(said).path)
    except Resolver404:
        raise Refused(UNREADABLE) from None
    label = match.view_name.replace(":", ".").removesuffix("-edit")
    if model_of(label) is None or "pk" not in match.kwargs:
        raise Refused(UNREADABLE)
    return f"{label}:{match.kwargs['pk']}"


def model_of(label: str) -> type[Record] | None:
    """The kind of record a key's first part names; None where it names none."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return None
    return model if issubclass(model, Record) else None


def found(keys: Iterable[str], user: User) -> dict[str, Record]:
    """Those of the records that are there and that the reader may see, by key; one statement a kind."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for key in keys:
        label, _, number = key.partition(":")
        if model_of(label) and number.isdecimal() and len(number) < 19:
            numbers[label].add(int(number))
    records: dict[str, Record] = {}
    for label, wanted in numbers.items():
        rows = model_of(label).objects.visible_to(user).filter(pk__in=wanted)
        records |= {record.key: record for record in rows}
    return records


def pointed(keys: Iterable[str], user: User) -> dict[str, Pointed]:
    """The records a reader may see, as they are shown from afar."""
    return {
        key: Pointed(key, str(record._meta.verbose_name), str(record), href)
        for key, record in found(keys, user).items()
        if (href := record_href(record))
    }


def followed_up(record: Record, user: User) -> list[Beside]:
    """The follow-ups (督办) on a record, and the way to send one, for whoever may."""
    rows = FollowUp.objects.visible_to(user).filter(subject=record.key).order_by("-pk")
    begin = f"{reverse('tasks:followup-send')}?of={record.key}" if user.may_somewhere(Permission.TASKS_EDIT) else ""
    shown = tuple((one.ask, record_href(one), one.state) for one in rows)
    return [Beside("督办", shown, begin, "督办", "没有督办过。")] if shown or begin else []
