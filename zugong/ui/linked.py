"""What points at a record: for each kind with a register, its latest rows, through relations and without imports."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import ForeignKey
from django.http import QueryDict

from zugong.base.access import Privacy
from zugong.base.models import User
from zugong.base.periods import Frame, Scope
from zugong.base.records import Record
from zugong.ui.filters import Asked
from zugong.ui.listing import Listing
from zugong.ui.registers import REGISTERS, Register
from zugong.ui.shown import Cell, Fact, cell, record_href

SHOWN, COLUMNS = 5, 4


@dataclass(frozen=True)
class Linked:
    """Rows of one register that point at the record."""

    title: str
    facts: list[Fact]
    rows: list[tuple[str, list[Cell]]]
    more: str


def linked(record: Record, user: User, frame: Frame) -> list[Linked]:
    """The rows pointing at a record that the reader may see, register by register; what is empty is left out."""
    found: list[Linked] = []
    for relation in record._meta.get_fields(include_hidden=True):
        field = getattr(relation, "field", None)
        register = REGISTERS.get(relation.related_model._meta.label_lower) if isinstance(field, ForeignKey) else None
        if register is None or not relation.auto_created or not user.may_somewhere(register.read):
            continue
        if one := _rows(register, field.name, record, user, frame):
            found.append(one)
    return found


def _rows(register: Register, way: str, record: Record, user: User, frame: Frame) -> Linked | None:
    query = QueryDict(mutable=True)
    query[way] = str(record.pk)
    everywhere = frame.over(Scope(day=frame.day))
    listing = Listing(register, Asked(query, user, everywhere), SHOWN)
    if way not in {f.name for f in listing.filters()}:
        return None
    page = listing.page()
    if not page.records:
        return None
    facts = _columns(register, way)
    rows = [(record_href(r), [cell(r, f, user, closed=(Privacy.RESTRICTED,)) for f in facts]) for r in page.records]
    more = f"{register.href()}?{query.urlencode()}" if page.after else ""
    title = register.filter_title(register.every_filter[_index(register, way)])
    many = sum(isinstance(f, ForeignKey) and f.related_model is type(record) for f in register.model._meta.concrete_fields)
    name = register.linked_title or register.title
    return Linked(f"{name}（{title}）" if many > 1 else name, facts, rows, more)


def _index(register: Register, way: str) -> int:
    return next(i for i, f in enumerate(register.every_filter) if f.name == way)


def _columns(register: Register, way: str) -> list[Fact]:
    """The first columns that say something new on this page."""
    return [f for f in register.facts if f.shown and f.name != way and not f.name.startswith(f"{way}__")][:COLUMNS]
