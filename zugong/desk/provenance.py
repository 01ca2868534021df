"""Where a value held about a person comes from: the ledger's file and row, or who entered it when; and who read what
is restricted about the person."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from zugong.base.access import ROLES
from zugong.base.accounts import names_of
from zugong.base.models import Grant, TrailEntry, TrailTouch
from zugong.base.records import Record
from zugong.intake.actions import BY_ID
from zugong.intake.models import StagedRow
from zugong.people.models import Person
from zugong.ui.history import verb_words
from zugong.ui.registers import REGISTERS

EXPORTED = "base:record_export"
READINGS = ("base:record_reading", "base:record_lookup", EXPORTED, "people:read_own", "people:take_copy")
IN_HOUSE = "部内登记"
MOST_READINGS = 100


@dataclass(frozen=True)
class Reading:
    """One time that somebody looked at what is restricted about the person."""

    at: datetime
    who: str
    offices: str
    what: str
    purpose: str


class Provenance:
    """The sources of a person's records, asked for together: the staged rows, and the entries of the trail about them.

    A ledger of an exempt kind is not named: what came from it stands as registered in the house, as what was entered by
    hand before anybody noted by whom.
    """

    def __init__(self, person: Person, records: Sequence[Record], closed_ledgers: Iterable[str]) -> None:
        self.person, self.closed = person, set(closed_ledgers)
        self.keys = [record.key for record in records]
        self.entries = list(TrailEntry.objects.filter(self._told(records)).order_by("number"))
        accounts = {entry.account for entry in self.entries}
        self.names = names_of(accounts)
        origins = {record.origin for record in records if record.origin}
        rows = StagedRow.objects.filter(pk__in=origins).select_related("sheet__file__batch").defer("content")
        self.rows = {row.pk: row for row in rows}
        self.changed = self._changes()

    def _told(self, records: Sequence[Record]) -> Q:
        """Entries whose subject is one of the records, and those of actions that touch them besides, or took them out."""
        told, touched = Q(subject__in=self.keys), defaultdict(list)
        for record in records:
            if register := REGISTERS.get(record._meta.label_lower):
                touched[*register.told_by, EXPORTED].append(record.key)
        for verbs, keys in touched.items():
            told |= Q(verb__in=verbs, number__in=TrailTouch.objects.filter(key__in=keys).values("number"))
        return told

    def _changes(self) -> dict[tuple[str, str], TrailEntry]:
        """The last entry that changed each field."""
        found: dict[tuple[str, str], TrailEntry] = {}
        for entry in self.entries:
            for key, fields in json.loads(entry.values).get("changes", {}).items():
                found |= {(key, name): entry for name in fields}
        return found

    def of(self, record: Record, field: str) -> str:
        """Where a field's value comes from, in words."""
        entry = self.changed.get((record.key, field))
        if entry is not None:
            who = self.names.get(entry.account, entry.account)
            return f"{who} 于 {entry.effective_on or entry.at.date()} {verb_words(entry.verb)}"
        if isinstance(record, Person) and (giver := record.giver(field)) and giver in BY_ID:
            return IN_HOUSE if giver in self.closed else self._row(record, giver)
        return self._row(record)

    def _row(self, record: Record, ledger: str = "") -> str:
        """The staged row a record came from; another ledger that gave one fact of it is named without a row."""
        row = self.rows.get(record.origin) if record.origin else None
        if row is None or row.sheet.ledger in self.closed:
            return f"《{BY_ID[ledger].title}》" if ledger else IN_HOUSE
        if ledger and row.sheet.ledger != ledger:
            return f"《{BY_ID[ledger].title}》"
        later = "，之后台账又更新过" if record.revision > 1 + self._by_hand(record) else ""
        return f"“{row.sheet.file.name}”第 {row.number} 行，{row.sheet.file.batch.on} 导入{later}"

    def _by_hand(self, record: Record) -> int:
        """How many entries changed a record."""
        return len({entry.number for (key, _), entry in self.changed.items() if key == record.key})

    def readings(self) -> tuple[list[Reading], int]:
        """Who read what is restricted, latest first, and how many times altogether."""
        found = [entry for entry in reversed(self.entries) if entry.verb in READINGS]
        shown = found[:MOST_READINGS]
        offices = _offices({(e.account, e.effective_on or e.at.date()) for e in shown})
        return [self._reading(entry, offices) for entry in shown], len(found)

    def _reading(self, entry: TrailEntry, offices: dict[tuple[str, date], str]) -> Reading:
        values = json.loads(entry.values)
        day = entry.effective_on or entry.at.date()
        purpose = "本人查看" if entry.verb.startswith("people:") else values.get("purpose") or verb_words(entry.verb)
        who = self.names.get(entry.account, entry.account)
        return Reading(entry.at, who, offices.get((entry.account, day), ""), self._what(entry, values), purpose)

    def _what(self, entry: TrailEntry, values: dict[str, object]) -> str:
        """What was read: the fields' names; for one's own reading and a search, what was done."""
        if entry.verb == EXPORTED:
            return f"{verb_words(entry.verb)}：{'、'.join(values.get('fields', ()))}"  # type: ignore[arg-type]
        label = entry.subject.partition(":")[0]
        register = REGISTERS.get(label)
        names = values.get("fields")
        if entry.verb != "base:record_reading" or register is None or not isinstance(names, list):
            return verb_words(entry.verb)
        titles = {f.name: str(f.verbose_name) for f in register.model._meta.concrete_fields}
        return "、".join(titles.get(str(name), str(name)) for name in names)


def _offices(wanted: set[tuple[str, date]]) -> dict[tuple[str, date], str]:
    """The titles of the roles that accounts held on the days they read, in one statement."""
    held: dict[str, list[Grant]] = defaultdict(list)
    accounts = {account for account, _ in wanted}
    for grant in Grant.objects.filter(user__username__in=accounts).select_related("user").order_by("pk"):
        held[grant.user.username].append(grant)

    def titles(account: str, day: date) -> str:
        then = [g for g in held[account] if (g.valid_from or day) <= day and (g.valid_to is None or day < g.valid_to)]
        return "、".join(dict.fromkeys(ROLES[g.role].title for g in then if g.role in ROLES))

    return {(account, day): titles(account, day) for account, day in wanted}
