"""A province: 25,000 branches, 1,000,000 meetings, 500,000 members, written straight into the database."""

from __future__ import annotations

import random
from datetime import date, timedelta

from django.db import connection, transaction

from zugong.base import bulk
from zugong.base.records import writing_allowed
from zugong.elections.models import Term
from zugong.elections.rules import term_expires_on
from zugong.meetings.models import COMMITTEE_MEETING, GENERAL_MEETING, PARTY_LECTURE, THEME_DAY, Meeting
from zugong.organizations.models import PartyOrganization, Placement, Unit
from zugong.people.models import Appointment, Membership, Person

KINDS = (
    THEME_DAY,
    THEME_DAY,
    THEME_DAY,
    COMMITTEE_MEETING,
    COMMITTEE_MEETING,
    PARTY_LECTURE,
    GENERAL_MEETING,
    "业务大讲堂",
    "座谈会",
)
FIRST = date(2022, 1, 1)


def build(branches: int = 25_000, meetings: int = 1_000_000, members: int = 500_000) -> None:
    """Fill an empty database."""
    chance = random.Random(7)
    with transaction.atomic(), writing_allowed():
        organizations = _organizations(branches, chance)
        _meetings(organizations, meetings, chance)
        _members(organizations, members, chance)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _organizations(branches: int, chance: random.Random) -> list[PartyOrganization]:
    units = [Unit(name=f"单位{n}") for n in range(1 + branches // 25)]
    bulk.insert(units)
    root = PartyOrganization(code="1", name="中共测试省委员会", kind="党委")
    above = [
        PartyOrganization(code=f"1{n:04d}", name=f"中共第{n}委员会", kind="党委", unit=units[n]) for n in range(1, len(units))
    ]
    below = [PartyOrganization(code=f"2{n:06d}", name=f"中共第{n}支部委员会", kind="党支部") for n in range(branches)]
    bulk.insert([root, *above, *below])
    places = [Placement(organization=root, path="1.")]
    places += [Placement(organization=o, parent=root, path=f"1.{o.code}.") for o in above]
    for n, one in enumerate(below):
        parent = above[n % len(above)]
        places.append(Placement(organization=one, parent=parent, path=f"1.{parent.code}.{one.code}."))
    bulk.insert(places)
    terms = []
    for one in below:
        elected = date(2018, 1, 1) + timedelta(days=chance.randrange(1900))
        terms.append(Term(organization=one, elected_on=elected, years=3, expires_on=term_expires_on(elected, 3)))
    bulk.insert(terms)
    return below


def _meetings(organizations: list[PartyOrganization], many: int, chance: random.Random) -> None:
    for start in range(0, many, 100_000):
        bulk.insert(
            [
                Meeting(
                    held_on=FIRST + timedelta(days=chance.randrange(640)), organization_id=chance.choice(organizations).pk,
                    kind=chance.choice(KINDS), topic=f"主题{n % 500}", due=20, present=18,
                )
                for n in range(start, min(start + 100_000, many))
            ]
        )  # fmt: skip


def _members(organizations: list[PartyOrganization], many: int, chance: random.Random) -> None:
    for start in range(0, many, 100_000):
        size = min(100_000, many - start)
        people = []
        for n in range(size):
            born = date(1945, 1, 1) + timedelta(days=chance.randrange(21_000))
            people.append(Person(name=f"党员{start + n}", sex=chance.choice("男女"), ethnicity="汉族", birth_date=born))
        bulk.insert(people)
        bulk.insert(
            [
                Membership(
                    person=person, organization_id=organizations[(start + n) % len(organizations)].pk,
                    joined_on=person.birth_date + timedelta(days=8000), category="正式党员", education=chance.choice(["大学", "大专"]),
                    full_on=person.birth_date + timedelta(days=8365), valid_from=person.birth_date + timedelta(days=8000),
                )
                for n, person in enumerate(people)
            ]
        )  # fmt: skip
        bulk.insert([Appointment(person=person, title="书记") for person in people[: size // 50]])
