"""The worker: looks again and again what is due, does it, and says that it lives."""

from __future__ import annotations

import logging
import os
import socket
import threading
from uuid import uuid4

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from zugong.base.jobs import WorkerSeen
from zugong.desk.background.jobs import JOBS, run_job
from zugong.desk.background.schedule import hand_over, take_up_again
from zugong.desk.clock import now

logger = logging.getLogger(__name__)
LOOK, LOOK_AT_SCHEDULE = 1.0, 15  # seconds between two looks at the queue; looks between two at the schedule


class Background:
    """A worker of this process. `run` works until `stop`, in the thread that calls it; it beats in one of its own."""

    def __init__(self) -> None:
        self.name = uuid4().hex
        self.ending = threading.Event()
        self.queue = Worker(
            queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False, max_tasks=None,
            worker_id=self.name, excluded_queue_names=[],
        )  # fmt: skip

    def stop(self) -> None:
        """End after the task that is being done."""
        self.ending.set()
        self.queue.running = False

    def run(self) -> None:
        """Work until stopped."""
        beat = threading.Thread(target=self._beat, name="zugong-beat", daemon=True)
        try:
            self._appear()
            beat.start()
            looks = 0
            while not self.ending.is_set():
                self._look(with_schedule=looks % LOOK_AT_SCHEDULE == 0)
                looks += 1
                self.ending.wait(LOOK)
        finally:
            self.stop()
            if beat.is_alive():
                beat.join(5)
            self._vanish()
            connection.close()

    def _look(self, *, with_schedule: bool) -> None:
        close_old_connections()
        try:
            if with_schedule:
                take_up_again(now())
                hand_over(JOBS, run_job.enqueue, now())
            if DBTaskResult.objects.ready().exists():  # asking first: taking one locks the whole of SQLite
                self.queue.run()
        except DatabaseError:
            logger.exception("background")  # a busy or a vanished database: looked at again in a moment
            connection.close()

    def _appear(self) -> None:
        WorkerSeen.objects.create(name=self.name, host=socket.gethostname(), pid=os.getpid(), begun_at=now(), seen_at=now())

    def _vanish(self) -> None:
        try:
            WorkerSeen.objects.filter(name=self.name).delete()
        except DatabaseError:
            logger.warning("the worker's row stays: the database is not there")

    def _beat(self) -> None:
        while not self.ending.wait(settings.WORKER_LEASE / 6):
            try:
                WorkerSeen.objects.filter(name=self.name).update(seen_at=now())
            except DatabaseError:
                logger.warning("a beat was missed: the database was busy")
        connection.close()


def beside_pages() -> tuple[Background, threading.Thread]:
    """A worker in a thread of the process that serves the pages."""
    made = Background()
    thread = threading.Thread(target=made.run, name="zugong-background", daemon=True)
    thread.start()
    return made, thread
