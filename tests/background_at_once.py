"""Run by test_background: many threads ask at once what is due and take it from the queue, in a home of its own.

python -c "from tests.background_at_once import main; main(THREADS, DAYS)"
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections import Counter
from datetime import datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zugong.settings")
django.setup()

from django.db import OperationalError, connection  # noqa: E402 (records need the set-up before)

from zugong.base.jobs import JobRun, Outcome  # noqa: E402
from zugong.base.timing import Every, Timing  # noqa: E402
from zugong.desk.background import jobs  # noqa: E402
from zugong.desk.background.schedule import Job, aware, hand_over  # noqa: E402
from zugong.desk.background.worker import Background  # noqa: E402
from zugong.desk.prepare import home_ready, operator  # noqa: E402

BEGIN = datetime(2023, 6, 1, 9)
done: list[int] = []


def note(by, at) -> str:
    """A job that only says it was done."""
    done.append(threading.get_ident())
    return "办了"


def work(days: int, gate: threading.Barrier, faults: list[str]) -> None:
    """Ask on one day after the other what is due, all threads at the same moment, and empty the queue."""
    mine = Background()
    for n in range(days):
        gate.wait(60)
        try:
            hand_over(jobs.JOBS, jobs.run_job.enqueue, aware(BEGIN + timedelta(days=n)))
        except OperationalError as error:
            faults.append(str(error))
        gate.wait(60)
        mine.queue.running = True
        mine.queue.run()
    connection.close()


def main(threads: int, days: int) -> None:
    """Print how many runs there are for each moment, and how often the job was done."""
    home_ready()
    operator()
    jobs.JOBS = {"note": Job("note", "记", "只记一笔。", Timing(Every.DAY, BEGIN.time()), note)}
    gate, faults = threading.Barrier(threads), []
    at_it = [threading.Thread(target=work, args=(days, gate, faults)) for _ in range(threads)]
    for one in at_it:
        one.start()
    for one in at_it:
        one.join()
    runs = Counter(str(run.due_at) for run in JobRun.objects.all())
    finished = JobRun.objects.filter(outcome=Outcome.DONE).count()
    json.dump({"runs": runs, "finished": finished, "done": len(done), "faults": faults}, sys.stdout)
