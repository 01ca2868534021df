"""What leaves the reports' room: the public rendition, Word and evidence, the submitted report; and who may."""

from __future__ import annotations

import io
import json
import re
from urllib.parse import unquote

import pytest
from django.core.management import call_command
from django.urls import reverse
from docx import Document
from python_calamine import CalamineWorkbook

from conftest import IMPORT_DAY
from tests.report_walk import EXPECTED, HTMX, NUMBERS, SEED, branch_with_meetings, chips, page, there, write
from zugong.base import exports
from zugong.base.models import ExportRequest, TrailEntry
from zugong.desk.clock import today
from zugong.reports import actions, frozen, texts
from zugong.reports.models import AdoptedText, Report, ReportState
from zugong.reports.producing import PUBLIC, RENDITIONS
from zugong.statistics.models import FrozenValue
from zugong.talents.actions import edit_introduction
from zugong.talents.models import Introduction

# --- the public rendition


def test_the_public_page_holds_no_count_and_no_name(clerk, operator):
    words = (
        "云溪县委组织部2022年上半年工作总结\n2022年上半年，*委组织部为云溪县服务。党员4321名，其中预备党员765名。\n"
        "走访调研六十二次，引进急需紧缺人才*名，办理人才服务事项12件，与*等部门联学共建。"
    )
    report = write(clerk, words)
    number = report.text.slots.get(figure="talents.services").number
    clerk.post(reverse("reports:number", args=[report.pk, number]), {"value": "98765", "reason": "电话核实秘密理由"})
    inside = page(clerk.get(there(report)))
    assert all(told in inside for told in ("1654", "98765", "云溪县"))
    shown = page(clerk.get(there(report), {"rendition": PUBLIC, "slot": number}))
    shown = re.sub(r'csrfmiddlewaretoken" value="[^"]*"|X-CSRFToken": "[^"]*"', "", shown)
    names = EXPECTED["joint_study_partner_units"]
    for told in ("云溪", "4321", "765", "六十二", "1654", "130", "98765", "电话核实", "缺数", "people.", "office-all", *names):
        assert told not in shown, told
    assert "党员*名，其中预备党员*名" in shown
    assert not re.search(r"\d+[名次件个]", shown)
    assert "data-slot" not in shown


def test_the_public_page_of_the_reference_text_shows_masks_where_the_text_had_them(clerk):
    shown = page(clerk.get(there(write(clerk)), {"rendition": PUBLIC}))
    assert "形成了调研报告*篇" in shown
    assert "到*工作和创业" in shown
    assert "云溪" not in shown
    assert not chips(shown)


def test_the_public_page_of_a_submitted_report_is_masked_too(clerk, head):
    report = write(clerk)
    head.post(reverse("reports:submit", args=[report.pk]))
    shown = page(head.get(there(report), {"rendition": PUBLIC}))
    assert "引进急需紧缺人才*名" in shown
    assert "云溪" not in shown


# --- handing out


@pytest.mark.parametrize("rendition", RENDITIONS)
def test_the_word_paper_of_each_rendition_is_an_attachment_with_a_chinese_name(clerk, rendition):
    report = write(clerk)
    answer = clerk.post(reverse("reports:word", args=[report.pk]), {"rendition": rendition})
    assert answer["Content-Disposition"].startswith("attachment")
    assert RENDITIONS[rendition] in unquote(answer["Content-Disposition"])
    words = "".join(p.text for p in Document(io.BytesIO(b"".join(answer.streaming_content))).paragraphs)
    assert ("引进急需紧缺人才18名" in words) == (rendition != PUBLIC)
    assert ("云溪" in words) == (rendition != PUBLIC)
    noted = TrailEntry.objects.order_by("-number").first()
    assert noted.subject == report.key
    assert RENDITIONS[rendition] in json.loads(noted.values)["filters"]["文件"]


def test_the_evidence_workbook_has_a_sheet_for_each_figure_and_never_goes_with_the_public_one(clerk):
    report = write(clerk)
    answer = clerk.post(reverse("reports:evidence", args=[report.pk]))
    assert "数据依据" in unquote(answer["Content-Disposition"])
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    assert len(book.sheet_names) == 1 + len(NUMBERS)
    assert TrailEntry.objects.order_by("-number").first().verb.endswith("record_export")
    refused = clerk.post(reverse("reports:evidence", args=[report.pk]), {"rendition": PUBLIC}, follow=True)
    assert "公开版不能附数据依据" in page(refused)


# --- leaving the house


def test_a_submitted_report_keeps_its_words_and_says_where_the_records_have_changed(clerk, head, operator):
    report = write(clerk)
    assert "一起定格" in page(head.get(reverse("reports:submit", args=[report.pk])))
    shown = page(head.post(reverse("reports:submit", args=[report.pk]), follow=True))
    assert "已报送" in shown
    assert "台账已变" not in shown
    one = Introduction.objects.get(pk=FrozenValue.objects.all()[1].rows.split("\n")[0].partition(":")[2])
    edit_introduction(by=operator, on=IMPORT_DAY, introduction=one, changes={"introduced_on": IMPORT_DAY.replace(year=2022)})
    shown = page(head.get(there(report)))
    assert [words for _, words in chips(shown)] == [str(number) for number in NUMBERS]
    assert "报送时是 18，现在台账里是 17" in shown
    assert "18 行" in page(head.get(there(report), {"slot": 2}, headers=HTMX))
    answer = head.post(reverse("reports:word", args=[report.pk]), {"rendition": "submitted"})
    words = "".join(p.text for p in Document(io.BytesIO(b"".join(answer.streaming_content))).paragraphs)
    assert "引进急需紧缺人才18名" in words
    assert "引进急需紧缺人才*名" in page(head.get(there(report), {"rendition": PUBLIC}))
    assert head.get(reverse("reports:submit", args=[report.pk])).url == there(report)


