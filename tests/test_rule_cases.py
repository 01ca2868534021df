"""Rules of the rooms whose cases say which rule, in which situation, and what must come of it: one a file, all in one test."""

from __future__ import annotations

from importlib import import_module

import pytest
import yaml

from conftest import ROOT

FILES = {"people": "deciding", "cadres": "assessing", "training": "leave"}
CASES = [
    (room, case)
    for room, name in FILES.items()
    for case in yaml.safe_load((ROOT / f"zugong/{room}/tests/cases/{name}.yaml").read_text("utf-8"))
]


@pytest.mark.parametrize("room", FILES)
def test_cases(room):
    rules = import_module(f"zugong.{room}.rules")
    wrong = []
    for case in (case for where, case in CASES if where == room):
        answer = getattr(rules, case["rule"])(**case["given"])
        good = answer == case["is"] if "is" in case else bool(answer) == case["holds"]
        wrong += [] if good else [(case["case"], answer)]
    assert wrong == []
