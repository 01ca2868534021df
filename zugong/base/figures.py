"""Figures: a countable fact is one definition of a number and its rows.

    @figure("meetings.held", "会议和活动", unit="次", time=FLOW, kept=Meeting, facets=(KIND, TOPIC))
    def held(frame: Frame) -> QuerySet: …

The function returns the rows; the number is their count, a sum (`amount=`) or a distinct count (`of=`).
A figure is None (缺数) when no record of its kind was ever taken into the scope.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Count, QuerySet, Sum

from zugong.base.facets import Facet, Unresolved
from zugong.base.periods import Frame

Facets = Mapping[str, Sequence[str]]
Number = int | float | None


class Time(StrEnum):
    """How a figure looks at its frame: what happened, what is, or what is planned for the year."""

    FLOW = "flow"
    AS_OF = "as_of"
    PLAN = "plan"


FLOW, AS_OF, PLAN = Time.FLOW, Time.AS_OF, Time.PLAN


@dataclass
class Figure:
    """A countable fact. `also` are the other names it goes by, `measures` the words it is counted in.

    `part_of` names the figure whose rows hold all of this one's: where only one of the two may be shown, the other
    must not follow from it.
    """

    id: str
    name: str
    unit: str
    time: Time
    definition: str
    kept: Any
    rows_by_time: dict[Time, Callable[[Frame], QuerySet]]
    also: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    facets: dict[str, Facet] = field(default_factory=dict)
    amount: str = ""
    of: str = ""
    part_of: str = ""

    def rows(self, frame: Frame, facets: Facets | None = None, time: Time | None = None) -> QuerySet:
        """The rows the number is made of; raises Unresolved for a facet or words the figure does not know."""
        rows = self.rows_by_time[self.supported(time)](frame)
        for name, words in (facets or {}).items():
            if name not in self.facets:
                raise Unresolved(f"指标“{self.name}”没有“{name}”这个限定")
            rows = self.facets[name].select(rows, words, self.records(), frame)
        return rows

    def number(self, frame: Frame, facets: Facets | None = None, time: Time | None = None) -> Number:
        """The number for the frame, 0 included; None when nothing of the kind was ever taken in."""
        found = self.number_of(self.rows(frame, facets, time))
        if found or self.records().within(frame.scope).exists():
            return found
        return None

    def number_of(self, rows: QuerySet) -> int | float:
        """The number that some of the figure's rows make: their count, sum or distinct count."""
        if self.amount:
            return _tidy(rows.aggregate(total=Sum(self.amount))["total"] or 0)
        if self.of:
            return int(rows.aggregate(total=Count(self.of, distinct=True))["total"])
        return int(rows.count())

    def records(self) -> QuerySet:
        """All records of the figure's kind, whatever their date."""
        return self.kept.objects.all() if hasattr(self.kept, "objects") else self.kept()

    def supported(self, time: Time | None) -> Time:
        """`time` where the figure can be seen so, else its own way."""
        return time if time in self.rows_by_time else self.time

    def seen(self, time: Time) -> Callable[[Callable[[Frame], QuerySet]], Callable[[Frame], QuerySet]]:
        """Add another way to look at the figure: `@residents.seen(AS_OF)`."""

        def add(rows: Callable[[Frame], QuerySet]) -> Callable[[Frame], QuerySet]:
            self.rows_by_time[time] = rows
            return rows

        return add

    def values(self, user: Any) -> dict[str, list[str]]:
        """For each facet the values there are, among the records the account sees."""
        seen = self.records().visible_to(user)
        return {name: facet.known(seen) for name, facet in self.facets.items()}


@dataclass(frozen=True)
class NameFigure:
    """Names a report quotes: the place, the level, the partners of joint study. Not a count.

    `said` makes the names of a frame, out of `rows` where they are taken from records.
    """

    id: str
    name: str
    definition: str
    said: Callable[..., list[str]]
    rows: Callable[[Frame], QuerySet] | None = None

    def names(self, frame: Frame, user: Any = None) -> list[str]:
        """The names; with an account only those of the records it sees."""
        if self.rows is None:
            return self.said(frame)
        rows = self.rows(frame)
        return self.said(frame, rows.visible_to(user) if user else rows)


def figure(
    id: str,
    name: str,
    *,
    unit: str,
    time: Time,
    kept: Any,
    also: tuple[str, ...] = (),
    measures: tuple[str, ...] = (),
    facets: tuple[Facet, ...] = (),
    amount: str = "",
    of: str = "",
    part_of: str = "",
) -> Callable[[Callable[[Frame], QuerySet]], Figure]:
    """Declare a figure; the function's docstring is its definition as readers see it."""

    def wrap(rows: Callable[[Frame], QuerySet]) -> Figure:
        return Figure(
            id,
            name,
            unit,
            time,
            (rows.__doc__ or "").strip(),
            kept,
            {time: rows},
            also,
            measures or (unit,),
            {f.name: f for f in facets},
            amount,
            of,
            part_of,
        )

    return wrap


def names(
    id: str, name: str, *, rows: Callable[[Frame], QuerySet] | None = None
) -> Callable[[Callable[..., list[str]]], NameFigure]:
    """Declare a figure whose value is a list of names; the function is given the frame, and the rows where there are any."""

    def wrap(function: Callable[..., list[str]]) -> NameFigure:
        return NameFigure(id, name, (function.__doc__ or "").strip(), function, rows)

    return wrap


def catalogue(*entries: Figure | NameFigure) -> dict[str, Figure | NameFigure]:
    """The figures by id; an id used twice stops the start-up."""
    found: dict[str, Figure | NameFigure] = {}
    for one in entries:
        if one.id in found:
            raise ValueError(f"figure id used twice: {one.id}")
        found[one.id] = one
    return found


def _tidy(total: Any) -> int | float:
    if isinstance(total, Decimal | float):
        return int(total) if total == int(total) else float(total)
    return int(total)
