"""Working days: an officer's cases, what is entered here, and years nobody has given out."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from conftest import IMPORT_DAY
from zugong.base.rules import Refused
from zugong.base.workdays import UnknownYear, Workdays, enter_days, workdays

CASES = yaml.safe_load((Path(__file__).parent / "cases/workdays.yaml").read_text("utf-8"))
PLAIN = Workdays({})


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["case"])
def test_cases(case):
    asked = (case["start"], case["days"])
    if "unknown" in case:
        with pytest.raises(UnknownYear, match=f"{case['unknown']}年的节假日安排尚未公布"):
            PLAIN.last_of(*asked, count_first=case["count_first"])
    else:
        assert PLAIN.last_of(*asked, count_first=case["count_first"]) == case["last"]


@given(st.dates(date(2020, 1, 1), date(2026, 9, 1)), st.integers(1, 20), st.booleans())
def test_so_many_working_days_lie_up_to_the_last_of_them(start, many, count_first):
    last = PLAIN.last_of(start, many, count_first=count_first)
    assert PLAIN.is_working(last)
    assert PLAIN.between(start, last, count_first=count_first) == many
    assert PLAIN.between(start, last - timedelta(days=1), count_first=count_first) == many - 1


def test_what_is_entered_goes_before_and_makes_a_year_known(operator):
    enter_days(by=operator, on=IMPORT_DAY, basis="县里的通知", off=[date(2026, 11, 3)], working=[date(2026, 11, 7)])
    assert workdays().last_of(date(2026, 11, 2), 5) == date(2026, 11, 9)
    assert workdays().is_working(date(2026, 11, 7))
    with pytest.raises(UnknownYear):
        workdays().is_working(date(2027, 3, 1))
    enter_days(
        by=operator, on=IMPORT_DAY, basis="国务院办公厅关于2027年部分节假日安排的通知",
        off=[date(2027, 1, 1)], working=[date(2027, 1, 3)], whole_year=2027,
    )  # fmt: skip
    assert [workdays().is_working(date(2027, 1, day)) for day in (1, 2, 3, 4)] == [False, False, True, True]


@pytest.mark.parametrize(
    ("off", "working", "words"),
    [
        ([date(2027, 1, 1)], [date(2027, 1, 1)], "既写成放假又写成上班"),
        ([date(2028, 1, 1)], [], "不在 2027 年"),
        ([], [], "至少填一天"),
    ],
)
def test_what_cannot_be_is_refused(operator, off, working, words):
    with pytest.raises(Refused, match=words):
        enter_days(by=operator, on=IMPORT_DAY, basis="通知", off=off, working=working, whole_year=2027)
    assert not workdays().special
