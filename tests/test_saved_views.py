"""Saved views: the reader's own, made of what the register knows, and never of a resident ID."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.urls import reverse

from conftest import IMPORT_DAY
from zugong.base.models import TrailEntry
from zugong.base.rules import NotAllowed, Refused
from zugong.organizations.models import PartyOrganization
from zugong.people.models import Person
from zugong.ui import saved
from zugong.ui.models import SavedView
from zugong.ui.saved import drop_view, keep_view, rename_view

LIST, VIEWS = "meetings:meeting-list", "meetings:meeting-views"
LECTURES = {"kind": "党课", "q": " 学习  精神 ", "sort": "held_on", "after": "7", "csrf": "x", "unknown": "1"}


def keep(who, name: str, query=None, **sent):
    address = reverse(VIEWS, query=query or LECTURES)
    return who.post(address, {"do": "keep", "name": name, **sent})


def own(who) -> SavedView:
    return SavedView.objects.get(user=who.user)


def test_a_view_keeps_known_parameters_only_and_shows_the_same_list(yunxi, door):
    who = door("office")
    answer = keep(who, " 学习的 党课 ", {**LECTURES, "scope": branch().code, "show": "held_on,kind,nothing"})
    view = own(who)
    assert (view.name, view.register) == ("学习的 党课", "meetings.meeting")
    assert view.query == QueryDict(view.query).urlencode(safe=",")
    assert QueryDict(view.query).dict() == {"kind": "党课", "q": "学习 精神", "sort": "held_on", "show": "kind,held_on"}
    who.get(reverse(LIST), {"scope": ""})
    page = who.get(answer.url)
    assert [fact.name for fact in page.context["facts"]] == ["kind", "held_on"]
    plain = who.get(reverse(LIST), {"kind": "党课", "q": "学习 精神", "sort": "held_on"}).context["listing"]
    assert [r.pk for r in page.context["listing"].page().records] == [r.pk for r in plain.page().records]
    assert (
        f'<a href="{answer.url.replace("&", "&amp;")}" class="is-here" aria-current="true">学习的 党课</a>'
        in page.content.decode()
    )
    assert 'is-here" aria-current="true">学习' not in who.get(reverse(LIST)).content.decode()


def branch() -> PartyOrganization:
    return PartyOrganization.objects.filter(kind="党支部", meetings__isnull=False).order_by("pk").first()


def test_the_frame_is_kept_only_when_it_is_asked_for(yunxi, door):
    who = door("office")
    keep(who, "不带口径", {"scope": branch().code, "period": "2023Q1"})
    keep(who, "带口径", {"scope": branch().code, "period": "2023Q1"}, framed="1")
    plain, framed = SavedView.objects.filter(user=who.user).order_by("pk")
    assert not {"scope", "period", "on"} & set(QueryDict(plain.query))
    who.get(reverse(LIST), {"scope": "", "period": "", "on": ""})
    frame = who.get(f"{reverse(LIST)}?{framed.query}").context["frame"]
    assert (frame.scope.code, frame.period.code, str(frame.day)) == (branch().code, "2023Q1", "2023-03-31")


def test_nobody_else_sees_opens_renames_or_removes_a_view(yunxi, door, account):
    who, other = door("office"), door("operator")
    keep(who, "我的党课")
    view = own(who)
    for page in (reverse(LIST), reverse(VIEWS)):
        assert "我的党课" in who.get(page).content.decode()
        assert "我的党课" not in other.get(page).content.decode()
    for sent in ({"do": "drop"}, {"do": "rename", "name": "别人的"}):
        assert other.post(reverse(VIEWS), {"view": view.pk, **sent}).status_code == 404
    for act in (lambda: drop_view(by=other.user, on=IMPORT_DAY, view=view),
                lambda: rename_view(by=other.user, on=IMPORT_DAY, view=view, name="别人的")):  # fmt: skip
        with pytest.raises(NotAllowed):
            act()
    assert own(who).name == "我的党课"


def test_a_view_belongs_to_one_register(yunxi, door):
    who = door("office")
    keep(who, "我的党课")
    assert [view.name for view in who.get(reverse(LIST)).context["views"]] == ["我的党课"]
    assert who.get(reverse("visits:visit-list")).context["views"] == []
    assert who.post(reverse("visits:visit-views"), {"do": "drop", "view": own(who).pk}).status_code == 404
    closed = door("system_administrator")
    assert closed.post(reverse(VIEWS), {"do": "keep", "name": "看看"}).status_code == 403
    with pytest.raises(NotAllowed):
        keep_view(by=closed.user, on=IMPORT_DAY, register="meetings.meeting", name="看看", query="")


def test_a_name_is_used_once_by_one_reader_for_one_register(yunxi, door):
    who, other = door("office"), door("head")
    keep(who, "党课")
    again = keep(who, "党课")
    assert "已经有叫“党课”的视图" in again.content.decode()
    assert 'value="党课"' in again.content.decode(), "what was typed is still there"
    assert keep(other, "党课").status_code == 302
    assert who.post(reverse("visits:visit-views"), {"do": "keep", "name": "党课"}).status_code == 302
    assert SavedView.objects.filter(name="党课").count() == 3
    for name in ("", "  ", "长" * 31):
        assert keep(who, name).status_code == 200
    assert SavedView.objects.filter(user=who.user).count() == 2


def test_no_resident_id_is_ever_stored(yunxi, door):
    who = door("office")
    number = Person.objects.filter(resident_id_index__isnull=False).first().resident_id
    spaced = f"{number[:6]} {number[6:14]} {number[14:]}"
    views = reverse("people:person-views")
    who.post(f"{views}?q={number}", {"do": "keep", "name": "查一个人"})
    for sent, query in (({"name": number}, {}), ({"name": spaced[:30]}, {}), ({"name": "甲"}, {"q": f"张 {number}"}),
                        ({"name": "乙"}, {"sex": spaced}), ({"name": "丙"}, {"education": number})):  # fmt: skip
        answer = who.post(reverse("people:person-views", query=query), {"do": "keep", **sent}, follow=True)
        assert "证件号码" in answer.content.decode(), (sent, query)
    kept = [one.query + one.name for one in SavedView.objects.all()]
    assert not [text for text in kept if saved.holds_id(text) or number in text], kept
    assert number not in " ".join(TrailEntry.objects.filter(verb="ui:keep_view").values_list("values", flat=True))


def test_a_view_is_renamed_removed_and_kept_again_each_on_the_trail(yunxi, door):
    who = door("office")
    keep(who, "党课", framed="1")
    view = own(who)
    assert "改名、删除" in who.get(reverse(VIEWS)).content.decode()
    who.post(reverse(VIEWS), {"do": "rename", "view": view.pk, "name": "学习党课"})
    assert own(who).name == "学习党课"
    page = who.post(reverse(VIEWS), {"do": "drop", "view": view.pk})
    assert not SavedView.objects.filter(user=who.user).exists()
    assert "恢复“学习党课”" in page.content.decode()
    dropped = page.context["dropped"]
    who.post(f"{reverse(VIEWS)}?{dropped['query']}", {"do": "keep", "name": dropped["name"], "framed": "1"})
    assert own(who).query == view.query
    entries = TrailEntry.objects.filter(verb__startswith="ui:").order_by("number")
    assert [e.verb for e in entries] == ["ui:keep_view", "ui:rename_view", "ui:drop_view", "ui:keep_view"]
    assert all("党课" not in e.values for e in entries), "what somebody looks for is sealed"


def test_there_are_at_most_twenty_views_of_a_register(yunxi, operator, monkeypatch):
    monkeypatch.setattr(saved, "MOST", 2)
    for name in ("甲", "乙"):
        keep_view(by=operator, on=IMPORT_DAY, register="meetings.meeting", name=name, query="kind=x")
    with pytest.raises(Refused, match="最多存"):
        keep_view(by=operator, on=IMPORT_DAY, register="meetings.meeting", name="丙", query="")
    with pytest.raises(Refused, match="太长"):
        keep_view(by=operator, on=IMPORT_DAY, register="visits.visit", name="丙", query="q=" + "长" * 2000)


def test_choosing_columns_replaces_those_a_view_named(yunxi, door):
    who = door("office")
    answer = who.post(reverse(LIST, query={"kind": "党课", "show": "kind"}), {"column": ["topic", "due"]})
    assert answer.url == reverse(LIST, query={"kind": "党课"})
    assert [f.name for f in who.get(answer.url).context["facts"]] == ["topic", "due"]


def test_views_cost_one_statement_however_many_there_are(yunxi, door, django_assert_max_num_queries):
    who = door("office")
    for name in "甲乙丙丁戊己庚辛":
        keep(who, name)
    who.get(reverse(LIST))
    with django_assert_max_num_queries(12):
        page = who.get(reverse(LIST)).content.decode()
    assert page.index("保存的视图") < page.index("搜索主题"), "above the filters"
