"""Filters of a list: chips in the address that narrow the rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, ForeignKey, IntegerField, Q, QuerySet, Value
from django.http import QueryDict

from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.base.records import Record
from zugong.ui.shown import field_of
from zugong.ui.typeahead import found, label_of

UNFILLED = "未填"
MOST_VALUES = 40


@dataclass(frozen=True)
class Asked:
    """What a list is asked with: the address, the reader, the frame."""

    get: QueryDict
    user: User
    frame: Frame


@dataclass(frozen=True)
class Chip:
    """One condition in force: its words, and the parameters to leave out of the address to lift it."""

    title: str
    words: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Choice:
    """One or several of a field's values. Without `values` those kept are offered (for short registers)."""

    name: str
    title: str = ""
    values: Sequence[str] | Mapping[str, Any] = ()
    kind = "choice"

    def names(self) -> tuple[str, ...]:
        """The parameters this filter reads."""
        return (self.name,)

    def chosen(self, asked: Asked) -> list[str]:
        """The values asked for."""
        return [value for value in asked.get.getlist(self.name) if value]

    def narrow(self, rows: QuerySet, asked: Asked) -> QuerySet:
        """The rows with any of the chosen values."""
        chosen = self.chosen(asked)
        if not chosen:
            return rows
        wanted = Q(**{f"{self.name}__in": [v for v in chosen if v != UNFILLED]})
        return rows.filter(wanted | Q(**{self.name: ""}) if UNFILLED in chosen else wanted)

    def chips(self, asked: Asked, title: str, model: type[Record]) -> Iterable[Chip]:
        """One chip for all chosen values."""
        if chosen := self.chosen(asked):
            yield Chip(title, "、".join(chosen), self.names())

    def offer(self, asked: Asked, model: type[Record], kept: Sequence[str] = ()) -> dict[str, Any]:
        """What the panel shows: the values declared, or those kept, with those chosen marked."""
        field, _ = field_of(model, self.name)
        values = list(self.values or kept)
        if field is not None and field.blank:
            values.append(UNFILLED)
        chosen = self.chosen(asked)
        return {"options": [(v, v in chosen) for v in dict.fromkeys([*values, *chosen])]}


def kept_values(asked: Asked, model: type[Record], names: Sequence[str]) -> dict[str, list[str]]:
    """The values kept in some fields, the first of each, asked for in one statement."""
    rows = model.objects.visible_to(asked.user).order_by()
    parts = [
        rows.annotate(place=Value(i, IntegerField()), kept=F(name)).values_list("place", "kept").distinct()
        for i, name in enumerate(names)
    ]
    found: dict[str, list[str]] = {name: [] for name in names}
    for place, value in (parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]).order_by("place", "kept"):
        if value and len(found[names[place]]) < MOST_VALUES:
            found[names[place]].append(value)
    return found


@dataclass(frozen=True)
class Days:
    """From a day to a day, both included; the panel offers the frame's period."""

    name: str
    title: str = ""
    kind = "days"

    def names(self) -> tuple[str, ...]:
        """The parameters this filter reads."""
        return (f"{self.name}_from", f"{self.name}_to")

    def ends(self, asked: Asked) -> tuple[date | None, date | None]:
        """The first and the last day asked for; what is no day is left aside."""
        first, last = (_day(asked.get.get(name, "")) for name in self.names())
        return first, last

    def narrow(self, rows: QuerySet, asked: Asked) -> QuerySet:
        """The rows whose day lies between."""
        first, last = self.ends(asked)
        if first:
            rows = rows.filter(**{f"{self.name}__gte": first})
        return rows.filter(**{f"{self.name}__lte": last}) if last else rows

    def chips(self, asked: Asked, title: str, model: type[Record]) -> Iterable[Chip]:
        """One chip for the range."""
        first, last = self.ends(asked)
        if first and last:
            yield Chip(title, f"{first} 至 {last}", self.names())
        elif first or last:
            yield Chip(title, f"{first} 起" if first else f"{last} 及以前", self.names())

    def offer(self, asked: Asked, model: type[Record]) -> dict[str, Any]:
        """What the panel shows: two days, and the frame's period as a ready choice."""
        first, last = self.ends(asked)
        from_name, to_name = self.names()
        return {"first": first, "last": last, "from_name": from_name, "to_name": to_name, "period": asked.frame.period}


@dataclass(frozen=True)
class Of:
    """Rows that point at one record (an organization, a unit, a person), by its number or its words."""

    name: str
    title: str = ""
    hidden: bool = False
    kind = "of"

    def names(self) -> tuple[str, ...]:
        """The parameters this filter reads."""
        return (self.name,)

    def target(self, asked: Asked, model: type[Record]) -> Any:
        """The record asked for; None when nothing, or nothing the reader may see, is meant."""
        said = asked.get.get(self.name, "").strip()
        related = model._meta.get_field(self.name).related_model
        if said.isdecimal() and len(said) < 19:
            return related.objects.visible_to(asked.user).filter(pk=int(said)).first()
        matches = found(related.objects.visible_to(asked.user), said)
        return matches[0] if len(matches) == 1 else None

    def narrow(self, rows: QuerySet, asked: Asked) -> QuerySet:
        """The rows pointing at it; none when it cannot be made out."""
        if not asked.get.get(self.name, "").strip():
            return rows
        target = self.target(asked, rows.model)
        return rows.filter(**{self.name: target.pk}) if target is not None else rows.none()

    def chips(self, asked: Asked, title: str, model: type[Record]) -> Iterable[Chip]:
        """One chip with the record's name."""
        said = asked.get.get(self.name, "").strip()
        if said:
            target = self.target(asked, model)
            yield Chip(title, str(target) if target is not None else f"没有找到“{said}”", self.names())

    def offer(self, asked: Asked, model: type[Record]) -> dict[str, Any]:
        """What the panel shows: the words of the record chosen."""
        related = model._meta.get_field(self.name).related_model
        target = self.target(asked, model) if asked.get.get(self.name) else None
        find = f"{related._meta.app_label}:{related._meta.model_name}-find"
        return {"words": label_of(target) if target is not None else "", "find": find}


Filter = Choice | Days | Of


def implied(model: type[Record], declared: Iterable[Filter]) -> list[Of]:
    """A hidden filter for each relation not declared, so that a record's page can link to all rows pointing at it."""
    known = {f.name for f in declared}
    return [Of(f.name, hidden=True) for f in model._meta.concrete_fields if isinstance(f, ForeignKey) and f.name not in known]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
