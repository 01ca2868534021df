"""Corrections a person asks for (个人信息保护法 46, 50): verified by an office, then changed or refused with a reason.

A change goes through the record's own editing action, so that its checks hold and the old value stays on the trail.
What the person said stays, whatever is decided.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.apps import apps

from zugong.base import parameters
from zugong.base.access import Permission
from zugong.base.actions import action, amend, create, entry
from zugong.base.models import User
from zugong.base.records import Record
from zugong.base.rules import NotAllowed, Refused
from zugong.people import proofs
from zugong.people.models import AccountLink, Correction, Outcome, Person
from zugong.people.owning import insist_own
from zugong.people.proofs import Proof

PARAMETERS = parameters.read(__package__)
SHORTEST = 4
MOST_OPEN = 20


@action(None)
def ask_correction(
    *,
    by: User,
    on: date,
    person: Person,
    record: Record,
    field: str,
    title: str,
    held: str,
    wanted: str,
    reason: str,
    proof: Proof | None = None,
) -> Correction:
    """Ask for a correction of one field of one's own record; the page made sure the record is about the person.
    Raises Refused without a reason, where the same is asked already, or where very many requests are open."""
    insist_own(by, person)
    if not wanted.strip():
        raise Refused("应当是什么还没有填，没有提交。")
    if len(reason.strip()) < SHORTEST:
        raise Refused("理由还没有写清楚，没有提交。请写明为什么不对、依据什么材料。")
    still_open = Correction.objects.filter(person=person, state=Outcome.OPEN)
    if still_open.filter(about=record.key, field=field).exists():
        raise Refused("这一项已经提过更正，还在核实，没有重复提交。要改说法，请先撤回原来的。")
    if still_open.count() >= MOST_OPEN:
        raise Refused(f"已经有 {MOST_OPEN} 件更正在核实，没有再提交。请等答复后再提。")
    days = int(PARAMETERS["correction_days"].on(on).value)
    asked = Correction(
        person=person, user=by, about=record.key, field=field, title=title[:120], held=held, wanted=wanted.strip(),
        reason=reason.strip(), proof=proof.name if proof else "", asked_on=on, due_on=on + timedelta(days=days),
    )  # fmt: skip
    if proof is None:
        return create(asked)
    asked.proof_as = proofs.kept(proof)
    try:
        return create(asked)
    except BaseException:
        proofs.gone(asked.proof_as)
        raise


@action(None)
def withdraw_correction(*, by: User, on: date, correction: Correction) -> Correction:
    """Take one's own request back while nobody has decided; it can be made again."""
    insist_own(by, correction.person)
    _insist_open(correction)
    return amend(correction, state=Outcome.WITHDRAWN, decided_on=on)


@action(Permission.CORRECTIONS_DECIDE, at="correction")
def correct(
    *, by: User, on: date, correction: Correction, edit: Callable[..., Any] | None, values: dict[str, Any], answer: str
) -> Correction:
    """Decide that the person is right. `edit` is the record's own editing action and `values` its arguments (the record,
    the changes), where the field can be mended here; without it the answer must say where it was mended."""
    _insist_others(by, correction)
    _insist_open(correction)
    if edit is not None:
        edit(by=by, on=on, **values)
    elif len(answer.strip()) < SHORTEST:
        raise Refused("这一项不能在这里直接改。请在“答复”里写明已经在哪里改了；现在没有办结。")
    entry().subject = correction.key
    return amend(correction, state=Outcome.CHANGED, answer=answer.strip(), decided_by=by.username, decided_on=on)


@action(Permission.CORRECTIONS_DECIDE, at="correction")
def refuse_correction(*, by: User, on: date, correction: Correction, answer: str) -> Correction:
    """Decide that what is held stays, and tell the person why. Raises Refused without a reason (个人信息保护法 50)."""
    _insist_others(by, correction)
    _insist_open(correction)
    if len(answer.strip()) < SHORTEST:
        raise Refused("不予更正要说明理由，没有办结。请写明核对了什么材料、为什么不改。")
    return amend(correction, state=Outcome.REFUSED, answer=answer.strip(), decided_by=by.username, decided_on=on)


@action(Permission.CORRECTIONS_DECIDE, at="correction")
def read_correction(*, by: User, on: date, correction: Correction, purpose: str) -> None:
    """Note that what a person said about a restricted field was shown to the office, or their proof handed over."""
    if len(purpose.strip()) < SHORTEST:
        raise Refused("请写明用途，例如“核对更正申请”。写明之后才显示。")
    entry().subject = correction.key
    entry().note(fields=["held", "wanted", "reason", "proof"], purpose=purpose.strip())


def is_own(by: User, correction: Correction) -> bool:
    """Whether a request is the acting account's own: by the account that asked, or by the person it is about."""
    return correction.user_id == by.pk or AccountLink.objects.filter(user=by, person=correction.person_id).exists()


def record_about(correction: Correction) -> Record | None:
    """The record a request is about, None when it is gone."""
    label, _, number = correction.about.partition(":")
    found: Record | None = apps.get_model(label)._base_manager.filter(pk=number).first()
    return found


def _insist_others(by: User, correction: Correction) -> None:
    if is_own(by, correction):
        raise NotAllowed("这是您本人的更正申请，不能自己办理，没有改动。请由另一位同事办理。")


def _insist_open(correction: Correction) -> None:
    if correction.state != Outcome.OPEN:
        raise Refused(f"这件申请的状态是“{Outcome(correction.state).label}”，不能再办理，没有改动。")
