"""Every change a meeting undergoes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from zugong.base.access import Permission
from zugong.base.actions import action, amend, create
from zugong.base.ledgers import Ledger, Row, Values
from zugong.base.models import User
from zugong.base.removing import take_out
from zugong.base.rules import Refused
from zugong.base.sets import SetWrite, set_action
from zugong.meetings import rules
from zugong.meetings.models import Meeting, Talk
from zugong.organizations.models import PartyOrganization
from zugong.people.models import Membership, Person


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
    also: Mapping[str, Any] | None = None,
) -> Meeting:
    """Record a meeting that has been held; `also` says what else it was (see Meeting)."""
    meeting = Meeting(
        organization=organization,
        held_on=held_on,
        kind=kind,
        topic=topic,
        partner=partner,
        due=due,
        present=present,
        **(also or {}),
    )
    rules.says_what_it_was(_facts(meeting)).or_refuse()
    return create(meeting)


@action(Permission.MEETINGS_EDIT, at="meeting")
def edit(*, by: User, on: date, meeting: Meeting, changes: dict[str, Any]) -> Meeting:
    """Correct what is kept about a meeting."""
    rules.says_what_it_was(_facts(meeting) | changes).or_refuse()
    return amend(meeting, **changes)


def _facts(meeting: Meeting) -> dict[str, Any]:
    names = ("held_on", "topic", "lecturer", "by_secretary", "as_assembly", "due", "present", "session_year", "consent")
    return {name: getattr(meeting, name) for name in names}


@action(Permission.MEETINGS_EDIT, at="meetings")
def remove(*, by: User, on: date, meetings: QuerySet) -> None:
    """Take out meetings that should not have been recorded."""
    take_out(meetings)


@action(Permission.MEETINGS_EDIT, at="organization")
def record_talk(
    *, by: User, on: date, organization: PartyOrganization, held_on: date, kind: str, person: Person, other: Person
) -> Talk:
    """Record that two members of a branch talked."""
    return create(Talk(organization=organization, held_on=held_on, kind=kind, person=person, other=other))


@action(Permission.MEETINGS_EDIT, at="talk")
def edit_talk(*, by: User, on: date, talk: Talk, changes: dict[str, Any]) -> Talk:
    """Correct what is kept about a talk."""
    return amend(talk, **changes)


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


@set_action(Permission.MEETINGS_EDIT)
def take_talks(*, by: User, on: date, rows: Sequence[Row], write: SetWrite, ledger: Ledger) -> None:
    """Keep the rows of ledger 21. Raises Refused where a name has come to mean nobody, or several, since the preview."""
    places = PartyOrganization.objects.named(row.values["organization"] for row in rows)
    members = Membership.objects.bearing(row.values[who] for row in rows for who in ("person", "other"))

    def one(row: Row, who: str) -> int:
        found = members.get((places[row.values["organization"]], row.values[who]), set())
        if len(found) != 1:
            raise Refused(f"预览之后，第 {row.number} 行“{row.values[who]}”所在支部的党员变了，这一批没有写入。请重新导入。")
        return next(iter(found))

    def fields(row: Row) -> Values:
        v = row.values
        who = {"person_id": one(row, "person"), "other_id": one(row, "other")}
        return {"held_on": v["held_on"], "organization_id": places[v["organization"]], "kind": v["kind"] or "", **who}

    write.keep(rows, Talk, fields)
