"""What is kept and did not come in this batch (本次未出现): listed, never deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from django.db.models import Count, IntegerField, Min, Q, QuerySet, Value

from zugong.base.ledgers import Ledger, Row
from zugong.base.models import User
from zugong.intake import staging
from zugong.intake.catalogue import BY_ID, ORDER
from zugong.intake.comparing import key_of, lookup_of
from zugong.intake.models import Batch, RowState, StagedRow, StagedSheet, State
from zugong.people.models import kept_forms

LOOKED_AT = 5_000  # refused rows whose records are looked for; beyond that the list may name some of them


class Absent:
    """The kept records of the batch's ledgers that no row of it met. Only ledgers whose rows bear an ID or a code: where
    rows do not, a row that is missing and a row that was rewritten look alike."""

    def __init__(self, batch: Batch, sheets: Sequence[StagedSheet], user: User) -> None:
        self.batch, self.sheets, self.user = batch, sheets, user
        found = {s.ledger for s in sheets if s.ledger and BY_ID[s.ledger].identified}
        wanted = [BY_ID[i] for i in sorted(found, key=ORDER.__getitem__)] if batch.state != State.UNDONE else []
        self.ledgers = [ledger for ledger in wanted if user.may_somewhere(ledger.kept().model.READ)]

    def counts(self) -> list[tuple[Ledger, int]]:
        """How many for each ledger, in one statement."""
        parts = [
            self.rows(ledger).order_by().annotate(place=Value(i, IntegerField())).values("place").annotate(n=Count("pk"))
            for i, ledger in enumerate(self.ledgers)
        ]
        if not parts:
            return []
        pairs = [part.values_list("place", "n") for part in parts]
        found = pairs[0].union(*pairs[1:], all=True) if len(pairs) > 1 else pairs[0]
        return [(self.ledgers[i], n) for i, n in sorted(found) if n]

    def rows(self, ledger: Ledger) -> QuerySet:
        """The absent records of one ledger, as far as the reader may see them. What came in with this batch or a later
        one is not absent from it; nor is a record whose row was refused."""
        kind = ledger.kept().model
        here = Q(sheet__in=self._sheets_of(ledger))
        met = StagedRow.objects.filter(here, record__isnull=False).values("record")
        rows = kind.objects.visible_to(self.user).filter(pk__in=ledger.kept().values("pk")).exclude(pk__in=met)
        if self._first is not None:
            rows = rows.exclude(origin__gte=self._first)
        for lookup, values in self._refused.get(ledger.id, {}).items():
            rows = rows.exclude(pk__in=ledger.kept().filter(**{f"{lookup}__in": values}).values("pk"))
        return rows

    def _sheets_of(self, ledger: Ledger) -> list[int]:
        return [s.pk for s in self.sheets if s.ledger == ledger.id]

    @cached_property
    def _first(self) -> int | None:
        """The number of the batch's first staged row: records from there on came in with it or later."""
        return StagedRow.objects.filter(sheet__in=[s.pk for s in self.sheets]).aggregate(first=Min("pk"))["first"]

    @cached_property
    def _refused(self) -> dict[str, dict[str, list[Any]]]:
        """What refused rows are known by: for each ledger, where the ID or the code stands, and those that came."""
        pks = [s.pk for s in self.sheets if s.refused and s.ledger and BY_ID[s.ledger] in self.ledgers]
        rows = StagedRow.objects.filter(sheet__in=pks, state=RowState.REFUSED).select_related("sheet") if pks else ()
        found: dict[str, dict[str, list[Any]]] = {}
        for staged in rows[:LOOKED_AT]:
            ledger = BY_ID[staged.sheet.ledger]
            for lookup, value in _known_by(ledger, staging.opened(staged, ledger)):
                found.setdefault(ledger.id, {}).setdefault(lookup, []).extend(kept_forms([value]))
        return found


def _known_by(ledger: Ledger, row: Row) -> Iterator[tuple[str, Any]]:
    """Where the ID or the code of a row stands on a kept record, and what it is; nothing when the row has none."""
    names = ledger.key
    if ledger.alternative_key and any(row.values[name] is None for name in names):
        names = ledger.alternative_key
    telling = "resident_id" if "resident_id" in names else names[0]
    value = key_of(ledger, row)[names.index(telling)]
    if value is not None:
        yield lookup_of(ledger, telling), value
