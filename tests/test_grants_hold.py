"""Whose ledgers are whose; what a supervision member sees and for how long; a second person's word; what is on call."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from conftest import IMPORT_DAY, YUNXI, come_in
from zugong.base import accounts, elevation, grants
from zugong.base.access import ROLES, Permission, Privacy
from zugong.base.grants import Given
from zugong.base.models import Elevation, Grant, GrantState, TrailEntry, User
from zugong.base.records import writing_allowed
from zugong.base.rules import NotAllowed, Refused
from zugong.desk.clock import today
from zugong.intake import actions as intake
from zugong.intake import rights
from zugong.intake.actions import Incoming
from zugong.intake.catalogue import BY_ID, LEDGERS
from zugong.intake.models import Batch, StagedSheet
from zugong.meetings.models import Meeting
from zugong.organizations.models import PartyOrganization
from zugong.people.models import Membership
from zugong.supervision.models import Session
from zugong.talents.models import Introduction

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def file_of(number: str) -> Path:
    [found] = [p for p in YUNXI.iterdir() if p.name.startswith(number) and p.suffix != ".json"]
    return found


def stage(by: User, *numbers: str) -> Batch:
    files = [Incoming(file_of(n), file_of(n).name) for n in numbers]
    return intake.stage(by=by, on=IMPORT_DAY, files=files)


@pytest.fixture
def browser():
    def make(user: User) -> Client:
        return come_in(Client(), user)

    return make


# Intake by office


def test_an_office_takes_in_a_ledger_if_it_may_do_all_the_ledger_does(yunxi, account):
    for role in ROLES:
        user = account(role, "")
        held = ROLES[role].permissions
        for ledger in LEDGERS:
            allowed = Permission.INTAKE_COMMIT in held and ledger.needs <= held
            assert (ledger.id in rights.takeable(user)) == allowed
        assert rights.takeable(user) <= rights.readable(user), role
    organizations = BY_ID["organizations"]
    assert organizations.needs == {Permission.ORGANIZATIONS_EDIT, Permission.ELECTIONS_EDIT}


def test_a_ledger_of_another_office_is_refused_with_the_role_that_could(yunxi, account):
    education, talent = account("education_office"), account("talent_office")
    before = Batch.objects.count()
    with pytest.raises(NotAllowed, match="干部教育科干部") as refusal:
        stage(talent, "07")
    assert "没有办" in str(refusal.value)
    with pytest.raises(NotAllowed, match="科室干部（综合）"):
        stage(education, "07", "03")
    assert Batch.objects.count() == before, "nothing is kept of it"
    batch = stage(education, "07")
    mixed = Batch.objects.get(pk=yunxi)
    for act in (intake.commit, intake.undo):
        with pytest.raises(NotAllowed):
            act(by=education, on=IMPORT_DAY, batch=mixed) if act is intake.undo else act(by=talent, on=IMPORT_DAY, batch=batch)
    intake.commit(by=education, on=IMPORT_DAY, batch=batch)


def test_a_batch_is_seen_by_those_who_read_all_its_ledgers(yunxi, account, browser):
    education, talent, head = (account(role) for role in ("education_office", "talent_office", "head"))
    batch = stage(education, "07")
    seen = {
        user.username: set(Batch.objects.visible_to(user).values_list("pk", flat=True)) for user in (education, talent, head)
    }
    assert batch.pk in seen[education.username] & seen[head.username]
    assert yunxi in seen[head.username]
    assert not {batch.pk, yunxi} & seen[talent.username]
    assert yunxi not in seen[education.username]
    for pk, name in ((yunxi, "batch"), (batch.pk, "batch"), (yunxi, "undo"), (batch.pk, "commit"), (yunxi, "absent")):
        assert browser(talent).post(reverse(f"intake:{name}", args=[pk])).status_code == 404
    file = StagedSheet.objects.filter(file__batch=yunxi, refused__gt=0).first().file_id
    assert browser(talent).post(reverse("intake:refused", args=[file])).status_code == 404
    hired, member = (kind.objects.exclude(origin=None).first() for kind in (Introduction, Membership))
    trained = StagedSheet.objects.get(file__batch=batch).rows.first()
    assert browser(education).get(reverse("intake:origin", args=[hired.origin])).status_code == 404
    assert browser(education).get(reverse("intake:origin", args=[trained.pk])).status_code == 200
    assert browser(account("organization_office")).get(reverse("intake:origin", args=[member.origin])).status_code == 200
    assert not browser(talent).get(reverse("intake:drop")).context["page"].records


def test_the_classes_of_two_grants_are_not_mixed_in_a_preview(yunxi, account):
    both = account("partner", "", username="fresh")
    with writing_allowed():
        for role in ("education_office", "organization_office"):
            Grant.objects.create(user=both, role=role)
    trainees = next(one for one in LEDGERS if one.number == "08").id
    members = next(one for one in LEDGERS if one.number == "02").id
    assert rights.shows(both, members, Privacy.RESTRICTED)
    assert rights.shows(both, trainees, Privacy.PERSONAL)
    assert not rights.shows(both, trainees, Privacy.RESTRICTED)


# Supervision members: their units, their dates


@pytest.fixture
def town(yunxi) -> PartyOrganization:
    return PartyOrganization.objects.get(code="42990100006")


def test_a_supervision_member_is_given_a_unit_and_an_end(operator, town, account):
    user = account("partner", "")
    for where, until in (("", IMPORT_DAY + timedelta(9)), (town.code, None), ("", None)):
        given = Given("supervision_member", where, valid_to=until, reason="督导")
        with pytest.raises(Refused, match="只看分给自己的单位"):
            grants.give_grant(by=operator, on=IMPORT_DAY, user=user, given=given)


def test_supervision_members_see_only_their_units_and_only_for_their_dates(operator, town, account, browser, capsys):
    begins, ends = today(), today() + timedelta(days=30)
    user = account("partner", "", username="dudao")
    given = Given("supervision_member", town.code, valid_to=ends, reason="督导")
    grant = grants.give_grant(by=operator, on=begins, user=user, given=given)
    every = set(Session.objects.values_list("pk", flat=True))
    own = {s.pk for s in Session.objects.all() if town.code in (s.path_on(begins) or "").split(".")}
    who = browser(user)

    def seen_on(day) -> set[int]:
        fresh = User.objects.get(pk=user.pk)
        fresh.day = day
        return set(Session.objects.visible_to(fresh).values_list("pk", flat=True))

    assert seen_on(begins) == seen_on(ends - timedelta(days=1)) == own
    assert own < every
    assert seen_on(begins - timedelta(days=1)) == seen_on(ends) == set()
    assert not Meeting.objects.visible_to(user).exists()
    foreign = min(every - own)
    assert who.get(reverse("supervision:session", args=[foreign])).status_code == 404
    page = who.post(reverse("supervision:session-export"))
    assert page.status_code == 200
    ask = ("figure", "supervision.meetings", "--period", "2023", "--rows", "--json", "--as", "dudao")
    call_command(*ask)
    assert {int(row["key"].rpartition(":")[2]) for row in json.loads(capsys.readouterr().out)["rows"]} <= own
    grants.end_grant(by=operator, on=begins, grant=grant)
    assert who.get(reverse("supervision:session-list")).status_code == 403
    with pytest.raises(SystemExit):
        call_command(*ask)
    assert "没有办理此事的权限" in capsys.readouterr().err


# A second person


@pytest.fixture
def hands(account):
    return account("security_administrator"), account("system_administrator"), account("partner", "", username="liu")


def test_every_sensitive_role_waits_and_no_other_does(hands, town):
    security, _, user = hands
    for role in ROLES.values():
        if role.code in ("operator", "partner"):
            continue
        where = town.code if role.code in ("branch", "supervision_member") else ""
        until = IMPORT_DAY + timedelta(days=5)
        given = Given(role.code, where, valid_to=until, reason="到岗")
        grant = grants.give_grant(by=security, on=IMPORT_DAY, user=user, given=given)
        assert (grant.state == GrantState.PROPOSED) == role.sensitive
        user.forget_grants()
        assert (role in user.roles()) == (not role.sensitive)
        grants.end_grant(by=security, on=IMPORT_DAY, grant=grant)


def test_only_somebody_else_agrees_and_only_then_it_holds(hands, account, browser):
    security, system, _ = hands
    other, head = account("security_administrator", username="anquan2"), account("head")
    grant = grants.give_grant(by=security, on=IMPORT_DAY, user=head, given=Given("office", reason="兼管"))
    with pytest.raises(Refused, match="自己不能同意"):
        grants.decide_grant(by=security, on=IMPORT_DAY, grant=grant, agreed=True)
    with pytest.raises(Refused, match="自己不能同意"):
        grants.decide_grant(by=head, on=IMPORT_DAY, grant=grant, agreed=True)
    with pytest.raises(NotAllowed):
        grants.decide_grant(by=account("auditor"), on=IMPORT_DAY, grant=grant, agreed=True)
    with pytest.raises(Refused, match="理由没有填"):
        grants.decide_grant(by=other, on=IMPORT_DAY, grant=grant, agreed=False)
    assert not head.may(Permission.PEOPLE_EDIT)
    who = browser(system)
    page = who.get(reverse("desk:grants-waiting"))
    assert "兼管" in page.content.decode()
    assert "1 项授权等您同意" in page.content.decode()
    who.post(reverse("desk:grant-decide", args=[grant.pk]), {"agree": "1"})
    head.forget_grants()
    grant.refresh_from_db()
    assert grant.state == GrantState.AGREED
    again = User.objects.get(pk=head.pk)
    again.day = today()
    assert again.may(Permission.PEOPLE_EDIT)
    with pytest.raises(Refused, match="不用再定"):
        grants.decide_grant(by=other, on=IMPORT_DAY, grant=grant, agreed=True)


def test_a_refused_one_never_holds_and_stays_to_be_seen(hands, browser):
    security, system, user = hands
    grant = grants.give_grant(by=security, on=IMPORT_DAY, user=user, given=Given("office", reason="到岗"))
    grants.decide_grant(by=system, on=IMPORT_DAY, grant=grant, agreed=False, reason="还没有报到")
    user.forget_grants()
    assert not user.may(Permission.PEOPLE_READ)
    page = browser(security).get(reverse("desk:account-one", args=[user.pk])).content.decode()
    assert "还没有报到" in page


def test_a_change_replaces_when_it_holds(hands, town):
    security, system, user = hands
    secretary = Given("branch", town.code, reason="书记")
    old = grants.give_grant(by=security, on=IMPORT_DAY, user=user, given=secretary)
    moved = Given("organization_office", reason="调组织科")
    new = grants.change_grant(by=security, on=IMPORT_DAY, grant=old, given=moved)
    old.refresh_from_db()
    assert old.valid_to is None
    grants.decide_grant(by=system, on=IMPORT_DAY + timedelta(days=2), grant=new, agreed=True)
    old.refresh_from_db()
    assert old.valid_to == IMPORT_DAY + timedelta(days=2)
    user.day = IMPORT_DAY + timedelta(days=2)
    user.forget_grants()
    assert {r.code for r in user.roles()} == {"partner", "organization_office"}


def test_a_grant_may_begin_later_and_not_in_the_past(hands, town):
    security, _, user = hands
    given = Given("branch", town.code, valid_from=IMPORT_DAY + timedelta(days=10), reason="下月上任")
    early = replace(given, valid_from=IMPORT_DAY - timedelta(days=1))
    with pytest.raises(Refused, match="早于今天"):
        grants.give_grant(by=security, on=IMPORT_DAY, user=user, given=early)
    grants.give_grant(by=security, on=IMPORT_DAY, user=user, given=given)
    for days, may in ((0, False), (9, False), (10, True)):
        user.day = IMPORT_DAY + timedelta(days=days)
        user.forget_grants()
        assert user.may_somewhere(Permission.MEETINGS_EDIT) is may


def test_closing_an_account_ends_what_it_holds_and_opening_gives_nothing_back(hands, town):
    security, _, user = hands
    secretary = Given("branch", town.code, reason="书记")
    grants.give_grant(by=security, on=IMPORT_DAY, user=user, given=secretary)
    waits = grants.give_grant(by=security, on=IMPORT_DAY, user=user, given=Given("office", reason="到岗"))
    accounts.set_active(by=security, on=IMPORT_DAY, user=user, active=False)
    accounts.set_active(by=security, on=IMPORT_DAY, user=user, active=True)
    waits.refresh_from_db()
    assert waits.state == GrantState.WITHDRAWN
    assert not Grant.objects.filter(user=user).open(IMPORT_DAY).exists()
    assert Grant.objects.filter(user=user).count() == 3


# On call


def at(user: User, moment: datetime) -> User:
    fresh = User.objects.get(pk=user.pk)
    fresh.day, fresh.now = IMPORT_DAY, moment
    return fresh


def test_what_is_on_call_holds_only_while_it_is_switched_on(hands, town, operator):
    user = hands[2]
    given = Given("branch", town.code, reason="值班", on_call=True)
    grant = grants.give_grant(by=operator, on=IMPORT_DAY, user=user, given=given)
    may = Permission.MEETINGS_EDIT
    assert not at(user, NOON).may_somewhere(may)
    me = at(user, NOON)
    for hours in (0, 9, -1):
        with pytest.raises(Refused, match="最多启用 8 小时"):
            elevation.switch_on(by=me, on=IMPORT_DAY, grant=grant, at=NOON, hours=hours, reason="补录会议")
    with pytest.raises(Refused, match="事由没有填"):
        elevation.switch_on(by=me, on=IMPORT_DAY, grant=grant, at=NOON, hours=2, reason=" ")
    with pytest.raises(Refused, match="不是您名下"):
        elevation.switch_on(by=operator, on=IMPORT_DAY, grant=grant, at=NOON, hours=2, reason="代他")
    elevation.switch_on(by=me, on=IMPORT_DAY, grant=grant, at=NOON, hours=2, reason="补录会议")
    for minutes, held in ((-1, False), (0, True), (119, True), (120, False), (2000, False)):
        assert at(user, NOON + timedelta(minutes=minutes)).may_somewhere(may) is held
    without = at(user, NOON)
    without.now = None
    assert not without.may_somewhere(may), "where nobody says the moment it does not hold"
    elevation.switch_off(by=at(user, NOON), on=IMPORT_DAY, grant=grant, at=NOON + timedelta(minutes=30))
    assert not at(user, NOON + timedelta(minutes=31)).may_somewhere(may)
    on, off = (TrailEntry.objects.get(verb=f"base:switch_{word}") for word in ("on", "off"))
    assert "补录会议" in on.values
    assert "ended_at" in off.values


def test_every_page_says_so_while_it_is_on(hands, town, operator, browser):
    user = hands[2]
    given = Given("branch", town.code, reason="值班", on_call=True)
    grant = grants.give_grant(by=operator, on=today(), user=user, given=given)
    who = browser(user)
    assert who.get(reverse("meetings:meeting-list")).status_code == 403
    who.post(reverse("desk:switch-on", args=[grant.pk]), {"hours": "1", "reason": "补录会议"})
    for name in ("meetings:meeting-list", "desk:home", "desk:account"):
        assert "已启用“支部书记" in who.get(reverse(name)).content.decode()
    assert who.post(reverse("desk:switch-off", args=[grant.pk])).status_code == 302
    assert who.get(reverse("meetings:meeting-list")).status_code == 403
    assert Elevation.objects.get(grant=grant).ended_at is not None
