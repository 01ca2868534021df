"""When a step is due, what its clock says on a day, and what must hold before a step may be done. Decisions only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from zugong.base.rules import Reason, Source, Verdict

DAY = timedelta(days=1)
LATE, TODAY, NEAR = "超期", "今天到期", "临近"
IsWorkingDay = Callable[[date], bool]


def weekday(day: date) -> bool:
    """Whether a day is Monday to Friday: what is known of a year nobody has entered the holidays of."""
    return day.weekday() < 5


@dataclass(frozen=True)
class Pause:
    """A time in which a clock stood still: from the first day on, up to but without the last; open while it still stands."""

    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the clock stood still on a day."""
        return self.since <= day and (self.until is None or day < self.until)


def due_on(start: date, days: int, pauses: Iterable[Pause] = (), counts: IsWorkingDay | None = None) -> date | None:
    """The last day of a limit: the start itself is not counted, nor is a day the clock stood still; with `counts`, only the
    days it is true for. No days, or days before the start, are never moved. None while the clock stands still."""
    stood = tuple(pauses)
    if days <= 0 or not (stood or counts):
        return start + days * DAY
    day = start
    while days:
        day += DAY
        holding = [one for one in stood if one.holds(day)]
        if any(one.until is None for one in holding):
            return None
        days -= not holding and (counts is None or counts(day))
    return day


def clock(due: date | None, day: date, ahead: int) -> str:
    """What a clock says on a day: 超期 once the last day is over, 今天到期 on it, 临近 from `ahead` days before, else ""."""
    if due is None or day < due - ahead * DAY:
        return ""
    return LATE if due < day else TODAY if due == day else NEAR


@dataclass(frozen=True)
class Attempt:
    """Somebody wants to carry a case on: on which day (entered when), with which paper, reason and outcome.

    `previous` is the day of what was done last and `previous_hand` the account that did it; `record` the facts of the
    record the case is about; `source` what the step rests on.
    """

    day: date
    entered_on: date
    account: str
    previous: date
    source: Source
    previous_hand: str = ""
    paper: str = ""
    reason: str = ""
    record: Mapping[str, Any] = field(default_factory=dict)


def day_holds(attempt: Attempt) -> Verdict:
    """No clock is set back: a day is today's; or an earlier one, with the paper that shows it and the reason it is entered
    late; never before what was done last."""
    day, late = attempt.day, attempt.day < attempt.entered_on
    reasons = []
    if day > attempt.entered_on:
        reasons.append(Reason(f"办理之日：{day} 晚于今天，还没有发生。"))
    if day < attempt.previous:
        reasons.append(Reason(f"办理之日：{day} 早于上一步的 {attempt.previous}，时间不能倒着走", attempt.source))
    if late and not (attempt.paper.strip() and attempt.reason.strip()):
        reasons.append(Reason("办理之日：早于今天的是补记，要写明看得到这一天的材料，以及为什么补记。"))
    return Verdict(tuple(reasons))


# Gates: what must hold before a step may be done, by the names procedures call them by


def _unless(holds: object, attempt: Attempt, text: str) -> Verdict:
    return Verdict() if holds else Verdict((Reason(text, attempt.source),))


def paper_named(attempt: Attempt) -> Verdict:
    """The paper the step leaves is named."""
    return _unless(attempt.paper.strip(), attempt, "材料：这一步要写明材料的名称或文号")


def two_papers(attempt: Attempt) -> Verdict:
    """Two papers are named, one of each side."""
    named = [one for one in re.split(r"[、，,；;\s]+", attempt.paper) if one]
    return _unless(len(named) > 1, attempt, "材料：要有两份意见，挂职单位一份、派出单位一份，中间用顿号隔开")


def another_hand(attempt: Attempt) -> Verdict:
    """Somebody else than who did the step before."""
    same = attempt.account == attempt.previous_hand
    return _unless(not same, attempt, "上一步是同一个账号办的，这一步要由另一个人办")


def after_start(attempt: Attempt) -> Verdict:
    """The day lies in the time the record speaks of, not before it."""
    begun = attempt.record.get("valid_from")
    return _unless(begun is None or attempt.day >= begun, attempt, f"办理之日：{attempt.day} 还没有开始（{begun} 起）")


def measure_said(attempt: Attempt) -> Verdict:
    """What is done about it stands in the record."""
    return _unless(attempt.record.get("measure"), attempt, "记录里还没有写整改措施，请先在记录里写上")


def office_said(attempt: Attempt) -> Verdict:
    """Whose it is stands in the record."""
    return _unless(attempt.record.get("office"), attempt, "记录里还没有责任科室，请先在记录里写上")


def solved_said(attempt: Attempt) -> Verdict:
    """What it solved stands in the record."""
    return _unless(attempt.record.get("solved"), attempt, "记录里还没有写解决了什么问题，请先在记录里写上")


GATES: dict[str, Callable[[Attempt], Verdict]] = {
    "paper": paper_named,
    "two_papers": two_papers,
    "another_hand": another_hand,
    "after_start": after_start,
    "measure_said": measure_said,
    "office_said": office_said,
    "solved_said": solved_said,
}
GATE_WORDS = {
    "paper": "写明材料",
    "two_papers": "有两份意见",
    "another_hand": "由另一个人办",
    "after_start": "在开始以后办",
    "measure_said": "已写整改措施",
    "office_said": "已定责任科室",
    "solved_said": "已写解决了什么",
}


def gates_hold(names: Iterable[str], attempt: Attempt) -> Verdict:
    """Every gate's reasons together."""
    return Verdict(tuple(reason for name in names for reason in GATES[name](attempt).reasons))
