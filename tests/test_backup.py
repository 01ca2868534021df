"""A backup comes back whole, whenever it was taken and whatever was going on; what is altered, half or foreign does not."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from conftest import ROOT, YUNXI
from tests.forks import ZUGONG, made_ready, zugong
from zugong.desk.upkeep.archive import Archive, BadArchive
from zugong.desk.upkeep.taking import free_name

pytestmark = pytest.mark.xdist_group("backup")
FOLDER_OWN = {"keys", "incoming"}
ROUNDS = 50
GOES_ON = {"base_trailentry", "base_trailhead", "base_trailtouch"}  # to be put back is an entry, too


class House:
    """A home with a database of its own (on PostgreSQL one that is made and dropped), and commands run in it."""

    def __init__(self, home: Path, url: str = "") -> None:
        self.home = home
        self.env = {**os.environ, "ZUGONG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "zugong.settings"}
        if url:
            self.env["ZUGONG_DATABASE_URL"] = url

    def __call__(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        return zugong(self.env, *arguments)

    def json(self, *arguments: object) -> dict:
        done = self(*arguments, "--json")
        assert done.returncode in (0, 3), done.stderr + done.stdout
        return json.loads(done.stdout)

    def rows(self) -> dict[str, list[str]]:
        """Every row of every table, as the database itself tells them."""
        with closing(self.connect()) as database, closing(database.cursor()) as cursor:
            cursor.execute(TABLES[connection.vendor])
            names = [name for (name,) in cursor.fetchall()]
            return {name: self.asked(cursor, f'SELECT * FROM "{name}"') for name in names}

    def ask(self, question: str) -> list[str]:
        with closing(self.connect()) as database, closing(database.cursor()) as cursor:
            return self.asked(cursor, question)

    def asked(self, cursor, question: str) -> list[str]:
        cursor.execute(question)
        return sorted(map(str, cursor.fetchall()))

    def connect(self):
        if connection.vendor == "sqlite":
            return sqlite3.connect(self.home / "zugong.sqlite3", timeout=60)
        return connection.Database.connect(self.env["ZUGONG_DATABASE_URL"])

    def files(self) -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in (self.home / "files").iterdir()}


TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}


class Houses:
    """Makes houses, and tears their databases down."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.made = folder, 0

    def __call__(self, *, ready: bool = False) -> House:
        """A house to be; `ready` as its first command would leave it."""
        self.made += 1
        url = os.environ.get("ZUGONG_DATABASE_URL", "")
        if url:
            name = self.name(self.made)
            url = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        house = House(self.folder / f"home{self.made}", url)
        if ready:
            made_ready(house.env)
        elif url:
            with connection._nodb_cursor() as cursor:
                cursor.execute(f"CREATE DATABASE {name}")
        return house

    def name(self, number: int) -> str:
        return f"house_{os.getpid()}_{abs(hash(self.folder)) % 10**8}_{number}"

    def drop(self, number: int) -> None:
        shutil.rmtree(self.folder / f"home{number}", ignore_errors=True)
        if os.environ.get("ZUGONG_DATABASE_URL"):
            with connection._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {self.name(number)} WITH (FORCE)")


