"""One human being, several ledgers: which statement about a person is kept; and what a branch may decide about members.
Decisions only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from zugong.base.rules import Reason, Verdict, add_months, add_years

AGE_BANDS = (
    ("30岁及以下", None, 30),
    ("31-35岁", 31, 35),
    ("36-40岁", 36, 40),
    ("41-45岁", 41, 45),
    ("46-50岁", 46, 50),
    ("51-54岁", 51, 54),
    ("55岁及以上", 55, None),
)


class Weighed(StrEnum):
    """What becomes of a statement about a person."""

    AGREES = "agrees"
    FILLS = "fills"
    UPDATES = "updates"
    DIFFERS = "differs"
    SETTLES = "settles"
    SILENT = "silent"


@dataclass(frozen=True)
class Held:
    """What is held about one fact: the value, the ledger that gave it, and what this ledger said otherwise before."""

    value: Any
    giver: str
    said_before: Any = None


def weigh(held: Held, stated: Any, ledger: str) -> Weighed:
    """What to do with a ledger's statement: two ledgers that differ are listed, never overwritten silently.

    An empty cell says nothing. The ledger that gave a value may correct it; any other only fills what is missing.
    """
    if stated is None or stated == "":
        return Weighed.SILENT
    if held.value in (None, ""):
        return Weighed.FILLS
    if held.value == stated:
        return Weighed.SETTLES if held.said_before is not None else Weighed.AGREES
    if held.giver == ledger:
        return Weighed.UPDATES
    return Weighed.DIFFERS


def may_admit(due: int, present: int, agree: int, written_before: int) -> Verdict:
    """Whether a branch meeting admits a member, or makes one full: more than half of those due must be there, and more than
    half of those due agree. Written opinions of the absent count when they came before the meeting."""
    reasons = []
    if 2 * present <= due:
        reasons.append(Reason(f"应到 {due} 人，实到 {present} 人，没有超过半数，会议无效"))
    if 2 * (agree + written_before) <= due:
        reasons.append(Reason(f"应到 {due} 人，同意 {agree + written_before} 人，没有超过半数，没有通过"))
    return Verdict(tuple(reasons))


def may_decide(due: int, present: int, agree: int) -> Verdict:
    """Whether a branch meeting decides an ordinary matter: half of those due are enough to vote (半数以上), more than half of
    those due must agree."""
    reasons = []
    if 2 * present < due:
        reasons.append(Reason(f"应到 {due} 人，实到 {present} 人，不到半数，不能表决"))
    if 2 * agree <= due:
        reasons.append(Reason(f"应到 {due} 人，赞成 {agree} 人，没有超过半数，没有通过"))
    return Verdict(tuple(reasons))


def one_vote_each(candidates: int) -> Verdict:
    """Whether a motion may be put: each person is voted on separately."""
    return Verdict() if candidates == 1 else Verdict((Reason("一次只能表决一个人，请逐个表决"),))


def probation_over_on(admitted_on: date, extended_months: int = 0) -> date:
    """The day probation ends: a year from the branch meeting that admitted, and what it was extended by."""
    return add_months(admitted_on, 12 + extended_months)


def may_extend_probation(months: int, already: int) -> Verdict:
    """Whether probation may be extended by so many months: once, by half a year at least and a year at most."""
    reasons = []
    if already:
        reasons.append(Reason("预备期只能延长一次"))
    if not 6 <= months <= 12:
        reasons.append(Reason(f"延长 {months} 个月：延长期不少于半年，不超过一年"))
    return Verdict(tuple(reasons))


def may_become_full(admitted_on: date, meeting_on: date) -> Verdict:
    """Whether the meeting that makes a member full is not too early: probation must be over."""
    over = probation_over_on(admitted_on)
    return Verdict() if meeting_on >= over else Verdict((Reason(f"预备期到 {over} 才满，不能提前讨论转正"),))


def has_party_age(full_on: date, day: date, years: int) -> bool:
    """Whether somebody has so many years of Party standing on a day: they count from becoming full."""
    return add_years(full_on, years) <= day


def may_approve_members(kind: str, superior_kind: str) -> Verdict:
    """Whether a committee may approve members: one under a town's committee (a village's) may only consider."""
    if kind == "党委" and superior_kind != "乡镇党委":
        return Verdict()
    return Verdict((Reason("乡镇（街道）党委所属的基层党组织不能审批预备党员，只能讨论，请报乡镇（街道）党委"),))


def leaves_soon(day: date, leaves_on: date, months: int) -> Verdict:
    """Whether somebody about to leave the unit is admitted now: normally not within so many months. A warning, no refusal."""
    if leaves_on >= add_months(day, months):
        return Verdict()
    return Verdict((Reason(f"{months} 个月以内离开本单位的，一般不办理接收"),))


def managed_by(sent_by: str, received_by: str, received_on: date | None, day: date) -> str:
    """Whose a member is while a transfer is under way: the old branch's until the new one has received them."""
    return received_by if received_on is not None and received_on <= day else sent_by
