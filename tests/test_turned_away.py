"""Whoever is turned away is on the trail: at a page, a fragment, an export, an action; once a minute, never anonymous."""

from __future__ import annotations

import json
import time

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from conftest import IMPORT_DAY
from zugong.base import department, refusals
from zugong.base.models import TrailEntry
from zugong.base.rules import NotAllowed
from zugong.cadres.models import Cadre
from zugong.desk import offices
from zugong.meetings.models import Meeting
from zugong.organizations.models import PartyOrganization
from zugong.people.models import Person


@pytest.fixture
def own(yunxi) -> PartyOrganization:
    return PartyOrganization.objects.get(name="中共云溪县财政局机关支部委员会")


def noted(verb: str = "base:turned_away") -> list[TrailEntry]:
    return list(TrailEntry.objects.filter(verb=verb).order_by("number"))


@pytest.mark.parametrize(
    ("page", "model", "method", "status"),
    [
        ("people:person", Person, "get", 404),
        ("people:person-reveal", Person, "post", 404),
        ("meetings:meeting", Meeting, "get", 404),
        ("meetings:meeting-edit", Meeting, "post", 404),
        ("cadres:cadre", Cadre, "get", 403),
    ],
)
def test_a_record_one_may_not_see_leaves_an_entry(own, door, page, model, method, status):
    who = door("branch", own.code)
    foreign = model.objects.exclude(pk__in=model.objects.visible_to(who.user)).first()
    answer = getattr(who, method)(reverse(page, args=[foreign.pk]) + "?q=张三")
    assert answer.status_code == status
    (entry,) = noted()
    assert (entry.account, entry.via, entry.subject) == (who.user.username, "网页", foreign.key)
    told = json.loads(entry.values)
    assert told == {"page": page, "method": method.upper(), "status": status, "asked": {"pk": str(foreign.pk)}}
    assert "张三" not in entry.values


def test_the_rail_of_a_refusal_counts_nothing(own, door, monkeypatch):
    asked = []
    monkeypatch.setattr(offices, "counts", lambda user, frame: asked.append(user.username) or {})
    who = door("branch", own.code)
    foreign = Meeting.objects.exclude(pk__in=Meeting.objects.visible_to(who.user)).first()
    for address, status in ((reverse("meetings:meeting", args=[foreign.pk]), 404), (reverse("cadres:cadre-list"), 403)):
        answer = who.get(address)
        assert answer.status_code == status
        assert "基层党建" in answer.content.decode(), "the rail is there"
    assert asked == []
    who.get(reverse("meetings:meeting-list"))
    assert asked == [who.user.username], "once a page"


def test_fragments_exports_and_frames_count_too(own, door):
    who = door("branch", own.code)
    foreign = PartyOrganization.objects.exclude(pk__in=PartyOrganization.objects.visible_to(who.user)).first()
    who.get(reverse("organizations:partyorganization", args=[foreign.pk]), headers={"HX-Request": "true"})
    who.post(reverse("cadres:cadre-export"))
    who.get(reverse("people:person-list"), {"scope": foreign.code})
    pages = [json.loads(entry.values)["page"] for entry in noted()]
    assert pages == ["organizations:partyorganization", "cadres:cadre-export", "people:person-list"]
    assert foreign.code not in "".join(entry.values for entry in noted())


def test_anonymous_requests_and_addresses_that_do_not_exist_leave_none(own, door):
    before = TrailEntry.objects.count()
    nobody = Client()
    nobody.get(reverse("people:person", args=[1]))
    nobody.get("/no/such/page/")
    assert TrailEntry.objects.count() == before
    who = door("office")
    since = TrailEntry.objects.count()
    assert who.get("/no/such/page/").status_code == 404
    assert TrailEntry.objects.count() == since


def test_the_same_is_one_entry_a_minute_and_the_next_tells_how_often(own, door, monkeypatch):
    who, minute = door("branch", own.code), [time.monotonic()]
    monkeypatch.setattr(refusals.time, "monotonic", lambda: minute[0])
    for _ in range(5):
        who.get(reverse("cadres:cadre-list"))
    assert len(noted()) == 1
    minute[0] += refusals.WINDOW + 1
    who.get(reverse("cadres:cadre-list"))
    assert [json.loads(entry.values).get("again") for entry in noted()] == [None, 4]


def test_whoever_tries_every_number_fills_the_trail_only_so_far(own, door, monkeypatch):
    who, minute = door("branch", own.code), [time.monotonic()]
    monkeypatch.setattr(refusals.time, "monotonic", lambda: minute[0])
    monkeypatch.setattr(refusals, "MOST", 5)
    for pk in range(10**9, 10**9 + 9):
        who.get(reverse("people:person", args=[pk]))
    assert len(noted()) == 5
    minute[0] += refusals.WINDOW + 1
    who.get(reverse("people:person", args=[10**9 + 99]))
    assert json.loads(noted()[-1].values)["untold"] == 4


def test_an_action_that_is_refused_is_noted_once_after_it_was_taken_back(account, door):
    auditor = account("auditor", username="who-audits")
    with pytest.raises(NotAllowed):
        department.settle(by=auditor, on=IMPORT_DAY, values={"place": "甲县"})
    (entry,) = noted("base:not_allowed")
    assert (entry.account, json.loads(entry.values)["action"]) == ("who-audits", "base:settle")
    assert noted() == []


def test_a_command_that_is_refused_is_noted(account, capsys):
    account("head", username="who-heads")
    with pytest.raises(SystemExit):
        call_command("audit", "verify", account="who-heads")
    (entry,) = noted()
    assert (entry.account, entry.via, json.loads(entry.values)["page"]) == ("who-heads", "命令行", "zugong audit")
