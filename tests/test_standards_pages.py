"""A clause signed, a revision tried and put in force, a local rule: on the county, by page and by command."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse

from conftest import IMPORT_DAY
from zugong.base import department
from zugong.base.duties import Asking, Board, State
from zugong.base.parameters import Line, Parameter
from zugong.base.records import writing_allowed
from zugong.base.rules import Refused, Source, Standing
from zugong.base.standards import SHIPPED, Entered, Standards
from zugong.desk.dues import DUTIES, board, document
from zugong.desk.trying import PAGE, Trial, adjustable, by_place, touched
from zugong.meetings.models import Meeting
from zugong.organizations.models import PartyGroup, PartyOrganization, Placement
from zugong.regulations.actions import end_line
from zugong.regulations.models import Kind, StandardLine, entered
from zugong.statistics.frames import frame_of

HALF = {"period": "2023H1"}
DAY = date(2023, 6, 30)
CLAUSE = "branch_2018.assembly_quarterly"
NUMBER = "meetings.general_meetings_a_quarter"
ADDRESS = "https://www.12371.cn/2018/11/25/ARTI1543142583000.shtml"
READ = {"article": "第十一条", "url": ADDRESS, "text_read": "on"}
TWICE = {"value": 2, "since": "2027-01-01", "regulation": "中国共产党支部工作条例（试行）", "reason": ""}
TOWN = "中共云溪县直属机关工作委员会"
BRANCH = "中共云溪县财政局机关支部委员会"


@pytest.fixture(autouse=True)
def named(yunxi, operator) -> None:
    department.settle(by=operator, on=IMPORT_DAY, values={"department": "中共云溪县委组织部"})


def post(who, name, *args, query="", **given):
    return who.post(reverse(name, args=args) + query, given)


def owed(duty="meetings.general_meeting", user=None):
    frame = frame_of("2023H1", DAY).by(Standards(entered))
    return list(DUTIES[duty].findings(frame, user))


def held_in_each_quarter() -> dict[int, list[int]]:
    """General meetings of each branch in the first and the second quarter of 2023, counted by hand."""
    found: dict[int, list[int]] = {}
    for pk, day in Meeting.objects.filter(kind="支部党员大会", held_on__year=2023).values_list("organization", "held_on"):
        if day <= DAY:
            found.setdefault(pk, [0, 0])[0 if day.month <= 3 else 1] += 1
    return found


def test_a_clause_signed_is_named_everywhere_until_the_signature_is_withdrawn(door, operator):
    clerk = door("organization_office")
    before = document(owed(user=operator)[0])["source"]
    assert (before["article"], before["status"]) == ("条款待核", "条款待核")
    page = clerk.get(reverse("desk:instrument", args=["branch_2018"])).content.decode()
    assert reverse("desk:check", args=[CLAUSE]) in page
    assert post(clerk, "desk:check", CLAUSE, **READ).status_code == 302
    signed = document(owed(user=operator)[0])["source"]
    assert (signed["article"], signed["status"]) == ("第十一条", "verified")
    assert document(owed("meetings.committee_meeting", operator)[0])["source"]["article"] == "条款待核"
    page = clerk.get(reverse("desk:instrument", args=["branch_2018"])).content.decode()
    assert ADDRESS in page
    assert "《中国共产党支部工作条例（试行）》第十一条" in page
    assert "《中国共产党支部工作条例（试行）》第十一条" in clerk.get(reverse("desk:dues"), HALF).content.decode()
    assert "第十一条" in clerk.get(reverse("desk:standards")).content.decode()
    post(clerk, "desk:check-withdraw", CLAUSE, why="签错了，原文是另一条")
    assert document(owed(user=operator)[0])["source"]["article"] == "条款待核"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"url": "javascript:alert(1)"}, "http"), ({"article": ""}, "这个字段"), ({"text_read": ""}, "这个字段")],
    ids=["a script for an address", "no article", "not read"],
)
def test_what_cannot_be_signed_is_said_beside_the_field_and_nothing_is_kept(door, change, sentence):
    answer = post(door("organization_office"), "desk:check", CLAUSE, **{**READ, **change})
    assert answer.status_code == 200
    assert "没有保存" in answer.content.decode()
    assert not StandardLine.objects.exists()


def test_only_who_keeps_the_regulations_signs_and_a_part_of_the_house_is_not_enough(door):
    town, branch = (PartyOrganization.objects.get(name=name) for name in (TOWN, BRANCH))
    for who in (door("cadre_office"), door("branch", branch.code)):
        assert post(who, "desk:check", CLAUSE, **READ).status_code == 403
    answer = post(door("organization_office", town.code), "desk:check", CLAUSE, **READ)
    assert "没有办理此事的权限" in answer.content.decode()
    assert not StandardLine.objects.exists()


def test_who_keeps_a_part_of_the_house_sets_rules_there_and_nowhere_else(door):
    town, root = PartyOrganization.objects.get(name=TOWN), PartyOrganization.objects.get(name="中共云溪县委员会")
    clerk = door("organization_office", town.code)
    rule = {**TWICE, "regulation": "工委通知", "reason": "工委要求每季度开两次", "until": ""}
    beyond = post(clerk, "desk:standards-add", NUMBER, query="?local=1", **{**rule, "place": f"{root.name}（{root.code}）"})
    assert "没有找到" in beyond.content.decode()
    everywhere = post(clerk, "desk:standards-add", NUMBER, **TWICE)
    assert "没有办理此事的权限" in everywhere.content.decode()
    assert not StandardLine.objects.exists()
    post(clerk, "desk:standards-add", NUMBER, query="?local=1", **{**rule, "place": f"{town.name}（{town.code}）"})
    line = StandardLine.objects.get()
    post(clerk, "desk:standards-decide", line.pk, decide="1")
    line.refresh_from_db()
    assert (line.state, line.organization_code) == ("in_force", town.code)


def test_a_revision_is_tried_on_the_records_and_then_put_in_force(door, operator):
    clerk = door("organization_office")
    made = post(clerk, "desk:standards-add", NUMBER, **TWICE)
    line = StandardLine.objects.get()
    assert made["Location"] == reverse("desk:standards-line", args=[line.pk])
    assert Counter(one.state for one in owed(user=operator))[State.MISSED] < 100  # nothing holds yet
    answer = clerk.get(made["Location"], HALF)
    trial = answer.context["trial"]
    held = held_in_each_quarter()
    branches = PartyOrganization.objects.in_force(DAY).filter(kind="党支部", valid_from__lte=date(2023, 1, 1))
    codes = {pk: code for pk, code in branches.values_list("pk", "code")}
    expected = {codes[pk] for pk, quarters in held.items() if 1 in quarters and pk in codes}
    changed = {one.code for one in trial.changes if one.code in set(codes.values())}
    assert changed == expected
    assert len(changed) > PAGE  # so that there is a second page to turn to
    assert {one.duty.id for one in trial.changes} == {"meetings.general_meeting"}
    paths = dict(Placement.objects.in_force(DAY).values_list("organization__code", "path"))
    order = [paths[one.code] for one in trial.changes]
    assert order == sorted(order), "in the order of the tree"
    first, second = answer.context["changes"], clerk.get(made["Location"], {**HALF, "page": 2}).context["changes"]
    assert len(first) == PAGE
    assert not {one.code for one in first} & {one.code for one in second}
    paper = clerk.get(made["Location"], {**HALF, "print": 1})
    assert "paper-mark" in paper.content.decode()
    assert len(paper.context["changes"]) == len(trial.changes)
    post(clerk, "desk:standards-decide", line.pk, decide="1")
    standards, parameter = Standards(entered), DUTIES["meetings.general_meeting"].parameter
    assert [standards.on(parameter, day).value for day in (date(2026, 12, 31), date(2027, 1, 1))] == [1, 2]
    assert standards.on(parameter, date(2027, 1, 1)).source.status == "条款待核"
    post(clerk, "desk:check", CLAUSE, **READ)
    standards = Standards(entered)
    assert {standards.on(parameter, day).source.cite() for day in (DAY, date(2027, 1, 1))} == {
        "《中国共产党支部工作条例（试行）》第十一条"
    }


def test_a_day_that_has_passed_needs_the_words_of_the_official_text(door):
    clerk = door("organization_office")
    post(clerk, "desk:standards-add", NUMBER, **{**TWICE, "since": "2023-01-01"})
    line = StandardLine.objects.get()
    answer = clerk.post(reverse("desk:standards-decide", args=[line.pk]), {"decide": "1", "why": ""}, follow=True)
    assert "早于今天" in answer.content.decode()
    line.refresh_from_db()
    assert line.state == "draft"
    post(clerk, "desk:standards-decide", line.pk, decide="1", why="附则写明自 2023 年 1 月 1 日起施行")
    line.refresh_from_db()
    assert line.state == "in_force"


def test_a_local_rule_holds_below_its_place_only_and_never_asks_for_less(door, operator):
    clerk, town = door("organization_office"), PartyOrganization.objects.get(name=TOWN)
    rule = {
        **TWICE,
        "place": f"{town.name}（{town.code}）",
        "since": "2023-01-01",
        "regulation": "县直机关工委通知",
        "until": "",
    }
    less = post(clerk, "desk:standards-add", NUMBER, query="?local=1", **{**rule, "value": 0, "reason": "人手不够，少开"})
    assert "只能更大，不能更小" in less.content.decode()
    assert not StandardLine.objects.exists()
    before = {one.subject_code: one.state for one in owed(user=operator)}
    post(clerk, "desk:standards-add", NUMBER, query="?local=1", **{**rule, "reason": "工委要求每季度开两次"})
    line = StandardLine.objects.get(kind=Kind.LOCAL)
    post(clerk, "desk:standards-decide", line.pk, decide="1", why="通知写明自 2023 年起执行")
    after = {one.subject_code: one for one in owed(user=operator)}
    paths = dict(Placement.objects.in_force(DAY).values_list("organization__code", "path"))
    below = {code for code, path in paths.items() if f"{town.code}." in path and code in before}
    turned = {code for code, state in before.items() if after[code].state != state}
    assert below
    assert turned
    assert turned <= below
    assert {after[code].source.cite() for code in below} == {"县直机关工委通知（本地规定）"}
    post(clerk, "desk:standards-decide", line.pk, end="1", until="2023-01-02")
    line.refresh_from_db()
    assert line.until is None, "a day that has passed is not changed"
    post(clerk, "desk:standards-decide", line.pk, end="1", until="2099-01-01")
    line.refresh_from_db()
    assert line.until == date(2099, 1, 1)
    assert "县直机关工委通知（本地规定）" not in {after[code].source.cite() for code in set(before) - below}


def test_a_line_that_has_ended_is_not_made_to_hold_again_for_days_that_passed(door, operator):
    clerk = door("organization_office")
    post(clerk, "desk:standards-add", NUMBER, **{**TWICE, "since": "2026-11-30"})
    line, number = StandardLine.objects.get(), DUTIES["meetings.general_meeting"].parameter
    post(clerk, "desk:standards-decide", line.pk, decide="1", why="自印发之日起施行")
    end_line(by=operator, on=IMPORT_DAY, line=StandardLine.objects.get(), until=date(2026, 12, 2))
    with pytest.raises(Refused, match="已经失效"):
        end_line(by=operator, on=date(2026, 12, 5), line=StandardLine.objects.get(), until=date(2027, 1, 1))
    assert Standards(entered).on(number, date(2026, 12, 3)).value == 1


def test_of_two_drafts_for_a_day_only_one_is_put_in_force(door):
    clerk = door("organization_office")
    for value in (2, 3):
        post(clerk, "desk:standards-add", NUMBER, **{**TWICE, "value": value})
    first, second = StandardLine.objects.order_by("pk")
    post(clerk, "desk:standards-decide", first.pk, decide="1")
    answer = clerk.post(reverse("desk:standards-decide", args=[second.pk]), {"decide": "1"}, follow=True)
    assert "已经有一条生效的" in answer.content.decode()
    assert [one.state for one in StandardLine.objects.order_by("pk")] == ["in_force", "draft"]


def test_a_local_rule_is_offered_only_where_a_duty_asks_at_the_place(yunxi, operator, door, monkeypatch):
    asked: set[str] = set()
    number = Asking.number

    def noting(asking: Asking, parameter: Parameter, path: str = "") -> int:
        asked.update([parameter.key] if path else [])
        return number(asking, parameter, path)

    monkeypatch.setattr(Asking, "number", noting)
    monkeypatch.setattr(Board, "sleeping", [])
    town, branch = (PartyOrganization.objects.get(name=name) for name in (TOWN, BRANCH))
    with writing_allowed():
        PartyGroup.objects.create(organization=branch, name="第一党小组", valid_from=date(2023, 1, 1))
    local = Line(2, date(2023, 1, 1), None, Source("通知", status=Standing.LOCAL))
    list(board(frame_of("2023", DAY).by(SHIPPED.also(Entered(NUMBER, town.code, local))), operator).findings())
    assert asked == by_place()
    clerk = door("organization_office")
    rows = clerk.get(reverse("desk:standards")).context["rows"]
    offered = {row.parameter.key for row in rows if row.local_allowed}
    assert NUMBER in offered
    assert offered < asked
    assert clerk.get(reverse("desk:standards-add", args=["cadres.posting_days"]), {"local": 1}).status_code == 404


def test_a_number_no_duty_is_made_with_is_tried_on_all_that_may_ask_for_it():
    touched_by = {one.id for one in touched(adjustable()["meetings.committee_from_full_members"])}
    assert {"meetings.committee_meeting", "elections.committee"} <= touched_by


def test_the_command_line_tries_a_number_without_keeping_it(yunxi, operator, capsys):
    call_command("duties", period="2023H1", on=DAY, trying=f"{NUMBER}=2", json=True, scope="", account="")
    told = json.loads(capsys.readouterr().out)
    assert told
    assert {one["duty"] for one in told} == {"meetings.general_meeting"}
    assert all(one["now"] != one["then"] for one in told)
    assert not StandardLine.objects.exists()


def test_every_number_a_duty_is_made_with_can_be_revised():
    for duty in DUTIES.values():
        assert duty in touched(duty.parameter)
        assert duty.parameter.key in adjustable(), duty.id


def test_a_trial_writes_nothing_and_asks_as_often_for_many_units_as_for_one(yunxi, operator, django_assert_max_num_queries):
    line = StandardLine(parameter=NUMBER, kind=Kind.REVISION, value=2, since=date(2027, 1, 1), regulation="条例")
    trial = Trial(frame_of("2023H1", DAY), operator, DUTIES["meetings.general_meeting"].parameter, line.as_entered())
    with django_assert_max_num_queries(16):
        assert trial.changes
