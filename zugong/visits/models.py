"""Visits, opinions and research topics."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Case, Q, Value, When

from zugong.base.access import Permission, Privacy
from zugong.organizations.models import PartyOrganization, PlacedQuerySet, PlacedRecord
from zugong.tasks.models import DepartmentQuerySet

I = Privacy.INTERNAL
CLOSED = "已办结"
STATES = (CLOSED, "办理中")


class VisitQuerySet(PlacedQuerySet):
    """Visits."""


class Visit(PlacedRecord):
    """One visit to an organization or unit: when, where, by whom."""

    PRIVACY = dict(visited_on=I, organization=I, visited=I, visitor=I)
    READ = Permission.VISITS_READ
    HAPPENED = ("visited_on",)

    visited_on = models.DateField("走访时间", db_index=True)
    organization = models.ForeignKey(
        PartyOrganization, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name="党组织"
    )
    visited = models.CharField("走访对象", max_length=120)
    visitor = models.CharField("走访人", max_length=120, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = "走访调研"

    def __str__(self) -> str:
        return f"{self.visited_on} {self.visited}"


class OpinionQuerySet(PlacedQuerySet):
    """Opinions, which belong where the visit was."""

    PLACE = "visit__organization"

    def with_state(self, day: date) -> Self:
        """Each opinion's `state` on a day: 已办结 when closed on or before it, else 办理中."""
        closed = Q(closed_on__lte=day) | Q(closed_on__isnull=True, status=CLOSED)
        return self.annotate(state=Case(When(closed, then=Value(CLOSED)), default=Value("办理中")))


class Opinion(PlacedRecord):
    """What was asked for on a visit, who answers it, and when it was closed."""

    PRIVACY = dict(visit=I, text=I, office=I, status=I, closed_on=I)
    READ = Permission.VISITS_READ
    HAPPENED = ("closed_on",)

    visit = models.OneToOneField(Visit, models.CASCADE, related_name="opinion", verbose_name="走访")
    text = models.CharField("意见建议", max_length=500)
    office = models.CharField("责任科室", max_length=60, blank=True)
    status = models.CharField("办理情况", max_length=200, blank=True)
    closed_on = models.DateField("办结时间", null=True, blank=True)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = "意见建议"

    def __str__(self) -> str:
        return self.text


class ResearchTopicQuerySet(DepartmentQuerySet):
    """Research topics."""


class ResearchTopic(PlacedRecord):
    """A subject of research: who leads, when finished, whether a report came of it."""

    PRIVACY = dict(title=I, office=I, finished_on=I, has_report=I)
    READ = Permission.VISITS_READ
    HAPPENED = ("finished_on",)

    title = models.CharField("课题名称", max_length=200)
    office = models.CharField("牵头科室", max_length=60, blank=True)
    finished_on = models.DateField("完成时间", null=True, blank=True)
    has_report = models.BooleanField("形成报告", default=False)

    objects = ResearchTopicQuerySet.as_manager()

    class Meta:
        verbose_name = "调研课题"

    def __str__(self) -> str:
        return self.title
