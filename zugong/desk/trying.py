"""A number that does not hold yet, tried: the same duties over the same records by two standards, side by side.

Nothing is written. Units are listed as they stand in the tree, never by how many changes they have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache, cached_property
from typing import Any

from zugong.base.duties import OPEN, STATE_WORDS, Duty, Finding
from zugong.base.dutyforms import Cadence, Composition
from zugong.base.models import User
from zugong.base.parameters import Line, Parameter, everywhere
from zugong.base.periods import Frame
from zugong.base.rules import Source, Standing, room_for_local
from zugong.base.standards import Entered
from zugong.desk.dues import DUTIES
from zugong.desk.owing import Owing, missing_words
from zugong.organizations.models import PartyOrganization

PAGE = 50


def uses(made: Any) -> set[str]:
    """The keys of the parameters a duty is made with, its form's among them."""
    if isinstance(made, Parameter):
        return {made.key}
    if isinstance(made, tuple | list):
        return {key for one in made for key in uses(one)}
    if is_dataclass(made) and not isinstance(made, type):
        return {key for f in fields(made) for key in uses(getattr(made, f.name))}
    return set()


def touched(parameter: Parameter) -> list[Duty]:
    """The duties a parameter may change: those made with it, and those of its own room, which may ask for it under way. What
    none is made with (from how many members on a committee is due) any of them may ask for, in other rooms, too."""
    made = {one.id for one in DUTIES.values() if parameter.key in uses(one)}
    return [one for one in DUTIES.values() if not made or one.id in made or one.id.partition(".")[0] == parameter.room]


@cache
def by_place() -> frozenset[str]:
    """The keys of the numbers that a duty asks for at the place of each organization: only there a local rule is heard. Of
    persons, of single records, and of how early is reminded, one number is asked for everybody."""
    found: set[str] = set()
    for one in DUTIES.values():
        if isinstance(one.form, Cadence) and not one.personal:
            found |= uses(one.parameter)
        elif isinstance(one.form, Composition):
            found |= uses((one.form.least, one.form.most))
    return frozenset(found)


def adjustable() -> dict[str, Parameter]:
    """The numbers that can be revised without a new programme, by key: those asked for through the standards. They say which
    way a local rule may go, or a duty is made with them."""
    asked = {key for one in DUTIES.values() for key in uses(one)}
    return {one.key: one for one in everywhere().values() if one.leeway is not None or one.key in asked}


@dataclass(frozen=True)
class Side:
    """How a finding stands by one of the two standards."""

    word: str
    missing: str
    open: bool


@dataclass(frozen=True)
class Change:
    """One duty of one subject that comes out otherwise."""

    duty: Duty
    subject: str
    code: str
    before: Side
    after: Side


@dataclass(frozen=True)
class Summary:
    """What becomes of one duty: how many subjects come out otherwise, and from which state to which."""

    duty: Duty
    subjects: int
    turns: list[tuple[str, str, int]]


class Trial:
    """A line tried on the records of a frame, as if its day had come."""

    def __init__(self, frame: Frame, user: User, parameter: Parameter, line: Entered) -> None:
        self.frame, self.user, self.parameter = frame, user, parameter
        self.duties = touched(parameter)
        self.tried = replace(line, line=replace(line.line, since=frame.day, until=None))

    @cached_property
    def sides(self) -> tuple[Owing, Owing]:
        """What is owed by the standards in force, and by those with the line."""
        tried = self.frame.by(self.frame.standards.also(self.tried))
        return Owing(self.frame, self.user, self.duties), Owing(tried, self.user, self.duties)

    @cached_property
    def changes(self) -> list[Change]:
        """What comes out otherwise, in the order of the tree, under each organization duty by duty."""
        now, then = self.sides
        held = {_same(one): one for one in now.every}
        differ = [one for one in then.every if _differs(held.get(_same(one)), one)]
        return [_change(held.get(_same(one)), one) for one in sorted(differ, key=lambda one: now.key(one)[2:])]

    @property
    def units(self) -> int:
        """How many subjects come out otherwise in some duty."""
        return len({one.code for one in self.changes})

    @cached_property
    def subjects(self) -> int:
        """How many subjects were asked about."""
        return len({one.subject_key for one in self.sides[1].every})

    def summaries(self) -> list[Summary]:
        """The duties that change, in their own order."""
        found = []
        for duty in self.duties:
            turns = Counter((c.before.word, c.after.word) for c in self.changes if c.duty is duty)
            if turns:
                found.append(Summary(duty, sum(turns.values()), [(a, b, n) for (a, b), n in sorted(turns.items())]))
        return found

    def page(self, number: int) -> list[Change]:
        """A page of the changes, counted from 1."""
        return self.changes[(number - 1) * PAGE : number * PAGE]

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return -(-len(self.changes) // PAGE)

    def left_no_room(self) -> list[tuple[str, Line]]:
        """The local rules that the line leaves no room for: by the organization's name, with the rule."""
        if self.tried.code:
            return []
        standards, day = self.frame.standards, self.frame.day
        entered = [one for one in standards.entered.get(self.parameter.key, []) if one.code and not one.checks]
        shut = [
            one
            for one in entered
            if one.line.holds_on(day) and not room_for_local(self.parameter.leeway, self.tried.line.value, one.line.value)
        ]
        names = dict(PartyOrganization.objects.filter(code__in=[one.code for one in shut]).values_list("code", "name"))
        return [(names.get(one.code, one.code), one.line) for one in shut]


def adhoc(parameter: Parameter, value: int) -> Entered:
    """A number nobody has entered, to be tried."""
    line = parameter.lines[-1]
    return Entered(parameter.key, "", Line(value, line.since, None, Source(line.source.regulation, "", Standing.UNVERIFIED)))


def documents(trial: Trial) -> Iterator[dict[str, Any]]:
    """The changes as JSON."""
    for one in trial.changes:
        sides = {"now": one.before, "then": one.after}
        told = {name: {"state": side.word, "missing": side.missing} for name, side in sides.items()}
        yield {"duty": one.duty.id, "subject": one.subject, "subject_code": one.code, **told}


def _same(one: Finding) -> tuple[str, str, int]:
    return one.duty, one.subject_key, one.record


def _differs(now: Finding | None, then: Finding) -> bool:
    return now is None or (now.state, now.missing, now.due_on) != (then.state, then.missing, then.due_on)


def _change(now: Finding | None, then: Finding) -> Change:
    return Change(DUTIES[then.duty], then.subject, then.subject_code, _side(now), _side(then))


def _side(one: Finding | None) -> Side:
    if one is None:
        return Side("没有这一项", "", open=False)
    return Side(STATE_WORDS[one.state], missing_words(one.missing) or one.note, one.state in OPEN)
