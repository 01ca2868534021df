"""Where a case stands: the steps it has gone through, walked along its procedure, as of any day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from zugong.base.rules import Reason, Refused, Verdict
from zugong.regulations.procedures import ENTERED, OPENED, RECORD, Procedure, Step
from zugong.tasks.clocks import Attempt, IsWorkingDay, Pause, day_holds, due_on, gates_hold


class Did(StrEnum):
    """What can happen to a case."""

    OPENED = "opened"
    DONE = "done"
    TAKEN = "taken"
    RETURNED = "returned"
    PAUSED = "paused"
    RESUMED = "resumed"
    WITHDRAWN = "withdrawn"


DID_WORDS = {
    Did.OPENED: "开启",
    Did.DONE: "办完",
    Did.TAKEN: "台账已记",
    Did.RETURNED: "退回",
    Did.PAUSED: "中止计时",
    Did.RESUMED: "恢复计时",
    Did.WITHDRAWN: "撤回",
}


class State(StrEnum):
    """How a case stands, in the words of the screen."""

    OPEN = "办理中"
    PAUSED = "中止"
    CLOSED = "已办结"
    WITHDRAWN = "已撤回"


GOING = (State.OPEN, State.PAUSED)


@dataclass(frozen=True)
class Event:
    """One thing that happened to a case: at which step, on which day, by whose hand."""

    did: Did
    step: str
    day: date
    choice: str = ""
    account: str = ""


@dataclass(frozen=True)
class Position:
    """Where a case stands: its step (None once it is over), the day that step was entered, the day of what happened last."""

    state: State
    step: Step | None
    opened: date
    entered: date
    last: date
    hand: str
    done: Mapping[str, date]
    pauses: tuple[Pause, ...]


def position(procedure: Procedure, events: Iterable[Event]) -> Position:
    """Where a case stands after these events, the first of which opened it."""
    return list(walk(procedure, events))[-1]


def walk(procedure: Procedure, events: Iterable[Event]) -> Iterable[Position]:
    """Where the case stood after each event, in their order."""
    at: Position | None = None
    for event in events:
        if at is None:
            first = procedure.step(event.step)
            at = Position(State.OPEN, first, event.day, event.day, event.day, event.account, {}, ())
        else:
            at = replace(_moved(procedure, at, event), last=event.day)
        yield at


def _moved(procedure: Procedure, at: Position, event: Event) -> Position:
    if event.did == Did.PAUSED:
        return replace(at, state=State.PAUSED, pauses=(*at.pauses, Pause(event.day)))
    if event.did == Did.RESUMED:
        return replace(at, state=State.OPEN, pauses=_ended(at.pauses, event.day))
    if event.did == Did.WITHDRAWN:
        return replace(at, state=State.WITHDRAWN, step=None, pauses=_ended(at.pauses, event.day))
    if event.did == Did.RETURNED:
        return replace(at, step=procedure.step(event.choice), entered=event.day, hand=event.account)
    following = procedure.after(procedure.step(event.step), event.choice)
    done = {**at.done, event.step: event.day}
    state = State.OPEN if following else State.CLOSED
    return replace(at, state=state, step=following, entered=event.day, done=done, hand=event.account)


def _ended(pauses: tuple[Pause, ...], day: date) -> tuple[Pause, ...]:
    return tuple(replace(one, until=day) if one.until is None else one for one in pauses)


def as_of(events: Iterable[Event], day: date) -> list[Event]:
    """What had happened by a day."""
    return [one for one in events if one.day <= day]


def due(at: Position, record: Mapping[str, Any], counts: IsWorkingDay) -> date | None:
    """The last day of the step the case is at; None where it has no limit, its start is not known, the clock stands, or the
    calendar does not reach so far (it says so by refusing)."""
    limit = at.step.limit if at.step else None
    if limit is None or at.state not in GOING:
        return None
    if limit.start.startswith(RECORD):
        start = record.get(limit.start.removeprefix(RECORD))
    else:
        start = {OPENED: at.opened, ENTERED: at.entered}.get(limit.start) or at.done.get(limit.start)
    if start is None:
        return None
    try:
        return due_on(start, limit.days, at.pauses, counts if limit.working else None)
    except Refused:
        return None


def counts_on(at: Position, due: date | None) -> bool:
    """Whether the last day of the step counts: while it is open; while its clock stands only where the day was over before,
    for no pause makes what was late look as if it was not."""
    if at.state == State.PAUSED:
        return due is not None and due < at.pauses[-1].since
    return at.state == State.OPEN


# What may be done next, each answered with a verdict


def may_do(at: Position, attempt: Attempt, choice: str) -> Verdict:
    """Whether the step the case is at may be done."""
    if not (going := _is_going(at)) or at.step is None:
        return going
    known = [one.say for one in at.step.choices]
    chosen = [] if not known or choice in known else [Reason(f"结果：请从“{'”“'.join(known)}”里选一个。")]
    return Verdict((*chosen, *day_holds(attempt).reasons, *gates_hold(at.step.gates, attempt).reasons))


def may_return(at: Position, attempt: Attempt) -> Verdict:
    """Whether the step may be sent back: only where the procedure has that way, and with a reason."""
    if not (going := _is_going(at)) or at.step is None:
        return going
    way = [] if at.step.back else [Reason(f"“{at.step.name}”不能退回", at.step.source)]
    return Verdict((*way, *_reason_said(attempt, "退回"), *day_holds(attempt).reasons))


def may_pause(at: Position, attempt: Attempt) -> Verdict:
    """Whether the clock may stand still: where the procedure says for which reasons, with the reason, from today on: a time
    that is over is not turned into a pause, which would make what was late look as if it was not."""
    if not (going := _is_going(at)) or at.step is None:
        return going
    way = [] if at.step.pause else [Reason(f"“{at.step.name}”的计时不能中止", at.step.source)]
    back = [] if attempt.day >= attempt.entered_on else [Reason("办理之日：中止只能从今天算起，过去的日子不能补成中止。")]
    return Verdict((*way, *back, *_reason_said(attempt, "中止"), *day_holds(attempt).reasons))


def may_resume(at: Position, attempt: Attempt) -> Verdict:
    """Whether a clock that stands may go on."""
    stands = [] if at.state == State.PAUSED else [Reason("计时没有中止，不用恢复。")]
    return Verdict((*stands, *day_holds(attempt).reasons))


def may_withdraw(at: Position, attempt: Attempt) -> Verdict:
    """Whether the case may be given up: while it goes on, with a reason."""
    over = [] if at.state in GOING else [Reason(f"这件事{at.state}，不能再撤回。")]
    return Verdict((*over, *_reason_said(attempt, "撤回"), *day_holds(attempt).reasons))


def _is_going(at: Position) -> Verdict:
    if at.state == State.PAUSED:
        return Verdict((Reason("计时中止着。请先恢复计时，再往下办。"),))
    return Verdict() if at.state == State.OPEN else Verdict((Reason(f"这件事{at.state}，没有下一步。"),))


def _reason_said(attempt: Attempt, what: str) -> tuple[Reason, ...]:
    return () if attempt.reason.strip() else (Reason(f"理由：还没有写为什么{what}。"),)


# What a record proves when a case is opened for it


def taken_over(procedure: Procedure, record: Mapping[str, Any], on: date) -> list[tuple[Step, date]]:
    """The steps a record already proves, with its days, in order: up to the first step that enters a day and has none.
    A step that enters no day counts as done on the day of the next one that is proven."""
    found: list[tuple[Step, date]] = []
    waiting: list[Step] = []
    for step in procedure.steps:
        if not step.fills:
            waiting.append(step)
            continue
        day = record.get(step.fills)
        if day is None or day > on or (found and day < found[-1][1]) or step.choices:
            break
        found += [(one, day) for one in (*waiting, step)]
        waiting = []
    return found


@dataclass(frozen=True)
class Line:
    """One line of a case as its page shows it: what is to be done by whom, what was done when, whether in time."""

    step: Step
    did: Did | None
    day: date | None
    due: date | None
    choice: str = ""
    event: int | None = None

    @property
    def in_time(self) -> bool:
        """Whether it was done by its day, as far as there is one."""
        return self.day is None or self.due is None or self.day <= self.due


def course(
    procedure: Procedure, events: Sequence[Event], record: Mapping[str, Any], counts: IsWorkingDay
) -> tuple[list[Line], Position]:
    """The case line by line: what happened, the step it is at, and the steps ahead if every outcome is the first one."""
    places = list(walk(procedure, events))
    lines = []
    for number, (event, before) in enumerate(zip(events[1:], places, strict=False), 1):
        step = procedure.step(event.step)
        lines.append(Line(step, event.did, event.day, due(before, record, counts), event.choice, number))
    at, seen = places[-1], set()
    step = at.step
    while step is not None and step.id not in seen:
        lines.append(Line(step, None, None, due(at, record, counts) if step is at.step else None))
        seen.add(step.id)
        step = procedure.after(step, step.choices[0].say if step.choices else "")
    return lines, at
