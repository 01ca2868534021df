"""What organizations owe in elections: a new one before the term expires."""

from __future__ import annotations

from collections.abc import Iterator

from zugong.base import parameters
from zugong.base.duties import ByDay, Due, Duty, Subject
from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.elections.models import Term
from zugong.organizations.models import PartyOrganization

PARAMETERS = parameters.read(__package__)


def expiries(frame: Frame, user: User) -> Iterator[Due]:
    """The expiry of each organization's present term."""
    organizations = PartyOrganization.objects.within(frame.scope).visible_to(user).in_force(frame.day)
    rows = (
        Term.objects.latest(frame.day)
        .filter(expires_on__isnull=False, organization__in=organizations.values("pk"))
        .order_by("organization__code")
        .values_list("organization_id", "organization__name", "organization__code", "expires_on")
    )
    for pk, name, code, expires_on in rows.iterator(chunk_size=5000):
        subject = Subject(pk, name, code, f"organizations.partyorganization:{pk}")
        yield Due(subject, expires_on, open=True, missing=(f"{expires_on} 届满",))


TERM = Duty(
    "elections.term",
    "换届选举",
    "党组织",
    "任期届满前完成换届，届满前六个月提醒",
    PARAMETERS["reminder_months"],
    ByDay(expiries, PARAMETERS["reminder_months"]),
)
