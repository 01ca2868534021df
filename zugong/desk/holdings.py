"""Everything that is held about a person, from every room: found by going over the records that point at persons.

`KINDS` says of each kind of record whether the person is shown it, or by which rule not; a test insists that no kind is
missing. What a rule exempts is said in a sentence that is the same whether something is there or not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db import models

from zugong.base.access import Privacy
from zugong.base.parameters import Parameter
from zugong.base.records import Record
from zugong.base.standards import Standards
from zugong.desk.provenance import Provenance
from zugong.intake.actions import BY_ID
from zugong.people.actions import PARAMETERS
from zugong.people.models import Person, Statement
from zugong.regulations.models import entered
from zugong.ui.shown import MASK, Kind, words

BOOKKEEPING = {"id", "revision", "origin", "resident_id_index", "facts_from"}
CLASS_WORDS = {
    Privacy.PUBLIC: "公开",
    Privacy.INTERNAL: "内部",
    Privacy.PERSONAL: "个人信息",
    Privacy.RESTRICTED: "敏感信息",
}


@dataclass(frozen=True)
class Held:
    """A kind of record about persons: the way from it to the person, what it is called where one record has two ways,
    which of its fields are another person's, the rule that exempts it, and whether it can be corrected by its fields."""

    label: str
    way: str = "person"
    title: str = ""
    others: tuple[str, ...] = ()
    exempt: Parameter | None = None
    own_section: bool = False

    @property
    def model(self) -> type[Record]:
        """The record."""
        return apps.get_model(self.label)  # type: ignore[return-value]

    @property
    def name(self) -> str:
        """What the kind is called."""
        return self.title or str(self.model._meta.verbose_name)

    @property
    def note(self) -> str:
        """What is left out because it is another person's."""
        titles = "、".join(str(self.model._meta.get_field(name).verbose_name) for name in self.others)
        return f"{titles}是别人的信息，不在这里显示。"

    def rows(self, person: Person) -> models.QuerySet:
        """The rows about a person, wherever they belong: it is their own record, whoever may otherwise see it."""
        rows = self.model._base_manager.filter(**{self.way: person.pk}).order_by("pk")
        ways = [f.name for f in self.model._meta.concrete_fields if f.is_relation]
        return rows.select_related(*ways) if ways else rows


KINDS = (
    Held("people.person", "pk"),
    Held("people.membership"),
    Held("people.appointment"),
    Held("people.statement"),
    Held("cadres.cadre"),
    Held("cadres.secondment"),
    Held("cadres.merit"),
    Held("cadres.reserveentry", exempt=PARAMETERS["reserve_withheld"]),
    Held("training.trainee"),
    Held("talents.introduction"),
    Held("talents.tenancy"),
    Held("mentoring.pair", "mentor", "帮带（作为导师）", others=("weakness", "goal")),
    Held("mentoring.pair", "mentee", "帮带（作为青年干部）"),
    Held("supervision.session", "leader", "督导民主生活会（作为组长）", others=("member_names",)),
    Held("people.application"),
    Held("people.exemption"),
    Held("elections.committeemember"),
    Held("meetings.talk", "person", "谈心谈话（作为谈话人）"),
    Held("meetings.talk", "other", "谈心谈话（作为谈话对象）"),
    Held("training.studyhours"),
    Held("cadres.posting", exempt=PARAMETERS["postings_withheld"]),
    Held("cadres.archivematerial"),
    Held("people.accountlink"),
    Held("people.restriction"),
    Held("people.erasure"),
    Held("people.correction", own_section=True),
)


@dataclass(frozen=True)
class Item:
    """One field of a record as its person sees it."""

    name: str
    title: str
    text: str
    value: Any
    privacy: Privacy
    kind: Kind
    source: str
    masked: bool

    @property
    def class_words(self) -> str:
        """The class of the field in words."""
        return CLASS_WORDS[self.privacy]


@dataclass(frozen=True)
class Entry:
    """One record about the person."""

    key: str
    record: Record
    items: list[Item]

    @property
    def source(self) -> str:
        """Where most of its fields come from: said once, so that what differs stands out."""
        return Counter(item.source for item in self.items).most_common(1)[0][0]

    @property
    def filled(self) -> list[Item]:
        """The fields that hold something."""
        return [item for item in self.items if item.text]

    @property
    def empty(self) -> list[Item]:
        """The fields that hold nothing."""
        return [item for item in self.items if not item.text]


@dataclass(frozen=True)
class Section:
    """The records of one kind."""

    title: str
    entries: list[Entry]
    note: str = ""


