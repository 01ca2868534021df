"""The forms of duties, each written once: set-based, so that it runs the same on every database; beside each stands a pure
rule of `base.rules` that says the same of one subject, and a parity test holds the two together.

`Cadence`  so many events, or hours, in each month, quarter, half-year, year or five years
`Covering` everybody of a body, once in each part: who was left out, counted
`Deadline` something done so long after an event; without a length, before an expiry
`Order`    one thing before another, so much before it
`Lasting`  something kept up for so many working days
`Composition` how many there are of something: at least, at most
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Count, IntegerField, QuerySet, Sum, Value, When
from django.db.models.functions import Round

from zugong.base.duties import Asking, Coming, Duty, Fact, Finding, State, Subject, facts
from zugong.base.parameters import Parameter
from zugong.base.periods import Frame, Period
from zugong.base.rules import MONTHS, in_order, so_long_after, standing, within_bounds
from zugong.base.workdays import UnknownYear, Workdays, workdays

Audience = Callable[[Asking], Sequence[Subject]]
Rows = Callable[[Asking], QuerySet]
TENTHS = 10  # hours are counted in tenths, so that whole numbers are compared
WORKDAYS = "个工作日"


@dataclass(frozen=True)
class Events:
    """Rows of which each happened on a day to a subject; `amount` is what they add up to (hours), else they are counted."""

    rows: Callable[[Frame], QuerySet]
    subject: str = "organization_id"
    day: str = "held_on"
    amount: str = ""


@dataclass(frozen=True)
class Cadence:
    """At least the parameter's number of events, or its hours, in each `months`-long part that ends in the period.

    A subject that came into being or ended inside a part is not held to it. `reminder` says how many days before a part
    ends it is brought up.
    """

    months: int
    audience: Audience
    events: tuple[Events, ...]
    reminder: Parameter

    def facts(self, duty: Duty, asking: Asking) -> list[QuerySet]:
        parts = asking.frame.period.closing(self.months)
        return [_by_part(one, parts, asking.frame) for one in self.events] if parts else []

    def findings(self, duty: Duty, asking: Asking, rows: Sequence[Fact]) -> Iterator[Finding]:
        day = asking.frame.day
        parts = [part for part in asking.frame.period.closing(self.months) if part.first <= day]
        if not parts:
            return
        held = _added(rows)
        ahead = timedelta(days=asking.number(self.reminder))
        for subject in self.audience(asking):
            if subject.exempt:
                yield duty.finding(asking, subject, State.EXEMPT, note=subject.exempt)
                continue
            enough = self._enough(duty, asking, subject)
            short = [part for i, part in enumerate(parts) if held[subject.pk, i] < enough and _throughout(subject, part)]
            yield _of_parts(duty, asking, subject, short, ahead)

    def coming(self, duty: Duty, asking: Asking, rows: Sequence[Fact]) -> Iterator[Coming]:
        """The parts that end from the frame's day on, each for those who have not done enough in it yet."""
        parts, day = asking.frame.period.closing(self.months), asking.frame.day
        held = _added(rows)
        owing = [(one, self._enough(duty, asking, one)) for one in self.audience(asking) if not one.exempt]
        for i, part in enumerate(parts):
            if part.last >= day:
                yield from _of_part(duty, asking, part, [one for one, enough in owing if held[one.pk, i] < enough])

    def _enough(self, duty: Duty, asking: Asking, subject: Subject) -> int:
        """What a subject owes in each part; hours in tenths."""
        return asking.number(duty.parameter, subject.path) * subject.times * (TENTHS if self.events[0].amount else 1)


def _added(rows: Sequence[Fact]) -> Counter[tuple[int, int]]:
    """The rows' numbers added up by subject and part."""
    held: Counter[tuple[int, int]] = Counter()
    for row in rows:
        held[row.subject, row.part] += row.number
    return held


def _of_part(duty: Duty, asking: Asking, part: Period, subjects: list[Subject]) -> Iterator[Coming]:
    """One line for a part and those held to it: by name where it is one subject's, else with their number."""
    open_for = [one for one in subjects if _throughout(one, part) and not asking.excuse(duty, one.key, part.last)]
    if open_for:
        one = open_for[0] if len(open_for) == 1 else None
        name, key = (one.name, one.key) if one else ("", "")
        yield Coming(part.last, duty.id, name, key, len(open_for), part.title, f"{duty.id}|{key}|{part.code}")


def _by_part(events: Events, parts: list[Period], frame: Frame) -> QuerySet:
    """Events added up by subject and part."""
    part = Case(
        *(When(**{f"{events.day}__lte": p.last}, then=Value(i)) for i, p in enumerate(parts)), output_field=IntegerField()
    )
    days = (parts[0].first, min(parts[-1].last, frame.day))
    rows = events.rows(frame).filter(**{f"{events.day}__range": days})
    return facts(rows, events.subject, part=part, number=_amount(events))


def _amount(events: Events) -> Count | Round:
    return Round(Sum(events.amount) * TENTHS) if events.amount else Count("pk")


