"""Registers: few queries, every row once and in order, what is masked, what goes out, what an edit leaves behind."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.http import QueryDict
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from tests.no_ledger import begin_what_no_ledger_brings
from zugong import urls
from zugong.base.access import ROLES, Privacy
from zugong.base.models import TrailEntry
from zugong.base.periods import Frame, Period, Scope
from zugong.meetings.models import Meeting
from zugong.organizations.models import PartyOrganization
from zugong.people.models import Person, Statement
from zugong.tasks.models import Task
from zugong.ui.filters import Asked
from zugong.ui.forms import EditForm
from zugong.ui.listing import Listing
from zugong.ui.registers import REGISTERS, Register
from zugong.ui.shown import MASK, Kind

assert urls  # the registers are declared once all addresses are known
MOST_QUERIES = 12
ALL = list(REGISTERS.values())
EDITABLE = [r for r in ALL if r.edit and r.editable]
BRANCH = "党支部"


@pytest.fixture
def yunxi(yunxi, operator) -> int:
    """The example county, and one of each record that no ledger brings."""
    begin_what_no_ledger_brings(operator)
    return yunxi


def by_label(register: Register) -> str:
    return register.label


def branch_with_meetings() -> PartyOrganization:
    return PartyOrganization.objects.filter(kind=BRANCH, meetings__isnull=False).order_by("pk").first()


def everything(user, day, query: str = "") -> Asked:
    return Asked(QueryDict(query), user, Frame(Scope(day=day), Period.parse("2023H1"), day))


def whole_form(form: EditForm) -> dict[str, Any]:
    """What a browser sends back when nothing was touched."""
    sent = {}
    for bound in form:
        value = bound.value()
        if value is True or (value not in (None, "", False)):
            sent[bound.html_name] = str(value.isoformat() if hasattr(value, "isoformat") else value)
    return sent


@pytest.mark.parametrize("register", ALL, ids=by_label)
def test_a_list_asks_at_most_twelve_questions(yunxi, door, register, django_assert_max_num_queries):
    for who in (door("office"), door("branch", branch_with_meetings().code)):
        who.get(register.href())  # the session is begun
        with django_assert_max_num_queries(MOST_QUERIES):
            answer = who.get(register.href())
        assert answer.status_code == (200 if who.user.may_somewhere(register.read) else 403)


@pytest.mark.parametrize("register", ALL, ids=by_label)
def test_a_narrowed_later_page_asks_no_more(yunxi, door, register, django_assert_max_num_queries):
    who = door("office")
    middle = register.model.objects.order_by("pk").values_list("pk", flat=True)[register.model.objects.count() // 2]
    with django_assert_max_num_queries(MOST_QUERIES):
        assert who.get(register.href(), {"after": middle, "q": "云溪", "sort": "name"}).status_code == 200


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_turning_pages_gives_each_row_once_in_order(yunxi, operator, data):
    register = data.draw(st.sampled_from([r for r in ALL if r.model.objects.count() < 400]))
    key = data.draw(st.sampled_from([f.name for f in register.facts if f.sort] + [register.order]))
    sort = data.draw(st.sampled_from(["", "-"])) + key.removeprefix("-")
    listing = Listing(register, everything(operator, operator.day, f"sort={sort}"), data.draw(st.integers(3, 90)))
    forward, page = [], listing.page()
    pages = [page]
    while page.after:
        page = listing.page(after=page.after)
        pages.append(page)
    forward = [r.pk for p in pages for r in p.records]
    assert len(forward) == len(set(forward)) == listing.rows().count()
    assert forward == [r.pk for r in listing.every(register.facts)]
    values = dict(listing.rows().values_list("pk", listing.key))
    keyed = [values[pk] for pk in forward if values[pk] is not None]
    assert all(values[pk] is None for pk in forward[len(keyed) :]), "rows without a sort key come last"
    if not any(isinstance(v, str) for v in keyed):  # texts are ordered as the database orders them
        assert keyed == sorted(keyed, reverse=listing.descending)
    backward, page = [], pages[-1]
    while True:
        backward = [r.pk for r in page.records] + backward
        if not page.before:
            break
        page = listing.page(before=page.before)
    assert backward == forward


def test_a_page_after_a_row_that_is_gone_begins_anew(yunxi, operator):
    listing = Listing(REGISTERS["tasks.task"], everything(operator, operator.day))
    assert [r.pk for r in listing.page(after=10**9).records] == [r.pk for r in listing.page().records]


def test_a_count_stops_at_ten_thousand(yunxi, door, monkeypatch):
    monkeypatch.setattr("zugong.ui.listing.COUNTED", 100)
    assert "<strong>0 万</strong>次以上" in door("office").get(reverse("meetings:meeting-list")).content.decode()


def test_filters_search_and_scope_narrow(yunxi, door):
    who, branch = door("office"), branch_with_meetings()
    expected = Meeting.objects.filter(organization=branch, kind="党课", held_on__year=2023, topic__contains="学习")
    query = {"kind": "党课", "held_on_from": "2023-01-01", "held_on_to": "2023-12-31", "q": "学习", "scope": branch.code}
    listing = who.get(reverse("meetings:meeting-list"), query).context["listing"]
    assert {r.pk for r in listing.every(listing.register.facts)} == set(expected.values_list("pk", flat=True))
    titles = [chip.title for chip in listing.chips()]
    assert titles == ["活动类别", "时间", "搜索"]


def test_what_a_reader_may_not_see_is_masked_and_not_offered(yunxi, door, monkeypatch):
    narrow = ROLES["branch"].__class__(**{**ROLES["branch"].__dict__, "reads": frozenset({Privacy.PUBLIC, Privacy.INTERNAL})})
    monkeypatch.setitem(ROLES, "branch", narrow)
    branch = branch_with_meetings()
    who = door("branch", branch.code)
    page = who.get(reverse("people:person-list"))
    listing = page.context["listing"]
    person = listing.page().records[0]
    assert MASK in page.content.decode()
    assert "birth_date" not in {f.name for f in listing.filters()}
    assert person.birth_date.isoformat() not in who.get(reverse("people:person", args=[person.pk])).content.decode()
    rows = exported(who, "people:person-export")
    assert {row[1] for row in rows} == {MASK}


def test_a_resident_id_is_masked_in_lists_and_files_for_everybody(yunxi, door):
    who = door("operator")
    who.post(reverse("people:person-list"), {"column": ["name", "resident_id"]})
    person = Person.objects.filter(resident_id_index__isnull=False).order_by("name", "pk").first()
    page = who.get(reverse("people:person-list")).content.decode()
    assert MASK in page
    assert person.resident_id not in page
    assert person.resident_id not in str(exported(who, "people:person-export"))
    assert person.resident_id not in who.get(reverse("people:person", args=[person.pk])).content.decode()


def test_a_resident_id_is_shown_for_a_purpose_that_goes_on_the_trail(yunxi, door):
    who = door("office")
    person = Person.objects.filter(resident_id_index__isnull=False).first()
    address = reverse("people:person-reveal", args=[person.pk])
    assert person.resident_id not in who.post(address, {"purpose": " "}).content.decode()
    assert person.resident_id in who.post(address, {"purpose": "核对任免材料"}).content.decode()
    entry = TrailEntry.objects.order_by("-number").first()
    assert (entry.verb, entry.subject) == ("base:record_reading", person.key)
    assert "核对任免材料" in entry.values
    assert door("head").post(address, {"purpose": "看看"}).status_code == 200
    assert TrailEntry.objects.filter(verb="base:record_reading").count() == 1


def test_a_resident_id_is_searched_by_post_and_never_stands_in_an_address(yunxi, door):
    who = door("office")
    person = Person.objects.filter(resident_id_index__isnull=False).first()
    assert who.get(reverse("people:person-list"), {"q": person.resident_id}).url == reverse("people:person-list")
    assert who.get(reverse("desk:search"), {"q": person.resident_id}).url == reverse("desk:search")
    assert who.post(reverse("people:by-id"), {"q": person.resident_id}).url == reverse("people:person", args=[person.pk])
    elsewhere = PartyOrganization.objects.filter(kind=BRANCH).exclude(memberships__person=person).order_by("-pk").first()
    assert door("branch", elsewhere.code).post(reverse("people:by-id"), {"q": person.resident_id}).url == reverse(
        "people:person-list"
    )


def exported(who, name: str, query: str = "") -> list[list[Any]]:
    answer = who.post(reverse(name) + query)
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    return book.get_sheet_by_index(0).to_python()[4:]


@pytest.mark.parametrize("register", ALL, ids=by_label)
def test_an_export_holds_the_rows_the_reader_sees(yunxi, door, freely, register):
    for who in (door("office"), door("branch", branch_with_meetings().code)):
        if who.user.may_somewhere(register.read):
            rows = exported(who, register.name("export"))
            listing = who.get(register.href()).context["listing"]
            seen = [r.pk for r in listing.every(register.facts)]
            assert len(rows) == len(seen) == register.model.objects.visible_to(who.user).count()
            entry = TrailEntry.objects.order_by("-number").first()
            assert (entry.verb, entry.subject) == ("base:record_export", register.label)
            assert f'"rows": {len(seen)}' in entry.values


@pytest.mark.parametrize("register", EDITABLE, ids=by_label)
def test_an_edit_leaves_old_and_new_on_the_trail(yunxi, door, register):
    who = door("office")
    record = register.model.objects.order_by("pk").first()
    address = register.href("edit", record.pk)
    form = who.get(address).context["form"]
    same = who.post(address, whole_form(form))
    assert same.status_code == 302, same.context["form"].errors
    assert not TrailEntry.objects.filter(verb__startswith=f"{register.room}:").exclude(values="{}").filter(subject=record.key)
    name, old, new = a_change(form)
    assert who.post(address, {**whole_form(form), name: new}).status_code == 302
    entry = TrailEntry.objects.order_by("-number").first()
    assert (entry.verb, entry.account) == (register.edit.verb, who.user.username)
    assert f'"{name}"' in entry.values
    sealed = '"sealed"' in entry.values
    assert sealed or (new in entry.values and str(old) in entry.values)
    page = who.get(reverse(register.name(), args=[record.pk])).content.decode()
    assert "变更记录" in page


def a_change(form: EditForm) -> tuple[str, Any, str]:
    """A field that takes a plain text or day, what it holds and what it shall hold."""
    for name in form.fields:
        kind = type(form.fields[name]).__name__
        if kind == "CharField" and name not in ("resident_id", "phone", "name"):
            return name, form.initial.get(name) or "", "改过的内容"
        if kind == "DateField" and form.initial.get(name):
            return name, form.initial[name], "2023-03-01"
    return "name", form.initial["name"], "改过的名称"


def test_an_edit_over_a_newer_one_is_refused_and_keeps_what_was_typed(yunxi, door):
    who, task = door("office"), Task.objects.first()
    address = reverse("tasks:task-edit", args=[task.pk])
    form = who.get(address).context["form"]
    who.post(address, {**whole_form(form), "office": "组织一科"})
    answer = who.post(address, {**whole_form(form), "office": "组织二科"})
    assert "刚被别人改过" in answer.content.decode()
    assert "组织二科" in answer.content.decode()
    task.refresh_from_db()
    assert task.office == "组织一科"


def test_errors_stand_beside_the_field_and_above(yunxi, door):
    who, meeting = door("office"), Meeting.objects.first()
    address = reverse("meetings:meeting-edit", args=[meeting.pk])
    sent = {**whole_form(who.get(address).context["form"]), "held_on": "2023-02-30", "organization": "没有的支部"}
    page = who.post(address, sent).content.decode()
    assert page.count("没有找到“没有的支部”") == 2
    assert 'href="#id_held_on"' in page
    assert 'value="2023-02-30"' in page


def test_outside_the_scope_there_is_nothing_and_inside_it_a_right_is_needed(yunxi, door):
    branch = branch_with_meetings()
    who = door("branch", branch.code)
    own = Meeting.objects.filter(organization=branch).first()
    other = Meeting.objects.exclude(organization=branch).first()
    for page in ("meetings:meeting", "meetings:meeting-edit"):
        assert who.get(reverse(page, args=[other.pk])).status_code == 404
        assert who.get(reverse(page, args=[own.pk])).status_code == 200
    assert who.get(reverse("organizations:partyorganization", args=[branch.pk])).status_code == 200
    assert who.get(reverse("organizations:partyorganization-edit", args=[branch.pk])).status_code == 403
    assert door("head").get(reverse("meetings:meeting-edit", args=[own.pk])).status_code == 403


def test_a_record_cannot_be_moved_out_of_ones_sight(yunxi, door):
    branch = branch_with_meetings()
    who, own = door("branch", branch.code), Meeting.objects.filter(organization=branch).first()
    other = PartyOrganization.objects.exclude(pk=branch.pk).first()
    address = reverse("meetings:meeting-edit", args=[own.pk])
    who.post(address, {**whole_form(who.get(address).context["form"]), "organization": other.name})
    own.refresh_from_db()
    assert own.organization_id == branch.pk


def test_a_statement_is_settled_by_a_person(yunxi, door):
    who, statement = door("office"), Statement.objects.filter(settled_on__isnull=True).first()
    said = statement.stated
    assert said in who.get(reverse("people:statement", args=[statement.pk])).content.decode()
    who.post(reverse("people:statement-settle", args=[statement.pk]), {"take": "stated"})
    statement.refresh_from_db()
    assert statement.settled_on is not None
    assert str(getattr(statement.person, statement.fact)) == said
    assert door("head").post(reverse("people:statement-settle", args=[statement.pk]), {"take": "held"}).status_code == 403


def test_every_fact_of_every_register_has_a_title_and_a_class():
    for register in ALL:
        for fact in (*register.facts, *(f for _, facts in register.grouped for f in facts)):
            assert fact.title
            assert isinstance(fact.privacy, Privacy)
            assert isinstance(fact.kind, Kind)
