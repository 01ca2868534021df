"""Every change the roster, the reserve, secondments and merit records undergo."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from zugong.base.access import Permission
from zugong.base.actions import action, amend, create
from zugong.base.ledgers import Ledger, Row, Values
from zugong.base.models import User
from zugong.base.sets import SetWrite, set_action
from zugong.cadres.models import ArchiveMaterial, Cadre, Merit, Posting, ReserveEntry, Secondment
from zugong.organizations.models import Unit
from zugong.people.actions import recognise
from zugong.people.models import Appointment, Person, mark_of


@action(Permission.CADRES_EDIT, at="cadre")
def edit(*, by: User, on: date, cadre: Cadre, changes: dict[str, Any]) -> Cadre:
    """Correct what is kept about a cadre; what belongs to the appointment is corrected there."""
    of_appointment = {n: v for n, v in changes.items() if n in ("unit", "unit_name", "title", "rank", "rank_since")}
    if of_appointment:
        amend(cadre.appointment, **of_appointment)
    return amend(cadre, **{n: v for n, v in changes.items() if n not in of_appointment})


@action(Permission.CADRES_EDIT, at="reserve_entry")
def edit_reserve(*, by: User, on: date, reserve_entry: ReserveEntry, changes: dict[str, Any]) -> ReserveEntry:
    """Correct or end an entry of the reserve."""
    return amend(reserve_entry, **changes)


@action(Permission.CADRES_EDIT, at="secondment")
def edit_secondment(*, by: User, on: date, secondment: Secondment, changes: dict[str, Any]) -> Secondment:
    """Correct a secondment or enter one of its talks."""
    return amend(secondment, **changes)


@action(Permission.CADRES_EDIT, at="merit")
def edit_merit(*, by: User, on: date, merit: Merit, changes: dict[str, Any]) -> Merit:
    """Correct a recorded fact."""
    return amend(merit, **changes)


@action(Permission.CADRES_EDIT, at="person")
def record_posting(
    *, by: User, on: date, person: Person, title: str, archive_on: date | None = None, decided_on: date | None = None
) -> Posting:
    """Keep a person proposed for a post."""
    return create(Posting(person=person, title=title, archive_on=archive_on, decided_on=decided_on))


@action(Permission.CADRES_EDIT, at="posting")
def edit_posting(*, by: User, on: date, posting: Posting, changes: dict[str, Any]) -> Posting:
    """Enter the next step of a posting, or correct one."""
    return amend(posting, **changes)


@action(Permission.CADRES_EDIT, at="person")
def record_material(
    *, by: User, on: date, person: Person, title: str, made_on: date, filed_on: date | None = None
) -> ArchiveMaterial:
    """Keep that a paper for a person's archive was made."""
    return create(ArchiveMaterial(person=person, title=title, made_on=made_on, filed_on=filed_on))


@action(Permission.CADRES_EDIT, at="material")
def edit_material(*, by: User, on: date, material: ArchiveMaterial, changes: dict[str, Any]) -> ArchiveMaterial:
    """Enter that a paper was filed, or correct what is kept about it."""
    return amend(material, **changes)


def _units(rows: Sequence[Row], *names: str) -> dict[str, int]:
    return Unit.objects.named(row.values[name] for row in rows for name in names if row.values[name])


@set_action(Permission.CADRES_EDIT)
def take_cadres(*, by: User, on: date, rows: Sequence[Row], write: SetWrite, ledger: Ledger) -> None:
    """Keep the rows of ledger 03. A rank with a later date than the one held opens a new appointment from that day."""
    persons, units = recognise(rows=rows, ledger=ledger, write=write, on=on), _units(rows, "unit")
    new = [row for row in rows if row.state == "new"]
    appointments = [_appointment(row, persons, units) for row in new]
    write.create(appointments)
    by_row = {id(row): appointment for row, appointment in zip(new, appointments, strict=True)}
    _renew_appointments([row for row in rows if row.state == "changed"], persons, units, write, by_row)

    def fields(row: Row) -> Values:
        v = row.values
        return {
            "person_id": persons[mark_of(row)],
            "appointment_id": by_row[id(row)].pk,
            "political_status": v["political_status"] or "",
            "education": v["education"] or "",
            "degree": v["degree"] or "",
            "valid_from": v["work_started_on"],
        }

    write.keep(rows, Cadre, fields)


