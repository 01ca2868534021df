"""The problems and the plan of a report: read, tied to records, written from the registers, frozen with what they quoted."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
import report_walk
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from conftest import ROOT
from tests.test_report_pages import MOST_QUERIES
from zugong.base import department
from zugong.base.records import writing_allowed
from zugong.base.rules import Refused
from zugong.base.standards import SHIPPED, Entered
from zugong.reports import actions, backing, frozen, paper, parts, texts
from zugong.reports.models import Backing, Choice
from zugong.reports.producing import INTERNAL, PUBLIC, SUBMITTED
from zugong.statistics.frames import frame_of
from zugong.statistics.models import FrozenValue
from zugong.supervision.models import PROBLEM_KINDS, Problem
from zugong.tasks.models import Extension, Plan, Task

DAY = date(2023, 12, 31)
SEED = texts.read(ROOT / "examples/2023H1-work-report.txt")
LISTED = """2023年上半年，全县组织工作稳步推进。现将有关情况总结如下：
一、重点工作
走访调研30次。
二、存在的问题
一是支部书记轮训没有做到全覆盖；
二是还有3次走访没有形成记录；
三是人才政策兑现不够快。
三、下半年工作计划
（一）办好书记轮训班。
（二）走访调研40次，把记录补齐。"""


@pytest.fixture
def told(yunxi, operator):
    department.settle(by=operator, on=DAY, values={"department": "中共云溪县委组织部"})
    return operator


def begin(by, text=SEED, period="2023H2"):
    adopted = actions.adopt(by=by, on=DAY, name="稿子", text=text)
    frame = frame_of(period, DAY)
    return actions.draft(by=by, on=DAY, text=adopted, frame=frame), frame


def problem(words, raised="2023-07-01", closed=None, **more):
    values = dict(words=words, kind=PROBLEM_KINDS[-1], topic=words, office="组织科", raised_on=raised, raised_by="甲")
    with writing_allowed():
        return Problem.objects.create(**values, closed_on=closed, **more)


def task(title, deadline="2024-06-30", done=None, **more):
    with writing_allowed():
        plan, _ = Plan.objects.get_or_create(name="报告里的计划", year=2023)
        return Task.objects.create(title=title, office="组织科", deadline=deadline, done_on=done, plan=plan, **more)


def said(made):
    """Where each quote stands: its words by its first key, or by the number of the old sentence."""
    return {q.keys[0] if q.keys else q.item: made.text[slice(*q.at)] for q in made.quotes}


def shape(text):
    return [(s.part.value, s.joined, [i.words for i in s.items]) for s in parts.sections(texts.parse(text))]


def test_what_the_parts_of_a_text_say():
    problems, plan = parts.sections(texts.parse(SEED))
    assert [(i.text[:6], i.text[-5:]) for i in problems.items] == [
        ("部分单位对基", "应有的位置"),
        ("用习近平新时", "力度不够大"),
    ]
    assert problems.joined
    assert [i.marker for i in plan.items] == ["一是", "二是", "三是"]
    assert [i.number for i in (*problems.items, *plan.items)] == [1, 2, 3, 4, 5]
    listed = shape(LISTED)
    assert [len(words) for _, _, words in listed] == [3, 2]
    assert shape("一、重点工作\n走访调研30次。\n二、问题整改情况\n都已整改。") == []
    both = "一、存在问题和下一步打算\n主要是：基础不牢；人手不足。\n下一步，办好轮训班。抓好调研。"
    assert shape(both) == [
        ("problems", True, ["基础不牢", "人手不足"]),
        ("plan", False, ["下一步，办好轮训班。", "抓好调研。"]),
    ]


def test_without_any_record_the_words_stay_and_say_that_nothing_is_behind_them(told):
    report, frame = begin(told, SEED, "2023H1")
    made = actions.produced(report, frame, INTERNAL)
    assert made.pieces == ()
    assert [(q.item, q.state.value, q.keys) for q in made.quotes] == [(n, "无据", ()) for n in range(1, 6)]
    assert said(made)[1].startswith("部分单位对基层党建")
    assert not made.held_back, "it is noted and keeps nothing back, unless the house says so"
    words = "".join(part.text for p in paper.paper(made, DAY, INTERNAL).paragraphs for part in p.parts)
    assert words.count("【无据】") == 5
    assert "无据" not in "".join(part.text for p in paper.paper(made, DAY, SUBMITTED).paragraphs for part in p.parts)


def test_the_house_may_have_sentences_without_a_record_keep_a_report_back(told):
    report, frame = begin(told, SEED, "2023H1")
    line = replace(backing.BLOCKING.lines[0], value=1)
    strict = frame.by(SHIPPED.also(Entered(backing.BLOCKING.key, "", line)))
    with pytest.raises(actions.NotSubmitted, match=r"还有 5 处没有着落.*无据：“部分单位"):
        actions.submit(by=told, on=DAY, report=report, frame=strict)
    for number in range(1, 6):
        actions.back(by=told, on=DAY, text=report.text, frame=frame, number=number, choice=Choice.KEPT)
    with pytest.raises(actions.NotSubmitted, match="无据"):
        actions.submit(by=told, on=DAY, report=report, frame=strict)
    assert actions.submit(by=told, on=DAY, report=report, frame=frame).parts["pieces"] == []


def test_three_parts_come_from_records(told):
    """The last plan's completion first, then the first part, the problems and the plan, each word with its record."""
    open_ = problem("三会一课没有按期开的支部偏多")
    problem("报到以前就解决了", closed="2023-12-01")
    problem("期末以后才列入", raised="2024-01-05")
    problem("没有采纳的", declined_because="不属实")
    done, slow = task("轮训支部书记", "2023-12-31", "2023-11-30"), task("建成人才公寓", "2023-10-31")
    with writing_allowed():
        Extension.objects.create(task=slow, before=date(2023, 10, 31), after=date(2024, 3, 31), reason="土建延期。",
                                 changed_on=date(2023, 10, 8), by=told)  # fmt: skip
        Task.objects.filter(pk=slow.pk).update(deadline=date(2024, 3, 31))
        Task.objects.create(title="没有列入计划的", deadline=date(2024, 3, 31))
    task("更晚的事", "2024-12-31")
    report, frame = begin(told)
    made = actions.produced(report, frame, INTERNAL)
    opening = "上期计划本期完成的工作2项，已完成1项，继续推进1项：建成人才公寓（土建延期）。现将有关情况总结如下"
    assert opening in made.text
    assert "主要是：三会一课没有按期开的支部偏多；部分单位对基层党建" in made.text
    assert "一是建成人才公寓，由组织科牵头，2024年3月31日前完成。二是抓实基层党建工作。" in made.text
    assert "四是充分激发人才" in made.text
    for never in ("报到以前就解决了", "期末以后才列入", "没有采纳的", "没有列入计划的", "更晚的事"):
        assert never not in made.text
    numbers = {made.text[slice(*q.at)]: set(q.keys) for q in made.quotes if q.figure == "tasks.due"}
    assert numbers == {"2": {done.key, slow.key}, "1": {slow.key}}  # of the two ones the last is what goes on
    assert [q.keys for q in made.quotes if q.figure == "supervision.problems_told"] == [(open_.key,)]
    for slot in made.slots:
        assert made.text[slot.out_start : slot.out_end] == slot.text
    public = actions.produced(report, frame, PUBLIC).text
    assert "上期计划" not in public
    assert "三会一课没有按期开" not in public
    assert "主要是：*；部分单位" in public
    assert "一是*。二是抓实" in public


