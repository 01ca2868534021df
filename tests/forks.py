"""The program's commands for tests, without what starting it costs each time: run in a fork of a process that has read it in,
in homes copied from one that was made ready once. Everything else is as on a command line: a process for each, its own
database connection, standard output and error, an exit code.
"""

from __future__ import annotations

import atexit
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import traceback
from collections import OrderedDict
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
ZUGONG = Path(sys.executable).with_name("zugong")
AT_MOST = 3  # homes that have a process waiting
READY = "zugong_made_ready"  # the database a prepared one is copied from, on PostgreSQL
_waiting: OrderedDict[frozenset, subprocess.Popen] = OrderedDict()


def zugong(env: dict[str, str], *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a command in an environment, which says the home."""
    process = _process(env)
    words = [str(one) for one in arguments]
    process.stdin.write(json.dumps({"words": words, "cwd": os.getcwd()}) + "\n")
    process.stdin.flush()
    told = json.loads(process.stdout.readline())
    return subprocess.CompletedProcess([str(ZUGONG), *words], **told)


def _process(env: dict[str, str]) -> subprocess.Popen:
    key = frozenset(env.items())
    if key not in _waiting:
        command = [sys.executable, "-c", "from tests.forks import wait; wait()"]
        within = env | {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "zugong.settings"}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        _waiting[key] = subprocess.Popen(command, env=within, **pipes)
    _waiting.move_to_end(key)
    while len(_waiting) > AT_MOST:
        _end(_waiting.popitem(last=False)[1])
    return _waiting[key]


def _end(process: subprocess.Popen) -> None:
    process.stdin.close()
    process.wait()
    process.stdout.close()


@atexit.register
def forget() -> None:
    """End the processes that wait."""
    while _waiting:
        _end(_waiting.popitem()[1])


# ---- in the process that waits ----


def wait() -> None:
    """Read the program in, then run each command that is asked for in a fork, until nobody asks any more."""
    import django  # noqa: PLC0415 (only here: the tests have it set up for themselves)

    django.setup()
    from django.core.management import get_commands, load_command_class  # noqa: PLC0415

    from zugong.desk import entry  # noqa: PLC0415

    for name, room in get_commands().items():
        if room == "zugong.desk":
            load_command_class(room, name)
    for line in sys.stdin:
        asked = json.loads(line)
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as said:
            child = os.fork()
            if child == 0:
                _carry_out(entry.main, asked, out.fileno(), said.fileno())
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            texts = [(one.seek(0), one.read())[1] for one in (out, said)]
        sys.stdout.write(json.dumps({"returncode": code, "stdout": texts[0], "stderr": texts[1]}) + "\n")
        sys.stdout.flush()


def _carry_out(main, asked: dict, out: int, said: int) -> None:
    """Be the command, and end as a process ends."""
    code = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out, 1)
        os.dup2(said, 2)
        sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w", buffering=1)
        os.chdir(asked["cwd"])
        sys.argv = [str(ZUGONG), *asked["words"]]
        main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        threading._shutdown()
        atexit._run_exitfuncs()
        for one in (sys.stdout, sys.stderr):
            one.flush()
        os._exit(code)


# ---- homes made ready ----


def made_ready(env: dict[str, str]) -> None:
    """Put an empty house into the home of an environment, as its first command would; on PostgreSQL its database is made,
    too. What `zugong` needs seconds for is done once in a run of the tests and copied."""
    home, url = Path(env["ZUGONG_HOME"]), env.get("ZUGONG_DATABASE_URL", "")
    shared = Path(os.environ["ZUGONG_HOME"]).parent / "made-ready" / ("postgresql" if url else "sqlite")
    shared.mkdir(parents=True, exist_ok=True)
    with (shared / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "done").exists():
            _prepare(shared / "home", url)
            (shared / "done").touch()
        if url:
            _sql(url, f'CREATE DATABASE "{url.rpartition("/")[2]}" TEMPLATE {READY}')
    shutil.copytree(shared / "home", home, dirs_exist_ok=True)


def _prepare(home: Path, url: str) -> None:
    env = {name: value for name, value in os.environ.items() if name != "ZUGONG_DATABASE_URL"} | {"ZUGONG_HOME": str(home)}
    if url:
        _sql(url, f"DROP DATABASE IF EXISTS {READY} WITH (FORCE)", f"CREATE DATABASE {READY}")
        env["ZUGONG_DATABASE_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{READY}"))
    subprocess.run([ZUGONG, "batches"], env=env, check=True, capture_output=True)
    (home / "keys/session.key").unlink()  # each house has its own


def _sql(url: str, *statements: str) -> None:
    import psycopg  # noqa: PLC0415 (only where there is a PostgreSQL)

    with psycopg.connect(urlunsplit(urlsplit(url)._replace(path="/postgres")), autocommit=True) as database:
        for statement in statements:
            database.execute(statement)