class Holdings:
    """What is held about one person, by the rules of a day. `opened` shows what is restricted, too."""

    def __init__(self, person: Person, day: date, *, opened: bool = False) -> None:
        self.person, self.day, self.opened = person, day, opened
        self.exempt = [kind for kind in KINDS if kind.exempt is not None and kind.exempt.on(day).value]
        closed = {kind.label for kind in self.exempt}
        self.closed_ledgers = {one.id for one in BY_ID.values() if one.kept().model._meta.label_lower in closed}
        shown = [kind for kind in KINDS if kind not in self.exempt and not kind.own_section]
        self.found = [(kind, rows) for kind in shown if (rows := self._rows(kind))]
        records = [row for _, rows in self.found for row in rows]
        self.provenance = Provenance(person, records, self.closed_ledgers)

    def _rows(self, kind: Held) -> list[Record]:
        """The rows of a kind. What an exempt ledger states would tell that it names the person."""
        rows = list(kind.rows(self.person))
        return [row for row in rows if not (isinstance(row, Statement) and row.ledger in self.closed_ledgers)]

    def sections(self) -> list[Section]:
        """Everything that is shown, kind by kind."""
        return [
            Section(kind.name, [self._entry(kind, row) for row in rows], kind.note if kind.others else "")
            for kind, rows in self.found
        ]

    def _entry(self, kind: Held, record: Record) -> Entry:
        return Entry(record.key, record, list(self._items(kind, record)))

    def _items(self, kind: Held, record: Record) -> Iterator[Item]:
        skipped = {*BOOKKEEPING, kind.way, "person", *kind.others}
        fields = [f for f in record._meta.concrete_fields if f.name not in skipped]
        for field in fields:
            privacy, value = record.class_of(field.name), getattr(record, field.name)
            masked = privacy == Privacy.RESTRICTED and not self.opened and value not in (None, "")
            if _told_beside(record, field.name):
                continue
            yield Item(
                field.name,
                str(field.verbose_name),
                MASK if masked else _words(record, field.name, value),
                value,
                privacy,
                Kind.DAY if isinstance(field, models.DateField) else Kind.TEXT,
                self.provenance.of(record, field.name),
                masked,
            )

    def restricted(self) -> list[str]:
        """What is masked until asked for, as the trail notes it."""
        return [
            f"{entry.key}.{item.name}"
            for section in self.sections()
            for entry in section.entries
            for item in entry.items
            if item.privacy == Privacy.RESTRICTED and item.value not in (None, "")
        ]

    def item(self, key: str, field: str) -> tuple[Section, Entry, Item] | None:
        """One field by the record's key and its name, None where it is not among what is shown."""
        for section in self.sections():
            for entry in section.entries:
                for item in entry.items:
                    if (entry.key, item.name) == (key, field):
                        return section, entry, item
        return None

    @cached_property
    def standards(self) -> Standards:
        """The standards in force."""
        return Standards(entered)

    def said(self) -> list[str]:
        """A sentence for each kind that a rule exempts, the same whether there is something or not."""
        return [
            f"另有“{kind.name}”一类记录，按{self.standards.on(kind.exempt, self.day).source.cite()}不予显示；这里不说明有没有。"
            for kind in self.exempt
            if kind.exempt is not None
        ]


def _told_beside(record: Record, name: str) -> bool:
    """Whether a relation and a ledger's words for it say the same thing: one of them is told."""
    names = {f.name for f in record._meta.concrete_fields}
    told = {str(getattr(record, f.name)) for f in record._meta.concrete_fields if f.is_relation}
    if name.endswith("_name") and getattr(record, name) in told:
        return True
    if name.endswith("_name") and name.removesuffix("_name") in names:
        return getattr(record, f"{name.removesuffix('_name')}_id") is not None
    return f"{name}_name" in names and getattr(record, f"{name}_id") is None


def _words(record: Record, name: str, value: Any) -> str:
    if isinstance(record, Statement) and name == "fact":
        return str(Person._meta.get_field(value).verbose_name)
    if isinstance(record, Statement) and name == "ledger":
        return ledger_title(value)
    shown = getattr(record, f"get_{name}_display", None)
    return str(shown()) if shown else words(value, grouped=False)


def ledger_title(ledger: str) -> str:
    """What a ledger is called."""
    return BY_ID[ledger].title if ledger in BY_ID else ledger


def about_persons() -> Sequence[tuple[str, str]]:
    """Every way from a record to persons there is: its name, and the field. Also records that stand on such a record."""
    direct = [
        (model._meta.label_lower, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is Person
    ]
    known = {label for label, _ in direct}
    further = [
        (model._meta.label_lower, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model._meta.label_lower in known and model._meta.label_lower not in known
    ]
    return [("people.person", "pk"), *direct, *further]
