"""Mentoring pairs."""

from __future__ import annotations

from django.db import models

from zugong.base.access import Permission, Privacy
from zugong.organizations.models import PlacedRecord
from zugong.people.models import AboutPersons, Person
from zugong.tasks.models import DepartmentQuerySet

I = Privacy.INTERNAL


class PairQuerySet(AboutPersons, DepartmentQuerySet):
    """Pairs."""

    SUBJECTS = ("mentor", "mentee")


class Pair(PlacedRecord):
    """A mentor and a young cadre, what is to be made up for, and towards which goal.

    Names are linked to persons where exactly one can be meant.
    """

    PRIVACY = dict(
        mentor_name=I, mentor=I, mentee_name=I, mentee=I, weakness=Privacy.PERSONAL, goal=I, valid_from=I, valid_to=I
    )
    READ = Permission.MENTORING_READ
    HAPPENED = ("valid_from",)

    mentor_name = models.CharField("导师", max_length=60)
    mentor = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="mentees", verbose_name="导师本人")
    mentee_name = models.CharField("青年干部", max_length=60)
    mentee = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="mentors", verbose_name="青年干部本人"
    )
    weakness = models.CharField("短板弱项", max_length=300, blank=True)
    goal = models.CharField("培养目标", max_length=300, blank=True)
    valid_from = models.DateField("结对时间", null=True, blank=True)
    valid_to = models.DateField("结束时间", null=True, blank=True)

    objects = PairQuerySet.as_manager()

    class Meta:
        verbose_name = "帮带对子"

    def __str__(self) -> str:
        return f"{self.mentor_name}—{self.mentee_name}"
