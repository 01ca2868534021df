"""Every change supervised meetings, findings and problems undergo."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from zugong.base import bulk
from zugong.base.access import Permission
from zugong.base.actions import action, amend, create, entry
from zugong.base.ledgers import Ledger, Row, Values
from zugong.base.models import User
from zugong.base.rules import Refused
from zugong.base.sets import SetWrite, set_action
from zugong.organizations.models import PartyOrganization, Unit
from zugong.people.models import Person
from zugong.supervision.models import Finding, Ground, Problem, Session
from zugong.supervision.rules import Answer, may_close, may_decline, may_enter
from zugong.tasks.models import Task


@action(Permission.SUPERVISION_EDIT, at="session")
def edit_session(*, by: User, on: date, session: Session, changes: dict[str, Any]) -> Session:
    """Correct what is kept about a supervised meeting."""
    return amend(session, **changes)


@action(Permission.SUPERVISION_EDIT, at="finding")
def edit(*, by: User, on: date, finding: Finding, changes: dict[str, Any]) -> Finding:
    """Correct or close a finding."""
    return amend(finding, **changes)


@action(Permission.SUPERVISION_EDIT, at="organization")
def accept_problem(
    *,
    by: User,
    on: date,
    words: str,
    office: str,
    kind: str,
    topic: str,
    grounds: Sequence[tuple[str, str]],
    organization: PartyOrganization | None = None,
) -> Problem:
    """Enter a problem into the register, in one's own words, with its owner and the records behind it (key, what it says).
    Where the same was solved before, it is tied to that. Raises Refused."""
    held = Problem.objects.filter(topic=topic, declined_because="")
    may_enter(words, office, grounds, _is_open(topic)).or_refuse()
    problem = Problem(words=words.strip(), office=office.strip(), kind=kind, topic=topic, organization=organization)
    problem.raised_on, problem.raised_by, problem.again = on, by.username, held.order_by("-pk").first()
    return _entered(problem, grounds)


@action(Permission.SUPERVISION_EDIT, at="organization")
def decline_problem(
    *,
    by: User,
    on: date,
    words: str,
    reason: str,
    kind: str,
    topic: str,
    grounds: Sequence[tuple[str, str]],
    organization: PartyOrganization | None = None,
) -> Problem:
    """Note that what was proposed is no problem, and why; it is kept, so that it is not asked again and again. Raises Refused
    without a reason, and for what is in the register and not solved yet."""
    may_decline(reason, _is_open(topic)).or_refuse()
    problem = Problem(words=words.strip(), kind=kind, topic=topic, organization=organization, declined_because=reason.strip())
    problem.raised_on, problem.raised_by = on, by.username
    return _entered(problem, grounds)


def _is_open(topic: str) -> bool:
    """Whether a problem of the topic is in the register and not solved yet."""
    return Problem.objects.still_open().filter(topic=topic).exists()


def _entered(problem: Problem, grounds: Sequence[tuple[str, str]]) -> Problem:
    """A problem with what it rests on, in bulk."""
    create(problem)
    bulk.insert([Ground(problem=problem, record=key, said=said[:300]) for key, said in grounds])
    entry().note(rows=len(grounds))
    return problem


@action(Permission.SUPERVISION_EDIT, at="problem")
def edit_problem(*, by: User, on: date, problem: Problem, changes: dict[str, Any]) -> Problem:
    """Word a problem otherwise, or give it another owner."""
    return amend(problem, **changes)


@action(Permission.SUPERVISION_EDIT, at="problem")
def close_problem(*, by: User, on: date, problem: Problem, task: Task, words: str) -> Problem:
    """A task that answers the problem has solved it. Raises Refused."""
    if problem.closed_on or problem.declined_because:
        raise Refused("这个问题不在未解决的里面，没有改动。")
    answer = Answer(task.basis, task.done_on, task.evidence_rows.count())
    may_close(problem.key, answer, on, words).or_refuse()
    return amend(problem, closed_on=on, closed_by=task, solution=words.strip())


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
