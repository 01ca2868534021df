"""Who can see a record, and what an account can see: held against what each account is really shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

import zugong.urls  # noqa: F401 the rooms' pages declare the registers
from conftest import IMPORT_DAY, PASSWORD
from tests.permission_table import REGISTERS as REGISTER_TABLE
from zugong.base.access import ROLES, Permission, Privacy
from zugong.base.models import Elevation, Grant, GrantState, TrailEntry, User
from zugong.base.records import writing_allowed
from zugong.desk.clock import now, today
from zugong.desk.seeing import opened, seen
from zugong.meetings.models import Meeting
from zugong.organizations.models import PartyOrganization
from zugong.people import actions as people
from zugong.people.models import Person
from zugong.ui.registers import REGISTERS

DAY = timedelta(days=1)


def open_account(name: str, *grants: dict, **kept) -> User:
    """An account with grants, whatever state they are in."""
    with writing_allowed():
        user = User.objects.create(username=name, name=name, password="!", **kept)
        for given in grants:
            on = given.pop("switched_on", None)
            grant = Grant.objects.create(user=user, **given)
            if on is not None:
                Elevation.objects.create(grant=grant, begun_at=on[0], until=on[1], reason="核对")
    return user


def given(role: str, code: str = "", **more) -> dict:
    return {"role": role, "organization_code": code, **more}


@pytest.fixture
def mixed(yunxi) -> list[User]:
    """Accounts of every sort a house comes to have."""
    moment, hour = now(), timedelta(hours=1)
    branches = list(PartyOrganization.objects.filter(kind="党支部").order_by("pk").values_list("code", flat=True)[:12])
    committees = list(PartyOrganization.objects.exclude(kind="党支部").order_by("pk").values_list("code", flat=True)[:6])
    a, b = branches[:2]
    for code in (*branches, *committees):
        for role in ("branch", "organization_office", "cadre_office"):
            open_account(f"{role}-{code}", given(role, code))
    for role in ROLES:
        open_account(f"{role}-whole", given(role))
    open_account("two", given("branch", a), given("organization_office", b))
    open_account("less-and-more", given("branch"), given("office", a))
    open_account("past", given("office", valid_to=IMPORT_DAY))
    open_account("last-day", given("office", valid_to=IMPORT_DAY + DAY))
    open_account("future", given("office", valid_from=IMPORT_DAY + DAY))
    open_account("proposed", given("office", state=GrantState.PROPOSED))
    open_account("over", given("office", state=GrantState.OVER))
    open_account("closed", given("office"), is_active=False)
    open_account("off", given("office", on_call=True))
    open_account("off-more", given("branch"), given("office", on_call=True))
    open_account("on", given("office", on_call=True, switched_on=(moment - hour, moment + hour)))
    open_account("was-on", given("office", on_call=True, switched_on=(moment - 2 * hour, moment - hour)))
    open_account("nowhere", given("office", "no-such-place"))
    open_account("none")
    users = list(User.objects.all())
    for user in users:
        user.day, user.now = IMPORT_DAY, moment
    return users


def some(register):
    """A few numbers of a register, from different ends."""
    pks = list(register.model.objects.order_by("pk").values_list("pk", flat=True))
    return sorted({pks[0], pks[len(pks) // 2], pks[-1]}) if pks else []


def test_who_sees_is_exactly_who_is_shown_it_and_the_classes_are_those_shown(mixed):
    asked = told_more = 0
    for register in REGISTERS.values():
        for pk in some(register):
            found = seen(register, pk, IMPORT_DAY, mixed[0].now)
            record = register.model.objects.get(pk=pk)
            shown = [user for user in mixed if register.model.objects.visible_to(user).filter(pk=pk).exists()]
            classes = {u.username: {p for p in Privacy if record.shows(u, p)} for u in shown}
            assert {one.user.username: set(one.reads) for one in found.now} == classes, (register.label, pk)
            later = {"off", "was-on", "off-more"} - classes.keys()
            assert {one.user.username for one in found.later} == later, (register.label, pk)
            assert all(one.later == set(Privacy) for one in found.later)
            asked, told_more = asked + 1, told_more + (0 < len(shown) < len(mixed))
    assert asked > 40
    assert told_more > 40


def test_a_person_set_aside_is_seen_by_nobody(mixed, account):
    person, register = Person.objects.order_by("pk").first(), REGISTERS["people.person"]
    assert seen(register, person.pk, IMPORT_DAY, None).now
    people.restrict(by=account("office"), on=IMPORT_DAY, person=person, reason="离开本县，保存期未满")
    found = seen(register, person.pk, IMPORT_DAY, None)
    assert found.aside
    assert not found.seers
    assert not any(Person.objects.visible_to(user).filter(pk=person.pk).exists() for user in mixed)


def test_the_person_is_named_where_the_own_page_shows_the_record(yunxi, operator, account):
    own, person = account("oneself"), Person.objects.filter(memberships__isnull=False).order_by("pk").first()
    with writing_allowed():
        User.objects.filter(pk=own.pk).update(name=person.name)
    people.link_account(by=operator, on=IMPORT_DAY, person=person, username=own.username)
    membership = person.memberships.order_by("pk").first()
    other = Person.objects.exclude(pk=person.pk).order_by("pk").first()
    asked = (("people.person", person.pk), ("people.membership", membership.pk), ("people.person", other.pk))
    told = [[u.pk for u in seen(REGISTERS[label], pk, IMPORT_DAY, None).own] for label, pk in asked]
    assert told == [[own.pk], [own.pk], []]
    with writing_allowed():
        Grant.objects.filter(user=own).update(valid_to=IMPORT_DAY)
    assert seen(REGISTERS["people.person"], person.pk, IMPORT_DAY, None).own == []


def test_a_large_house_asks_a_bounded_number_of_questions(yunxi, django_assert_max_num_queries):
    """Two thousand accounts, each at one of all the places of the county."""
    codes = list(PartyOrganization.objects.values_list("code", flat=True))
    with writing_allowed():
        users = User.objects.bulk_create(User(username=f"u{n}", name=f"u{n}", password="!") for n in range(2000))
        Grant.objects.bulk_create(
            Grant(user=user, role="branch", organization_code=codes[n % len(codes)]) for n, user in enumerate(users)
        )
    assert len(codes) > 50
    for label in ("people.person", "meetings.meeting", "organizations.partyorganization"):
        register = REGISTERS[label]
        with django_assert_max_num_queries(10 + -(-len(codes) // 50)):
            found = seen(register, some(register)[1], IMPORT_DAY, now())
        assert 0 < len(found.now) < 2000


def test_what_an_account_sees_is_what_it_is_shown(mixed):
    for user in mixed[::5] + [u for u in mixed if u.username in ("two", "less-and-more", "closed", "off", "on")]:
        told = {one.register.label: one.total for one in opened(user, user)}
        reading = {label for label, register in REGISTERS.items() if user.may_somewhere(register.read)}
        assert told == {label: REGISTERS[label].model.objects.visible_to(user).count() for label in reading}, user.username


def test_who_gives_grants_is_not_told_how_many_persons_another_sees(yunxi, account):
    branch = PartyOrganization.objects.filter(kind="党支部").order_by("pk").first()
    giver, other = account("security_administrator"), account("branch", branch.code)
    for one in opened(other, giver):
        assert (one.total is None) is hasattr(one.register.model.objects.all(), "SUBJECTS"), one.register.label


@pytest.mark.parametrize("role", ["branch", "education_office", "security_administrator"])
def test_the_page_opens_for_whoever_may_see_the_record_and_for_nobody_else(yunxi, door, role):
    code = PartyOrganization.objects.filter(kind="党支部").order_by("pk").first().code if role == "branch" else ""
    who, answers = door(role, code), set()
    who.user.now = now()
    for label, register in REGISTERS.items():
        for pk in some(register):
            shown = register.model.objects.visible_to(who.user).filter(pk=pk).exists()
            assert shown <= (Permission(REGISTER_TABLE[label.replace(".", ":")][0]) in ROLES[role].permissions)
            answer = who.get(reverse("desk:who", args=[label, pk]))
            assert answer.status_code == (200 if shown else 404), label
            assert not shown or who.user.username in answer.content.decode()
            answers.add(answer.status_code)
    assert answers == ({404} if role == "security_administrator" else {200, 404})
    for nothing in (("people.person", 10**17), ("people.person", 10**25), ("base.user", 1), ("nothing", 1)):
        assert who.get(reverse("desk:who", args=nothing)).status_code == 404


def test_the_security_administrator_asks_by_number_and_reads_nothing_of_it(yunxi, door, account):
    reader, guard = account("office", username="office-reader"), door("security_administrator")
    person = Person.objects.order_by("pk").first()
    before = TrailEntry.objects.count()
    page = guard.post(reverse("desk:who-ask"), {"register": "people.person", "number": str(person.pk)}).content.decode()
    assert reader.username in page
    assert "看到哪一类" in page
    assert person.name not in page
    entry = TrailEntry.objects.order_by("-number").first()
    assert TrailEntry.objects.count() == before + 1
    assert (entry.verb, entry.subject) == ("desk:ask_who_sees", f"people.person:{person.pk}")
    missing = {"register": "people.person", "number": "99999999"}
    assert "没有编号 99999999 的记录" in guard.post(reverse("desk:who-ask"), missing, follow=True).content.decode()
    assert TrailEntry.objects.count() == before + 2, "what is not there was asked for, too"
    for wrong in ("", "１２", "-1", "1; drop", "9" * 30):
        answer = guard.post(reverse("desk:who-ask"), {"register": "people.person", "number": wrong}, follow=True)
        assert "没有查。" in answer.content.decode(), wrong
    assert door("office").post(reverse("desk:who-ask"), missing).status_code == 403


def test_the_security_administrator_sees_counts_and_everybody_ones_own(yunxi, door, account):
    guard, reader = door("security_administrator"), account("organization_office", username="zuzhi")
    page = guard.get(reverse("desk:account-sees", args=[reader.pk])).content.decode()
    reader.day = today()
    assert f"{Meeting.objects.visible_to(reader).count()} " in page
    assert f"{Person.objects.visible_to(reader).count()} " not in page
    assert "组织科干部（全部" in page
    assert "办更正" in page
    assert "凭组织科干部：改制度、改党组织、" in page
    assert not [p.name for p in Person.objects.all() if len(p.name) > 2 and p.name in page]
    assert "没有能打开的台账" in guard.get(reverse("desk:own-sees")).content.decode()
    assert PASSWORD not in page
