"""Reports from adopted texts: filled, open, masked, moved, submitted and frozen."""

from __future__ import annotations

import pytest
from docx import Document

from conftest import IMPORT_DAY, ROOT
from zugong.base import department
from zugong.base.rules import NotAllowed, Refused
from zugong.reports import actions, paper, texts, word
from zugong.reports.actions import NotSubmitted
from zugong.reports.models import AdoptedText, Replacement, Report
from zugong.reports.producing import INTERNAL, PUBLIC, SUBMITTED
from zugong.statistics.frames import frame_of
from zugong.statistics.models import FrozenValue

DAY = IMPORT_DAY
SEED = texts.read(ROOT / "examples/2023H1-work-report.txt")
EXPECTED = [5, 18, 9, 30, 13, 30, 5, 12, 3, 1, 16]


@pytest.fixture
def told(yunxi, operator):
    department.settle(by=operator, on=DAY, values={"department": "中共云溪县委组织部"})
    return operator


def begin(by, text: str, period: str = "2023H1") -> tuple[Report, object]:
    """A draft of a text for a period, and its frame."""
    adopted = actions.adopt(by=by, on=DAY, name="稿子", text=text)
    frame = frame_of(period, DAY)
    return actions.draft(by=by, on=DAY, text=adopted, frame=frame), frame


def make(by, text: str, period: str = "2023H1", rendition: str = INTERNAL):
    report, frame = begin(by, text, period)
    return actions.produced(report, frame, rendition)


def test_the_reference_text_comes_out_with_all_its_figures(told):
    made = make(told, SEED)
    assert [slot.answer.value for slot in made.slots] == EXPECTED
    assert made.open_slots == []
    assert made.title == "中共云溪县委组织部2023年上半年工作总结"
    assert "形成了调研报告1篇" in made.text
    assert "到云溪县工作和创业" in made.text
    assert "全省、全市组织部长会议" in made.text
    assert "对全县人才工作进行调研" in made.text
    assert any("漏了数字" in remark and "调研报告篇" in remark for remark in made.remarks)
    assert any("全区" in remark and "全县" in remark for remark in made.remarks)


def test_each_piece_stands_where_it_says(told):
    made = make(told, SEED)
    for slot in made.slots:
        assert made.text[slot.out_start : slot.out_end] == slot.text
        assert SEED[slot.start : slot.end] == slot.written
    for put in (*made.names, *made.periods):
        assert made.text[put.out_start : put.out_end].lstrip("、") == put.text


def test_two_runs_are_the_same_to_the_byte(told, tmp_path):
    first, second = make(told, SEED), make(told, SEED)
    assert first.text.encode() == second.text.encode()
    for number, made in enumerate((first, second)):
        word.write(paper.paper(made, DAY, INTERNAL), tmp_path / f"{number}.docx", paper.fonts())
    assert (tmp_path / "0.docx").read_bytes() == (tmp_path / "1.docx").read_bytes()


def test_the_next_half_year_moves_its_period_words(told):
    made = make(told, SEED, "2023H2")
    assert made.title.endswith("2023年下半年工作总结")
    assert made.text.count("今年下半年") == 2
    assert "今年上半年" not in made.text
    assert "明年上半年工作计划" in made.text


def test_the_public_rendition_masks_every_count_and_name_again(told):
    made = make(told, SEED, rendition=PUBLIC)
    for slot in made.slots:
        assert made.text[slot.out_start : slot.out_end] == "*"
    for name in made.names:
        assert made.text[name.out_start : name.out_end] == "*"
    assert "形成了调研报告*篇" in made.text
    assert "云溪" not in made.title + made.text


def test_the_public_rendition_masks_the_place_where_it_stands_in_plain_words_too(told):
    made = make(told, "2023年上半年，云溪县各支部走访调研3次，云溪县委办也走访1次。", rendition=PUBLIC)
    assert made.text.split("\n", 1)[1] == "2023年上半年，*各支部走访调研*次，*委办也走访*次。"
    for piece in (*made.slots, *made.names):
        assert made.text[piece.out_start : piece.out_end] == "*"