@pytest.fixture(scope="module")
def houses(tmp_path_factory, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        made = Houses(tmp_path_factory.mktemp("houses"))
        yield made
        for number in range(1, made.made + 1):
            made.drop(number)


@pytest.fixture(scope="module")
def lived_in(houses) -> House:
    """A house with organizations, members and articles; the tests take backups of it, nothing else."""
    house = houses(ready=True)
    files = [next(YUNXI.glob(f"{number}*")) for number in ("01", "02", "19")]
    house.json("commit", house.json("intake", *files)["batch"])
    return house


def taken(house: House, out: Path) -> tuple[Path, Path]:
    told = house.json("backup", "--out", out, "--keys", out.parent / f"{out.name}-keys")
    return Path(told["backup"]), Path(told["keys"])


def nothing_of_it(house: House) -> bool:
    kept = {p.name for p in house.home.iterdir()} if house.home.exists() else set()
    keys = {p.name for p in (house.home / "keys").iterdir()} if "keys" in kept else set()
    return kept <= FOLDER_OWN and keys <= {"session.key"} and (connection.vendor == "sqlite" or not house.rows())


def test_everything_comes_back_and_nobody_is_signed_in(lived_in, houses, tmp_path):
    with closing(lived_in.connect()) as database, closing(database.cursor()) as cursor:
        cursor.execute("INSERT INTO django_session VALUES ('abc', 'x', '2099-01-01 00:00:00+00:00')")
        database.commit()
    before, files = lived_in.rows(), lived_in.files()
    backup, keys = taken(lived_in, tmp_path / "out")
    assert (backup.stat().st_mode & 0o777, keys.stat().st_mode & 0o777) == (0o600, 0o600)
    new = houses()
    told = new.json("restore", backup, "--keys", keys)
    assert [one for one in told["checks"] if not one["well"]] == []
    after = new.rows()
    assert {t for t in before if before[t] != after[t]} <= GOES_ON | {"django_session"}
    assert set(before["base_trailentry"]) < set(after["base_trailentry"])
    assert after["django_session"] == []
    assert new.files() == files
    assert (new.home / "keys/master.key").read_bytes() == (lived_in.home / "keys/master.key").read_bytes()
    assert (new.home / "keys/session.key").read_bytes() != (lived_in.home / "keys/session.key").read_bytes()
    assert "已经有" in new("restore", backup, "--keys", keys).stderr
    assert lived_in.ask("SELECT account FROM base_trailentry WHERE verb = 'desk:backed_up'")
    assert new.ask("SELECT account FROM base_trailentry WHERE verb = 'desk:restored'") == ["('local',)"]


def test_without_its_keys_or_with_a_changed_manifest_nothing_is_put_back(lived_in, houses, tmp_path):
    backup, keys = taken(lived_in, tmp_path / "out")
    new = houses()
    assert "密钥" in new("restore", backup).stderr
    assert nothing_of_it(new)
    forged = tmp_path / "forged.zip"
    rewritten(backup, forged, lambda name, raw: raw.replace(b'"made_by": "local"', b'"made_by": "other"'))
    assert "封签" in new("restore", forged, "--keys", keys).stderr
    assert nothing_of_it(new)


def rewritten(source: Path, target: Path, change) -> Path:
    """The archive with its members as `change` makes them; a member that becomes None is left out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            raw = change(info.filename, old.read(info))
            if raw is not None:
                new.writestr(info.filename, raw)
    return target


def added(source: Path, target: Path, name: str, mode: int = 0o100600) -> Path:
    shutil.copy(source, target)
    with zipfile.ZipFile(target, "a") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        archive.writestr(info, b"/etc/passwd")
    return target


def test_an_altered_archive_is_refused_before_anything_is_written(lived_in, tmp_path):
    backup, _ = taken(lived_in, tmp_path / "out")
    Archive(backup).verify()
    raw, bad = backup.read_bytes(), tmp_path / "bad.zip"
    first_file = next(name for name in Archive(backup).manifest.members if name.startswith("files/"))
    made = [
        rewritten(backup, tmp_path / "1.zip", lambda n, r: r[:-1] + b"!" if n == first_file else r),
        rewritten(backup, tmp_path / "2.zip", lambda n, r: None if n == first_file else r),
        rewritten(backup, tmp_path / "3.zip", lambda n, r: r + b"0" * 5_000_000 if n == first_file else r),
        rewritten(backup, tmp_path / "4.zip", lambda n, r: None if n == "manifest.json" else r),
        *(
            added(backup, tmp_path / f"5{i}.zip", n)
            for i, n in enumerate(("../evil", "/evil", "files/../../evil", "files/new"))
        ),
        added(backup, tmp_path / "6.zip", "files/link", 0o120777),
    ]
    bad.write_bytes(raw[: len(raw) // 2])
    (tmp_path / "text.zip").write_text("not an archive")
    for path in (*made, bad, tmp_path / "text.zip"):
        with pytest.raises(BadArchive):
            Archive(path).verify()
    places = random.Random(7).sample(range(len(raw)), 40)
    for place in places:  # a single byte, anywhere: refused, or of no consequence for what would be put back
        bad.write_bytes(raw[:place] + bytes([raw[place] ^ 0x20]) + raw[place + 1 :])
        try:
            found = Archive(bad)
            found.verify()
        except BadArchive:
            continue
        assert found.manifest == Archive(backup).manifest


def test_a_second_backup_of_one_second_stands_beside_the_first(tmp_path):
    first = tmp_path / "zugong-20261130-013000.zip"
    assert free_name(first) == first
    for name in ("zugong-20261130-013000-2.zip", "zugong-20261130-013000-3.zip"):
        free_name(first).touch()
        assert free_name(first) == tmp_path / name


def killed_after(house: House, seconds: float, *arguments: object) -> None:
    process = subprocess.Popen(
        [ZUGONG, *map(str, arguments)], env=house.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_a_killed_backup_leaves_nothing_that_looks_like_one(lived_in, tmp_path):
    out, begun = tmp_path / "out", time.monotonic()
    subprocess.run([ZUGONG, "backup", "--out", tmp_path / "whole"], env=lived_in.env, check=True, capture_output=True)
    takes = time.monotonic() - begun
    for share in (0.75, 0.9):
        killed_after(lived_in, takes * share, "backup", "--out", out)
    for path in out.glob("*.zip") if out.exists() else ():
        Archive(path).verify()  # it was finished before it was killed
    last, _ = taken(lived_in, out)
    assert {p for p in out.iterdir() if p.suffix != ".zip"} == set(), "what was left is swept"
    Archive(last).verify()


def test_a_killed_restore_is_no_house_until_it_is_done_again(lived_in, houses, tmp_path):
    backup, keys = taken(lived_in, tmp_path / "out")
    new, begun = houses(), time.monotonic()
    process = subprocess.Popen(
        [ZUGONG, "restore", backup, "--keys", keys], env=new.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while not (new.home / "restoring.json").exists() and time.monotonic() - begun < 30:
        time.sleep(0.002)
    time.sleep(random.Random(time.time()).random() / 20)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert (new.home / "restoring.json").exists()
    assert "恢复没有做完" in new("batches").stderr
    assert "恢复没有做完" in new("doctor").stdout
    told = new.json("restore", backup, "--keys", keys)
    assert all(one["well"] for one in told["checks"])
    assert new.files() == lived_in.files()


def test_a_full_disk_is_said_in_a_sentence_and_leaves_nothing(lived_in, tmp_path):
    out = tmp_path / "out"
    limited = f"ulimit -f 200; exec {ZUGONG} backup --out {out}"
    done = subprocess.run(["bash", "-c", limited], env=lived_in.env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "没有留下" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(out.iterdir()) == []


def under_load(houses: Houses, rounds: int, workers: int, tmp_path: Path) -> int:
    """Backups at random moments while several processes upload, write and mend; each is put back and examined, and holds all
    that was committed before it was begun. Returns how many batches were written meanwhile."""
    house = houses(ready=True)
    logs = [tmp_path / f"log{n}" for n in range(workers)]
    busy = [
        subprocess.Popen(
            [sys.executable, ROOT / "tests/busy.py", f"w{n}"], env=house.env | {"PYTHONPATH": str(ROOT)}, stdout=log.open("w")
        )
        for n, log in enumerate(logs)
    ]
    try:
        while not all(log.read_text() for log in logs):
            time.sleep(0.2)
            assert all(w.poll() is None for w in busy)
        for number in range(rounds):
            time.sleep(random.random())
            committed = {line for log in logs for line in log.read_text().splitlines(True) if line.endswith("\n")}
            out = tmp_path / f"out{number}"
            backup, keys = taken(house, out)
            assert all(w.poll() is None for w in busy), "they go on working"
            new = houses()
            told = new.json("restore", backup, "--keys", keys)
            assert [one for one in told["checks"] if not one["well"]] == []
            state = (
                "SELECT f.name FROM intake_stagedfile f JOIN intake_batch b ON b.id = f.batch_id WHERE b.state = 'committed'"
            )
            assert {f"('{line.strip()}',)" for line in committed} <= set(new.ask(state))
            articles = "SELECT count(*) FROM publicity_article"
            assert int(new.ask(articles)[0].strip("(,)")) == 15 * len(new.ask(state)), "each batch whole"
            shutil.rmtree(out)
            houses.drop(houses.made)
        return sum(len(log.read_text().splitlines()) for log in logs)
    finally:
        for worker in busy:
            worker.kill()
            worker.wait()


@pytest.mark.long
def test_fifty_of_fifty_backups_taken_under_write_load_come_back_sound(houses, tmp_path, record_property):
    written = under_load(houses, ROUNDS, 3, tmp_path)
    record_property("told", f"{ROUNDS} 份备份，其间 3 个进程写入 {written} 批")
