"""Each form of duty, set-based, against the pure rule of one subject, on generated histories: organizations that begin, end
and move in the middle of a period, days at the ends of months, numbers at their bounds."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta

import pytest

from zugong.base.duties import Duty, Excuse, State, Subject
from zugong.base.dutyforms import Cadence, Clock, Composition, Deadline, Events, Lasting, Order
from zugong.base.parameters import Line, Parameter
from zugong.base.periods import Frame, Period, Scope
from zugong.base.records import writing_allowed
from zugong.base.rules import Source, Standing, add_months, in_order, parts_short, so_long_after, standing, within_bounds
from zugong.base.workdays import Workdays
from zugong.cadres.models import Secondment
from zugong.meetings.models import THEME_DAY, Meeting
from zugong.organizations.duties import branches
from zugong.organizations.models import PartyOrganization, Placement
from zugong.people.models import Membership, Person
from zugong.training.models import Trainee, TrainingClass

SOURCE = Source("规定", "", Standing.LOCAL, "2026-11-30")
EDGES = [date(2024, month, day) for month, day in ((1, 1), (1, 31), (2, 29), (3, 31), (4, 1), (6, 30), (12, 31))]
FRAMES = [
    ("2024H1", date(2024, 6, 30)), ("2024H1", date(2024, 2, 29)), ("2024Q2", date(2024, 5, 31)),
    ("2024", date(2024, 12, 20)), ("2023-11-15/2024-03-31", date(2024, 3, 31)),
]  # fmt: skip


def number(value: int, unit: str = "次") -> Parameter:
    return Parameter("n", "n", unit, (Line(value, date(2000, 1, 1), None, SOURCE),))


def duty(form, needed: Parameter | None = None, **more) -> Duty:
    return Duty("test.duty", "事项", "谁", "什么", needed or number(1), form, **more)


def some_day(chance: random.Random) -> date:
    return chance.choice(EDGES) if chance.random() < 0.4 else date(2023, 9, 1) + timedelta(days=chance.randrange(500))


def maybe(chance: random.Random) -> date | None:
    return some_day(chance) if chance.random() < 0.5 else None


@pytest.fixture
def world(empty):
    """Twenty-four branches under two committees; every third moves from one to the other, some begin or end."""
    chance, places = random.Random(20261130), {}
    with writing_allowed():
        above = [PartyOrganization.objects.create(code=c, name=c, kind="党委") for c in ("A", "B")]
        for one in above:
            Placement.objects.create(organization=one, path=f"R.{one.code}.")
        for n in range(24):
            since = maybe(chance)
            until = since + timedelta(days=chance.randrange(20, 300)) if since and n % 4 == 0 else None
            one = PartyOrganization.objects.create(
                code=f"T{n:02d}", name=f"支部{n}", kind="党支部", valid_from=since, valid_to=until
            )
            moved = some_day(chance) if n % 3 == 0 else None
            stays = [(above[n % 2], since, moved), *([(above[1 - n % 2], moved, None)] if moved else [])]
            if moved and since and moved <= since:
                stays = stays[1:]
            for parent, first, last in stays:
                path = f"R.{parent.code}.{one.code}."
                Placement.objects.create(organization=one, parent=parent, path=path, valid_from=first, valid_to=last)
            places[one] = stays
    return empty, chance, places


def there(places, scope: Scope, day: date) -> list[PartyOrganization]:
    """The branches in force on a day that stand under the scope's committee then."""

    def holds(since, until) -> bool:
        return (since is None or since <= day) and (until is None or day < until)

    return [
        one
        for one, stays in places.items()
        if holds(one.valid_from, one.valid_to)
        and (scope.whole or any(parent.code == scope.code and holds(a, b) for parent, a, b in stays))
    ]


def scopes(day: date) -> list[Scope]:
    return [Scope(), Scope("A", "R.A.", "A", day, whole=False)]


def closing(period: Period, months: int) -> list[tuple[date, date]]:
    """Parts of the calendar that end in a period, from one month of January to the next, counted out."""
    found = []
    for year in range(period.first.year, period.last.year + 1):
        for month in range(1, 13, months):
            first = date(year, month, 1)
            last = add_months(first, months) - timedelta(days=1)
            if period.first <= last <= period.last:
                found.append((first, last))
    return found


