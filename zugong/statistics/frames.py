"""Making frames: a scope by its code, a period by its name, seen from a day."""

from __future__ import annotations

from datetime import date

from zugong.base.models import User
from zugong.base.periods import Frame, Period, Scope
from zugong.base.rules import Refused
from zugong.organizations.models import PartyOrganization, Placement


def scope_of(code: str, day: date) -> Scope:
    """The organization with that code as it stands on a day; "" is everything. Raises Refused for an unknown code."""
    if not code:
        return Scope(day=day)
    organization = PartyOrganization.objects.filter(code=code).first()
    place = Placement.objects.in_force(day).filter(organization=organization).first() if organization else None
    if organization is None or place is None:
        raise Refused(f"没有代码为“{code}”的党组织（或在 {day} 还没有、已撤销）。请核对代码。")
    return Scope(code, place.path, organization.name, day, whole=place.parent_id is None)


def frame_of(period: str, today: date, code: str = "") -> Frame:
    """The frame of a period and scope seen from `today`. Raises BadPeriod or Refused."""
    read = Period.parse(period)
    day = min(read.last, today)
    return Frame(scope_of(code, day), read, day)


def may_frame(user: User, frame: Frame) -> bool:
    """Whether the user may look at a scope at all: it lies under one of the grants."""
    return any(user.may(permission, frame.scope.path) for role in user.roles() for permission in role.permissions)
