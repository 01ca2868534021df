"""Which line of a number holds where and when: an officer's cases; and that asking costs nothing until something is asked."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from zugong.base.parameters import Line, Parameters
from zugong.base.rules import Leeway, Source, Standing, room_for_local
from zugong.base.standards import Entered, Standards

CASES = yaml.safe_load((Path(__file__).parent / "cases/standards.yaml").read_text("utf-8"))
SHIPPED = {"value": 1, "since": date(2018, 10, 28), "regulation": "支部条例", "status": "条款待核", "checked_on": "2026-11-22"}
PARAMETER = Parameters.of("room", {"number": {"meaning": "几次", "local": "more", "lines": [SHIPPED]}})["number"]


def entered(said: dict) -> Entered:
    code = said.get("code", "")
    status = Standing.LOCAL if code else Standing.UNVERIFIED
    source = Source(said.get("regulation", "支部条例"), said.get("article", ""), status)
    line = Line(said["value"], said["since"], said.get("until"), source)
    return Entered(PARAMETER.key, code, line, said.get("checks", False))


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["case"])
def test_cases(case):
    standards = Standards(lambda: map(entered, case.get("entered", [])))
    for one in case["asked"]:
        day, at = one["day"], one.get("at")
        line = standards.at(PARAMETER, day, at) if at else standards.on(PARAMETER, day)
        assert line.value == one["value"], one
        assert line.source.cite() == one.get("cited", line.source.cite())


def test_what_was_entered_is_asked_for_once_and_only_when_a_number_is():
    asked = []
    standards = Standards(lambda: asked.append(1) or [])
    assert not asked
    for day in (date(2020, 1, 1), date(2026, 1, 1)):
        standards.on(PARAMETER, day)
        standards.at(PARAMETER, day, "P.C.")
    assert len(asked) == 1


def test_standards_tried_leave_those_in_force_as_they_are():
    day, held = date(2026, 6, 30), Standards()
    tried = held.also(entered({"value": 5, "since": date(2026, 1, 1)}))
    assert (held.on(PARAMETER, day).value, tried.on(PARAMETER, day).value) == (1, 5)


@pytest.mark.parametrize(
    ("leeway", "allowed"), [("none", {3}), ("more", {3, 4}), ("less", {2, 3}), ("any", {2, 3, 4})], ids=str
)
def test_a_local_number_may_differ_only_the_way_that_is_left_open(leeway, allowed):
    assert {n for n in (2, 3, 4) if room_for_local(Leeway(leeway), 3, n)} == allowed