@pytest.mark.parametrize("months", [1, 3, 12])
def test_cadence(world, months):
    user, chance, places = world
    held = {one: [some_day(chance) for _ in range(chance.randrange(30))] for one in places}
    with writing_allowed():
        Meeting.objects.bulk_create(
            [Meeting(organization=one, kind=THEME_DAY, held_on=day) for one, days in held.items() for day in days]
        )
    form = Cadence(
        months, branches, (Events(lambda f: Meeting.objects.within(f.scope).filter(kind=THEME_DAY)),), number(9, "天")
    )
    excused = next(iter(places))
    excuses = {("test.duty", f"organizations.partyorganization:{excused.pk}"): [Excuse(date(2024, 2, 1), None, "改造中")]}
    for needed in (1, 2):
        for period, day in FRAMES:
            for scope in scopes(day):
                frame = Frame(scope, Period.parse(period), day)
                found = {f.subject_code: f for f in duty(form, number(needed)).findings(frame, user, excuses)}
                parts = closing(frame.period, months)
                expected = there(places, scope, day) if any(first <= day for first, _ in parts) else []
                assert set(found) == {one.code for one in expected}
                for one in expected:
                    happened = [(on, 1) for on in held[one]]
                    short = parts_short(happened, parts, needed, one.valid_from, one.valid_to, day)
                    near = [last for _, last in short if last - timedelta(days=9) <= day]
                    open_ones = [last for last in near if one != excused or last < date(2024, 2, 1)]
                    assert [Period.parse(code).last for code in found[one.code].missing] == open_ones
                    settled = State.EXEMPT if near else State.MET
                    late = bool(open_ones) and open_ones[0] <= day
                    assert found[one.code].state == (State.MISSED if late else State.DUE if open_ones else settled)


def test_hours(world):
    user, chance, _ = world
    hours, total = [9.5, 12, 30, 44.9, 45, 45.1], defaultdict(float)
    with writing_allowed():
        people = [Person.objects.create(name=f"干部{n}") for n in range(12)]
        for n in range(9):
            day, amount = some_day(chance), chance.choice(hours)
            one = TrainingClass.objects.create(name=f"班{n}", starts_on=day, hours=amount)
            for person in chance.sample(people, 5):
                Trainee.objects.create(training_class=one, class_name=one.name, person=person)
                total[person.pk, day.year] += amount

    def audience(asking):
        return [Subject(p.pk, p.name, "", f"people.person:{p.pk}") for p in people]

    events = Events(lambda f: Trainee.objects.all(), "person_id", "training_class__starts_on", "training_class__hours")
    form = Cadence(12, audience, (events,), number(30, "天"))
    frame = Frame(Scope(), Period.parse("2024"), date(2024, 12, 31))
    found = {int(f.subject_key.partition(":")[2]): f.state for f in duty(form, number(90, "学时")).findings(frame, user)}
    assert len(set(found.values())) == 2
    for person in people:
        assert (found[person.pk] == State.MET) == (round(total[person.pk, 2024], 1) >= 90)


def test_deadline_order_and_lasting(world):
    user, chance, _ = world
    with writing_allowed():
        people = [Person.objects.create(name=f"挂职{n}") for n in range(60)]
        made = [
            Secondment.objects.create(person=p, valid_from=some_day(chance), briefed_on=maybe(chance), midway_on=maybe(chance))
            for p in people
        ]
    clock = Clock(lambda asking: Secondment.objects.all(), "person_id", "person__name", "people.person", "{first} {second}")
    day = date(2024, 6, 30)
    frame = Frame(Scope(), Period.parse("2024H1"), day)
    for many, unit in ((1, "个月"), (182, "天"), (1, "年")):
        form = Deadline(clock, "valid_from", number(1, "个月"), "midway_on", number(many, unit))
        found = {f.record: f for f in duty(form).findings(frame, user)}
        for one in made:
            due = so_long_after(one.valid_from, many, unit)
            assert found[one.pk].state == standing(due, one.midway_on, add_months(due, -1), day)
    form = Order(clock, "briefed_on", "valid_from", number(7, "天"))
    found = {f.record: f for f in duty(form, soft=True).findings(frame, user)}
    within = [one for one in made if frame.period.first <= one.valid_from <= day]
    assert set(found) == {one.pk for one in within}
    for one in within:
        assert (found[one.pk].state == State.MET) == in_order(one.briefed_on, one.valid_from, 7)
    calendar = Workdays({})
    found = {f.record: f for f in duty(Lasting(clock, "valid_from", "midway_on", number(0)), number(5)).findings(frame, user)}
    for one in made:
        if one.midway_on and frame.period.first <= one.midway_on <= day:
            enough = calendar.between(one.valid_from, one.midway_on) >= 5
            assert (found[one.pk].state == State.MET) == enough


def test_composition(world):
    user, chance, places = world
    many = {one: chance.randrange(0, 8) for one in places}
    with writing_allowed():
        for one, n in many.items():
            for k in range(n):
                person = Person.objects.create(name=f"{one.code}-{k}")
                Membership.objects.create(person=person, organization=one, category="正式党员")
    day = date(2024, 6, 30)
    frame = Frame(Scope(), Period.parse("2024H1"), day)
    form = Composition(branches, lambda a: Membership.objects.in_force(day), "{n} 人", least=number(3), most=number(5))
    found = {f.subject_code: f.state for f in duty(form).findings(frame, user)}
    for one in there(places, Scope(), day):
        assert (found[one.code] == State.MET) == within_bounds(many[one], 3, 5)
