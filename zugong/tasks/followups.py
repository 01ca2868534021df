"""Follow-ups (督办): asked within a monthly quota for each receiver, approved beyond it, answered, closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Sum

from zugong.base import parameters
from zugong.base.access import ROLES, Permission
from zugong.base.actions import action, amend, create
from zugong.base.locks import hold
from zugong.base.models import User
from zugong.base.parameters import Line
from zugong.base.records import Record
from zugong.base.rules import NotAllowed, Reason, Refused
from zugong.tasks.models import FollowUp, FollowUpState
from zugong.tasks.rules import may_send

PARAMETERS = parameters.read(__package__)
FOLLOW_UPS = "follow-ups"
MOST_MINUTES = 480


@dataclass(frozen=True)
class Burden:
    """What follow-ups of a month ask for: how many, and people × minutes."""

    many: int
    minutes: int


def quota(day: date) -> Line:
    """How many follow-ups one person may be sent in the month of a day, with its source."""
    return PARAMETERS["follow_ups_a_month"].on(day)


def burden(day: date, **narrowed: User) -> Burden:
    """What the follow-ups of a month ask for, of everybody or of one sender or receiver: one statement."""
    rows = FollowUp.objects.filter(**narrowed).of_month(day)
    found = rows.aggregate(many=Count("pk"), minutes=Sum(F("people") * F("minutes")))
    return Burden(found["many"], found["minutes"] or 0)


def approvers() -> str:
    """Which roles may approve one beyond the quota."""
    return "、".join(r.title for r in ROLES.values() if Permission.FOLLOW_UPS_APPROVE in r.permissions)


@action(Permission.TASKS_EDIT)
def send_follow_up(
    *,
    by: User,
    on: date,
    subject: Record,
    receiver: User,
    ask: str,
    answer_by: date,
    people: int = 1,
    minutes: int = 10,
    beyond: str = "",
) -> FollowUp:
    """Ask somebody how a task or a finding stands. Beyond the month's quota only with a reason, and then it waits for somebody
    who may approve it. Raises Refused."""
    hold(FOLLOW_UPS)
    if receiver.pk == by.pk:
        raise Refused("请谁答复：不能督办自己。没有发出。")
    if answer_by < on:
        raise Refused(f"请在此日前答复：{answer_by} 已经过了。没有发出。")
    line = quota(on)
    verdict = may_send(receiver.name, burden(on, receiver=receiver).many, int(line.value), approvers(), line.source)
    if not beyond.strip():
        verdict.or_refuse()
    state = FollowUpState.SENT if verdict else FollowUpState.WAITING
    return create(
        FollowUp(
            subject=subject.key, ask=ask, receiver=receiver, sender=by, sent_on=on, answer_by=answer_by, people=people,
            minutes=minutes, state=state, beyond="" if verdict else beyond.strip(),
        )
    )  # fmt: skip


@action(Permission.FOLLOW_UPS_APPROVE)
def decide_follow_up(*, by: User, on: date, follow_up: FollowUp, agreed: bool, decision: str = "") -> FollowUp:
    """Approve a follow-up beyond the quota, or not; whoever asked does not decide. Raises Refused."""
    if follow_up.state != FollowUpState.WAITING:
        raise Refused("这次督办已经定过了，没有改动。")
    if follow_up.sender_id == by.pk:
        raise Refused("自己提出的督办要由别人批准，没有改动。")
    if not agreed and not decision.strip():
        raise Refused("批准意见：不同意要写理由。没有改动。")
    state = FollowUpState.SENT if agreed else FollowUpState.DECLINED
    sent_on = on if agreed else follow_up.sent_on
    return amend(follow_up, state=state, sent_on=sent_on, decided_by=by, decided_on=on, decision=decision.strip())


@action(None)
def answer_follow_up(*, by: User, on: date, follow_up: FollowUp, answer: str) -> FollowUp:
    """Answer a follow-up one received oneself. Raises NotAllowed, Refused."""
    if follow_up.receiver_id != by.pk:
        raise NotAllowed(Reason("这次督办请的不是您，没有记下答复。"))
    if follow_up.state not in (FollowUpState.SENT, FollowUpState.ANSWERED):
        raise Refused("这次督办已经办结，没有记下答复。")
    if not answer.strip():
        raise Refused("答复：还没有写。")
    return amend(follow_up, answer=answer.strip(), answered_on=on, state=FollowUpState.ANSWERED)


@action(Permission.TASKS_EDIT)
def close_follow_up(*, by: User, on: date, follow_up: FollowUp) -> FollowUp:
    """Close a follow-up: answered, or no longer needed. Raises Refused."""
    if follow_up.state not in (FollowUpState.SENT, FollowUpState.ANSWERED, FollowUpState.WAITING):
        raise Refused("这次督办已经办结，没有改动。")
    return amend(follow_up, state=FollowUpState.CLOSED, closed_on=on)
