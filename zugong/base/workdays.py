"""Working days as they are in China: weekends, holidays, and the weekend days worked instead (调休).

The years given out are known from `chinese_calendar`; what a person enters of a notice goes before it. A year nobody has
given out is said to be unknown and never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

from zugong.base.access import Permission
from zugong.base.actions import action, amend, create
from zugong.base.models import User
from zugong.base.rules import Refused
from zugong.base.specialdays import SpecialDay

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class UnknownYear(Refused):
    """The holidays of a year have not been given out, so its working days cannot be counted."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(f"{year}年的节假日安排尚未公布，工作日算不出来。公布后请在“工作日历”里登记全年安排。")


@dataclass(frozen=True)
class Workdays:
    """The calendar, with what was entered here: special days, and the years entered whole."""

    special: Mapping[date, bool]
    whole_years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether a day is worked. Raises UnknownYear."""
        if day in self.special:
            return self.special[day]
        if day.year in self.whole_years:
            return day.weekday() < SATURDAY
        try:
            return chinese_calendar.is_workday(day)
        except NotImplementedError:
            raise UnknownYear(day.year) from None

    def last_of(self, start: date, many: int, *, count_first: bool = False) -> date:
        """The last of so many working days from a start, whose own day counts only with `count_first` (民法典 201: the day
        something begins is not counted). Raises UnknownYear."""
        day = start if count_first else start + ONE_DAY
        while True:
            many -= self.is_working(day)
            if many <= 0:
                return day
            day += ONE_DAY

    def between(self, start: date, end: date, *, count_first: bool = False) -> int:
        """How many working days lie from a start up to an end, which is counted. Raises UnknownYear."""
        first = start if count_first else start + ONE_DAY
        return sum(self.is_working(first + timedelta(days=n)) for n in range((end - first).days + 1))

    def next_after(self, day: date) -> date:
        """The next day that is worked. Raises UnknownYear."""
        return self.last_of(day, 1)


def workdays() -> Workdays:
    """The calendar with everything entered here: one statement."""
    rows = list(SpecialDay.objects.values_list("day", "working", "whole_year"))
    return Workdays({day: working for day, working, _ in rows}, frozenset(day.year for day, _, whole in rows if whole))


@action(Permission.SETTINGS_CHANGE)
def enter_days(
    *, by: User, on: date, basis: str, off: Iterable[date], working: Iterable[date], whole_year: int | None = None
) -> int:
    """Enter days off and days worked by a notice; with `whole_year` they are all of that year's. Returns how many days.
    Raises Refused when a day is both, lies in another year, or nothing was given."""
    days = dict.fromkeys(off, False)
    both = sorted(day for day in working if days.setdefault(day, True) is False)
    elsewhere = sorted(day for day in days if whole_year and day.year != whole_year)
    if both:
        raise Refused(f"{both[0]} 既写成放假又写成上班，没有保存。请核对通知。")
    if elsewhere:
        raise Refused(f"{elsewhere[0]} 不在 {whole_year} 年，没有保存。一次只登记一年的安排。")
    if not days or not basis.strip():
        raise Refused("没有保存：请写明依据的通知，并至少填一天。")
    known = {one.day: one for one in SpecialDay.objects.filter(day__in=days)}
    for day, worked in sorted(days.items()):
        fields = {"working": worked, "basis": basis.strip(), "whole_year": bool(whole_year)}
        if day in known:
            amend(known[day], **fields)
        else:
            create(SpecialDay(day=day, **fields))
    return len(days)
