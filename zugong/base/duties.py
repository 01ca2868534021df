"""Duties: what a rule requires by a day, who is subject to it, and whether it was done.

A duty is one of two set-based forms: `Cadence` (so many events in each month or quarter) and `ByDay` (something due on a
day known for each subject). All states, and all parameters, are as of the frame's day; what is due on a day is missed when
that day has come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Protocol

from django.db.models import Case, Count, QuerySet, Value, When

from zugong.base.models import User
from zugong.base.parameters import Parameter
from zugong.base.periods import Frame, Period
from zugong.base.rules import Source, add_months

MONTHS = "个月"


class State(StrEnum):
    """Where a duty stands on the frame's day."""

    MISSED = "missed"
    DUE = "due"
    MET = "met"
    EXEMPT = "exempt"


STATE_WORDS = {State.MISSED: "已逾期", State.DUE: "临近", State.MET: "已完成", State.EXEMPT: "不适用"}


@dataclass(frozen=True)
class Finding:
    """One duty of one subject: its state, the earliest open day, the open sub-periods, the rule behind it."""

    duty: str
    subject: str
    subject_code: str
    subject_key: str
    state: State
    due_on: date | None
    missing: tuple[str, ...]
    source: Source
    note: str = ""


class Form(Protocol):
    """A kind of duty: finds what is open for all subjects of a frame at once."""

    def findings(self, duty: Duty, frame: Frame, user: User) -> Iterator[Finding]:
        """One finding for each subject the user may see."""


@dataclass(frozen=True)
class Duty:
    """What is due. `who` and `what` are for readers; `parameter` carries the number and its source."""

    id: str
    name: str
    who: str
    what: str
    parameter: Parameter
    form: Form

    def findings(self, frame: Frame, user: User) -> Iterator[Finding]:
        """One finding for each subject of the frame the user may see."""
        return self.form.findings(self, frame, user)

    def source(self, frame: Frame) -> Source:
        """The document in force on the frame's day."""
        return frame.standards.on(self.parameter, frame.day).source


@dataclass(frozen=True)
class Subject:
    """Who a duty falls on: the record's number, what to call it, and the days it was subject."""

    pk: int
    name: str
    code: str
    key: str
    since: date | None = None
    until: date | None = None
    exempt: str = ""


@dataclass(frozen=True)
class Cadence:
    """At least the parameter's number of events in each `months`-long part of the period.

    `subjects(frame, user)` gives who is subject; `events(frame)` gives rows with `subject` and `day` columns named
    here. A subject that came into being or ended inside a part is not held to that part. `reminder` says how many days
    before a part ends it is brought up.
    """

    months: int
    subjects: Callable[[Frame, User], Iterable[Subject]]
    events: Callable[[Frame], QuerySet]
    subject: str
    day: str
    reminder: Parameter

    def findings(self, duty: Duty, frame: Frame, user: User) -> Iterator[Finding]:
        parts = list(frame.period.split(self.months))
        held = self._held(parts, frame)
        source = duty.source(frame)
        needed = int(frame.standards.on(duty.parameter, frame.day).value)
        ahead = timedelta(days=int(frame.standards.on(self.reminder, frame.day).value))
        for subject in self.subjects(frame, user):
            yield self._finding(duty, source, subject, parts, held.get(subject.pk, {}), needed, ahead, frame.day)

    def _held(self, parts: list[Period], frame: Frame) -> dict[int, dict[int, int]]:
        """Events counted by subject and part, in one statement."""
        if not parts:
            return {}
        part = Case(*(When(**{f"{self.day}__lte": p.last}, then=Value(i)) for i, p in enumerate(parts)))
        days = (parts[0].first, min(parts[-1].last, frame.day))
        rows = (
            self.events(frame)
            .order_by()
            .filter(**{f"{self.day}__range": days})
            .annotate(part=part)
            .values_list(self.subject, "part")
            .annotate(n=Count("pk"))
        )
        held: dict[int, dict[int, int]] = defaultdict(dict)
        for subject, number, n in rows.iterator(chunk_size=5000):
            held[subject][number] = n
        return held

    def _finding(
        self,
        duty: Duty,
        source: Source,
        subject: Subject,
        parts: list[Period],
        held: dict[int, int],
        needed: int,
        ahead: timedelta,
        day: date,
    ) -> Finding:
        if subject.exempt:
            return _finding(duty, subject, State.EXEMPT, None, (), source, subject.exempt)
        open_parts = [
            part
            for i, part in enumerate(parts)
            if held.get(i, 0) < needed and part.first <= day and _subject_throughout(subject, part)
        ]
        missed = [part for part in open_parts if part.last <= day]
        near = [part for part in open_parts if part.last > day >= part.last - ahead]
        state = State.MISSED if missed else State.DUE if near else State.MET
        shown = missed + near
        return _finding(duty, subject, state, shown[0].last if shown else None, tuple(p.code for p in shown), source)


def _subject_throughout(subject: Subject, part: Period) -> bool:
    begun = subject.since is None or subject.since <= part.first
    return begun and (subject.until is None or subject.until > part.last)


@dataclass(frozen=True)
class Due:
    """A day by which something open must be done, as a room reports it."""

    subject: Subject
    due_on: date
    open: bool
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class ByDay:
    """Something due on a day known for each subject: the expiry of a term, a talk so many days after a start.

    `dues(frame, user)` gives each subject's day and whether it is still open; the reminder window opens as many months
    or days before it as `reminder` says, in its own unit.
    """

    dues: Callable[[Frame, User], Iterable[Due]]
    reminder: Parameter

    def findings(self, duty: Duty, frame: Frame, user: User) -> Iterator[Finding]:
        source = duty.source(frame)
        for due in self.dues(frame, user):
            state = self.state(due, frame)
            open_now = state in (State.MISSED, State.DUE)
            missing = due.missing if open_now else ()
            yield _finding(duty, due.subject, state, due.due_on if open_now else None, missing, source)

    def state(self, due: Due, frame: Frame) -> State:
        """Missed when the day has come, due inside the reminder window, met otherwise."""
        if not due.open:
            return State.MET
        day = frame.day
        if due.due_on <= day:
            return State.MISSED
        ahead = int(frame.standards.on(self.reminder, day).value)
        months = self.reminder.unit == MONTHS
        reminded_from = add_months(due.due_on, -ahead) if months else due.due_on - timedelta(days=ahead)
        return State.DUE if reminded_from <= day else State.MET


def _finding(
    duty: Duty,
    subject: Subject,
    state: State,
    due_on: date | None,
    missing: tuple[str, ...],
    source: Source,
    note: str = "",
) -> Finding:
    return Finding(duty.id, subject.name, subject.code, subject.key, state, due_on, missing, source, note)


def catalogue(*duties: Duty) -> dict[str, Duty]:
    """The duties by id; an id used twice stops the start-up."""
    found: dict[str, Any] = {}
    for one in duties:
        if one.id in found:
            raise ValueError(f"duty id used twice: {one.id}")
        found[one.id] = one
    return found
