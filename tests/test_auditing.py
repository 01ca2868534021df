"""The auditor's pages: every part of the question narrows, an entry in full, a record's life, the export verified by hand."""

from __future__ import annotations

import csv
import json
from datetime import date

import pytest
from cryptography.hazmat.primitives import hashes
from django.urls import reverse

from conftest import IMPORT_DAY
from zugong.base import trail
from zugong.base.models import TrailEntry, TrailTouch
from zugong.meetings.models import Meeting
from zugong.people import actions as people
from zugong.people.models import Person
from zugong.visits.models import Visit

LIST = reverse("desk:trail")


@pytest.fixture
def auditor(yunxi, door):
    return door("auditor")


def numbers(auditor, **asked: str) -> list[int]:
    return [entry.number for entry, *_ in auditor.get(LIST, asked).context["rows"]]


def test_every_part_of_the_question_narrows_and_they_narrow_together(auditor, door):
    door("branch").get(reverse("cadres:cadre-list"))
    trail.note("base:anchor_after_restore", account="local", on=IMPORT_DAY, subject="x:1", via=trail.COMMANDS)
    every = list(TrailEntry.objects.order_by("-number"))
    today = date.today().isoformat()
    parts = {
        "account": ("local", lambda e: e.account == "local"),
        "what": ("恢复备份", lambda e: e.verb == "base:anchor_after_restore"),
        "record": ("x:1", lambda e: e.subject == "x:1"),
        "via": (trail.COMMANDS, lambda e: e.via == trail.COMMANDS),
        "denied": ("1", lambda e: e.verb == "base:turned_away"),
        "first": (today, lambda e: True),
        "last": ("2001-01-01", lambda e: False),
    }
    for name, (said, fits) in parts.items():
        wanted = [entry.number for entry in every if fits(entry)]
        assert numbers(auditor, **{name: said}) == wanted[:100], name
        if name not in ("first", "last"):
            assert 0 < len(wanted) < len(every), name
    assert numbers(auditor, account="local", via=trail.COMMANDS) == [every[0].number]


def test_pages_follow_each_other_without_a_gap(auditor):
    for n in range(250):
        trail.note("base:anchor_after_restore", account=f"u{n % 2}", on=IMPORT_DAY)
    seen, before = [], ""
    while True:
        page = auditor.get(LIST, {"account": "u1", "before": before})
        seen += [entry.number for entry, *_ in page.context["rows"]]
        before = page.context["more"]
        if not before:
            break
    assert seen == list(TrailEntry.objects.filter(account="u1").order_by("-number").values_list("number", flat=True))


def test_an_entry_tells_all_but_what_is_sealed(auditor, operator):
    person = next(one for one in Person.objects.order_by("pk") if one.phone)
    old = person.phone
    people.edit(by=operator, on=IMPORT_DAY, person=person, changes={"phone": "13900001111", "education": "中专"})
    entry = TrailEntry.objects.order_by("-number").first()
    page = auditor.get(reverse("desk:trail-entry", args=[entry.number])).content.decode()
    assert "密封，不显示" in page
    assert not any(secret in page for secret in (old, "13900001111", *map(str, sealed_in(entry))))
    assert entry.mark in page
    assert "内容和摘要相符" in page
    TrailEntry.objects.filter(pk=entry.pk).update(account="x")
    assert "这一条被改动过" in auditor.get(reverse("desk:trail-entry", args=[entry.number])).content.decode()


def sealed_in(entry: TrailEntry) -> list[str]:
    changes = json.loads(entry.values)["changes"]
    return [v["sealed"] for fields in changes.values() for pair in fields.values() for v in pair if isinstance(v, dict)]


def test_a_record_has_its_whole_life_also_what_went_along_and_the_import(auditor, door):
    who = door("office")
    meeting = Meeting.objects.filter(origin__isnull=False).first()
    two = list(Visit.objects.filter(opinion__isnull=False).order_by("pk")[:2])
    who.post(reverse("visits:visit-selected"), {"row": [one.pk for one in two], "do": "removed"})
    for one in two:
        told = TrailEntry.objects.filter(number__in=numbers(auditor, record=one.key))
        assert "visits:remove" in set(told.values_list("verb", flat=True)), "also the one the entry does not name"
        assert TrailTouch.objects.filter(key=one.key).exists() or told.filter(subject=one.key).exists()
    verbs = {TrailEntry.objects.get(number=n).verb for n in numbers(auditor, record=f"会议 {meeting.pk}")}
    title = meeting._meta.verbose_name
    verbs |= {TrailEntry.objects.get(number=n).verb for n in numbers(auditor, record=f"{title} {meeting.pk}")}
    assert {"intake:stage", "intake:commit"} <= verbs, "by its Chinese name, too"


def test_an_export_can_be_verified_without_us_and_is_on_the_trail(auditor):
    before = TrailEntry.objects.count()
    answer = auditor.post(reverse("desk:trail-export"), {"via": ""})
    rows = list(csv.DictReader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines(keepends=True)))[:-1]
    assert len(rows) >= before
    last = "0" * 64
    for row in rows:
        assert row["previous"] == last
        told = {name: row[name] for name in row if name not in ("mark", "seal") and (name != "via" or row["via"])}
        machine = hashes.Hash(hashes.SM3())
        machine.update(json.dumps(told, ensure_ascii=False, sort_keys=True).encode())
        assert machine.finalize().hex() == row["mark"]
        last = row["mark"]
    entry = TrailEntry.objects.order_by("-number").first()
    assert (entry.verb, entry.account) == ("base:record_export", auditor.user.username)
    assert auditor.get(reverse("desk:trail-export")).status_code == 302


def test_only_the_auditor_reads_the_trail(auditor, door):
    for role in ("system_administrator", "security_administrator", "office", "head"):
        for page in (LIST, reverse("desk:trail-entry", args=[1])):
            assert door(role).get(page).status_code == 403, role
        assert door(role).post(reverse("desk:trail-export")).status_code == 403
