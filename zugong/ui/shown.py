"""How a value of a record is shown: as words, masked where the reader may not see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.urls import NoReverseMatch, reverse

from zugong.base.access import Permission, Privacy
from zugong.base.models import User
from zugong.base.records import Record
from zugong.base.sealing import SealedField

MASK = "＊＊＊"
SHORT = 6
STRICTNESS = list(Privacy)


class Kind(StrEnum):
    """How a column is set: words, days, numbers, a state (word and shape), a link to another record."""

    TEXT = "text"
    DAY = "day"
    NUMBER = "number"
    STATE = "state"
    LINK = "link"


@dataclass(frozen=True)
class Column:
    """One fact of a record as lists and pages show it.

    `name` is an attribute or lookup of the record (`person__name`), or what the register's `rows` adds. Title, kind
    and privacy follow the field where there is one. `shown`: in the list before anybody chooses columns. `sort`: the
    list may be ordered by it (needs an index once there are many rows). `needs`: relations a property reads.
    """

    name: str
    title: str = ""
    kind: Kind | None = None
    privacy: Privacy | None = None
    shown: bool = True
    sort: bool = False
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fact:
    """A column bound to a model: everything about it is known."""

    name: str
    title: str
    kind: Kind
    privacy: Privacy
    shown: bool
    sort: bool
    needs: tuple[str, ...]
    field: models.Field | None
    permission: Permission

    @property
    def own(self) -> bool:
        """Whether it is a field of the record itself."""
        return self.field is not None and "__" not in self.name

    def reads(self, user: User) -> bool:
        """Whether the user may see this fact of every record that the user sees: to sort, search and narrow by it."""
        return user.reads(self.privacy, self.permission)


@dataclass(frozen=True)
class Cell:
    """A value ready to be shown."""

    title: str
    text: str
    kind: Kind
    href: str = ""
    masked: bool = False

    @property
    def css(self) -> str:
        """The classes of its place in a table: by kind, kept on one line when short, left out of a card when empty."""
        short = " is-short" if len(self.text) <= SHORT else ""
        return f"kind-{self.kind}{short}{'' if self.text else ' is-empty'}"


def field_of(model: type[models.Model], lookup: str) -> tuple[models.Field | None, Privacy]:
    """The field a lookup ends at (None for a property or an added value) and the strictest class on the way."""
    privacy, at, field = Privacy.PUBLIC, model, None
    for part in lookup.split("__"):
        try:
            field = at._meta.get_field(part)
        except FieldDoesNotExist:
            return None, privacy
        if issubclass(at, Record):
            privacy = max(privacy, at.privacy_of(field.name), key=STRICTNESS.index)
        at = field.related_model or at
    return field, privacy


def _kind(field: models.Field | None) -> Kind:
    if isinstance(field, models.ForeignKey):
        return Kind.LINK
    if isinstance(field, models.DateField):
        return Kind.DAY
    number = isinstance(field, models.IntegerField | models.DecimalField)
    return Kind.NUMBER if number else Kind.TEXT


def bound(model: type[Record], column: Column | str) -> Fact:
    """A column with everything its field says. Raises ValueError where neither the field nor the column says it."""
    said = Column(column) if isinstance(column, str) else column
    field, privacy = field_of(model, said.name)
    if field is None and said.privacy is None:
        raise ValueError(f"{model._meta.label}.{said.name}: not a field, so its privacy class must be said")
    if field is None and not said.title:
        raise ValueError(f"{model._meta.label}.{said.name}: not a field, so its title must be said")
    title = said.title or str(field.verbose_name)
    kind = said.kind or _kind(field)
    return Fact(said.name, title, kind, said.privacy or privacy, said.shown, said.sort, said.needs, field, model.READ)


def value_of(record: Any, name: str) -> Any:
    """What stands at the end of a lookup; None where the way there is empty."""
    at = record
    for part in name.split("__"):
        at = getattr(at, part, None)
        if at is None:
            return None
    return at


def words(value: Any, *, grouped: bool = True) -> str:
    """A value as people write it: 2023-06-30, 1,234, 是."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, Decimal | float):
        value = int(value) if value == int(value) else value
    if isinstance(value, int | Decimal | float):
        return f"{value:,}" if grouped else str(value)
    return str(value)


def record_href(record: Any) -> str:
    """The address of a record's page, by the convention <room>:<record>; "" where it has none."""
    if not isinstance(record, Record):
        return ""
    try:
        return reverse(f"{record._meta.app_label}:{record._meta.model_name}", args=[record.pk])
    except NoReverseMatch:
        return ""


def cell(record: Record, fact: Fact, user: User, *, closed: Sequence[Privacy] = ()) -> Cell:
    """A fact of a record as this reader may see it; classes in `closed` are masked for everybody."""
    privacy = record.class_of(fact.name) if fact.own else fact.privacy
    if privacy in closed or not record.shows(user, privacy):
        return Cell(fact.title, MASK, Kind.TEXT, masked=True)
    value = value_of(record, fact.name)
    text = words(value, grouped=fact.kind == Kind.NUMBER)
    href = ""
    if fact.kind == Kind.LINK and isinstance(value, Record) and user.may_somewhere(type(value).READ):
        href = record_href(value)
    return Cell(fact.title, text, fact.kind, href)


def relations(facts: Sequence[Fact]) -> list[str]:
    """The relations to fetch together with the rows."""
    found: dict[str, None] = {}
    for fact in facts:
        if fact.field is not None:
            way = fact.name if fact.kind == Kind.LINK else fact.name.rpartition("__")[0]
            found |= {way: None} if way else {}
        found |= dict.fromkeys(fact.needs)
    return list(found)


def sealed_fields(model: type[models.Model], ways: Sequence[str]) -> list[str]:
    """Sealed fields of a model and of what is fetched with it: left closed where they are only going to be masked."""
    found = [f.name for f in model._meta.concrete_fields if isinstance(f, SealedField)]
    for way in ways:
        at = model
        for part in way.split("__"):
            at = at._meta.get_field(part).related_model
        found += [f"{way}__{f.name}" for f in at._meta.concrete_fields if isinstance(f, SealedField)]
    return found
