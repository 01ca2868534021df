"""The rules of tasks, case by case as an officer wrote them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from zugong.tasks.rules import may_move_deadline, may_set_milestones

CASES = yaml.safe_load((Path(__file__).parent / "cases/tasks.yaml").read_text("utf-8"))


def answered(case):
    if case["rule"] == "move":
        return may_move_deadline(case["before"], case["after"], case["reason"], case.get("done_on"))
    return may_set_milestones(case["due"], case["deadline"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_a_case(case):
    verdict = answered(case)
    assert bool(verdict) is case["allowed"]
    assert case.get("says", "") in "；".join(map(str, verdict.reasons))
