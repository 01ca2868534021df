"""When a term expires and when its reminder is due. Decisions only."""

from __future__ import annotations

from datetime import date

from zugong.base.rules import add_months, add_years


def term_expires_on(elected_on: date, years: int) -> date:
    """The day a term ends: so many years after the election."""
    return add_years(elected_on, years)


def reminder_due_on(expires_on: date, months: int) -> date:
    """The day the organization above reminds: whole months before expiry, the month's end kept (08-31 → 02-28)."""
    return add_months(expires_on, -months)
