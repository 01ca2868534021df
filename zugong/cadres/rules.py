"""When a secondment's talk is due. Decisions only."""

from __future__ import annotations

from datetime import date, timedelta


def midway_talk_due_on(started_on: date, days: int) -> date:
    """The day by which the talk in the middle of a secondment (任中考察) must have been held."""
    return started_on + timedelta(days=days)
