"""Every change persons, memberships and appointments undergo; and recognising people in ledgers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from zugong.base.access import Permission
from zugong.base.actions import action, amend
from zugong.base.ledgers import Ledger, Row, Values
from zugong.base.models import User
from zugong.base.rules import Refused
from zugong.base.sets import SetWrite, set_action
from zugong.organizations.models import PartyOrganization
from zugong.people.aside import lift_restriction, restrict
from zugong.people.correcting import (
    PARAMETERS,
    ask_correction,
    correct,
    read_correction,
    record_about,
    refuse_correction,
    withdraw_correction,
)
from zugong.people.excusing import agree_excuse, end_excuse, excuse
from zugong.people.joining import edit_application, record_application
from zugong.people.models import Appointment, Membership, Person, Statement, id_index, kept_forms, mark_of
from zugong.people.owning import link_account, person_of, read_own, take_copy, unlink_account
from zugong.people.proofs import LARGEST as LARGEST_PROOF
from zugong.people.proofs import Proof, forget_proofs, looked_at, opened
from zugong.people.rules import Held, Weighed, weigh

__all__ = [
    "FACT_TITLES",
    "LARGEST_PROOF",
    "PARAMETERS",
    "Acquaintances",
    "Proof",
    "agree_excuse",
    "ask_correction",
    "correct",
    "edit",
    "edit_application",
    "edit_appointment",
    "edit_membership",
    "end_excuse",
    "excuse",
    "forget_proofs",
    "lift_restriction",
    "link_account",
    "looked_at",
    "opened",
    "person_of",
    "read_correction",
    "read_own",
    "recognise",
    "record_about",
    "record_application",
    "refuse_correction",
    "restrict",
    "settle",
    "stated_facts",
    "take_copy",
    "take_members",
    "unlink_account",
    "withdraw_correction",
]

FACT_TITLES = dict(
    name="姓名",
    sex="性别",
    ethnicity="民族",
    birth_date="出生日期",
    phone="手机号",
    education="学历",
    degree="学位",
    work_started_on="参加工作时间",
)


@action(Permission.PEOPLE_EDIT, at="person")
def edit(*, by: User, on: date, person: Person, changes: dict[str, Any]) -> Person:
    """Correct what is held about a person; the resident ID keeps its blind index in step."""
    if "resident_id" in changes:
        new_index = id_index(changes["resident_id"]) if changes["resident_id"] else None
        same = Person.objects.filter(resident_id_index__in=kept_forms([new_index] if new_index else []))
        if same.exclude(pk=person.pk).exists():
            raise Refused("这个证件号码已经登记在另一个人名下，没有改动。请先核对是不是同一个人。")
        changes = {**changes, "resident_id_index": new_index}
    return amend(person, **changes)


@action(Permission.PEOPLE_EDIT, at="membership")
def edit_membership(*, by: User, on: date, membership: Membership, changes: dict[str, Any]) -> Membership:
    """Correct what is held about a Party membership."""
    return amend(membership, **changes)


@action(Permission.PEOPLE_EDIT, at="appointment")
def edit_appointment(*, by: User, on: date, appointment: Appointment, changes: dict[str, Any]) -> Appointment:
    """Correct what is held about an appointment."""
    return amend(appointment, **changes)


@action(Permission.PEOPLE_EDIT, at="statement")
def settle(*, by: User, on: date, statement: Statement, accept: bool) -> Person:
    """Decide between what is held and what a ledger states: take the statement, or keep what is held."""
    person = statement.person
    if accept:
        value = Person._meta.get_field(statement.fact).to_python(statement.stated)
        givers = {**person.facts_from, statement.fact: statement.ledger}
        amend(person, **{statement.fact: value, "facts_from": givers})
    amend(statement, settled_on=on)
    return person


@dataclass(slots=True)
class Known:
    """What is held about one person while a batch is read: values, who gave them, what ledgers said otherwise."""

    pk: int | None
    values: Values
    givers: dict[str, str]
    said: dict[tuple[str, str], Any] = field(default_factory=dict)

    def held(self, fact: str, ledger: str) -> Held:
        """One fact as the rule wants it."""
        giver = self.givers.get(fact) or self.givers.get("*", "")
        return Held(self.values.get(fact), giver, self.said.get((fact, ledger)))


@dataclass(frozen=True)
class Outcome:
    """What became of one fact a row states, and what stood there before."""

    fact: str
    found: Weighed
    stated: Any
    old: Any

    @property
    def differs(self) -> bool:
        """Two ledgers say it differently."""
        return self.found == Weighed.DIFFERS

    @property
    def is_news(self) -> bool:
        """Whether keeping the row changes anything about the person."""
        return not self.differs or str(self.old) != str(self.stated)


@dataclass
class Acquaintances:
    """The persons a batch names, as they stand after the ledgers read before."""

    known: dict[str, Known] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    marks: dict[int, str] = field(default_factory=dict)  # of those who are kept, by number

    def meet(self, indexes: Iterable[str]) -> None:
        """Fetch those of these persons who are kept and not yet known."""
        wanted = [i for i in dict.fromkeys(indexes) if i not in self.asked]
        self.asked.update(wanted)
        by_pk: dict[int, Known] = {}
        for person in Person.objects.identified(wanted):
            values = {fact: getattr(person, fact) for fact in FACT_TITLES}
            self.marks[person.pk] = person.resident_id_index
            by_pk[person.pk] = self.known[person.resident_id_index] = Known(person.pk, values, dict(person.facts_from))
        for statement in Statement.objects.all().among("person_id", by_pk):
            fact = Person._meta.get_field(statement.fact)
            by_pk[statement.person_id].said[statement.fact, statement.ledger] = fact.to_python(statement.stated)

    def weigh(self, index: str, ledger: str, stated: Values) -> list[Outcome]:
        """What becomes of each fact a row states; the person is then known with the outcome."""
        known = self.known.get(index)
        if known is None:
            self.known[index] = Known(None, stated, {"*": ledger})
            return []
        outcomes = []
        for fact, value in stated.items():
            held = known.held(fact, ledger)
            found = weigh(held, value, ledger)
            if found in (Weighed.FILLS, Weighed.UPDATES):
                known.values = {**known.values, fact: value}
                known.givers[fact] = ledger
            elif found == Weighed.DIFFERS:
                known.said[fact, ledger] = value
            if found not in (Weighed.AGREES, Weighed.SILENT):
                old = held.said_before if found == Weighed.DIFFERS else held.value
                outcomes.append(Outcome(fact, found, value, old))
        return outcomes


def stated_facts(ledger: Ledger, values: Values) -> Values:
    """What a row states about its person, by fact."""
    return {c.fact: values[c.name] for c in ledger.columns if c.fact and values.get(c.name) not in (None, "")}


def recognise(*, rows: Sequence[Row], ledger: Ledger, write: SetWrite, on: date) -> dict[str, int]:
    """Make sure every person these rows name by ID is kept once, with what they state. Returns number by blind index.

    Called inside a set action. New persons are created; facts are filled, corrected by the ledger that gave them, or
    listed as statements where ledgers differ.
    """
    people = Acquaintances()
    named = [(row, mark_of(row)) for row in rows if mark_of(row)]
    people.meet(index for _, index in named)
    new: dict[str, Person] = {}
    outcomes: list[tuple[str, Outcome]] = []
    for row, index in named:
        stated = stated_facts(ledger, row.values)
        if index not in people.known:
            new[index] = _person(row, index, stated, ledger.id)
        outcomes += [(index, outcome) for outcome in people.weigh(index, ledger.id, stated)]
    write.create(list(new.values()))
    pks = {index: known.pk for index, known in people.known.items() if known.pk} | {i: p.pk for i, p in new.items()}
    _keep_outcomes(outcomes, pks, ledger.id, write, on)
    return pks


def _person(row: Row, index: str, stated: Values, ledger: str) -> Person:
    return Person(
        resident_id=row.values["resident_id"], resident_id_index=index, facts_from={"*": ledger}, origin=row.origin, **stated
    )


def _keep_outcomes(
    outcomes: Sequence[tuple[str, Outcome]], pks: dict[str, int], ledger: str, write: SetWrite, on: date
) -> None:
    """Fill and correct facts; list statements that differ; settle those that no longer do."""
    if not outcomes:
        return
    touched = {p.pk: p for p in Person.objects.all().among("pk", [pks[index] for index, _ in outcomes])}
    said = {(s.person_id, s.fact): s for s in Statement.objects.filter(ledger=ledger).among("person_id", touched)}
    facts: list[tuple[Person, Values]] = []
    new: list[Statement] = []
    restated: list[tuple[Statement, Values]] = []
    for index, outcome in outcomes:
        person, stated = touched[pks[index]], str(outcome.stated)
        statement = said.get((person.pk, outcome.fact))
        if outcome.found in (Weighed.FILLS, Weighed.UPDATES):
            facts.append((person, {outcome.fact: outcome.stated, "facts_from": {outcome.fact: ledger}}))
        elif outcome.found == Weighed.SETTLES and statement:
            restated.append((statement, {"settled_on": on}))
        elif outcome.differs and statement is None:
            new.append(Statement(person=person, fact=outcome.fact, ledger=ledger, stated=stated))
        elif outcome.differs and statement and statement.stated != stated:
            restated.append((statement, {"stated": stated, "settled_on": None}))
    write.change(_merged(facts))
    write.create(new)
    write.change(restated)


def _merged(changes: Sequence[tuple[Person, Values]]) -> Iterable[tuple[Person, Values]]:
    """One change a person: all facts together, with all their givers."""
    whole: dict[int, tuple[Person, Values]] = {}
    for person, values in changes:
        kept = whole.setdefault(person.pk, (person, {"facts_from": dict(person.facts_from)}))[1]
        givers = {**kept["facts_from"], **values["facts_from"]}
        kept.update(values, facts_from=givers)
    return whole.values()


@set_action(Permission.PEOPLE_EDIT)
def take_members(*, by: User, on: date, rows: Sequence[Row], write: SetWrite, ledger: Ledger) -> None:
    """Keep the members of ledger 02: persons and their memberships. Memberships come from this ledger only."""
    persons = recognise(rows=rows, ledger=ledger, write=write, on=on)
    branches = PartyOrganization.objects.named(row.values["organization"] for row in rows)

    def fields(row: Row) -> Values:
        v = row.values
        return {
            "person_id": persons[mark_of(row)],
            "organization_id": branches[v["organization"]],
            "joined_on": v["joined_on"],
            "full_on": v["full_on"],
            "category": v["category"] or "",
            "party_post": v["party_post"] or "",
            "education": v["education"] or "",
            "degree": v["degree"] or "",
            "valid_from": v["joined_on"] or v["full_on"],
        }

    write.keep(rows, Membership, fields)
