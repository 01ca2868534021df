"""Facets: the modifiers of a figure, and how a report's own words find their values.

Words resolve, in this order: a value or one of its synonyms; the only value that contains them or is contained
in them; all the values the words name. Values of one facet are joined by or, facets by and.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_of
from typing import TYPE_CHECKING

from django.db.models import Case, Expression, F, Q, QuerySet, Value, When

if TYPE_CHECKING:
    from zugong.base.periods import Frame

PUNCTUATION = re.compile(r"[\s“”\"'‘’「」『』《》〈〉（）()·、，,；;：:]+")


class Unresolved(Exception):
    """Words that name no value of a facet; the slot stays 待定."""


def plain(words: str) -> str:
    """Words without spaces, quotation marks and punctuation, so that “双创” and 双创 are the same."""
    return PUNCTUATION.sub("", unicodedata.normalize("NFKC", words))


def _spread_over(value: str, words: str) -> bool:
    """Whether `words` spell `value` in order with gaps: 公开招录招聘 spells 公开招聘 and 公开招录."""
    letters = iter(words)
    return all(letter in letters for letter in value)


def resolve(words: str, values: Iterable[str], synonyms: Mapping[str, Sequence[str]], *, several: bool = False) -> list[str]:
    """The values that `words` mean; raises Unresolved. Longest names win over those inside them.

    `several` lets words stand for every value that contains them (研究生 for 硕士研究生 and 博士研究生).
    """
    wanted = plain(words)
    names = {plain(value): value for value in values if value}
    for value, others in synonyms.items():
        names |= {plain(other): value for other in others if plain(other) not in names}
    if wanted in names:
        return [names[wanted]]
    around = {value for name, value in names.items() if wanted and wanted in name}
    inside = {name for name in names if name and _spread_over(name, wanted)}
    inside = {n for n in inside if not any(n != m and n in m for m in inside)}
    found = around | {names[n] for n in inside}
    if len(found) == 1 or inside or (found and several):
        return sorted({names[n] for n in inside} or found)
    raise Unresolved(words)


@dataclass(frozen=True)
class Facet:
    """A modifier with named values, kept in `field` of the figure's rows.

    `whole` are words that restrict nothing (收集, 发现); `values` are declared when they are not simply those kept;
    `kept_in` says where the values are kept when `field` is worked out for each frame.
    """

    name: str
    title: str
    field: str = ""
    values: tuple[str, ...] = ()
    synonyms: Mapping[str, tuple[str, ...]] = made_of(default_factory=dict)
    whole: tuple[str, ...] = ()
    kept_in: str = ""

    def known(self, records: QuerySet) -> list[str]:
        """The values there are: those declared and those kept, in a steady order."""
        if self.values:
            return list(self.values)
        kept = records.order_by().values_list(self.kept_in or self.field, flat=True).distinct()
        return sorted({value for value in kept if value} | set(self.synonyms))

    def select(self, rows: QuerySet, words: Sequence[str], records: QuerySet, frame: Frame) -> QuerySet:
        """The rows with any of the values the words mean; raises Unresolved."""
        if chosen := self.resolved(words, records):
            return rows.filter(self.condition(chosen, frame))
        return rows

    def resolved(self, words: Sequence[str], records: QuerySet) -> list[str]:
        """The values all words mean together; empty when they restrict nothing."""
        if any(plain(word) in self.whole for word in words):
            return []
        known = self.known(records)
        return sorted({value for word in words for value in resolve(word, known, self.synonyms)})

    def condition(self, values: Sequence[str], frame: Frame) -> Q:
        """The database condition for these values."""
        return Q(**{f"{self.field}__in": values})

    def expression(self, frame: Frame) -> Expression | F:
        """What rows are grouped by in a cross-table."""
        return F(self.field)


@dataclass(frozen=True)
class Words(Facet):
    """A modifier by words that the text in `field` must contain, quotation marks aside."""

    def known(self, records: QuerySet) -> list[str]:
        return []

    def resolved(self, words: Sequence[str], records: QuerySet) -> list[str]:
        return list(words)

    def condition(self, values: Sequence[str], frame: Frame) -> Q:
        anyone = Q()
        for words in values:
            every = Q()
            for part in PUNCTUATION.split(words):
                if part:
                    every &= Q(**{f"{self.field}__contains": part})
            anyone |= every
        return anyone


@dataclass(frozen=True)
class Ladder(Facet):
    """A modifier whose declared values stand in order from low to high, so that 及以上 and 以下 can be said."""

    def resolved(self, words: Sequence[str], records: QuerySet) -> list[str]:
        chosen: set[str] = set()
        for word in words:
            chosen.update(self._reach(plain(word)))
        return [value for value in self.values if value in chosen]

    def _reach(self, word: str) -> list[str]:
        upward = re.fullmatch(r"(.+?)(?:学历|学位|文化程度)?(?:及|或)?以上(?:学历|学位|文化程度)?", word)
        stem = upward[1] if upward else re.sub(r"(学历|学位|文化程度)$", "", word)
        base = resolve(stem, self.values, self.synonyms, several=True)
        if not upward:
            return base
        lowest = min(self.values.index(value) for value in base)
        return list(self.values[lowest:])


@dataclass(frozen=True)
class Banded(Facet):
    """A modifier computed from a day, such as an age band; `bands` turns a value and a frame into a condition."""

    bands: Callable[[str, Frame], Q] | None = None

    def condition(self, values: Sequence[str], frame: Frame) -> Q:
        anyone = Q()
        for value in values:
            anyone |= self.bands(value, frame) if self.bands else Q()
        return anyone

    def expression(self, frame: Frame) -> Expression | F:
        whens = [When(self.condition([value], frame), then=Value(value)) for value in self.values]
        return Case(*whens, default=Value(""))