def test_a_figure_without_data_stays_open_and_keeps_the_report_from_being_submitted(told):
    report, frame = begin(told, "2023年上半年，办理人才服务事项12件，走访调研30次。")
    made = actions.produced(report, frame, INTERNAL)
    assert made.text.endswith("办理人才服务事项【缺数】件，走访调研70次。")
    with pytest.raises(NotSubmitted, match="缺数"):
        actions.submit(by=told, on=DAY, report=report, frame=frame)
    report.refresh_from_db()
    assert report.state == "draft"
    assert not FrozenValue.objects.filter(taken_for=report.key).exists()


def test_words_that_name_no_value_are_undecided_and_never_dropped(told):
    made = make(told, "2023年上半年，举办板凳课堂46期。")
    assert [slot.answer.status.value for slot in made.slots] == ["待定"]
    assert "46" not in made.text


def test_what_has_no_figure_is_unfounded(told):
    made = make(told, "2023年上半年，村级集体经营性收入1,265.4万元，同比增长12%。")
    assert {slot.answer.status.value for slot in made.slots} == {"无据"}
    assert "1,265.4" not in made.text


def test_a_hand_written_number_needs_a_reason_and_is_shown(told):
    report, frame = begin(told, "2023年上半年，办理人才服务事项12件。")
    slot = report.text.slots.get()
    with pytest.raises(Refused, match="理由"):
        actions.replace_number(by=told, on=DAY, report=report, slot=slot, value="83", reason="")
    with pytest.raises(Refused, match="不是数字"):
        actions.replace_number(by=told, on=DAY, report=report, slot=slot, value="很多", reason="人才科电话核实")
    actions.replace_number(by=told, on=DAY, report=report, slot=slot, value="83", reason="人才科电话核实")
    made = actions.produced(report, frame, INTERNAL)
    assert "事项83件" in made.text
    assert any("手填" in remark and "人才科电话核实" in remark for remark in made.remarks)
    actions.submit(by=told, on=DAY, report=report, frame=frame)
    with pytest.raises(Refused, match="已经报送"):
        actions.withdraw_number(by=told, on=DAY, replacement=Replacement.objects.get())


def test_a_submitted_report_is_frozen_with_its_rows(told):
    report, frame = begin(told, SEED)
    actions.submit(by=told, on=DAY, report=report, frame=frame)
    report.refresh_from_db()
    assert report.state == "submitted"
    assert "18名" in report.produced
    frozen = list(FrozenValue.objects.filter(taken_for=report.key).order_by("pk"))
    assert [one.value for one in frozen] == EXPECTED
    assert len(frozen[1].rows.splitlines()) == 18
    assert all(key.startswith("talents.introduction:") for key in frozen[1].rows.splitlines())


def test_a_report_read_before_it_was_submitted_cannot_be_changed_after(told):
    report, frame = begin(told, "2023年上半年，办理人才服务事项12件，走访调研30次。")
    slot, stale = report.text.slots.first(), Report.objects.select_related("text").get(pk=report.pk)
    actions.replace_number(by=told, on=DAY, report=report, slot=slot, value="83", reason="人才科电话核实")
    actions.submit(by=told, on=DAY, report=report, frame=frame)
    with pytest.raises(Refused, match="已经报送"):
        actions.replace_number(by=told, on=DAY, report=stale, slot=slot, value="999", reason="想起来了")
    assert Replacement.objects.get().value == "83"


def test_the_office_writes_and_the_head_submits(told, account):
    office, head = account("office"), account("head")
    report, frame = begin(office, SEED)
    with pytest.raises(NotAllowed):
        actions.submit(by=office, on=DAY, report=report, frame=frame)
    actions.submit(by=head, on=DAY, report=report, frame=frame)


