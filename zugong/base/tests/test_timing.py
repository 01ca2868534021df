"""When jobs are due, case by case; and what holds for every timing there is."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from zugong.base.timing import Every, Timing, quiet_until
from zugong.base.workdays import Workdays

CASES = yaml.safe_load((Path(__file__).parent / "cases/timing.yaml").read_text("utf-8"))
IS_WORKING = Workdays({}).is_working
MOMENTS = st.datetimes(datetime(2023, 1, 1), datetime(2023, 12, 1))


def moment(said):
    return None if said is None else datetime.fromisoformat(str(said))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_a_case(case):
    now = moment(case["now"])
    if "every" in case:
        timing = Timing(Every(case["every"]), time.fromisoformat(case["at"]), case.get("weekday", 0))
        assert timing.latest(now, IS_WORKING) == moment(case["latest"])
        assert timing.next(now, IS_WORKING) == moment(case["next"])
    else:
        ends = time.fromisoformat(case["quiet_from"]), time.fromisoformat(case["quiet_to"])
        assert quiet_until(now, *ends) == moment(case["quiet"])


@settings(max_examples=60, deadline=None)
@given(MOMENTS, st.sampled_from(list(Every)), st.times(), st.integers(0, 6))
def test_nothing_lies_between_the_last_moment_and_the_next(now, every, at, weekday):
    timing = Timing(every, at, weekday)
    latest, coming = timing.latest(now, IS_WORKING), timing.next(now, IS_WORKING)
    assert latest <= now < coming
    assert timing.next(latest, IS_WORKING) == coming
    assert timing.latest(coming - timedelta(microseconds=1), IS_WORKING) == latest


@settings(max_examples=60, deadline=None)
@given(MOMENTS, st.times(), st.times())
def test_quiet_hours_end_and_it_is_not_quiet_then(now, begin, end):
    over = quiet_until(now, begin, end)
    if over is not None:
        assert now < over <= now + timedelta(days=1)
        assert quiet_until(over, begin, end) is None
