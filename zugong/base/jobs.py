"""What is kept of the work done in the background: when each job is due where the house set it otherwise, its runs, and which
workers are alive. Runs and workers are the program's own bookkeeping and no records: they change without an action."""

from __future__ import annotations

from django.db import models

from zugong.base.access import Permission, Privacy
from zugong.base.records import Record
from zugong.base.timing import WEEKDAYS, Every, Timing

I = Privacy.INTERNAL


class JobTime(Record):
    """When a job is due in this house, in the place of what the program proposes; or that it is not done at all."""

    PRIVACY = dict(job=I, every=I, at=I, weekday=I, off=I)
    READ = Permission.SYSTEM_RUN

    job = models.CharField("作业", max_length=40, unique=True)
    every = models.CharField("多久一次", max_length=10, choices=[(one.value, one.value) for one in Every])
    at = models.TimeField("几点")
    weekday = models.PositiveSmallIntegerField("星期几", default=0, choices=[(n, f"星期{w}") for n, w in enumerate(WEEKDAYS)])
    off = models.BooleanField("停用", default=False)

    class Meta:
        verbose_name = "作业时间"

    def __str__(self) -> str:
        return f"{self.job} {self.timing}"

    @property
    def timing(self) -> Timing:
        """When it is due."""
        return Timing(Every(self.every), self.at, self.weekday)


class Outcome(models.TextChoices):
    """How a run stands."""

    WAITING = "waiting", "等待"
    RUNNING = "running", "在运行"
    DONE = "done", "完成"
    AGAIN = "again", "出错，会再试"
    FAILED = "failed", "失败"
    SKIPPED = "skipped", "从这时起计"


class JobRun(models.Model):
    """One run of a job for one moment it was due; there is never a second for the same moment."""

    job = models.CharField("作业", max_length=40)
    due_at = models.DateTimeField("应运行时间")
    began_at = models.DateTimeField("开始时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    outcome = models.CharField("结果", max_length=10, choices=Outcome, default=Outcome.WAITING)
    words = models.CharField("说明", max_length=300, blank=True)
    task = models.CharField("后台任务", max_length=40, blank=True)

    class Meta:
        verbose_name = "作业运行"
        constraints = [models.UniqueConstraint(fields=["job", "due_at"], name="one_run_for_each_moment")]

    def __str__(self) -> str:
        return f"{self.job} {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def open(self) -> bool:
        """Whether it is still to be done or under way."""
        return self.outcome in (Outcome.WAITING, Outcome.RUNNING, Outcome.AGAIN)


class WorkerSeen(models.Model):
    """A worker and when it was last heard of. One that ends as it should takes its row with it."""

    name = models.CharField("后台进程", max_length=64, unique=True)
    host = models.CharField("机器", max_length=120)
    pid = models.PositiveIntegerField("进程号")
    begun_at = models.DateTimeField("开始时间")
    seen_at = models.DateTimeField("最近露面", db_index=True)

    class Meta:
        verbose_name = "后台进程"

    def __str__(self) -> str:
        return f"{self.host} {self.pid}"
