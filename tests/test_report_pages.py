"""The pages of the reports: a text taken in, its slots decided on, the report read and proven."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from conftest import IMPORT_DAY
from tests.report_walk import HTMX, NUMBERS, OPEN_TEXT, SEED, adopt, branch_with_meetings, chips, page, there, write
from zugong.base.models import TrailEntry
from zugong.reports import actions, behind, deciding, frozen, reading, texts
from zugong.reports.models import AdoptedText, Report, Slot
from zugong.reports.producing import PUBLIC
from zugong.statistics.models import FrozenValue

MOST_QUERIES = {"text": 15, "report": 60}


# --- taking a text in


def test_pasted_words_are_taken_in_and_every_slot_stands_in_its_place(clerk):
    text = adopt(clerk)
    shown = page(clerk.get(reverse("reports:text", args=[text.pk])))
    slots = list(text.slots.values_list("number", "written"))
    assert [(n, w or "漏") for n, w in slots] == chips(shown)
    assert len(slots) == len(NUMBERS)
    assert "漏了数字" in shown
    assert shown.count("是否应为“全县”") >= 2
    assert shown.count('class="mark mark-name') == 7  # six names and one in the key
    assert "已确认 0" in shown


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_text_file_is_read_in_its_encoding(clerk, encoding):
    file = SimpleUploadedFile("上半年总结.txt", SEED.encode(encoding))
    shown = page(clerk.post(reverse("reports:adopt"), {"file": file}, follow=True))
    assert "已收下" in shown
    assert AdoptedText.objects.get().text == SEED
    assert len(chips(shown)) == len(NUMBERS)


def test_a_word_file_is_read(clerk):
    document = Document()
    for line in SEED.split("\n"):
        document.add_paragraph(line)
    held = io.BytesIO()
    document.save(held)
    answer = clerk.post(reverse("reports:adopt"), {"file": SimpleUploadedFile("总结.docx", held.getvalue())}, follow=True)
    assert len(chips(page(answer))) == len(NUMBERS)
    assert AdoptedText.objects.get().name == "总结"


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("总结.doc", b"\xd0\xcf\x11\xe0", "另存为 .docx"),
        ("总结.docx", b"PK no", "不是完好的 .docx"),
        ("总结.txt", b"\x81\xff\xff\x00", "既不是 UTF-8 也不是 GB18030"),
        ("总结.txt", b"a\x00b", "里面不是文字"),
        ("空.txt", b"\n ", "没有读到文字"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(clerk, name, data, why):
    answer = clerk.post(reverse("reports:adopt"), {"file": SimpleUploadedFile(name, data)})
    assert why in page(answer)
    assert not AdoptedText.objects.exists()


def test_one_way_of_two_is_asked_for_and_what_was_pasted_stays(clerk):
    assert "请选一个文件" in page(clerk.post(reverse("reports:adopt"), {"pasted": " "}))
    both = {"pasted": "走访调研30次。", "file": SimpleUploadedFile("a.txt", b"x")}
    shown = page(clerk.post(reverse("reports:adopt"), both))
    assert "只用一样" in shown
    assert "走访调研30次。</textarea>" in shown


def test_the_same_text_is_opened_again_and_may_be_changed_into_another(clerk):
    text = adopt(clerk)
    again = clerk.post(reverse("reports:adopt"), {"pasted": SEED.replace("\n", "\r\n")}, follow=True)
    assert "以前收过" in page(again)
    assert "全区组织工作会议" in page(clerk.get(reverse("reports:adopt"), {"of": text.pk}))
    other = adopt(clerk, SEED.replace("全区", "全县"))
    assert other != text
    assert "层级不符" not in page(clerk.get(reverse("reports:text", args=[other.pk])))


def test_an_empty_room_says_how_a_report_comes_about(clerk):
    shown = page(clerk.get(reverse("reports:list")))
    assert "还没有报告" in shown
    assert reverse("reports:adopt") in shown


def test_texts_and_reports_are_listed_with_their_state(clerk, head):
    report = write(clerk)
    shown = page(clerk.get(reverse("reports:list")))
    assert "草稿" in shown
    assert "2023年上半年工作总结" in shown
    assert f"{len(NUMBERS)} 处" in shown
    head.post(reverse("reports:submit", args=[report.pk]))
    assert "已报送" in page(head.get(reverse("reports:list")))


# --- deciding


def test_confirming_leads_to_the_next_slot_in_place(clerk):
    text = adopt(clerk)
    answer = clerk.post(reverse("reports:bind", args=[text.pk, 1]), headers=HTMX)
    shown = page(answer)
    assert text.slots.get(number=1).decided_by == clerk.user.username
    assert 'data-slot="2"' in shown
    assert re.search(r'class="fig fig-done" id="slot-1"[^>]*hx-swap-oob="true"', shown)
    assert "<html" not in shown
    for number in range(2, len(NUMBERS) + 1):
        shown = page(clerk.post(reverse("reports:bind", args=[text.pk, number]), headers=HTMX))
    assert "都已确认" in shown
    assert not text.slots.filter(decided_by="").exists()


def test_a_slot_is_bound_otherwise_with_values_to_choose_from(clerk):
    text = adopt(clerk, "2023年上半年，举办板凳课堂46期。")
    there = reverse("reports:text", args=[text.pk])
    shown = page(clerk.get(there, {"slot": 1, "figure": "training.classes"}, headers=HTMX))
    assert 'name="facet-kind" value="专项培训"' in shown
    sent = {"figure": "training.classes", "facet-kind": ["专项培训"], "words-kind": "", "time": "flow"}
    clerk.post(reverse("reports:bind", args=[text.pk, 1]), sent, headers=HTMX)
    slot = text.slots.get()
    assert (slot.figure, slot.facets, slot.time) == ("training.classes", {"kind": ["专项培训"]}, "flow")
    refused = {"figure": "training.classes", "words-kind": "板凳课堂", "time": "flow"}
    shown = page(clerk.post(reverse("reports:bind", args=[text.pk, 1]), refused, headers=HTMX))
    assert "没有“板凳课堂”，没有改动" in shown
    assert text.slots.get().facets == {"kind": ["专项培训"]}


def test_figures_are_found_by_their_other_names_and_by_the_measure_word():
    assert "talents.introduced" in [one.id for one in deciding.figures_found("招引", "名")]
    assert deciding.figures_found("发展党员", "名")[0].id == "people.members_developed"
    assert {one.unit for one in deciding.figures_found("", "篇")} == {"篇"}
    assert deciding.figures_found("没有这样的东西", "名") == []


def test_a_slot_may_have_no_figure(clerk):
    text = adopt(clerk, "2023年上半年，走访调研30次。")
    clerk.post(reverse("reports:bind", args=[text.pk, 1]), {"figure": "other"})
    assert text.slots.get().figure == "other"
    assert "没有指标可接" in page(clerk.get(reverse("reports:text", args=[text.pk]), {"slot": 1}))


# --- reading the report


def test_the_report_reads_as_expected_and_every_number_opens(clerk):
    report = write(clerk)
    shown = page(clerk.get(there(report)))
    assert [words for _, words in chips(shown)] == [str(number) for number in NUMBERS]
    assert "中共云溪县委组织部2023年上半年工作总结" in shown
    behind_it = page(clerk.get(there(report), {"slot": 2}, headers=HTMX))
    for words in ("期间内引进的人", "急需紧缺人才", "2022年下半年", "去年同期", "2023年6月30日", "18 行"):
        assert words in behind_it
    rows = re.findall(r'<li><a href="(/talents/introductions/\d+/)">', behind_it)
    assert len(rows) == 18
    assert clerk.get(rows[0]).status_code == 200


def test_a_figure_with_many_rows_shows_the_first_and_leads_to_all(clerk):
    report = write(clerk, "截至2023年6月末，党员1600名。2023年上半年，走访调研30次。")
    shown = page(clerk.get(there(report), {"slot": 1}))
    assert shown.count('<li><a href="/people/') == behind.ROWS
    assert "还有 1,634 行" in shown
    assert '<a href="/statistics/people.party_members/?period=2023H1' in shown or "数据依据" in shown


def test_a_reader_sees_their_own_rows_and_the_difference(clerk, door):
    report = write(clerk, "2023年上半年，召开主题党日30次。")
    question = frozen.standing(report, frozen.frame_of_report(report), "internal").slots[0].question
    whole = behind.rows_of(question, clerk.user)
    own = behind.rows_of(question, door("branch", branch_with_meetings()).user)
    assert (whole.hidden, len(whole.lines)) == (0, behind.ROWS)
    assert own.total == whole.total
    assert 0 < own.total - own.hidden < whole.total


def test_what_is_open_is_said_and_keeps_the_report_in_the_house(clerk, head):
    report = write(clerk, OPEN_TEXT)
    shown = page(head.get(there(report)))
    assert "【缺数】" in dict(chips(shown)).values()
    assert "1 处没有着落" in shown
    before = TrailEntry.objects.count()
    answer = head.post(reverse("reports:submit", args=[report.pk]))
    assert answer.status_code == 409
    assert "没有报送" in page(answer)
    report.refresh_from_db()
    assert report.state == "draft"
    assert not FrozenValue.objects.exists()
    assert TrailEntry.objects.count() == before
    blocked = head.post(reverse("reports:word", args=[report.pk]), {"rendition": "submitted"}, follow=True)
    assert "报送版的 Word 还不能出" in page(blocked)


def test_a_number_by_hand_needs_a_reason_and_is_marked(clerk):
    report = write(clerk, OPEN_TEXT)
    by_hand = reverse("reports:number", args=[report.pk, 1])
    assert "“理由”还没有填" in page(clerk.post(by_hand, {"value": "83"}))
    assert "不是数字" in page(clerk.post(by_hand, {"value": "很多", "reason": "人才科电话核实"}))
    assert not report.replacements.exists()
    shown = page(clerk.post(by_hand, {"value": "83", "reason": "人才科电话核实"}, follow=True))
    assert 'class="fig fig-typed" id="slot-1"' in shown
    assert "人才科电话核实（office-all）" in shown
    shown = page(clerk.post(reverse("reports:withdraw", args=[report.pk, 1]), follow=True))
    assert "【缺数】" in dict(chips(shown)).values()


def test_a_masked_name_nobody_knows_is_pointed_out(clerk):
    shown = page(clerk.get(there(write(clerk, "2023年上半年，走访调研30次。×××同志获评优秀。"))))
    assert "名称未填" in shown
    assert "【待填】" in shown


def test_another_period_makes_another_draft_and_leaves_this_one(clerk):
    report = write(clerk)
    shown = page(clerk.get(there(report), {"period": "2022"}))
    assert "用同一份底稿写2022年的" in shown
    assert [words for _, words in chips(shown)] == [str(number) for number in NUMBERS]
    other = write(clerk, period="2022")
    assert other != report
    assert write(clerk) == report
    clerk.post(reverse("reports:draft", args=[report.text_id]), {"period": "去年"})
    assert Report.objects.count() == 2


def test_a_draft_begun_earlier_can_be_seen_from_today(clerk, operator):
    report = write(clerk)
    early = frozen.frame_of(report.period, IMPORT_DAY.replace(year=2023, month=5, day=31))
    actions.draft(by=operator, on=IMPORT_DAY, text=report.text, frame=early)
    assert "改为截至 2023-06-30" in page(clerk.get(there(report)))
    clerk.post(reverse("reports:day", args=[report.pk]))
    assert "改为截至" not in page(clerk.get(there(report)))


# --- what a page costs, and how it is laid out


def test_pages_ask_few_questions(clerk, django_assert_max_num_queries):
    report = write(clerk)
    text = reverse("reports:text", args=[report.text_id])
    for address, query, most in (
        (text, {}, MOST_QUERIES["text"]),
        (text, {"slot": 5}, MOST_QUERIES["text"]),
        (there(report), {}, MOST_QUERIES["report"]),
        (there(report), {"slot": 2}, MOST_QUERIES["report"]),
        (there(report), {"rendition": PUBLIC}, MOST_QUERIES["report"]),
        (reverse("reports:list"), {}, 12),
    ):
        clerk.get(address, query)
        with django_assert_max_num_queries(most):
            assert clerk.get(address, query).status_code == 200


def test_the_cost_does_not_grow_with_the_words(clerk):
    counts = []
    for words in ("走访调研30次。", "走访调研30次。" + "认真贯彻落实。" * 2000):
        report = write(clerk, f"2023年上半年，{words}")
        clerk.get(there(report))
        with CaptureQueriesContext(connection) as asked:
            clerk.get(there(report))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_no_words_are_lost_or_added_when_a_text_is_laid_out():
    structure = texts.parse(SEED)
    marks = [reading.Mark(m.start(), m.end(), reading.SLOT, m[0]) for m in re.finditer(r"\*", SEED)]
    blocks = reading.laid_out(structure, marks)
    words = "\n".join("".join(run.text for run in block.runs) for block in blocks)
    assert words == "\n".join(p.text.strip() for p in structure.paragraphs)
    assert [block.level for block in blocks if block.level] == [1, 1, 1]


def test_of_two_marks_at_one_place_the_figure_stands():
    marks = [reading.Mark(0, 3, reading.PERIOD, "甲乙丙"), reading.Mark(1, 2, reading.SLOT, "乙", 1)]
    runs = reading.laid_out(texts.parse("甲乙丙丁"), marks)[0].runs
    assert [(run.text, bool(run.mark)) for run in runs] == [("甲", False), ("乙", True), ("丙丁", False)]


def test_a_slot_is_of_its_own_text_only(clerk):
    text = adopt(clerk)
    other = adopt(clerk, OPEN_TEXT)
    assert clerk.post(reverse("reports:bind", args=[other.pk, 9])).status_code == 404
    assert Slot.objects.filter(decided_by="").count() == text.slots.count() + other.slots.count()
