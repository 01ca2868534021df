"""What waits in each office: counted for a reader and a frame in one statement, shown beside the office's name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Aggregate, Count, IntegerField, Q, QuerySet, Sum, Value

from zugong.base.access import Permission
from zugong.base.models import ExportRequest, ExportState, Grant, GrantState, User
from zugong.base.periods import Frame
from zugong.base.records import Record
from zugong.elections.models import Term
from zugong.intake.models import Batch, State
from zugong.people.models import Correction, Outcome, Statement
from zugong.supervision.models import OPEN, Finding, Problem
from zugong.tasks.casebook import Case
from zugong.tasks.models import Digest, FollowUp, FollowUpState, Task
from zugong.visits.models import Opinion

P = Permission
REMINDERS = "desk:reminders"
SOON = timedelta(days=30)


@dataclass(frozen=True)
class Waiting:
    """Rows that wait for somebody: the page they are on, in words, who may know."""

    page: str
    words: str
    permission: Permission
    record: type[Record]
    narrow: Callable[[QuerySet, Frame], QuerySet]
    seen: Callable[[User], QuerySet] | None = None  # where others may know of rows than those who read the record
    counted: Aggregate = Count("pk")  # noqa: RUF009  (an expression is never changed)

    def rows(self, user: User, frame: Frame) -> QuerySet:
        """The rows that wait for this reader in a frame."""
        return self.narrow(self.seen(user) if self.seen else self.record.objects.visible_to(user), frame)


def _opinions(rows: QuerySet, frame: Frame) -> QuerySet:
    open_then = rows.within(frame.scope).with_state(frame.day).filter(state="办理中")
    return open_then.filter(visit__visited_on__lte=frame.day)


def _findings(rows: QuerySet, frame: Frame) -> QuerySet:
    return rows.within(frame.scope).with_state(frame.day).exclude(state="已销号")


def _problems(rows: QuerySet, frame: Frame) -> QuerySet:
    return rows.within(frame.scope).with_state(frame.day).filter(state=OPEN, raised_on__lte=frame.day)


def _cases(rows: QuerySet, frame: Frame) -> QuerySet:
    return rows.within(frame.scope).going_on(frame.day)


def _terms(rows: QuerySet, frame: Frame) -> QuerySet:
    return rows.within(frame.scope).latest(frame.day).ending().filter(ends_on__lte=frame.day)


def _tasks(rows: QuerySet, frame: Frame) -> QuerySet:
    still_open = Q(done_on__isnull=True) | Q(done_on__gt=frame.day)
    return rows.within(frame.scope).filter(still_open, deadline__lte=frame.day + SOON)


def _statements(rows: QuerySet, frame: Frame) -> QuerySet:
    return rows.within(frame.scope).filter(settled_on__isnull=True)


def _corrections(rows: QuerySet, frame: Frame) -> QuerySet:
    return rows.within(frame.scope).filter(state=Outcome.OPEN)


def _batches(rows: QuerySet, frame: Frame) -> QuerySet:
    return rows.filter(state=State.PREVIEW)


def _proposed(user: User) -> QuerySet:
    rows = Grant.objects.filter(state=GrantState.PROPOSED).open(user.day)
    return rows.held_by(user, P.GRANTS_APPROVE).exclude(proposed_by=user).exclude(user=user)


def _all(rows: QuerySet, frame: Frame) -> QuerySet:
    return rows


def _requests(rows: QuerySet, frame: Frame) -> QuerySet:
    return rows.filter(state=ExportState.WAITING)


def _unopened(rows: QuerySet, frame: Frame) -> QuerySet:
    return rows.filter(opened_on=None)


def _of_today(user: User) -> QuerySet:
    return Digest.objects.filter(user=user, day=user.day)


def _to_answer(user: User) -> QuerySet:
    return FollowUp.objects.filter(receiver=user, state=FollowUpState.SENT)


def _to_approve(user: User) -> QuerySet:
    return FollowUp.objects.filter(state=FollowUpState.WAITING).exclude(sender=user)


WAITING = (
    Waiting(REMINDERS, "件今天的提醒没看", P.DESK_READ, Digest, _unopened, _of_today, Sum("lines")),
    Waiting("tasks:received", "次督办请您答复", P.DESK_READ, FollowUp, _all, _to_answer),
    Waiting("tasks:followups-waiting", "次超额的督办等您批准", P.FOLLOW_UPS_APPROVE, FollowUp, _all, _to_approve),
    Waiting("visits:opinion-list", "条意见建议在办", P.VISITS_READ, Opinion, _opinions),
    Waiting("supervision:finding-list", "个督导问题未销号", P.SUPERVISION_READ, Finding, _findings),
    Waiting("supervision:problem-list", "个存在的问题未解决", P.SUPERVISION_READ, Problem, _problems),
    Waiting("tasks:cases", "件事在办", P.CASES_READ, Case, _cases),
    Waiting("elections:term-list", "个党组织届满未换届", P.ELECTIONS_READ, Term, _terms),
    Waiting("people:statement-list", "处说法不一待核对", P.PEOPLE_READ, Statement, _statements),
    Waiting("people:corrections", "件更正申请待办", P.CORRECTIONS_DECIDE, Correction, _corrections),
    Waiting("tasks:task-list", "项任务超期或一个月内到期", P.TASKS_READ, Task, _tasks),
    Waiting("desk:exports-waiting", "份导出申请待答复", P.EXPORTS_APPROVE, ExportRequest, _requests),
    Waiting("intake:drop", "批台账读入了还没有写入", P.INTAKE_READ, Batch, _batches),
    Waiting("desk:grants-waiting", "项授权等您同意", P.GRANTS_APPROVE, Grant, _all, _proposed),
)


def counts(user: User, frame: Frame) -> dict[str, tuple[int, str]]:
    """How many rows wait on each page, with the words for them; pages where nothing waits are left out."""
    parts = []
    for i, one in enumerate(WAITING):
        if user.may_somewhere(one.permission):
            rows = one.rows(user, frame)
            tagged = rows.order_by().annotate(place=Value(i, IntegerField()))
            parts.append(tagged.values("place").annotate(n=one.counted).values_list("place", "n"))
    if not parts:
        return {}
    found = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return {WAITING[i].page: (n, f"{n} {WAITING[i].words}") for i, n in found if n}
