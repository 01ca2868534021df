"""Select → act: chosen rows are exported, printed, removed and put back; numbers in the form are never trusted."""

from __future__ import annotations

import io
import json
import re
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.forms import model_to_dict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.no_ledger import begin_what_no_ledger_brings
from zugong import urls
from zugong.base import trail
from zugong.base.models import Grant, TrailEntry
from zugong.base.records import writing_allowed
from zugong.meetings.models import Meeting
from zugong.organizations.models import PartyOrganization
from zugong.people.models import Person
from zugong.training.models import TrainingClass
from zugong.ui.models import Removal
from zugong.ui.registers import REGISTERS
from zugong.ui.selection import MOST
from zugong.visits.models import Opinion, Visit

assert urls
LIST, SELECTED, REMOVED = "meetings:meeting-list", "meetings:meeting-selected", "meetings:meeting-removed"
REMOVABLE = [r for r in REGISTERS.values() if r.remove]


def branch() -> PartyOrganization:
    return PartyOrganization.objects.filter(kind="党支部", meetings__isnull=False).order_by("pk").first()


def own_and_other() -> tuple[list[int], list[int]]:
    """Meetings of the branch, and of others."""
    meetings = Meeting.objects.order_by("pk").values_list("pk", flat=True)
    return list(meetings.filter(organization=branch())[:3]), list(meetings.exclude(organization=branch())[:3])


def a_class_nobody_attended() -> TrainingClass:
    with writing_allowed():
        made = TrainingClass.objects.create(name="没有人来的班", kind="业务培训", starts_on="2023-03-01", hours="8.5")
    return TrainingClass.objects.get(pk=made.pk)


def choose(who: Client, pks, do: str, register: str = "meetings:meeting", query=None):
    return who.post(reverse(f"{register}-selected", query=query), {"row": list(pks), "do": do})


def sheet(answer) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    return book.get_sheet_by_index(0).to_python()[1:]  # below the mark


def latest() -> TrailEntry:
    return TrailEntry.objects.order_by("-number").first()


