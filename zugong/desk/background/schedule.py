"""The schedule: what is due is handed to the queue once, what was missed is made up once, what failed is tried again.

Called again and again by every worker; a lock lets one at a time through, and the database holds one run for each moment.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from zugong.base.jobs import JobRun, JobTime, Outcome, WorkerSeen
from zugong.base.locks import hold
from zugong.base.models import User
from zugong.base.timing import Timing
from zugong.base.workdays import UnknownYear, Workdays, workdays

SCHEDULE = "schedule"
TRIES = 3
AGAIN_AFTER = timedelta(minutes=1)  # and four times as long after each further failure
SATURDAY = 5
SILENT_AT_MOST = 10  # leases: a process that lives but was not heard of for so long is not ours any more


@dataclass(frozen=True)
class Job:
    """Something done again and again: its name, what it is called and what for, when it is proposed, and what does it.

    `do(by, now)` acts as the local operator and answers with a sentence for the page of jobs.
    """

    name: str
    title: str
    what: str
    timing: Timing
    do: Callable[[User, datetime], str]


def local(moment: datetime) -> datetime:
    """A moment by the house's own clock, without a zone."""
    return timezone.localtime(moment).replace(tzinfo=None)


def aware(moment: datetime) -> datetime:
    """A moment of the house's own clock, with its zone."""
    return timezone.make_aware(moment)


def working_or_weekday(calendar: Workdays) -> Callable[[date], bool]:
    """Whether a day is worked; in a year nobody has given out yet Monday to Friday are taken, and the page of jobs says so."""

    def is_working(day: date) -> bool:
        try:
            return calendar.is_working(day)
        except UnknownYear:
            return day.weekday() < SATURDAY

    return is_working


def timings(jobs: Iterable[Job]) -> dict[str, Timing | None]:
    """When each job is due in this house; None where it is switched off."""
    held = {one.job: one for one in JobTime.objects.all()}
    set_here = {name: None if one.off else one.timing for name, one in held.items()}
    return {job.name: set_here.get(job.name, job.timing) for job in jobs}


def hand_over(jobs: Mapping[str, Job], enqueue: Callable[[int], Any], now: datetime) -> list[JobRun]:
    """Hand what is due to the queue: one run for the last moment of each job, none while an earlier one is open, none for
    what lies before the job was first seen. Returns the new runs."""
    is_working, made = working_or_weekday(workdays()), []
    with transaction.atomic():
        hold(SCHEDULE)
        for name, timing in timings(jobs.values()).items():
            due = timing.latest(local(now), is_working) if timing else None
            last = JobRun.objects.filter(job=name).order_by("-due_at").first()
            if due is None or (last is not None and (aware(due) <= last.due_at or last.open)):
                continue
            if last is None:
                JobRun.objects.create(job=name, due_at=aware(due), outcome=Outcome.SKIPPED, ended_at=now)
                continue
            run = JobRun.objects.create(job=name, due_at=aware(due))
            run.task = str(enqueue(run.pk).id)
            run.save(update_fields=["task"])
            made.append(run)
    return made


def take_up_again(now: datetime) -> int:
    """Put back into the queue what a dead worker held and what failed, up to three tries; returns how many."""
    with transaction.atomic():
        hold(SCHEDULE)
        lost = [one for one in _tasks(TaskResultStatus.RUNNING) if not alive(one.worker_ids[-1:], now)]
        failed = list(_tasks(TaskResultStatus.FAILED).filter(finished_at__gt=now - timedelta(days=1)))
        again = [one for one in (*lost, *failed) if len(one.worker_ids) < TRIES]
        for one in again:
            one.status, one.run_after = TaskResultStatus.READY, now
            if one in failed:
                one.run_after = one.finished_at + AGAIN_AFTER * 4 ** (len(one.worker_ids) - 1)
            one.save(update_fields=["status", "run_after"])
        for one in lost:
            if len(one.worker_ids) >= TRIES:
                one.set_failed(RuntimeError("the worker ended"))
        given_up = [str(one.id) for one in (*lost, *failed) if len(one.worker_ids) >= TRIES]
        open_ones = JobRun.objects.filter(task__in=given_up).exclude(outcome__in=(Outcome.FAILED, Outcome.DONE))
        open_ones.update(outcome=Outcome.FAILED, ended_at=now)
    return len(again)


def _tasks(status: str) -> Any:
    return DBTaskResult.objects.select_for_update().filter(status=status).order_by("enqueued_at")


def alive(names: Iterable[str], now: datetime) -> bool:
    """Whether one of these workers was heard of within the lease, or its process on this machine is still there."""
    lease = timedelta(seconds=settings.WORKER_LEASE)
    for one in WorkerSeen.objects.filter(name__in=list(names)):
        silent = now - one.seen_at
        if silent < lease or (silent < SILENT_AT_MOST * lease and _runs_here(one)):
            return True
    return False


def _runs_here(worker: WorkerSeen) -> bool:
    """Whether the worker's process is on this machine and lives: a long transaction may keep it from saying so."""
    if worker.host != socket.gethostname() or os.name == "nt":
        return False
    try:
        os.kill(worker.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
