"""Putting a backup back: into an empty home and an empty database, all of it or nothing.

While it goes on a marker lies in the home and nothing may use it. Killed half-way, the marker stays: the next restore takes
away what the last one brought, and begins anew.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from zugong.base import anchors, keyfiles, trail
from zugong.base.grants import LOCAL
from zugong.base.rules import Refused
from zugong.desk.prepare import restoring, up_to_date
from zugong.desk.upkeep import snapshot, taking
from zugong.desk.upkeep.archive import DATABASES, Archive, BadArchive, Manifest
from zugong.desk.upkeep.snapshot import Progress

OWN = {"keys", "incoming", "restoring.json"}  # what the program makes by itself as soon as it is started
STAGE = "restoring"
EMPTY = (
    "zugong restore 只往空的数据文件夹和空库里恢复，没有恢复。请设 ZUGONG_HOME 指到一个新文件夹（PostgreSQL 还要另建空库）再试"
)


def restore(path: Path, keys: Path | None, *, on: date, progress: Progress) -> Manifest:
    """Put a backup back, and say so on the trail and beside it. Raises Refused; then all is as empty as it was."""
    archive, keyring = _verified(path, keys, progress)
    home = Path(settings.ZUGONG_HOME)
    keyfiles.private(home)
    with _marked(archive.manifest):
        try:
            _put(archive, keyring, home, on, progress)
        except BaseException as error:
            connection.close()
            _empty(home)
            restoring().unlink()
            if isinstance(error, OSError):
                raise Refused(
                    f"恢复写不进去：{error.strerror or error}（{error.filename or home}）。已经清干净，没有留下一半。"
                    "请看磁盘满没满、文件夹能不能写，再运行一次。"
                ) from None
            raise
    return archive.manifest


def _verified(path: Path, keys: Path | None, progress: Progress) -> tuple[Archive, Archive | Path | None]:
    """The backup and the keys, looked at from end to end; nothing was written. Raises Refused."""
    progress("核对备份")
    archive = _opened(path, "备份")
    manifest = archive.manifest
    if manifest.database not in DATABASES or DATABASES[manifest.database] not in manifest.members:
        raise BadArchive(f"“{path}”里没有数据库，不是备份（密钥包请写在 --keys 后面），没有恢复。")
    if manifest.database != connection.vendor:
        kinds = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
        raise Refused(
            f"这份备份是 {kinds[manifest.database]} 的，现在用的是 {kinds[connection.vendor]}，没有恢复。"
            "请按备份的那一种设置 ZUGONG_DATABASE_URL（SQLite 不设）。"
        )
    unknown = set(manifest.migrations) - {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown:
        raise Refused(f"做这份备份的程序（{manifest.program}）比现在的新，没有恢复。请先升级程序。")
    free = shutil.disk_usage(_there(Path(settings.ZUGONG_HOME))).free
    if free < archive.size + taking.ROOM:
        raise Refused(f"磁盘只剩 {free >> 20} MB，恢复要 {archive.size >> 20} MB，没有恢复。请腾出空间或换一个数据文件夹。")
    archive.verify()
    if keys is None or keys.is_dir():
        return archive, keys
    keyring = _opened(keys, "密钥包")
    keyring.verify()
    if not keyring.manifest.members or any(not name.startswith("keys/") for name in keyring.manifest.members):
        raise BadArchive(f"“{keys}”不是密钥包，没有恢复。请写 zugong backup --keys 取出的那个文件，或者 keys 文件夹。")
    return archive, keyring


def _opened(path: Path, what: str) -> Archive:
    if not path.is_file():
        raise Refused(f"没有“{path}”这个{what}文件，没有恢复。")
    return Archive(path)


def _there(folder: Path) -> Path:
    return folder if folder.exists() else _there(folder.parent)


@contextmanager
def _marked(manifest: Manifest) -> Iterator[None]:
    """Insist on an empty home and database, and mark them as unsound until all is done. What an unfinished restore has left
    goes first: only that can lie under the marker, because nothing else works there."""
    marker, home = restoring(), Path(settings.ZUGONG_HOME)
    if marker.exists():
        _sweep(marker, home)
    _insist_on_empty(home)
    told = {"database": _database_name(), "trail": manifest.trail, "made_at": manifest.made_at}
    with marker.open("x", encoding="utf-8") as file:
        json.dump(told, file)
        file.flush()
        os.fsync(file.fileno())
    yield
    marker.unlink()


def _sweep(marker: Path, home: Path) -> None:
    """Take away what an unfinished restore has left. Raises Refused where the database is another than it was then."""
    try:
        told = json.loads(marker.read_text("utf-8"))
    except ValueError:
        told = None  # killed while it wrote the marker: nothing else was begun
    if told and told["database"] != _database_name():
        raise Refused(
            f"上次没有做完的恢复用的是另一个库（{told['database']}），没有动。请设回那个 ZUGONG_DATABASE_URL 再运行。"
        )
    _empty(home, told["trail"] if told else None)
    marker.unlink(missing_ok=True)


def _database_name() -> str:
    known = settings.DATABASES["default"]
    return f"{connection.vendor} {known.get('HOST', '')}:{known.get('PORT', '')} {known['NAME']}"


def _insist_on_empty(home: Path) -> None:
    kept = sorted(p.name for p in home.iterdir() if p.name not in OWN)
    kept += [p.name for p in taking.key_files()]
    if kept:
        raise Refused(f"“{home}”里已经有东西（{'、'.join(kept[:5])}）。{EMPTY}。")
    if connection.vendor == "postgresql" and (tables := connection.introspection.table_names()):
        raise Refused(f"库里已经有 {len(tables)} 张表。{EMPTY}。")


def _empty(home: Path, restored: dict[str, Any] | None = None) -> None:
    """Make the home (and on PostgreSQL the database) empty again; the marker stays until that is done."""
    if connection.vendor == "postgresql":
        _drop_tables(restored)
    for one in home.iterdir():
        if one.name not in OWN:
            shutil.rmtree(one) if one.is_dir() else one.unlink()
    for key in taking.key_files():
        key.unlink()


def _drop_tables(restored: dict[str, Any] | None) -> None:
    """Drop what was restored. After a kill only where the trail ends where the backup's did, or just behind it: nobody has
    worked in this database since."""
    tables = connection.introspection.table_names()
    if not tables:
        return
    with connection.cursor() as cursor:
        if restored is not None:
            cursor.execute("SELECT count(*) FROM base_trailentry WHERE number = %s AND mark = %s", [*restored.values()])
            same = cursor.fetchone()[0] == (1 if restored["number"] else 0)
            cursor.execute("SELECT count(*) FROM base_trailentry WHERE number > %s", [restored["number"]])
            if not same or cursor.fetchone()[0] > 1:
                raise Refused("这个库里已经不是上次恢复的数据，没有动它。请另建一个空库再恢复。")
        for table in tables:
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE")


def _put(archive: Archive, keyring: Archive | Path | None, home: Path, on: date, progress: Progress) -> None:
    progress("放回密钥")
    _put_keys(keyring)
    archive.manifest.insist_on_seal()
    stage = home / STAGE
    for n, name in enumerate(archive.manifest.members, start=1):
        progress(f"解开备份 {n}/{len(archive.manifest.members)}")
        archive.take_out(name, stage / name)
    progress("放回数据库")
    _put_database(stage / DATABASES[archive.manifest.database])
    (stage / "files").mkdir(exist_ok=True)
    os.replace(stage / "files", settings.ZUGONG_FILES)
    if (stage / "anchors").is_dir() and not anchors.lines_file().exists():  # those that survived elsewhere tell more
        keyfiles.private(anchors.folder())
        for one in (stage / "anchors").iterdir():
            shutil.copyfile(one, anchors.folder() / one.name)
    shutil.rmtree(stage)
    up_to_date()
    _end_sessions()
    told = archive.manifest
    kept = {"number": told.trail["number"], "made_at": told.made_at, "digest": told.digest()}
    trail.note("desk:restored", account=LOCAL, on=on, subject=archive.path.name, **kept)
    anchors.anchor(on, anchors.RESTORED)


def _put_keys(keyring: Archive | Path | None) -> None:
    """Put the keys where they belong. Without any, they must come from elsewhere: the environment, a device."""
    folder = Path(settings.ZUGONG_KEYS)
    keyfiles.private(folder)
    if isinstance(keyring, Archive):
        for name in keyring.manifest.members:
            keyring.take_out(name, folder / Path(name).name)
    elif keyring is not None:
        for key in sorted(p for p in keyring.iterdir() if p.is_file() and p.name != taking.SESSION_KEY):
            shutil.copyfile(key, folder / key.name)
            (folder / key.name).chmod(0o600)


def _put_database(source: Path) -> None:
    if connection.vendor == "postgresql":
        snapshot.run("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
                     f"--dbname={settings.DATABASES['default']['NAME']}", str(source))  # fmt: skip
        return
    try:
        with closing(sqlite3.connect(source)) as database:
            said = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        said = str(error)
    if said != "ok":
        raise BadArchive(f"备份里的数据库坏了（{said}），没有恢复。请换一份备份。")
    os.replace(source, settings.DATABASES["default"]["NAME"])


def _end_sessions() -> None:
    """Nobody is signed in to a restored house: sessions are not in a backup; what an older one brought along goes."""
    with connection.cursor() as cursor:
        for table in snapshot.left_out():
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608 our own names
