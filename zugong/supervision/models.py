"""Supervised democratic-life meetings, findings and their rectification; the register of problems."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Case, Min, OuterRef, Subquery, Value, When

from zugong.base.access import Permission, Privacy
from zugong.organizations.models import AtUnit, AtUnitQuerySet, PartyOrganization, PlacedQuerySet, PlacedRecord
from zugong.people.models import Person
from zugong.tasks.models import Task

I = Privacy.INTERNAL
STATES = ("已销号", "超期", "整改中")


class SessionQuerySet(AtUnitQuerySet):
    """Supervised meetings."""


class Session(AtUnit):
    """A democratic-life meeting of a unit's leadership that a supervision group sat in on."""

    PRIVACY = dict(group=I, leader_name=I, leader=I, member_names=I, unit=I, unit_name=I, held_on=I)
    READ = Permission.SUPERVISION_READ

    group = models.CharField("督导组", max_length=60, db_index=True)
    leader_name = models.CharField("组长", max_length=60, blank=True)
    leader = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="组长本人")
    member_names = models.CharField("成员", max_length=300, blank=True)
    held_on = models.DateField("会议时间", null=True, blank=True, db_index=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = "督导民主生活会"
        indexes = [models.Index(fields=["group", "unit_name", "held_on"], name="session_by_group_and_unit")]

    def __str__(self) -> str:
        return f"{self.group} {self.unit_label}"


class FindingQuerySet(AtUnitQuerySet):
    """Findings."""

    def with_day(self) -> Self:
        """Each finding's `found_on`: the day of that group's meeting at that unit."""
        session = Session.objects.filter(group=OuterRef("group"), unit_name=OuterRef("unit_name")).order_by()
        first = session.values("group").annotate(first=Min("held_on")).values("first")
        return self.annotate(found_on=Subquery(first))

    def with_state(self, day: date) -> Self:
        """Each finding's `state` on a day: 已销号, 超期 (open with its deadline before the day) or 整改中."""
        return self.annotate(
            state=Case(
                When(closed_on__lte=day, then=Value("已销号")),
                When(deadline__lt=day, then=Value("超期")),
                default=Value("整改中"),
            )
        )


class Finding(AtUnit):
    """A problem a supervision group found at a unit, what is done about it, by when, and when it was closed."""

    PRIVACY = dict(unit=I, unit_name=I, group=I, problem=I, measure=I, responsible=I, deadline=I, closed_on=I)
    READ = Permission.SUPERVISION_READ
    HAPPENED = ("closed_on",)

    group = models.CharField("督导组", max_length=60, blank=True, db_index=True)
    problem = models.CharField("存在问题", max_length=500)
    measure = models.CharField("整改措施", max_length=500, blank=True)
    responsible = models.CharField("责任单位", max_length=120, blank=True)
    deadline = models.DateField("整改时限", null=True, blank=True)
    closed_on = models.DateField("销号时间", null=True, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = "督导发现的问题"

    def __str__(self) -> str:
        return f"{self.unit_label}：{self.problem}"


OPEN, SOLVED, DECLINED = "未解决", "已解决", "不采纳"
PROBLEM_STATES = (OPEN, SOLVED, DECLINED)
PROBLEM_KINDS = ("业务办了、党建没办", "一条规定普遍没办", "督导问题超期", "意见没有答复", "其他")


class ProblemQuerySet(PlacedQuerySet):
    """Problems, which belong to the organization they are about; to the root where they are about many."""

    def with_state(self, day: date) -> Self:
        """Each problem's `state` on a day: as it was accepted or declined, and solved once it is closed."""
        declined, solved = When(declined_because__gt="", then=Value(DECLINED)), When(closed_on__lte=day, then=Value(SOLVED))
        return self.annotate(state=Case(declined, solved, default=Value(OPEN)))

    def still_open(self) -> Self:
        """The problems somebody accepted and nothing has closed yet."""
        return self.filter(declined_because="", closed_on=None)


class Problem(PlacedRecord):
    """A problem in the work (存在的问题), accepted into the register by a person in that person's words, with an owner; or
    declined, with the reason. `topic` says what it is about, so that the same problem is known again when it returns;
    `again` is what it was the last time. It is open until a task that answers it is done and shows by which record."""

    PRIVACY = dict(
        words=I, kind=I, topic=I, organization=I, office=I, raised_on=I, raised_by=I, closed_on=I, closed_by=I, solution=I,
        again=I, declined_because=I,
    )  # fmt: skip
    READ = Permission.SUPERVISION_READ
    HAPPENED = ("raised_on", "closed_on")

    words = models.CharField("问题", max_length=300)
    kind = models.CharField("从哪里来", max_length=20, db_index=True)
    topic = models.CharField("说的是什么", max_length=120, db_index=True)
    organization = models.ForeignKey(
        PartyOrganization, models.PROTECT, null=True, blank=True, related_name="problems", verbose_name="党组织"
    )
    office = models.CharField("责任科室", max_length=60, blank=True)
    raised_on = models.DateField("列入之日", db_index=True)
    raised_by = models.CharField("列入的账号", max_length=60)
    closed_on = models.DateField("解决之日", null=True, blank=True)
    closed_by = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="由哪项任务解决")
    solution = models.CharField("怎么解决的", max_length=300, blank=True)
    again = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="上一次")
    declined_because = models.CharField("不采纳的理由", max_length=200, blank=True)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = "存在的问题"
        constraints = [
            models.UniqueConstraint(
                fields=["topic"],
                condition=models.Q(declined_because="", closed_on=None),
                name="one_open_problem_of_a_topic",
                violation_error_message="这个问题已经在册，还没有解决。",
            )
        ]

    def __str__(self) -> str:
        return self.words


class GroundQuerySet(PlacedQuerySet):
    """What problems rest on; seen with the problem."""

    PLACE = "problem__organization"


class Ground(PlacedRecord):
    """One record behind a problem, by its key, and what it said when the problem was accepted."""

    PRIVACY = dict(problem=I, record=I, said=I)
    READ = Permission.SUPERVISION_READ

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="grounds", verbose_name="存在的问题")
    record = models.CharField("记录", max_length=120, db_index=True)
    said = models.CharField("当时的情况", max_length=300)

    objects = GroundQuerySet.as_manager()

    class Meta:
        verbose_name = "问题的依据"

    def __str__(self) -> str:
        return self.said
