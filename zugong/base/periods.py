"""Days, months, periods and frames. Nothing here knows what day it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from zugong.base.rules import add_months, add_years
from zugong.base.standards import SHIPPED, Standards

EARLIEST, LATEST = 1921, 2100


class BadPeriod(ValueError):
    """A period or a day that cannot be read; the message is a sentence for the reader."""


def day_said(text: str) -> date:
    """A day somebody asks to look from: 2023-06-30, in the years there can be records of; raises BadPeriod."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise BadPeriod(f"“{text}”不是日期，请写成 2023-06-30。") from None
    return within_reach(day)


def within_reach(day: date) -> date:
    """The day, if it lies in the years there can be records of; raises BadPeriod."""
    if not EARLIEST <= day.year <= LATEST:
        raise BadPeriod(f"{day.year} 年太远，只能看 {EARLIEST} 年到 {LATEST} 年。请核对年份。")
    return day


@dataclass(frozen=True, order=True)
class Period:
    """The days from `first` to `last`, both included."""

    first: date
    last: date

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read 2023, 2023H1, 2023Q2, 2023-06 or 2023-01-01/2023-06-30; raises BadPeriod."""
        text = text.strip().upper()
        if m := re.fullmatch(r"(\d{4})(?:(H)([12])|(Q)([1-4])|-(\d{2}))?", text):
            return cls._named(int(m[1]), m)
        if m := re.fullmatch(r"(\d{4}-\d{2}-\d{2})/(\d{4}-\d{2}-\d{2})", text):
            return cls._between(m[1], m[2])
        raise BadPeriod(f"看不懂的期间“{text}”。请写成 2023、2023H1、2023Q2、2023-06 或 2023-01-01/2023-06-30。")

    @classmethod
    def _named(cls, year: int, m: re.Match[str]) -> Period:
        if m[2]:
            start, months = 1 + 6 * (int(m[3]) - 1), 6
        elif m[4]:
            start, months = 1 + 3 * (int(m[5]) - 1), 3
        elif m[6]:
            start, months = int(m[6]), 1
        else:
            start, months = 1, 12
        if not (1 <= start <= 12 and year):
            raise BadPeriod(f"没有这样的月份：{m[0]}。")
        return cls.of_months(within_reach(date(year, start, 1)), months)

    @classmethod
    def _between(cls, first: str, last: str) -> Period:
        try:
            period = cls(date.fromisoformat(first), date.fromisoformat(last))
        except ValueError:
            raise BadPeriod(f"期间 {first}/{last} 中有不存在的日期。") from None
        if period.last < period.first:
            raise BadPeriod(f"期间 {first}/{last} 的结束早于开始。")
        return cls(within_reach(period.first), within_reach(period.last))

    @classmethod
    def of_months(cls, first: date, months: int) -> Period:
        """`months` whole months from the first day `first`."""
        return cls(first, add_months(first, months) - timedelta(days=1))

    @property
    def months_long(self) -> int | None:
        """How many whole calendar months the period is, None when it is not made of whole months."""
        if self.first.day != 1 or (self.last + timedelta(days=1)).day != 1:
            return None
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def code(self) -> str:
        """The shortest way to write the period: 2023H1, 2023Q2, 2023-06 or two dates."""
        y, m, n = self.first.year, self.first.month, self.months_long
        if n == 12 and m == 1:
            return f"{y}"
        if n == 6 and m in (1, 7):
            return f"{y}H{(m + 5) // 6}"
        if n == 3 and m in (1, 4, 7, 10):
            return f"{y}Q{(m + 2) // 3}"
        return f"{y}-{m:02d}" if n == 1 else f"{self.first}/{self.last}"

    def __str__(self) -> str:
        return self.code

    @property
    def title(self) -> str:
        """The period as people write it: 2023年上半年, 2023年第二季度, 2023年6月."""
        y, m, n = self.first.year, self.first.month, self.months_long
        if n == 12 and m == 1:
            return f"{y}年"
        if n == 6 and m in (1, 7):
            return f"{y}年{'上' if m == 1 else '下'}半年"
        if n == 3 and m in (1, 4, 7, 10):
            return f"{y}年第{'一二三四'[m // 3]}季度"
        if n == 1:
            return f"{y}年{m}月"
        return self._title_of_days(n)

    def _title_of_days(self, months: int | None) -> str:
        a, b = self.first, self.last
        if months and a.year == b.year:
            return f"{a.year}年{a.month}—{b.month}月"
        return f"{a.year}年{a.month}月{a.day}日至{b.year}年{b.month}月{b.day}日"

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def previous(self) -> Period:
        """The period of the same length just before this one."""
        if n := self.months_long:
            return Period.of_months(add_months(self.first, -n), n)
        length = self.last - self.first
        return Period(self.first - timedelta(days=1) - length, self.first - timedelta(days=1))

    def next(self) -> Period:
        """The period of the same length just after this one."""
        if n := self.months_long:
            return Period.of_months(add_months(self.first, n), n)
        length = self.last - self.first
        return Period(self.last + timedelta(days=1), self.last + timedelta(days=1) + length)

    def a_year_before(self) -> Period:
        """The same days a year earlier (去年同期)."""
        if n := self.months_long:
            return Period.of_months(add_months(self.first, -12), n)
        return Period(add_years(self.first, -1), add_years(self.last, -1))

    @property
    def year(self) -> Period:
        """The calendar year in which the period ends."""
        return Period(date(self.last.year, 1, 1), date(self.last.year, 12, 31))

    def split(self, months: int) -> Iterator[Period]:
        """The whole calendar months, quarters (3) or half-years (6) that lie inside the period."""
        start = date(self.first.year, (self.first.month - 1) // months * months + 1, 1)
        while start <= self.last:
            part = Period.of_months(start, months)
            if part.first >= self.first and part.last <= self.last:
                yield part
            start = add_months(start, months)

    def closing(self, months: int) -> list[Period]:
        """The calendar months, quarters, half-years, years, or five years of a plan (60) whose last day lies in the period."""
        ahead, year = months - 1, (self.first.year - 1) // 5 * 5 + 1 if months == 60 else self.first.year
        start = date(year, (self.first.month - 1) // months * months + 1 if months < 12 else 1, 1)
        found = []
        while add_months(start, ahead) <= self.last:
            part = Period.of_months(start, months)
            if part.last in self:
                found.append(part)
            start = add_months(start, months)
        return found


@dataclass(frozen=True)
class Scope:
    """A Party organization on a day: its stable code and its path in the tree of that day.

    `whole` is the root: everything kept, also what is linked to no organization.
    """

    code: str = ""
    path: str = ""
    name: str = ""
    day: date | None = None
    whole: bool = True


@dataclass(frozen=True)
class Frame:
    """What every figure and duty is asked with: whose, when, seen from which day (口径), and by which standards."""

    scope: Scope
    period: Period
    day: date
    standards: Standards = field(default=SHIPPED, compare=False, repr=False)

    @property
    def days(self) -> tuple[date, date]:
        """The first day and the last one already seen: what happened in the frame lies between them."""
        return self.period.first, min(self.period.last, self.day)

    @classmethod
    def of(cls, period: Period, today: date, scope: Scope = Scope()) -> Frame:
        """The frame of `period`: its as-of day is the last day or, while the period runs, `today`."""
        return cls(scope, period, min(period.last, today))

    def during(self, period: Period) -> Frame:
        """The same scope over another period, as it stood on that period's last day (or this frame's day)."""
        return replace(self, period=period, day=min(period.last, self.day))

    def over(self, scope: Scope, day: date | None = None) -> Frame:
        """The same period by the same standards over another scope, seen from a day (this frame's where none is said)."""
        return replace(self, scope=scope, day=day or self.day)

    def by(self, standards: Standards) -> Frame:
        """The same frame by other standards."""
        return replace(self, standards=standards)
