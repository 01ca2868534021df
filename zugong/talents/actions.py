"""Every change posts, introductions and tenancies undergo."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from zugong.base.access import Permission
from zugong.base.actions import action, amend
from zugong.base.ledgers import Ledger, Row, Values
from zugong.base.models import User
from zugong.base.sets import SetWrite, set_action
from zugong.organizations.models import Unit
from zugong.people.actions import recognise
from zugong.people.models import mark_of
from zugong.talents.models import Introduction, Post, Tenancy, room_mark


@action(Permission.TALENTS_EDIT, at="post")
def edit_post(*, by: User, on: date, post: Post, changes: dict[str, Any]) -> Post:
    """Correct what is kept about a post."""
    return amend(post, **changes)


@action(Permission.TALENTS_EDIT, at="introduction")
def edit_introduction(*, by: User, on: date, introduction: Introduction, changes: dict[str, Any]) -> Introduction:
    """Correct what is kept about an introduction."""
    return amend(introduction, **changes)


@action(Permission.TALENTS_EDIT, at="tenancy")
def edit_tenancy(*, by: User, on: date, tenancy: Tenancy, changes: dict[str, Any]) -> Tenancy:
    """Correct or end a tenancy; the room keeps its blind index in step."""
    if "room" in changes:
        changes = {**changes, "room_index": room_mark(changes["room"])}
    return amend(tenancy, **changes)


def _units(rows: Sequence[Row]) -> dict[str, int]:
    return Unit.objects.named(row.values["unit"] for row in rows if row.values["unit"])


@set_action(Permission.TALENTS_EDIT)
def take_posts(*, by: User, on: date, rows: Sequence[Row], write: SetWrite, ledger: Ledger) -> None:
    """Keep the rows of ledger 09."""
    units = _units(rows)

    def fields(row: Row) -> Values:
        v = row.values
        return {
            "year": v["year"],
            "unit_name": v["unit"] or "",
            "unit_id": units.get(v["unit"]),
            "title": v["title"],
            "way": v["way"] or "",
            "kind": v["kind"] or "",
            "headcount": v["headcount"],
            "education": v["education"] or "",
        }

    write.keep(rows, Post, fields)


@set_action(Permission.TALENTS_EDIT)
def take_introductions(*, by: User, on: date, rows: Sequence[Row], write: SetWrite, ledger: Ledger) -> None:
    """Keep the rows of ledger 10."""
    persons, units = recognise(rows=rows, ledger=ledger, write=write, on=on), _units(rows)

    def fields(row: Row) -> Values:
        v = row.values
        return {
            "person_id": persons[mark_of(row)],
            "unit_name": v["unit"] or "",
            "unit_id": units.get(v["unit"]),
            "education": v["education"] or "",
            "kind": v["kind"] or "",
            "introduced_on": v["introduced_on"],
        }

    write.keep(rows, Introduction, fields)


@set_action(Permission.TALENTS_EDIT)
def take_tenancies(*, by: User, on: date, rows: Sequence[Row], write: SetWrite, ledger: Ledger) -> None:
    """Keep the rows of ledger 11."""
    persons, units = recognise(rows=rows, ledger=ledger, write=write, on=on), _units(rows)

    def fields(row: Row) -> Values:
        v = row.values
        return {
            "person_id": persons[mark_of(row)],
            "unit_name": v["unit"] or "",
            "unit_id": units.get(v["unit"]),
            "room": v["room"] or "",
            "room_index": room_mark(v["room"]),
            "valid_from": v["valid_from"],
            "valid_to": v["valid_to"],
        }

    write.keep(rows, Tenancy, fields)
