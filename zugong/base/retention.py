"""How long each kind of record is kept, from which event, by which rule, and what happens then.

The periods are dated parameters (`keep_…` in each room's parameters.yaml), because documents fix them and change them.
Nothing is deleted here: what is due is shown to be looked at, kind by kind.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from importlib import resources
from typing import Any

import yaml
from django.apps import apps
from django.conf import settings
from django.db.models import DateTimeField, Model, QuerySet

from zugong.base.models import User
from zugong.base.parameters import Line, Parameter, Parameters
from zugong.base.records import Kept
from zugong.base.rules import add_months, add_years

PREFIX = "keep_"


class Then(StrEnum):
    """What happens to a record once its time has come."""

    KEPT = "永久保存"
    REVIEWED = "到期复核"
    ERASED = "到期清除"


@dataclass(frozen=True)
class Retention:
    """The rule for one kind of record: its dated period, the event it counts from, and what happens then.

    `path` leads to the day of that event (a field, or through relations); "" where the kind has none of its own and is
    looked at together with what it belongs to. What is not `backed_up` is of no use in a restored house (sessions).
    """

    model: type[Model]
    parameter: Parameter
    event: str
    path: str
    then: Then
    backed_up: bool

    @property
    def name(self) -> str:
        """What the kind is called on the page."""
        return str(self.model._meta.verbose_name)

    def line(self, day: date) -> Line:
        """The line in force on a day: the period with its source."""
        return self.parameter.on(day)

    def period(self, day: date) -> str:
        """The period in words: 永久, 30 年."""
        value = self.line(day).value
        return "永久" if value is None else f"{value} {self.parameter.unit}"

    def cutoff(self, day: date) -> date | None:
        """What happened on this day or before is due on `day`; None where the kind is kept for ever."""
        value = self.line(day).value
        if value is None:
            return None
        if self.parameter.unit == "天":
            return day - timedelta(days=value)
        return add_months(day, -value) if self.parameter.unit == "月" else add_years(day, -value)

    def due_among(self, rows: QuerySet[Any], day: date) -> QuerySet[Any]:
        """Those of the rows (of this kind) that are due on a day; none where the kind has no period or no day of its own."""
        cutoff = self.cutoff(day)
        if cutoff is None or not self.path:
            return rows.none()
        return rows.filter(**{f"{self.path}__date__lte" if self._is_moment() else f"{self.path}__lte": cutoff})

    def _is_moment(self) -> bool:
        *through, last = self.path.split("__")
        model: Any = self.model
        for step in through:
            model = model._meta.get_field(step).related_model
        return isinstance(model._meta.get_field(last), DateTimeField)


@dataclass(frozen=True)
class Due:
    """How many rows of a kind are due, of those a reader may see."""

    retention: Retention
    rows: int


def table() -> list[Retention]:
    """The rule of every kind there is one for, room by room. A test holds that no kind is without."""
    return list(_table())


def of(model: type[Model]) -> Retention:
    """The rule for one kind of record; raises KeyError for a kind nobody has written a rule for."""
    return {one.model: one for one in _table()}[model]


def due(user: User, day: date) -> list[Due]:
    """The kinds of which rows are due on a day, with how many of them the reader may see. One statement a kind."""
    found = []
    for one in _table():
        if issubclass(one.model, Kept) and one.cutoff(day) is not None:
            rows = one.due_among(one.model.objects.all().visible_to(user), day).count()
            found += [Due(one, rows)] if rows else []
    return found


def not_backed_up() -> list[type[Model]]:
    """The kinds that are left out of backups: what only holds while somebody is signed in."""
    return [one.model for one in _table() if not one.backed_up]


@functools.cache
def _table() -> tuple[Retention, ...]:
    return tuple(one for room in settings.ROOMS for one in _of_room(room))


def _of_room(room: str) -> Iterator[Retention]:
    file = resources.files(f"zugong.{room}").joinpath("parameters.yaml")
    if not file.is_file():
        return
    bodies = {name: body for name, body in yaml.safe_load(file.read_text("utf-8")).items() if name.startswith(PREFIX)}
    known = Parameters.of(room, bodies)
    for name, body in bodies.items():
        for kind, path in body["kinds"].items():
            label = kind if "." in kind else f"{room}.{kind}"
            model = _model(label)
            if model is not None:
                yield Retention(model, known[name], body["event"], path or "", Then(body["then"]), body.get("backed_up", True))


def _model(label: str) -> Any:
    """The model of that name; None where the part that brings it is not switched on (LDAP, sign-on by another house)."""
    try:
        return apps.get_model(label)
    except LookupError:
        return None
