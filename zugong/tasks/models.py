"""Tasks of the yearly list of key work."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Case, Q, Value, When

from zugong.base.access import Permission, Privacy
from zugong.base.periods import Period
from zugong.organizations.models import PlacedQuerySet, PlacedRecord

I = Privacy.INTERNAL
STATES = ("完成", "超期", "进行中")


class DepartmentQuerySet(PlacedQuerySet):
    """Rows of the department itself, which belong to the root."""

    PLACE = ""

    def _at(self, placements: models.QuerySet, day: date) -> Q:
        return Q(pk__in=[])


class TaskQuerySet(DepartmentQuerySet):
    """Tasks."""

    def of_year(self, year: Period, day: date) -> Self:
        """The year's list: deadlines in that calendar year, or earlier and on `day` still open."""
        still_open = Q(done_on__isnull=True) | Q(done_on__gt=day)
        return self.filter(Q(deadline__range=(year.first, year.last)) | Q(deadline__lt=year.first) & still_open)

    def with_state(self, day: date) -> Self:
        """Each task's `state` on a day: 完成, 超期 (open with its deadline before the day) or 进行中."""
        return self.annotate(
            state=Case(
                When(done_on__lte=day, then=Value("完成")),
                When(deadline__lt=day, then=Value("超期")),
                default=Value("进行中"),
            )
        )


class Task(PlacedRecord):
    """A task of the list: what, whose, by when, done when."""

    PRIVACY = dict(title=I, office=I, deadline=I, done_on=I)
    READ = Permission.TASKS_READ
    HAPPENED = ("done_on",)

    title = models.CharField("重点任务", max_length=200, db_index=True)
    office = models.CharField("牵头科室", max_length=60, blank=True)
    deadline = models.DateField("完成时限", null=True, blank=True, db_index=True)
    done_on = models.DateField("完成时间", null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = "重点任务"

    def __str__(self) -> str:
        return self.title