def _throughout(subject: Subject, part: Period) -> bool:
    begun = subject.since is None or subject.since <= part.first
    return begun and (subject.until is None or subject.until > part.last)


def _of_parts(
    duty: Duty,
    asking: Asking,
    subject: Subject,
    short: list[Period],
    ahead: timedelta,
    words: Callable[[Period], str] | None = None,
) -> Finding:
    """The finding of a subject by its open parts, in their order: those that are over, and those about to be."""
    day = asking.frame.day
    short = [part for part in short if part.last - ahead <= day]
    if not short:
        return duty.finding(asking, subject, State.MET)
    shown = [part for part in short if not asking.excuse(duty, subject.key, part.last)] if asking.excuses else short
    if not shown:
        return duty.finding(asking, subject, State.EXEMPT, note=asking.excuse(duty, subject.key, short[0].last))
    state = State.MISSED if shown[0].last <= day else State.DUE
    return duty.finding(asking, subject, state, shown[0].last, tuple(words(p) if words else p.code for p in shown))


@dataclass(frozen=True)
class Covering:
    """Everybody of a body once (or for so many hours) in each part: `left_out(asking, part)` gives rows of who was not, one
    for each person, with the body as `subject`. One finding for each body, with their number."""

    months: int
    audience: Audience
    left_out: Callable[[Asking, Period], QuerySet]
    reminder: Parameter
    subject: str = "organization_id"
    unit: str = "人"

    def facts(self, duty: Duty, asking: Asking) -> list[QuerySet]:
        parts = asking.frame.period.closing(self.months)
        return [
            facts(self.left_out(asking, part), self.subject, part=Value(i, IntegerField()), number=Count("pk"))
            for i, part in enumerate(parts)
            if part.first <= asking.frame.day
        ]

    def findings(self, duty: Duty, asking: Asking, rows: Sequence[Fact]) -> Iterator[Finding]:
        parts = [part for part in asking.frame.period.closing(self.months) if part.first <= asking.frame.day]
        if not parts:
            return
        out: dict[int, dict[Period, int]] = defaultdict(dict)
        for row in rows:
            out[row.subject][parts[row.part]] = row.number
        ahead = timedelta(days=asking.number(self.reminder))
        for subject in self.audience(asking):
            missing = out.get(subject.pk, {})
            if subject.exempt:
                yield duty.finding(asking, subject, State.EXEMPT, note=subject.exempt)
                continue
            short = [part for part in parts if part in missing and _throughout(subject, part)]
            words = {part: f"{part.title}还有 {n} {self.unit}" for part, n in missing.items()}
            yield _of_parts(duty, asking, subject, short, ahead, words.__getitem__)

    def coming(self, duty: Duty, asking: Asking, rows: Sequence[Fact]) -> Iterator[Coming]:
        """The parts that end from the frame's day on, for every body: who will be left out is not known before."""
        bodies = [one for one in self.audience(asking) if not one.exempt]
        for part in asking.frame.period.closing(self.months):
            if part.last >= asking.frame.day:
                yield from _of_part(duty, asking, part, bodies)


@dataclass(frozen=True)
class Clock:
    """Rows about somebody that carry days, and how whom they are about is named: shared by the forms below.

    `label` is the kind of record the subject is (people.person); a person goes by the number, never by an ID.
    """

    rows: Rows
    subject: str
    name: str
    label: str
    words: str
    code: str = ""
    record: str = "pk"

    def of(self, asking: Asking, first: str = "", second: str = "") -> list[QuerySet]:
        """The rows with two of their days."""
        return [
            facts(
                self.rows(asking), self.subject, record=self.record, first=first, second=second, name=self.name, code=self.code
            )
        ]

    def whom(self, row: Fact) -> Subject:
        """Whom a row is about."""
        return Subject(row.subject, row.name or "（姓名未填）", row.code or f"P{row.subject}", f"{self.label}:{row.subject}")

    def said(self, row: Fact) -> tuple[str, ...]:
        """What is open, with the row's days in it."""
        return (self.words.format(first=row.first, second=row.second),)


