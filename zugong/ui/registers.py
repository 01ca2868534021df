"""A register (台账): how one kind of record is listed, shown, corrected and taken out. Declared per record by its room."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Case, DateField, QuerySet, Value, When
from django.urls import reverse

from zugong.base.access import Permission
from zugong.base.cells import Reader
from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.base.records import Record
from zugong.ui.filters import Filter, implied
from zugong.ui.shown import Column, Fact, bound, field_of

Action = Callable[..., Any]
Prepare = Callable[[QuerySet, Frame], QuerySet]
PAGES = ("list", "edit", "add", "export", "find", "reveal", "views", "selected", "removed")


@dataclass(frozen=True)
class Group:
    """Facts that stand together on a record's page."""

    title: str
    columns: tuple[Column | str, ...]


@dataclass(frozen=True)
class Beside:
    """What another room keeps about a record by its key, as the record's page shows it: words, address, state of each;
    and where one more is begun, for whoever may."""

    title: str
    rows: tuple[tuple[str, str, str], ...]
    begin: str = ""
    begin_words: str = ""
    none: str = ""


def nothing_beside(record: Record, user: User) -> list[Beside]:
    """Nothing of another room stands beside the record."""
    return []


Panel = Callable[[Record, User, Frame], "tuple[str, dict[str, Any]] | None"]
"""What another room shows on a record's page: a template and what it needs; None where there is nothing to show."""


@dataclass(frozen=True)
class Further:
    """Something else to do with chosen rows: the button's words, and the page that takes over (`row` repeated, `of` the
    register's label). Shown to whoever holds the permission somewhere."""

    do: str
    words: str
    page: str
    permission: Permission


def as_it_is(rows: QuerySet, frame: Frame) -> QuerySet:
    """Nothing to add to the rows."""
    return rows


def validity(now: str, over: str) -> Prepare:
    """Add a `state` from the validity: one word while it holds on the frame's day, another once it has ended."""

    def prepare(rows: QuerySet, frame: Frame) -> QuerySet:
        return rows.annotate(state=Case(When(valid_to__lte=frame.day, then=Value(over)), default=Value(now)))

    return prepare


@dataclass(frozen=True)
class Register:
    """Everything the generic pages need to know about one kind of record.

    `slug` is its part of the address; names of addresses follow the record: <room>:<record>, …-list, …-edit,
    …-add, …-export, …-find, …-reveal, …-views, …-selected, …-removed.

    `order` is the sort key of the list, "-" for the latest first; `rows` adds what columns ask for beyond the
    fields; `search`: fields a word is looked for in; `groups`: the facts of the record's page, the list's
    columns when empty.

    `edit`: the action for corrections, `editable` its fields (`appointment__title` is handed over as `title`);
    `choices`: words offered for a field; `readers` tidy what is typed as a ledger's cells are tidied; `add`:
    the action for a new record, its fields from `add_fields` or from the action's own arguments; `add_name`:
    another page that adds (by name of its address); `remove`: the action that takes rows out, all of them or
    none.

    `ledger`: where the rows come from, for whoever finds the list empty; `what`: one sentence on what stands
    here; `touched_by`: actions of other records whose entries tell of this one; `sensitive`: restricted fields
    of the record that can be shown one by one, with a purpose; `own_page`: the room shows the record itself;
    `linked_title`: what its rows are called on the page of a record they point at; `beside`: what another room keeps about
    the record by its key; `panels`: what another room adds to a record's page; `further`: what else may be done with
    chosen rows.
    """

    model: type[Record]
    slug: str
    title: str
    office: str
    columns: tuple[Column | str, ...]
    what: str = ""
    ledger: str = ""
    unit: str = "条"
    order: str = "pk"
    rows: Prepare = as_it_is
    filters: tuple[Filter, ...] = ()
    search: tuple[str, ...] = ()
    search_words: str = ""
    groups: tuple[Group, ...] = ()
    edit: Action | None = None
    editable: tuple[str, ...] = ()
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    readers: Mapping[str, Reader] = field(default_factory=dict)
    remove: Action | None = None
    add: Action | None = None
    add_fields: Callable[[User], dict[str, forms.Field]] | None = None
    add_name: str = ""
    add_title: str = ""
    touched_by: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    hint: tuple[str, ...] = ()
    own_page: str = ""
    linked_title: str = ""
    beside: Callable[[Record, User], list[Beside]] = nothing_beside
    panels: tuple[Panel, ...] = ()
    further: tuple[Further, ...] = ()

    def __post_init__(self) -> None:
        REGISTERS[self.label] = self

    @property
    def label(self) -> str:
        """The record's name in the house: meetings.meeting."""
        return self.model._meta.label_lower

    @property
    def room(self) -> str:
        """The room that keeps the record; the namespace of its addresses."""
        return self.model._meta.app_label

    @property
    def read(self) -> Permission:
        """The permission that shows the register."""
        return self.model.READ

    def name(self, page: str = "") -> str:
        """The name of one of the register's addresses."""
        return f"{self.room}:{self.model._meta.model_name}{'-' if page else ''}{page}"

    def href(self, page: str = "list", *args: Any) -> str:
        """The address of one of the register's pages."""
        return reverse(self.name(page), args=args)

    @property
    def list_href(self) -> str:
        """The address of the list."""
        return self.href()

    @property
    def pages(self) -> dict[str, str]:
        """Names of the register's addresses, for templates."""
        return {page: self.name(page) for page in PAGES}

    @cached_property
    def by_day(self) -> str:
        """The day the list runs along; "" where it runs along something else."""
        key = self.order.removeprefix("-")
        found, _ = field_of(self.model, key)
        return key if isinstance(found, DateField) else ""

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The list's columns, bound to the model."""
        return tuple(bound(self.model, c) for c in self.columns)

    @cached_property
    def grouped(self) -> tuple[tuple[str, tuple[Fact, ...]], ...]:
        """The record page's facts by group."""
        groups = self.groups or (Group("基本情况", self.columns),)
        return tuple((g.title, tuple(bound(self.model, c) for c in g.columns)) for g in groups)

    @cached_property
    def every_filter(self) -> tuple[Filter, ...]:
        """Declared filters and those implied by relations."""
        return (*self.filters, *implied(self.model, self.filters))

    def filter_title(self, one: Filter) -> str:
        """What a filter is called: as said, as its column, or as its field."""
        if one.title:
            return one.title
        for fact in self.facts:
            if fact.name == one.name:
                return fact.title
        found, _ = field_of(self.model, one.name)
        return str(found.verbose_name) if found is not None else one.name

    @cached_property
    def edit_argument(self) -> str:
        """The name by which the editing action takes the record."""
        return _argument(self.edit)

    @cached_property
    def remove_argument(self) -> str:
        """The name by which the removing action takes the rows."""
        return _argument(self.remove)

    @cached_property
    def told_by(self) -> tuple[str, ...]:
        """Actions on several records at once, whose entries tell of one of them."""
        return (*self.touched_by, self.remove.verb, "ui:restore") if self.remove else self.touched_by


def _argument(action: Action | None) -> str:
    """The argument of an action that is neither who, nor when, nor what changes."""
    names = inspect.signature(action).parameters if action else ()
    return next(name for name in names if name not in ("by", "on", "changes"))


REGISTERS: dict[str, Register] = {}
"""The registers declared by the rooms' views, by the record's name. Complete once zugong.urls is loaded."""
