"""Numbers fixed by a document, each with the days it held and where it stands.

A room's `parameters.yaml` maps a name to its meaning, unit and dated lines; a change of the document
adds a line and never edits one. Code asks for the value on a day and gets the source with it; what was entered in the
house since, is laid over these lines by `base.standards`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import yaml
from django.conf import settings

from zugong.base.rules import Leeway, Source, Standing


@dataclass(frozen=True)
class Line:
    """One value and the half-open span of days it holds."""

    value: Any
    since: date
    until: date | None
    source: Source
    reason: str = ""  # of a local rule: why the place has one of its own

    def holds_on(self, day: date) -> bool:
        """Whether the day lies in the line's span."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Parameter:
    """A number (or word) fixed by a document, with its history. `leeway` says which way a local rule may differ from it, and
    `leeway_why` why; where it is not stated, none may be set."""

    name: str
    meaning: str
    unit: str
    lines: tuple[Line, ...]
    room: str = ""
    leeway: Leeway | None = None
    leeway_why: str = ""

    @property
    def key(self) -> str:
        """What the parameter is called among those of all rooms."""
        return f"{self.room}.{self.name}"

    def on(self, day: date) -> Line:
        """The line in force on `day`; before the first line the first one is meant."""
        in_force = [n for n in self.lines if n.holds_on(day)]
        return in_force[-1] if in_force else self.lines[0]


class Parameters:
    """The parameters of one room, by name."""

    def __init__(self, room: str, parameters: dict[str, Parameter]) -> None:
        self.room = room
        self._parameters = parameters

    @classmethod
    def of(cls, room: str, bodies: dict[str, Any]) -> Parameters:
        """The parameters of a room as its file writes them."""
        return cls(room, {name: _parameter(room, name, body) for name, body in bodies.items()})

    def __getitem__(self, name: str) -> Parameter:
        return self._parameters[name]

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self._parameters.values())


def read(package: str) -> Parameters:
    """The parameters of the room `package`, from its parameters.yaml."""
    text = resources.files(package).joinpath("parameters.yaml").read_text("utf-8")
    room = package.rsplit(".", 1)[-1]
    return Parameters.of(room, yaml.safe_load(text))


@cache
def everywhere() -> dict[str, Parameter]:
    """The parameters of every room by their key."""
    files = [f"zugong.{room}" for room in settings.ROOMS]
    with_one = [package for package in files if resources.files(package).joinpath("parameters.yaml").is_file()]
    return {one.key: one for package in with_one for one in read(package)}


def _parameter(room: str, name: str, body: dict[str, Any]) -> Parameter:
    lines = tuple(sorted((_line(line) for line in body["lines"]), key=lambda n: n.since))
    leeway = Leeway(body["local"]) if "local" in body else None
    return Parameter(name, body["meaning"], body.get("unit", ""), lines, room, leeway, body.get("local_why", ""))


def _line(line: dict[str, Any]) -> Line:
    source = Source(
        regulation=line["regulation"],
        article=line.get("article", ""),
        status=Standing(line["status"]),
        checked_on=str(line["checked_on"]),
    )
    return Line(line["value"], line["since"], line.get("until"), source)
