"""Many write at once: no edit is lost, the chain holds, and nobody waits for the chain while somebody else thinks."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection

from conftest import ROOT

ENOUGH = {"sqlite": (20, 3), "postgresql": (50, 3)}  # writers, edits of each
AT_LENGTH = {"sqlite": (20, 50), "postgresql": (50, 40)}


@pytest.fixture
def environment(tmp_path, django_db_setup, django_db_blocker):
    """A home and a database of its own; on SQLite a copy of the tests' one, which saves building it."""
    with django_db_blocker.unblock():  # outside a transaction: SQLite copies no database that is being written
        yield from prepared(tmp_path)


def prepared(tmp_path: Path) -> Iterator[dict[str, str]]:
    env = {**os.environ, "ZUGONG_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    if connection.vendor == "sqlite":
        (tmp_path / "home").mkdir()
        connection.ensure_connection()
        copy = sqlite3.connect(tmp_path / "home/zugong.sqlite3")
        connection.connection.backup(copy)
        copy.close()
        shutil.copytree(settings.ZUGONG_KEYS, tmp_path / "home/keys")  # what the copy holds is sealed by them
        yield env
        return
    name = f"concurrent_{os.getpid()}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield {**env, "ZUGONG_DATABASE_URL": urlunsplit(urlsplit(env["ZUGONG_DATABASE_URL"])._replace(path=f"/{name}"))}
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def judge(environment: dict[str, str], tmp_path: Path, writers: int, edits: int) -> dict[str, object]:
    command = [sys.executable, "-c", f"from tests.concurrent_edits import main; main({writers}, {edits})"]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    held = told["passed"] is not None  # two edits more, after the counters were read
    for name, times in told["done"].items():
        assert told["kept"][name] == [times, times + 1], f"{name}: an edit was lost"
    assert sum(told["done"].values()) == writers * edits
    assert told["entries"] == 3 + writers * edits + (2 if held else 0)
    assert told["faults"] == []
    return told


def test_many_writers_lose_no_edit_and_the_chain_holds(environment, tmp_path):
    told = judge(environment, tmp_path, *ENOUGH[connection.vendor])
    if connection.vendor == "postgresql":
        assert told["passed"], "an action that stood open before its end kept another from finishing"


@pytest.mark.long
def test_many_writers_for_long(environment, tmp_path, record_property):
    writers, edits = AT_LENGTH[connection.vendor]
    told = judge(environment, tmp_path, writers, edits)
    assert told["passed"] or connection.vendor == "sqlite"
    record_property("told", f"{writers} 个人同时各改 {edits} 次，最长等 {told['longest']:.1f} 秒")
