"""One of each record that no ledger of the example county brings, for tests that look at every register."""

from __future__ import annotations

from datetime import date

from conftest import IMPORT_DAY
from zugong.base.models import User
from zugong.base.records import writing_allowed
from zugong.cadres.models import ArchiveMaterial, Cadre, Posting
from zugong.elections.models import CommitteeMember
from zugong.meetings.models import TALKS, Talk
from zugong.organizations.models import PartyGroup, PartyOrganization
from zugong.people.joining import Application
from zugong.people.models import Membership
from zugong.publicity.models import Brand
from zugong.supervision.models import PROBLEM_KINDS, Problem
from zugong.tasks.models import FollowUp, Plan, Task
from zugong.training.models import StudyHours

SPRING = date(2023, 3, 10)


def begin_what_no_ledger_brings(by: User) -> None:
    """One of each, as a ledger would bring it: nothing of its own on the trail."""
    branch = PartyOrganization.objects.filter(kind="党支部", meetings__isnull=False).order_by("pk").first()
    first, second = [one.person for one in Membership.objects.filter(organization=branch).order_by("pk")[:2]]
    cadre = Cadre.objects.order_by("pk").first().person
    with writing_allowed():
        FollowUp.objects.create(
            subject=Task.objects.first().key, ask="办到哪一步", receiver=by, sender=by, sent_on=IMPORT_DAY, answer_by=IMPORT_DAY
        )
        Plan.objects.create(name="云溪县年度工作要点", year=2023)
        PartyGroup.objects.create(organization=branch, name="第一党小组", valid_from=SPRING)
        Talk.objects.create(organization=branch, held_on=SPRING, kind=TALKS[0], person=first, other=second)
        Application.objects.create(organization=branch, person=second, applied_on=SPRING)
        CommitteeMember.objects.create(organization=branch, person=first, post="书记", valid_from=SPRING)
        StudyHours.objects.create(person=first, studied_on=SPRING, hours=8, content="党员集中培训")
        Brand.objects.create(organization=branch, name="红色驿站", begun_on=SPRING)
        Posting.objects.create(person=cadre, title="乡镇副职", decided_on=SPRING)
        ArchiveMaterial.objects.create(person=cadre, title="年度考核登记表", made_on=SPRING)
        Problem.objects.create(
            words="部分支部党课没有按期上", kind=PROBLEM_KINDS[1], topic="duty:meetings.party_lecture", organization=branch,
            office="组织科", raised_on=SPRING, raised_by=by.username,
        )  # fmt: skip
