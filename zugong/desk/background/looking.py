"""How the background stands: for the page of jobs, and for the doctor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from zugong.base.jobs import JobRun, Outcome, WorkerSeen
from zugong.base.timing import Timing
from zugong.base.workdays import UnknownYear, workdays
from zugong.desk.background.jobs import JOBS
from zugong.desk.background.schedule import TRIES, Job, alive, aware, local, timings, working_or_weekday

WAITED = timedelta(minutes=10)
LOOKED_BACK = timedelta(days=7)
SHOWN = 20


@dataclass(frozen=True)
class Line:
    """A job as the page shows it."""

    job: Job
    timing: Timing | None
    last: JobRun | None
    next: datetime | None
    failures: int


def lines(now: datetime) -> list[Line]:
    """Every job: when, how its last run went, when the next is due, how many failed within a week."""
    is_working, found = working_or_weekday(workdays()), []
    runs = list(JobRun.objects.exclude(outcome=Outcome.SKIPPED).filter(due_at__gt=now - 5 * LOOKED_BACK).order_by("due_at"))
    for name, timing in timings(JOBS.values()).items():
        mine = [run for run in runs if run.job == name]
        coming = timing.next(local(now), is_working) if timing else None
        failures = sum(run.outcome == Outcome.FAILED and run.due_at > now - LOOKED_BACK for run in mine)
        found.append(Line(JOBS[name], timing, mine[-1] if mine else None, aware(coming) if coming else None, failures))
    return found


def failures() -> list[tuple[str, JobRun]]:
    """The latest runs that failed or are tried again, with the job's title."""
    runs = JobRun.objects.filter(outcome__in=(Outcome.FAILED, Outcome.AGAIN)).order_by("-due_at")[:SHOWN]
    return [(JOBS[run.job].title if run.job in JOBS else run.job, run) for run in runs]


def unknown_year(now: datetime) -> int | None:
    """The year whose holidays nobody has entered, where the next month lies in it."""
    try:
        workdays().is_working((local(now) + timedelta(days=31)).date())
    except UnknownYear as unknown:
        return unknown.year
    return None


def workers(now: datetime) -> list[tuple[WorkerSeen, bool]]:
    """The workers that were heard of, and whether each is alive."""
    return [(one, alive([one.name], now)) for one in WorkerSeen.objects.order_by("-seen_at")[:SHOWN]]


def stuck(now: datetime) -> Iterator[str]:
    """What the background does not get on with: sentences for the doctor."""
    lease = timedelta(seconds=settings.WORKER_LEASE)
    living = WorkerSeen.objects.filter(seen_at__gt=now - lease).exists()
    waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=now - WAITED, run_after__lt=now - WAITED)
    waiting = waiting | DBTaskResult.objects.ready().filter(enqueued_at__lt=now - WAITED, run_after__year=9999)
    if n := waiting.count():
        yield f"有 {n} 件后台的事等了十分钟以上" + ("" if living else "，没有后台进程在办")
    lost = [one for one in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING) if not alive(one.worker_ids[-1:], now)]
    if lost:
        yield f"有 {len(lost)} 件办到一半，办它的后台进程已经不在"
    given_up = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED, finished_at__gt=now - LOOKED_BACK)
    if n := sum(len(one.worker_ids) >= TRIES for one in given_up.exclude(task_path__endswith=".run_job")):
        yield f"有 {n} 件后台的事（例如发邮件）三次都没有办成"
    failed = JobRun.objects.filter(outcome=Outcome.FAILED, due_at__gt=now - LOOKED_BACK)
    for run in failed.order_by("-due_at")[:SHOWN]:
        yield f"{JOBS[run.job].title if run.job in JOBS else run.job} {local(run.due_at):%Y-%m-%d %H:%M} 失败：{run.words}"
