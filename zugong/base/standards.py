"""The numbers in force: what the shipped documents say, what was entered since, and what somebody has read and checked.

A room's parameters.yaml gives the shipped lines. The house adds lines without a new program: a revision of the document, a
local rule for a subtree with its own source, and the note of a person who read the official text behind a line. `Standards`
lays these over the shipped lines; a frame carries one, so that a revision is tried by asking the same question in a frame
that carries another. What was entered is asked for once, and only when a number is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from zugong.base.parameters import Line, Parameter
from zugong.base.rules import Source, Standing, room_for_local


@dataclass(frozen=True)
class Entered:
    """A line entered in this house: for the whole country (no code) or for the subtree of an organization's code.

    One that `checks` sets no number: it says that a line already there, with this day and this value, was read in the
    official text; where the value is another one it was something else that was read, and it does not count.
    """

    parameter: str
    code: str
    line: Line
    checks: bool = False


@dataclass(frozen=True)
class InForce:
    """One parameter on one day, for every place in the tree."""

    national: Line
    local: Mapping[str, Line]

    def for_path(self, path: str) -> Line:
        """The line of the nearest organization up a path (codes from the root, each ending in a dot), else the national."""
        if self.local:
            for code in reversed(path.split(".")):
                if code in self.local:
                    return self.local[code]
        return self.national


class Standards:
    """Which line of a parameter holds on a day, everywhere or at a place."""

    def __init__(self, entered: Callable[[], Iterable[Entered]] = tuple) -> None:
        self._ask = entered

    @cached_property
    def entered(self) -> dict[str, list[Entered]]:
        """What was entered, by parameter."""
        found: dict[str, list[Entered]] = defaultdict(list)
        for one in self._ask():
            found[one.parameter].append(one)
        return dict(found)

    def lines(self, parameter: Parameter) -> tuple[Line, ...]:
        """Every national line with the checks on it, by the day it begins; an entered one goes before a shipped one."""
        entered = self.entered.get(parameter.key)
        if not entered:
            return parameter.lines
        added = [one.line for one in entered if not one.code and not one.checks]
        lines = sorted([*parameter.lines, *added], key=lambda line: line.since)
        return tuple(self._checked(line, entered, "") for line in lines)

    def on(self, parameter: Parameter, day: date) -> Line:
        """The national line in force on a day; before the first line the first one is meant."""
        lines = self.lines(parameter)
        return (parameter if lines is parameter.lines else replace(parameter, lines=lines)).on(day)

    def of(self, parameter: Parameter, day: date) -> InForce:
        """The parameter on a day for every place: made once for a duty, asked for each subject.

        A local line that the national one of that day leaves no room for does not hold.
        """
        national, local = self.on(parameter, day), {}
        entered = self.entered.get(parameter.key, [])
        for one in sorted((one for one in entered if one.code and not one.checks), key=lambda one: one.line.since):
            if one.line.holds_on(day) and room_for_local(parameter.leeway, national.value, one.line.value):
                local[one.code] = self._checked(one.line, entered, one.code)
        return InForce(national, local)

    def at(self, parameter: Parameter, day: date, path: str) -> Line:
        """The line in force at one place on a day."""
        return self.of(parameter, day).for_path(path)

    def read(self, key: str) -> Source | None:
        """Who read the clause of that key in the official text last; None where nobody has."""
        checks = [one.line.source for one in self.entered.get(key, []) if one.checks]
        return checks[-1] if checks else None

    def also(self, *lines: Entered) -> Standards:
        """These standards with more lines, as if they held already: what a revision is tried with."""
        before = self
        return Standards(lambda: [*(one for many in before.entered.values() for one in many), *lines])

    @staticmethod
    def _checked(line: Line, entered: Iterable[Entered], code: str) -> Line:
        """The line with the check on it, if somebody read what it says."""
        for one in entered:
            same = (one.code, one.line.since, one.line.value) == (code, line.since, line.value)
            if one.checks and same and line.source.status == Standing.UNVERIFIED:
                return replace(line, source=_of_checked(line.source, one.line.source))
        return line


def _of_checked(unread: Source, read: Source) -> Source:
    return replace(read, regulation=unread.regulation, status=Standing.VERIFIED)


SHIPPED = Standards()
