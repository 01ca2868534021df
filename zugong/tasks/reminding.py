"""What is kept of reminders and follow-ups; `tasks.models` names the records, so that they are the room's."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q

from zugong.base.access import Permission, Privacy
from zugong.base.models import User
from zugong.base.periods import Scope
from zugong.base.records import Kept, Record, RecordQuerySet
from zugong.base.sealing import SealedField

I, P = Privacy.INTERNAL, Privacy.PERSONAL


class OwnQuerySet(RecordQuerySet):
    """Rows that are one person's own."""

    def visible_to(self, user: Any) -> Self:
        """The reader's own rows."""
        return self.filter(user=user)


class Reminding(Record):
    """How somebody wants to be reminded: by mail where to, in which hours not, how soon again, of which offices' tasks.

    `offices` are names between 、; empty means those of one's roles.
    """

    PRIVACY = dict(user=I, by_mail=I, address=P, quiet_from=I, quiet_to=I, again_days=I, offices=I)
    READ = Permission.DESK_READ

    user = models.OneToOneField(User, models.PROTECT, related_name="reminding", verbose_name="账号")
    by_mail = models.BooleanField("也发邮件", default=False)
    address = SealedField("邮箱", blank=True)
    quiet_from = models.TimeField("从几点起不发")
    quiet_to = models.TimeField("到几点再发")
    again_days = models.PositiveSmallIntegerField("同一件事几天内不重复")
    offices = models.CharField("看哪些科室的任务", max_length=200, blank=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = "提醒设置"

    def __str__(self) -> str:
        return f"{self.user_id}"


class Digest(Kept):
    """What somebody was reminded of on a day, by keys alone: what stands behind them is read anew whenever it is shown.

    `keys` has a line for each: state and key. There is one a person and day.
    """

    PRIVACY = dict(user=I, day=I, keys=I, lines=I, opened_on=I, mailed=I)
    READ = Permission.DESK_READ

    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="账号")
    day = models.DateField("日期", db_index=True)
    keys = models.TextField("提醒了哪些")
    lines = models.PositiveIntegerField("几件")
    opened_on = models.DateField("看过", null=True, blank=True)
    mailed = models.BooleanField("已发邮件", default=False)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = "每日提醒"
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_digest_a_person_and_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.lines} 件"

    def told(self) -> list[str]:
        """What it told of."""
        return self.keys.split("\n") if self.keys else []


class FollowUpState(models.TextChoices):
    """Where a follow-up stands."""

    WAITING = "待批准", "待批准"
    SENT = "待答复", "待答复"
    ANSWERED = "已答复", "已答复"
    CLOSED = "已办结", "已办结"
    DECLINED = "不同意", "不同意"


class FollowUpQuerySet(RecordQuerySet):
    """Follow-ups: for those who keep the list of tasks, and for who sent or received one."""

    def visible_to(self, user: Any) -> Self:
        """Those one sent or received; all for whoever reads the list."""
        if "" in user.codes(Permission.TASKS_READ):
            return self
        return self.filter(Q(receiver=user) | Q(sender=user)).exclude(state=FollowUpState.WAITING, receiver=user)

    def within(self, scope: Scope) -> Self:
        """All where everything is looked at: they are the department's and belong to no organization below it."""
        return self if scope.whole else self.none()

    def of_month(self, day: date) -> Self:
        """Those of a day's calendar month that count: declined ones were never sent."""
        month = self.filter(sent_on__year=day.year, sent_on__month=day.month)
        return month.exclude(state__in=(FollowUpState.DECLINED, FollowUpState.WAITING))


class FollowUp(Record):
    """Somebody is asked how a task or a finding stands: what, by when, how much work the answer is thought to be.

    `subject` is the key of the record it is about; who may not see that record reads the question alone.
    """

    PRIVACY = dict(
        subject=I, ask=I, receiver=I, sender=I, sent_on=I, answer_by=I, people=I, minutes=I, state=I, beyond=I,
        decided_by=I, decided_on=I, decision=I, answer=I, answered_on=I, closed_on=I,
    )  # fmt: skip
    READ = Permission.TASKS_READ
    HAPPENED = ("sent_on", "answered_on", "closed_on")

    subject = models.CharField("督办的事", max_length=120, db_index=True)
    ask = models.CharField("要答复什么", max_length=300)
    receiver = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="请谁答复")
    sender = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="督办人")
    sent_on = models.DateField("发出日", db_index=True)
    answer_by = models.DateField("请在此日前答复")
    people = models.PositiveSmallIntegerField("要几个人办", default=1)
    minutes = models.PositiveSmallIntegerField("每人约几分钟", default=10)
    state = models.CharField("状态", max_length=10, choices=FollowUpState, default=FollowUpState.SENT)
    beyond = models.CharField("超额的理由", max_length=200, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准人")
    decided_on = models.DateField("批准日", null=True, blank=True)
    decision = models.CharField("批准意见", max_length=200, blank=True)
    answer = models.CharField("答复", max_length=500, blank=True)
    answered_on = models.DateField("答复日", null=True, blank=True)
    closed_on = models.DateField("办结日", null=True, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = "督办"
        indexes = [models.Index(fields=["receiver", "sent_on"], name="follow_up_by_receiver")]

    def __str__(self) -> str:
        return self.ask

    def path_on(self, day: date) -> str:
        """Follow-ups are the department's."""
        return ""


class Speaker(Record):
    """Somebody who takes his turn at speaking on Mondays: his place in the row, when he last spoke, until when he is away."""

    PRIVACY = dict(user=I, position=I, spoke_on=I, away_until=I)
    READ = Permission.TASKS_READ

    user = models.OneToOneField(User, models.PROTECT, related_name="+", verbose_name="主讲人")
    position = models.PositiveSmallIntegerField("次序")
    spoke_on = models.DateField("上次主讲", null=True, blank=True)
    away_until = models.DateField("不在至", null=True, blank=True)

    class Meta:
        verbose_name = "例会主讲"

    def __str__(self) -> str:
        return self.user.name
