"""Which of a branch's meetings are due, and when. Decisions only; one branch at a time.

The set-based duties in `duties.py` say the same for many branches at once; a parity test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

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


def says_what_it_was(facts: Mapping[str, Any]) -> Verdict:
    """Whether a meeting that also counts as something else says what that needs: a lecture its lecturer and topic, an assembly
    how many were due and came, a session held in another year who consented."""
    said = {
        "由书记讲课：还要写讲课人和主题。": not facts.get("by_secretary") or bool(facts.get("lecturer") and facts.get("topic")),
        "同时作为支部党员大会召开：还要写应到和实到。": not facts.get("as_assembly")
        or None not in (facts.get("due"), facts.get("present")),
        "提前或推迟经谁同意：不在本年度开的民主生活会要写明上级同意。": facts.get("session_year")
        in (None, facts["held_on"].year)
        or bool(facts.get("consent")),
    }
    return Verdict(tuple(Reason(words) for words, good in said.items() if not good))


def may_be_held(due: int, present: int) -> bool:
    """Whether enough members of a team came to its democratic-life meeting: at least two thirds of those due."""
    return 3 * present >= 2 * due
