"""The examination: each thing it looks at is damaged, and that very check says so, and no other."""

from __future__ import annotations

import os
import shutil
from collections import namedtuple
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from zugong.base import anchors, attesting, keyfiles, sealing
from zugong.base.jobs import JobRun, Outcome
from zugong.base.models import Grant, TrailEntry
from zugong.base.records import writing_allowed
from zugong.base.rules import Refused
from zugong.base.tests.keyrings import own_ring
from zugong.desk.clock import now, today
from zugong.desk.prepare import home_ready, restoring
from zugong.desk.upkeep import doctor
from zugong.desk.upkeep.doctor import CHECKS, FIRST, Asked, examine
from zugong.intake.models import StagedFile
from zugong.people.models import Membership, Person

LONG_AGO = 3 * 3600
DAMAGES: dict[str, list[Callable[..., Any]]] = {}


def damages(check: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Say which check has to find what a function does."""

    def keep(function: Callable[..., Any]) -> Callable[..., Any]:
        DAMAGES.setdefault(check, []).append(function)
        return function

    return keep


def sql(statement: str, *filled: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, filled)


def old(path: Path) -> Path:
    """A file that was last touched long ago."""
    path.write_bytes(b"x")
    path.chmod(0o600)
    then = now().timestamp() - LONG_AGO
    os.utime(path, (then, then))
    return path


def table(model: Any) -> str:
    return str(model._meta.db_table)


@damages("数据文件夹")
def a_restore_that_was_not_finished(monkeypatch):
    restoring().write_text("{}")
    yield
    restoring().unlink()


@damages("数据库完好")
def a_value_below_what_the_database_allows(monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps such a value out; what is broken there is a page of its files")
    sql("PRAGMA ignore_check_constraints = ON")
    sql(f"UPDATE {table(Person)} SET revision = -1 WHERE id = (SELECT min(id) FROM {table(Person)})")
    sql("PRAGMA ignore_check_constraints = OFF")
    yield


@damages("数据库版本")
def a_migration_that_is_not_done(monkeypatch):
    sql("DELETE FROM django_migrations WHERE app = 'ui' AND name LIKE '0002%%'")
    yield


@damages("记录之间的联系")
def a_membership_of_nobody(monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL checks it at the end of the transaction, which a test has none of")
    one = Membership.objects.order_by("pk").first()
    change = f"UPDATE {table(Membership)} SET person_id = %s WHERE id = %s"
    sql(change, 99999999, one.pk)
    yield
    sql(change, one.person_id, one.pk)


@damages("记录合乎规定")
def an_end_before_its_beginning(monkeypatch):
    with writing_allowed():
        Membership.objects.filter(pk=Membership.objects.first().pk).update(valid_from="2023-02-01", valid_to="2023-01-01")
    yield


@damages("数据库里的约束")
def an_index_that_is_gone(monkeypatch):
    sql(f"DROP INDEX {Person._meta.indexes[0].name if Person._meta.indexes else 'export_of_a_day'}")
    yield


@damages("留痕的链")
def an_entry_that_was_edited(monkeypatch):
    number = TrailEntry.objects.order_by("number")[1].number
    TrailEntry.objects.filter(number=number).update(account="somebody")
    yield


def resealed(change: Callable[[str], str]) -> None:
    """Change the first person's number as it lies in the database."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, resident_id FROM {table(Person)} WHERE resident_id <> '' ORDER BY id LIMIT 1")
        pk, held = cursor.fetchone()
    sql(f"UPDATE {table(Person)} SET resident_id = %s WHERE id = %s", change(held), pk)


@damages("密钥和加密的内容")
def a_value_that_does_not_open(monkeypatch):
    resealed(lambda held: held[:40] + ("B" if held[40] == "A" else "A") + held[41:])
    yield


@damages("密钥和加密的内容")
def a_value_under_a_key_that_is_not_in_the_ring(monkeypatch):
    resealed(lambda held: sealing.text_head("0123456789") + held[8:])
    yield


@damages("原文件")
def a_file_that_is_gone(monkeypatch):
    path = Path(settings.ZUGONG_FILES) / StagedFile.objects.order_by("pk").first().kept_as
    content = path.read_bytes()
    path.unlink()
    yield
    path.write_bytes(content)


@damages("没有人认领的文件")
def a_file_that_no_row_names(monkeypatch):
    path = old(Path(settings.ZUGONG_FILES) / "nobodys")
    yield
    path.unlink()


@damages("密钥文件的权限")
def a_key_that_others_can_read(monkeypatch):
    path = Path(settings.ZUGONG_KEYS) / "spare.key"
    path.write_bytes(b"x")
    path.chmod(0o644)
    yield
    path.unlink()


@damages("残留")
def a_lock_that_was_left_behind(monkeypatch):
    path = old(Path(settings.ZUGONG_HOME) / "preparing.lock")
    yield
    path.unlink()


@damages("磁盘空间")
def a_full_disk(monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: namedtuple("Usage", "free")(1 << 20))
    yield


@damages("时钟")
def an_entry_of_tomorrow(monkeypatch):
    earlier = TrailEntry.objects.order_by("-at").first().at - timedelta(minutes=30)
    monkeypatch.setitem(globals(), "now", lambda: earlier)
    yield


@damages("后台作业")
def a_job_that_failed(monkeypatch):
    JobRun.objects.create(job="x", due_at=now(), outcome=Outcome.FAILED, words="没有成")
    yield


@damages("三员分设")
def one_who_runs_and_watches(monkeypatch):
    one = Grant.objects.order_by("pk").first().user
    with writing_allowed():
        for role in ("system_administrator", "auditor"):
            Grant.objects.create(user=one, role=role)
    yield


def failing() -> set[str]:
    return {one.name for one in examine(Asked(now(), thorough=False)) if not one.well}


@pytest.fixture
def examined(yunxi, operator, monkeypatch, settings, tmp_path):
    """The county, of which the examination finds nothing; the connection is the test's own, so it stays writable."""
    monkeypatch.setattr(doctor, "_only_read", lambda: None)
    if connection.vendor == "sqlite":  # the tests' own lies in memory
        monkeypatch.setitem(settings.DATABASES["default"], "NAME", __file__)
    settings.ZUGONG_ANCHORS = tmp_path / "anchors"  # what other tests took back again is anchored in the other
    anchors.anchor(today(), anchors.BEGIN)
    return operator


def test_every_check_has_something_that_it_finds():
    assert set(DAMAGES) == {FIRST[0], *(name for name, *_ in CHECKS)}


def test_a_sound_house_is_found_sound(examined):
    assert failing() == set()


EVERY_DAY = {"留痕的链", "密钥和加密的内容"}  # each of them looks through the whole house


@pytest.mark.parametrize(
    ("check", "damage"),
    [
        pytest.param(check, damage, id=damage.__name__, marks=() if check in EVERY_DAY else pytest.mark.long)
        for check, every in DAMAGES.items()
        for damage in every
    ],
)
def test_what_is_damaged_is_found_by_its_check_and_by_no_other(examined, monkeypatch, check, damage):
    doing: Iterator[None] = damage(monkeypatch)
    next(doing)
    try:
        found = failing()
    finally:
        next(doing, None)
    assert found == {check}


# A lost folder of keys


@pytest.mark.parametrize("lost", ["master.key", "trail.key"])
def test_a_lost_key_is_told_and_never_replaced(yunxi, settings, tmp_path, lost):
    """With sealed rows there and no key the house does not start; nothing makes a new one."""
    path = tmp_path / "keys"
    with own_ring(settings, path):
        keyfiles.kept(path / "trail.key", lambda: (path / "master.key").read_bytes())
        (path / lost).unlink()
        from_here(lost)
        with pytest.raises(Refused, match="没有造新的密钥"):
            home_ready()
        assert not (path / lost).exists()


def from_here(lost: str) -> None:
    """As a process that begins now finds it: it knows no key yet."""
    sealing._ring = None
    for one in (attesting._subkey, attesting._sealer, attesting._signer):
        one.cache_clear()
