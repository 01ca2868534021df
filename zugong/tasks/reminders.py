"""Changes to how somebody is reminded, and the keeping of what was told. Digests are written set by set, by the schedule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from zugong.base import parameters
from zugong.base.access import Permission
from zugong.base.actions import action, amend, create, entry
from zugong.base.models import User
from zugong.base.rules import Refused
from zugong.tasks.models import Digest, Reminding
from zugong.tasks.rules import may_tell_again

PARAMETERS = parameters.read(__package__)
AT_ONCE = 2000  # rows of one statement
LONGEST_REST = 60


def proposed(user: User, day: date) -> Reminding:
    """How somebody is reminded as long as they have not said otherwise."""
    hours = [time(int(PARAMETERS[name].on(day).value)) for name in ("quiet_from_hour", "quiet_to_hour")]
    again = int(PARAMETERS["remind_again_days"].on(day).value)
    return Reminding(user=user, quiet_from=hours[0], quiet_to=hours[1], again_days=again)


def due_again(last_told: date | None, day: date, again_days: int) -> bool:
    """Whether something told on a day may be told again (see `rules`)."""
    return may_tell_again(last_told, day, again_days)


@action(None)
def set_reminding(*, by: User, on: date, values: Mapping[str, Any]) -> Reminding:
    """Set how one is reminded oneself. Raises Refused."""
    if values.get("by_mail") and not values.get("address"):
        raise Refused("邮箱：要发邮件就得填邮箱。没有保存。")
    if not 1 <= values.get("again_days", 1) <= LONGEST_REST:
        raise Refused(f"同一件事几天内不重复：填 1 到 {LONGEST_REST}。没有保存。")
    held = Reminding.objects.filter(user=by).first()
    if held is not None:
        return amend(held, **values)
    made = proposed(by, on)
    for name, value in values.items():
        setattr(made, name, value)
    return create(made)


@action(Permission.SYSTEM_RUN)
def keep_digests(*, by: User, on: date, told: Mapping[int, Sequence[str]]) -> int:
    """Keep what each account is reminded of on a day; who has a digest of that day already keeps the one there is."""
    there = set(Digest.objects.filter(day=on).values_list("user_id", flat=True))
    rows = [Digest(user_id=pk, day=on, keys="\n".join(keys), lines=len(keys)) for pk, keys in told.items() if pk not in there]
    Digest.objects.bulk_create(rows, batch_size=AT_ONCE)
    entry().note(rows=len(rows))
    return len(rows)


@action(Permission.SYSTEM_RUN)
def note_mailed(*, by: User, on: date, digests: Sequence[int], mailed: bool = True) -> None:
    """Note which digests are on their way by mail, before they go; or that they did not go after all."""
    for start in range(0, len(digests), 500):
        Digest.objects.filter(pk__in=digests[start : start + 500]).update(mailed=mailed)
    entry().note(rows=len(digests))


@action(None)
def open_digest(*, by: User, on: date, digest: Digest) -> None:
    """Note that one's own digest was looked at: the count in the bar goes."""
    Digest.objects.filter(pk=digest.pk, user=by, opened_on=None).update(opened_on=on)
    entry().note(rows=1)
