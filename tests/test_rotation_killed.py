"""A process killed at any moment of a rotation loses nothing: the next one goes on, and everything opens at every moment."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection
from test_killed import ZUGONG, environment, zugong

from conftest import YUNXI

__all__ = ["environment"]
SHORT, LONG = 2, 30
MEMBERS = (YUNXI / "01党组织基本信息表.xlsx", YUNXI / "02党员花名册.xlsx")
LOOK = """
import json, random
import django
django.setup()
from zugong.base import sealing
from zugong.base.holders import holders
from zugong.intake.actions import file_bytes
from zugong.intake.models import StagedFile
from zugong.people.models import Person, id_index
values = 0
for holder in holders():
    for field in holder.texts:
        for kept in holder.model._base_manager.values_list(field.attname, flat=True).iterator():
            if isinstance(field, sealing.SealedText) and kept:
                sealing.unsealed(kept, field.bound_to())
            values += bool(kept)
values += sum(bool(file_bytes(kept)) for kept in StagedFile.objects.all())
numbers = {p.pk: p.resident_id for p in Person.objects.exclude(resident_id_index=None)}
found = {p.pk for p in Person.objects.all().identified([id_index(n) for n in numbers.values()])}
print(json.dumps({"values": values, "people": len(numbers), "found": len(found & set(numbers))}))
"""


def look(env) -> dict[str, int]:
    """Open everything there is and look for everybody by number, as another process of the house would."""
    command = [sys.executable, "-c", LOOK]
    env = {**env, "DJANGO_SETTINGS_MODULE": "zugong.settings"}
    return json.loads(subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout)


def brought_over(env) -> int:
    """How many values rotations have brought under a new key until now, as the database tells whoever asks."""
    url = env.get("ZUGONG_DATABASE_URL")
    with closing(connection.Database.connect(url or f"{env['ZUGONG_HOME']}/zugong.sqlite3")) as database:
        (told,) = database.execute("SELECT coalesce(sum(done), 0) FROM base_keyrotation").fetchone()
    return int(told)


def killed_again_and_again(env, times: int, *ledgers: Path) -> int:
    """Kill a rotation so many times at random moments; returns in how many of them it had begun and not ended."""
    zugong(env, "intake", *map(str, ledgers), "--commit")
    before, chance, midway = look(env), random.Random(times), 0
    assert before["found"] == before["people"] > 1600
    assert [one["seals"] for one in zugong(env, "keys", "status")["keys"]] == [True]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    for _ in range(times):
        process = subprocess.Popen([ZUGONG, "keys", "rotate"], env=env, **quiet)
        far = brought_over(env) + chance.randint(1, before["values"] // times)
        while brought_over(env) < far and process.poll() is None:
            time.sleep(0.005)
        time.sleep(chance.random() / 50)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert look(env) == before
        midway += zugong(env, "keys", "status")["rotation_under_way"]
    key = zugong(env, "keys", "rotate")["key"]
    keys = zugong(env, "keys", "status")["keys"]
    assert [one["key"] for one in keys if one["values"]] == [key]
    assert keys[-1]["seals"]
    assert look(env) == before
    assert zugong(env, "audit", "verify")["faults"] == []
    return midway


def test_a_killed_rotation_goes_on(environment):
    assert killed_again_and_again(environment, SHORT, *MEMBERS)


@pytest.mark.long
def test_a_rotation_killed_many_times_goes_on(environment, record_property):
    midway = killed_again_and_again(environment, LONG, YUNXI)
    record_property("told", f"杀 {LONG} 次，其中 {midway} 次正换到一半")
    assert midway >= LONG // 2
