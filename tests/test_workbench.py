"""The workbench: the ten lines, the figures, the map of what is owed, and the list of all of it."""

from __future__ import annotations

import io
import json
import re
from collections import defaultdict
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from conftest import IMPORT_DAY, YUNXI
from zugong.base import department
from zugong.base.access import ROLES
from zugong.base.duties import OPEN, State
from zugong.base.models import Grant, TrailEntry, User
from zugong.base.records import writing_allowed
from zugong.cadres.models import Secondment
from zugong.desk import heatmap, owing
from zugong.desk.dues import DUTIES, findings
from zugong.desk.owing import Owing, missing_words, read_token, token
from zugong.desk.waiting import counts
from zugong.desk.workbench import TELLING
from zugong.organizations.models import PartyOrganization, Placement
from zugong.people.models import Person, Statement
from zugong.statistics.catalogue import FIGURES
from zugong.statistics.frames import frame_of
from zugong.tasks.carrying import open_cases

EXPECTED = json.loads((YUNXI / "expected.json").read_text("utf-8"))
OWED = EXPECTED["obligations"]
DAY = date(2023, 6, 30)
HALF = {"period": "2023H1"}
MISSED = {
    "支部党员大会": OWED["general_meeting_missed_a_quarter"],
    "支部委员会会议": OWED["committee_meeting_missed_a_month"],
    "主题党日": OWED["theme_day_missed_a_month"],
    "党课": OWED["party_lecture_missed_a_quarter"],
    "换届选举": OWED["election_overdue"],
}
MOST_QUERIES, NOTING = 25, 9  # what is printed is an export, and on the trail
BRANCH = "中共云溪县财政局机关支部委员会"


def home(who: Client, **query: Any) -> Any:
    answer = who.get(reverse("desk:home"), {**HALF, **query})
    assert answer.status_code == 200
    return answer


def squares(answer: Any) -> dict[tuple[str, str], heatmap.Square]:
    """The map's squares by organization and duty."""
    strips = answer.context["map"].strips
    return {(strip.name, square.duty.name): square for strip in strips for square in strip.squares}


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


@pytest.fixture(autouse=True)
def named(yunxi, operator) -> None:
    """The department has its name, so that nobody is led to the first steps."""
    department.settle(by=operator, on=IMPORT_DAY, values={"department": "中共云溪县委组织部"})


@pytest.fixture
def branch(yunxi) -> PartyOrganization:
    return PartyOrganization.objects.get(name=BRANCH)


def test_today_holds_the_ten_that_are_longest_overdue(yunxi, door):
    answer = home(door("office"))
    lines = answer.context["lines"]
    days = [line.finding.due_on for line in lines]
    missed = [f for f in findings(frame_of("2023H1", DAY), door("office").user) if f.state == State.MISSED]
    every = sorted(f.due_on for f in missed if f.due_on)
    assert len(lines) == 10
    assert days == every[:10]
    assert all(line.tone in ("late", "advised") and line.why and line.button for line in lines)
    shown = text_of(answer.content.decode())
    assert "条款待核" in shown
    assert "（本地规定）" in shown
    beyond = {"预备党员转正": 3, "挂职期满交流": 1, "支部正式党员人数": 1}  # counted by hand in ledgers 01, 02 and 05
    told = sum(map(len, MISSED.values())) + len(OWED["secondment_midway_missing"]) + len(OWED["election_due_in_6_months"])
    assert f"看全部 {told + sum(beyond.values())} 件" in shown


def test_what_is_near_comes_after_what_is_overdue(yunxi, operator):
    every = Owing(frame_of("2023H1", DAY), operator)
    states = [one.state for one in every.first(1000)]
    assert states == sorted(states, key=[State.MISSED, State.ADVISED, State.DUE].index)
    assert states.count(State.DUE) == len(OWED["election_due_in_6_months"]) + 3  # and three on probation


def test_what_is_only_commended_is_brought_up_in_its_own_word_and_shape(yunxi, door):
    lines = door("office").get(reverse("desk:dues"), {**HALF, "state": "提醒"}).context["lines"]
    assert {line.duty.name for line in lines} >= {"支部党员大会", "支部委员会会议"}
    assert {(line.word, line.tone) for line in lines} == {("提醒", "advised")}