class Form(HTMLParser):
    """The form of the list as a browser without scripts sends it: fields, labels, buttons."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inside, self.action, self.method = False, "", ""
        self.rows: list[dict[str, str]] = []
        self.buttons: list[dict[str, str]] = []
        self.labels: list[str] = []
        self.open_label = False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            assert not self.inside, "forms cannot stand in one another"
            self.inside = "data-picking" in given
            if self.inside:
                self.action, self.method = given["action"], given["method"]
        elif self.inside and tag == "input" and given.get("name") == "row":
            self.rows.append(given)
            self.open_label = True
        elif self.inside and tag == "button":
            self.buttons.append(given)

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "label":
            self.open_label = False

    def handle_data(self, data):
        if self.open_label and data.strip():
            self.labels.append(data.strip())


def test_without_scripts_boxes_and_buttons_do_everything(yunxi, door):
    who = door("office")
    form = Form(who.get(reverse(LIST), {"kind": "党课"}).content.decode())
    assert form.method == "post"
    assert len(form.rows) == len(form.labels) == 50
    assert not any("disabled" in one or "hidden" in one or "tabindex" in one for one in form.rows + form.buttons)
    assert all(re.match(r"选择 \S", label) for label in form.labels)
    first = Meeting.objects.get(pk=form.rows[0]["value"])
    assert form.labels[0] == f"选择 {first.topic}"
    does = [one.get("value") for one in form.buttons if one.get("name") == "do"]
    assert does == ["export", "print", "remove"]
    chosen = [form.rows[0]["value"], form.rows[7]["value"]]
    rows = sheet(who.post(form.action, {"row": chosen, "do": "export"}))[3:]
    assert [row[0] for row in rows] == [Meeting.objects.get(pk=pk).topic for pk in chosen]
    asked = who.post(form.action, {"row": chosen, "do": "remove"})
    assert asked.context["numbers"] == sorted(int(pk) for pk in chosen)
    done = who.post(form.action, {"row": chosen, "do": "removed"})
    assert done.url == reverse(LIST, query={"kind": "党课"})
    assert not Meeting.objects.filter(pk__in=chosen).exists()


def test_nothing_chosen_is_said_and_nothing_done(yunxi, door):
    who, before = door("office"), Meeting.objects.count()
    for do in ("export", "print", "remove", "removed", "", "else"):
        answer = choose(who, [], do, query={"kind": "党课"})
        assert answer.url == reverse(LIST, query={"kind": "党课"})
    assert "一条也没有选" in who.get(reverse(LIST)).content.decode()
    assert choose(who, ["x", "1" * 30, "-1"], "removed").status_code == 302
    assert choose(who, [Meeting.objects.first().pk], "else").status_code == 302
    assert who.get(reverse(SELECTED)).url == reverse(LIST)
    assert choose(who, range(1, MOST + 2), "export").status_code == 409
    assert Meeting.objects.count() == before


def test_an_export_of_chosen_rows_says_on_the_trail_which(yunxi, door):
    own, _ = own_and_other()
    who = door("office")
    whole = sheet(choose(who, own, "export", query={"sort": "held_on"}))
    assert "选中：3 次" in str(whole[1])
    assert len(whole) == 3 + 3
    days = [row[2] for row in whole[3:]]
    assert days == sorted(days)
    entry = latest()
    assert (entry.verb, entry.subject) == ("base:record_export", "meetings.meeting")
    told = json.loads(entry.values)
    assert told["rows"] == 3
    asked = {name: told["filters"].pop(name) for name in ("选中", "编号", "方式")}
    assert asked == {"选中": "3 次", "编号": "、".join(map(str, own)), "方式": "Excel"}
    assert told["filters"].keys() == {"范围", "期间", "截至"}
    assert "row" not in str(dict(who.session)), "numbers are in the form only"


def test_chosen_people_go_out_masked_as_in_every_export(yunxi, door):
    person = Person.objects.filter(resident_id_index__isnull=False).first()
    assert person.resident_id not in str(sheet(choose(door("operator"), [person.pk], "export", "people:person")))


def test_a_printed_selection_holds_the_chosen_columns_and_rows(yunxi, door):
    own, _ = own_and_other()
    answer = choose(door("office"), own, "print", query={"show": "topic,held_on"})
    assert answer.templates[0].name == "ui/register_print.html"
    text = answer.content.decode()
    assert text.count("<tr>") == 1 + 3
    assert text.count("<th ") == 2


def test_a_branch_can_neither_export_print_nor_remove_what_it_does_not_see(yunxi, door):
    own, other = own_and_other()
    who = door("branch", branch().code)
    assert len(sheet(choose(who, [*own, *other], "export"))) == 3 + len(own)
    assert json.loads(latest().values)["rows"] == len(own)
    printed = choose(who, [*own, *other], "print").content.decode()
    assert printed.count("<tr>") == 1 + len(own)
    asked = choose(who, [*own, *other], "remove")
    assert asked.context["numbers"] == own
    assert not [pk for pk in other if f'value="{pk}"' in asked.content.decode()]
    for do in ("export", "print", "remove", "removed"):
        assert choose(who, other, do).url == reverse(LIST)
    assert Meeting.objects.filter(pk__in=other).count() == len(other)
    choose(who, [own[0], *other], "removed")
    assert Meeting.objects.filter(pk__in=other).count() == len(other)
    assert not Meeting.objects.filter(pk=own[0]).exists()


def test_what_is_seen_without_the_right_stays_and_keeps_the_others(yunxi, door):
    own, other = own_and_other()
    who = door("branch", branch().code)
    with writing_allowed():  # the head of the department reads everything, and may change nothing
        Grant.objects.create(user=who.user, role="head", organization_code="")
    asked = choose(who, [*own, *other], "remove").content.decode()
    assert f"其中 {len(other)} 次您能看、但没有删除的权限" in asked
    assert 'value="removed"' not in asked
    refused = choose(who, [*own, *other], "removed")
    assert "没有办理此事的权限" in refused.content.decode()
    assert Meeting.objects.filter(pk__in=[*own, *other]).count() == len(own) + len(other)
    assert not Removal.objects.exists()
    choose(who, own, "removed")
    assert not Meeting.objects.filter(pk__in=own).exists()


def test_whoever_may_not_remove_is_offered_nothing_and_gets_nothing(yunxi, door):
    own, _ = own_and_other()
    who = door("head")
    assert "删除选中" not in who.get(reverse(LIST)).content.decode()
    assert "删除过的" not in who.get(reverse(LIST)).content.decode()
    assert "没有办理此事的权限" in choose(who, own, "removed").content.decode()
    assert who.get(reverse(REMOVED)).status_code == 403
    assert Meeting.objects.filter(pk__in=own).count() == len(own)
    persons = door("office").get(reverse("people:person-list")).content.decode()
    assert "导出选中" in persons
    assert "删除选中" not in persons
    assert choose(door("office"), [Person.objects.first().pk], "removed", "people:person").status_code == 302
    assert not Removal.objects.exists()


def test_what_goes_along_is_said_goes_and_comes_back(yunxi, door):
    who, opinion = door("office"), Opinion.objects.select_related("visit").order_by("pk").first()
    visit = opinion.visit
    before = model_to_dict(visit), model_to_dict(opinion)
    keys = (visit.pk, visit.revision, visit.origin), (opinion.pk, opinion.revision, opinion.origin)
    asked = choose(who, [visit.pk], "remove", "visits:visit").content.decode()
    assert "一起删除的：意见建议 1 条" in asked
    assert str(opinion) in asked
    assert Visit.objects.filter(pk=visit.pk).exists(), "asking removes nothing"
    choose(who, [visit.pk], "removed", "visits:visit")
    assert not Opinion.objects.filter(pk=opinion.pk).exists()
    removal = Removal.objects.get()
    assert removal.along == "意见建议 1 条"
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM ui_removal")
        assert before[1]["text"] not in cursor.fetchone()[0], "kept sealed"
    who.post(reverse("visits:visit-removed"), {"removal": removal.pk})
    again = Visit.objects.get(pk=visit.pk), Opinion.objects.get(pk=opinion.pk)
    assert tuple(map(model_to_dict, again)) == before
    assert tuple((r.pk, r.revision, r.origin) for r in again) == keys
    assert not trail.faults()


def test_something_else_in_the_way_keeps_all(yunxi, door):
    who = door("office")
    used = TrainingClass.objects.filter(trainees__isnull=False).order_by("pk").first()
    chosen = [a_class_nobody_attended().pk, used.pk]
    for do in ("remove", "removed"):
        page = choose(who, chosen, do, "training:trainingclass").content.decode()
        assert page.count("不能删除：还有") == 1
        assert 'value="removed"' not in page
    assert TrainingClass.objects.filter(pk__in=chosen).count() == len(chosen)
    assert not Removal.objects.exists()
    assert not TrailEntry.objects.filter(verb__in=("training:remove", "ui:remove_selected")).exists()


@pytest.mark.parametrize("register", REMOVABLE, ids=lambda r: r.label)
def test_every_register_that_lets_rows_go_takes_them_back(yunxi, door, register):
    who = door("office")
    begin_what_no_ledger_brings(who.user)
    one = a_class_nobody_attended() if register.model is TrainingClass else register.model.objects.order_by("pk").first()
    before = model_to_dict(one)
    record = reverse(register.name(), args=[one.pk])
    assert "删除…" in who.get(record).content.decode()
    who.post(register.href("selected"), {"row": [one.pk], "do": "removed"})
    assert who.get(record).status_code == 404
    entries = TrailEntry.objects.exclude(verb="base:turned_away").order_by("-number")[:2]
    assert {e.verb for e in entries} == {"ui:remove_selected", register.remove.verb}
    assert any(one.key in e.values for e in entries)
    listed = who.get(register.href("removed")).content.decode()
    assert str(one) in listed.replace("&amp;", "&")
    who.post(register.href("removed"), {"removal": Removal.objects.get().pk})
    assert model_to_dict(register.model.objects.get(pk=one.pk)) == before
    page = who.get(record).content.decode()
    assert "恢复删除的" in page
    assert "改动" not in re.findall(r"</strong> (\S+)", page)


def test_a_removal_is_put_back_once_and_by_its_owner_only(yunxi, door):
    own, _ = own_and_other()
    who, other = door("branch", branch().code), door("office")
    choose(who, own, "removed")
    sent = {"removal": Removal.objects.get().pk}
    assert other.post(reverse(REMOVED), sent).status_code == 404
    assert "恢复<" not in other.get(reverse(REMOVED)).content.decode()
    assert who.post(reverse("visits:visit-list")).status_code in (302, 403)
    assert who.post(reverse(REMOVED), sent).status_code == 302
    assert Meeting.objects.filter(pk__in=own).count() == len(own)
    assert "已经恢复过了" in who.post(reverse(REMOVED), sent).content.decode()
    assert Meeting.objects.filter(pk__in=own).count() == len(own)


def test_a_right_lost_meanwhile_puts_nothing_back(yunxi, door):
    _, other = own_and_other()
    who = door("branch", branch().code)
    with writing_allowed():
        wide = Grant.objects.create(user=who.user, role="office", organization_code="")
    who.user.__dict__.pop("_grants", None)
    choose(who, other, "removed")
    assert not Meeting.objects.filter(pk__in=other).exists()
    with writing_allowed():
        wide.delete()
    answer = who.post(reverse(REMOVED), {"removal": Removal.objects.get().pk})
    assert answer.status_code == 403
    assert not Meeting.objects.filter(pk__in=other).exists()
    assert Removal.objects.get().restored_on is None


@pytest.mark.parametrize("do", ["export", "print", "remove", "removed"])
def test_fifty_rows_ask_no_more_than_one(yunxi, door, do):
    who, asked = door("office"), {}
    for register in ("meetings.meeting", "visits.visit"):
        pks = list(REGISTERS[register].model.objects.order_by("pk").values_list("pk", flat=True)[:51])
        choose(who, [Meeting.objects.order_by("-pk").first().pk], "print")  # the session is begun
        for name, chosen in (("one", pks[:1]), ("fifty", pks[1:])):
            with CaptureQueriesContext(connection) as queries:
                answer = choose(who, chosen, do, f"{register.replace('.', ':')}")
                if answer.streaming:
                    b"".join(answer.streaming_content)
            asked[name] = len(queries)
        assert asked["fifty"] <= asked["one"] + 2, (register, asked)
        assert asked["fifty"] <= 40


def test_putting_fifty_rows_back_asks_no_more_than_one(yunxi, door):
    who, asked = door("office"), []
    pks = list(Meeting.objects.order_by("pk").values_list("pk", flat=True)[:51])
    for chosen in (pks[:1], pks[1:]):
        choose(who, chosen, "removed")
        removal = Removal.objects.order_by("-pk").first()
        with CaptureQueriesContext(connection) as queries:
            who.post(reverse(REMOVED), {"removal": removal.pk})
        asked.append(len(queries))
    assert asked[1] <= asked[0] + 2, asked
    assert Meeting.objects.filter(pk__in=pks).count() == 51


def test_the_list_with_boxes_asks_the_same_for_one_row_and_fifty(yunxi, door):
    who, asked = door("office"), []
    for query in ({"scope": branch().code}, {"scope": ""}):
        who.get(reverse(LIST), query)
        with CaptureQueriesContext(connection) as queries:
            who.get(reverse(LIST), query)
        asked.append(len(queries))
    assert max(asked) <= 12, asked
