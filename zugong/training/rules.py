"""Leave from a class. Decisions only."""

from __future__ import annotations

from decimal import Decimal


def must_withdraw(hours: Decimal, leave: Decimal, share: int) -> bool:
    """Whether a trainee was away too long: more than one part in `share` of the hours; exactly so much is still allowed."""
    return leave * share > hours
