"""How long each kind of record is kept: nothing without a rule, nothing due a day early or late, nothing deleted."""

from __future__ import annotations

import datetime

import pytest
from django.apps import apps
from django.urls import reverse

from zugong.base import retention
from zugong.base.records import Kept
from zugong.base.retention import Then
from zugong.meetings.models import Meeting
from zugong.people.models import Person, Statement

KINDS = {one.model: one for one in retention.table()}
DAY = datetime.date(2026, 11, 30)


def test_every_kind_that_is_kept_has_one_rule():
    models = [m for m in apps.get_models() if not m._meta.proxy]
    assert [m._meta.label for m in models if m not in KINDS] == []
    assert len(KINDS) == len(retention.table())


@pytest.mark.parametrize("one", retention.table(), ids=lambda one: one.model._meta.label)
def test_a_rule_is_whole(one, db):
    assert one.event
    for line in one.parameter.lines:
        assert line.source.cite()
        assert (line.value is None) == (one.then == Then.KEPT), "for ever is not reviewed, and the other way round"
        assert line.value is None or (isinstance(line.value, int) and line.value >= 0)
    if one.then == Then.KEPT:
        assert one.backed_up
    one.due_among(one.model._default_manager.all(), DAY).exists()  # the path leads somewhere


def test_only_what_is_no_record_is_erased_without_being_looked_at():
    assert not [m for m, one in KINDS.items() if one.then == Then.ERASED and issubclass(m, Kept)]
    assert not [m for m in retention.not_backed_up() if issubclass(m, Kept)]


def test_a_meeting_is_due_thirty_years_after_it_was_held_and_not_a_day_before(yunxi, operator):
    first = Meeting.objects.order_by("held_on").first().held_on
    eve = datetime.date(first.year + 30, first.month, first.day) - datetime.timedelta(days=1)
    rule, before = retention.of(Meeting), Meeting.objects.count()
    assert rule.due_among(Meeting.objects.all(), eve).count() == 0
    due = {one.retention.model: one.rows for one in retention.due(operator, eve + datetime.timedelta(days=1))}
    assert due[Meeting] == Meeting.objects.filter(held_on=first).count() > 0
    assert Meeting.objects.count() == before, "nothing is deleted"


def test_the_cutoff_follows_the_unit():
    assert retention.of(Statement).cutoff(datetime.date(2024, 2, 29)) == datetime.date(2021, 2, 28)
    assert retention.of(Person).period(DAY) == "30 年"


def test_the_page_shows_each_kind_and_counts_only_what_the_reader_sees(yunxi, door, django_assert_max_num_queries):
    shown = door("office").get(reverse("desk:retention"))
    assert {one.model for one, *_ in shown.context["rows"]} == set(KINDS)
    with django_assert_max_num_queries(len(KINDS) + 12):
        page = door("supervision_member", "nowhere").get(reverse("desk:retention"))
    assert page.context["due"] == 0
    assert "《机关文件材料归档范围和文书档案保管期限规定》（条款待核）" in page.content.decode()
