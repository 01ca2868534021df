"""Duties: what a rule requires by a day, who is subject to it, and whether it was done.

A duty has one of the forms of `base.dutyforms`; what all forms look at is fetched in one statement, however many duties are
asked about. All states, and all parameters, are as of the frame's day; what is due on a day is missed when that day has come.
A soft duty (一般、原则上) is never overdue: it is brought up (提醒), and a recorded reason settles it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple, Protocol, TypeVar

from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    Exists,
    Expression,
    F,
    IntegerField,
    Model,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast

from zugong.base.access import Permission
from zugong.base.models import User
from zugong.base.parameters import Line, Parameter
from zugong.base.periods import Frame
from zugong.base.rules import Source
from zugong.base.standards import InForce

T = TypeVar("T")


class State(StrEnum):
    """Where a duty stands on the frame's day."""

    MISSED = "missed"
    ADVISED = "advised"
    DUE = "due"
    MET = "met"
    EXEMPT = "exempt"


STATE_WORDS = {
    State.MISSED: "已逾期",
    State.ADVISED: "提醒",
    State.DUE: "临近",
    State.MET: "已完成",
    State.EXEMPT: "不适用",
}
OPEN = (State.MISSED, State.ADVISED, State.DUE)


class Subject(NamedTuple):
    """Who a duty falls on: the record's number, what to call it, the days it was subject, why it is not (`exempt`), how many
    times as much it owes (`times`), and where it stands, when a place has rules of its own (`path`)."""

    pk: int
    name: str
    code: str
    key: str
    since: date | None = None
    until: date | None = None
    exempt: str = ""
    times: int = 1
    path: str = ""


class Finding(NamedTuple):
    """One duty of one subject: its state, the earliest open day, the open sub-periods, the rule behind it, the number of the
    record it came from (0 where it came from none), and the field to be filled (cadres.secondment:12:midway_on), by which it
    is known that two duties ask for the same thing."""

    duty: str
    subject: str
    subject_code: str
    subject_key: str
    state: State
    due_on: date | None
    missing: tuple[str, ...]
    source: Source
    note: str = ""
    record: int = 0
    fills: str = ""


class Fact(NamedTuple):
    """A row a form looks at: whom it is about, in which part, of which record, two days, and a number."""

    subject: int
    part: int
    record: int
    first: date | None
    second: date | None
    number: int
    name: str
    code: str


class Excuse(NamedTuple):
    """Why a subject is not held to a duty on the days from `first` until `until` (half-open)."""

    first: date | None
    until: date | None
    words: str

    def covers(self, day: date) -> bool:
        """Whether a day lies in its time."""
        return (self.first is None or self.first <= day) and (self.until is None or day < self.until)


Excuses = Mapping[tuple[str, str], Sequence[Excuse]]


@dataclass
class Asking:
    """One reader's question about a frame: what several duties ask about is fetched once."""

    frame: Frame
    user: User
    excuses: Excuses = field(default_factory=dict)
    _known: dict[Callable[..., Any], Any] = field(default_factory=dict)
    _lines: dict[int, InForce] = field(default_factory=dict)

    def once(self, ask: Callable[[Asking], T]) -> T:
        """The answer to a question, asked the first time only."""
        if ask not in self._known:
            self._known[ask] = ask(self)
        return self._known[ask]

    def line(self, parameter: Parameter, path: str = "") -> Line:
        """A parameter's line on the frame's day, with the local rules of the places along a path."""
        known = self._lines.get(id(parameter))
        if known is None:
            known = self._lines[id(parameter)] = self.frame.standards.of(parameter, self.frame.day)
        return known.for_path(path) if known.local else known.national

    def number(self, parameter: Parameter, path: str = "") -> int:
        """A parameter's number."""
        return int(self.line(parameter, path).value)

    def excuse(self, duty: Duty, key: str, day: date) -> str:
        """Why a subject need not do what was due on a day; "" where it must."""
        return next((one.words for one in self.excuses.get((duty.id, key), ()) if one.covers(day)), "")


class Coming(NamedTuple):
    """Something that falls due: the day, the duty, for whom (or for how many), which part or event, and a key that stays the
    same while it is the same thing."""

    day: date
    duty: str
    subject: str
    subject_key: str
    many: int
    words: str
    key: str


class Form(Protocol):
    """A kind of duty: says what it looks at, and finds what is open for all subjects of a frame at once."""

    def facts(self, duty: Duty, asking: Asking) -> Sequence[QuerySet]:
        """The rows it looks at, as `facts` puts them."""

    def findings(self, duty: Duty, asking: Asking, rows: Sequence[Fact]) -> Iterator[Finding]:
        """One finding for each subject the user may see."""


@dataclass(frozen=True)
class Evidence:
    """The kind of record by which a duty is done: a model, narrowed by its values."""

    model: type[Model]
    narrow: Mapping[str, Any] = field(default_factory=dict)

    def rows(self) -> QuerySet:
        """Every record of the kind."""
        return self.model._default_manager.filter(**self.narrow)


