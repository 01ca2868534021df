"""What comes in from outside: nobody waits while files are read, nothing is left lying about, nothing secret is taken."""

from __future__ import annotations

import json
import os
import sys
import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from docx import Document

from conftest import IMPORT_DAY, PASSWORD, ROOT
from tests.forks import made_ready, zugong
from zugong.base import actions as base_actions
from zugong.base.models import TrailEntry
from zugong.desk import serving
from zugong.intake import actions, comparing, preparing, received
from zugong.intake.actions import Incoming, UnusableFile
from zugong.intake.models import Batch
from zugong.people.models import Person, id_index
from zugong.reports import texts
from zugong.reports.actions import adopt
from zugong.reports.models import AdoptedText

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TASKS = "重点任务,牵头科室,完成时限\n任务,组织科,2023-09-01\n"


def handed_in(tmp_path: Path, name: str, content: str) -> Incoming:
    path = tmp_path / f"{len(list(tmp_path.iterdir()))}{Path(name).suffix}"
    path.write_text(content, "utf-8")
    return Incoming(path, name)


# ---- while files are read ----


def test_nothing_is_held_while_files_are_read_and_compared(empty, tmp_path, monkeypatch):
    held: list[object] = []

    def watched(function):
        def watching(*given, **named):
            held.append(base_actions._running.get())
            return function(*given, **named)

        return watching

    monkeypatch.setattr(preparing.sheets, "read", watched(preparing.sheets.read))
    monkeypatch.setattr(comparing.Comparer, "compare", watched(comparing.Comparer.compare))
    monkeypatch.setattr(preparing.staging, "staged_rows", watched(preparing.staging.staged_rows))
    batch = actions.stage(by=empty, on=IMPORT_DAY, files=[handed_in(tmp_path, "清单.csv", TASKS)])
    assert held == [None] * 3
    last = TrailEntry.objects.order_by("-number").first()
    assert (last.verb, last.subject) == ("intake:stage", batch.key)


def test_a_batch_that_cannot_be_kept_leaves_no_file(empty, tmp_path, monkeypatch, settings):
    def fails(rows):
        raise RuntimeError("x")

    before = set(Path(settings.ZUGONG_FILES).iterdir()) if Path(settings.ZUGONG_FILES).exists() else set()
    monkeypatch.setattr(preparing.staging.bulk, "insert", fails)
    with pytest.raises(RuntimeError):
        actions.stage(by=empty, on=IMPORT_DAY, files=[handed_in(tmp_path, "清单.csv", TASKS)])
    assert not Batch.objects.filter(state="preview").exists()
    assert set(Path(settings.ZUGONG_FILES).iterdir()) == before


@pytest.mark.parametrize("words", ["database is locked", "canceling statement due to lock timeout"])
def test_a_database_that_is_busy_asks_to_come_back(account, monkeypatch, words):
    account("office")
    who = Client(raise_request_exception=False)

    def locked(*given, **named):
        raise OperationalError(words)

    for place in ("django.contrib.auth.signals.user_logged_in.send", "django.contrib.sessions.backends.db.SessionStore.save"):
        with monkeypatch.context() as patched:
            patched.setattr(place, locked)
            answer = who.post(reverse("desk:login"), {"username": "office-all", "password": PASSWORD})
        assert (answer.status_code, answer["Retry-After"]) == (503, "30")
        assert "数据库正忙" in answer.content.decode()
        assert "没有改动任何数据" in answer.content.decode()
    with monkeypatch.context() as patched:
        patched.setattr("django.contrib.sessions.backends.db.SessionStore.save", lambda *_, **__: 1 / 0)
        assert who.post(reverse("desk:login"), {"username": "office-all", "password": PASSWORD}).status_code == 500
    assert who.post(reverse("desk:login"), {"username": "office-all", "password": PASSWORD}).status_code == 302


# ---- what is left lying about ----


def test_uploads_a_crash_left_are_swept_when_the_pages_are_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(received, "root", lambda: tmp_path)
    monkeypatch.setattr(serving, "waitress_serve", lambda *_, **__: None)
    ours = received.keep([SimpleUploadedFile("名册.xlsx", b"x")])[0].path
    (tmp_path / "left").mkdir()
    (tmp_path / "left/0.xlsx").write_bytes(b"429901196707092450")
    (tmp_path / "half.upload").write_bytes(b"x")
    for one in (tmp_path / "left", tmp_path / "half.upload", ours.parent):
        os.utime(one, (received.BEGAN - 1, received.BEGAN - 1))
    serving.serve("127.0.0.1", 1, background=False)
    assert list(tmp_path.iterdir()) == [ours.parent], "what is still to be read stays"
    received.clear([Incoming(ours, "名册.xlsx")])
    assert list(tmp_path.iterdir()) == []


def test_uploads_are_swept_after_each_piece_of_work(tmp_path, monkeypatch):
    monkeypatch.setattr(received, "root", lambda: tmp_path)
    files = received.keep([SimpleUploadedFile("名册.xlsx", b"x")])
    (tmp_path / "left").mkdir()
    os.utime(tmp_path / "left", (time.time() - received.ABANDONED - 9,) * 2)
    received.clear(files)
    assert list(tmp_path.iterdir()) == []


def test_large_uploads_wait_in_a_folder_of_ours(settings):
    folder = Path(settings.FILE_UPLOAD_TEMP_DIR)
    assert folder == Path(settings.ZUGONG_HOME) / "incoming"
    assert folder.is_dir()
    assert sys.platform == "win32" or folder.stat().st_mode & 0o077 == 0


