"""Duties as an officer would check them: small worlds from tests/cases/duties.yaml, and what must be found in each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from zugong.base.periods import Frame, Period, Scope
from zugong.base.records import writing_allowed
from zugong.cadres.models import ArchiveMaterial, Posting, Secondment
from zugong.desk.dues import DUTIES, excuses
from zugong.elections.models import CommitteeMember, Term
from zugong.meetings.models import Meeting, Talk
from zugong.organizations.models import PartyGroup, PartyOrganization, Placement
from zugong.people.models import Application, Appointment, Exemption, Membership, Person
from zugong.training.models import StudyHours, Trainee, TrainingClass

CASES = yaml.safe_load((Path(__file__).parent / "cases/duties.yaml").read_text("utf-8"))
OF_PERSONS = {
    "applications": Application,
    "postings": Posting,
    "materials": ArchiveMaterial,
    "secondments": Secondment,
    "appointments": Appointment,
    "hours": StudyHours,
}


class World:
    """One branch under one committee with what a case says of it."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.case, self.persons = case, {}
        self.committee = PartyOrganization.objects.create(code="C1", name="镇党委", kind="党委")
        Placement.objects.create(organization=self.committee, path="C1.")
        self.branch = PartyOrganization.objects.create(code="B1", name="支部", kind="党支部", **case.get("branch", {}))
        Placement.objects.create(organization=self.branch, parent=self.committee, path="C1.B1.")

    def person(self, name: str) -> Person:
        """A person by name, once."""
        if name not in self.persons:
            self.persons[name] = Person.objects.create(name=name)
        return self.persons[name]

    def build(self) -> None:
        """Everything the case names."""
        case = self.case
        for name in case.get("members", ()):
            self.member(name, "正式党员", case)
        for name in case.get("probationary", ()):
            self.member(name, "预备党员", case)
        for one in case.get("meetings", ()):
            at = self.committee if one.pop("at", "") == "committee" else self.branch
            Meeting.objects.create(organization=at, **one)
        for first, other, day in case.get("talks", ()):
            Talk.objects.create(
                organization=self.branch, held_on=day, kind="党员之间", person=self.person(first), other=self.person(other)
            )
        for name in case.get("groups", ()):
            PartyGroup.objects.create(organization=self.branch, name=name)
        for name, post in case.get("committee", {}).items():
            CommitteeMember.objects.create(organization=self.branch, person=self.person(name), post=post)
        for one in case.get("terms", ()):
            Term.objects.create(organization=self.branch, **one)
        self.of_persons()
        self.exempt()

    def member(self, name: str, category: str, case: dict[str, Any]) -> None:
        since, joined = case.get("since", {}).get(name), case.get("joined", {}).get(name)
        Membership.objects.create(
            person=self.person(name), organization=self.branch, category=category, valid_from=since, joined_on=joined
        )

    def of_persons(self) -> None:
        for key, model in OF_PERSONS.items():
            for one in self.case.get(key, ()):
                more = {"organization": self.branch} if model is Application else {}
                model.objects.create(person=self.person(one.pop("person")), **more, **one)
        for one in self.case.get("classes", ()):
            names = one.pop("trainees")
            held = TrainingClass.objects.create(**one)
            for name in names:
                Trainee.objects.create(training_class=held, class_name=held.name, person=self.person(name))

    def exempt(self) -> None:
        for one in self.case.get("exemptions", ()):
            name = one.pop("person", "")
            whose = {"person": self.person(name)} if name else {"organization": self.branch}
            Exemption.objects.create(duty=self.case["duty"], proposed_by="a", agreed_by="b", **whose, **one)


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case["case"] for case in CASES])
def test_cases(empty, number):
    case = CASES[number]
    with writing_allowed():
        World(case).build()
    frame = Frame(Scope(), Period.parse(str(case["period"])), case["day"])
    about = case.get("about", "支部")
    found = [f for f in DUTIES[case["duty"]].findings(frame, empty, excuses()) if f.subject == about]
    if case["state"] is None:
        assert found == []
        return
    (one,) = found
    assert one.state.value == case["state"]
    if "due" in case:
        assert one.due_on == case["due"]
    if "says" in case:
        assert case["says"] in "".join([*one.missing, one.note])
