"""Supervised democratic-life meetings, findings and their rectification."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Case, Min, OuterRef, Subquery, Value, When

from zugong.base.access import Permission, Privacy
from zugong.organizations.models import AtUnit, AtUnitQuerySet
from zugong.people.models import Person

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
