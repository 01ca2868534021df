"""The trail: entries chained by SM3 at the end of the outermost action, each sealed, the end anchored outside."""

from __future__ import annotations

import functools
import getpass
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from zugong.base import anchors, attesting, chain, sealing
from zugong.base.access import Privacy
from zugong.base.models import TrailEntry, TrailHead, TrailTouch
from zugong.base.numbers import insist_on_none, without_numbers
from zugong.base.records import Record

SEALED = {Privacy.PERSONAL, Privacy.RESTRICTED}
WHERE = "base.trailentry.values"
PAGES, COMMANDS, BACKGROUND = "网页", "命令行", "后台"
_via: ContextVar[str] = ContextVar("via", default=BACKGROUND)


@contextmanager
def coming_by(channel: str) -> Iterator[None]:
    """Say by which way whatever is done now comes in; the outermost layer does (desk.door, desk.commands)."""
    token = _via.set(channel)
    try:
        yield
    finally:
        _via.reset(token)


@dataclass
class Draft:
    """An entry on its way: what was done to what, with old and new values."""

    verb: str
    account: str
    on: date
    subject: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    via: str = ""

    def note(self, **values: Any) -> None:
        """Add plain values (counts, names, digests) to the entry; a number of somebody among them is blotted out."""
        self.values.update(without_numbers(values))

    def note_change(self, record: Record, before: dict[str, Any], after: dict[str, Any]) -> None:
        """Add a record's old and new values; those of class personal or restricted are sealed."""
        insist_on_none(record, [name for name, value in after.items() if value])
        self.subject = self.subject or record.key
        changes = {name: [_kept(record, name, before.get(name)), _kept(record, name, after.get(name))] for name in after}
        self.values.setdefault("changes", {})[record.key] = changes


def _kept(record: Record, name: str, value: Any) -> Any:
    if value is None or value == "":
        return value
    if type(record).privacy_of(name) in SEALED:
        return {"sealed": sealing.sealed(str(value), WHERE)}
    return value if isinstance(value, (bool, int, float)) else str(value)


def note(verb: str, *, account: str, on: date, subject: str = "", via: str = "", **values: Any) -> None:
    """Write an entry for what is no action (a failed login, somebody turned away, a backup), in a transaction of its own.

    `verb` is `room:what`, with its Chinese word in `ui.history.VERBS`; `values` are plain and are kept in the clear: counts,
    names of pages, reasons, nothing personal. Called outside actions: inside one it would hold the chain's lock to the
    action's end, and be taken back with it.
    """
    with transaction.atomic():
        write([Draft(verb, account[:60], on, subject, values, via)])


def write(drafts: list[Draft]) -> None:
    """Chain the drafts in order. Called once, last in the outermost action, so the lock is held until its commit only."""
    if not drafts:
        return
    head = TrailHead.objects.select_for_update().get(pk=1)
    entries = [_chained(draft, head) for draft in drafts]
    TrailEntry.objects.bulk_create(entries)
    touched = [TrailTouch(number=one.number, key=key) for one in entries for key in chain.keys_touched(one.subject, one.values)]
    TrailTouch.objects.bulk_create(touched)
    head.save()
    last = entries[-1]
    transaction.on_commit(functools.partial(anchors.keep, last.number, last.mark, last.at), robust=True)


def _chained(draft: Draft, head: TrailHead) -> TrailEntry:
    entry = TrailEntry(
        number=head.number + 1,
        at=_now(),
        account=draft.account,
        system_user=_system_user(),
        via=draft.via or _via.get(),
        verb=draft.verb,
        subject=draft.subject[:120],
        effective_on=draft.on,
        values=json.dumps(draft.values, ensure_ascii=False, sort_keys=True, default=str),
        previous=head.mark,
    )
    entry.mark = chain.mark_of(entry)
    entry.seal = attesting.seal(entry.mark)
    head.number, head.mark = entry.number, entry.mark
    return entry


def moment() -> datetime:
    """The moment something is done, as its entry bears it."""
    return _now()


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def faults() -> list[str]:
    """What is wrong with the entries themselves, in sentences; `chain.verify` compares with the anchors, too."""
    return [str(fault) for fault in chain.verify(anchored=False).faults]
