"""What rests on what: the numbers behind a clause, how each stands, and who read the clause last."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from zugong.base import parameters
from zugong.base.parameters import Line, Parameter
from zugong.base.rules import Source, Standing
from zugong.base.standards import Standards
from zugong.regulations.register import Clause, Instrument, clause, named

Numbers = list[tuple[Parameter, Line]]


@dataclass(frozen=True)
class About:
    """A clause somebody reads in the official text, or a number that no clause of the register says."""

    instrument: Instrument
    key: str
    says: str
    article: str = ""


class Resting:
    """Every number that names an instrument, by the clause it rests on, as the standards have it."""

    def __init__(self, standards: Standards) -> None:
        self.standards = standards

    @cached_property
    def by_key(self) -> dict[str, Numbers]:
        """The lines of numbers by the clause that says them, else by their own key."""
        found: dict[str, Numbers] = defaultdict(list)
        for parameter in parameters.everywhere().values():
            for line in self.standards.lines(parameter):
                instrument = named(line.source.regulation)
                said = instrument.clause_of(parameter.key, line.source.regulation) if instrument else None
                found[said.key if said else parameter.key].append((parameter, line))
        return dict(found)

    def lines(self, about: About) -> Numbers:
        """The numbers that rest on it, each with every line that names the instrument."""
        return [(p, line) for p, line in self.by_key.get(about.key, []) if line.source.regulation in about.instrument.names]

    def unread(self, about: About) -> Numbers:
        """Those of the lines that await checking."""
        return [(p, line) for p, line in self.lines(about) if line.source.status == Standing.UNVERIFIED]

    def source(self, about: About) -> Source:
        """Who read it, once it was read with everything that rests on it; else what it is shipped with."""
        read, instrument = self.standards.read(about.key), about.instrument
        if instrument.local or read is None or self.unread(about):
            return Source(instrument.name, about.article, instrument.standing)
        return Source(instrument.name, read.article, Standing.VERIFIED, read.checked_on, read.checked_by, read.url)

    def unplaced(self, instrument: Instrument) -> list[About]:
        """The numbers that name the instrument and that none of its clauses says."""
        said = {one.key for one in instrument.clauses}
        return [
            About(instrument, key, lines[0][0].meaning)
            for key, lines in self.by_key.items()
            if key not in said and any(line.source.regulation in instrument.names for _, line in lines)
        ]


def about_clause(instrument: Instrument, one: Clause) -> About:
    """A clause of the register."""
    return About(instrument, one.key, one.says, one.article)


def about(key: str) -> About | None:
    """What a key means: a clause, or a number no clause says; None for neither."""
    if found := clause(key):
        return about_clause(*found)
    parameter = parameters.everywhere().get(key)
    instrument = named(parameter.lines[-1].source.regulation) if parameter else None
    return About(instrument, key, parameter.meaning) if parameter and instrument else None
