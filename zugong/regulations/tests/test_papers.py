"""House rules and templates: taken in by content, kept in versions, found by their words, handed over as they came."""

from __future__ import annotations

import io
import time
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from conftest import IMPORT_DAY
from zugong.base import department, pdfwords
from zugong.base.models import TrailEntry
from zugong.regulations.models import PaperVersion
from zugong.regulations.papers import excerpt

WORDS = "第三条 听到的意见五个工作日内交办，二十个工作日内答复。\n联系人电话 13800138000"


def docx(text: str) -> bytes:
    made, out = Document(), io.BytesIO()
    made.add_paragraph(text)
    made.save(out)
    return out.getvalue()


def pdf(text: str, packed: bytes = b"") -> bytes:
    """A page of words in a font whose numbers a table turns into letters, as office programs write it; or with a content
    given, packed."""
    number = {letter: n for n, letter in enumerate(sorted(set(text) - {"\n"}), 1)}
    lines = (b"<" + b"".join(b"%04x" % number[letter] for letter in line) + b"> Tj" for line in text.split("\n"))
    shown = b"BT /F 12 Tf 14 TL 72 700 Td " + b" T* ".join(lines) + b" ET"
    table = b"".join(b"<%04x> <%s>\n" % (n, a.encode("utf-16-be").hex().encode()) for a, n in number.items())
    letters = b"1 begincodespacerange <0000> <ffff> endcodespacerange %d beginbfchar %s endbfchar" % (len(number), table)
    packing = b"/Filter/FlateDecode" if packed else b""
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d%s>>stream\n%s\nendstream" % (len(packed or shown), packing, packed or shown),
        b"<</Type/Font/Subtype/Type0/BaseFont/S/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/S/DW 1000>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(letters), letters),
    )
    out, places = b"%PDF-1.4\n", b"0000000000 65535 f \n"
    for n, part in enumerate(parts, 1):
        places += b"%010d 00000 n \n" % len(out)
        out += b"%d 0 obj%sendobj\n" % (n, part)
    size = len(parts) + 1
    return out + b"xref\n0 %d\n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, places, size, len(out))


@pytest.fixture
def keeper(empty, operator, door):
    department.settle(by=operator, on=IMPORT_DAY, values={"department": "中共云溪县委组织部"})
    return door("organization_office")


def take_in(who, name, content, title="走访办法"):
    given = {"title": title, "kind": "rule", "office": "组织科", "since": "2023-01-01", "note": ""}
    return who.post(reverse("regulations:paper-add"), {**given, "file": SimpleUploadedFile(name, content)})


def test_a_paper_is_kept_found_by_its_words_and_given_back_as_it_came(keeper, door):
    content = docx(WORDS)
    page = take_in(keeper, "办法.docx", content)["Location"]
    reader = door("education_office")
    assert "<mark>交办</mark>" in reader.get(reverse("regulations:papers"), {"q": "交办 答复"}).content.decode()
    assert "没有找到" in reader.get(reverse("regulations:papers"), {"q": "交办 没有的词"}).content.decode()
    version = PaperVersion.objects.get()
    assert "13800138000" not in version.text
    answer = reader.post(reverse("regulations:paper-file", args=[version.pk]))
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Disposition"].startswith("attachment")
    assert TrailEntry.objects.filter(verb="regulations:hand_over", subject=version.key).exists()
    same = keeper.post(f"{page}version/", {"since": "2024-01-01", "file": SimpleUploadedFile("办法.docx", content)})
    assert "一模一样" in same.content.decode()
    keeper.post(f"{page}version/", {"since": "2024-01-01", "file": SimpleUploadedFile("办法.txt", "改为十个工作日".encode())})
    assert [one.number for one in PaperVersion.objects.order_by("number")] == [1, 2]
    assert "走访办法" in reader.get(reverse("regulations:papers"), {"q": "十个工作日"}).content.decode()
    assert "没有找到" in reader.get(reverse("regulations:papers"), {"q": "交办"}).content.decode()  # of an older version
    assert reader.post(f"{page}version/", {"since": "2024-01-01"}).status_code == 403


def test_a_pdf_is_found_by_a_word_that_a_line_breaks(keeper):
    take_in(keeper, "办法.pdf", pdf("走访办法\n听到的意见五个工作日内交\n办，二十个工作日内答复"))
    assert "<mark>交办</mark>" in keeper.get(reverse("regulations:papers"), {"q": "交办 答复"}).content.decode()


def test_a_pdf_takes_no_more_than_its_time_and_one_that_is_broken_has_no_words(monkeypatch):
    endless = pdf("甲", zlib.compress(b"BT /F 12 Tf <0001> Tj ET " * 500_000))
    monkeypatch.setattr(pdfwords, "PATIENCE", 1)
    begun = time.monotonic()
    assert pdfwords.words(endless) == ""
    assert time.monotonic() - begun < 5
    assert pdfwords.words(b"%PDF-1.4\n1 0 obj << >> endobj\n%%EOF") == ""


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("办法.docx", b"MZ\x90\x00\x03\x00\x00\x00", "不是 Word"),
        ("办法.txt", b"\x00\x01\x02\x03", "不是 Word"),
        ("办法.pdf", b"\x89PNG\r\n\x1a\n....", "不是 Word"),
        ("机密★5年.txt", "办法".encode(), "非涉密信息"),
        ("办法.docx", docx("机密★10年"), "非涉密信息"),
        ("办法.pdf", pdf("机密★10年\n办法"), "非涉密信息"),
        ("办法.txt", b"a" * (10 * 1024 * 1024 + 1), "超过 10 MB"),
    ],
    ids=["a program", "bytes", "a picture", "marked name", "marked text", "marked PDF", "too large"],
)
def test_what_may_not_be_kept_is_said_and_nothing_is_left(keeper, name, content, said):
    answer = take_in(keeper, name, content)
    assert said in answer.content.decode()
    assert not PaperVersion.objects.exists()


def test_an_excerpt_shows_the_word_with_a_little_around_it():
    before, word, after = excerpt(f"{'前' * 99}Excel{'后' * 99}", "excel")
    assert (word, len(before), len(after)) == ("Excel", 30, 30)
    assert excerpt("没有", "这个词") == ("", "", "")
