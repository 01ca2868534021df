"""Terms: expiry and reminder as an officer would count them, and the duty on both sides of each day."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from zugong.base.periods import Frame, Period
from zugong.base.records import writing_allowed
from zugong.elections.duties import TERM
from zugong.elections.models import Term
from zugong.elections.rules import term_expires_on
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
