"""Getting a home ready: folders, database, the chain's beginning, the local operator. Done by the first command of any kind."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from zugong.base import anchors, attesting, sealing
from zugong.base.grants import LOCAL, open_local_account
from zugong.base.models import User
from zugong.base.rules import Refused
from zugong.desk.clock import today

SEALS = ("base", "0004_trail_seals")  # the migration that gives entries a seal


def home_ready() -> None:
    """Create or upgrade the database when it is not what this version needs; its messages go to standard error."""
    Path(settings.ZUGONG_HOME).mkdir(parents=True, exist_ok=True)
    if restoring().exists():
        raise Refused(
            "这里的恢复没有做完，数据不完整，不能使用。请再运行一次同样的 zugong restore，它会先清掉上次的一半再从头恢复。"
        )
    up_to_date()
    sealing.ring()  # both keys are there, or it is said now: never by a new one in the place of a lost one
    attesting.public_key()


def up_to_date() -> None:
    """Bring the database to what this version of the program needs."""
    if not pending():
        return
    with _alone():
        if left := pending():
            print("正在准备数据库……", file=sys.stderr, flush=True)
            call_command("migrate", interactive=False, verbosity=0, stdout=sys.stderr)
            if SEALS in left:
                anchors.begin(today())  # only now: later, who took the seals off would have them begin anew
            print("数据库准备好了。", file=sys.stderr, flush=True)


def restoring() -> Path:
    """The file that lies in a home while a backup is being put back into it: nothing here is sound until it is gone."""
    return Path(settings.ZUGONG_HOME) / "restoring.json"


def operator() -> User:
    """The account of whoever runs commands on this machine; made on first use."""
    found = User.objects.filter(username=LOCAL).first()
    return found or open_local_account(by=User(username=LOCAL, name="本机操作员"), on=today())


def pending() -> set[tuple[str, str]]:
    """The migrations to be done, by room and name."""
    executor = MigrationExecutor(connection)
    return {(one.app_label, one.name) for one, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())}


@contextmanager
def _alone() -> Iterator[None]:
    """Let one process at a time prepare the home; a lock older than ten minutes was left by one that died."""
    lock = Path(settings.ZUGONG_HOME) / "preparing.lock"
    while True:
        try:
            handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
            break
        except FileExistsError:
            if time.time() - lock.stat().st_mtime > 600:
                lock.unlink(missing_ok=True)
            time.sleep(0.2)
    try:
        yield
    finally:
        os.close(handle)
        lock.unlink(missing_ok=True)
