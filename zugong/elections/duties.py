"""What organizations owe in elections: a new one before the term expires."""

from __future__ import annotations

from django.db.models import QuerySet

from zugong.base import parameters
from zugong.base.duties import Asking, Duty, Evidence
from zugong.base.dutyforms import Clock, Deadline
from zugong.elections.models import Term
from zugong.organizations.duties import LABEL
from zugong.organizations.models import PartyOrganization

PARAMETERS = parameters.read(__package__)


def present_terms(asking: Asking) -> QuerySet:
    """Each organization's present term."""
    frame = asking.frame
    organizations = PartyOrganization.objects.within(frame.scope).visible_to(asking.user).in_force(frame.day)
    return Term.objects.latest(frame.day).filter(expires_on__isnull=False, organization__in=organizations.values("pk"))


TERM = Duty(
    "elections.term",
    "换届选举",
    "党组织",
    "任期届满前完成换届，届满前六个月提醒",
    PARAMETERS["reminder_months"],
    Deadline(
        Clock(present_terms, "organization_id", "organization__name", LABEL, "{first} 届满", "organization__code"),
        "expires_on",
        PARAMETERS["reminder_months"],
    ),
    evidence=Evidence(Term),
)
