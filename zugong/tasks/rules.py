"""What may be done with a task, and who is next. Decisions only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zugong.base.rules import Reason, Source, Verdict

SHORTEST_REASON = 4


def may_move_deadline(before: date | None, after: date, reason: str, done_on: date | None) -> Verdict:
    """Whether a deadline may become another day: with a reason, not of what is done, and really another day."""
    said = []
    if done_on is not None:
        said.append(Reason(f"这项任务 {done_on} 已经完成，时限不用再改。"))
    if after == before:
        said.append(Reason(f"完成时限：现在就是 {after}，没有改动。"))
    if len(reason.strip()) < SHORTEST_REASON:
        said.append(Reason("改期事由：要写清为什么改，例如“等省里文件下发”。时限没有改。"))
    return Verdict(tuple(said))


def may_set_milestones(due: Sequence[date], deadline: date | None) -> Verdict:
    """Whether milestones fit a task: none after its deadline."""
    late = [day for day in due if deadline is not None and day > deadline]
    return Verdict(tuple(Reason(f"节点：{day} 晚于任务的完成时限 {deadline}。请改节点，或者先改任务的时限。") for day in late))


def may_send(receiver: str, sent: int, quota: int, approver: str, source: Source) -> Verdict:
    """Whether somebody who was sent so many follow-ups this month may be sent one more."""
    if sent < quota:
        return Verdict()
    words = f"{receiver}本月已经收到 {sent} 次督办，到了每月 {quota} 次的上限。确需再发，写明理由，由{approver}批准"
    return Verdict((Reason(words, source),))


def may_tell_again(last_told: date | None, day: date, again_days: int) -> bool:
    """Whether something that was told on a day may be told again: not within so many days. What changed its state was never
    told in that state."""
    return last_told is None or (day - last_told).days >= again_days


@dataclass(frozen=True)
class Turn:
    """Somebody's place in the row of speakers."""

    who: int
    position: int
    spoke_on: date | None = None
    away_until: date | None = None


def next_speakers(row: Sequence[Turn], day: date) -> list[int]:
    """Who speaks next and after: who has not spoken for longest, never before anybody, at one day by the row's order. Who is
    away on the day is left out and keeps his place."""
    here = [one for one in row if one.away_until is None or one.away_until < day]
    return [one.who for one in sorted(here, key=lambda one: (one.spoke_on or date.min, one.position))]
