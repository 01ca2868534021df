"""The database as it is at one moment, in a file, while others go on writing; and what it holds at that moment."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from zugong.base import retention
from zugong.base.models import TrailHead
from zugong.base.rules import Refused
from zugong.base.sealing import SealedFile

PAGES = 4096  # of SQLite, copied between two words of progress
Progress = Callable[[str], None]


@dataclass
class Facts:
    """What the database holds: rows by table, the trail's end, the files it names, the migrations it went through."""

    counts: dict[str, int]
    trail: dict[str, Any]
    files: list[str]
    migrations: list[str]


def left_out() -> list[str]:
    """The tables whose rows are of no use in a restored house: who is signed in just now, who is locked out just now."""
    return sorted(model._meta.db_table for model in retention.not_backed_up())


def taken(target: Path, progress: Progress) -> Facts:
    """Copy the database into `target`; returns what is in the copy. Raises Refused."""
    return _postgres(target, progress) if connection.vendor == "postgresql" else _sqlite(target, progress)


def facts(cursor: Any) -> Facts:
    """Ask a database for its facts, through any cursor on it."""
    skipped = set(left_out())
    tables = sorted({m._meta.db_table for m in apps.get_models(include_auto_created=True) if m._meta.managed} - skipped)
    counts = {table: _one(cursor, f'SELECT count(*) FROM "{table}"')[0] for table in tables}  # noqa: S608 our own names
    number, mark = _one(cursor, f'SELECT number, mark FROM "{TrailHead._meta.db_table}" WHERE id = 1')  # noqa: S608
    files: set[str] = set()
    for model, field in naming_files():
        column = field.column
        cursor.execute(f'SELECT "{column}" FROM "{model._meta.db_table}" WHERE "{column}" <> \'\'')  # noqa: S608
        files |= {row[0] for row in cursor.fetchall()}
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    migrations = sorted({f"{app}.{name}" for app, name in cursor.fetchall()})
    return Facts(counts, {"number": number, "mark": mark}, sorted(files), migrations)


def naming_files() -> list[tuple[Any, SealedFile]]:
    """The records that name kept files, each with the field that does."""
    every = ((model, field) for model in apps.get_models() for field in model._meta.concrete_fields)
    return [(model, field) for model, field in every if isinstance(field, SealedFile)]


def _one(cursor: Any, question: str) -> Any:
    cursor.execute(question)
    return cursor.fetchone()


def _sqlite(target: Path, progress: Progress) -> Facts:
    """By the online backup interface. A reading transaction of our own holds the moment, so that whoever writes meanwhile
    neither waits nor makes it begin anew."""

    def told(status: int, remaining: int, total: int) -> None:
        progress(f"复制数据库 {100 - 100 * remaining // max(total, 1)}%")

    try:
        with closing(sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=60, isolation_level=None)) as source:
            source.execute("BEGIN")
            source.execute("SELECT number FROM base_trailhead").fetchone()  # from here on it is this moment
            with closing(sqlite3.connect(target, isolation_level=None)) as copy:
                source.backup(copy, pages=PAGES, progress=told)
                source.execute("ROLLBACK")
                progress("整理副本")
                copy.execute("PRAGMA journal_mode=DELETE")
                for table in left_out():
                    copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 our own names
                copy.execute("VACUUM")  # nor does what was deleted or erased go along in free pages
                with closing(copy.cursor()) as cursor:
                    return facts(cursor)
    except sqlite3.Error as error:
        raise Refused(
            f"数据库没有复制成：{error}。没有留下备份。请看目标磁盘的空间，运行 zugong doctor 看数据库是否完好。"
        ) from None


def _postgres(target: Path, progress: Progress) -> Facts:
    """By pg_dump, at a moment that a transaction of our own holds and tells it."""
    progress("pg_dump 导出数据库")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        moment = cursor.fetchone()[0]
        skipped = [f"--exclude-table-data={table}" for table in left_out()]
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment}", f"--file={target}", *skipped]
        run("pg_dump", *options)
        return facts(cursor)


def run(program: str, *options: str) -> None:
    """Run a program of PostgreSQL's on our database. The password is handed over in the environment, never in the command
    line, where everybody on the machine could read it. Raises Refused with what the program said."""
    known = settings.DATABASES["default"]
    env = {**os.environ, "PGDATABASE": known["NAME"]}
    for name, key in (("PGHOST", "HOST"), ("PGPORT", "PORT"), ("PGUSER", "USER"), ("PGPASSWORD", "PASSWORD")):
        if known[key]:
            env[name] = known[key]
    done = subprocess.run(  # noqa: S603 found by us, options are ours
        [_found(program), "--no-password", *options], env=env, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        said = next((line for line in done.stderr.splitlines() if line.strip()), f"结束代码 {done.returncode}")
        raise Refused(f"{program} 没有办成：{said[:300]}。没有留下半份。请照这句话改好再试。")


def _found(program: str) -> str:
    """The program, of the newest version that is installed. Raises Refused."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda p: int(p.parts[-3].split(".")[0]))
    found = str(installed[-1]) if installed else shutil.which(program)
    if not found:
        raise Refused(
            f"没有找到 {program}，没有办成。它随 PostgreSQL 客户端安装（Debian 上是 postgresql-client），"
            "装好并放进 PATH 再试；版本不能比服务器旧。"
        )
    return found
