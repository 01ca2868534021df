"""Run by test_concurrent: many threads edit the same records through actions, in a home of its own. Prints what came of it.

python -c "from tests.concurrent_edits import main; main(THREADS, EDITS)"
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from datetime import date

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zugong.settings")
django.setup()

from django.db import connection  # noqa: E402

from zugong.base import anchors, chain  # noqa: E402
from zugong.base.access import Permission  # noqa: E402
from zugong.base.actions import action, amend, create  # noqa: E402
from zugong.base.models import Setting, TrailEntry, TrailHead, TrailTouch, User  # noqa: E402
from zugong.base.rules import Refused  # noqa: E402
from zugong.desk.prepare import home_ready, operator  # noqa: E402

DAY = date(2026, 11, 30)
NAMES = ("one", "two", "three")


@action(Permission.SETTINGS_CHANGE)
def write_down(*, by: User, on: date, name: str) -> None:
    """A counter that begins with none."""
    create(Setting(name=name, value="0"))


@action(Permission.SETTINGS_CHANGE)
def count(*, by: User, on: date, counter: Setting, held: threading.Event | None = None) -> None:
    """One more than was read; held open as long as it is told."""
    amend(counter, value=str(int(counter.value) + 1))
    if held is not None:
        held.wait(60)


def edit(by: User, edits: int, done: list[str], waited: list[float]) -> None:
    """Edit until as many edits have gone through; one that came too late is read again."""
    n = 0
    while n < edits:
        counter = Setting.objects.get(name=NAMES[n % len(NAMES)])
        begun = time.monotonic()
        try:
            count(by=by, on=DAY, counter=counter)
        except Refused:
            continue
        waited.append(time.monotonic() - begun)
        done.append(counter.name)
        n += 1
    connection.close()


def held_open(by: User) -> bool:
    """Whether another action finishes while one stands open before its end (PostgreSQL; SQLite lets one write at a time)."""
    release, done = threading.Event(), threading.Event()
    one, two = (Setting.objects.get(name=name) for name in NAMES[:2])

    def hold() -> None:
        count(by=by, on=DAY, counter=one, held=release)
        connection.close()

    def pass_by() -> None:
        count(by=by, on=DAY, counter=two)
        done.set()
        connection.close()

    holding = threading.Thread(target=hold)
    holding.start()
    time.sleep(0.5)
    threading.Thread(target=pass_by).start()
    passed = done.wait(20) and holding.is_alive()
    release.set()
    holding.join()
    return passed


def main(threads: int, edits: int) -> None:
    """Prepare, edit all at once, tell."""
    home_ready()
    by = operator()
    by.day = DAY
    TrailTouch.objects.all().delete()
    TrailEntry.objects.all().delete()
    TrailHead.objects.update(number=0, mark="0" * 64)
    anchors.lines_file().unlink(missing_ok=True)
    anchors.head_file().unlink(missing_ok=True)
    anchors._anchored.clear()
    anchors.begin(date(2000, 1, 1))
    for name in NAMES:
        write_down(by=by, on=DAY, name=name)
    by.may_somewhere(Permission.SETTINGS_CHANGE)
    done: list[str] = []
    waited: list[float] = []
    at_work = [threading.Thread(target=edit, args=(by, edits, done, waited)) for _ in range(threads)]
    for one in at_work:
        one.start()
    for one in at_work:
        one.join()
    kept = {s.name: (int(s.value), s.revision) for s in Setting.objects.filter(name__in=NAMES)}
    passed = held_open(by) if connection.vendor == "postgresql" else None
    faults = [str(fault) for fault in chain.verify().faults]
    told = {"done": {n: done.count(n) for n in NAMES}, "kept": kept, "faults": faults, "longest": max(waited, default=0)}
    sys.stdout.write(json.dumps({**told, "passed": passed, "entries": TrailEntry.objects.count()}))
