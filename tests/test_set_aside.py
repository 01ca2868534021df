"""Data that is only stored: no page, list, search, export or duty shows it to anybody but its keeper and its person;
totals stay as they were."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.urls import reverse
from python_calamine import CalamineWorkbook

from conftest import IMPORT_DAY
from zugong import urls
from zugong.base.access import ROLES, Permission
from zugong.base.records import Kept, writing_allowed
from zugong.base.rules import NotAllowed, Refused
from zugong.cadres.models import Cadre, ReserveEntry
from zugong.desk.dues import findings
from zugong.desk.holdings import KINDS
from zugong.people import actions
from zugong.people.models import Membership, Person, Restriction
from zugong.statistics.catalogue import FIGURES
from zugong.statistics.frames import frame_of
from zugong.ui.registers import REGISTERS

assert urls  # the registers are declared once all addresses are known
NAME = "欧阳只存不用"
KEPT_IN_USE = {  # what is not about the person as such, or is how the matter itself is handled
    "supervision.session",
    "people.accountlink",
    "people.restriction",
    "people.erasure",
    "people.correction",
}


@pytest.fixture
def somebody(yunxi) -> Person:
    """A person many rooms know, under a name nobody else bears."""
    known = Person.objects.all()
    for kind in (ReserveEntry, Cadre, Membership):
        known = known.filter(pk__in=kind.objects.values("person"))
    person = known.order_by("pk").last()
    with writing_allowed():
        Person.objects.filter(pk=person.pk).update(name=NAME)
        for kind in KINDS:
            names = {f.name for f in kind.model._meta.concrete_fields}
            if f"{kind.way}_name" in names:
                kind.model.objects.filter(**{kind.way: person.pk}).update(**{f"{kind.way}_name": NAME})
    return Person.objects.get(pk=person.pk)


@pytest.fixture
def keeper(account):
    return account("office", username="keeper")


def pages_with(who, person) -> set[str]:
    """Names of the pages on which an account meets the name: lists, papers, exports, finds, searches, its own page."""
    found = set()
    for register in REGISTERS.values():
        if not who.user.may_somewhere(register.read):
            continue
        every = {"scope": "", "q": NAME[:3]} if register.search else {"scope": ""}
        texts = [who.get(register.href(), every), who.get(register.href(), {**every, "print": "1"})]
        if any(f.name == "name" for f in register.model._meta.concrete_fields):
            texts.append(who.get(register.href("find"), {"q": NAME[:3]}))
        found |= {register.label for one in texts if NAME in one.content.decode()}
        if register.label in ("people.person", "cadres.cadre"):
            book = b"".join(who.post(f"{register.href('export')}?q={NAME[:3]}").streaming_content)
            cells = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
            found |= {f"{register.label} export"} if any(NAME in row for row in cells) else set()
        for row in register.model._base_manager.filter(pk__in=numbers_about(register.model, person)):
            if who.get(reverse(register.own_page or register.name(), args=[row.pk])).status_code != 404:
                found.add(f"{register.label} page")
    if who.user.may_somewhere(Permission.DESK_READ):
        page = who.get(reverse("desk:search"), {"q": NAME[:3]}).content.decode()
        found |= {"search"} if NAME in page else set()
    return found


def numbers_about(model, person) -> list[int]:
    """The numbers of a kind's rows about a person."""
    ways = [kind.way for kind in KINDS if kind.label == model._meta.label_lower and kind.label not in KEPT_IN_USE]
    return [pk for way in ways for pk in model._base_manager.filter(**{way: person.pk}).values_list("pk", flat=True)]


def test_no_page_shows_who_is_set_aside(somebody, door, keeper):
    who = door("office")  # sees every register, and is no keeper here: what only keepers see is no register
    before = pages_with(who, somebody)
    assert {
        "people.person",
        "people.person page",
        "people.person export",
        "cadres.cadre export",
        "people.membership",
        "cadres.cadre",
        "cadres.reserveentry",
        "search",
    } <= before
    made = actions.restrict(by=keeper, on=IMPORT_DAY, person=somebody, reason="离开本县，保存期未满")
    assert pages_with(who, somebody) == set()
    actions.lift_restriction(by=keeper, on=IMPORT_DAY, restriction=made)
    assert who.get(reverse("people:person", args=[somebody.pk])).status_code == 200


