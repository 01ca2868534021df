"""What leaves the house: by one door, numbered and marked, and in large only with somebody else's agreement."""

from __future__ import annotations

import ast
import io
import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from conftest import IMPORT_DAY, ROOT
from tests.test_forged import BACKGROUND
from tests.test_pages import PAGES, address, busy  # noqa: F401 (a fixture)
from zugong.base import exports
from zugong.base.access import Permission, Privacy
from zugong.base.models import Export, ExportRequest, ExportState, TrailEntry
from zugong.base.rules import NotAllowed, Refused
from zugong.intake import actions as intake
from zugong.intake import running
from zugong.intake.actions import Incoming
from zugong.intake.models import StagedSheet
from zugong.meetings.models import Meeting

PACKAGE = ROOT / "zugong"
MEETINGS = "meetings:meeting-export"
# Where a file is made or handed over; each asks for a mark, which only base/exports.py gives.
MAKERS = {
    "xlsxwriter": {"base/sheets.py", "intake/returned.py"},
    "openpyxl": {"intake/returned.py"},
    "docx": {f"reports/{name}.py" for name in ("word", "word_mark", "word_package", "word_styles", "texts")}
    | {"base/uploads.py", "people/proofs.py", "regulations/papers.py"},  # they read
    "FileResponse": {"ui/leaving.py", "ui/handing.py"},  # the second gives a proof back to whoever gave it
    "as_attachment": {"ui/leaving.py", "ui/handing.py"},
    "Content-Disposition": {
        "desk/calendarpages.py"
    },  # the calendar a phone fetches: no person in it, taking it is on the trail
    "content_disposition_header": set(),
}


def sources():
    for path in sorted(PACKAGE.rglob("*.py")):
        inside = path.relative_to(PACKAGE)
        if not {"tests", "migrations"} & set(inside.parts):
            yield str(inside), path.read_text("utf-8")


