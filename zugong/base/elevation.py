"""Rights that are on call: their holder switches them on for hours, with a reason, and they go out by themselves."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from zugong.base import parameters
from zugong.base.actions import action, amend, create
from zugong.base.models import Elevation, Grant, GrantState, User
from zugong.base.rules import Refused

PARAMETERS = parameters.read("zugong.base")


def longest(on: date) -> int:
    """The most hours for which a grant may be switched on at once."""
    return int(PARAMETERS["longest_elevation_hours"].on(on).value)


@action(None)
def switch_on(*, by: User, on: date, grant: Grant, at: datetime, hours: int, reason: str) -> Elevation:
    """Switch on one's own on-call grant from a moment for some hours. Raises Refused."""
    User.objects.select_for_update().get(pk=by.pk)
    own = Grant.objects.filter(pk=grant.pk, user=by, on_call=True, state=GrantState.AGREED).in_force(on).switched_on(at)
    fresh = own.first()
    if fresh is None:
        raise Refused("这不是您名下现在可以启用的授权，没有启用。")
    if fresh.on_until is not None:
        raise Refused("这项授权已经启用了，没有改动。要延长，请先关闭再启用。")
    if not 1 <= hours <= longest(on):
        raise Refused(f"一次最多启用 {longest(on)} 小时，没有启用。")
    if not reason.strip():
        raise Refused("启用事由没有填，没有启用。请写明这次要办什么。")
    begun = create(Elevation(grant=fresh, begun_at=at, until=at + timedelta(hours=hours), reason=reason.strip()))
    by.forget_grants()
    return begun


@action(None)
def switch_off(*, by: User, on: date, grant: Grant, at: datetime) -> None:
    """Switch off one's own grant before its time. Raises Refused when it is not on."""
    running = Elevation.objects.filter(grant=grant, grant__user=by, ended_at=None, begun_at__lte=at, until__gt=at)
    kept = list(running.select_for_update(of=("self",)))
    if not kept:
        raise Refused("这项授权没有启用，或者已经到时关闭，没有改动。")
    for one in kept:
        amend(one, ended_at=at)
    by.forget_grants()
