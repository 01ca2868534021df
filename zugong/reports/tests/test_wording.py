"""Masked names and period words are found; period words move with the period, or say why not."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from zugong.base.periods import Period
from zugong.reports import moving, texts, wording
from zugong.reports.moving import moved, own_period, period_words
from zugong.reports.tests.marked import SHARED
from zugong.reports.wording import LEVEL, PARTNERS, PLACE, SUPERIOR, contradictions, names

SEED = SHARED / "seed/2023H1-work-report.txt"
H1, H2 = Period.parse("2023H1"), Period.parse("2023H2")


def said(text: str, to: str) -> list[str | None]:
    return [one.text for one in moved(text, Period.parse(to))]


@pytest.mark.skipif(not SEED.exists(), reason="../shared is not here")
def test_the_names_of_the_reference_text():
    found = [one.figure for one in names(texts.read(SEED))]
    assert found == [LEVEL, SUPERIOR, PARTNERS, LEVEL, PLACE, LEVEL]


@pytest.mark.skipif(not SEED.exists(), reason="../shared is not here")
def test_the_reference_text_moves_to_the_second_half():
    text = texts.read(SEED)
    assert own_period(text) == H1
    assert said(text, "2023H2") == ["2023年下半年", "今年下半年", "全年", "今年下半年", "全年", "今年以来", "明年上半年"]
    assert said(text, "2024H1") == ["2024年上半年", "今年上半年", "全年", "今年上半年", "全年", "今年以来", "下半年"]
    assert [c.text for c in contradictions(text, "县")] == ["全区", "全区"]


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("在*委领导下工作。", LEVEL),
        ("对全*人才工作进行调研。", LEVEL),
        ("吸引人才到*工作和创业。", PLACE),
        ("全省*组织部长会议精神。", SUPERIOR),
        ("与*等部门组织开展联学共建主题党日活动。", PARTNERS),
        ("*同志出席会议并讲话。", ""),
        ("会同*等部门研究解决。", ""),
    ],
)
def test_one_name(text, figure):
    (name,) = names(text)
    assert (name.figure, name.text) == (figure, "*")


def test_partners_in_a_list_are_counted():
    found = names("与*、*等部门开展联学共建活动。")
    assert [(n.figure, n.order) for n in found] == [(PARTNERS, 1), (PARTNERS, 2)]


def test_a_place_with_its_last_character_left_says_so():
    (name,) = names("会同××县农科所建起田间课堂。")
    assert (name.figure, name.tail) == (PLACE, "县")


def test_counts_dates_and_telephones_are_no_names():
    assert names("党员*名，X月X日召开，电话0799-63××218，办结率××%。") == []


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("云溪县委组织部2024年上半年工作总结\n今年以来，", "2024H1"),
        ("2023年上半年，*委组织部坚持以……", "2023H1"),
        ("石塘镇党委2023年抓基层党建工作情况总结\n一年来，", "2023"),
        ("要点版2024年1—9月工作小结\n", "2024-01-01/2024-09-30"),
        ("2024年第一季度组织工作情况\n", "2024Q1"),
        ("街道机关二〇二三年组织工作总结\n", "2023"),
        ("平水区检察院机关党委半年工作小结（2024年）\n", "2024"),
        ("2023年度工作报告\n", "2023"),
    ],
)
def test_the_own_period(text, period):
    assert own_period(text) == Period.parse(period)


def test_a_text_that_names_no_period_has_none():
    assert own_period("现将有关情况总结如下。") is None
    assert [one.text for one in moved("今年以来，工作有进展。", H1)] == [None]


@pytest.mark.parametrize(
    ("word", "to", "then"),
    [
        ("2023年上半年", "2023H2", "2023年下半年"),
        ("2023年上半年", "2024H1", "2024年上半年"),
        ("2023年上半年", "2023", "2023年"),
        ("今年上半年", "2023H2", "今年下半年"),
        ("上半年", "2023H2", "下半年"),
        ("今年以来", "2023H2", "今年以来"),
        ("截至6月末", "2023H2", "截至12月末"),
        ("截至2023年6月30日", "2023H2", "截至2023年12月31日"),
        ("截至6月末", "2024H1", "截至6月末"),
        ("去年同期", "2023H2", "去年同期"),
        ("2022年上半年", "2023H2", "2022年下半年"),
        ("下半年", "2023H2", "明年上半年"),
        ("下半年", "2024H1", "下半年"),
        ("2023年下半年", "2023H2", "2024年上半年"),
        ("第四季度", "2024H1", "第四季度"),
        ("第四季度", "2023H2", None),
        ("5月12日", "2023H2", None),
        ("年底前", "2023H2", None),
        ("截至5月末", "2023H2", None),
        ("2021—2025年", "2023H2", None),
    ],
)
def test_moving_from_the_first_half(word, to, then):
    text = f"2023年上半年工作总结\n工作推进：{word}，有关工作按期完成。"
    found = moved(text, Period.parse(to))
    assert (found[-1].word.text, found[-1].text) == (word, then)
    assert found[-1].reason.endswith("。")


@pytest.mark.parametrize(
    ("word", "then"),
    [
        ("一年来", "一年来"),
        ("2024年", "2025年"),
        ("2022年", "2023年"),
        ("2023年", "2024年"),
        ("明年", "明年"),
        ("全年", "全年"),
    ],
)
def test_moving_a_years_report_to_the_next_year(word, then):
    text = f"镇党委2023年工作总结\n工作推进：{word}，有关工作按期完成。"
    assert said(text, "2024")[-1] == then


def test_quarters_keep_their_manner():
    assert said("2024年第一季度工作情况\n一季度，稳步推进。", "2024Q2") == ["2024年第二季度", "二季度"]


def test_papers_and_masked_dates_are_no_period_words():
    assert period_words("按组通字〔2024〕8号、《2023年要点》要求，X月X日开会。", H1) == []


@given(st.sampled_from(["2023H1", "2023H2", "2023", "2024Q1", "2024Q3"]))
def test_moving_to_the_own_period_changes_nothing(code):
    own = Period.parse(code)
    text = f"{own.title}工作总结\n今年以来，截至{own.last.month}月末，{own.title}共完成，去年同期。"
    assert all(one.text == one.word.text for one in moved(text, own, own))


@given(st.sampled_from(["2023H2", "2024H1", "2024H2", "2025H1"]))
def test_moving_there_and_back_is_the_same(code):
    to = Period.parse(code)
    text = "2023年上半年工作总结\n上半年，截至6月末，去年同期，今年以来。"
    there = text
    for one in reversed(moved(text, to)):
        there = there[: one.word.start] + (one.text or "") + there[one.word.end :]
    assert own_period(there) == to
    assert [one.text for one in moved(there, H1)] == [w.text for w in period_words(text)]


@pytest.mark.parametrize(
    ("text", "level", "wrong"),
    [
        ("全区组织工作会议，区委部署，区直单位。", "县", ["全区", "区委", "区直"]),
        ("社区党委、开发区管委会、小区支部、全省、市委。", "县", []),
        ("全县上下，县委部署。", "区", ["全县", "县委"]),
        ("全镇党员，全县一盘棋。", "乡", ["全镇"]),
        ("全区各单位。", "", []),
    ],
)
def test_level_words_that_contradict_the_settings(text, level, wrong):
    assert [one.text for one in contradictions(text, level)] == wrong


def test_contradictions_say_what_it_should_be():
    (one,) = contradictions("全区组织工作会议。", "县")
    assert (one.start, one.end, one.instead) == (0, 2, "全县")


def test_a_text_is_read_in_either_encoding():
    text = "全县党员*名。\n"
    assert texts.from_bytes("a.txt", text.encode("utf-8-sig")) == text
    assert texts.from_bytes("a.txt", text.encode("gb18030")) == text
    assert texts.from_bytes("a.txt", text.replace("\n", "\r\n").encode()) == text


def test_the_paragraphs_of_a_word_file_are_joined_by_line_ends():
    document = Document()
    for line in ("一、主要工作", "召开座谈会*次。"):
        document.add_paragraph(line)
    kept = BytesIO()
    document.save(kept)
    assert texts.from_bytes("a.docx", kept.getvalue()) == "一、主要工作\n召开座谈会*次。"


def test_what_cannot_be_read_is_refused_with_a_sentence():
    for name, data in (("a.doc", b""), ("a.docx", b"no"), ("a.txt", b"\xff\xff\xff")):
        with pytest.raises(texts.Unreadable, match=r"请|不是"):
            texts.from_bytes(name, data)


def test_headings_and_title():
    text = texts.parse(
        "县委组织部2023年工作总结\n一、主要工作\n（一）抓基层。一是建台账。二是强队伍。\n1.抓培训\n二、下步打算\n"
    )
    assert text.title is not None
    assert [(h.level, h.text) for h in text.headings] == [
        (1, "一、主要工作"),
        (2, "（一）抓基层"),
        (5, "一是建台账"),
        (5, "二是强队伍"),
        (3, "1.抓培训"),
        (1, "二、下步打算"),
    ]
    assert [h.level for h in text.headings_over(text.text.index("强队伍"))] == [1, 2, 5]
    assert texts.parse("2023年上半年，*委组织部坚持以习近平新时代中国特色社会主义思想为指导，认真贯彻落实。\n").title is None


def test_the_modules_say_what_they_offer():
    assert {wording.PLACE, wording.LEVEL, wording.SUPERIOR, wording.PARTNERS} == {PLACE, LEVEL, SUPERIOR, PARTNERS}
    assert set(moving.MOVES) >= {"half", "quarter", "months", "whole", "until"}
