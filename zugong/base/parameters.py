"""Numbers fixed by a document, each with the days it held and where it stands.

A room's `parameters.yaml` maps a name to its meaning, unit and dated lines; a change of the document
adds a line and never edits one. Code asks for the value on a day and gets the source with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any

import yaml

from zugong.base.rules import Source, Standing


@dataclass(frozen=True)
class Line:
    """One value and the half-open span of days it holds."""

    value: Any
    since: date
    until: date | None
    source: Source


@dataclass(frozen=True)
class Parameter:
    """A number (or word) fixed by a document, with its history."""

    name: str
    meaning: str
    unit: str
    lines: tuple[Line, ...]

    def on(self, day: date) -> Line:
        """The line in force on `day`; before the first line the first one is meant."""
        in_force = [n for n in self.lines if n.since <= day and (n.until is None or day < n.until)]
        return in_force[-1] if in_force else self.lines[0]


class Parameters:
    """The parameters of one room, by name."""

    def __init__(self, room: str, parameters: dict[str, Parameter]) -> None:
        self.room = room
        self._parameters = parameters

    @classmethod
    def of(cls, room: str, bodies: dict[str, Any]) -> Parameters:
        """The parameters of a room as its file writes them."""
        return cls(room, {name: _parameter(name, body) for name, body in bodies.items()})

    def __getitem__(self, name: str) -> Parameter:
        return self._parameters[name]

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self._parameters.values())


def read(package: str) -> Parameters:
    """The parameters of the room `package`, from its parameters.yaml."""
    text = resources.files(package).joinpath("parameters.yaml").read_text("utf-8")
    room = package.rsplit(".", 1)[-1]
    return Parameters.of(room, yaml.safe_load(text))


def _parameter(name: str, body: dict[str, Any]) -> Parameter:
    lines = tuple(sorted((_line(line) for line in body["lines"]), key=lambda n: n.since))
    return Parameter(name, body["meaning"], body.get("unit", ""), lines)


def _line(line: dict[str, Any]) -> Line:
    source = Source(
        regulation=line["regulation"],
        article=line.get("article", ""),
        status=Standing(line["status"]),
        checked_on=str(line["checked_on"]),
    )
    return Line(line["value"], line["since"], line.get("until"), source)
