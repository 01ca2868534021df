"""What may be entered about a number: an officer's cases."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from zugong.base.rules import Leeway, Source, Standing, Verdict
from zugong.regulations import rules

CASES = yaml.safe_load((Path(__file__).parent / "cases/lines.yaml").read_text("utf-8"))
SOURCE = Source("支部工作条例", status=Standing.UNVERIFIED)


def answer(kind: str, c: dict) -> Verdict:
    if kind == "draft":
        return rules.may_draft(c["value"], c["regulation"], c.get("taken", False))
    if kind == "put_in_force":
        return rules.may_put_in_force(c["since"], c["today"], c.get("reason", ""), c.get("taken", False))
    if kind == "local":
        return rules.may_set_local(Leeway(c["leeway"]), "", c["national"], c["local"], SOURCE, c["reason"])
    return rules.may_check(Standing(c["standing"]), c["article"], c["url"], c.get("read", True))


EVERY = [pytest.param(kind, case, id=f"{kind}: {case['case']}") for kind, cases in CASES.items() for case in cases]


@pytest.mark.parametrize(("kind", "case"), EVERY)
def test_cases(kind, case):
    verdict = answer(kind, case)
    assert bool(verdict) == ("says" not in case), verdict
    assert case.get("says", "") in "；".join(map(str, verdict.reasons))