def test_what_a_person_ties_to_a_solved_problem_falls_out_and_is_said(told):
    solved, open_ = problem("轮训不够", closed="2023-12-01"), problem("兑现慢")
    report, frame = begin(told, LISTED)
    tie(told, report, 1, solved)
    tie(told, report, 3, open_)
    made = actions.produced(report, frame, INTERNAL)
    assert "一是兑现慢；\n二是还有【" in made.text
    assert "走访没有形成记录。\n" in made.text
    assert "轮训没有做到" not in made.text
    assert [(left.item.number, left.key, left.why) for left in made.left] == [
        (1, solved.key, "已经解决，不再写"), (3, open_.key, "换成了登记的话"),
    ]  # fmt: skip
    actions.back(by=told, on=DAY, text=report.text, frame=frame, number=2, choice=Choice.DROPPED)
    made = actions.produced(report, frame, INTERNAL)
    assert "二、存在的问题\n一是兑现慢。" in made.text
    assert "走访没有" not in made.text
    with pytest.raises(Refused, match="没有这一条"):
        actions.back(by=told, on=DAY, text=report.text, frame=frame, number=2, choice=Choice.BOUND, record="tasks.task:1")
    with pytest.raises(Refused, match="没有第 9 句"):
        actions.back(by=told, on=DAY, text=report.text, frame=frame, number=9, choice=Choice.KEPT)