def words_of(text: str) -> set[str]:
    """Names a file imports, calls with, or writes as a text."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {(node.module or "").partition(".")[0], *(alias.name for alias in node.names)}
        elif isinstance(node, ast.keyword) and node.arg:
            found.add(node.arg)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 40:
            found.add(node.value)
    return found


@pytest.mark.parametrize("word", MAKERS)
def test_files_are_made_and_handed_over_in_a_few_places_only(word):
    assert {name for name, text in sources() if word in words_of(text)} <= MAKERS[word]


def test_only_the_door_makes_a_mark_that_has_a_number():
    known = [(name, text) for name, text in sources() if "zugong.base.marks" in text or name == "base/marks.py"]
    makers = {name for name, text in known if re.search(r"\b(marked|Mark)\(", text)}
    assert makers <= {"base/exports.py", "base/marks.py", "desk/screen.py"}
    writers = {name for name, text in sources() if re.search(r"\bsheets import\b.*\bWriter\b", text)}
    assert len(writers) >= 4
    for name, text in sources():
        if name in writers and name != "base/sheets.py":
            assert re.search(r"\bWriter\(\w+, mark\)", text), name
    calls = {name for name, text in sources() if re.search(r"\bword\.write\(", text)}
    assert calls == {"reports/handing.py"}


@pytest.mark.long
@pytest.mark.usefixtures("rail_uncounted")
def test_every_file_a_page_hands_over_has_a_number_and_an_entry(busy, door, monkeypatch):  # noqa: F811
    monkeypatch.setattr(running, "launch", lambda job, work: job.finished.set())
    who, handed = door("operator"), set()
    for name in PAGES:
        if name in (
            *BACKGROUND,
            "desk:logout",
            "regulations:paper-file",
        ):  # the last hands over a rule of the house, no records
            continue
        for answer in (who.get(address(name)), who.post(address(name), {"rendition": "internal"})):
            if answer.get("Content-Disposition", "").startswith("attachment"):
                entry = TrailEntry.objects.filter(verb="base:record_export").order_by("-number").first()
                told, kept = json.loads(entry.values), Export.objects.order_by("-pk").first()
                assert answer.export_number == kept.pk == told["number"], name
                assert (kept.rows, kept.user_id) == (told["rows"], who.user.pk), name
                handed.add(name)
    assert len(handed) >= 20
    assert {"reports:word", "reports:evidence", "desk:dues-export", "people:person-export"} <= handed


def opened(answer):
    return load_workbook(io.BytesIO(answer.getvalue()))


def test_a_workbook_says_on_every_sheet_and_page_who_took_it(yunxi, clerk):
    book = opened(clerk.post(reverse("tasks:task-export")))
    words = f"{clerk.user.name}（{clerk.user.username}）"
    number = Export.objects.get().pk
    for page in book.worksheets:
        assert words in page["A1"].value
        assert page["A1"].value.endswith(f"第 {number} 号")
        assert "中共云溪县委组织部" in page["A1"].value
        assert words in page.oddHeader.center.text
    assert book.properties.creator == words


def test_an_exported_register_can_still_be_taken_in(yunxi, clerk, operator, tmp_path):
    """The mark stands above the headings; what goes out of one house goes into another."""
    path = tmp_path / "任务.xlsx"
    path.write_bytes(clerk.post(reverse("tasks:task-export")).getvalue())
    batch = intake.stage(by=operator, on=IMPORT_DAY, files=[Incoming(path, "任务.xlsx")])
    (sheet,) = StagedSheet.objects.filter(file__batch=batch)
    assert sheet.ledger == "tasks"
    assert (sheet.new, sheet.changed, sheet.refused) == (0, 0, 0)
    assert sheet.same > 0


# ---- agreement ----


@pytest.fixture
def few(monkeypatch):
    """Ten rows a day are what one may take out alone."""
    monkeypatch.setattr(exports, "allowance", lambda holds, on: 10)


def ask(who, answer, purpose="换届摸底"):
    assert answer.status_code == 409
    return who.post(reverse("desk:exports-ask"), {"blob": answer.context["blob"], "purpose": purpose}, follow=True)


def test_many_rows_leave_once_after_somebody_else_agreed_and_as_they_were_asked_for(yunxi, door, few):
    who, head = door("office"), door("head")
    where = f"{reverse(MEETINGS)}?period=2023H1&kind=党课"
    refused = who.post(where)
    assert "须部领导" in refused.content.decode() or "部领导同意" in refused.content.decode()
    assert not Export.objects.exists()
    assert "请写明用途" in who.post(reverse("desk:exports-ask"), {"blob": refused.context["blob"]}).content.decode()
    assert "已提出申请" in ask(who, refused).content.decode()
    assert "正等部领导答复" in ask(who, who.post(where)).content.decode()
    one = ExportRequest.objects.get()
    assert "1 份导出申请待答复" in head.get(reverse("desk:exports-waiting")).content.decode()
    assert "换届摸底" in head.get(reverse("desk:exports-waiting")).content.decode()
    assert who.post(reverse("desk:exports-decide", args=[one.pk]), {"do": "agree"}).status_code == 403
    assert who.post(where).status_code == 409, "asked for is not agreed to"
    head.post(reverse("desk:exports-decide", args=[one.pk]), {"do": "agree"})
    assert who.post(f"{reverse(MEETINGS)}?period=2023H1").status_code == 409, "other conditions were not agreed to"
    line = who.get(reverse("desk:exports")).context["lines"][0]
    taken = who.post(line.again["address"], dict(line.fields))
    assert taken.status_code == 200
    rows = load_workbook(io.BytesIO(taken.getvalue())).active.max_row - 4
    assert rows == one.rows > 10
    assert json.loads(TrailEntry.objects.filter(verb="base:record_export").latest("number").values)["purpose"] == "换届摸底"
    assert who.post(line.again["address"], dict(line.fields)).status_code == 409, "once"
    verbs = TrailEntry.objects.filter(verb__contains="_export").values_list("verb", flat=True)
    assert {"base:ask_export", "base:agree_export", "base:record_export"} <= set(verbs)


def test_what_was_agreed_to_lapses_and_does_not_grow(yunxi, door, few):
    who, head = door("office"), door("head")
    where = f"{reverse(MEETINGS)}?period=2023H1&kind=党课"
    ask(who, who.post(where))
    one = ExportRequest.objects.get()
    exports.agree_export(by=head.user, on=who.user.day - timedelta(days=8), request=one)
    assert who.post(where).status_code == 409, "the agreement is too old"
    again = exports.ask_export(
        by=who.user, on=who.user.day, wanted=who.post(where).context["wanted"], purpose="再报一次", again={}
    )
    exports.agree_export(by=head.user, on=who.user.day, request=again)
    shorter = Meeting.objects.filter(pk=0)
    assert not shorter.exists()
    say = dict(by=who.user, on=who.user.day, read=Permission.MEETINGS_READ, register="meetings.meeting")
    told = json.loads(again.asked)
    more = dict(filters=told["filters"], columns=told["columns"], rows=again.rows + 1, holds=Privacy(again.holds))
    with pytest.raises(exports.NeedsAgreement):
        exports.record_export(**say, **more)
    exports.record_export(**say, **{**more, "rows": again.rows})
    again.refresh_from_db()
    assert again.state == ExportState.USED


def test_many_small_exports_are_one_large_one(yunxi, door, few):
    who = door("office")
    chosen = list(Meeting.objects.order_by("pk").values_list("pk", flat=True)[:12])
    where = reverse("meetings:meeting-selected")
    assert who.post(where, {"row": chosen[:6], "do": "export"}).status_code == 200
    assert who.post(where, {"row": chosen[6:10], "do": "print"}).status_code == 200
    last = who.post(where, {"row": chosen[10:], "do": "export"})
    assert "今天已经导出过 10 行" in last.content.decode()
    ask(who, last)
    exports.agree_export(by=door("head").user, on=who.user.day, request=ExportRequest.objects.get())
    line = who.get(reverse("desk:exports")).context["lines"][0]
    fields = {name: [v for n, v in line.fields if n == name] for name, _ in line.fields}
    assert who.post(line.again["address"], fields).status_code == 200


def test_nobody_agrees_to_their_own_and_a_refusal_has_a_reason(yunxi, door, few):
    head, other = door("head"), door("office")
    ask(head, head.post(f"{reverse(MEETINGS)}?period=2023H1"))
    one = ExportRequest.objects.get()
    with pytest.raises(NotAllowed, match="不能答复自己的申请"):
        exports.agree_export(by=head.user, on=head.user.day, request=one)
    with pytest.raises(NotAllowed):
        exports.agree_export(by=other.user, on=head.user.day, request=one)
    second = door("head", "").user
    assert second.pk == head.user.pk
    asked = ask(other, other.post(f"{reverse(MEETINGS)}?period=2023H1"))
    assert asked.status_code == 200
    theirs = ExportRequest.objects.get(user=other.user)
    with pytest.raises(Refused, match="理由"):
        exports.refuse_export(by=head.user, on=head.user.day, request=theirs, reason=" ")
    head.post(reverse("desk:exports-decide", args=[theirs.pk]), {"do": "refuse", "reason": "只要换届的"})
    assert "只要换届的" in other.get(reverse("desk:exports")).content.decode()


def test_a_forged_or_foreign_request_is_not_taken(yunxi, door, few):
    who, other = door("office"), door("cadre_office")
    blob = who.post(f"{reverse(MEETINGS)}?period=2023H1").context["blob"]
    for sender, given in ((other, blob), (who, blob[:-2] + "xx"), (who, "")):
        assert sender.post(reverse("desk:exports-ask"), {"blob": given, "purpose": "换届摸底"}).status_code == 409
    assert not ExportRequest.objects.exists()


def test_every_framed_page_bears_the_readers_mark(yunxi, clerk):
    assert 'class="screen-mark"' in clerk.get(reverse("people:person-list")).content.decode()
    tile = clerk.get(reverse("desk:mark"))
    assert (tile["Content-Type"], tile["Cache-Control"]) == ("image/svg+xml", "no-store")
    assert f"{clerk.user.name}（{clerk.user.username}）" in tile.content.decode()
