"""Carrying cases on: open, do a step, send back, let the clock stand, withdraw, close. What may be done is said by `running`;
here it is asked, kept and entered on the trail."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from zugong.base import bulk
from zugong.base.access import Permission
from zugong.base.actions import action, amend, create, entry
from zugong.base.models import User
from zugong.base.records import Record
from zugong.base.rules import NotAllowed, Reason, Refused, Verdict
from zugong.regulations.actions import version_for
from zugong.regulations.models import ProcedureVersion
from zugong.regulations.procedures import Procedure, Step, shipped
from zugong.tasks.casebook import Case, CaseStep, editing
from zugong.tasks.clocks import Attempt
from zugong.tasks.running import (
    Did,
    Position,
    may_do,
    may_pause,
    may_resume,
    may_return,
    may_withdraw,
    position,
    taken_over,
)

P = Permission


@dataclass(frozen=True)
class Said:
    """What somebody says of a step: on which day (none is today), by which paper, for which reason, with which outcome."""

    day: date | None = None
    paper: str = ""
    reason: str = ""
    choice: str = ""


def facts_of(record: Record | None) -> Mapping[str, Any]:
    """A record's own values by field, as the pure rules take them."""
    return {f.attname: getattr(record, f.attname) for f in record._meta.concrete_fields} if record is not None else {}


def is_over(procedure: Procedure, record: Record) -> bool:
    """Whether a record has come to its end without a case: the day its last step enters is there already."""
    last = [one.fills for one in procedure.steps if one.fills][-1:]
    return any(getattr(record, name) is not None for name in last)


def may_open(procedure: Procedure, record: Record, going: bool) -> Verdict:
    """Whether a case may be opened for a record: none is going on for it, and it is not over."""
    if going:
        return Verdict((Reason(f"“{record}”已经有一件正在办的{procedure.name}。"),))
    if is_over(procedure, record):
        return Verdict((Reason(f"“{record}”已经办完，不用再开启{procedure.name}。"),))
    return Verdict()


@action(P.CASES_EDIT, at="records")
def open_cases(*, by: User, on: date, code: str, records: QuerySet) -> list[Case]:
    """Open a case of a procedure for each of some records, all or none, under the version that holds today. What a record
    already proves (a talk it has the day of) is taken over with that day. Raises Refused with a reason for each."""
    if code not in shipped():
        raise Refused(f"没有“{code}”这个程序，没有开启。")
    version = version_for(code, on)
    procedure = version.procedure
    if records.model._meta.label_lower != procedure.about:
        raise Refused(f"“{procedure.name}”不是为{records.model._meta.verbose_name}定的，没有开启。")
    _insist_on_editing(by, records)
    ways = [f.name for f in records.model._meta.concrete_fields if f.is_relation]
    found = list(records.select_related(*ways).order_by("pk"))
    going = set(Case.objects.going().filter(procedure=code, kind=procedure.about).values_list("number", flat=True))
    reasons = [reason for one in found for reason in may_open(procedure, one, one.pk in going).reasons]
    if reasons or not found:
        raise Refused(*(reasons or ["一条记录也没有选，没有开启。"]))
    return _opened(version, found, by, on)


def _insist_on_editing(by: User, records: QuerySet) -> None:
    """Whoever carries a case on may change its record, too."""
    if records.held_by(by, editing(records.model)).count() != records.count():  # type: ignore[attr-defined]
        name = records.model._meta.verbose_name
        raise NotAllowed(Reason(f"账号“{by.username}”不能改这里的{name}，所以也不能办它的程序；未作任何改动。"))


def _opened(version: ProcedureVersion, records: Sequence[Record], by: User, on: date) -> list[Case]:
    """Cases and what is taken over, in bulk."""
    procedure, cases, steps = version.procedure, [], []
    for record in records:
        taken = taken_over(procedure, facts_of(record), on)
        opened_on = taken[0][1] if taken else on
        case = Case(procedure=procedure.code, version=version, kind=procedure.about, number=record.pk, opened_on=opened_on)
        first = procedure.steps[0].id
        mine = [CaseStep(case=case, step=first, did=Did.OPENED, day=opened_on, entered_on=on, account=by.username)]
        mine += [
            CaseStep(case=case, step=one.id, did=Did.TAKEN, day=day, entered_on=on, account=by.username, paper="台账")
            for one, day in taken
        ]
        _stand(case, position(procedure, [one.event for one in mine]))
        cases.append(case)
        steps += mine
    bulk.insert(cases)
    for one in steps:
        one.case_id = one.case.pk
    bulk.insert(steps)
    for case in cases:
        entry().note_change(case, {}, {name: getattr(case, name) for name in ("procedure", "kind", "number", "opened_on")})
    return cases


