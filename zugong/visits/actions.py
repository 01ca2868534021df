"""Every change visits, opinions and research topics undergo."""

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
from zugong.organizations.models import PartyOrganization
from zugong.visits.models import Opinion, ResearchTopic, Visit


@action(Permission.VISITS_EDIT)
def record(
    *, by: User, on: date, visited_on: date, visited: str, visitor: str = "", opinion: str = "", office: str = ""
) -> Visit:
    """Record a visit, with the opinion raised on it if there was one."""
    organization = PartyOrganization.objects.named([visited]).get(visited)
    visit = create(Visit(visited_on=visited_on, visited=visited, visitor=visitor, organization_id=organization))
    if opinion:
        create(Opinion(visit=visit, text=opinion, office=office, status="办理中"))
    return visit


@action(Permission.VISITS_EDIT, at="visit")
def edit(*, by: User, on: date, visit: Visit, changes: dict[str, Any]) -> Visit:
    """Correct what is kept about a visit."""
    return amend(visit, **changes)


@action(Permission.VISITS_EDIT, at="visits")
def remove(*, by: User, on: date, visits: QuerySet) -> None:
    """Take out visits that should not have been recorded; the opinions raised on them go along."""
    take_out(visits)


@action(Permission.VISITS_EDIT, at="opinion")
def edit_opinion(*, by: User, on: date, opinion: Opinion, changes: dict[str, Any]) -> Opinion:
    """Correct, answer or close an opinion."""
    return amend(opinion, **changes)


@action(Permission.VISITS_EDIT, at="topic")
def edit_topic(*, by: User, on: date, topic: ResearchTopic, changes: dict[str, Any]) -> ResearchTopic:
    """Correct what is kept about a research topic."""
    return amend(topic, **changes)


@set_action(Permission.VISITS_EDIT)
def take_visits(*, by: User, on: date, rows: Sequence[Row], write: SetWrite, ledger: Ledger) -> None:
    """Keep the rows of ledger 05: a visit each, and its opinion where one was raised."""
    organizations = PartyOrganization.objects.named(row.values["visited"] for row in rows)

    def visit(row: Row) -> Values:
        v = row.values
        return {
            "visited_on": v["visited_on"],
            "visited": v["visited"],
            "visitor": v["visitor"] or "",
            "organization_id": organizations.get(v["visited"]),
        }

    write.keep(rows, Visit, visit)
    _keep_opinions(rows, write)


def _keep_opinions(rows: Sequence[Row], write: SetWrite) -> None:
    """The opinion is part of the row's key, so a changed row has the opinion it had; its answer may be new."""

    def fields(row: Row) -> Values:
        v = row.values
        return {"text": v["opinion"], "office": v["office"] or "", "status": v["status"] or "", "closed_on": v["closed_on"]}

    spoken = [row for row in rows if row.values["opinion"]]
    write.create([Opinion(visit=row.record, origin=row.origin, **fields(row)) for row in spoken if row.state == "new"])
    kept = {o.visit_id: o for o in Opinion.objects.all().among("visit_id", [r.record.pk for r in spoken])}
    changed = [(kept[row.record.pk], fields(row)) for row in spoken if row.state == "changed" and row.record.pk in kept]
    write.change((o, {n: x for n, x in values.items() if getattr(o, n) != x}) for o, values in changed)


@set_action(Permission.VISITS_EDIT)
def take_research(*, by: User, on: date, rows: Sequence[Row], write: SetWrite, ledger: Ledger) -> None:
    """Keep the rows of ledger 06."""

    def fields(row: Row) -> Values:
        v = row.values
        return {
            "title": v["title"],
            "office": v["office"] or "",
            "finished_on": v["finished_on"],
            "has_report": bool(v["has_report"]),
        }

    write.keep(rows, ResearchTopic, fields)