def test_what_a_step_and_a_duty_both_ask_for_is_told_once_as_the_step(yunxi, operator):
    late = Secondment.objects.filter(midway_on=None, person__name="曾慧云")
    (case,) = open_cases(by=operator, on=DAY, code="secondment", records=late)
    assert case.step == "midway", "the talk before it has its day in the ledger"
    owing = Owing(frame_of("2023H1", DAY), operator)
    midway = {(one.duty, one.subject.split()[0]) for one in owing.first(1000) if "任中考察" in "".join(one.missing)}
    assert midway == {("tasks.step", "曾慧云")} | {
        ("cadres.secondment_midway", name) for name in OWED["secondment_midway_missing"] if name != "曾慧云"
    }
    assert len([one for one in owing.every if one.duty == "cadres.secondment_midway" and one.state == State.MISSED]) == len(
        OWED["secondment_midway_missing"]
    ), "the list itself leaves nothing out"


def test_each_line_has_one_button_that_leads_there(yunxi, door):
    who = door("office")
    for name, wanted in {"主题党日": "记录会议", "换届选举": "看这一届", "挂职任中考察": "看挂职情况"}.items():
        page = who.get(reverse("desk:dues"), {**HALF, "duty": name})
        line = page.context["lines"][0]
        assert line.button.words == wanted
        there = who.get(line.button.href)
        assert there.status_code == 200
        if name == "主题党日":
            assert "kind=%E4%B8%BB%E9%A2%98%E5%85%9A%E6%97%A5" in line.button.href
        else:
            assert line.finding.subject in there.content.decode()


def test_whoever_may_not_record_is_led_to_what_was_held(yunxi, door):
    line = next(one for one in home(door("head")).context["lines"] if one.finding.duty.startswith("meetings."))
    assert line.button.words == "看已开的会"
    assert door("head").get(line.button.href).status_code == 200


def test_the_figures_of_the_period_stand_beside_the_last(yunxi, door):
    answer = home(door("office"))
    frame = frame_of("2023H1", DAY)
    for change in answer.context["changes"]:
        assert change.value == FIGURES[change.figure.id].number(frame)
        assert change.before == FIGURES[change.figure.id].number(frame.during(frame.period.previous()))
        assert reverse("statistics:figure", args=[change.figure.id]) in answer.content.decode()
    assert [change.figure.id for change in answer.context["changes"]] == list(TELLING)
    members = next(c for c in answer.context["changes"] if c.figure.id == "people.party_members")
    assert (members.value, members.words, members.sign) == (EXPECTED["totals"]["members"], "增加 120", "＋")


def test_the_rail_counts_what_waits(yunxi, operator, account, door):
    """For every role; what it counts is what its reader sees."""
    frame, somewhere = frame_of("2023H1", DAY), PartyOrganization.objects.get(name=BRANCH)
    every = counts(operator, frame)
    assert every["people:statement-list"][0] == Statement.objects.filter(settled_on=None).count() > 0
    assert every["elections:term-list"] == (len(OWED["election_overdue"]), "9 个党组织届满未换届")
    assert every["elections:term-list"][1] in home(door("operator")).content.decode()
    for role in ROLES:
        for code in ("", somewhere.code):
            user = account(role, code, f"{role}-{code}")
            for page, (number, _) in counts(user, frame).items():
                assert 0 < number <= every[page][0], (role, code, page)


def test_a_house_without_records_says_so(empty, door):
    page = home(door("office"))
    assert "还没有可以核对的记录" in page.content.decode()
    assert "缺数" in page.content.decode()
    assert "还没有党组织" in page.content.decode()


def test_the_map_says_what_is_owed(yunxi, door):
    found = squares(home(door("office"), print=1))
    missed, near = defaultdict(set), set()
    for (name, duty), square in found.items():
        if square.state in (State.MISSED, State.ADVISED):
            missed[duty].add(name)
        if square.state == State.DUE:
            near.add((name, duty))
    assert {duty: missed[duty] for duty in MISSED} == {duty: set(names) for duty, names in MISSED.items()}
    assert set(missed) - set(MISSED) == {"支部正式党员人数"}
    assert near == {(name, "换届选举") for name in OWED["election_due_in_6_months"]}
    assert found[BRANCH, "支部委员会会议"].words == "1、3、4月"
    assert found[BRANCH, "支部党员大会"].words == "一季度"


