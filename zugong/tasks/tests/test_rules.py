"""The rules of tasks, case by case as an officer wrote them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from zugong.base.rules import Source, Standing
from zugong.tasks.rules import Turn, may_move_deadline, may_send, may_set_milestones, may_tell_again, next_speakers

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


REMINDERS = yaml.safe_load((Path(__file__).parent / "cases/reminders.yaml").read_text("utf-8"))
LOCAL = Source("督办限额", status=Standing.LOCAL)


@pytest.mark.parametrize("case", REMINDERS, ids=lambda case: case["what"])
def test_a_case_of_reminding(case):
    if case["rule"] == "turn":
        row = [Turn(*seat) for seat in case["row"]]
        assert next_speakers(row, case["day"]) == case["next"]
    elif case["rule"] == "again":
        assert may_tell_again(case["last"], case["day"], case["days"]) is case["allowed"]
    else:
        verdict = may_send("张某", case["sent"], case["quota"], "部领导", LOCAL)
        assert bool(verdict) is case["allowed"]
        assert case.get("says", "") in "；".join(map(str, verdict.reasons))
