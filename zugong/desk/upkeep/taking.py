"""Taking a backup while the program is in use: the database at one moment, the files it names, the anchors; keys apart."""

from __future__ import annotations

import getpass
import shutil
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from itertools import chain, count
from pathlib import Path

from django.conf import settings
from django.db import connection

from zugong.base import anchors
from zugong.base.rules import Refused
from zugong.desk.upkeep import drafts, snapshot
from zugong.desk.upkeep.archive import DATABASES, Manifest, Writer
from zugong.desk.upkeep.snapshot import Facts, Progress

SESSION_KEY = "session.key"  # signs what is only good while somebody is signed in: a restored house makes its own
TRIES = 3
ROOM = 64 << 20  # bytes left free besides
WITHOUT_KEYS = (
    "这份备份里没有密钥：只有它，证件号码、手机号和收到的原文件都打不开。"
    "请加 --keys 另一处的文件 再取一份密钥，和备份分开存放（密钥由环境变量或外接设备提供的，在那里保管）。"
)


@dataclass(frozen=True)
class Taken:
    """A backup that was taken, and the keys' archive, where one was asked for."""

    path: Path
    manifest: Manifest
    keys: Path | None


def backup(out: Path, keys: Path | None, *, by: str, at: datetime, progress: Progress) -> Taken:
    """Take a backup into a folder, or under a name, and the keys into a place apart. Raises Refused; then nothing is left."""
    target = _target(out, f"zugong-{at:%Y%m%d-%H%M%S}.zip")
    keys_target = _target(keys, f"zugong-{at:%Y%m%d-%H%M%S}-keys.zip") if keys else None
    if keys_target is not None:
        _insist_apart(target, keys_target)
    manifest = Manifest(
        program=version("zugong"), database=connection.vendor, made_at=at.isoformat(), made_by=by, system_user=_system_user(),
        left_out=snapshot.left_out(),
    )  # fmt: skip
    try:
        _insist_on_room(target.parent)
        with drafts.draft(target.parent) as folder:
            made = _made(folder, manifest, progress)
            if keys_target is not None:
                _take_keys(keys_target, manifest)
            drafts.finish(made, target)
    except OSError as error:
        raise Refused(
            f"备份写不进去：{error.strerror or error}（{error.filename or target}）。没有留下半份，原有的数据不受影响。"
            "请看目标磁盘满没满、能不能写，再运行一次。"
        ) from None
    return Taken(target, manifest, keys_target)


def _target(said: Path, name: str) -> Path:
    """The file to be made: as it is said, or named by the moment in the folder that is said, numbered where one of the same
    second is there."""
    said = said.expanduser().absolute()
    named = said.suffix == ".zip" and not said.is_dir()
    target = said if named else free_name(said / name)
    if target.exists():
        raise Refused(f"“{target}”已经有了，没有覆盖，没有备份。请换一个名字，或者只写文件夹。")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"文件夹“{target.parent}”建不了：{error.strerror}，没有备份。请换一个能写的地方。") from None
    return target


def free_name(path: Path) -> Path:
    """The path itself, or the first of its numbered names that is not taken."""
    numbered = (path.with_stem(f"{path.stem}-{i}") for i in count(2))
    return next(one for one in chain([path], numbered) if not one.exists())


def _insist_apart(target: Path, keys: Path) -> None:
    if keys.parent.resolve() == target.parent.resolve():
        raise Refused("密钥和备份不能放在同一个文件夹：谁拿到一处就都能打开，没有备份。请给 --keys 写另一处，例如另一个 U 盘。")
    if not key_files():
        raise Refused("keys 文件夹里没有密钥可取（密钥由环境变量或外接设备提供的，在那里保管），没有备份。请去掉 --keys。")


def key_files() -> list[Path]:
    """The keys that must not be lost."""
    found = Path(settings.ZUGONG_KEYS).iterdir() if Path(settings.ZUGONG_KEYS).is_dir() else ()
    return sorted(p for p in found if p.is_file() and p.name != SESSION_KEY and not p.name.startswith(("tmp", ".")))


def stored() -> int:
    """Bytes the database and the kept files take."""
    name = Path(settings.DATABASES["default"]["NAME"])
    database = name.stat().st_size if connection.vendor == "sqlite" and name.exists() else 0
    files = Path(settings.ZUGONG_FILES)
    return database + sum(p.stat().st_size for p in files.iterdir() if p.is_file()) if files.is_dir() else database


def _insist_on_room(folder: Path) -> None:
    name = Path(settings.DATABASES["default"]["NAME"])
    database = name.stat().st_size if connection.vendor == "sqlite" and name.exists() else 0
    needed, free = stored() + database + ROOM, shutil.disk_usage(folder).free
    if free < needed:
        raise Refused(
            f"“{folder}”所在的磁盘只剩 {free >> 20} MB，备份大约要 {needed >> 20} MB，没有备份。请腾出空间或换一个地方。"
        )


def _made(folder: Path, manifest: Manifest, progress: Progress) -> Path:
    """The archive, in the draft's folder. Anchors first: none of them may tell of entries the database does not have yet.
    Then the database, then the files it names, which were there before their rows were; where one was deleted meanwhile
    together with its row, the whole is taken once more."""
    for attempt in range(1, TRIES + 1):
        kept = folder / f"anchors{attempt}"
        _copy_anchors(kept)
        database = folder / f"{attempt}-{DATABASES[connection.vendor]}"
        facts = snapshot.taken(database, progress)
        made = folder / f"{attempt}.zip"
        writer = Writer(made)
        try:
            writer.add(DATABASES[connection.vendor], database)
            database.unlink()
            for anchor in sorted(kept.iterdir()):
                writer.add(f"anchors/{anchor.name}", anchor)
            missing = _add_files(writer, facts, progress)
            if missing and attempt < TRIES and not _still_named(missing):
                continue
            manifest.trail, manifest.counts, manifest.migrations = facts.trail, facts.counts, facts.migrations
            manifest.missing = missing
            writer.close(manifest)
            return made
        finally:
            writer.abandon()
    raise AssertionError("the last attempt returns")


def _copy_anchors(target: Path) -> None:
    target.mkdir()
    for file in (anchors.lines_file(), anchors.head_file()):
        if file.is_file():
            shutil.copyfile(file, target / file.name)


def _add_files(writer: Writer, facts: Facts, progress: Progress) -> list[str]:
    """Put the files in that the database names; returns those that are not there."""
    missing = []
    for n, name in enumerate(facts.files, start=1):
        progress(f"复制原文件 {n}/{len(facts.files)}")
        source = Path(settings.ZUGONG_FILES) / name
        if source.is_file():
            writer.add(f"files/{name}", source)
        else:
            missing.append(name)
    return missing


def _still_named(names: list[str]) -> bool:
    """Whether the database names one of the files still: then it was lost before, and another attempt finds it no more."""
    return any(
        model._base_manager.filter(**{f"{field.name}__in": names[:500]}).exists() for model, field in snapshot.naming_files()
    )


def _take_keys(target: Path, of: Manifest) -> None:
    """The keys in an archive of their own that only its owner may read."""
    with drafts.draft(target.parent) as folder:
        made = folder / "keys.zip"
        writer = Writer(made)
        try:
            for key in key_files():
                writer.add(f"keys/{key.name}", key)
            writer.close(Manifest(program=of.program, database=of.database, made_at=of.made_at, made_by=of.made_by))
        finally:
            writer.abandon()
        drafts.finish(made, target)


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
