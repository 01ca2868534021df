"""A province: 25,000 branches, 1,000,000 meetings, 500,000 members and the rest in proportion, written straight in."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection, models, transaction

from zugong.base import bulk
from zugong.base.records import writing_allowed
from zugong.cadres.models import Cadre, Merit, ReserveEntry, Secondment
from zugong.elections.models import Term
from zugong.elections.rules import term_expires_on
from zugong.meetings.models import COMMITTEE_MEETING, GENERAL_MEETING, JOINT_THEME_DAY, PARTY_LECTURE, THEME_DAY, Meeting
from zugong.mentoring.models import Pair
from zugong.organizations.models import PartyOrganization, Placement, Unit
from zugong.people.models import Appointment, Membership, Person
from zugong.publicity.models import Article
from zugong.supervision.models import Finding, Session
from zugong.talents.models import Introduction, Post, Tenancy
from zugong.tasks.models import Task
from zugong.training.models import Trainee, TrainingClass
from zugong.visits.models import Opinion, ResearchTopic, Visit

OTHERS = (PARTY_LECTURE, GENERAL_MEETING, "业务大讲堂", "座谈会", "专题交流研讨", JOINT_THEME_DAY)
KINDS = (*[THEME_DAY] * 3, *[COMMITTEE_MEETING] * 2, *OTHERS)
FIRST = date(2022, 1, 1)
PIECE = 100_000


class Builder:
    """Makes believable rows, the same each time."""

    def __init__(self, branches: int, meetings: int, members: int) -> None:
        self.chance = random.Random(7)
        self.many = {"branches": branches, "meetings": meetings, "members": members}
        self.branches: list[PartyOrganization] = []
        self.units: list[Unit] = []
        self.people: list[int] = []

    def day(self, span: int = 640) -> date:
        """A day from 2022 on."""
        return FIRST + timedelta(days=self.chance.randrange(span))

    def maybe(self, day: date) -> date | None:
        """The day, or nothing, as often as not."""
        return day if self.chance.random() < 0.5 else None

    def rows(self, many: int, make: Callable[[int], models.Model]) -> list[Any]:
        """Insert rows piece by piece; returns the last piece."""
        piece: list[models.Model] = []
        for start in range(0, many, PIECE):
            piece = [make(n) for n in range(start, min(start + PIECE, many))]
            bulk.insert(piece)
        return piece

    def organizations(self) -> None:
        """One root, a committee for each 25 branches, the branches, their places and terms."""
        many = self.many["branches"]
        self.units = [Unit(name=f"单位{n}") for n in range(1 + many // 25)]
        bulk.insert(self.units)
        root = PartyOrganization(code="1", name="中共测试省委员会", kind="党委")
        above = [
            PartyOrganization(code=f"1{n:04d}", name=f"中共第{n}委员会", kind="党委", unit=self.units[n])
            for n in range(1, len(self.units))
        ]
        self.branches = [PartyOrganization(code=f"2{n:06d}", name=f"中共第{n}支部委员会", kind="党支部") for n in range(many)]
        bulk.insert([root, *above, *self.branches])
        places = [Placement(organization=root, path="1.")]
        places += [Placement(organization=o, parent=root, path=f"1.{o.code}.") for o in above]
        for n, one in enumerate(self.branches):
            parent = above[n % len(above)]
            places.append(Placement(organization=one, parent=parent, path=f"1.{parent.code}.{one.code}."))
        bulk.insert(places)
        for one, unit in zip(above, self.units[1:], strict=True):
            Unit.objects.filter(pk=unit.pk).update(organization=one)
        self.rows(many, self._term)

    def _term(self, n: int) -> Term:
        elected = date(2018, 1, 1) + timedelta(days=self.chance.randrange(2000))
        return Term(organization=self.branches[n], elected_on=elected, years=3, expires_on=term_expires_on(elected, 3))

    def meetings(self) -> None:
        """Meetings of all kinds over twenty-one months."""
        self.rows(
            self.many["meetings"],
            lambda n: Meeting(
                held_on=self.day(), organization_id=self.chance.choice(self.branches).pk, kind=self.chance.choice(KINDS),
                topic=f"主题{n % 500}", partner=f"单位{n % 90}" if n % 40 == 0 else "", due=20, present=18,
            ),
        )  # fmt: skip

    def members(self) -> None:
        """Persons and their memberships; every fiftieth is a cadre."""
        for start in range(0, self.many["members"], PIECE):
            people = self.rows(min(PIECE, self.many["members"] - start), lambda n, start=start: self._person(start + n))
            bulk.insert([self._membership(person, start + n) for n, person in enumerate(people)])
            cadres = people[: len(people) // 50]
            posts = [
                Appointment(person=p, unit=self._unit(), unit_name="单位", title="书记", rank="乡科级副职") for p in cadres
            ]
            bulk.insert(posts)
            bulk.insert([Cadre(person=p, appointment=a, education="大学") for p, a in zip(cadres, posts, strict=True)])
            self.people += [p.pk for p in cadres]

    def _unit(self) -> Unit:
        return self.units[self.chance.randrange(1, len(self.units))]

    def _person(self, n: int) -> Person:
        born = date(1945, 1, 1) + timedelta(days=self.chance.randrange(21_000))
        return Person(name=f"党员{n}", sex=self.chance.choice("男女"), ethnicity="汉族", birth_date=born)

    def _membership(self, person: Person, n: int) -> Membership:
        joined = person.birth_date + timedelta(days=8000)
        return Membership(
            person=person, organization=self.branches[n % len(self.branches)], joined_on=joined, valid_from=joined,
            full_on=joined + timedelta(days=365), category="正式党员", education=self.chance.choice(["大学", "大专"]),
        )  # fmt: skip

    def the_rest(self) -> None:
        """The smaller registers."""
        k = max(1, self.many["branches"] // 25)
        visits = self.rows(
            50 * k, lambda n: Visit(visited_on=self.day(), visited=f"支部{n % 9000}", organization=self._branch())
        )
        bulk.insert([Opinion(visit=v, text="建议", status="办理中", closed_on=self.maybe(self.day())) for v in visits[::2]])
        self.rows(k, lambda n: ResearchTopic(title=f"课题{n}", finished_on=self.day(), has_report=n % 2 == 0))
        classes = self.rows(5 * k, lambda n: TrainingClass(name=f"班{n}", kind="专项培训", starts_on=self.day(), hours=24))
        self._trainees(classes, 100 * k)
        self.rows(10 * k, lambda n: Post(year=2022 + n % 2, unit=self._unit(), title="岗", way="人才引进", headcount=2))
        kind = "急需紧缺人才"
        some = self.people[: min(len(self.people), 20 * k)]
        self.rows(len(some), lambda n: Introduction(person_id=some[n], unit=self._unit(), kind=kind, introduced_on=self.day()))
        self.rows(len(some), lambda n: Tenancy(person_id=some[n], unit=self._unit(), room="1", valid_from=self.day()))
        self.rows(len(some), self._reserve)
        self.rows(5 * k, lambda n: Secondment(person_id=some[n % len(some)], unit=self._unit(), valid_from=self.day()))
        self.rows(50 * k, lambda n: Merit(person_id=some[n % len(some)], kind="表彰奖励", recorded_on=self.day(), level="县级"))
        self.rows(5 * k, lambda n: Session(group=f"第{n % 40}组", unit_name=f"单位{n}", unit=self._unit(), held_on=self.day()))
        self.rows(20 * k, self._finding)
        self.rows(500, lambda n: Task(title=f"任务{n}", deadline=self.day(), done_on=self.maybe(self.day())))
        self.rows(5 * k, lambda n: Pair(mentor_name="甲", mentee_name="乙", valid_from=self.day()))
        self.rows(20 * k, lambda n: Article(title=f"稿{n}", published_on=self.day(), reads=n % 5000, column="组工动态"))

    def _branch(self) -> PartyOrganization:
        return self.chance.choice(self.branches)

    def _trainees(self, classes: Sequence[TrainingClass], many: int) -> None:
        pairs = {(self.chance.choice(classes).pk, self.chance.choice(self.people)) for _ in range(many)}
        rows = sorted(pairs)
        self.rows(
            len(rows),
            lambda n: Trainee(
                training_class_id=rows[n][0], class_name=f"班{rows[n][0]}", person_id=rows[n][1], unit=self._unit()
            ),
        )

    def _reserve(self, n: int) -> ReserveEntry:
        left = self.maybe(self.day())
        return ReserveEntry(
            person_id=self.people[n], unit=self._unit(), kind="优秀年轻后备干部", valid_from=self.day(), valid_to=left,
            left_because="提拔" if left else "",
        )  # fmt: skip

    def _finding(self, n: int) -> Finding:
        group, unit = f"第{n % 40}组", f"单位{n % 5000}"
        return Finding(
            group=group,
            unit_name=unit,
            unit=self._unit(),
            problem="问题",
            deadline=self.day(),
            closed_on=self.maybe(self.day()),
        )


def build(branches: int = 25_000, meetings: int = 1_000_000, members: int = 500_000) -> None:
    """Fill an empty database."""
    builder = Builder(branches, meetings, members)
    with transaction.atomic(), writing_allowed():
        builder.organizations()
        builder.meetings()
        builder.members()
        builder.the_rest()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
