"""Any text survives; where headings end, title lines break, and a signature would stand alone."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from datetime import date
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zugong.reports.word import Paper, Paragraph, Part, day_text, heading_end, write
from zugong.reports.word_fit import lines_of, signature_would_stand_alone
from zugong.reports.word_title import LIMIT, title_lines, width

RUN_IN = "（一）强基础创品牌，以党建引领基层治理见效。"
REST = "一是深入走访；二是完善规范。"


@pytest.mark.parametrize(
    ("text", "level", "end"),
    [
        (RUN_IN + REST, 2, len(RUN_IN)),
        ("（一）坚持“三会一课。”一是", 2, 12),
        ("一、工作情况。今年以来，", 1, 7),
        ("（一）强基础创品牌", 2, 0),
        ("（一）" + "长" * 57 + "。", 2, 0),
        ("（一）" + "长" * 56 + "。", 2, 60),
        ("1.建立台账。一是", 3, 0),
        ("正文。", 0, 0),
        ("", 2, 0),
    ],
)
def test_a_heading_ends_with_its_first_full_stop(text: str, level: int, end: int) -> None:
    assert heading_end(text, level) == end


def test_days_have_no_leading_zero() -> None:
    assert day_text(date(2023, 7, 5)) == "2023年7月5日"


@pytest.mark.parametrize(
    "lines",
    [
        "2023年上半年工作总结",
        "中共杭州市滨江区委组织部/2023年上半年工作总结",
        "某某县委组织部关于2023年上半年/全县组织工作情况的报告",
        "中共某某市委组织部关于印发/《2023年全市组织工作要点》的通知",
        "关于做好2024年度全区公务员考核/和表彰奖励工作的通知",
        "关于挂职干部期满考核的情况报告/（2023年上半年）",
        "中共和康县委组织部2023年度/党建引领基层治理和乡村振兴工作总结/及2024年工作计划",
        "中共某某区委组织部关于开展学习贯彻/习近平新时代中国特色社会主义思想/主题教育情况的报告",
    ],
)
def test_a_title_is_divided_where_one_pauses(lines: str) -> None:
    assert "/".join(title_lines(lines.replace("/", ""))) == lines


def test_line_ends_the_writer_has_set_stay() -> None:
    assert title_lines("组织部\n工作总结") == ["组织部", "工作总结"]


@settings(max_examples=60, deadline=None)
@given(
    st.text(
        st.characters(min_codepoint=0x3000, max_codepoint=0x9FFF) | st.sampled_from("2023年《》“”、，委区部的"), max_size=90
    )
)
def test_any_title_survives_and_fits(title: str) -> None:
    lines = title_lines(title)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", title)
    assert max(map(width, lines)) <= LIMIT


@pytest.mark.parametrize(
    ("text", "lines"),
    [("", 1), ("汉" * 26, 1), ("汉" * 27, 2), ("汉" * 26 + "。", 1), ("汉" * 54, 2), ("汉" * 55, 3), ("汉" * 25 + "2023", 2)],
)
def test_lines_are_counted_as_word_breaks_them(text: str, lines: int) -> None:
    assert lines_of(text) == lines


def test_a_signature_needs_three_lines_below_the_text() -> None:
    page = ["汉" * 26] * 22
    assert [signature_would_stand_alone(0, "", page[:count]) for count in (0, 18, 19, 20, 21, 22)] == [False] * 3 + [True] * 3
    assert signature_would_stand_alone(2, "县委", page[:16])  # the title takes three lines, the addressee one


letters = st.characters(codec="utf-16") | st.sampled_from("“”‘’……——　＆＜＞&<>\"']]>𠮷𬌗镕\x00\x07\x0b\t\n\r\ufffe")
texts = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF) | letters, max_size=120)
KEPT_OUT = {"Cc", "Cs", "Zl", "Zp"}


def readable(text: str) -> str:
    """What of a text a file can hold, said independently of the code under test."""
    turning = "LRE RLE PDF LRO RLO LRI RLI FSI PDI".split()  # noqa: SIM905
    return "".join(
        char
        for char in text
        if unicodedata.category(char) not in KEPT_OUT
        and unicodedata.bidirectional(char) not in turning
        and f"{ord(char):04x}"[-4:] not in ("fffe", "ffff")
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(texts, min_size=1, max_size=4), st.integers(0, 4), st.sampled_from(["", "open", "typed"]), texts)
def test_any_text_survives(given_texts: list[str], level: int, mark: str, signature: str) -> None:
    paragraph = Paragraph(tuple(Part(text, mark) for text in given_texts), level)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.docx")
        write(Paper("标题", (paragraph,), signature, date(2023, 7, 5), "县委", signature), path)
        read = docx.Document(path)
    expected = ["县委：", readable("".join(given_texts)), *filter(None, [readable(signature)]), "2023年7月5日"]
    assert [one.text for one in read.paragraphs[1:]] == expected
