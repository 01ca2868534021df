"""Procedures as data: what a file may say, which version holds, and what two versions say differently."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from conftest import IMPORT_DAY
from zugong.base.rules import NotAllowed, Refused
from zugong.regulations.actions import change_procedure
from zugong.regulations.models import ProcedureVersion
from zugong.regulations.procedures import BadProcedure, Limit, differences, in_force, limit_words, read, shipped, written

CASES = yaml.safe_load((Path(__file__).parent / "cases/procedures.yaml").read_text("utf-8"))
SOURCE = {"regulation": "某办法", "status": "本地规定"}
FILE = {
    "name": "试办", "about": "tasks.task", "what": "一件事。", "since": "2020-01-01", "source": SOURCE,
    "steps": [
        {"step": "first", "name": "交办", "who": "office", "source": SOURCE},
        {"step": "second", "name": "办结", "who": "office", "source": SOURCE},
    ],
}  # fmt: skip


def text(**second) -> str:
    step = {k: v for k, v in {**FILE["steps"][1], **second}.items() if v is not None}
    return yaml.safe_dump({**FILE, "steps": [FILE["steps"][0], step]}, allow_unicode=True)


def test_the_plain_file_is_read():
    found = read("试", text(limit={"days": 3, "count": "working", "from": "first"}))
    assert [one.id for one in found.steps] == ["first", "second"]
    assert found.step("second").limit == Limit(3, True, "first")
    assert limit_words(found.step("second"), found) == "“交办”办完后 3 个工作日内"


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["case"])
def test_what_cannot_be_meant_is_refused_by_name(case):
    with pytest.raises(BadProcedure) as error:
        read("试", text(**case["change"]))
    assert case["refused"] in str(error.value)


def test_a_kept_version_reads_back_to_itself():
    for one in shipped().values():
        assert read(one.code, written(one)) == one


def test_the_latest_version_that_holds_by_then_is_the_one():
    old = read("试", text())
    newer = read("试", text().replace("2020-01-01", "2024-05-01"))
    assert in_force([old, newer], date(2019, 12, 31)) is None
    assert in_force([old, newer], date(2024, 4, 30)) is old
    assert in_force([newer, old], date(2024, 5, 1)) is newer


def test_a_new_version_holds_from_its_day_and_the_old_stays(operator):
    since = date(2027, 1, 1)
    before = version_for_on(operator, IMPORT_DAY)
    limits, who = {"answered": Limit(15, True, "handed")}, {"told": "office"}
    made = change_procedure(by=operator, on=IMPORT_DAY, code="opinion", since=since, limits=limits, who=who, reason="答复太慢")
    told = [(one.step, one.what, one.old, one.new) for one in differences(before.procedure, made.procedure)]
    assert told == [
        ("答复", "时限", "“交办”办完后 20 个工作日内", "“交办”办完后 15 个工作日内"),
        ("反馈本人", "谁办", "组织科干部", "科室干部（综合）"),
    ]
    versions = ProcedureVersion.objects.of("opinion")
    assert in_force(versions, date(2026, 12, 31)) == before.procedure
    assert in_force(versions, since) == made.procedure


def version_for_on(by, day) -> ProcedureVersion:
    one = shipped()["opinion"]
    return ProcedureVersion(code="opinion", mark=one.mark, since=one.since, content=written(one), shipped=True, made_on=day)


def test_what_a_national_text_says_no_house_changes(operator):
    limits = {"mended": Limit(60, False, "handed")}
    with pytest.raises(Refused, match=r"“整改”的时限不是本地定的.*民主生活会若干规定》（条款待核）"):
        change_procedure(
            by=operator, on=IMPORT_DAY, code="rectification", since=IMPORT_DAY, limits=limits, who={}, reason="来不及"
        )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"since": date(2026, 11, 21)}, "已经过去"),
        ({"reason": " "}, "还没有写为什么要改"),
        ({"limits": {}}, "没有不同"),
        ({"limits": {"handed": Limit(0, True, "entered")}}, "天数要从 1 起"),
        ({"who": {"handed": "clerk"}}, "没有“clerk”这个角色"),
    ],
)
def test_a_change_is_refused_and_nothing_kept(operator, given, said):
    whole = {"since": IMPORT_DAY, "limits": {"handed": Limit(4, True, "entered")}, "who": {}, "reason": "改"}
    with pytest.raises(Refused, match=said):
        change_procedure(by=operator, on=IMPORT_DAY, code="opinion", **{**whole, **given})
    assert not ProcedureVersion.objects.exists()


def test_only_who_may_change_the_rules_changes_a_procedure(account):
    limits = {"handed": Limit(4, True, "entered")}
    with pytest.raises(NotAllowed):
        change_procedure(
            by=account("cadre_office"), on=IMPORT_DAY, code="opinion", since=IMPORT_DAY, limits=limits, who={}, reason="改"
        )
