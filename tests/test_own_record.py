"""One's own record: everything held is shown or exempt by a rule, to nobody but its person, with its source."""

from __future__ import annotations

import json

import pytest
from django.apps import apps
from django.urls import reverse

from conftest import IMPORT_DAY
from zugong.base.access import Permission, Privacy
from zugong.base.exports import record_reading
from zugong.base.models import TrailEntry
from zugong.base.records import Kept, writing_allowed
from zugong.base.rules import NotAllowed, Refused
from zugong.cadres.models import Cadre, ReserveEntry
from zugong.desk.holdings import BOOKKEEPING, KINDS, Holdings, about_persons
from zugong.people import actions
from zugong.people.models import AccountLink, Membership, Person
from zugong.ui.shown import MASK

OWN = "desk:own"


def much_known() -> Person:
    """A person about whom many rooms hold something, the reserve among them."""
    known = Person.objects.all()
    for kind in (ReserveEntry, Cadre, Membership):
        known = known.filter(pk__in=kind.objects.values("person"))
    return known.order_by("pk").first()


@pytest.fixture
def himself(yunxi, door, operator):
    """A person's own browser, linked by the office; with `person`."""
    who = door("oneself")
    who.person = much_known()
    with writing_allowed():
        who.user.name = who.person.name
        who.user.save()
    actions.link_account(by=operator, on=IMPORT_DAY, person=who.person, username=who.user.username)
    return who


# Completeness


def test_every_record_about_a_person_is_shown_or_exempt_by_a_rule(db):
    declared = [(kind.label, kind.way) for kind in KINDS]
    assert sorted(declared) == sorted(set(declared))
    known = {model._meta.label_lower for model in apps.get_models() if issubclass(model, Kept)}
    found = {(label, way) for label, way in about_persons() if label in known}
    assert set(declared) == {(label, way) for label, way in found if way not in ("person_ptr",)} | {("people.person", "pk")}
    for kind in KINDS:
        if kind.exempt is not None:
            assert "条款待核" in kind.exempt.on(IMPORT_DAY).source.cite()


def test_every_field_about_the_person_is_on_the_page(himself):
    """Whatever a row of any kind holds stands on the page, unless it is bookkeeping, another person's, or said twice."""
    holdings = Holdings(himself.person, IMPORT_DAY, opened=True)
    page = himself.post(reverse("desk:own-reveal")).content.decode()
    labels = set()
    for kind in KINDS:
        if kind.exempt is not None or kind.own_section:
            continue
        for row in kind.model._base_manager.filter(**{kind.way: himself.person.pk}):
            labels.add(kind.label)
            for field in row._meta.concrete_fields:
                value = getattr(row, field.name)
                if field.name in {*BOOKKEEPING, *kind.others, kind.way} or value in (None, ""):
                    continue
                twice = field.name.endswith("_name") and getattr(row, f"{field.name.removesuffix('_name')}_id", None)
                if not twice and not isinstance(value, bool) and field.name not in ("fact", "ledger"):
                    shown = value.isoformat() if hasattr(value, "isoformat") else str(value)
                    assert shown in page, (kind.label, field.name)
    assert len(labels) >= 5
    assert holdings.person.resident_id in page


def test_each_field_says_where_it_comes_from(himself, operator):
    person = himself.person
    items = {i.name: i for i in Holdings(person, IMPORT_DAY).sections()[0].entries[0].items}
    assert all(item.source for item in items.values())
    assert "第" in items["name"].source
    assert "导入" in items["name"].source
    actions.edit(by=operator, on=IMPORT_DAY, person=Person.objects.get(pk=person.pk), changes={"education": "博士研究生"})
    again = {i.name: i for i in Holdings(person, IMPORT_DAY).sections()[0].entries[0].items}
    assert again["education"].source == f"{operator.name} 于 {IMPORT_DAY} 修改"
    assert again["name"].source == items["name"].source


def test_what_a_rule_exempts_is_said_alike_whether_it_is_there_or_not(himself, operator):
    def told():
        page = himself.get(reverse(OWN)).content.decode()
        data = himself.post(reverse("desk:own-copy"), {"form": "json"})
        return page, b"".join(data.streaming_content).decode()

    entry = ReserveEntry.objects.filter(person=himself.person).first()
    with writing_allowed():
        ReserveEntry.objects.filter(pk=entry.pk).update(kind="只在库里的字样", left_because="只在库里的原因")
    record_reading(by=operator, on=IMPORT_DAY, record=entry, fields=("left_because",), purpose="只在库里的用途")
    with_entry = told()
    with writing_allowed():
        ReserveEntry.objects.filter(person=himself.person).delete()
    without = told()
    for before, after in zip(with_entry, without, strict=True):
        assert "只在库里" not in before
        assert before.count("年轻干部") == after.count("年轻干部") == 1
        assert "不予显示；这里不说明有没有" in before


# What is restricted


def test_own_restricted_fields_are_masked_until_asked_for_and_the_trail_says_so(himself):
    person = himself.person
    before = TrailEntry.objects.filter(verb="people:read_own").count()
    page = himself.get(reverse(OWN)).content.decode()
    assert person.resident_id not in page
    assert MASK in page
    page = himself.post(reverse("desk:own-reveal")).content.decode()
    assert person.resident_id in page
    entry = TrailEntry.objects.filter(verb="people:read_own", subject=person.key).get()
    assert TrailEntry.objects.filter(verb="people:read_own").count() == before + 1
    assert person.resident_id not in entry.values
    assert f"{person.key}.resident_id" in json.loads(entry.values)["fields"]
    assert himself.get(reverse("desk:own-reveal")).status_code == 302


