"""Yearly assessment, sanctions, and who assesses whom while on secondment. Decisions only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from zugong.base.rules import Reason, Verdict, add_months

NO_PROMOTION_MONTHS = {"警告": 6, "记过": 12, "记大过": 18, "降级": 24, "撤职": 24}
INCOMPETENT = "不称职"


def most_excellent(staff: int, percent: int) -> int:
    """How many may be 优秀: so many in a hundred at most, and nobody is rounded up."""
    return staff * percent // 100


def has_grade(leave_months: int, *, under_investigation: bool = False, recruit: bool = False) -> Verdict:
    """Whether a person who takes part in the yearly assessment gets a grade."""
    reasons = []
    if leave_months > 6:
        reasons.append(Reason("病事假累计超过半年，参加考核，不确定等次"))
    if under_investigation:
        reasons.append(Reason("正在接受调查，暂不写评语、不确定等次"))
    if recruit:
        reasons.append(Reason("新录用人员在试用期，只写评语，不确定等次"))
    return Verdict(tuple(reasons))


def may_be_excellent(sanction: str) -> Verdict:
    """Whether somebody sanctioned in the year may be 优秀."""
    return Verdict() if not sanction else Verdict((Reason(f"当年受{sanction}的，不得确定为优秀"),))


def assessed_by(home: str, host: str, months_at_host: int) -> str:
    """Who assesses somebody on secondment: where half of the year or more was worked, after hearing the other."""
    return host if 2 * months_at_host >= 12 else home


def barred_until(sanction: str, effective_on: date) -> date:
    """The day from which a sanctioned person may be promoted again."""
    return add_months(effective_on, NO_PROMOTION_MONTHS[sanction])


def is_dismissed(grades: Sequence[str]) -> bool:
    """Whether two years running were 不称职; the grades of years one after the other."""
    return any(first == second == INCOMPETENT for first, second in pairwise(grades))


def review_is_in_time(known_on: date, asked_on: date, days: int) -> bool:
    """Whether a 复核 was asked for within so many days of knowing."""
    return asked_on <= known_on + timedelta(days=days)
