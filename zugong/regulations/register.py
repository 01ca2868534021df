"""The register of instruments: what they are, when they hold, what each clause says in our own words.

Shipped as YAML; nothing in it counts as read by a person. Who has read a clause is entered (see `models`), so that one
reading changes the clause and every number that rests on it. The house's own rules are those its numbers name. Knows no
database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import yaml

from zugong.base.parameters import everywhere
from zugong.base.rules import Standing

FILES = ("party.yaml", "cadres.yaml", "laws.yaml")
HOUSE = "本部门规定"
DATES = "dates"
FOUNDED = date(1949, 10, 1)
CHECKED_ON = "2026-11-22"  # when the texts these lists were made from were last looked through


@dataclass(frozen=True)
class Clause:
    """What one place of an instrument says; `article` only where it was read, `numbers` the parameters that rest on it."""

    key: str
    article: str
    strength: str
    says: str
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Instrument:
    """A document that binds: who issued it when, since when it holds, what it replaced."""

    key: str
    name: str
    kind: str
    issuer: str
    issued: date | None
    in_force: date | None
    until: date | None
    replaces: str
    note: str
    clauses: tuple[Clause, ...]

    @property
    def local(self) -> bool:
        """Whether it is the house's own: then there is no official text elsewhere to check it by."""
        return self.kind == HOUSE

    @property
    def day(self) -> date:
        """Since when it is known to hold."""
        return self.in_force or self.issued or FOUNDED

    @property
    def standing(self) -> Standing:
        """How its clauses stand as they are shipped."""
        return Standing.LOCAL if self.local else Standing.UNVERIFIED

    @property
    def names(self) -> frozenset[str]:
        """What a line of a parameter may call it: its title, or of the house's own rules the rule."""
        return frozenset({self.name, *(one.says for one in self.clauses if self.local)})

    def articles(self) -> Iterator[tuple[str, list[Clause]]]:
        """The clauses by article, in order; those without one last."""
        for article in dict.fromkeys([*(c.article for c in self.clauses if c.article), ""]):
            clauses = [one for one in self.clauses if one.article == article]
            if clauses:
                yield article, clauses

    def clause_of(self, number: str, regulation: str) -> Clause | None:
        """The clause a parameter rests on: the one that names it, the house's rule of that name, or the only one."""
        named = [c for c in self.clauses if number in c.numbers or (self.local and c.says == regulation)]
        own = [c for c in self.clauses if not c.key.endswith(f".{DATES}")]
        return named[0] if named else (own[0] if len(own) == 1 else None)


@cache
def register() -> dict[str, Instrument]:
    """Every instrument by its key, as shipped."""
    folder = resources.files(__package__).joinpath("instruments")
    found: dict[str, Instrument] = {}
    for name in FILES:
        for key, body in yaml.safe_load(folder.joinpath(name).read_text("utf-8")).items():
            if key in found:
                raise ValueError(f"instrument key used twice: {key}")
            found[key] = _instrument(key, body)
    return found | {key: _with_rules(one) for key, one in found.items() if one.local}


def _with_rules(house: Instrument) -> Instrument:
    """The house's own rules: each that a number of some room names, once."""
    lines = ((one.key, line.source) for one in everywhere().values() for line in one.lines)
    rules = {
        s.regulation: Clause(f"{house.key}.{key}", "", "", s.regulation, ()) for key, s in lines if s.status == Standing.LOCAL
    }
    return replace(house, clauses=tuple(rules.values()))


@cache
def named(regulation: str) -> Instrument | None:
    """The instrument a line's `regulation` means; None for one that is not in the register."""
    return next((one for one in register().values() if regulation in one.names), None)


def clause(key: str) -> tuple[Instrument, Clause] | None:
    """A clause by its key, `instrument.clause`, with its instrument."""
    instrument = register().get(key.partition(".")[0])
    found = next((one for one in instrument.clauses if one.key == key), None) if instrument else None
    return (instrument, found) if instrument and found else None


def _instrument(key: str, body: dict[str, Any]) -> Instrument:
    issued, in_force = body.get("issued"), body.get("in_force")
    clauses = [_clause(key, one) for one in body["clauses"]]
    if issued:
        says = f"发布 {issued}，施行 {in_force}" + (f"，代替：{body['replaces']}" if "replaces" in body else "") + "。"
        clauses.insert(0, Clause(f"{key}.{DATES}", "", "", says, ()))
    return Instrument(
        key, body["name"], body["kind"], body["issuer"], issued, in_force, body.get("until"), body.get("replaces", ""),
        body.get("note", ""), tuple(clauses),
    )  # fmt: skip


def _clause(key: str, body: dict[str, Any]) -> Clause:
    return Clause(
        f"{key}.{body['id']}", body.get("article", ""), body.get("strength", ""), body["says"], tuple(body.get("numbers", ()))
    )
