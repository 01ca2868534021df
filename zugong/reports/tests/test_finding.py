"""Slots are found as the labelling guide says, and look-alikes left alone."""

from __future__ import annotations

from itertools import pairwise

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from zugong.reports import finding, texts
from zugong.reports.finding import find, find_slots
from zugong.reports.tests.marked import CASES, SHARED, Measure, labelled, measure, unmarked

SENTENCES = yaml.safe_load((CASES / "slots.yaml").read_text("utf-8"))
REPORTS = sorted(CASES.glob("*.txt"))
DEV = sorted((SHARED / "reports/dev").glob("*.json"))
SEED = SHARED / "seed/2023H1-work-report.txt"
TRICKY = "一二两三十百*×X_（） 　0123456789,.，。、；：\n个名次场篇期条人件%万元党员干部会培训报告第每不少于“”年月日"


@pytest.mark.parametrize("about", SENTENCES)
def test_every_line_of_the_guide(about):
    told = Measure()
    for line in SENTENCES[about]:
        text, wanted = unmarked(line)
        measure(text, wanted, told)
    assert not [f for f in told.failures if f.startswith(("missed", "extra"))]


@pytest.mark.parametrize("path", REPORTS, ids=lambda p: p.stem)
def test_our_own_reports(path):
    told = measure(*unmarked(path.read_text("utf-8")))
    assert told.f1 >= 0.98, told.failures


@pytest.mark.skipif(not DEV, reason="../shared is not here")
@pytest.mark.parametrize("path", DEV, ids=lambda p: p.stem)
def test_the_labelled_reports(path):
    told = measure(*labelled(path))
    assert told.f1 >= 0.97, told.failures


@pytest.mark.skipif(not SEED.exists(), reason="../shared is not here")
def test_the_reference_text_has_eleven_counts():
    slots = find_slots(texts.read(SEED))
    assert [(s.state, s.unit) for s in slots] == [("mask", u) for u in "次名名名次次名个次"] + [
        ("deleted", "篇"),
        ("mask", "名"),
    ]


def test_the_span_is_the_number_alone():
    slots = find_slots("阅读12.6万次，党员8,1 26名，问题（ ）项，资金86.5万元，两千三百余人次听课")
    assert [(s.text, s.unit, s.value) for s in slots[:4]] == [
        ("12.6万", "次", 126_000),
        ("8,1 26", "名", 8126),
        ("（ ）", "项", None),
        ("86.5", "万元", 86.5),
    ]


def test_a_lost_number_has_no_width_and_stands_before_its_unit():
    text = "形成了调研报告  篇，报政府作为决策参考。"
    (slot,) = find_slots(text)
    assert (slot.state, slot.start, slot.end, text[slot.end]) == ("deleted", slot.end, slot.end, "篇")


def test_a_mask_before_ten_thousand_belongs_to_the_unit():
    (slot,) = find_slots("公众号总阅读量*万次。")
    assert (slot.text, slot.unit, slot.state) == ("*", "万次", "mask")


def test_what_is_left_alone_says_why():
    refused = find("党课每季度不少于1次，35岁以下干部，第3次会议，“五个一”活动。")[1]
    assert {r.text: r.why for r in refused if r.text in ("1次", "35岁", "3次")}.keys() == {"1次", "35岁", "3次"}
    assert all(r.why for r in refused)


@given(st.text(alphabet=TRICKY, max_size=120))
def test_any_text_gives_ordered_slots_that_do_not_overlap(text):
    slots = find_slots(text)
    assert all(text[s.start : s.end] == s.text and s.start <= s.end <= s.unit_end for s in slots)
    assert all(a.end <= b.start for a, b in pairwise(slots))


@given(st.integers(1, 99_999), st.sampled_from(("{:,}", "{}", "* *", "（ ）", "XX", "____", "□□", "…")))
def test_whatever_stands_in_the_place_of_a_number_is_found(number, written):
    shown = written.format(number) if "{" in written else written
    text = f"全年走访企业{shown}家，收集意见建议{shown}条；选派{shown}名干部到乡镇挂职。"
    assert [s.text for s in find_slots(text)] == [shown] * 3


@given(
    st.sampled_from(
        ("第{}次全会", "{}年以来", "{}岁以下", "每年不少于{}次", "第{}期", "〔2024〕{}号", "为期{}天", "最高{}万元")
    )
)
def test_no_number_inside_these_is_a_slot(shape):
    assert find_slots(f"会议强调，{shape.format(12)}，要认真落实。") == []


def test_a_slot_can_be_asked_for_by_its_offset():
    slots = find_slots("党员120名，党课12次。")
    assert finding.slot_at(slots, 3) == slots[0]
    assert finding.slot_at(slots, 0) is None
