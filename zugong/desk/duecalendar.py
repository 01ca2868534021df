"""The calendar of duties: what falls due in the twelve months from a day on, for an organization, an office or a person."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby

from zugong.base.calendarfile import Entry
from zugong.base.duties import Coming, Duty
from zugong.base.models import User
from zugong.base.periods import Frame, Period
from zugong.base.rules import add_months
from zugong.desk.dues import DUTIES, ORGANIZATION, PERSON, board
from zugong.desk.owing import COLUMN

MONTHS = 12
NAMED = 4  # so many subjects of a duty on one day go by name, more by their number
OFFICES = {
    "meetings": "基层党建",
    "people": "基层党建",
    "elections": "基层党建",
    "cadres": "干部",
    "training": "干部教育",
    "tasks": "重点工作",
}


@dataclass(frozen=True)
class Note:
    """A line of the calendar: the duty, for whom or for how many, and what it is about."""

    duty: Duty
    whom: str
    key: str
    words: str

    @property
    def page(self) -> tuple[str, int] | None:
        """The page of the one it is about: its kind and number."""
        label, _, number = self.key.partition(":")
        names = {ORGANIZATION: "organizations:partyorganization", PERSON: "people:person"}
        return (names[label], int(number)) if label in names else None


@dataclass(frozen=True)
class Day:
    """A day with what is due on it."""

    day: date
    notes: list[Note]


@dataclass(frozen=True)
class Month:
    """A month: its weeks for the grid (None outside it), and its days that hold something."""

    first: date
    weeks: list[list[Day | None]]
    days: list[Day]


class DueCalendar:
    """What falls due from the frame's day on, in a year or until a day, as one reader may know it."""

    def __init__(self, frame: Frame, user: User, office: str = "", person: int = 0, until: date | None = None) -> None:
        last = until or add_months(frame.day, MONTHS) - timedelta(days=1)
        self.frame = Frame(frame.scope, Period(frame.day, last), frame.day, frame.standards)
        self.user, self.office, self.person = user, office, person

    @cached_property
    def coming(self) -> list[Coming]:
        """Everything, by day and then as the duties stand in the catalogue."""
        duties = [one for one in DUTIES.values() if not self.office or office_of(one) == self.office]
        if self.person:
            duties = [one for one in duties if one.personal]
        found = board(self.frame, self.user, duties).coming()
        mine = f"{PERSON}:{self.person}"
        kept = (one for one in found if not self.person or one.subject_key == mine)
        return sorted(kept, key=lambda one: (one.day, COLUMN[one.duty], one.subject))

    @cached_property
    def days(self) -> dict[date, Day]:
        """The days that hold something."""
        return {day: Day(day, list(_notes(list(some)))) for day, some in groupby(self.coming, key=lambda one: one.day)}

    def months(self) -> list[Month]:
        """The months that hold something."""
        firsts = sorted({day.replace(day=1) for day in self.days})
        return [self.month(first) for first in firsts]

    def month(self, first: date) -> Month:
        """One month, Monday to Sunday."""
        weeks = [
            [self.days.get(day, Day(day, [])) if day.month == first.month else None for day in week]
            for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
        ]
        return Month(first, weeks, [one for week in weeks for one in week if one and one.notes])

    def entries(self) -> Iterator[Entry]:
        """The calendar for a phone. Persons are not named there: the file leaves the house."""
        for (day, id), some in groupby(self.coming, key=lambda one: (one.day, one.duty)):
            found, duty = list(some), DUTIES[id]
            if not duty.personal and len(found) <= NAMED:
                for one in found:
                    yield Entry(one.key, day, f"{duty.name}：{_whom(one, duty)}", _about(duty, one.words, self.frame))
            else:
                many = sum(one.many for one in found)
                title = f"{duty.name}：{many} {'人' if duty.personal else '个党组织'}"
                yield Entry(f"{duty.id}|{day}", day, title, _about(duty, "名单请登录后看", self.frame))


def office_of(duty: Duty) -> str:
    """The office whose business a duty is."""
    return OFFICES.get(duty.id.partition(".")[0], "")


def _notes(found: Sequence[Coming]) -> Iterator[Note]:
    for id, some in groupby(found, key=lambda one: one.duty):
        these, duty = list(some), DUTIES[id]
        if len(these) <= NAMED:
            yield from (Note(duty, _whom(one, duty), one.subject_key, one.words) for one in these)
        else:
            yield Note(duty, f"{len(these)} {'人' if duty.personal else '个党组织'}", "", "")


def _whom(one: Coming, duty: Duty) -> str:
    return one.subject or f"{one.many} {'人' if duty.personal else '个党组织'}"


def _about(duty: Duty, words: str, frame: Frame) -> str:
    return f"{words}。{duty.what}。依据：{duty.source(frame).cite()}"
