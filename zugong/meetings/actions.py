"""Every change a meeting undergoes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from zugong.base.access import Permission
from zugong.base.actions import action, amend, create
from zugong.base.ledgers import Ledger, Row, Values
from zugong.base.models import User
from zugong.base.removing import take_out
from zugong.base.sets import SetWrite, set_action
from zugong.meetings.models import Meeting
from zugong.organizations.models import PartyOrganization


@action(Permission.MEETINGS_EDIT, at="organization")
def record(
    *,
    by: User,
    on: date,
    organization: PartyOrganization,
    held_on: date,
    kind: str,
    topic: str = "",
    partner: str = "",
    due: int | None = None,
    present: int | None = None,
) -> Meeting:
    """Record a meeting that has been held."""
    meeting = Meeting(
        organization=organization, held_on=held_on, kind=kind, topic=topic, partner=partner, due=due, present=present
    )
    return create(meeting)


@action(Permission.MEETINGS_EDIT, at="meeting")
def edit(*, by: User, on: date, meeting: Meeting, changes: dict[str, Any]) -> Meeting:
    """Correct what is kept about a meeting."""
    return amend(meeting, **changes)


@action(Permission.MEETINGS_EDIT, at="meetings")
def remove(*, by: User, on: date, meetings: QuerySet) -> None:
    """Take out meetings that should not have been recorded."""
    take_out(meetings)


@set_action(Permission.MEETINGS_EDIT)
def take_meetings(*, by: User, on: date, rows: Sequence[Row], write: SetWrite, ledger: Ledger) -> None:
    """Keep the rows of ledger 04."""
    organizations = PartyOrganization.objects.named(row.values["organization"] for row in rows)

    def fields(row: Row) -> Values:
        v = row.values
        return {
            "held_on": v["held_on"],
            "organization_id": organizations[v["organization"]],
            "kind": v["kind"] or "",
            "topic": v["topic"] or "",
            "partner": v["partner"] or "",
            "due": v["due"],
            "present": v["present"],
        }

    write.keep(rows, Meeting, fields)