def test_the_map_stands_in_the_order_of_the_tree(yunxi, door):
    paths = dict(Placement.objects.in_force(DAY).values_list("organization_id", "path"))
    for query in ({}, {"gaps": 1}):
        strips = home(door("office"), print=1, **query).context["map"].strips
        assert [paths[strip.pk] for strip in strips] == sorted(paths[strip.pk] for strip in strips)
    assert len(home(door("office"), print=1).context["map"].strips) == EXPECTED["totals"]["organizations"]


def test_only_those_that_owe_something(yunxi, door):
    every = home(door("office"), print=1).context["map"].strips
    some = home(door("office"), print=1, gaps=1).context["map"].strips
    assert [s.name for s in some] == [s.name for s in every if not s.clear]
    assert {s.name for s in some} == {n for names in MISSED.values() for n in names} | set(OWED["election_due_in_6_months"])


def test_the_map_is_leafed_through_by_key(yunxi, door, monkeypatch):
    monkeypatch.setattr(heatmap.drawn, "__kwdefaults__", {**heatmap.drawn.__kwdefaults__, "size": 20})
    whole = [s.pk for s in home(door("office"), print=1).context["map"].strips]
    seen, query = [], {}
    while True:
        page = home(door("office"), **query).context["map"]
        seen += [s.pk for s in page.strips]
        if page.after is None:
            break
        query = {"after": page.after}
    assert seen == whole
    back = home(door("office"), before=page.before).context["map"]
    assert [s.pk for s in back.strips] == whole[-len(page.strips) - 20 : -len(page.strips)]


def test_every_open_square_leads_to_what_is_missing(yunxi, door):
    who = door("office")
    for (name, duty), square in list(squares(home(who, gaps=1)).items())[:25]:
        if square.state in OPEN:
            (line,) = who.get(square.href).context["lines"]
            assert (line.finding.subject, line.duty.name) == (name, duty)
        elif square.href:
            assert who.get(square.href).status_code == 200


def test_a_state_is_told_without_colour(yunxi, door):
    answer = home(door("office"), print=1)
    page = answer.content.decode()
    signs = {"missed": "▲", "advised": "△", "due": "◐", "met": "✓", "exempt": "– 不适用："}
    cells = re.findall(r'<td data-title="[^"]+" class="square square-(\w+)">(.*?)</td>', page, re.DOTALL)
    assert len(cells) == EXPECTED["totals"]["organizations"] * len(answer.context["columns"])
    for state, inside in cells:
        assert text_of(inside).startswith(signs.get(state, "没有这一项")), (state, inside)
    assert "按隶属关系排列" in page
    assert not re.search(r"排名|名次|得分|第\d+名", page)


def test_a_branch_secretary_sees_the_own_branch_only(yunxi, door, branch):
    answer = home(door("branch", branch.code), print=1)
    assert [strip.pk for strip in answer.context["map"].strips] == [branch.pk]
    assert {line.finding.subject for line in answer.context["lines"]} == {BRANCH}
    members = set(Person.objects.filter(memberships__organization=branch).values_list("name", flat=True))
    assert BRANCH in {f.subject for f in answer.context["owing"].every} <= {BRANCH} | members
    figures = {c.figure.id: c.value for c in answer.context["changes"]}
    assert figures["organizations.party_organizations"] == 1
    assert "cadres.total" not in figures
    assert "挂职任中考察" not in {line.duty.name for line in answer.context["lines"]}


def test_a_right_at_one_branch_tells_no_numbers_of_another(yunxi, account, branch):
    who = account("supervision_member")
    alone = list(findings(frame_of("2023H1", IMPORT_DAY), who))
    assert not [one for one in alone if one.duty.startswith("people.")]
    with writing_allowed():
        Grant.objects.create(user=who, role="branch", organization_code=branch.code)
    who = User.objects.get(pk=who.pk)
    who.day = IMPORT_DAY
    found = list(findings(frame_of("2023H1", IMPORT_DAY), who))
    assert {one.subject_code for one in found if one.duty in ("people.fewest_members", "people.most_members")} == {branch.code}
    told = {one.subject_code for one in found if re.search(r"正式党员 \d+ 人", one.note)}
    assert told <= {branch.code}
    assert len({one.subject_code for one in found if "可不设支部委员会" in one.note}) > 1