def tie(by, report, number, record):
    frame = frozen.frame_of_report(report)
    return actions.back(by=by, on=DAY, text=report.text, frame=frame, number=number, choice=Choice.BOUND, record=record.key)


def test_a_likeness_is_only_proposed(told):
    problem("支部书记轮训没有全覆盖")
    report, frame = begin(told, LISTED)
    made = actions.produced(report, frame, INTERNAL)
    assert [q.state.value for q in made.quotes if q.item == 1] == ["待认"]
    assert "支部书记轮训没有做到全覆盖" in made.text
    assert not Backing.objects.exists()


def test_when_all_is_solved_and_nothing_is_left_a_person_has_to_write(told):
    solved = [problem(words, closed="2023-12-01") for words in ("甲事", "乙事")]
    report, frame = begin(told)
    for number, one in enumerate(solved, 1):
        tie(told, report, number, one)
    made = actions.produced(report, frame, INTERNAL)
    assert "主要是：【待填】等。" in made.text
    with pytest.raises(actions.NotSubmitted, match="这一段待写"):
        actions.submit(by=told, on=DAY, report=report, frame=frame)


def test_a_submitted_report_keeps_what_it_quoted(told):
    one, two = problem("三会一课没有按期开"), task("建成人才公寓", "2024-03-31")
    late = task("轮训支部书记", "2023-12-31")
    report, frame = begin(told, SEED.replace("与*等部门", "与财政局等部门"))
    tie(told, report, 1, one)
    before = actions.produced(report, frame, SUBMITTED)
    actions.submit(by=told, on=DAY, report=report, frame=frame)
    report.refresh_from_db()
    with writing_allowed():
        Problem.objects.filter(pk=one.pk).update(words="改过的话", closed_on=date(2023, 12, 30))
        Task.objects.filter(pk__in=(two.pk, late.pk)).update(done_on=date(2023, 12, 30))
        Backing.objects.all().delete()
    made = frozen.standing(report, frame, INTERNAL)
    assert made.text == before.text
    assert said(made) == said(before)
    assert [slot.text for slot in made.slots] == [slot.text for slot in before.slots]
    assert all(made.text[slot.out_start : slot.out_end] == slot.text for slot in made.slots)
    held = set("\n".join(FrozenValue.objects.filter(taken_for=report.key).values_list("rows", flat=True)).split())
    assert {one.key, two.key, late.key} <= held
    public = frozen.standing(report, frame, PUBLIC).text
    assert "三会一课没有按期开" not in public
    assert "建成人才公寓" not in public


@pytest.mark.parametrize("text", [SEED, LISTED], ids=["in one sentence", "listed"])
def test_with_any_records_exactly_the_open_ones_are_told_once_and_open_their_rows(told, text):
    """Whatever is registered, solved, tied or dropped: the open ones once each, nothing solved, every word over its record."""
    chance = random.Random(4)
    report, frame = begin(told, text)
    number = len(parts.items(texts.parse(text)))
    for round_ in range(6):
        with writing_allowed():
            Problem.objects.all().delete()
            Task.objects.exclude(plan=None).delete()
            Backing.objects.all().delete()
        closed = [None, "2023-12-01"]
        problems = [problem(f"问题{round_}之{chr(65 + n)}", closed=chance.choice(closed)) for n in range(chance.randrange(5))]
        planned = [task(f"任务{round_}之{chr(65 + n)}", done=chance.choice(closed)) for n in range(chance.randrange(5))]
        for one in range(1, number + 1):
            item = parts.items(texts.parse(text))[one - 1]
            records = problems if item.part == "problems" else planned
            if records and chance.random() < 0.5:
                tie(told, report, one, chance.choice(records))
        made = actions.produced(report, frame, INTERNAL)
        for record in (*problems, *planned):
            closed = record.closed_on if isinstance(record, Problem) else record.done_on
            assert made.text.count(str(record)) == (closed is None), f"{record} in {made.text[-600:]}"
            if closed is None:
                assert str(record) in said(made)[record.key]
        old = [q for q in made.quotes if q.item]
        tied = {b.start for b in report.text.backings.all()}
        assert [q.item for q in old] == [i.number for i in parts.items(texts.parse(text)) if i.start not in tied]
        for slot in made.slots:
            assert made.text[slot.out_start : slot.out_end] == slot.text


