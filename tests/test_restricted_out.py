"""What is restricted leaves, and a sanction is read, only for a purpose: who reads that class, the entry, the mark, and
whoever it is about."""

from __future__ import annotations

import io
import json

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from conftest import IMPORT_DAY
from tests.test_handed_out import words_of
from zugong.base import chain, exports
from zugong.base.models import Export, TrailEntry
from zugong.cadres.models import COMMENDED, DISCIPLINED, Merit
from zugong.desk.holdings import Holdings
from zugong.intake.models import StagedSheet
from zugong.people.models import Person
from zugong.ui.shown import MASK

WHERE = "people:person-export"
OFFERED = "要，不以＊＊＊代替"


def cells(answer) -> list[tuple[object, ...]]:
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return list(book.active.iter_rows(values_only=True))


def words_in(rows) -> set[object]:
    return {value for row in rows for value in row if isinstance(value, str)}


def test_numbers_leave_for_a_purpose_that_stands_on_the_file_the_trail_and_before_the_person(yunxi, clerk, freely):
    person = next(one for one in Person.objects.order_by("pk") if one.resident_id and one.phone)
    address = f"{reverse(WHERE)}?q={person.name}"
    assert OFFERED in clerk.get(address).content.decode()
    masked = words_in(cells(clerk.post(address, {"purpose": "核对任免材料"})))
    assert person.resident_id not in masked
    assert MASK in masked
    before = Export.objects.count()
    assert "请写明用途" in clerk.post(address, {"restricted": "1", "purpose": " "}).content.decode()
    assert Export.objects.count() == before
    rows = cells(clerk.post(address, {"restricted": "1", "purpose": "核对任免材料"}))
    assert {person.resident_id, person.phone} <= words_in(rows)
    assert "用途：核对任免材料" in rows[0][0]
    assert rows[0][0].endswith(f"第 {Export.objects.latest('pk').pk} 号")
    told = json.loads(TrailEntry.objects.filter(verb="base:record_export").latest("number").values)
    assert (told["purpose"], told["fields"]) == ("核对任免材料", ["公民身份号码", "手机号"])
    assert person.key in told["read"]
    assert person.resident_id not in json.dumps(told)
    (reading, *_), _ = Holdings(person, IMPORT_DAY).provenance.readings()
    assert (reading.purpose, reading.what) == ("核对任免材料", "导出：公民身份号码、手机号")
    assert "核对任免材料" in clerk.get(reverse("people:person", args=[person.pk])).content.decode()
    assert chain.verify(anchored=False).faults == []


@pytest.mark.parametrize("role", ["general_office", "head", "branch"])
def test_whoever_does_not_read_that_class_is_not_offered_it_and_gets_none(yunxi, door, freely, role):
    who, before = door(role), Export.objects.count()
    assert OFFERED not in who.get(reverse(WHERE)).content.decode()
    assert who.post(reverse(WHERE), {"restricted": "1", "purpose": "核对任免材料"}).status_code == 403
    assert Export.objects.count() == before


def test_what_needs_agreement_is_asked_for_as_restricted_with_the_purpose_said(yunxi, door, monkeypatch):
    monkeypatch.setattr(exports, "allowance", lambda holds, on: 1)
    asked = door("office").post(reverse(WHERE), {"restricted": "1", "purpose": "换届摸底"})
    assert asked.status_code == 409
    assert asked.context["wanted"].holds == "restricted"
    assert asked.context["wanted"].filters["敏感列"] == "公民身份号码、手机号"
    assert 'value="换届摸底"' in asked.content.decode()


def test_too_many_restricted_rows_do_not_leave_at_once(yunxi, door, freely, monkeypatch):
    monkeypatch.setattr(exports, "MOST_OPENED", 3)
    before, answer = Export.objects.count(), door("office").post(reverse(WHERE), {"restricted": "1", "purpose": "换届摸底"})
    assert "一次最多导出 3 行" in answer.content.decode()
    assert Export.objects.count() == before


# Sanctions


def sanction_and_praise() -> tuple[Merit, Merit]:
    rows = Merit.objects.exclude(content="").order_by("pk").select_related("person")
    return rows.filter(kind=DISCIPLINED).first(), rows.filter(kind=COMMENDED).first()


@pytest.mark.parametrize("role", ["cadre_office", "head"])
def test_a_sanction_is_masked_wherever_it_stands_and_praise_is_not(yunxi, door, freely, role):
    who, shown = door(role), {}
    for one in sanction_and_praise():
        pages = {
            "list": who.get(reverse("cadres:merit-list"), {"person": one.person_id, "scope": ""}),
            "record": who.get(reverse("cadres:merit", args=[one.pk])),
            "person": who.get(reverse("people:person", args=[one.person_id])),
            "export": who.post(f"{reverse('cadres:merit-export')}?person={one.person_id}&scope="),
        }
        shown[one.kind] = {page for page, answer in pages.items() if one.content in words_of(answer)}
        found = who.get(reverse("cadres:merit-list"), {"q": one.content, "scope": ""}).content.decode()
        assert f'href="{reverse("cadres:merit", args=[one.pk])}"' not in found, "found by its content"
    assert shown == {DISCIPLINED: set(), COMMENDED: {"list", "record", "person", "export"}}


def test_a_sanction_is_read_for_a_purpose_by_whoever_reads_that_class(yunxi, door):
    sanction, praise = sanction_and_praise()
    readings = TrailEntry.objects.filter(verb="base:record_reading")
    reveal, who, before = reverse("cadres:merit-reveal", args=[sanction.pk]), door("cadre_office"), readings.count()
    assert sanction.content not in who.post(reveal, {"purpose": ""}).content.decode()
    assert sanction.content in who.post(reveal, {"purpose": "核对任免材料"}).content.decode()
    told = readings.latest("number")
    assert (told.subject, json.loads(told.values)["purpose"]) == (sanction.key, "核对任免材料")
    assert sanction.content not in door("head").post(reveal, {"purpose": "核对任免材料"}).content.decode()
    assert who.post(reverse("cadres:merit-reveal", args=[praise.pk]), {"purpose": "核对任免材料"}).status_code == 302
    assert readings.count() == before + 1, "nothing of praise is restricted, so nothing was read"


def test_a_sanction_is_masked_on_its_way_in_and_on_its_form(yunxi, door):
    sanction, praise = sanction_and_praise()
    sheet, who = StagedSheet.objects.get(ledger="merits", file__batch=yunxi), door("office")
    page = who.get(reverse("intake:batch", args=[yunxi]), {"sheet": sheet.pk, "state": "all"})
    forms = [who.get(reverse("cadres:merit-edit", args=[one.pk])).content.decode() for one in (sanction, praise)]
    assert praise.content in page.content.decode()
    assert sanction.content not in page.content.decode()
    assert [one.content in form for one, form in zip((sanction, praise), forms, strict=True)] == [False, True]
