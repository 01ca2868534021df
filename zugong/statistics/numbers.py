"""Many figures at once: all their numbers in one statement, and in a second one whether a zero means none or no data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Aggregate, Count, FloatField, IntegerField, QuerySet, Sum, Value
from django.db.models.functions import Cast

from zugong.base.facets import Facet
from zugong.base.figures import Figure, Number
from zugong.base.periods import Frame, Scope

Asked = tuple[Figure, Frame]


@dataclass(frozen=True)
class Withheld:
    """A number that is not told: a word to stand in its place, and a sentence that says why and what to do."""

    words: str
    why: str


@dataclass(frozen=True)
class Told:
    """A number as a reader is told it; None where it is withheld, or nobody knows it."""

    value: Number
    withheld: Withheld | None = None


@dataclass(frozen=True)
class Change:
    """A figure's value beside an earlier one, or why the reader is told the one or the other not."""

    figure: Figure
    value: Number
    before: Number
    withheld: Withheld | None = None
    before_withheld: Withheld | None = None

    @classmethod
    def of(cls, figure: Figure, now: Told, then: Told) -> Change:
        """The change from one told number to another."""
        return cls(figure, now.value, then.value, now.withheld, then.withheld)

    @property
    def words(self) -> str:
        """How it changed: 增加 12, 减少 3, 持平; "" where one of the two is unknown."""
        if self.value is None or self.before is None:
            return ""
        if self.value == self.before:
            return "持平"
        return f"{'增加' if self.value > self.before else '减少'} {round(abs(self.value - self.before), 2):,}"

    @property
    def sign(self) -> str:
        """The direction as a shape."""
        return {"增": "＋", "减": "－", "持": "＝"}.get(self.words[:1], "")


def numbers(asked: Sequence[Asked]) -> list[Number]:
    """The number of each figure over its frame, as Figure.number has it: None where nothing was ever taken in."""
    found = dict(together(_counted(figure, frame, i) for i, (figure, frame) in enumerate(asked)))
    kinds = {i: (figure, frame.scope) for i, (figure, frame) in enumerate(asked) if not found.get(i)}
    kept = _kept(kinds)
    return [_tidy(found.get(i) or 0) if i not in kinds or i in kept else None for i in range(len(asked))]


def _counted(figure: Figure, frame: Frame, place: int) -> QuerySet:
    """One figure's number as a row: its place among those asked, and the count, sum or distinct count."""
    rows = figure.rows(frame).order_by().annotate(place=Value(place, IntegerField())).values("place")
    return rows.annotate(total=Cast(_total(figure), FloatField())).values_list("place", "total")


def _total(figure: Figure) -> Aggregate:
    return Sum(figure.amount) if figure.amount else Count(figure.of or "pk", distinct=bool(figure.of))


def parts(figure: Figure, rows: QuerySet, facet: Facet, frame: Frame) -> list[tuple[str, int | float]]:
    """The number by the values of a facet, those declared in their order; "" is what has no value."""
    grouped = rows.order_by().annotate(part=facet.expression(frame)).values("part").annotate(total=_total(figure))
    found = {value or "": total or 0 for value, total in grouped.values_list("part", "total")}
    order = {value: i for i, value in enumerate(facet.values or facet.synonyms)}
    return [(v, _tidy(float(found[v]))) for v in sorted(found, key=lambda v: (not v, order.get(v, len(order)), v))]


def _kept(kinds: dict[int, tuple[Figure, Scope]]) -> set[int]:
    """Those among the figures of whose kind anything was ever taken into the scope."""
    groups: dict[tuple[str, Scope], list[int]] = {}
    for i, (figure, scope) in kinds.items():
        empty = figure.records().query.is_empty()
        groups.setdefault(("" if empty else figure.records().model._meta.label, scope), []).append(i)
    asked = [(_any(kinds[places[0]], n), places) for n, ((label, _), places) in enumerate(groups.items()) if label]
    there = {n for (n,) in together(rows for rows, _ in asked)}
    return {i for n, places in enumerate(groups.values()) if n in there for i in places}


def _any(kind: tuple[Figure, Scope], place: int) -> QuerySet:
    """One row if there is any record of the kind in the scope."""
    figure, scope = kind
    first = figure.records().within(scope).order_by().values("pk")[:1]
    rows = figure.records().model._default_manager.filter(pk__in=first)
    return rows.order_by().annotate(place=Value(place, IntegerField())).values_list("place")


def together(parts: Iterable[QuerySet]) -> list[tuple]:
    """All parts in one statement."""
    some = list(parts)
    if not some:
        return []
    return list(some[0].union(*some[1:], all=True) if len(some) > 1 else some[0])


def _tidy(number: float) -> int | float:
    return int(number) if number == int(number) else number
