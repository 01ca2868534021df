"""A reminder follows the line of its parameter that is in force on the day, in months or in days."""

from __future__ import annotations

from datetime import date

import pytest

from zugong.base.duties import Asking
from zugong.base.dutyforms import Clock, Deadline
from zugong.base.parameters import Line, Parameter
from zugong.base.periods import Frame, Period, Scope
from zugong.base.rules import Source, Standing, standing

SOURCE = Source(regulation="本级规定", article="", status=Standing("本地规定"), checked_on="2026-11-23")
EXPIRES_ON = date(2026, 8, 31)
CLOCK = Clock(lambda asking: None, "organization_id", "organization__name", "organizations.partyorganization", "")


def reminder(unit: str, first: int, then: int) -> Parameter:
    """So many units, and others from 2026-01-01 on."""
    change = date(2026, 1, 1)
    return Parameter(
        "reminder", "提前多少提醒", unit, (Line(first, date(2018, 1, 1), None, SOURCE), Line(then, change, None, SOURCE))
    )


@pytest.mark.parametrize(
    ("unit", "first", "then", "day", "state"),
    [
        ("个月", 9, 6, date(2025, 11, 30), "due"),  # nine months, while that line holds
        ("个月", 9, 6, date(2026, 2, 27), "met"),  # six since the new year
        ("个月", 9, 6, date(2026, 2, 28), "due"),  # the month's end is kept
        ("天", 300, 30, date(2025, 11, 4), "due"),
        ("天", 300, 30, date(2026, 7, 31), "met"),
        ("天", 300, 30, date(2026, 8, 1), "due"),
        ("天", 300, 30, date(2026, 8, 31), "missed"),
    ],
)
def test_a_later_line_changes_the_reminder_from_its_day_on(unit, first, then, day, state):
    asking = Asking(Frame(Scope(), Period.parse("2026"), day), None)
    remind_from = Deadline(CLOCK, "expires_on", reminder(unit, first, then)).remind_from(EXPIRES_ON, asking)
    assert standing(EXPIRES_ON, None, remind_from, day) == state
