"""The statistics room's pages: values as expected, rows those and only those, facets in the address, people in cells."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from conftest import YUNXI
from zugong.base.access import ROLES, Permission, Role
from zugong.base.models import Grant, TrailEntry
from zugong.base.records import writing_allowed
from zugong.organizations.models import PartyOrganization
from zugong.statistics import structure
from zugong.statistics.catalogue import FIGURES, NAMES
from zugong.statistics.forms import CrossForm, question_of
from zugong.statistics.frames import frame_of
from zugong.statistics.numbers import numbers, parts

EXPECTED = json.loads((YUNXI / "expected.json").read_text("utf-8"))
SLOTS, TOTALS = EXPECTED["report_slots"], EXPECTED["totals"]
HALF = {"period": "2023H1"}
DAY = date(2023, 6, 30)
VALUES = {
    "organizations.party_organizations": TOTALS["organizations"],
    "people.persons": TOTALS["people_distinct"],
    "people.party_members": TOTALS["members"],
    "cadres.total": TOTALS["cadres"],
    "meetings.held": TOTALS["activities_in_period"],
    "visits.made": TOTALS["visits"],
    "visits.organizations": TOTALS["organizations_visited"],
    "visits.opinions": TOTALS["opinions"],
    "supervision.groups": TOTALS["supervision_groups"],
    "supervision.problems": TOTALS["rectifications"],
    "tasks.items": TOTALS["tasks"],
    "publicity.articles": TOTALS["articles"],
    "mentoring.pairs": TOTALS["mentoring_pairs"],
    "cadres.reserve_used": TOTALS["reserve_promoted_in_period"],
    "cadres.secondments_running": TOTALS["secondments_running"],
    "training.hours": TOTALS["training_hours_in_period"],
    "talents.apartment_residents": SLOTS["apartment_residents"],
}
NARROWED = [
    ("organizations.party_organizations", {"kind": ["支部"]}, TOTALS["branches"]),
    ("people.party_members", {"category": ["预备党员"]}, TOTALS["probationary_members"]),
    ("meetings.held", {"kind": ["座谈会"], "topic": ["人才工作领导小组成员单位"]}, SLOTS["leading_group_symposia"]),
    ("meetings.held", {"kind": ["业务大讲堂"]}, SLOTS["business_lectures"]),
    ("training.classes", {"kind": ["专项培训", "个性化培训"]}, SLOTS["special_and_personalised_trainings"]),
    ("talents.introduced", {"kind": ["急需紧缺人才"]}, SLOTS["urgent_talents_introduced"]),
    ("talents.introduced", {"kind": ["急需紧缺人才"], "education": ["硕士"]}, SLOTS["urgent_talents_introduced_master"]),
    ("visits.opinions", {"state": ["办结"]}, TOTALS["opinions_closed"]),
    ("supervision.problems", {"state": ["超期"]}, TOTALS["rectifications_overdue"]),
    ("tasks.items", {"state": ["完成"]}, TOTALS["tasks_done"]),
]
FACETS = {"by_age_band": "age_band", "by_sex": "sex", "by_education": "education", "by_rank": "rank"}


def figure(who: Client, id: str, **query: Any) -> Any:
    answer = who.get(reverse("statistics:figure", args=[id]), {**HALF, **query})
    assert answer.status_code == 200
    return answer


def every_row(who: Client, href: str, query: dict[str, Any], first: Any = None) -> list[int]:
    """The numbers of all rows of a page, leafing through it to the end; `first` where its beginning was opened already."""
    found: list[int] = []
    after: dict[str, Any] = {}
    path, _, held = href.partition("?")
    while True:
        rows = first or who.get(path, {**QueryDict(held).dict(), **query, **after}).context["rows"]
        first = None
        found += [record.pk for record in rows.page.records]
        if rows.page.after is None:
            return found
        after = {"after": rows.page.after}


@pytest.fixture
def branch(yunxi) -> PartyOrganization:
    return PartyOrganization.objects.get(name="中共云溪县财政局机关支部委员会")


def test_the_catalogue_shows_every_figure_with_its_value(yunxi, door, django_assert_max_num_queries):
    who = door("office")
    who.get(reverse("statistics:figures"), HALF)
    with django_assert_max_num_queries(18):
        answer = who.get(reverse("statistics:figures"), HALF)
    shown = {one.id: change for entries in answer.context["offices"].values() for one, change, _ in entries}
    assert set(shown) == set(FIGURES)
    assert {id: shown[id].value for id in VALUES} == VALUES
    assert shown["organizations.brands_recognized"].value is None
    page = answer.content.decode()
    for one in FIGURES.values():
        assert one.definition in page
    assert "云溪县" in page
    assert all(name.name in page for name in NAMES.values())


def test_many_numbers_at_once_are_the_figures_own(yunxi, operator, branch):
    asked = [
        (one, frame)
        for code in ("", branch.code)
        for period in ("2023H1", "2022H2", "2015")
        for frame in [frame_of(period, DAY, code)]
        for one in FIGURES.values()
    ]
    assert numbers(asked) == [one.number(frame) for one, frame in asked]


def test_no_question_needs_no_statement(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert numbers([]) == []


@pytest.mark.parametrize(("id", "value"), VALUES.items())
def test_a_figures_page_shows_its_value_beside_earlier_ones(yunxi, door, id, value):
    answer = figure(door("office"), id)
    frame, one = frame_of("2023H1", DAY), FIGURES[id]
    assert answer.context["answer"].value == value
    before = {e.change.before for e in answer.context["earlier"]}
    assert one.number(frame.during(frame.period.a_year_before())) in before
    assert f"{value:,}" in answer.content.decode()


@pytest.mark.parametrize(("id", "facets", "value"), NARROWED)
def test_facets_are_said_in_the_address(yunxi, door, id, facets, value):
    who = door("office")
    answer = figure(who, id, **facets)
    assert answer.context["answer"].value == value
    wanted = set(FIGURES[id].rows(frame_of("2023H1", DAY), facets).values_list("pk", flat=True))
    rows = every_row(who, reverse("statistics:figure", args=[id]), {**HALF, **facets})
    assert len(rows) == len(set(rows))
    assert set(rows) == wanted


def test_rows_are_those_and_only_those_page_after_page(yunxi, door):
    asked = {**HALF, "category": "预备党员"}
    rows = every_row(door("office"), reverse("statistics:figure", args=["people.party_members"]), asked)
    assert len(rows) == len(set(rows)) == TOTALS["probationary_members"] == 130


def test_each_row_leads_to_its_record(yunxi, door):
    who = door("office")
    href, _ = figure(who, "visits.made").context["rows"].shown[0]
    assert who.get(href).status_code == 200


def test_words_that_cannot_be_resolved_say_so(yunxi, door):
    answer = figure(door("office"), "meetings.held", kind="从来没有的会")
    page = answer.content.decode()
    assert "待定" in page
    assert "从来没有的会" in page
    assert answer.context["rows"] is None


def test_no_data_is_not_none(yunxi, door):
    page = figure(door("office"), "talents.projects").content.decode()
    assert "缺数" in page
    assert "不能说是 0" in page


def test_a_figure_can_be_looked_at_another_way(yunxi, door):
    assert figure(door("office"), "talents.apartment_residents", time="as_of").context["time"] == "期末数"
    assert figure(door("office"), "talents.apartment_residents", time="nonsense").context["time"] == "期间数"


def test_parts_by_a_facet_add_up(yunxi, operator):
    frame, one = frame_of("2023H1", DAY), FIGURES["meetings.held"]
    found = parts(one, one.rows(frame), one.facets["kind"], frame)
    assert sum(n for _, n in found) == TOTALS["activities_in_period"]
    assert dict(found)["业务大讲堂"] == SLOTS["business_lectures"]


def test_the_values_offered_narrow_the_figure(yunxi, door):
    who = door("office")
    answer = figure(who, "meetings.held")
    offers = {offer.facet.name: offer for offer in answer.context["offered"]}
    part = next(part for part in offers["kind"].parts if part.value == "业务大讲堂")
    narrowed = who.get(reverse("statistics:figure", args=["meetings.held"]) + part.href)
    assert narrowed.context["answer"].value == part.number == SLOTS["business_lectures"]
    lifted = next(p for o in narrowed.context["offered"] for p in o.parts if p.chosen)
    assert "kind" not in QueryDict(lifted.href[1:])
    piece = who.get(reverse("statistics:figure-facets", args=["meetings.held"])).content.decode()
    assert "业务大讲堂" in piece
    assert "<html" not in piece


def test_the_difference_to_what_the_reader_sees_is_stated(yunxi, account, branch, monkeypatch):
    counting = Role("counting", "只看数", "看全部的数，不看记录。", frozenset({Permission.STATISTICS_READ}), frozenset())
    monkeypatch.setitem(ROLES, counting.code, counting)
    user = account("branch", branch.code)
    with writing_allowed():
        Grant.objects.create(user=user, role=counting.code, organization_code="")
        who = Client()
        who.force_login(user)
    answer = figure(who, "meetings.held")
    rows = answer.context["rows"]
    own = FIGURES["meetings.held"].number(frame_of("2023H1", DAY, branch.code))
    assert answer.context["answer"].value == TOTALS["activities_in_period"]
    assert (rows.seen, rows.hidden) == (own, TOTALS["activities_in_period"] - own)
    assert "不在您能看的范围里" in answer.content.decode()


def test_a_branch_sees_numbers_and_nobody_of_the_cadres(yunxi, door):
    town = PartyOrganization.objects.get(name="中共云溪县委员会")
    who = door("branch", town.code)
    assert figure(who, "cadres.total").context["answer"].value is None  # of another day than today
    page = figure(who, "cadres.total", period="")
    assert page.context["answer"].value == TOTALS["cadres"]
    assert page.context["rows"].shown == []
    assert "没有查看权限" in page.content.decode()
    table = who.get(reverse("statistics:structure")).content.decode()
    assert "不显示" in table
    assert reverse("statistics:structure-people") not in table
    people = who.get(reverse("statistics:structure-people"), {**HALF, "subject": "cadres", "sex": "女"})
    assert people.context["rows"].shown == []
    assert who.post(f"{reverse('statistics:structure-export')}?subject=cadres&day=2023-06-30").status_code == 403


def test_names_are_shown_with_what_they_are_taken_from(yunxi, door):
    page = figure(door("office"), "meetings.joint_study_partners")
    assert set(page.context["names"]) == set(SLOTS["joint_study_partner_units"])
    assert page.context["rows"].seen == len(page.context["rows"].shown) > 0
    assert figure(door("office"), "organizations.place").context["names"] == ["云溪县"]


def test_what_is_no_figure_leads_to_the_catalogue(yunxi, door):
    for page in ("figure", "figure-facets", "figure-export"):
        answer = door("office").get(reverse(f"statistics:{page}", args=["no.such"]))
        assert answer.url == reverse("statistics:figures")


def test_rows_go_out_as_a_workbook_and_on_the_trail(yunxi, door):
    who = door("office")
    href = reverse("statistics:figure-export", args=["meetings.held"])
    assert who.get(href).url == reverse("statistics:figure", args=["meetings.held"])
    answer = who.post(f"{href}?period=2023H1&kind=业务大讲堂")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    assert len(rows) == SLOTS["business_lectures"] + 4
    entry = TrailEntry.objects.order_by("-number").first()
    assert entry.verb == "base:record_export"
    assert "业务大讲堂" in entry.values
    assert who.post(f"{href}?period=2023H1&kind=从来没有的会").status_code == 409


@pytest.mark.parametrize(("key", "facet"), FACETS.items())
def test_the_cells_of_the_cross_table_are_as_expected(yunxi, door, key, facet):
    answer = door("office").get(reverse("statistics:structure"), {**HALF, "subject": "cadres", "rows": facet})
    (grid,) = answer.context["made"].grids
    assert {value: cells[0].count for value, cells in grid.lines} == EXPECTED["cadre_structure"][key]
    assert grid.total[0].count == TOTALS["cadres"]


def test_bands_stand_in_order(yunxi, door):
    answer = door("office").get(reverse("statistics:structure"), {**HALF, "rows": "age_band"})
    (grid,) = answer.context["made"].grids
    values = [value for value, _ in grid.lines]
    assert values == [v for v in structure.subject("cadres").facets["age_band"].values if v in values]
    assert [bar["value"] for bar in answer.context["made"].charts[0][1]["data"]["values"]] == values


def test_every_cell_opens_its_people(yunxi, door):
    who = door("office")
    answer = who.get(reverse("statistics:structure"), {**HALF, "rows": "age_band", "columns": "sex"})
    (grid,) = answer.context["made"].grids
    frame, counted = frame_of("2023H1", DAY), 0
    for band, cells in grid.lines:
        for cell in cells:
            if cell.count:
                rows = who.get(cell.href).context["rows"]
                chosen = {"age_band": band, **({"sex": cell.title} if cell.title != "合计" else {})}
                wanted = set(structure.people("cadres", frame, chosen).values_list("pk", flat=True))
                assert rows.seen == cell.count
                assert set(every_row(who, cell.href, {}, rows)) == wanted
                counted += cell.count if cell.title != "合计" else 0
    assert counted == TOTALS["cadres"]


def test_two_days_stand_beside_each_other(yunxi, door):
    asked = {**HALF, "subject": "members", "rows": "sex", "against": "2022-12-31"}
    (grid,) = door("office").get(reverse("statistics:structure"), asked).context["made"].grids
    members, before = (FIGURES["people.party_members"].number(frame_of(p, DAY)) for p in ("2023H1", "2022H2"))
    assert grid.headings == ["2023年6月30日", "2022年12月31日", "增减"]
    assert [cell.count for cell in grid.total] == [members, before, members - before]
    assert grid.total[2].share == f"＋{members - before:,}"
    answer = door("office").get(reverse("statistics:structure"), {**asked, "columns": "category"})
    assert [one.caption for one in answer.context["made"].grids] == ["2023年6月30日", "2022年12月31日"]


@pytest.mark.parametrize(
    "asked",
    [
        {"subject": "nobody"},
        {"rows": "no_facet"},
        {"rows": "sex", "columns": "sex"},
        {"day": "2023-02-31"},
        {"day": "2023-06-30", "against": "nonsense"},
        {"subject": "members", "rows": "rank"},
    ],
)
def test_what_makes_no_table_is_said_and_left_aside(yunxi, door, asked):
    answer = door("office").get(reverse("statistics:structure"), {**HALF, **asked})
    assert answer.status_code == 200
    assert answer.context["made"].counted > 0
    people = {"day": "2023-02-31", "subject": "nobody", "no_facet": "x"}
    assert door("office").get(reverse("statistics:structure-people"), people).status_code == 200


def test_a_table_of_one_branch_on_a_day_it_was_not_there(yunxi, door, branch):
    asked = {**HALF, "scope": branch.code, "day": "1900-01-01"}
    answer = door("office").get(reverse("statistics:structure"), asked)
    assert answer.status_code in (200, 302)


def test_the_address_is_read_as_a_question():
    get = QueryDict("kind=座谈会&kind=&topic=人才&nonsense=1&time=plan")
    asked = question_of(FIGURES["meetings.held"], get, frame_of("2023H1", DAY))
    assert (dict(asked.facets), asked.time) == ({"kind": ["座谈会"], "topic": ["人才"]}, "")
    form = CrossForm(QueryDict("subject=members&rows=sex&against=2022-12-31"), frame_of("2023H1", DAY))
    cross = form.cross()
    assert (cross.subject, cross.by, cross.against.day) == ("members", ("sex",), date(2022, 12, 31))


def test_the_chart_brings_no_code_into_the_page(yunxi, door):
    answer = door("office").get(reverse("statistics:structure"), HALF)
    page = answer.content.decode()
    assert re.search(r'<script id="chart-0" type="application/json">', page)
    assert not re.search(r"<script(?![^>]*(?:src=|application/json))", page)
    assert "unsafe" not in answer["Content-Security-Policy"]