@pytest.mark.parametrize(
    ("role", "page"),
    [("system_administrator", "desk:settings"), ("security_administrator", "desk:accounts"), ("auditor", "desk:trail")],
)
def test_administrators_are_told_what_they_do_here(door, role, page):
    text = door(role).get(reverse("desk:home")).content.decode()
    assert ROLES[role].description in text
    assert "今天要办" not in text
    assert reverse(page) in text


@pytest.mark.parametrize("role", ["office", "head", "operator", "branch"])
def test_the_workbench_asks_few_questions(yunxi, door, branch, role, django_assert_max_num_queries):
    who = door(role, branch.code if role == "branch" else "")
    home(who)
    for query in ({}, {"gaps": 1}, {"print": 1}):
        with django_assert_max_num_queries(MOST_QUERIES + (NOTING if "print" in query else 0)):
            who.get(reverse("desk:home"), {**HALF, **query})
    with django_assert_max_num_queries(MOST_QUERIES):
        who.get(reverse("desk:dues"), HALF)


def test_the_list_of_all_is_leafed_through_in_one_order(yunxi, door, monkeypatch):
    monkeypatch.setattr(owing.Owing.leaf, "__defaults__", ("", "", 7))
    who, seen, query = door("office"), [], {}
    while True:
        page = who.get(reverse("desk:dues"), {**HALF, **query}).context["page"]
        seen += page.findings
        if not page.after:
            break
        query = {"after": page.after}
    every = Owing(frame_of("2023H1", DAY), who.user)
    assert seen == every.ordered(f for f in every.every if f.state in owing.OPEN)
    back = who.get(reverse("desk:dues"), {**HALF, "before": page.before}).context["page"]
    assert back.findings == seen[-len(page.findings) - 7 : -len(page.findings)]
    assert who.get(reverse("desk:dues"), {**HALF, "after": "~~~"}).context["page"].findings == seen[:7]


def test_a_place_in_the_order_can_be_written_and_read(yunxi, operator):
    every = Owing(frame_of("2023H1", DAY), operator)
    for one in every.every[::7]:
        assert read_token(token(every.key(one))) == every.key(one)


def test_the_list_is_narrowed_in_the_address(yunxi, door):
    who = door("office")

    def asked(**query: str) -> set[str]:
        return {line.finding.subject for line in who.get(reverse("desk:dues"), {**HALF, **query}).context["lines"]}

    assert asked(duty="挂职任中考察") == set(OWED["secondment_midway_missing"])
    assert asked(duty="换届选举", state="已逾期") == set(OWED["election_overdue"])
    assert asked(duty="换届选举", state="临近") == set(OWED["election_due_in_6_months"])
    assert asked(organization=BRANCH) == {BRANCH}
    assert asked(organization="没有的党组织") == set()
    exempt = who.get(reverse("desk:dues"), {**HALF, "duty": "支部委员会会议", "state": "不适用"})
    assert "可不设支部委员会" in exempt.content.decode()


def test_the_list_goes_out_as_a_workbook_and_on_the_trail(yunxi, door):
    who = door("office")
    assert who.get(reverse("desk:dues-export")).status_code == 302
    answer = who.post(f"{reverse('desk:dues-export')}?period=2023H1&duty=主题党日")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    assert {row[1] for row in rows[4:]} == set(MISSED["主题党日"])
    entry = TrailEntry.objects.order_by("-number").first()
    assert entry.verb == "base:record_export"
    assert entry.subject == "应办事项"


def test_a_person_in_the_list_goes_by_no_resident_id(yunxi, door):
    page = door("office").get(reverse("desk:dues"), {**HALF, "duty": "挂职任中考察"}).content.decode()
    assert not re.search(r"\d{17}[\dXx]", page)
    assert Person.objects.filter(name__in=OWED["secondment_midway_missing"]).exists()


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        (("2023-01", "2023-03"), "2023年1月、3月"),
        (("2022-12", "2023-01"), "2022年12月、2023年1月"),
        (("2023Q1", "2023Q2"), "2023年第一季度、第二季度"),
        (("2023-05-01 届满",), "2023-05-01 届满"),
        ((), ""),
    ],
)
def test_what_is_missing_is_said_as_people_say_it(missing, words):
    assert missing_words(missing) == words


def test_every_duty_is_a_column_or_about_persons():
    rooms = {id.partition(".")[0] for id in DUTIES}
    assert rooms - {duty.id.partition(".")[0] for duty in heatmap.COLUMNS} == {"cadres", "tasks"}
    assert len(DUTIES) >= 30