@dataclass(frozen=True, eq=False)
class Duty:
    """What is due. `who` and `what` are for readers; `parameter` carries the number and its source.

    `soft`: the text says 一般 or 原则上. `evidence`: where it is recorded that it was done; with `asleep` the duty is not
    asked about until the first such record is kept, for nobody can say what was missed before records began. `reads`: the
    right without which nobody is told. `personal`: it is about persons, not organizations.
    """

    id: str
    name: str
    who: str
    what: str
    parameter: Parameter
    form: Form
    soft: bool = False
    evidence: Evidence | None = None
    asleep: bool = False
    reads: Permission | None = None
    personal: bool = False

    def findings(self, frame: Frame, user: User, excuses: Excuses | None = None) -> Iterator[Finding]:
        """One finding for each subject of the frame the user may see."""
        return Board([self], Asking(frame, user, excuses or {})).findings()

    def source(self, frame: Frame) -> Source:
        """The document in force on the frame's day."""
        return frame.standards.on(self.parameter, frame.day).source

    def finding(
        self,
        asking: Asking,
        subject: Subject,
        state: State,
        due_on: date | None = None,
        missing: tuple[str, ...] = (),
        note: str = "",
        record: int = 0,
        fills: str = "",
    ) -> Finding:
        """A finding of this duty; what a soft duty missed is brought up."""
        if state == State.MISSED and self.soft:
            state = State.ADVISED
        source = asking.line(self.parameter, subject.path).source
        if fills:
            fills = f"{self.evidence.model._meta.label_lower}:{record}:{fills}" if self.evidence else ""
        return Finding(self.id, subject.name, subject.code, subject.key, state, due_on, missing, source, note, record, fills)


NO_DAY, NO_WORDS = Cast(Value(None), DateField()), Cast(Value(""), CharField())
COLUMNS = ("fact_subject", "fact_part", "fact_record", "fact_first", "fact_second", "fact_number", "fact_name", "fact_code")


def facts(
    rows: QuerySet,
    subject: str,
    *,
    part: Expression | None = None,
    record: str = "",
    first: str = "",
    second: str = "",
    number: Expression | None = None,
    name: str = "",
    code: str = "",
) -> QuerySet:
    """Rows in the columns that all forms share, so that many duties make one statement. Each argument is a lookup of the
    rows; `number`, where it adds up, groups them by everything else."""
    columns = {
        "fact_subject": Cast(F(subject), BigIntegerField()),
        "fact_part": part or Value(0, IntegerField()),
        "fact_record": Cast(F(record), BigIntegerField()) if record else Value(0, BigIntegerField()),
        "fact_first": Cast(F(first), DateField()) if first else NO_DAY,
        "fact_second": Cast(F(second), DateField()) if second else NO_DAY,
        "fact_name": Cast(F(name), CharField()) if name else NO_WORDS,
        "fact_code": Cast(F(code), CharField()) if code else NO_WORDS,
    }
    grouped = rows.order_by().annotate(**columns).values(*columns)
    return grouped.annotate(fact_number=Cast(number or Value(1), BigIntegerField())).values_list(*COLUMNS)


class Board:
    """Many duties over one frame: who may be told of which, which of them are awake, and what is found."""

    def __init__(self, duties: Iterable[Duty], asking: Asking) -> None:
        self.asking = asking
        self._asked = [one for one in duties if one.reads is None or asking.user.may_somewhere(one.reads)]

    @cached_property
    def sleeping(self) -> list[Duty]:
        """The duties of whose evidence nothing was ever kept: one statement."""
        kinds = {str(i): Exists(one.evidence.rows()) for i, one in enumerate(self._asked) if one.asleep and one.evidence}
        if not kinds:
            return []
        fields = {f"kind_{i}": kind for i, kind in kinds.items()}
        kept = User.objects.filter(pk=self.asking.user.pk).annotate(**fields).values_list(*fields).first()
        return [self._asked[int(i)] for i, there in zip(kinds, kept or (), strict=True) if not there]

    @cached_property
    def duties(self) -> list[Duty]:
        """The duties that are asked about."""
        return [one for one in self._asked if one not in self.sleeping]

    def findings(self) -> Iterator[Finding]:
        """Every finding, duty by duty."""
        rows = self._rows()
        for i, duty in enumerate(self.duties):
            yield from duty.form.findings(duty, self.asking, rows.get(i, ()))

    def coming(self) -> Iterator[Coming]:
        """What falls due from the frame's day to the end of its period, and is not done yet; a form that does not look ahead
        tells what it has found open."""
        rows, last = self._rows(), self.asking.frame.period.last
        for i, duty in enumerate(self.duties):
            ahead = getattr(duty.form, "coming", None)
            found = ahead(duty, self.asking, rows.get(i, ())) if ahead else _found(duty, self.asking, rows.get(i, ()))
            yield from (one for one in found if self.asking.frame.day <= one.day <= last)

    def _rows(self) -> dict[int, list[Fact]]:
        """What all forms look at, by duty: one statement."""
        arms = [
            one.annotate(fact_duty=Value(i, IntegerField())).values_list("fact_duty", *COLUMNS)
            for i, duty in enumerate(self.duties)
            for one in duty.form.facts(duty, self.asking)
        ]
        found: dict[int, list[Fact]] = defaultdict(list)
        if arms:
            rows = arms[0].union(*arms[1:], all=True) if len(arms) > 1 else arms[0]
            for number, subject, part, record, first, second, amount, name, code in rows.iterator(chunk_size=5000):
                found[number].append(Fact(subject, part, record, first, second, amount or 0, name or "", code or ""))
        return found


def _found(duty: Duty, asking: Asking, rows: Sequence[Fact]) -> Iterator[Coming]:
    for one in duty.form.findings(duty, asking, rows):
        if one.due_on is not None and one.state in OPEN:
            key = f"{duty.id}|{one.subject_key}|{one.record}"
            yield Coming(one.due_on, duty.id, one.subject, one.subject_key, 1, "；".join(one.missing), key)


def catalogue(*duties: Duty) -> dict[str, Duty]:
    """The duties by id; an id used twice stops the start-up."""
    found: dict[str, Any] = {}
    for one in duties:
        if one.id in found:
            raise ValueError(f"duty id used twice: {one.id}")
        found[one.id] = one
    return found
