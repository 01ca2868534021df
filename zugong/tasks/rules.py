"""What may be done with a task, and who is next. Decisions only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zugong.base.rules import Reason, Verdict

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
