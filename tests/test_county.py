"""What must follow from the example county's ledgers, held against expected.json, which was not made by this program."""

from __future__ import annotations

import json
from datetime import date

import pytest

from conftest import ROOT
from zugong.base.figures import Figure
from zugong.desk.dues import findings
from zugong.intake import results
from zugong.statistics.catalogue import CATALOGUE
from zugong.statistics.frames import frame_of
from zugong.statistics.structure import table

EXPECTED = json.loads((ROOT / "examples/yunxi/expected.json").read_text("utf-8"))
SLOTS, TOTALS, OWED = EXPECTED["report_slots"], EXPECTED["totals"], EXPECTED["obligations"]
TODAY = date(2026, 11, 22)

NUMBERS = [
    ("meetings.held", {"kind": ["专题交流研讨"], "topic": ["双创"]}, SLOTS["dual_creation_exchange_sessions"]),
    ("talents.introduced", {"kind": ["急需紧缺人才"]}, SLOTS["urgent_talents_introduced"]),
    ("talents.introduced", {"kind": ["急需紧缺"], "education": ["硕士研究生"]}, SLOTS["urgent_talents_introduced_master"]),
    ("talents.planned_headcount", {"way": ["公开招聘", "公开招录"]}, SLOTS["planned_open_recruits_year"]),
    ("talents.planned_headcount", {"way": ["公开招录招聘"]}, SLOTS["planned_open_recruits_year"]),
    ("training.classes", {"kind": ["专项培训", "个性化培训"]}, SLOTS["special_and_personalised_trainings"]),
    ("training.classes", {"kind": ["专项培训等个性化培训"]}, SLOTS["special_and_personalised_trainings"]),
    ("meetings.held", {"kind": ["业务大讲堂"]}, SLOTS["business_lectures"]),
    ("cadres.reserve_selected", {"kind": ["优秀年轻后备干部"]}, SLOTS["reserve_cadres_selected"]),
    ("cadres.reserve_used", {}, TOTALS["reserve_promoted_in_period"]),
    ("talents.posts", {"way": ["人才引进"]}, SLOTS["talent_introduction_posts_year"]),
    ("meetings.held", {"kind": ["座谈会"], "topic": ["人才工作领导小组"]}, SLOTS["leading_group_symposia"]),
    ("visits.research_reports", {"topic": ["人才"]}, SLOTS["research_reports"]),
    ("talents.apartment_residents", {}, SLOTS["apartment_residents"]),
    ("organizations.party_organizations", {}, TOTALS["organizations"]),
    ("organizations.party_organizations", {"kind": ["党支部"]}, TOTALS["branches"]),
    ("people.party_members", {}, TOTALS["members"]),
    ("people.party_members", {"category": ["预备"]}, TOTALS["probationary_members"]),
    ("people.persons", {}, TOTALS["people_distinct"]),
    ("cadres.total", {}, TOTALS["cadres"]),
    ("cadres.secondments_running", {}, TOTALS["secondments_running"]),
    ("meetings.held", {}, TOTALS["activities_in_period"]),
    ("visits.made", {}, TOTALS["visits"]),
    ("visits.organizations", {}, TOTALS["organizations_visited"]),
    ("visits.opinions", {"state": ["收集"]}, TOTALS["opinions"]),
    ("visits.opinions", {"state": ["办结"]}, TOTALS["opinions_closed"]),
    ("supervision.groups", {}, TOTALS["supervision_groups"]),
    ("supervision.problems", {"state": ["发现"]}, TOTALS["rectifications"]),
    ("supervision.problems", {"state": ["已销号"]}, TOTALS["rectifications_closed"]),
    ("supervision.problems", {"state": ["超期"]}, TOTALS["rectifications_overdue"]),
    ("tasks.items", {}, TOTALS["tasks"]),
    ("tasks.items", {"state": ["完成"]}, TOTALS["tasks_done"]),
    ("tasks.items", {"state": ["超期"]}, TOTALS["tasks_overdue"]),
    ("publicity.articles", {}, TOTALS["articles"]),
    ("mentoring.pairs", {}, TOTALS["mentoring_pairs"]),
    ("training.hours", {}, TOTALS["training_hours_in_period"]),
]