def test_a_file_that_would_be_too_large_is_one_sentence_and_exit_code_two(tmp_path):
    book = Path(ROOT / "examples/yunxi/16重点工作清单.xlsx").read_bytes()
    path = tmp_path / "清单.xlsx"
    with zipfile.ZipFile(BytesIO(book)) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/media/image1.png", bytes(310 << 20))
    env = {k: v for k, v in os.environ.items() if k != "ZUGONG_DATABASE_URL"} | {"ZUGONG_HOME": str(tmp_path / "home")}
    made_ready(env)
    done = zugong(env, "intake", path, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "“清单.xlsx”展开后太大" in done.stderr


# ---- secrets ----


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("秘密★1年 清单.csv", TASKS),
        ("清单（机密）.csv", TASKS),
        ("清单.csv", f"机密\n重点工作清单\n{TASKS}"),
        ("清单.csv", f"云溪县重点工作清单 秘密★2年\n{TASKS}"),
        ("清单.csv", f"{TASKS}另一件 绝密★,组织科,2023-09-01\n"),
        ("菜单.csv", "秘密\n菜名,价格\n豆腐,3\n"),
    ],
)
def test_a_ledger_marked_as_secret_is_turned_away(empty, tmp_path, settings, name, content):
    kept = Path(settings.ZUGONG_FILES)
    before = set(kept.iterdir()) if kept.exists() else set()
    with pytest.raises(UnusableFile, match="本系统只处理非涉密信息"):
        actions.stage(by=empty, on=IMPORT_DAY, files=[handed_in(tmp_path, name, content)])
    assert not Batch.objects.filter(state="preview").exists()
    assert (set(kept.iterdir()) if kept.exists() else set()) == before


def test_words_about_secrecy_are_taken(empty, tmp_path):
    rows = f"保密工作重点任务清单\n{TASKS}秘密,组织科,2023-09-01\n开展保守国家秘密教育,机要科,2023-09-02\n"
    batch = actions.stage(by=empty, on=IMPORT_DAY, files=[handed_in(tmp_path, "保密工作清单.csv", rows)])
    assert batch.state == "preview"


def test_a_text_marked_as_secret_is_not_adopted(operator, clerk):
    body = "2023年上半年工作总结\n一、召开支部党员大会3次。\n"
    for name, data in (("总结.txt", f"秘密★1年\n{body}"), ("机密★总结.txt", body)):
        answer = clerk.post(reverse("reports:adopt"), {"file": SimpleUploadedFile(name, data.encode())})
        assert "本系统只处理非涉密信息" in answer.content.decode()
    assert "本系统只处理非涉密信息" in clerk.post(reverse("reports:adopt"), {"pasted": f"绝密\n{body}"}).content.decode()
    assert not AdoptedText.objects.exists()
    assert adopt(by=operator, on=IMPORT_DAY, name="总结", text=f"{body}二、做好保密工作，守住国家秘密。\n")


# ---- papers that are not sound ----


def docx(body: str) -> bytes:
    """A Word file whose text part is this."""
    made, kept = BytesIO(), BytesIO()
    Document().save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, body if name == "word/document.xml" else old.read(name))
    return kept.getvalue()


LAUGHS = "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(8))
PARAGRAPH = f"<w:p><w:r><w:t>{'开' * 1000}</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (f'<w:document xmlns:w="{WORD}"><w:body>', "不是完好的 .docx"),
        (f'<w:document xmlns:w="{WORD}"/>', "不是完好的 .docx"),
        (f'<w:foo xmlns:w="{WORD}"/>', "不是完好的 .docx"),
        ("", "不是完好的 .docx"),
        (f'<!DOCTYPE a [<!ENTITY a "ha">{LAUGHS}]><w:document xmlns:w="{WORD}"><w:body/></w:document>', "不是完好的 .docx"),
        (f'<w:document xmlns:w="{WORD}"><w:body>{PARAGRAPH * 250}</w:body></w:document>', "超过 200000"),
        (f'<w:document xmlns:w="{WORD}"><w:body>{PARAGRAPH * 20_000}</w:body></w:document>', "展开后太大"),
    ],
    ids=["cut off", "no body", "another root", "nothing", "entities", "too long", "far too long"],
)
def test_a_word_file_that_is_not_sound_is_said_in_a_sentence(clerk, body, why):
    begun = time.perf_counter()
    answer = clerk.post(reverse("reports:adopt"), {"file": SimpleUploadedFile("总结.docx", docx(body))})
    assert answer.status_code == 200
    assert why in answer.content.decode()
    assert time.perf_counter() - begun < 5
    assert not AdoptedText.objects.exists()


def test_a_long_text_is_refused_before_anything_is_made_of_it(clerk):
    for given in ({"pasted": "开" * 200_001}, {"file": SimpleUploadedFile("总结.txt", ("开" * 200_001).encode())}):
        answer = clerk.post(reverse("reports:adopt"), given)
        assert "超过 200000" in answer.content.decode()
    with pytest.raises(texts.Unreadable, match="超过 200000"):
        texts.from_bytes("a.txt", b"a" * 200_001)


# ---- looking people up ----


def test_a_search_by_resident_id_is_on_the_trail(yunxi, door):
    who = door("office")
    person = Person.objects.filter(resident_id_index__isnull=False).first()
    for number, found in ((person.resident_id, True), ("429901195001019980", False)):
        who.post(reverse("people:by-id"), {"q": number})
        entry = TrailEntry.objects.order_by("-number").first()
        told = json.loads(entry.values)
        assert (entry.verb, entry.account) == ("base:record_lookup", "office-all")
        assert (told["found"], told["index"]) == (found, id_index(number))
        assert entry.subject == (person.key if found else "people.person")
        assert number not in entry.values