def test_a_policy_may_show_a_whole_but_never_lets_a_masked_part_follow(told):
    text = "2023年上半年，现有党员1600名，其中预备党员100名。引进急需紧缺人才20名，其中硕士研究生10名。"
    department.settle(by=told, on=DAY, values={"public_shows": "people.party_members:total"})
    made = make(told, text, rendition=PUBLIC)
    assert "党员1654名，其中预备党员*名" in made.text
    assert "人才*名，其中硕士研究生*名" in made.text


def test_what_is_counted_out_of_another_figure_is_a_part_of_it(told):
    text = "2023年上半年，召开会议9次，其中联学共建7次、其他会议2次。"
    department.settle(by=told, on=DAY, values={"public_shows": "meetings.held:total,meetings.joint_study"})
    made = make(told, text, rendition=PUBLIC)
    assert [slot.figure for slot in made.slots][:2] == ["meetings.held", "meetings.joint_study"]
    assert "会议1383次，其中联学共建*次、其他会议*次" in made.text


@pytest.mark.parametrize(
    ("written", "shown"),
    [("*", "70"), ("30", "70"), ("三十", "70"), ("1,030", "70"), ("（ ）", "70"), ("XX", "70")],
)
def test_a_value_is_written_as_the_slot_was(told, written, shown):
    assert f"走访调研{shown}次" in make(told, f"2023年上半年，部领导走访调研{written}次。").text


def test_up_to_ten_chinese_numerals_stay_chinese(told):
    text = "2023年上半年，召开人才工作领导小组成员单位座谈会五次，组建两个督导组列席民主生活会。"
    assert "座谈会三次" in make(told, text).text


def test_an_earlier_period_is_counted_in_that_period(told):
    made = make(told, "2023年上半年，业务大讲堂30次，去年同期业务大讲堂12次。")
    assert [(slot.prior, slot.question.frame.period.code) for slot in made.slots] == [(False, "2023H1"), (True, "2022H1")]


def test_a_plan_is_no_count_of_what_happened(told):
    made = make(told, "中共云溪县委组织部2023年上半年工作总结\n三、下半年工作计划\n下半年力争引进急需紧缺人才60名。")
    assert [slot.answer.status.value for slot in made.slots] == ["无据"]


def test_the_same_text_is_adopted_once(told):
    first = actions.adopt(by=told, on=DAY, name="甲", text=SEED)
    second = actions.adopt(by=told, on=DAY, name="乙", text=SEED.replace("\n", "\r\n"))
    assert first == second
    assert AdoptedText.objects.filter(digest=first.digest).count() == 1


def test_a_slot_can_be_bound_otherwise_and_nonsense_is_refused(told):
    report, frame = begin(told, "2023年上半年，举办板凳课堂46期。")
    slot = report.text.slots.get()
    with pytest.raises(Refused, match="没有“magic”这个指标"):
        actions.bind(by=told, on=DAY, slot=slot, figure="magic", facets={})
    with pytest.raises(Refused, match="没有“板凳课堂”"):
        actions.bind(by=told, on=DAY, slot=slot, figure="training.classes", facets={"kind": ["板凳课堂"]})
    actions.bind(by=told, on=DAY, slot=slot, figure="training.classes", facets={"kind": ["专项培训"]})
    assert actions.produced(report, frame, INTERNAL).slots[0].answer.value == 12


def test_word_has_every_paragraph_and_only_the_internal_one_marks_what_is_open(told, tmp_path):
    text = "2023年上半年，办理人才服务事项12件。\n一、重点工作\n（一）强基础。走访调研30次。"
    for rendition, highlighted in ((INTERNAL, True), (SUBMITTED, False)):
        path = tmp_path / f"{rendition}.docx"
        word.write(paper.paper(make(told, text, rendition=rendition), DAY, rendition), path, paper.fonts())
        document = Document(str(path))
        words = "".join(p.text for p in document.paragraphs)
        assert "走访调研70次" in words
        runs = [r for p in document.paragraphs for r in p.runs if "缺数" in r.text]
        assert bool(runs and runs[0].font.highlight_color) == highlighted
