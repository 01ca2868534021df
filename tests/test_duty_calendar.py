"""The calendar of duties: what falls due in a year, the page, and the file a phone subscribes to."""

from __future__ import annotations

import re
from datetime import date

import icalendar
import pytest
from django.test import Client
from django.urls import reverse

from conftest import IMPORT_DAY
from zugong.base import department
from zugong.base.calendarfile import Entry, folded, written
from zugong.base.models import TrailEntry
from zugong.desk.duecalendar import DueCalendar
from zugong.elections.models import Term
from zugong.people.models import Person
from zugong.statistics.frames import frame_of

DAY = date(2023, 6, 30)
HALF = {"period": "2023H1"}


def test_a_file_a_phone_reads(db):
    long = "支部党员大会；换届，" * 12 + "\\末尾\n第二行"
    entries = [Entry("a", date(2026, 12, 31), long, long), Entry("b", date(2027, 2, 28), "换届选举")]
    body = written("应办事项", entries, date(2026, 11, 30))
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in body.replace(b"\r\n", b"")
    read = icalendar.Calendar.from_ical(body)
    assert not read.errors
    first, second = read.walk("VEVENT")
    assert str(first["SUMMARY"]) == long
    assert (first["DTSTART"].dt, first["DTEND"].dt) == (date(2026, 12, 31), date(2027, 1, 1))
    assert second.walk("VALARM")[0]["TRIGGER"].dt.days == -3
    assert first["UID"] != second["UID"]
    again = icalendar.Calendar.from_ical(written("x", [Entry("a", date(2027, 1, 5), "改期")], date(2026, 12, 1)))
    assert again.walk("VEVENT")[0]["UID"] == first["UID"], "the same thing on another day is moved, not doubled"


@pytest.mark.parametrize("text", ["", "短", "A" * 75, "A" * 76, "中" * 24 + "A" * 3, "中" * 26])
def test_folding_loses_nothing(text):
    assert folded(text).decode().replace("\r\n ", "").removesuffix("\r\n") == text


def test_the_year_ahead_of_the_county(yunxi, operator):
    made = DueCalendar(frame_of("2023H1", DAY), operator)
    coming = {(one.duty, one.day, one.many) for one in made.coming}
    assert ("meetings.general_meeting", date(2023, 9, 30), 96) in coming
    assert ("meetings.theme_day", date(2023, 7, 31), 96) in coming
    assert all(DAY <= one.day < date(2024, 6, 30) for one in made.coming)
    terms = {(one.subject, one.day) for one in made.coming if one.duty == "elections.term"}
    kept = Term.objects.latest(DAY).filter(expires_on__range=(DAY, date(2024, 6, 29)))
    assert terms == set(kept.values_list("organization__name", "expires_on"))
    assert len({one.key for one in made.coming}) == len(made.coming), "each thing has a key of its own"


def test_the_page_by_office_by_person_and_by_month(yunxi, operator, door):
    department.settle(by=operator, on=IMPORT_DAY, values={"department": "中共云溪县委组织部"})
    who = door("office")
    page = who.get(reverse("desk:calendar"), HALF).content.decode()
    assert "支部党员大会" in page
    assert "预备党员转正" in page
    assert "2024年6月" in page
    cadres = who.get(reverse("desk:calendar"), {**HALF, "office": "干部"}).content.decode()
    assert "挂职任中考察" in cadres
    assert "支部党员大会" not in cadres.partition("在手机日历里看")[0]
    grid = who.get(reverse("desk:calendar"), {**HALF, "month": "2023-09"}).content.decode()
    assert grid.count("due-grid") >= 1
    assert "第三季度" in grid
    person = Person.objects.filter(secondments__midway_on__isnull=True, secondments__valid_from__gte="2023-01-01").first()
    alone = who.get(reverse("desk:calendar"), {**HALF, "person": person.pk}).content.decode()
    assert "支部党员大会" not in alone.partition("在手机日历里看")[0]


def test_a_subscription_is_ones_own_secret_and_can_be_given_up(yunxi, operator, door):
    department.settle(by=operator, on=IMPORT_DAY, values={"department": "中共云溪县委组织部", "demo_day": "2023-06-30"})
    who, phone = door("office"), Client()

    def new_address() -> str:
        who.post(reverse("desk:calendar-feed"))
        return re.search(r'value="([^"]+\.ics)"', who.get(reverse("desk:calendar")).content.decode())[1]

    first = new_address()
    assert first not in who.get(reverse("desk:calendar")).content.decode(), "shown once"
    assert len(first.rpartition("/")[2]) >= 47
    read = icalendar.Calendar.from_ical(phone.get(first).content)
    titles = [str(one["SUMMARY"]) for one in read.walk("VEVENT")]
    assert any("支部党员大会：96 个党组织" in title for title in titles)
    names = set(Person.objects.exclude(name="").values_list("name", flat=True))
    text = "".join(titles) + "".join(str(one.get("DESCRIPTION", "")) for one in read.walk("VEVENT"))
    assert not [name for name in names if len(name) > 2 and name in text], "no person goes by name outside"
    entries = TrailEntry.objects.filter(verb="base:take_feed").count()
    phone.get(first)
    assert TrailEntry.objects.filter(verb="base:take_feed").count() == entries == 1
    second = new_address()
    assert phone.get(first).status_code == 404
    assert phone.get(second).status_code == 200
    who.post(reverse("desk:calendar-feed"), {"end": "1"})
    assert phone.get(second).status_code == 404
    assert phone.get("/calendar/abc.ics").status_code == 404
