"""A stolen database or disk gives no number of anybody away: a worked-in home is searched, in all encodings."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from at_rest import Looker, numbers_of
from django.db import connection
from test_killed import environment

import make
from conftest import ROOT, YUNXI

__all__ = ["environment"]
NUMBER, PHONE = "429901199107086270", "13912345678"
DRESSES = {
    "clear": lambda n: b"\x01\x02id" + n.encode() + b"|",
    "utf-16-le": lambda n: n.encode("utf-16-le"),
    "utf-16-be": lambda n: b"\xff" + n.encode("utf-16-be"),
    "wide": lambda n: n.translate({48 + i: 0xFF10 + i for i in range(10)}).encode(),
    "wide gbk": lambda n: n.translate({48 + i: 0xFF10 + i for i in range(10)}).encode("gbk"),
    "hex": lambda n: b"'" + n.encode().hex().encode() + b"'",
    "base64": lambda n: base64.b64encode(n.encode()),
    "base64, one off": lambda n: base64.b64encode(b"a" + n.encode()),
    "base64, two off": lambda n: base64.b64encode(b"ab" + n.encode() + b"c"),
    "base64 in a run": lambda n: b"xy" + base64.b64encode(n.encode() + b"!"),
    "base64 for addresses": lambda n: base64.urlsafe_b64encode(b"\xff\xfe\xfd" + n.encode()).rstrip(b"="),
    "reversed": lambda n: n[::-1].encode(),
    "percent": lambda n: b"".join(b"%%%02x" % c for c in n.encode()),
    "json": lambda n: b"".join(b"\\u%04x" % c for c in n.encode()),
    "blanks": lambda n: f"{n[:6]} {n[6:10]} {n[10:]}".encode(),
    "hyphens": lambda n: f"{n[:3]}-{n[3:7]}-{n[7:]}".encode(),
    "zlib": lambda n: b"head" + zlib.compress(f'{{"number": "{n}"}}'.encode()),
    "session": lambda n: b"." + base64.urlsafe_b64encode(zlib.compress(json.dumps({"q": n}).encode() * 3)),
}


@pytest.mark.parametrize("dress", [*DRESSES, "zip"])
@pytest.mark.parametrize("number", [NUMBER, PHONE, "42990119910708627X"])
def test_a_planted_number_is_found_in_every_dress(dress, number):
    planted = DRESSES.get(dress, lambda n: _zipped(n))(number)
    noise = bytes(range(200, 256)) * 20
    assert number in Looker([number]).hits(noise + planted + b"\n" + noise if dress != "zip" else planted)
    assert Looker(["429901196707092450", "13888888888"]).hits(noise + planted + noise) == set()


def _zipped(number: str) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/sharedStrings.xml", f"<si><t>{number}</t></si>" * 5)
    return target.getvalue()


def test_the_front_of_an_id_alone_is_found_too():
    assert Looker([NUMBER]).hits(b"429901 1991-07-08") == {NUMBER[:14]}


def test_the_ledgers_hold_what_is_looked_for():
    numbers = numbers_of(YUNXI)
    assert sum(len(n) == 18 for n in numbers) > 1600
    assert sum(len(n) == 11 for n in numbers) > 1500


WORK = ROOT / "tests" / "worked_in.py"


@pytest.mark.long
def test_no_number_of_anybody_lies_in_the_clear(environment, tmp_path):
    home = Path(environment["ZUGONG_HOME"])
    env = {**environment, "DJANGO_SETTINGS_MODULE": "zugong.settings"}
    done = subprocess.run([sys.executable, str(WORK)], env=env, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-4000:]
    typed = set(json.loads(done.stdout.splitlines()[-1]))
    looker = Looker(numbers_of(YUNXI) | typed)
    (tmp_path / "said").write_text(done.stderr)  # what the house logged while it worked
    files = [p for p in home.rglob("*") if p.is_file() and "keys" not in p.relative_to(home).parts[:1]]
    assert any(p.parent.name == "files" for p in files)
    assert looker.in_files([*files, *dumped(environment, tmp_path), tmp_path / "said"]) == {}
    numbers = sorted(typed)
    (home / "files" / "planted").write_text(f"名单：{numbers[0]}")
    assert looker.in_files(home.rglob("planted")) != {}, "the search can find"


def dumped(environment, folder: Path) -> list[Path]:
    """A PostgreSQL database as pg_dump writes it, and as its heap lies on the disk where we may read that."""
    if connection.vendor != "postgresql":
        return []
    pg_dump = sorted(make.there("postgresql"))[-1].parent / "pg_dump"
    url = environment["ZUGONG_DATABASE_URL"]
    target = folder / "dump.sql"
    subprocess.run([pg_dump, "--dbname", url, "--file", target], check=True, capture_output=True)
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute(
            "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = %s", [url.rpartition("/")[2]]
        )
        data, oid = cursor.fetchone()
    heap = Path(data) / "base" / str(oid)
    try:
        return [target, *(p for p in heap.iterdir() if p.is_file() and p.stat().st_size)]
    except PermissionError:
        return [target]
