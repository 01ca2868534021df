"""A person's data is set aside: stored and protected, not used (个人信息保护法 47 ¶2), until somebody takes it up again."""

from __future__ import annotations

from datetime import date

from zugong.base.access import Permission
from zugong.base.actions import action, amend, create
from zugong.base.models import User
from zugong.base.rules import Refused
from zugong.people.models import AccountLink, Erasure, Person, Restriction, Stage

SHORTEST = 4


@action(Permission.PEOPLE_ERASE, at="person")
def restrict(*, by: User, on: date, person: Person, reason: str, valid_to: date | None = None) -> Restriction:
    """From `on` a person's data is only stored, until a day if one is said. Raises Refused without a reason, where it is
    so already, and for one's own data."""
    if AccountLink.objects.filter(user=by, person=person).exists():
        raise Refused("不能办理自己的数据，没有改动。请由另一位同事办理。")
    if len(reason.strip()) < SHORTEST:
        raise Refused("事由没有写清楚，没有限制。请写明为什么只存不用，例如“离开本县，保存期未满”。")
    if valid_to is not None and valid_to <= on:
        raise Refused("截止日期不晚于今天，一天也限制不了，没有办理。请核对日期。")
    if Restriction.objects.filter(person=person).in_force(on).exists():
        raise Refused(f"“{person}”的数据已经限制使用了，没有重复办理。")
    return create(Restriction(person=person, reason=reason.strip(), valid_from=on, valid_to=valid_to))


@action(Permission.PEOPLE_ERASE, at="restriction")
def lift_restriction(*, by: User, on: date, restriction: Restriction) -> Restriction:
    """From `on` the person's data is used again."""
    if restriction.valid_to is not None and restriction.valid_to <= on:
        raise Refused("这项限制已经结束，没有改动。")
    if Erasure.objects.filter(person=restriction.person_id, stage=Stage.DONE).exists():
        raise Refused("这个人的数据已经清除，不能恢复使用，没有改动。")
    return amend(restriction, valid_to=on)
