"""House rules and templates: taken in by content, kept in versions, found by their words, handed over as they came."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from conftest import IMPORT_DAY
from zugong.base import department
from zugong.base.models import TrailEntry
from zugong.regulations.models import PaperVersion
from zugong.regulations.papers import excerpt

WORDS = "第三条 听到的意见五个工作日内交办，二十个工作日内答复。\n联系人电话 13800138000"


def docx(text: str) -> bytes:
    made, out = Document(), io.BytesIO()
    made.add_paragraph(text)
    made.save(out)
    return out.getvalue()


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


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("办法.docx", b"MZ\x90\x00\x03\x00\x00\x00", "不是 Word"),
        ("办法.txt", b"\x00\x01\x02\x03", "不是 Word"),
        ("办法.pdf", b"\x89PNG\r\n\x1a\n....", "不是 Word"),
        ("机密★5年.txt", "办法".encode(), "非涉密信息"),
        ("办法.docx", docx("机密★10年"), "非涉密信息"),
        ("办法.txt", b"a" * (10 * 1024 * 1024 + 1), "超过 10 MB"),
    ],
    ids=["a program", "bytes", "a picture", "marked name", "marked text", "too large"],
)
def test_what_may_not_be_kept_is_said_and_nothing_is_left(keeper, name, content, said):
    answer = take_in(keeper, name, content)
    assert said in answer.content.decode()
    assert not PaperVersion.objects.exists()


def test_an_excerpt_shows_the_word_with_a_little_around_it():
    before, word, after = excerpt(f"{'前' * 99}Excel{'后' * 99}", "excel")
    assert (word, len(before), len(after)) == ("Excel", 30, 30)
    assert excerpt("没有", "这个词") == ("", "", "")
