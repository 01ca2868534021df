"""Making frames: a scope by its code, a period by its name, seen from a day."""

from __future__ import annotations

from datetime import date

from zugong.base.access import Permission
from zugong.base.models import User
from zugong.base.periods import Frame, Period, Scope
from zugong.base.rules import Refused
from zugong.organizations.models import PartyOrganization, Placement, root_path

COUNTING = Permission.STATISTICS_READ  # what a frame is for: whoever may not count there may not frame it


def scope_of(code: str, day: date) -> Scope:
    """The organization with that code as it stands on a day; "" is everything. Raises Refused for an unknown code."""
    if not code:
        return Scope(day=day)
    organization = PartyOrganization.objects.filter(code=code).first()
    places = Placement.objects.in_force(day).filter(organization=organization).select_related("organization")
    place = places.first() if organization else None
    if place is None:
        raise Refused(f"没有代码为“{code}”的党组织（或在 {day} 还没有、已撤销）。请核对代码。")
    return placed(place, day)


def placed(place: Placement, day: date) -> Scope:
    """The scope of an organization at its place on a day. The only root's is the whole: also what belongs nowhere."""
    return Scope(place.organization.code, place.path, place.organization.name, day, whole=place.path == root_path(day))


def widest(user: User, day: date) -> Scope:
    """The widest scope in which an account may count: everything, or the topmost organization of its grants that stands
    on the day; one without anything where there is none."""
    codes = user.codes(COUNTING)
    if "" in codes:
        return Scope(day=day)
    known: dict[tuple[frozenset[str], date], Scope] = user.__dict__.setdefault("_widest", {})
    if (codes, day) not in known:
        known[codes, day] = _topmost(codes, day)
    return known[codes, day]


def _topmost(codes: frozenset[str], day: date) -> Scope:
    places = Placement.objects.in_force(day).filter(organization__code__in=codes).select_related("organization")
    top = min(places, key=lambda p: (p.path.count("."), p.path), default=None)
    return placed(top, day) if top else Scope("", ".", f"（{day} 没有您能看的党组织）", day, whole=False)


def frame_of(period: str, today: date, code: str = "") -> Frame:
    """The frame of a period and scope seen from `today`. Raises BadPeriod or Refused."""
    read = Period.parse(period)
    day = min(read.last, today)
    return Frame(scope_of(code, day), read, day)


def may_frame(user: User, frame: Frame) -> bool:
    """Whether the user may look at a scope: it lies under a grant that lets them count there."""
    return user.may(COUNTING, frame.scope.path)
