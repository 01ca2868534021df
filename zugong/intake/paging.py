"""Pages of a batch's rows and of the list of batches, found by key: a row's number in its sheet, a batch's number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from zugong.intake.models import RowState, StagedRow, StagedSheet

ROWS = 50
BATCHES = 25
Fetch = Callable[[Sequence[int]], list[Any]]


@dataclass(frozen=True)
class Page:
    """Some rows, and the keys from which to turn to the page before and after."""

    records: list[Any]
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Place:
    """Where in a list the reader is: after a key, or before one; at the beginning without either."""

    after: int | None = None
    before: int | None = None


def by_key(
    rows: QuerySet, key: str, place: Place, *, size: int = ROWS, descending: bool = False, fetch: Fetch | None = None
) -> Page:
    """One page of rows. The keys are asked for first, from the index alone; then the rows of the page."""
    after, before = place.after, place.before
    forward = before is None
    up = forward != descending
    cursor = after if forward else before
    narrowed = rows if cursor is None else rows.filter(**{f"{key}__{'gt' if up else 'lt'}": cursor})
    found = list(narrowed.order_by(key if up else f"-{key}").values_list("pk", key)[: size + 1])
    more, found = len(found) > size, found[:size]
    if not forward:
        found.reverse()
    has_before, has_after = (cursor is not None, more) if forward else (more, True)
    pks, keys = [pk for pk, _ in found], [value for _, value in found]
    records = fetch(pks) if fetch else _in_order(rows.model, pks)
    return Page(records, keys[0] if keys and has_before else None, keys[-1] if keys and has_after else None)


def _in_order(kind: type[Model], pks: Sequence[int]) -> list[Any]:
    by_pk = kind._base_manager.in_bulk(pks)
    return [by_pk[pk] for pk in pks if pk in by_pk]


def rows_of(sheet: StagedSheet, state: str) -> QuerySet:
    """The staged rows of a sheet: of one state, with warnings, or all."""
    rows = StagedRow.objects.filter(sheet=sheet)
    if state in RowState.values:
        return rows.filter(state=state)
    return rows.filter(warned=True) if state == "warned" else rows
