"""What a rule answers with: a verdict, its reasons, and where each reason is written; and the calendar rules count by.

Rules are pure: facts in, Verdict out. They may import this module and the standard library, nothing else.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any


class Standing(StrEnum):
    """Whether a person has read the official text behind a number."""

    VERIFIED = "verified"
    UNVERIFIED = "条款待核"
    LOCAL = "本地规定"


@dataclass(frozen=True)
class Source:
    """Where a number or a condition is written.

    `article` is kept for those who check, and printed only once the text has been verified:
    a wrong article under a real regulation's name does more harm than none.
    """

    regulation: str
    article: str = ""
    status: Standing = Standing.UNVERIFIED
    checked_on: str = ""
    checked_by: str = ""
    url: str = ""

    def cite(self) -> str:
        """The source as a reader may see it: 《…》第十一条, or 《…》（条款待核）."""
        name = self.regulation if self.regulation.startswith("《") else f"《{self.regulation}》"
        if self.status == Standing.VERIFIED:
            return f"{name}{self.article}"
        if self.status == Standing.LOCAL:
            return f"{self.regulation}（本地规定）"
        return f"{name}（条款待核）"


class Leeway(StrEnum):
    """Which way a local rule may differ from the national number: not at all, only a larger or only a smaller number (whichever
    is the stricter of that number), either way."""

    NONE = "none"
    MORE = "more"
    LESS = "less"
    ANY = "any"


def room_for_local(leeway: Leeway | None, national: Any, local: Any) -> bool:
    """Whether a local number may stand beside the national one: equal, or on the side the document leaves open."""
    if leeway == Leeway.ANY or local == national:
        return True
    return (leeway == Leeway.MORE and local > national) or (leeway == Leeway.LESS and local < national)


@dataclass(frozen=True)
class Reason:
    """One sentence a clerk can act on, and its source where a document demands it."""

    text: str
    source: Source | None = None

    def __str__(self) -> str:
        return f"{self.text}（{self.source.cite()}）" if self.source else self.text


class Refused(Exception):
    """An action was refused for reasons that are shown to whoever asked; nothing was written."""

    def __init__(self, *reasons: Reason | str) -> None:
        self.reasons = tuple(r if isinstance(r, Reason) else Reason(r) for r in reasons)
        super().__init__("；".join(str(r) for r in self.reasons))


class NotAllowed(Refused):
    """The account lacks the right; the page answers 403. `noted` once it is on the trail."""

    noted = False


@dataclass(frozen=True)
class Verdict:
    """The answer of a rule: true when nothing speaks against it."""

    reasons: tuple[Reason, ...] = ()

    def __bool__(self) -> bool:
        return not self.reasons

    def or_refuse(self) -> None:
        """Raise `Refused` with every reason unless the verdict is favourable."""
        if self.reasons:
            raise Refused(*self.reasons)


def add_months(day: date, months: int) -> date:
    """`day` moved by whole months; the 31st becomes the month's last day (a term ending 08-31 is reminded of on 02-28)."""
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_years(day: date, years: int) -> date:
    """`day` moved by whole years; 29 February becomes the 28th."""
    return add_months(day, years * 12)


def age_on(birth: date, day: date) -> int:
    """Completed years of age on `day`."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


DAYS, MONTHS, YEARS = "天", "个月", "年"
Span = tuple[date, date]


def so_long_after(day: date, many: int, unit: str) -> date:
    """A day moved by so many 天, 个月 or 年; the month's end stays the month's end."""
    if unit == DAYS:
        return day + timedelta(days=many)
    return add_months(day, many) if unit == MONTHS else add_years(day, many)


def standing(due_on: date, done_on: date | None, remind_from: date, day: date) -> str:
    """Where something due on a day stands: met once it is done, missed when the day has come, due when it is near."""
    if done_on is not None and done_on <= day:
        return "met"
    if due_on <= day:
        return "missed"
    return "due" if remind_from <= day else "met"


def parts_short(
    happened: Iterable[tuple[date, int]], parts: Iterable[Span], needed: int, since: date | None, until: date | None, day: date
) -> list[Span]:
    """The parts of a period, begun by `day`, in which less than needed happened by then. Each part stands for itself: more
    in another one is no answer. Whoever came into being or ended inside a part is not held to it."""
    happened = list(happened)
    return [
        (first, last)
        for first, last in parts
        if first <= day
        and (since is None or since <= first)
        and (until is None or until > last)
        and sum(n for on, n in happened if first <= on <= min(last, day)) < needed
    ]


def within_bounds(n: int, low: int | None, high: int | None) -> bool:
    """Whether a number is neither under the least nor over the most; both are included (以上、不超过)."""
    return (low is None or n >= low) and (high is None or n <= high)


def in_order(earlier: date | None, later: date, many: int = 0, unit: str = DAYS) -> bool:
    """Whether what must come first did, so much before the other; the same day is in order where nothing must lie between."""
    return earlier is not None and so_long_after(earlier, many, unit) <= later
