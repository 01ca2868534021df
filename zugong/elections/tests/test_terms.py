"""Terms: expiry and reminder as an officer would count them, and the duty on both sides of each day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from zugong.base.periods import Frame, Period
from zugong.base.records import writing_allowed
from zugong.base.rules import Refused
from zugong.elections import actions
from zugong.elections.duties import TERM
from zugong.elections.models import Term
from zugong.elections.rules import term_expires_on
from zugong.elections.views import with_state
from zugong.organizations.models import PartyOrganization, Placement

CASES = yaml.safe_load((Path(__file__).parent / "cases/terms.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["case"])
def test_cases(case):
    assert term_expires_on(case["elected"], case["years"]) == case["expires"]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["case"])
def test_the_duty_turns_on_the_very_day(empty, case):
    with writing_allowed():
        one = PartyOrganization.objects.create(code="9001", name="支部", kind="党支部")
        Placement.objects.create(organization=one, path="9001.")
        Term.objects.create(organization=one, elected_on=case["elected"], years=case["years"], expires_on=case["expires"])

    def state(day):
        (found,) = TERM.findings(Frame.of(Period.parse(str(day.year)), day), empty)
        return found.state.value

    one_day = timedelta(days=1)
    assert [state(case["reminder"] - one_day), state(case["reminder"])] == ["met", "due"]
    assert [state(case["expires"] - one_day), state(case["expires"])] == ["due", "missed"]


def test_an_approved_extension_moves_the_end_and_is_never_half_said(empty):
    with writing_allowed():
        one = PartyOrganization.objects.create(code="9001", name="支部", kind="党支部")
        Placement.objects.create(organization=one, path="9001.")
        term = Term.objects.create(organization=one, elected_on=date(2023, 12, 20), years=3, expires_on=date(2026, 12, 20))
    on, to = date(2026, 11, 30), date(2027, 12, 20)

    def edit(**changes):
        return actions.edit(by=empty, on=on, term=Term.objects.get(pk=term.pk), changes=changes)

    for half, why in (
        ({"extension_basis": "批复"}, "还要写延到哪一天"),
        ({"extended_to": to}, "要经上级党组织批准"),
        ({"extended_to": to + timedelta(days=1), "extension_basis": "批复"}, "最迟到 2027-12-20"),
        ({"extended_to": date(2026, 12, 20), "extension_basis": "批复"}, "不是延期"),
        ({"extended_to": to, "extension_basis": "批复", "years": None}, "先补任期"),
    ):
        with pytest.raises(Refused, match=why):
            edit(**half)
    assert not Term.objects.exclude(extended_to=None, extension_basis="").exists()
    edit(extended_to=to, extension_basis="批复")
    (kept,) = Term.objects.latest(date(2027, 6, 20)).ending()
    assert kept.ends_on == to
    (late,) = with_state(Term.objects.all(), Frame.of(Period.parse("2027"), date(2027, 6, 20)))
    assert late.state == "任期内"
    with pytest.raises(Refused, match="不是延期"):
        edit(years=5)
    edit(years=5, extended_to=None, extension_basis="")
    assert Term.objects.ending().get().ends_on == date(2028, 12, 20)