@dataclass(frozen=True)
class Deadline:
    """Something done by the day `done` so long after the day `start`; without a `length`, before `start` itself (an expiry).

    Brought up as many days or months before as `reminder` says in its own unit.
    """

    clock: Clock
    start: str
    reminder: Parameter
    done: str = ""
    length: Parameter | None = None

    def facts(self, duty: Duty, asking: Asking) -> list[QuerySet]:
        return self.clock.of(asking, self.start, self.done)

    def findings(self, duty: Duty, asking: Asking, rows: Sequence[Fact]) -> Iterator[Finding]:
        day, many = asking.frame.day, asking.number(self.length) if self.length else 0
        for row in rows:
            if row.first is None:
                continue
            due_on = so_long_after(row.first, many, self.length.unit) if self.length else row.first
            state = State(standing(due_on, row.second if self.done else None, self.remind_from(due_on, asking), day))
            yield _by_day(duty, asking, self.clock, row, state, due_on, self.done)

    def coming(self, duty: Duty, asking: Asking, rows: Sequence[Fact]) -> Iterator[Coming]:
        """The days of what is not done, however far ahead."""
        day, many = asking.frame.day, asking.number(self.length) if self.length else 0
        for row in rows:
            if row.first is None or (self.done and row.second is not None and row.second <= day):
                continue
            due_on = so_long_after(row.first, many, self.length.unit) if self.length else row.first
            who = self.clock.whom(row)
            if asking.excuse(duty, who.key, due_on):
                continue
            words = "；".join(self.clock.said(row))
            yield Coming(due_on, duty.id, who.name, who.key, 1, words, f"{duty.id}|{who.key}|{row.record}")

    def remind_from(self, due_on: date, asking: Asking) -> date:
        """The day from which it is brought up."""
        ahead = asking.number(self.reminder)
        months = self.reminder.unit == MONTHS
        return so_long_after(due_on, -ahead, MONTHS) if months else due_on - timedelta(days=ahead)


def _by_day(duty: Duty, asking: Asking, clock: Clock, row: Fact, state: State, due_on: date, fills: str = "") -> Finding:
    subject = clock.whom(row)
    if state == State.MET:
        return duty.finding(asking, subject, state, record=row.record)
    if asking.excuses and (note := asking.excuse(duty, subject.key, due_on)):
        return duty.finding(asking, subject, State.EXEMPT, note=note, record=row.record)
    return duty.finding(asking, subject, state, due_on, clock.said(row), record=row.record, fills=fills)


@dataclass(frozen=True)
class Order:
    """`earlier` comes before `later`, by as much as `gap` says; looked at for what is later in the period. What was done out
    of order stays so: the finding says it, and a recorded reason may settle it."""

    clock: Clock
    earlier: str
    later: str
    gap: Parameter | None = None

    def facts(self, duty: Duty, asking: Asking) -> list[QuerySet]:
        return self.clock.of(asking, self.earlier, self.later)

    def findings(self, duty: Duty, asking: Asking, rows: Sequence[Fact]) -> Iterator[Finding]:
        first, last = asking.frame.days
        many = asking.number(self.gap) if self.gap else 0
        for row in rows:
            if row.second is None or not first <= row.second <= last:
                continue
            good = in_order(row.first, row.second, many, self.gap.unit if self.gap else "天")
            yield _by_day(duty, asking, self.clock, row, State.MET if good else State.MISSED, row.second)


@dataclass(frozen=True)
class Lasting:
    """Kept up from `start` to `end` for at least the parameter's number of working days; `count_first` says (1 or 0) whether
    the first day counts. Of a year without a calendar it says so and judges nothing."""

    clock: Clock
    start: str
    end: str
    count_first: Parameter

    def facts(self, duty: Duty, asking: Asking) -> list[QuerySet]:
        return self.clock.of(asking, self.start, self.end)

    def findings(self, duty: Duty, asking: Asking, rows: Sequence[Fact]) -> Iterator[Finding]:
        first, last = asking.frame.days
        ended = [(row, row.first, row.second) for row in rows if row.first and row.second and first <= row.second <= last]
        if not ended:
            return
        calendar, many = asking.once(_calendar), asking.number(duty.parameter)
        counted = bool(asking.number(self.count_first))
        for row, begun_on, ended_on in ended:
            try:
                full = calendar.last_of(begun_on, many, count_first=counted)
            except UnknownYear as unknown:
                yield duty.finding(asking, self.clock.whom(row), State.EXEMPT, note=str(unknown), record=row.record)
                continue
            yield _by_day(duty, asking, self.clock, row, State.MET if ended_on >= full else State.MISSED, ended_on)


def _calendar(asking: Asking) -> Workdays:
    return workdays()


@dataclass(frozen=True)
class Composition:
    """How many rows there are of each subject on the frame's day: at least `least`, at most `most`."""

    audience: Audience
    rows: Rows
    words: str
    subject: str = "organization_id"
    least: Parameter | None = None
    most: Parameter | None = None

    def facts(self, duty: Duty, asking: Asking) -> list[QuerySet]:
        return [facts(self.rows(asking), self.subject, number=Count("pk"))]

    def findings(self, duty: Duty, asking: Asking, rows: Sequence[Fact]) -> Iterator[Finding]:
        many = {row.subject: row.number for row in rows}
        day = asking.frame.day
        for subject in self.audience(asking):
            n, note = many.get(subject.pk, 0), subject.exempt
            low = asking.number(self.least, subject.path) if self.least else None
            high = asking.number(self.most, subject.path) if self.most else None
            good = within_bounds(n, low, high)
            if not note and not good:
                note = asking.excuse(duty, subject.key, day)
            if note:
                yield duty.finding(asking, subject, State.EXEMPT, note=note)
            elif good:
                yield duty.finding(asking, subject, State.MET)
            else:
                yield duty.finding(asking, subject, State.MISSED, None, (self.words.format(n=n, low=low, high=high),))
