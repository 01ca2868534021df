"""Whoever asks to join the Party: the days on which the steps were taken, as far as clocks run from them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q

from zugong.base.access import Permission, Privacy
from zugong.base.actions import action, amend, create
from zugong.base.models import User
from zugong.organizations.models import PartyOrganization, PlacedQuerySet, PlacedRecord
from zugong.people.rights import PERSON, AboutPersons

if TYPE_CHECKING:
    from zugong.people.models import Person

I, P = Privacy.INTERNAL, Privacy.PERSONAL


class ApplicationQuerySet(AboutPersons, PlacedQuerySet):
    """Applications."""


class Application(PlacedRecord):
    """A person's application to join, kept by a branch: when it came, when the branch talked, and the later steps."""

    PRIVACY = dict(
        person=I,
        organization=I,
        applied_on=I,
        talked_on=P,
        activist_on=P,
        reviewed_on=P,
        object_on=P,
        reported_on=P,
        approved_on=P,
        valid_to=I,
    )
    READ = Permission.PEOPLE_READ
    HAPPENED = ("applied_on", "talked_on", "activist_on", "reviewed_on", "object_on", "reported_on", "approved_on")

    person = models.ForeignKey(PERSON, models.PROTECT, related_name="applications", verbose_name="申请人")
    organization = models.ForeignKey(PartyOrganization, models.PROTECT, related_name="applications", verbose_name="受理党支部")
    applied_on = models.DateField("递交申请时间", db_index=True)
    talked_on = models.DateField("派人谈话时间", null=True, blank=True)
    activist_on = models.DateField("确定为积极分子时间", null=True, blank=True)
    reviewed_on = models.DateField("最近一次考察时间", null=True, blank=True)
    object_on = models.DateField("确定为发展对象时间", null=True, blank=True)
    reported_on = models.DateField("支部大会决议上报时间", null=True, blank=True)
    approved_on = models.DateField("党委审批时间", null=True, blank=True)
    valid_to = models.DateField("终止时间", null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = "入党申请"
        constraints = [
            models.CheckConstraint(
                name="talk_comes_after_application", condition=Q(talked_on__isnull=True) | Q(talked_on__gte=F("applied_on"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.applied_on} 申请"


@action(Permission.PEOPLE_EDIT, at="organization")
def record_application(
    *, by: User, on: date, person: Person, organization: PartyOrganization, applied_on: date, talked_on: date | None = None
) -> Application:
    """Keep an application a branch has received."""
    return create(Application(person=person, organization=organization, applied_on=applied_on, talked_on=talked_on))


@action(Permission.PEOPLE_EDIT, at="application")
def edit_application(*, by: User, on: date, application: Application, changes: dict[str, Any]) -> Application:
    """Enter the next step of an application, or correct one."""
    return amend(application, **changes)