@pytest.fixture
def half_year(yunxi):
    return frame_of("2023H1", TODAY)


@pytest.mark.parametrize(("figure", "facets", "expected"), NUMBERS, ids=lambda v: str(v) if not isinstance(v, dict) else "")
def test_a_figure_is_what_the_clean_records_say(half_year, figure, facets, expected):
    assert CATALOGUE[figure].number(half_year, facets) == expected


@pytest.mark.parametrize("figure", [f for f in CATALOGUE.values() if isinstance(f, Figure)], ids=lambda f: f.id)
def test_a_number_and_its_rows_are_one_definition(half_year, operator, figure):
    rows = figure.rows(half_year).visible_to(operator)
    value = figure.number(half_year)
    if value is None:
        assert rows.count() == 0
    elif not figure.amount and not figure.of:
        assert len(list(rows)) == value


@pytest.mark.parametrize("figure", [f for f in CATALOGUE.values() if isinstance(f, Figure)], ids=lambda f: f.id)
def test_the_parts_by_each_facet_are_parts_of_the_whole(half_year, operator, figure):
    """Every value a facet offers can be asked for, and no part exceeds the whole."""
    whole = figure.number(half_year)
    for facet, values in figure.values(operator).items():
        for value in values:
            part = figure.number(half_year, {facet: [value]})
            assert part is None or part <= (whole or 0), f"{figure.id} {facet}={value}"


def test_names_come_from_the_root_and_the_meetings(half_year):
    assert CATALOGUE["organizations.place"].names(half_year) == ["云溪县"]
    assert CATALOGUE["organizations.level"].names(half_year) == ["县"]
    assert CATALOGUE["organizations.superior"].names(half_year) == ["全市"]
    assert sorted(CATALOGUE["meetings.joint_study_partners"].names(half_year)) == sorted(SLOTS["joint_study_partner_units"])


def test_what_was_never_taken_in_is_no_number(half_year):
    assert CATALOGUE["talents.services"].number(half_year) is None
    assert CATALOGUE["cadres.disciplined"].number(frame_of("2001", TODAY)) == 0


@pytest.mark.parametrize(
    ("duty", "state", "expected"),
    [
        ("meetings.general_meeting", "advised", OWED["general_meeting_missed_a_quarter"]),
        ("meetings.party_lecture", "missed", OWED["party_lecture_missed_a_quarter"]),
        ("meetings.committee_meeting", "advised", OWED["committee_meeting_missed_a_month"]),
        ("meetings.theme_day", "missed", OWED["theme_day_missed_a_month"]),
        ("elections.term", "missed", OWED["election_overdue"]),
        ("elections.term", "due", OWED["election_due_in_6_months"]),
        ("cadres.secondment_midway", "missed", OWED["secondment_midway_missing"]),
    ],
)
def test_duties_find_those_and_only_those(half_year, operator, duty, state, expected):
    found = [f.subject for f in findings(half_year, operator) if f.duty == duty and f.state == state]
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("by", ["age_band", "sex", "education", "rank"])
def test_the_structure_of_the_cadres(half_year, by):
    cells = {cell.values[0]: cell.count for cell in table("cadres", [by], half_year)}
    assert cells == EXPECTED["cadre_structure"][f"by_{by}"]


def test_exactly_the_bad_rows_go_back_with_the_right_cell(yunxi, operator):
    refused = results.document(results.batch(yunxi, operator))["refused"]
    expected = {(r["file"], r["row"]) for r in EXPECTED["rows_that_must_be_refused"]}
    assert {(r["file"], r["row"]) for r in refused} == expected
    cells = {(r["file"][:2], r["row"]): r["cell"] for r in refused}
    assert cells == {
        ("02", 323): "I323",
        ("02", 649): "L649",
        ("02", 757): "E757",
        ("02", 856): "E856",
        ("04", 731): "B731",
        ("10", 38): "D38",
    }
    assert all(r["reason"] and r["hint"] for r in refused)
