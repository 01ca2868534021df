"""Hostile files through the real pages and commands: a sentence for each, nothing left behind, memory within bounds."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from conftest import ROOT
from tests import hostile
from zugong.base.rules import Refused
from zugong.intake import received, running
from zugong.intake.models import Batch, StagedFile, StagedRow, StagedSheet
from zugong.people import proofs
from zugong.reports.models import AdoptedText

MEGABYTE = 1 << 20
MOST_MEMORY = 1024 * MEGABYTE
SENTENCE = re.compile(r"“[^”]+”.*[一-鿿]+.*。", re.DOTALL)
WRONG = re.compile(r"Traceback|程序出错|File \"|Exception")
SLOWEST = 300  # seconds, on a machine that is busy with something else


def in_a_process_of_its_own(folder: Path, how_many: int, leave_out: frozenset[str] = frozenset()) -> dict:
    """Let another process, held to a few gigabytes, take so many files in; what it tells of them."""
    for number, (kind, name, content, refused) in enumerate(hostile.files(ROOT, how_many, leave_out=leave_out)):
        (folder / f"{number:04}={int(refused)}={kind}={name}").write_bytes(content)
    env = {**os.environ, "ZUGONG_HOSTILE": str(folder), "ZUGONG_HOME": str(folder / "home")} | {"PYTEST_XDIST_WORKER": "inner"}
    env.pop("PYTEST_XDIST_WORKER_COUNT", None)
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:xdist", f"{__file__}::test_inside"]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    return json.loads((folder / "told.json").read_text("utf-8"))


def insist(told: dict, how_many: int) -> None:
    assert told["files"] == how_many
    assert told["peak"] < MOST_MEMORY, f"{told['peak'] / MEGABYTE:.0f} MB"
    assert told["slowest"][0] < SLOWEST, told["slowest"]


def test_hostile_files_are_answered_in_a_sentence(tmp_path):
    insist(in_a_process_of_its_own(tmp_path, 24, hostile.SLOW), 24)


@pytest.mark.long
def test_five_hundred_hostile_files(tmp_path, record_property):
    told = in_a_process_of_its_own(tmp_path, 552)
    insist(told, 552)
    slow = f"最慢的 {told['slowest'][0]:.0f} 秒（{told['slowest'][1]}）"
    read = f"{told['files']} 个文件，不收 {told['refused']} 个，读得出的 {told['taken']} 个"
    record_property("told", f"{read}，{slow}，收文件的进程内存峰值 {told['peak'] / MEGABYTE:.0f} MiB")


# ---- inside the process of its own ----


class House:
    """What there is in the house: rows, kept files, files waiting, files in the machine's own folder."""

    def __init__(self, settings):
        self.folders = [Path(settings.ZUGONG_FILES), received.root(), Path(tempfile.gettempdir())]

    def now(self):
        rows = [model.objects.count() for model in (Batch, StagedFile, StagedSheet, StagedRow, AdoptedText)]
        return rows, [sorted(one.name for one in folder.iterdir()) if folder.exists() else [] for folder in self.folders]


@pytest.mark.skipif("ZUGONG_HOSTILE" not in os.environ, reason="run by the tests above, in a process of its own")
@pytest.mark.django_db
def test_inside(door, operator, settings, monkeypatch):
    folder = Path(os.environ["ZUGONG_HOSTILE"])
    own = folder / "tmp"
    own.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(own))
    monkeypatch.setattr(running, "launch", running.carry_out)
    resource.setrlimit(resource.RLIMIT_AS, (4 * MOST_MEMORY, 4 * MOST_MEMORY))
    house, who, counts, slowest = House(settings), door("office"), Counter(), (0.0, "")
    for path in sorted(folder.glob("*=*")):
        _, must, _, name = path.name.split("=")
        begun, before, content = time.perf_counter(), house.now(), path.read_bytes()
        outcome = by_page(who, name, content)
        if outcome == "refused":
            assert house.now() == before, (name, "left something behind")
        else:
            whole(name)
        assert outcome == "refused" or must == "0", (name, "was taken")
        before = house.now()
        if by_command(who, path, name) == "refused":
            assert house.now() == before, (name, "left something behind by command")
        assert not list(own.iterdir()), name
        assert not [one for one in received.root().iterdir()] if received.root().exists() else True, name
        counts[outcome] += 1
        slowest = max(slowest, (time.perf_counter() - begun, name))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    told = {"files": sum(counts.values()), **counts, "peak": peak, "slowest": slowest}
    (folder / "told.json").write_text(json.dumps({"refused": 0, "taken": 0} | told), "utf-8")


def by_page(who, name: str, content: bytes) -> str:
    """Hand a file in by the page it belongs to; whether it was taken. Fails unless the answer is a page with a sentence."""
    file = SimpleUploadedFile(name, content)
    if name.endswith("docx"):
        answer = who.post(reverse("reports:adopt"), {"file": file})
        taken = answer.status_code == 302
        with contextlib.suppress(Refused):
            proofs.looked_at(name, content)
    else:
        answer = who.post(reverse("intake:receive"), {"files": [file]}, follow=True)
        taken = bool(answer.redirect_chain) and re.search(r"/intake/\d+/", answer.redirect_chain[-1][0])
    if taken:
        return "taken"
    page = answer.content.decode()
    assert answer.status_code in (200, 400), (name, answer.status_code)
    assert not WRONG.search(page), (name, WRONG.search(page))
    assert re.search(f"“{re.escape(name)}[^”]*”[^。]*[一-鿿][^。]*。", re.sub(r"<[^>]*>", "", page)), (name, "no sentence")
    return "refused"


def by_command(who, path: Path, name: str) -> str:
    """Hand a file in on the command line; whether it was taken. Fails unless a refusal is one sentence."""
    lies = path.with_name(name)
    path.rename(lies)
    command = "slots" if name.endswith("docx") else "intake"
    out, said = io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(out):
            call_command(command, str(lies), "--json", account=who.user.username)
    except SystemExit as end:
        if end.code in (0, 3):
            return "taken"
        assert not WRONG.search(said.getvalue()), (name, said.getvalue())
        assert SENTENCE.fullmatch(said.getvalue().strip()), (name, said.getvalue())
        return "refused"
    finally:
        lies.unlink()
    return "taken"


def whole(name: str) -> None:
    """A batch that was made is there as a whole: its file is kept, its sheets have as many rows as they say."""
    if name.endswith("docx"):
        return
    batch = Batch.objects.order_by("-pk").first()
    for sheet in StagedSheet.objects.filter(file__batch=batch).exclude(ledger=""):
        assert sheet.new + sheet.changed + sheet.same + sheet.refused == StagedRow.objects.filter(sheet=sheet).count(), name
