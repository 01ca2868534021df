"""Plans, the tasks of the yearly list of key work, and what belongs to a task: milestones, helpers, progress, evidence."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Case, OuterRef, Q, Subquery, Value, When

from zugong.base.access import Permission, Privacy
from zugong.base.models import User
from zugong.base.periods import Period
from zugong.organizations.models import PlacedQuerySet, PlacedRecord
from zugong.tasks import casebook
from zugong.tasks.reminding import Digest as Digest  # records of this room, kept in a file of their own
from zugong.tasks.reminding import FollowUp as FollowUp
from zugong.tasks.reminding import FollowUpState as FollowUpState
from zugong.tasks.reminding import Reminding as Reminding
from zugong.tasks.reminding import Speaker as Speaker

I = Privacy.INTERNAL
STATES = ("完成", "超期", "进行中")
CASES = (casebook.Case, casebook.CaseStep)  # records of this room that stand in a file of their own


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

    def with_latest(self, day: date) -> Self:
        """Each task's `latest` words of progress told on or before a day."""
        told = Progress.objects.filter(task=OuterRef("pk"), told_on__lte=day).order_by("-told_on", "-pk")
        return self.annotate(latest=Subquery(told.values("words")[:1]))

    def of(self, user: User, offices: Collection[str] = ()) -> Self:
        """The tasks somebody is concerned with: as owner or helper, or through an office that leads or helps."""
        helped = Helper.objects.filter(Q(user=user) | Q(office__in=offices))
        return self.filter(Q(owner=user) | Q(office__in=offices) | Q(pk__in=helped.values("task_id")))


class Plan(PlacedRecord):
    """A plan of work (年度要点、专项方案、报告里的计划): what its tasks serve."""

    PRIVACY = dict(name=I, year=I, note=I)
    READ = Permission.TASKS_READ

    name = models.CharField("计划名称", max_length=120)
    year = models.PositiveIntegerField("年度")
    note = models.CharField("说明", max_length=300, blank=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = "工作计划"

    def __str__(self) -> str:
        return self.name


class Task(PlacedRecord):
    """A task of the list: what, whose, by when, done when.

    `basis` is the key of the record the task came from (meetings.meeting:12), `basis_words` the sentence that asked for it.
    """

    PRIVACY = dict(title=I, office=I, deadline=I, done_on=I, plan=I, owner=I, basis=I, basis_words=I)
    READ = Permission.TASKS_READ
    HAPPENED = ("done_on",)

    title = models.CharField("重点任务", max_length=200, db_index=True)
    office = models.CharField("牵头科室", max_length=60, blank=True)
    deadline = models.DateField("完成时限", null=True, blank=True, db_index=True)
    done_on = models.DateField("完成时间", null=True, blank=True)
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="工作计划")
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="责任人")
    basis = models.CharField("来自", max_length=120, blank=True, db_index=True)
    basis_words = models.CharField("原话", max_length=500, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = "重点任务"

    def __str__(self) -> str:
        return self.title


class OfTask(PlacedRecord):
    """What belongs to a task and is seen by whoever sees the task."""

    READ = Permission.TASKS_READ

    task = models.ForeignKey(Task, models.CASCADE, related_name="%(class)s_rows", verbose_name="重点任务")

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        abstract = True


class Milestone(OfTask):
    """A step on the way to a task's end, with its own day."""

    PRIVACY = dict(task=I, title=I, due_on=I, done_on=I)
    HAPPENED = ("done_on",)

    title = models.CharField("节点", max_length=120)
    due_on = models.DateField("节点时限")
    done_on = models.DateField("节点完成时间", null=True, blank=True)

    class Meta:
        verbose_name = "任务节点"

    def __str__(self) -> str:
        return f"{self.due_on} {self.title}"


class Helper(OfTask):
    """Who helps with a task: a colleague by account, or an office by name."""

    PRIVACY = dict(task=I, user=I, office=I)

    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="协办人")
    office = models.CharField("协办科室", max_length=60, blank=True)

    class Meta:
        verbose_name = "任务协办"

    def __str__(self) -> str:
        return self.user.name if self.user else self.office


class Standing(models.TextChoices):
    """Where a task stands, as whoever does it says."""

    ON_PLAN = "按计划推进", "按计划推进"
    HINDERED = "遇到困难", "遇到困难"
    DONE = "已完成", "已完成"


class Progress(OfTask):
    """What was told of a task's progress: words and a state, never a percentage."""

    PRIVACY = dict(task=I, told_on=I, standing=I, words=I, by=I)
    HAPPENED = ("told_on",)

    told_on = models.DateField("报告日")
    standing = models.CharField("进展状态", max_length=10, choices=Standing)
    words = models.CharField("进展情况", max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="报告人")

    class Meta:
        verbose_name = "任务进展"

    def __str__(self) -> str:
        return f"{self.told_on} {self.words}"


class Evidence(OfTask):
    """A record that shows what was done, by its key (meetings.meeting:12); seen by whoever sees that record."""

    PRIVACY = dict(task=I, record=I, note=I, added_on=I, by=I)

    record = models.CharField("佐证的记录", max_length=120)
    note = models.CharField("说明什么", max_length=200, blank=True)
    added_on = models.DateField("挂接日")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="挂接人")

    class Meta:
        verbose_name = "任务佐证"
        constraints = [
            models.UniqueConstraint(
                fields=["task", "record"],
                name="evidence_once_for_each_task",
                violation_error_message="这条记录已经挂在这项任务上了。",
            )
        ]

    def __str__(self) -> str:
        return self.record


class Extension(OfTask):
    """A change of a task's deadline: from, to, why. Followed by another, and taken back only
    with the batch that brought it."""

    PRIVACY = dict(task=I, before=I, after=I, reason=I, changed_on=I, by=I)

    before = models.DateField("原时限", null=True)
    after = models.DateField("改为")
    reason = models.CharField("改期事由", max_length=200)
    changed_on = models.DateField("改期日")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="改期人")

    class Meta:
        verbose_name = "任务改期"

    def __str__(self) -> str:
        return f"{self.before or '未定'} → {self.after}"
