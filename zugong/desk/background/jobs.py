"""The jobs there are, and the one task that runs any of them."""

from __future__ import annotations

import logging
from datetime import datetime, time

from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from zugong.base import anchors, retention
from zugong.base.jobs import JobRun, Outcome, WorkerSeen
from zugong.base.logs import masked
from zugong.base.models import User
from zugong.base.rules import Refused
from zugong.base.timing import Every, Timing
from zugong.desk.background.mails import remind
from zugong.desk.background.schedule import Job
from zugong.desk.clock import now, today
from zugong.desk.prepare import operator

logger = logging.getLogger(__name__)
REMINDING = "给每个人列出新到期、快到期的事，网页上看，也可以发邮件。"
OPEN = (TaskResultStatus.READY, TaskResultStatus.RUNNING)


class JobFailed(Exception):
    """A job failed; only the kind of failure is said, for what it was about may name somebody."""


def anchor(by: User, at: datetime) -> str:
    """Write down where the trail ends, also on a day on which nothing happens."""
    anchors.of_today(today())
    return "留痕的当天锚点已写好。"


def tidy(by: User, at: datetime) -> str:
    """Take away what is kept of the background itself once its time is over."""
    cleared = 0
    for model in (JobRun, WorkerSeen, DBTaskResult):
        due = retention.of(model).due_among(model._default_manager.all(), at.date())
        rows = due.exclude(status__in=OPEN) if model is DBTaskResult else due
        cleared += rows.delete()[0]
    return f"清掉 {cleared} 条过期的运行情况。"


JOBS: dict[str, Job] = {
    job.name: job
    for job in (
        Job("anchor", "留痕锚点", "每天写下留痕到了哪里，没有人办事的日子也写。", Timing(Every.DAY, time(0, 5)), anchor),
        Job(
            "remind",
            "每日提醒",
            REMINDING,
            Timing(Every.WORKING_DAY, time(8, 30)),
            remind,
        ),
        Job("tidy", "清理", "清掉三个月以前的后台运行情况。", Timing(Every.DAY, time(3)), tidy),
    )
}


@task()
def run_job(run: int) -> str:
    """Do a run of a job; what became of it stands on the page of jobs. Raises JobFailed, and is then tried again."""
    of = JobRun.objects.get(pk=run)
    if of.outcome == Outcome.DONE:  # the worker ended between the work and the word that it is done
        return of.words
    _note(of, outcome=Outcome.RUNNING, began_at=now(), words="")
    by = operator()
    by.day, by.now = today(), now()
    try:
        said = JOBS[of.job].do(by, now())
    except Exception as error:
        logger.exception("job %s", of.job)
        _note(of, outcome=Outcome.AGAIN, ended_at=now(), words=_said(error))
        raise JobFailed(type(error).__name__) from None
    _note(of, outcome=Outcome.DONE, ended_at=now(), words=said[:300])
    return said


def _said(error: Exception) -> str:
    """What may be kept of a failure: our own sentence, or its kind alone."""
    return masked(str(error) if isinstance(error, Refused) else type(error).__name__)[:300]


def _note(run: JobRun, **values: object) -> None:
    for name, value in values.items():
        setattr(run, name, value)
    run.save(update_fields=list(values))
