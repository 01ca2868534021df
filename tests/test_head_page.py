"""The head's page: what is said there is what the records say, and only whoever signs reports is shown it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse
from test_workbench import HALF, MISSED, MOST_QUERIES

from zugong.elections.models import Term
from zugong.reports.models import Report

DAY, IN_A_YEAR = date(2023, 6, 30), date(2024, 6, 30)


@pytest.fixture
def page(yunxi, door, django_assert_max_num_queries):
    who = door("head")
    who.get(reverse("desk:head"), HALF)
    with django_assert_max_num_queries(MOST_QUERIES):
        return who.get(reverse("desk:head"), HALF)


def test_what_is_late_is_told_by_duty_and_leads_to_those_it_is_late_for(page, door):
    told = {one.duty.name: one for _, rows in page.context["late"] for one in rows}
    assert {name: told[name].missed + told[name].advised for name in MISSED} == {
        name: len(late) for name, late in MISSED.items()
    }
    assert told["主题党日"].why == "《中国共产党支部工作条例（试行）》（条款待核）"
    listed = door("head").get(f"{told['换届选举'].href}&period=2023H1")
    assert {one.finding.subject for one in listed.context["lines"]} == set(MISSED["换届选举"])


def test_what_falls_vacant_is_told_by_month(page):
    every = Term.objects.order_by("elected_on").values_list("organization", "expires_on")
    last = dict(every.filter(elected_on__lte=DAY))
    ending = sorted(day for day in last.values() if day and DAY < day <= IN_A_YEAR)
    (terms,) = [one for one in page.context["vacant"] if one.title == "党组织届满"]
    assert ending
    assert {(month.year, month.month): n for month, n in terms.months} == {
        month: sum((day.year, day.month) == month for day in ending) for month in {(day.year, day.month) for day in ending}
    }


def test_a_draft_is_called_by_its_period_as_people_say_it():
    assert str(Report(period="2023H1")) == "2023年上半年工作总结"


def test_no_unit_is_counted_or_ranked_and_an_empty_part_says_so(page):
    text = re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", page.content.decode()))
    assert "排名" not in text
    assert "问题登记册里没有未解决的问题。" in text
    days = [day.day for _, days in page.context["spans"] for day in days]
    assert days == sorted(days)
    assert days
    assert max(days) <= date(2023, 7, 30)


def test_on_paper_it_bears_a_number(yunxi, door):
    printed = door("head").get(reverse("desk:head"), {**HALF, "print": "1"})
    assert f"第 {printed.context['mark'].number} 号" in printed.content.decode()