def test_a_sentence_is_tied_on_the_page_and_its_rows_open_beside_the_report(clerk):
    one = problem("三会一课没有按期开的支部偏多", raised="2023-03-01")
    solved = problem("党建工作重视程度不够", raised="2023-03-01", closed="2023-05-01")
    report = report_walk.write(clerk)
    there = reverse("reports:text", args=[report.text_id])
    text = clerk.get(there, {"part": 1}).content.decode()
    assert text.count(">无据</a>") + text.count(">待认</a>") == 5
    assert f'value="{solved.key}"' in text
    given = {"record": solved.key, "choice": "bound"}
    answer = clerk.post(reverse("reports:back", args=[report.text_id, 1]), given, follow=True)
    assert "第 1 句已定：接上记录" in answer.content.decode()
    page = clerk.get(reverse("reports:report", args=[report.pk])).content.decode()
    assert "没有再写的 1 句" in page
    assert "三会一课没有按期开的支部偏多" in page
    beside = clerk.get(reverse("reports:report", args=[report.pk]), {"part": 1}, headers=report_walk.HTMX).content.decode()
    assert f'href="{reverse("supervision:problem", args=[one.pk])}"' in beside
    sent = clerk.post(reverse("reports:evidence", args=[report.pk]))
    book = load_workbook(BytesIO(b"".join(sent.streaming_content)))
    rows = [row[1:5] for row in book["问题和计划"].iter_rows(values_only=True)]
    assert ("存在的问题", one.words, "有据", one.key) in rows


def test_of_problems_a_reader_may_not_see_only_the_words_of_the_report_are_shown(clerk, door, capsys):
    """Not what a sentence is like, nor what stands behind it, nor the names of the catalogue."""
    alike = problem("支部书记轮训没有全覆盖", raised="2023-03-01", closed="2023-05-01")
    told = problem("三会一课没有按期开的支部偏多", raised="2023-03-01")
    report, reader = report_walk.write(clerk, LISTED), door("talent_office")
    texts_, reports = reverse("reports:text", args=[report.text_id]), report_walk.there(report)
    asked = [(texts_, {}), (texts_, {"part": 1}), (reports, {}), *((reports, {"part": n}) for n in range(1, 7))]
    shown = [reader.get(there, query).content.decode() for there, query in asked]
    assert any("待认" in page for page in shown)
    assert [page.count(told.words) > 0 for page in shown[:3]] == [False, False, True]
    named = [reverse("statistics:figures"), reverse("statistics:figure", args=["supervision.problems_told"])]
    shown += [reader.get(there, {"period": "2023H1"}).content.decode() for there in named]
    assert all(told.words not in page for page in shown[-2:])
    call_command("figure", "supervision.problems_told", period="2023H1", **{"as": reader.user.username})
    shown.append(capsys.readouterr().out)
    assert told.words not in shown[-1]
    for page in shown:
        assert alike.words not in page
        assert reverse("supervision:problem", args=[told.pk]) not in page
    seen = clerk.get(named[0], {"period": "2023H1"}).content.decode()
    assert told.words in seen


def test_pages_ask_no_more_when_the_registers_are_filled(clerk):
    report = report_walk.write(clerk, SEED, "2023H1")
    text, there = reverse("reports:text", args=[report.text_id]), report_walk.there(report)
    counts = []
    for many in (2, 20):
        for n in range(many):
            problem(f"第{many}批问题{n}", raised="2023-03-01", closed=("2023-05-01", None)[n % 2])
            task(f"第{many}批任务{n}", "2023-05-31", (None, "2023-05-01")[n % 2])
        for address, query, most in ((text, {"part": 1}, "text"), (there, {}, "report"), (there, {"part": 2}, "report")):
            with CaptureQueriesContext(connection) as asked:
                assert clerk.get(address, query).status_code == 200
            assert len(asked) <= MOST_QUERIES[most]
            counts.append(len(asked))
    assert counts[:3] == counts[3:]


def test_beside_a_report_one_number_leads_to_the_next_that_stands_in_it(clerk):
    """What was written anew holds none of the old numbers."""
    problem("三会一课没有按期开", raised="2023-03-01")
    report = report_walk.write(clerk, LISTED)
    clerk.post(reverse("reports:back", args=[report.text_id, 2]), {"choice": "dropped"})
    there = report_walk.there(report)
    page = clerk.get(there).content.decode()
    standing = [number for number, _ in report_walk.chips(page)]
    assert standing == [1, 3]
    beside = clerk.get(there, {"slot": 1}, headers=report_walk.HTMX)
    assert (beside.context["after"], beside.context["many"]) == (3, 2)
    assert clerk.get(there, {"slot": 2}, headers=report_walk.HTMX).context["behind"] is None
