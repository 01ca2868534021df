"""Choosing by typing, adding, and the form a branch records a meeting with."""

from __future__ import annotations

import pytest
from django.urls import reverse

from zugong.meetings.models import Meeting
from zugong.organizations.models import PartyOrganization
from zugong.people.models import Membership, Person
from zugong.ui.typeahead import found, label_of
from zugong.visits.models import Visit


def a_branch() -> PartyOrganization:
    return PartyOrganization.objects.filter(kind="党支部", memberships__isnull=False).order_by("pk").first()


@pytest.mark.parametrize("page", ["organizations:partyorganization-find", "organizations:unit-find", "people:person-find"])
def test_what_is_offered_is_what_the_reader_sees(yunxi, door, page):
    branch = a_branch()
    word = {"people:person-find": "王"}.get(page, "云溪")
    everything = door("office").get(reverse(page), {"of": "organization", "organization": word}).content.decode()
    own = door("branch", branch.code).get(reverse(page), {"q": word}).content.decode()
    assert everything.count("<option") == 20
    assert own.count("<option") < 20
    assert "<option" not in door("office").get(reverse(page), {"q": " "}).content.decode()


def test_a_label_leads_back_to_its_record(yunxi):
    for rows in (PartyOrganization.objects.all(), Person.objects.all()):
        for record in rows[:40]:
            assert found(rows, label_of(record)) == [record]
    name = Person.objects.values_list("name", flat=True).order_by("name").first()
    assert all(p.name == name for p in found(Person.objects.all(), name))
    assert found(PartyOrganization.objects.all(), "没有的支部（999）") == []


def test_a_branch_records_a_meeting_with_what_is_known_filled_in(yunxi, door):
    branch = a_branch()
    who = door("branch", branch.code)
    form = who.get(reverse("meetings:record")).context["form"]
    assert form.initial["organization"] == branch
    assert form.initial["due"] == Membership.objects.filter(organization=branch, valid_to__isnull=True).count()
    given = {
        "organization": label_of(branch),
        "held_on": "2023-06-29",
        "kind": "党课",
        "topic": "党课一讲",
        "due": 9,
        "present": 8,
    }
    answer = who.post(reverse("meetings:record"), given)
    meeting = Meeting.objects.get(topic="党课一讲")
    assert answer.url == reverse("meetings:meeting", args=[meeting.pk])
    assert (meeting.organization, meeting.present) == (branch, 8)
    refused = who.post(reverse("meetings:record"), {**given, "held_on": "2099-01-01"})
    assert "还没有发生" in refused.content.decode()
    assert "党课一讲" in refused.content.decode()
    elsewhere = PartyOrganization.objects.exclude(pk=branch.pk).filter(kind="党支部").first()
    assert "没有找到" in who.post(reverse("meetings:record"), {**given, "organization": elsewhere.name}).content.decode()


def test_a_day_that_has_not_come_is_refused_when_a_record_is_mended_too(yunxi, door):
    who, meeting = door("office"), Meeting.objects.filter(kind="主题党日").order_by("pk").first()
    page = reverse("meetings:meeting-edit", args=[meeting.pk])
    form = who.get(page).context["form"]
    given = {name: form[name].value() or "" for name in form.fields}
    given |= {"organization": label_of(meeting.organization), "held_on": "2099-01-01"}
    assert "晚于今天，还没有发生" in who.post(page, given).content.decode()
    meeting.refresh_from_db()
    assert meeting.held_on.year == 2023


def test_the_worklists_button_leads_to_a_form_that_knows_branch_and_kind(yunxi, door):
    branch = a_branch()
    form = door("office").get(reverse("meetings:record"), {"kind": "主题党日", "organization": branch.pk}).context["form"]
    assert (form.initial["organization"], form.initial["kind"]) == (branch, "主题党日")
    foreign = PartyOrganization.objects.exclude(pk=branch.pk).filter(kind="党支部").first()
    form = door("branch", branch.code).get(reverse("meetings:record"), {"organization": foreign.pk}).context["form"]
    assert form.initial.get("organization") is None


def test_a_visit_and_its_opinion_are_added_together(yunxi, door):
    given = {
        "visited_on": "2023-06-20",
        "visited": a_branch().name,
        "visitor": "张某",
        "opinion": "路灯不亮",
        "office": "组织科",
    }
    answer = door("office").post(reverse("visits:visit-add"), given)
    visit = Visit.objects.get(opinion__text="路灯不亮")
    assert answer.url == reverse("visits:visit", args=[visit.pk])
    assert visit.organization == a_branch()


@pytest.mark.parametrize(
    ("page", "given"),
    [
        ("tasks:task-add", {"title": "新任务", "office": "办公室", "deadline": "2023-12-31"}),
        ("elections:term-add", {"elected_on": "2023-06-28", "years": "3"}),
    ],
)
def test_a_record_is_added_from_the_arguments_of_its_action(yunxi, door, page, given):
    who = door("office")
    empty = who.post(reverse(page), {})
    assert "还没有填" in empty.content.decode()
    if "elected_on" in given:
        given = {**given, "organization": label_of(a_branch())}
    assert who.post(reverse(page), given).status_code == 302


def test_whoever_grants_finds_places_without_reading_records(yunxi, door):
    who = door("security_administrator")
    assert who.get(reverse("organizations:partyorganization-find"), {"q": "云溪"}).status_code == 403
    assert "<option" in who.get(reverse("desk:find-place"), {"organization": "云溪"}).content.decode()
    branch = a_branch()
    given = {"username": "wu", "name": "吴书记", "role": "branch", "organization": label_of(branch), "reason": "任书记"}
    made = who.post(reverse("desk:account-add"), given).context["of"]
    assert made.grants.get().organization_code == branch.code
