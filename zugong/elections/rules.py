"""When a term expires. Decisions only."""

from __future__ import annotations

from datetime import date

from zugong.base.rules import add_years


def term_expires_on(elected_on: date, years: int) -> date:
    """The day a term ends: so many years after the election."""
    return add_years(elected_on, years)
