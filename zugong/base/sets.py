"""Writing many rows at once inside a set action, and taking exactly those writes back."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.apps import apps
from django.db import models

from zugong.base import bulk
from zugong.base.access import Permission
from zugong.base.actions import action, entry
from zugong.base.ledgers import Ledger, Row
from zugong.base.models import User
from zugong.base.records import Record
from zugong.base.rules import Reason, Refused

CHUNK = 500


@dataclass
class Writes:
    """What was written to one kind of record: new rows, and changed rows with old and new values."""

    model: str
    created: list[int] = field(default_factory=list)
    changed: list[tuple[int, int, dict[str, Any]]] = field(default_factory=list)  # row, revision after, old values

    def kind(self) -> type[Record]:
        """The record's class."""
        return apps.get_model(self.model)  # type: ignore[return-value]


class SetWrite:
    """The bulk writer a set action is handed; it remembers what it wrote, in order, for undo."""

    def __init__(self) -> None:
        self.steps: list[Writes] = []

    def create(self, rows: Sequence[Record]) -> None:
        """Keep new rows."""
        if rows:
            kind = type(rows[0])
            bulk.insert(rows)
            self.steps.append(Writes(kind._meta.label_lower, created=[row.pk for row in rows]))

    def change(self, changes: Iterable[tuple[Record, dict[str, Any]]]) -> None:
        """Set fields of kept rows of one kind to new values."""
        touched: dict[int, tuple[Record, dict[str, Any]]] = {}
        for row, values in changes:
            kept, before = touched.setdefault(row.pk, (row, {}))
            for name, value in values.items():
                before.setdefault(name, getattr(kept, name))
                setattr(kept, name, value)
        if touched:
            self._keep_changes(touched)

    def _keep_changes(self, touched: dict[int, tuple[Record, dict[str, Any]]]) -> None:
        rows = [row for row, _ in touched.values()]
        names = sorted({name for _, before in touched.values() for name in before})
        for row in rows:
            row.revision += 1
        kind = type(rows[0])
        kind._base_manager.bulk_update(rows, [*names, "revision"], batch_size=CHUNK)  # type: ignore[attr-defined]
        done = [(pk, row.revision, before) for pk, (row, before) in touched.items()]
        self.steps.append(Writes(kind._meta.label_lower, changed=done))

    def keep(self, rows: Iterable[Row], kind: type[Record], fields: Callable[[Row], Mapping[str, Any]]) -> list[Record]:
        """Keep staged rows as records of one kind: new rows are created, changed ones amended where they differ.

        `fields` gives a row's values by field (foreign keys as …_id). Returns the new records in the rows' order.
        """
        new, changes = [], []
        for row in rows:
            if row.state == "new":
                row.record = kind(origin=row.origin, **fields(row))
                new.append(row.record)
            elif row.state == "changed":
                values = {n: v for n, v in fields(row).items() if getattr(row.record, n) != v}
                if values:
                    changes.append((row.record, values))
        self.create(new)
        self.change(changes)
        return new


Take = Callable[..., None]


def set_action(permission: Permission) -> Callable[[Take], Take]:
    """An action over many staged rows: checked once, written in bulk, one entry with counts and a digest.

    The function takes `by`, `on`, `rows` (staged rows that are new or changed), `write`, a SetWrite, and the `ledger`.
    """

    def wrap(function: Take) -> Take:
        @functools.wraps(function)
        def take(*, by: User, on: date, rows: Sequence[Row], write: SetWrite, ledger: Ledger, digest: str = "") -> None:
            new = sum(row.state == "new" for row in rows)
            entry().note(new=new, changed=len(rows) - new, digest=digest)
            function(by=by, on=on, rows=rows, write=write, ledger=ledger)

        return action(permission)(take)

    return wrap


def undo(steps: Sequence[Writes]) -> None:
    """Take writes back, last first. Raises Refused, naming what rests on them, when a later change does."""
    for step in reversed(steps):
        _refuse_when_touched(step)
        _put_back(step)
        _refuse_when_used(step)
        for chunk in chunks(step.created):
            step.kind()._base_manager.filter(pk__in=chunk).delete()


def _refuse_when_touched(step: Writes) -> None:
    expected = {pk: 1 for pk in step.created} | {pk: revision for pk, revision, _ in step.changed}
    kind, seen = step.kind(), 0
    for chunk in chunks(list(expected)):
        for pk, revision in kind._base_manager.filter(pk__in=chunk).values_list("pk", "revision"):
            seen += 1
            if revision != expected[pk]:
                raise Refused(_rests(kind, f"“{kind._base_manager.get(pk=pk)}”之后又改过"))
    if seen != len(expected):
        raise Refused(_rests(kind, "其中有的记录之后已被删除"))


def _put_back(step: Writes) -> None:
    kind = step.kind()
    old = {pk: (revision, before) for pk, revision, before in step.changed}
    for chunk in chunks(list(old)):
        rows = list(kind._base_manager.filter(pk__in=chunk))
        for row in rows:
            revision, before = old[row.pk]
            row.revision = revision - 1
            for name, value in before.items():
                setattr(row, name, value)
        names = {name for pk in chunk for name in old[pk][1]}
        kind._base_manager.bulk_update(rows, [*names, "revision"])


def _refuse_when_used(step: Writes) -> None:
    kind = step.kind()
    for relation in kind._meta.related_objects:
        for chunk in chunks(step.created):
            others = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": chunk})
            if other := others.first():
                raise Refused(_rests(kind, f"{relation.related_model._meta.verbose_name}“{other}”引用着它"))


def _rests(kind: type[models.Model], why: str) -> Reason:
    return Reason(
        f"不能撤销：这批写入的{kind._meta.verbose_name}已有后续变动（{why}）。请先处理后续变动；本次没有改动任何数据。"
    )


def chunks(values: Sequence[Any], size: int = CHUNK) -> Iterator[Sequence[Any]]:
    """Pieces of a list small enough for one statement."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
