"""When something is done again and again: every day, every week, every working day, at a time. Pure.

Moments are those of the house's own clock, without a zone. Which day is worked is asked of whoever knows (`is_working`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

LOOKED_THROUGH = 31  # days: longer than any holidays together
DAY = timedelta(days=1)
WEEKDAYS = "一二三四五六日"


class Every(StrEnum):
    """How often."""

    DAY = "每天"
    WORKING_DAY = "每个工作日"
    WEEK = "每周"


@dataclass(frozen=True)
class Timing:
    """When something is due. `weekday` is that of a week's day, 0 for Monday."""

    every: Every
    at: time
    weekday: int = 0

    def __str__(self) -> str:
        when = f"每周{WEEKDAYS[self.weekday]}" if self.every == Every.WEEK else self.every.value
        return f"{when} {self.at:%H:%M}"

    def latest(self, now: datetime, is_working: Callable[[date], bool]) -> datetime | None:
        """The last moment it was due, `now` included; None where none lies near enough. However many were missed, the last
        one stands for all of them."""
        return next((m for m in self._moments(now.date(), -DAY, is_working) if m <= now), None)

    def next(self, now: datetime, is_working: Callable[[date], bool]) -> datetime | None:
        """The next moment after `now` it will be due; None where none lies near enough."""
        return next((m for m in self._moments(now.date(), DAY, is_working) if m > now), None)

    def _moments(self, start: date, step: timedelta, is_working: Callable[[date], bool]) -> Iterator[datetime]:
        for n in range(LOOKED_THROUGH):
            day = start + n * step
            if self._on(day, is_working):
                yield datetime.combine(day, self.at)

    def _on(self, day: date, is_working: Callable[[date], bool]) -> bool:
        if self.every == Every.WEEK:
            return day.weekday() == self.weekday
        return self.every == Every.DAY or is_working(day)


def quiet_until(now: datetime, quiet_from: time, quiet_to: time) -> datetime | None:
    """The moment the quiet hours that hold now are over; None where it is not quiet. They may lie over midnight; where both
    ends are the same there are none."""
    at = now.time()
    if quiet_from <= quiet_to:
        quiet = quiet_from <= at < quiet_to
        return datetime.combine(now.date(), quiet_to) if quiet else None
    if at >= quiet_from:
        return datetime.combine(now.date() + DAY, quiet_to)
    return datetime.combine(now.date(), quiet_to) if at < quiet_to else None
