"""What branches owe in meetings: an officer's cases, and the set-based duties against the pure rule."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import IMPORT_DAY
from zugong.base.periods import Frame, Period
from zugong.base.records import writing_allowed
from zugong.base.rules import Source
from zugong.meetings.duties import COMMITTEE, GENERAL, LECTURE, THEME
from zugong.meetings.models import Meeting
from zugong.meetings.rules import was_held_often_enough
from zugong.organizations.models import PartyOrganization, Placement
from zugong.people.models import Membership, Person

DUTIES = {duty.id: duty for duty in (GENERAL, COMMITTEE, THEME, LECTURE)}
CASES = yaml.safe_load((Path(__file__).parent / "cases/duties.yaml").read_text("utf-8"))


def branch(code: str = "9001", founded: date | None = None, full: int = 9, probationary: int = 3) -> PartyOrganization:
    """A branch with so many full and probationary members, on the top of its own tree."""
    with writing_allowed():
        one = PartyOrganization.objects.create(
            code=code, name=f"支部{code}", kind="党支部", founded_on=founded, valid_from=founded
        )
        Placement.objects.create(organization=one, path=f"{code}.", valid_from=founded)
        for n in range(full + probationary):
            category = "正式党员" if n < full else "预备党员"
            person = Person.objects.create(name=f"{code}-{n}")
            Membership.objects.create(person=person, organization=one, category=category)
    return one


def hold(where: PartyOrganization, kind: str, days: list[date]) -> None:
    with writing_allowed():
        Meeting.objects.bulk_create([Meeting(organization=where, kind=kind, held_on=day) for day in days])


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["case"])
def test_cases(empty, case):
    one = branch(founded=case.get("founded"), full=case.get("full_members", 9))
    hold(one, case["kind"], case["held"])
    found = list(DUTIES[case["duty"]].findings(Frame.of(Period.parse(case["period"]), case["day"]), empty))
    assert [(f.state.value, list(f.missing)) for f in found] == [(case["state"], case["missing"])]
    if "regulation" in case:
        assert found[0].source.regulation == case["regulation"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.integers(0, 364), max_size=12), min_size=1, max_size=6))
def test_the_set_based_duty_and_the_pure_rule_agree(empty, histories):
    with writing_allowed():
        Meeting.objects.filter(organization__code__startswith="P").delete()
        known = {o.code: o for o in PartyOrganization.objects.filter(code__startswith="P")}
    held = {}
    for n, offsets in enumerate(histories):
        code = f"P{n}"
        one = known.get(code) or branch(code, full=0, probationary=0)
        held[code] = [date(2022, 1, 1) + timedelta(days=d) for d in offsets]
        hold(one, "主题党日", held[code])
    frame = Frame.of(Period.parse("2022"), IMPORT_DAY)
    found = {f.subject_code: set(f.missing) for f in DUTIES["meetings.theme_day"].findings(frame, empty)}
    for code, days in held.items():
        rule = {
            month.code
            for month in Period.parse("2022").split(1)
            if not was_held_often_enough(days, month.first, month.last, 1, Source("条例"))
        }
        assert found[code] == rule