def _stand(case: Case, at: Position) -> None:
    case.state, case.step = at.state, at.step.id if at.step else ""
    case.closed_on = None if at.step else at.last


Allowed = Callable[[Position, Attempt], Verdict]


def _carry(case: Case, by: User, on: date, said: Said, did: Did, allowed: Allowed, choice: str = "") -> Case:
    """One more thing happens to a case, if it may: kept as a step, with the case's new standing."""
    fresh = Case.objects.select_for_update().select_related("version").get(pk=case.pk)
    if fresh.revision != case.revision:
        raise Refused("这件事刚被别人办过，请刷新后再看；您填的内容没有保存。")
    record = _record(fresh, by)
    procedure = fresh.version.procedure
    events = [one.event for one in fresh.steps.order_by("pk")]
    at = position(procedure, events)
    step = at.step or procedure.steps[-1]
    day = said.day or on
    attempt = Attempt(
        day=day, entered_on=on, account=by.username, previous=at.last, source=step.source, previous_hand=at.hand,
        paper=said.paper, reason=said.reason, record=facts_of(record),
    )  # fmt: skip
    allowed(at, attempt).or_refuse()
    done = create(
        CaseStep(
            case=fresh, step=step.id, did=did, day=day, entered_on=on, account=by.username, choice=choice,
            paper=said.paper.strip(), reason=said.reason.strip(),
        )
    )  # fmt: skip
    after = position(procedure, [*events, done.event])
    closed_on = None if after.step else after.last
    amend(fresh, state=after.state, step=after.step.id if after.step else "", closed_on=closed_on)
    if did == Did.DONE:
        _fill(record, step, day)
    return fresh


def _record(case: Case, by: User) -> Record:
    """The case's record, which the account must be allowed to change."""
    record = case.record()
    if record is None:
        raise Refused("这件事所说的记录已经删除，只能先恢复记录。没有改动。")
    _insist_on_editing(by, type(record)._default_manager.filter(pk=record.pk))
    return record


def _fill(record: Record, step: Step, day: date) -> None:
    """The day a step enters stands in the record from now on: entered once, used everywhere."""
    if step.fills and (getattr(record, step.fills) is None or step.choices):
        amend(record, **{step.fills: day})


@action(P.CASES_EDIT, at="case")
def do_step(*, by: User, on: date, case: Case, said: Said) -> Case:
    """Do the step the case is at, where it is not the last."""

    def allowed(at: Position, attempt: Attempt) -> Verdict:
        verdict = may_do(at, attempt, said.choice)
        if verdict and at.step and case.version.procedure.ends(at.step, said.choice):
            return Verdict((Reason(f"“{at.step.name}”是最后一步，请用“办结”。"),))
        return verdict

    return _carry(case, by, on, said, Did.DONE, allowed, said.choice)


@action(P.CASES_EDIT, at="case")
def close_case(*, by: User, on: date, case: Case, said: Said) -> Case:
    """Do the last step: the case is over."""

    def allowed(at: Position, attempt: Attempt) -> Verdict:
        verdict = may_do(at, attempt, said.choice)
        if verdict and at.step and not case.version.procedure.ends(at.step, said.choice):
            return Verdict((Reason(f"“{at.step.name}”不是最后一步，还不能办结", at.step.source),))
        return verdict

    return _carry(case, by, on, said, Did.DONE, allowed, said.choice)


@action(P.CASES_EDIT, at="case")
def send_back(*, by: User, on: date, case: Case, said: Said) -> Case:
    """Send the case back to the step the procedure says, whose clock begins anew."""
    back = case.version.procedure.step(case.step).back if case.step else ""
    return _carry(case, by, on, said, Did.RETURNED, may_return, back)


@action(P.CASES_EDIT, at="case")
def pause_case(*, by: User, on: date, case: Case, said: Said) -> Case:
    """Let the clock of the step stand still, from today."""
    return _carry(case, by, on, said, Did.PAUSED, may_pause)


@action(P.CASES_EDIT, at="case")
def resume_case(*, by: User, on: date, case: Case, said: Said) -> Case:
    """Let the clock go on."""
    return _carry(case, by, on, said, Did.RESUMED, may_resume)


@action(P.CASES_EDIT, at="case")
def withdraw_case(*, by: User, on: date, case: Case, said: Said) -> Case:
    """Give a case up before its end."""
    return _carry(case, by, on, said, Did.WITHDRAWN, may_withdraw)
