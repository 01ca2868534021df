"""Long work in the background of the web process: a table of jobs in memory, a thread for each, one at work at a time.

A job is an action under way, so it ends whole or not at all. When the process ends, its jobs are gone with it and the
database has taken back what they had not finished; the page that asks for such a job says so.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import DatabaseError, connections

from zugong.base.rules import Refused
from zugong.intake.actions import Progress

KEPT = 3600  # seconds a finished job can still be asked for
MOST = 20  # jobs under way or waiting for their turn
Work = Callable[[Progress], int]
log = logging.getLogger(__name__)


@dataclass
class Job:
    """A piece of work: who wants it, what it is doing, and the batch it came to, or why it did not."""

    account: str
    title: str
    subject: str = ""
    steps: int = 0
    key: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    text: str = "等前面的办完"
    step: int = 0
    batch: int | None = None
    reasons: tuple[str, ...] = ()
    begun: float = field(default_factory=time.monotonic)
    ended: float | None = None
    finished: threading.Event = field(default_factory=threading.Event)

    def progress(self, text: str) -> None:
        """What is being done now."""
        self.text, self.step = text, self.step + 1

    @property
    def shown_step(self) -> int:
        """How far it is, never quite at the end before the end; 0 where nobody knows."""
        return min(self.step, self.steps - 1) if self.steps > 1 else 0

    @property
    def seconds(self) -> int:
        """How long it has been going on."""
        return int((self.ended or time.monotonic()) - self.begun)


_jobs: dict[str, Job] = {}
_table = threading.Lock()
_turn = threading.Lock()  # SQLite takes one writer; a second long transaction would only wait, and in the end give up


def begin(work: Work, *, account: str, title: str, subject: str = "", steps: int = 0) -> Job:
    """Start a piece of work. Work already under way on the same subject is not started again. Raises Refused when too
    much is waiting."""
    with _table:
        _forget_old()
        waiting = [job for job in _jobs.values() if not job.finished.is_set()]
        same = next((job for job in waiting if subject and job.subject == subject), None)
        if same is not None:
            return same
        if len(waiting) >= MOST:
            raise Refused(f"已有 {len(waiting)} 件在办或排队，这一件没有收下。请等几分钟再来。")
        job = Job(account, title, subject, steps)
        _jobs[job.key] = job
    launch(job, work)
    return job


def launch(job: Job, work: Work) -> None:
    """Let a thread of its own do it."""
    threading.Thread(target=_in_its_thread, args=(job, work), name=f"intake-{job.key}", daemon=True).start()


def _in_its_thread(job: Job, work: Work) -> None:
    try:
        carry_out(job, work)
    finally:
        connections.close_all()


def carry_out(job: Job, work: Work) -> None:
    """Do the work when its turn comes; every failure becomes a sentence."""
    try:
        with _turn:
            job.text = "开始"
            job.batch = work(job.progress)
    except Refused as refusal:
        job.reasons = tuple(str(reason) for reason in refusal.reasons)
    except DatabaseError:
        log.exception("job %s", job.title)
        job.reasons = ("数据库正忙或出错，什么都没有改动。请过一会儿再试；还不行，请告诉维护人员。",)
    except Exception:
        log.exception("job %s", job.title)
        job.reasons = ("程序出错，什么都没有改动。请把做这件事的时间告诉维护人员，他们能在日志里查到原因。",)
    finally:
        job.ended = time.monotonic()
        job.finished.set()


def find(key: str) -> Job | None:
    """The job of that name; None when it is over and forgotten, or its process is gone."""
    return _jobs.get(key)


def under_way(subject: str = "") -> list[Job]:
    """Jobs not finished yet, the oldest first: all of them, or those about one thing."""
    return [job for job in list(_jobs.values()) if not job.finished.is_set() and subject in ("", job.subject)]


def _forget_old() -> None:
    now = time.monotonic()
    for key in [key for key, job in _jobs.items() if job.ended is not None and now - job.ended > KEPT]:
        del _jobs[key]
