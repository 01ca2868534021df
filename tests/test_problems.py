"""The register of problems: proposed by records, accepted by a person, closed only by a task that shows what it did."""

from __future__ import annotations

from datetime import date

import pytest
import yaml
from django.urls import reverse

from conftest import IMPORT_DAY, ROOT
from zugong.base.duties import Finding as Owed
from zugong.base.duties import State
from zugong.base.periods import Frame, Period
from zugong.base.records import writing_allowed
from zugong.base.rules import NotAllowed, Refused, Source, Standing
from zugong.desk.dues import findings
from zugong.desk.owing import organization_of
from zugong.desk.problems import OVERDUE, UNANSWERED, Proposal, _common, proposals
from zugong.meetings.duties import GENERAL
from zugong.organizations.models import PartyOrganization, Unit
from zugong.statistics.catalogue import FIGURES
from zugong.statistics.frames import frame_of
from zugong.supervision.actions import accept_problem, close_problem, decline_problem
from zugong.supervision.models import Finding, Problem
from zugong.supervision.rules import Answer, may_close
from zugong.tasks.actions import add_evidence, assign, edit
from zugong.tasks.models import Task
from zugong.visits.models import Opinion

DAY = date(2023, 6, 30)
CASES = yaml.safe_load((ROOT / "tests/cases/problems.yaml").read_text("utf-8"))
SAID = {"words": "督导问题整改拖延", "office": "组织科", "kind": OVERDUE, "topic": "findings:某局"}


@pytest.fixture
def frame(yunxi):
    return frame_of("2023H1", DAY)


def of_kind(kind: str, every: list[Proposal]) -> dict[str, Proposal]:
    return {one.topic: one for one in every if one.kind == kind}


def test_the_county_proposes_what_its_records_show(frame, operator):
    every = proposals(frame, operator)
    late = {}
    for one in Finding.objects.filter(deadline__lt=DAY).order_by("pk").select_related("unit"):
        if one.closed_on is None or one.closed_on > DAY:
            late.setdefault(f"findings:{one.unit_label}", []).append(one.key)
    overdue = of_kind(OVERDUE, every)
    assert {topic: [key for key, _ in one.grounds] for topic, one in overdue.items()} == late
    assert len(late) > 3
    waiting = sum(len(one.grounds) for one in of_kind(UNANSWERED, every).values())
    old = [one for one in Opinion.objects.select_related("visit") if one.visit.visited_on <= date(2023, 5, 31)]
    assert waiting == sum(one.closed_on > DAY if one.closed_on else one.status != "已办结" for one in old) > 0
    assert not Problem.objects.exists(), "looking enters nothing"


def owed(subject: int, state: State) -> Owed:
    key = f"organizations.partyorganization:{subject}"
    source = Source("某条例", status=Standing.LOCAL)
    return Owed(GENERAL.id, f"支部{subject}", f"{subject}", key, state, DAY, ("2023Q1",), source)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_rule_is_a_common_problem_from_a_third_of_enough_on(case):
    states = [State(name) for name in ("missed", "met", "exempt") for _ in range(case["states"].get(name, 0))]
    found = list(_common([owed(n, state) for n, state in enumerate(states)], Frame.of(Period.parse("2023H1"), DAY)))
    assert bool(found) == bool(case["said"])
    if found:
        assert case["said"] in found[0].words
        assert found[0].grounds[0][1] == f"支部0，{GENERAL.name}：2023年第一季度（某条例（本地规定））"
        assert len(found[0].grounds) == case["states"]["missed"]


def test_a_unit_whose_tasks_are_done_and_whose_party_duties_are_not(frame, operator):
    place = next(
        organization_of(one) for one in findings(frame, operator) if one.state == State.MISSED and organization_of(one)
    )
    with writing_allowed():
        unit = Unit.objects.filter(organization=place).first()
        unit = unit or Unit.objects.create(name="试验局", organization_id=place)
        Task.objects.create(title="招商", office=unit.name, deadline=date(2023, 5, 1), done_on=date(2023, 4, 20))
    found = {one.topic: one for one in proposals(frame, operator)}[f"unit:{place}"]
    assert found.grounds[0][1] == "任务“招商”2023-04-20 完成"
    assert len(found.grounds) > 1
    with writing_allowed():
        Task.objects.create(title="修路", office=unit.name, deadline=date(2023, 5, 1))
    assert f"unit:{place}" not in {one.topic for one in proposals(frame, operator)}


def without_office(said: dict) -> dict:
    return {name: value for name, value in said.items() if name != "office"}


def test_a_problem_needs_words_an_owner_and_a_record(operator, yunxi):
    grounds = [(Finding.objects.first().key, "没有改")]
    for lacking, why in (({"words": " "}, "是什么问题"), ({"office": ""}, "哪个科室"), ({}, "没有记录作依据")):
        with pytest.raises(Refused, match=why):
            accept_problem(by=operator, on=DAY, **{**SAID, **lacking}, grounds=grounds if lacking else [])
    first = accept_problem(by=operator, on=DAY, **SAID, grounds=grounds)
    with pytest.raises(Refused, match="已经在册"):
        accept_problem(by=operator, on=DAY, **SAID, grounds=grounds)
    with pytest.raises(Refused, match="不能再记为不采纳"):
        decline_problem(by=operator, on=DAY, reason="已另案处理", grounds=grounds, **without_office(SAID))
    assert Problem.objects.get() == first
    with pytest.raises(Refused, match="还没有写为什么不列入"):
        decline_problem(by=operator, on=DAY, reason="", grounds=grounds, words="甲", kind=OVERDUE, topic="乙")


