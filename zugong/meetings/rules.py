"""Which of a branch's meetings are due, and when. Decisions only; one branch at a time.

The set-based duties in `duties.py` say the same for many branches at once; a parity test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from zugong.base.rules import Reason, Source, Verdict


def must_have_committee(full_members: int, threshold: int) -> bool:
    """Whether a branch must have a committee: from so many full members on (应当设立支部委员会)."""
    return full_members >= threshold


def was_held_often_enough(held_on: Iterable[date], first: date, last: date, needed: int, source: Source) -> Verdict:
    """Whether at least `needed` meetings lie between two days, both included; an average over a longer time is no answer."""
    held = sum(first <= day <= last for day in held_on)
    if held >= needed:
        return Verdict()
    return Verdict((Reason(f"{first} 至 {last} 应至少 {needed} 次，记录到 {held} 次", source),))