def test_every_kind_about_persons_is_set_aside_with_them(somebody, operator, keeper):
    """Whatever kind there is and comes to be: no row about the person is fetched for a reader."""
    before = {k.label: k.model.objects.visible_to(operator).filter(**{k.way: somebody.pk}).count() for k in KINDS}
    assert sum(before.values()) >= 4
    actions.restrict(by=keeper, on=IMPORT_DAY, person=somebody, reason="离开本县，保存期未满")
    for kind in KINDS:
        if kind.label not in KEPT_IN_USE:
            assert hasattr(kind.model.objects.all(), "SUBJECTS"), kind.label
            assert kind.way in kind.model.objects.all().SUBJECTS, kind.label
            assert not kind.model.objects.visible_to(operator).filter(**{kind.way: somebody.pk}).exists()
    others = {m for m in apps.get_models() if issubclass(m, Kept)} - {k.model for k in KINDS}
    assert not [m for m in others if hasattr(m.objects.all(), "SUBJECTS")]


def test_totals_stay_and_the_rows_behind_them_say_that_some_are_missing(somebody, operator, keeper):
    frame = frame_of("2026", IMPORT_DAY)

    def told():
        return {one.id: one.number(frame) for one in FIGURES.values()}

    def seen():
        members = FIGURES["people.party_members"]
        every = members.rows(frame)
        return every.count(), every.visible_to(operator).count()

    before, rows = told(), seen()
    actions.restrict(by=keeper, on=IMPORT_DAY, person=somebody, reason="离开本县，保存期未满")
    assert told() == before
    assert seen() == (rows[0], rows[1] - 1)


def test_no_duty_names_them(yunxi, operator, keeper):
    frame = frame_of("2023H1", date(2023, 6, 30))
    owed = {one.subject_key for one in findings(frame, operator) if one.subject_key.startswith("people.person:")}
    person = Person.objects.get(pk=min(owed).partition(":")[2])
    actions.restrict(by=keeper, on=IMPORT_DAY, person=person, reason="离开本县，保存期未满")
    still = {one.subject_key for one in findings(frame, operator) if one.subject_key.startswith("people.person:")}
    assert still == owed - {person.key}


def test_the_person_and_the_keeper_still_see_it(somebody, door, operator, keeper):
    mine, clerk = door("oneself"), door("office")
    with writing_allowed():
        mine.user.name = NAME
        mine.user.save()
    actions.link_account(by=operator, on=IMPORT_DAY, person=somebody, username=mine.user.username)
    actions.restrict(by=keeper, on=IMPORT_DAY, person=somebody, reason="离开本县，保存期未满")
    page = mine.get(reverse("desk:own")).content.decode()
    assert NAME in page
    assert "离开本县，保存期未满" in page
    assert NAME in clerk.get(reverse("people:restrictions")).content.decode()
    asked = f"{reverse('desk:own-ask')}?about={somebody.key}&field=education"
    assert mine.post(asked, {"wanted": "研究生", "reason": "毕业证在此"}).status_code == 302
    row = somebody.corrections.get()
    done = clerk.post(reverse("people:correction-decide", args=[row.pk]), {"do": "correct", "value": "研究生", "answer": ""})
    assert done.status_code == 302
    assert Person.objects.get(pk=somebody.pk).education == "研究生"


def test_a_restriction_has_a_reason_a_period_and_a_keeper(somebody, account, keeper):
    day = {"on": IMPORT_DAY, "person": somebody}
    for role in ROLES.values():
        if Permission.PEOPLE_ERASE not in role.permissions:
            with pytest.raises(NotAllowed):
                actions.restrict(by=account(role.code), reason="离开本县，保存期未满", **day)
    with pytest.raises(Refused, match="事由"):
        actions.restrict(by=keeper, reason=" ", **day)
    with pytest.raises(Refused, match="截止日期"):
        actions.restrict(by=keeper, reason="离开本县，保存期未满", valid_to=IMPORT_DAY, **day)
    actions.restrict(by=keeper, reason="离开本县，保存期未满", valid_to=date(2027, 1, 1), **day)
    with pytest.raises(Refused, match="已经限制"):
        actions.restrict(by=keeper, reason="离开本县，保存期未满", **day)
    for when, there in ((date(2026, 12, 31), False), (date(2027, 1, 1), True), (IMPORT_DAY - timedelta(days=1), True)):
        keeper.day = when
        assert Person.objects.visible_to(keeper).filter(pk=somebody.pk).exists() is there
    assert Restriction.objects.count() == 1
