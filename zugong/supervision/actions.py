"""Every change supervised meetings and findings undergo."""

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
from zugong.people.models import Person
from zugong.supervision.models import Finding, Session


@action(Permission.SUPERVISION_EDIT, at="session")
def edit_session(*, by: User, on: date, session: Session, changes: dict[str, Any]) -> Session:
    """Correct what is kept about a supervised meeting."""
    return amend(session, **changes)


@action(Permission.SUPERVISION_EDIT, at="finding")
def edit(*, by: User, on: date, finding: Finding, changes: dict[str, Any]) -> Finding:
    """Correct or close a finding."""
    return amend(finding, **changes)


@set_action(Permission.SUPERVISION_EDIT)
def take_sessions(*, by: User, on: date, rows: Sequence[Row], write: SetWrite, ledger: Ledger) -> None:
    """Keep the rows of ledger 14; the leader's name is linked where exactly one person can be meant."""
    units = Unit.objects.named(row.values["unit"] for row in rows if row.values["unit"])
    named = Person.objects.all().named(row.values["leader"] for row in rows if row.values["leader"])

    def fields(row: Row) -> Values:
        v = row.values
        return {
            "group": v["group"],
            "leader_name": v["leader"] or "",
            "leader_id": named.get(v["leader"]),
            "member_names": v["members"] or "",
            "unit_id": units.get(v["unit"]),
            "unit_name": v["unit"],
            "held_on": v["held_on"],
        }

    write.keep(rows, Session, fields)


@set_action(Permission.SUPERVISION_EDIT)
def take_findings(*, by: User, on: date, rows: Sequence[Row], write: SetWrite, ledger: Ledger) -> None:
    """Keep the rows of ledger 15."""
    units = Unit.objects.named(row.values["unit"] for row in rows if row.values["unit"])

    def fields(row: Row) -> Values:
        v = row.values
        return {
            "unit_id": units.get(v["unit"]),
            "unit_name": v["unit"],
            "group": v["group"] or "",
            "problem": v["problem"],
            "measure": v["measure"] or "",
            "responsible": v["responsible"] or "",
            "deadline": v["deadline"],
            "closed_on": v["closed_on"],
        }

    write.keep(rows, Finding, fields)