def test_the_places_of_a_submitted_text_are_given_up_rather_than_guessed(clerk, operator):
    report = write(clerk)
    made = frozen.standing(report, frozen.frame_of_report(report), "submitted")
    pieces = [*made.slots, *made.names, *made.periods]
    places = frozen.places_in(texts.parse(SEED), pieces, made.title, made.text)
    assert {s.start: (s.out_start, s.out_end) for s in made.slots}.items() <= places.items()
    assert frozen.places_in(texts.parse(SEED), pieces, made.title, made.text.replace("现将有关情况", "现把有关情况")) == {}


# --- who may


def test_the_office_writes_but_does_not_submit(clerk):
    report = write(clerk)
    assert reverse("reports:submit", args=[report.pk]) not in page(clerk.get(there(report)))
    assert clerk.post(reverse("reports:submit", args=[report.pk])).status_code == 403
    report.refresh_from_db()
    assert report.state == "draft"


@pytest.mark.parametrize("role", ["branch", "auditor", "system_administrator"])
def test_others_see_nothing_of_it(clerk, door, role):
    report, who = write(clerk), door(role)
    for name, args in (("list", []), ("text", [report.text_id]), ("report", [report.pk]), ("adopt", [])):
        assert who.get(reverse(f"reports:{name}", args=args)).status_code in (403, 404)
    for name in ("word", "evidence"):
        assert who.post(reverse(f"reports:{name}", args=[report.pk])).status_code in (403, 404)


def test_a_part_of_the_house_sees_no_report_of_the_whole(clerk, door):
    report, who = write(clerk), door("office", branch_with_meetings())
    assert who.get(there(report)).status_code == 404
    assert "这里看不到报告" in page(who.get(reverse("reports:list")))


def test_a_slot_bound_otherwise_after_the_report_left_does_not_change_what_left(clerk, head, operator):
    report = write(clerk)
    head.post(reverse("reports:submit", args=[report.pk]))
    slot = report.text.slots.get(number=1)
    actions.bind(by=operator, on=IMPORT_DAY, slot=slot, figure="visits.made", facets={})
    shown = page(head.get(there(report)))
    assert [words for _, words in chips(shown)] == [str(number) for number in NUMBERS]
    assert "后来改接了别的指标" in page(head.get(there(report), {"slot": 1}, headers=HTMX))
    answer = head.post(reverse("reports:evidence", args=[report.pk]))
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    assert len(book.sheet_names) == len(NUMBERS)


def test_whoever_takes_a_batch_back_is_told_which_submitted_reports_rest_on_it(yunxi, clerk, head):
    undo = reverse("intake:undo", args=[yunxi])
    report = write(clerk)
    assert "已报送的报告" not in page(clerk.get(undo))
    head.post(reverse("reports:submit", args=[report.pk]))
    report.refresh_from_db()
    assert f"《{report.title}》" in page(clerk.get(undo))


# --- on the command line


def told_to(name, **options):
    """Run a command in this process; its exit code."""
    try:
        call_command(name, **options)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@pytest.fixture
def wanted(yunxi, account, tmp_path):
    """What the report command is told, for a text of which every number is proven."""
    template = tmp_path / "稿.txt"
    template.write_text("2023年上半年，全县党员4321名。", "utf-8")
    return {"template": str(template), "period": "2023H1", "out": str(tmp_path / "r.docx"), "account": account("head").username}


def test_a_scope_out_of_reach_is_refused_before_the_text_is_taken(wanted):
    before = AdoptedText.objects.count()
    assert told_to("report", **wanted, scope="没有的代码") != 0
    assert AdoptedText.objects.count() == before


def test_where_the_evidence_may_not_leave_nothing_is_submitted(wanted, account, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(exports, "allowance", lambda holds, on: 10)
    say = {**wanted, "rendition": "submitted", "evidence": str(tmp_path / "e.xlsx")}
    assert told_to("report", **say, purpose="报市委组织部") == 1
    assert "已向部领导提出申请" in capsys.readouterr().err
    assert Report.objects.get().state == ReportState.DRAFT
    assert not FrozenValue.objects.exists()
    assert list(tmp_path.glob("*.docx")) + list(tmp_path.glob("*.xlsx")) == []
    assert not TrailEntry.objects.filter(verb="reports:submit").exists()
    exports.agree_export(by=account("head", username="another"), on=today(), request=ExportRequest.objects.get())
    assert told_to("report", **say) == 0, "the same command again, once it was agreed to"
    assert Report.objects.get().state == ReportState.SUBMITTED
    assert len([*tmp_path.glob("*.docx"), *tmp_path.glob("*.xlsx")]) == 2
