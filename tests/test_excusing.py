"""Exemptions and reasons: who may enter one, who must agree, and what it does; and the page of the working calendar."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from conftest import IMPORT_DAY
from zugong.base import department
from zugong.base.duties import State
from zugong.base.rules import NotAllowed, Refused
from zugong.base.workdays import workdays
from zugong.desk.duecalendar import DueCalendar
from zugong.desk.dues import board
from zugong.meetings.duties import GENERAL, THEME
from zugong.organizations.models import PartyOrganization
from zugong.people import actions
from zugong.people.models import Exemption
from zugong.statistics.frames import frame_of

DAY = date(2023, 6, 30)
BRANCH = "中共云溪县财政局机关支部委员会"


@pytest.fixture(autouse=True)
def named(yunxi, operator) -> None:
    department.settle(by=operator, on=IMPORT_DAY, values={"department": "中共云溪县委组织部"})


@pytest.fixture
def branch(yunxi) -> PartyOrganization:
    return PartyOrganization.objects.get(name=BRANCH)


def state(user, branch, duty):
    return next(f for f in board(frame_of("2023H1", DAY), user, [duty]).findings() if f.subject_code == branch.code).state


def entered(by, branch, duty, **more):
    given = {"soft": duty.soft, "reason": "整体搬迁期间停办", "basis": "", "valid_from": date(2023, 1, 1), "valid_to": None}
    return actions.excuse(by=by, on=IMPORT_DAY, about=branch, duty=duty.id, **{**given, **more})


def test_a_reason_settles_what_is_only_commended(operator, branch):
    def still_to_come() -> int:
        made = DueCalendar(frame_of("2023H1", DAY), operator, until=date(2023, 9, 30))
        return next(one.many for one in made.coming if (one.duty, one.day) == (GENERAL.id, date(2023, 9, 30)))

    assert (state(operator, branch, GENERAL), still_to_come()) == (State.ADVISED, 96)
    entered(operator, branch, GENERAL)
    assert (state(operator, branch, GENERAL), still_to_come()) == (State.EXEMPT, 95), "the calendar does not ask for it, either"


def test_a_must_needs_a_document_and_a_second_account(operator, branch, account):
    with pytest.raises(Refused, match="要有条文或上级批准"):
        entered(operator, branch, THEME)
    one = entered(operator, branch, THEME, basis="县委组织部批复")
    assert state(operator, branch, THEME) == State.MISSED
    with pytest.raises(Refused, match="不能同意自己登记的"):
        actions.agree_excuse(by=operator, on=IMPORT_DAY, exemption=one)
    actions.agree_excuse(by=account("head"), on=IMPORT_DAY, exemption=one)
    assert state(operator, branch, THEME) == State.EXEMPT
    actions.end_excuse(by=operator, on=date(2023, 1, 15), exemption=Exemption.objects.get(pk=one.pk))
    assert state(operator, branch, THEME) == State.MISSED, "January ends after the exemption did"


def test_a_branch_excuses_nobody(branch, account):
    with pytest.raises(NotAllowed):
        entered(account("branch", branch.code), branch, GENERAL)
    assert not Exemption.objects.exists()


def test_the_pages_lead_from_the_line_to_the_reason_and_to_the_second_account(door, branch):
    who, head = door("office"), door("head")
    lines = who.get(reverse("desk:dues"), {"period": "2023H1", "duty": "主题党日", "organization": branch.code})
    (line,) = lines.context["lines"]
    page = who.get(line.excuse_href)
    assert "要有条文或上级批准" in page.content.decode()
    answer = who.post(line.excuse_href, {"reason": "整体搬迁", "basis": "批复", "valid_from": "2023-01-01", "valid_to": ""})
    assert answer.status_code == 302
    one = Exemption.objects.get()
    who.post(reverse("desk:excuse-decide", args=[one.pk]), {"agree": "1"})
    assert Exemption.objects.get().agreed_on is None
    assert "等人同意的" in head.get(reverse("desk:excuses")).content.decode()
    head.post(reverse("desk:excuse-decide", args=[one.pk]), {"agree": "1"})
    assert Exemption.objects.get().agreed_on is not None
    assert f"{who.user.name}，{head.user.name} " in who.get(reverse("desk:excuses")).content.decode(), "by name, as elsewhere"
    assert who.get(reverse("desk:excuse"), {"duty": "no.such", "about": "x:1"}).status_code == 404


def test_a_notice_is_entered_by_a_person_and_makes_a_year_known(door):
    who = door("head")
    page = who.get(reverse("desk:workdays")).content.decode()
    assert "2027 年的节假日安排尚未公布" in page
    wrong = who.post(reverse("desk:workdays"), {"basis": "通知", "off": "元旦", "working": "", "whole_year": "2027"})
    assert "看不懂“元旦”" in wrong.content.decode()
    said = {"basis": "国务院办公厅通知", "off": "2027-01-01 至 2027-01-03", "working": "2027-01-09", "whole_year": "2027"}
    assert who.post(reverse("desk:workdays"), said).status_code == 302
    assert [workdays().is_working(date(2027, 1, day)) for day in (1, 3, 4, 9)] == [False, False, True, True]
