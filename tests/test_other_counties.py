"""Other counties, other layouts: each folder of `tests/counties` holds nineteen ledgers arranged by other clerks, and what
must follow from them, worked out by a program of its own. The commands a department uses are run on them."""

from __future__ import annotations

import json
import os
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from conftest import ROOT
from tests.forks import made_ready, zugong

COUNTIES = sorted(path for path in (ROOT / "tests/counties").iterdir() if path.is_dir())
# With the long proofs on both databases: the example county is asked every day, these differ in how their ledgers look.
TEMPLATE = ROOT / "examples/2023H1-work-report.txt"
SLOTS = [
    "dual_creation_exchange_sessions", "urgent_talents_introduced", "urgent_talents_introduced_master",
    "planned_open_recruits_year", "special_and_personalised_trainings", "business_lectures", "reserve_cadres_selected",
    "talent_introduction_posts_year", "leading_group_symposia", "research_reports", "apartment_residents",
]  # fmt: skip
FIGURES = [
    ("people.party_members", (), "members"),
    ("people.party_members", ("category=预备党员",), "probationary_members"),
    ("organizations.party_organizations", ("kind=党支部",), "branches"),
    ("people.persons", (), "people_distinct"),
    ("meetings.held", (), "activities_in_period"),
    ("visits.organizations", (), "organizations_visited"),
    ("visits.opinions", ("state=已办结",), "opinions_closed"),
    ("supervision.problems", ("state=超期",), "rectifications_overdue"),
    ("tasks.items", ("state=超期",), "tasks_overdue"),
    ("training.hours", (), "training_hours_in_period"),
    ("cadres.secondments_running", (), "secondments_running"),
    ("cadres.reserve_used", (), "reserve_promoted_in_period"),
]
DUTIES = [
    ("meetings.general_meeting", "missed", "general_meeting_missed_a_quarter"),
    ("meetings.party_lecture", "missed", "party_lecture_missed_a_quarter"),
    ("meetings.committee_meeting", "missed", "committee_meeting_missed_a_month"),
    ("meetings.theme_day", "missed", "theme_day_missed_a_month"),
    ("elections.term", "missed", "election_overdue"),
    ("elections.term", "due", "election_due_in_6_months"),
    ("cadres.secondment_midway", "missed", "secondment_midway_missing"),
]


class House:
    """A home of its own and the command that works in it."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env

    def json(self, *arguments: object) -> object:
        done = zugong(self.env, *arguments, "--json")
        assert done.returncode in (0, 3), done.stderr
        return json.loads(done.stdout)


@pytest.fixture(params=[pytest.param(c, id=c.name, marks=pytest.mark.long) for c in COUNTIES])
def county(request, tmp_path, django_db_setup, django_db_blocker):
    """The folder, what is expected of it, and a house that took it in."""
    env = {**os.environ, "ZUGONG_HOME": str(tmp_path / "home")}
    name = f"{request.param.name}_{os.getpid()}"
    if url := env.get("ZUGONG_DATABASE_URL"):
        env["ZUGONG_DATABASE_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    made_ready(env)
    house = House(env)
    expected = json.loads((request.param / "expected.json").read_text("utf-8"))
    taken = house.json("intake", request.param, "--commit")
    yield house, expected, taken, request.param
    if url:
        with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_everything_follows_from_the_ledgers(county):
    house, expected, taken, folder = county
    refused = {(r["file"], r["row"]) for r in taken["refused"]}
    assert refused == {(r["file"], r["row"]) for r in expected["rows_that_must_be_refused"]}
    again = house.json("intake", folder, "--commit")
    assert sum(f["new"] + f["changed"] for f in again["files"]) == 0
    for figure, facets, total in FIGURES:
        asked = [part for facet in facets for part in ("--facet", facet)]
        value = house.json("figure", figure, "--period", "2023H1", *asked)["value"]
        assert value == expected["totals"][total], (figure, facets)
    found = house.json("duties", "--period", "2023H1")
    for duty, state, owed in DUTIES:
        subjects = sorted(f["subject"] for f in found if f["duty"] == duty and f["state"] == state)
        assert subjects == sorted(expected["obligations"][owed]), duty
    for by, cells in expected["cadre_structure"].items():
        got = house.json("structure", "--by", by.removeprefix("by_"), "--on", "2023-06-30")["cells"]
        assert {c[by.removeprefix("by_")]: c["count"] for c in got if c["count"]} == cells