def test_who_read_the_restricted_parts_is_shown_with_office_and_purpose(himself, door):
    clerk = door("cadre_office")
    where = reverse("people:person-reveal", args=[himself.person.pk])
    assert clerk.post(where, {"purpose": "核对任免材料"}).status_code == 200
    other = Person.objects.exclude(pk=himself.person.pk).first()
    clerk.post(reverse("people:person-reveal", args=[other.pk]), {"purpose": "别人的用途"})
    page = himself.get(reverse(OWN)).content.decode()
    for words in (clerk.user.name, "干部科干部", "核对任免材料", "公民身份号码"):
        assert words in page
    assert "别人的用途" not in page


# Nobody else's


def test_without_a_link_nothing_is_shown_and_nothing_can_be_done(yunxi, door):
    who = door("oneself")
    assert "还没有对应到人" in who.get(reverse(OWN)).content.decode()
    assert who.post(reverse("desk:own-reveal")).status_code == 404
    assert who.post(reverse("desk:own-copy"), {"form": "json"}).status_code == 404
    assert who.get(reverse("desk:own-ask"), {"about": "people.person:1", "field": "name"}).status_code == 404


def test_a_link_without_the_role_reads_nothing(himself, door, operator):
    """The office's word alone gives nothing: the security administrator's grant is needed, too, and ends it."""
    with writing_allowed():
        himself.user.grants.update(role="partner")
    assert himself.get(reverse(OWN)).status_code == 403


def test_reading_one_self_opens_no_register(himself):
    for model in apps.get_models():
        if issubclass(model, Kept) and hasattr(model.objects, "visible_to") and model.READ != Permission.DESK_READ:
            assert not model.objects.visible_to(himself.user).exists(), model
    assert himself.get(reverse("people:person", args=[himself.person.pk])).status_code == 403


def test_other_peoples_numbers_give_404(himself, door):
    other = Person.objects.exclude(pk=himself.person.pk).order_by("pk").first()
    rows = [other, other.memberships.first(), Membership.objects.exclude(person=himself.person).first()]
    rows += list(ReserveEntry.objects.filter(person=himself.person))  # one's own, but exempt
    for row in filter(None, rows):
        for field in ("name", "category", "kind", "person"):
            assert himself.get(reverse("desk:own-ask"), {"about": row.key, "field": field}).status_code == 404
    for about in ("", "people.person:", "base.user:1", "people.person:abc", f"{himself.person.key}x"):
        assert himself.get(reverse("desk:own-ask"), {"about": about, "field": "name"}).status_code == 404
    assert himself.get(reverse("desk:own-ask"), {"about": himself.person.key, "field": "facts_from"}).status_code == 404
    assert himself.get(reverse("desk:own-ask"), {"about": himself.person.key, "field": "name"}).status_code == 200


# Links


def test_the_office_links_and_the_security_administrator_grants_and_neither_does_both(yunxi, door, account):
    person = much_known()
    clerk, guard = door("cadre_office"), door("security_administrator")
    mine = account("oneself", username="own-1")
    say = {"on": IMPORT_DAY, "person": person, "username": "own-1"}
    with pytest.raises(NotAllowed):
        actions.link_account(by=guard.user, **say)
    with pytest.raises(Refused, match="不一样"):
        actions.link_account(by=clerk.user, **say)
    with writing_allowed():
        mine.name = person.name
        mine.save()
        clerk.user.name = person.name
        clerk.user.save()
    with pytest.raises(Refused, match="不能把自己的账号"):
        actions.link_account(by=clerk.user, on=IMPORT_DAY, person=person, username=clerk.user.username)
    other = account("partner", username="own-2")
    with writing_allowed():
        other.name = person.name
        other.save()
    with pytest.raises(Refused, match="没有“干部、党员、人才本人”的授权"):
        actions.link_account(by=clerk.user, on=IMPORT_DAY, person=person, username="own-2")
    link = actions.link_account(by=clerk.user, **say)
    with pytest.raises(Refused, match="已经有本人账号"):
        actions.link_account(by=clerk.user, **say)
    actions.unlink_account(by=clerk.user, on=IMPORT_DAY, link=link)
    assert not AccountLink.objects.exists()


# A copy to take along


def test_the_copy_holds_everything_the_page_shows_and_is_on_the_trail(himself):
    answer = himself.post(reverse("desk:own-copy"), {"form": "json"})
    told = json.loads(b"".join(answer.streaming_content))
    assert "attachment" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "no-store"
    sections = Holdings(himself.person, IMPORT_DAY, opened=True).sections()
    shown = {(e.key, i.name, i.text) for s in sections for e in s.entries for i in e.items}
    assert {(r["record"], f["name"], f["value"]) for r in told["records"] for f in r["fields"]} == shown
    assert {f["class"] for r in told["records"] for f in r["fields"]} <= set(Privacy)
    assert all(f["source"] and f["title"] for r in told["records"] for f in r["fields"])
    entry = TrailEntry.objects.filter(verb="people:take_copy").get()
    assert json.loads(entry.values) == {"form": "json", "rows": len(told["records"])}
    book = himself.post(reverse("desk:own-copy"), {"form": "xlsx"})
    assert b"".join(book.streaming_content).startswith(b"PK")
    assert himself.post(reverse("desk:own-copy"), {"form": "exe"}).status_code == 302