def solved(operator, problem, on):
    """A task for the problem, done, with a record that shows it."""
    task = assign(by=operator, on=DAY, title="逐项整改", office="组织科", deadline=date(2023, 9, 30), basis=problem.key)
    with pytest.raises(Refused, match=r"还没有完成.*还没有挂上佐证"):
        close_problem(by=operator, on=on, problem=problem, task=task, words="改了")
    task = edit(by=operator, on=on, task=task, changes={"done_on": on})
    add_evidence(by=operator, on=on, task=task, record=Finding.objects.order_by("pk").first())
    return close_problem(by=operator, on=on, problem=problem, task=task, words="逐项整改到位")


def test_it_stays_open_until_a_task_shows_what_it_did_and_returns_with_its_history(operator, yunxi):
    grounds = [(Finding.objects.first().key, "没有改")]
    first = solved(operator, accept_problem(by=operator, on=DAY, **SAID, grounds=grounds), date(2023, 9, 1))
    assert (first.closed_on, first.closed_by.title) == (date(2023, 9, 1), "逐项整改")
    again = accept_problem(by=operator, on=date(2024, 3, 1), **SAID, grounds=grounds)
    assert again.again == first
    states = {day: Problem.objects.with_state(day).get(pk=first.pk).state for day in (DAY, date(2023, 9, 1))}
    assert states == {DAY: "未解决", date(2023, 9, 1): "已解决"}


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer("supervision.problem:2", DAY, 1), ["不是为这个问题列的"]),
        (Answer("supervision.problem:1", None, 1), ["还没有完成"]),
        (Answer("supervision.problem:1", date(2023, 7, 1), 1), ["还没有完成"]),
        (Answer("supervision.problem:1", DAY, 0), ["还没有挂上佐证"]),
        (Answer("supervision.problem:1", DAY, 1), []),
    ],
)
def test_what_closes_a_problem(answer, why):
    reasons = may_close("supervision.problem:1", answer, DAY, "改了").reasons
    assert len(reasons) == len(why)
    assert all(said in str(one) for said, one in zip(why, reasons, strict=True))


def test_its_figures_count_what_was_entered_and_what_answers_it(operator, yunxi):
    grounds = [(Finding.objects.first().key, "没有改")]
    solved(operator, accept_problem(by=operator, on=DAY, **SAID, grounds=grounds), date(2023, 9, 1))
    decline_problem(by=operator, on=DAY, reason="已另案处理", grounds=grounds, words="甲", kind=OVERDUE, topic="乙")
    registered, answers = FIGURES["supervision.registered"], FIGURES["supervision.answers"]
    told = {period: registered.rows(frame_of(period, date(2023, 12, 31))).count() for period in ("2023H1", "2023H2")}
    assert told == {"2023H1": 1, "2023H2": 0}
    assert [one.state for one in registered.rows(frame_of("2023H1", date(2023, 6, 30)))] == ["未解决"]
    assert answers.rows(frame_of("2023H2", date(2023, 12, 31))).count() == 1


def test_a_branch_office_enters_no_problem_of_the_whole_house(account, yunxi):
    branch = PartyOrganization.objects.filter(kind="党支部").order_by("pk").first()
    with pytest.raises(NotAllowed):
        accept_problem(
            by=account("supervision_member", branch.code), on=IMPORT_DAY, **SAID, grounds=[("supervision.finding:1", "x")]
        )


def test_from_the_data_to_the_register_and_back_on_its_pages(clerk, frame):
    period = {"period": "2023H1", "on": "2023-06-30"}
    listed = clerk.get(reverse("desk:problems"), period)
    proposal = next(one for kind, rows in listed.context["kinds"] for one in rows if kind == OVERDUE)
    where = f"{reverse('desk:problem')}?topic={proposal.topic}"
    assert proposal.grounds[0][1] in clerk.get(where).content.decode()
    refused = clerk.post(where, {"do": "accept", "words": "整改拖延", "office": ""}).content.decode()
    assert "还没有定哪个科室负责" in refused
    page = clerk.post(where, {"do": "accept", "words": "整改拖延", "office": "组织科"}, follow=True).content.decode()
    assert "列一项任务" in page
    assert proposal.grounds[0][1] in page
    again = clerk.get(where).content.decode()
    assert "由人来定" not in again, "what is in the register already is not entered again"
    declined = next(one for kind, rows in listed.context["kinds"] for one in rows if kind == UNANSWERED)
    where = f"{reverse('desk:problem')}?topic={declined.topic}"
    clerk.post(where, {"do": "decline", "words": declined.words, "reason": "已口头答复"})
    assert "已口头答复" in clerk.get(where).content.decode()
    assert Problem.objects.with_state(clerk.user.day).filter(state="不采纳").count() == 1


def test_an_opinion_s_page_leads_to_the_register_and_to_a_follow_up(clerk, door, yunxi):
    opinion = Opinion.objects.filter(visit__organization__isnull=False).select_related("visit").order_by("pk").first()
    page = reverse("visits:opinion", args=[opinion.pk])
    shown = clerk.get(page).content.decode()
    ways = [f"{reverse('desk:problem')}?ground={opinion.key}", f"{reverse('tasks:followup-send')}?of={opinion.key}"]
    assert all(way in shown for way in ways)
    assert opinion.text in clerk.get(ways[1]).content.decode()
    clerk.post(ways[0], {"do": "accept", "words": "路灯没人管", "office": "组织科"})
    problem = Problem.objects.get()
    assert [one.record for one in problem.grounds.all()] == [opinion.key]
    assert problem.organization == opinion.visit.organization
    assert reverse("supervision:problem", args=[problem.pk]) in clerk.get(ways[0]).content.decode()
    reader = door("branch", opinion.visit.organization.code).get(page).content.decode()
    assert opinion.text in reader
    assert not any(way in reader for way in ways), "a way is shown only to whoever may go it"