def _appointment(row: Row, persons: dict[str, int], units: dict[str, int]) -> Appointment:
    person = persons[mark_of(row)]
    start = row.values["work_started_on"]
    return Appointment(person_id=person, valid_from=start, origin=row.origin, **_post(row, units))


def _post(row: Row, units: dict[str, int]) -> Values:
    v = row.values
    return {
        "unit_id": units.get(v["unit"]),
        "unit_name": v["unit"] or "",
        "title": v["title"] or "",
        "rank": v["rank"] or "",
        "rank_since": v["rank_since"],
    }


def _renew_appointments(
    rows: Sequence[Row], persons: dict[str, int], units: dict[str, int], write: SetWrite, by_row: dict[int, Appointment]
) -> None:
    opened: list[Appointment] = []
    changes: list[tuple[Appointment, Values]] = []
    held = {a.pk: a for a in Appointment.objects.all().among("pk", [row.record.appointment_id for row in rows])}
    for row in rows:
        now, post = held[row.record.appointment_id], _post(row, units)
        since = post["rank_since"]
        if since and now.rank_since and since > now.rank_since and post["rank"] != now.rank:
            fresh = _appointment(row, persons, units)
            fresh.valid_from = since
            opened.append(fresh)
            changes.append((now, {"valid_to": since}))
            by_row[id(row)] = fresh
        else:
            changes.append((now, {n: v for n, v in post.items() if getattr(now, n) != v}))
            by_row[id(row)] = now
    write.change((appointment, values) for appointment, values in changes if values)
    write.create(opened)


@set_action(Permission.CADRES_EDIT)
def take_reserve(*, by: User, on: date, rows: Sequence[Row], write: SetWrite, ledger: Ledger) -> None:
    """Keep the rows of ledger 12."""
    persons, units = recognise(rows=rows, ledger=ledger, write=write, on=on), _units(rows, "unit")

    def fields(row: Row) -> Values:
        v = row.values
        return {
            "person_id": persons[mark_of(row)],
            "unit_id": units.get(v["unit"]),
            "unit_name": v["unit"] or "",
            "title": v["title"] or "",
            "kind": v["kind"] or "",
            "valid_from": v["valid_from"],
            "valid_to": v["valid_to"],
            "left_because": v["left_because"] or "",
        }

    write.keep(rows, ReserveEntry, fields)


@set_action(Permission.CADRES_EDIT)
def take_secondments(*, by: User, on: date, rows: Sequence[Row], write: SetWrite, ledger: Ledger) -> None:
    """Keep the rows of ledger 13."""
    persons, units = recognise(rows=rows, ledger=ledger, write=write, on=on), _units(rows, "unit", "host")

    def fields(row: Row) -> Values:
        v = row.values
        days = {n: v[n] for n in ("valid_from", "valid_to", "briefed_on", "midway_on", "closing_on")}
        return {
            "person_id": persons[mark_of(row)],
            "unit_id": units.get(v["unit"]),
            "unit_name": v["unit"] or "",
            "host_id": units.get(v["host"]),
            "host_name": v["host"] or "",
            "title": v["title"] or "",
            **days,
        }

    write.keep(rows, Secondment, fields)


@set_action(Permission.CADRES_EDIT)
def take_merits(*, by: User, on: date, rows: Sequence[Row], write: SetWrite, ledger: Ledger) -> None:
    """Keep the rows of ledger 17."""
    persons = recognise(rows=rows, ledger=ledger, write=write, on=on)

    def fields(row: Row) -> Values:
        v = row.values
        return {
            "person_id": persons[mark_of(row)],
            "kind": v["kind"] or "",
            "recorded_on": v["recorded_on"],
            "level": v["level"] or "",
            "content": v["content"] or "",
            "provider": v["provider"] or "",
        }

    write.keep(rows, Merit, fields)
