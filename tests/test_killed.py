"""A process killed at any moment of a commit leaves all of the batch or none of it."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from conftest import YUNXI
from tests import forks
from tests.forks import ZUGONG, made_ready

KILLS, MANY_KILLS = 2, 16
EVERYTHING = 4410


@pytest.fixture
def environment(tmp_path, db):
    """A home (and on PostgreSQL a database) of its own."""
    env = {**os.environ, "ZUGONG_HOME": str(tmp_path / "home")}
    url = env.get("ZUGONG_DATABASE_URL")
    if not url:
        made_ready(env)
        yield env
        return
    name = f"killed_{os.getpid()}"
    env["ZUGONG_DATABASE_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    made_ready(env)
    yield env
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def seconds_to_begin(env) -> float:
    """What starting a command costs on this machine, now."""
    begun = time.monotonic()
    subprocess.run([ZUGONG, "batches"], env=env, check=True, capture_output=True)
    return time.monotonic() - begun


def zugong(env, *arguments: str) -> object:
    done = forks.zugong(env, *arguments, "--json")
    assert done.returncode in (0, 3), done.stderr
    return json.loads(done.stdout)


def counts(env) -> set[object]:
    wanted = ("people.persons", "meetings.held", "organizations.party_organizations", "publicity.articles")
    return {f["id"]: f["value"] for f in zugong(env, "figures", "--period", "2023") if f["id"] in wanted}


def test_a_killed_commit_leaves_all_or_nothing(environment):
    kill_commits(environment, KILLS)


@pytest.mark.long
def test_a_commit_killed_many_times_leaves_all_or_nothing(environment, record_property):
    written = kill_commits(environment, MANY_KILLS)
    record_property("told", f"杀 {MANY_KILLS} 次，其中 {written} 次已经写完")


def kill_commits(environment, kills: int) -> int:
    """Kill a commit at random moments; after each the whole batch is there or nothing of it, and at last it is written.
    Returns how often all of it was there."""
    batch = zugong(environment, "intake", str(YUNXI))["batch"]
    nothing = counts(environment)
    assert set(nothing.values()) == {None}
    chance, written = random.Random(20230630), 0
    alone = seconds_to_begin(environment)
    for _ in range(kills):
        process = subprocess.Popen(
            [ZUGONG, "commit", str(batch)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(alone * 0.6 + chance.random() * 1.6)
        process.send_signal(signal.SIGKILL)
        process.wait()
        state = zugong(environment, "batches")[0]["state"]
        now = counts(environment)
        if state == "已写入":
            written += 1
            assert now == {
                "people.persons": 1816,
                "meetings.held": 1384,
                "organizations.party_organizations": 111,
                "publicity.articles": 41,
            }
            zugong(environment, "undo", str(batch))
            batch = zugong(environment, "intake", str(YUNXI))["batch"]
        assert set(counts(environment).values()) == {None}
    document = zugong(environment, "commit", str(batch))
    assert sum(f["new"] for f in document["files"]) == EVERYTHING
    return written


def test_a_killed_preview_leaves_no_batch(environment):
    home = Path(environment["ZUGONG_HOME"])
    zugong(environment, "batches")
    process = subprocess.Popen(
        [ZUGONG, "intake", str(YUNXI)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(0.9)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert [b["new"] for b in zugong(environment, "batches")] in ([], [EVERYTHING])
    shutil.rmtree(home / "files", ignore_errors=True)
    assert zugong(environment, "intake", str(YUNXI))["batch"]
