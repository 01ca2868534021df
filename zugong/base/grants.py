"""What accounts may do where: giving, a second person's word, changing, ending; and which rights lie in different hands.

Codes of organizations are checked by the page that asks for them; `base` knows no organizations.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from zugong.base.access import ADMINISTRATORS, ROLES, SYSTEM, Permission
from zugong.base.actions import action, create, entry
from zugong.base.models import Grant, GrantState, User
from zugong.base.numbers import insist_on_none
from zugong.base.rules import Refused

LOCAL = "local"  # the account of whoever runs commands on this machine
OPERATOR, SYSTEM_ADMINISTRATOR = "operator", "system_administrator"
# Running, granting and watching lie in different hands: who holds the one may not be given the other (三员分立).
APART = (*combinations(ADMINISTRATORS, 2), *((one, OPERATOR) for one in ADMINISTRATORS))
PLACED_AND_DATED = ("supervision_member",)  # only for units, only for a time


@dataclass(frozen=True)
class Given:
    """What is granted: the role, at which organization's code ("" is everything), from the day it is given or a later one,
    until a day if one is said, why, and whether it must be switched on."""

    role: str
    organization_code: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    reason: str = ""
    on_call: bool = False


@action(Permission.ACCOUNTS_MANAGE)
def give_grant(*, by: User, on: date, user: User, given: Given) -> Grant:
    """Give an account a role. A sensitive role is only proposed: it holds when a second person agrees (`decide_grant`)."""
    return _given(by, on, user, given, None)


@action(Permission.ACCOUNTS_MANAGE)
def change_grant(*, by: User, on: date, grant: Grant, given: Given) -> Grant:
    """Put another grant in the place of one: the old one ends when the new one holds, which for a sensitive role is when
    a second person agrees. Both stay to be seen."""
    old = _open_one(grant, on)
    return _given(by, on, old.user, given, old)


def _given(by: User, on: date, user: User, given: Given, old: Grant | None) -> Grant:
    User.objects.select_for_update().get(pk=user.pk)  # two grants side by side could join what must lie apart
    if user.pk == by.pk:
        raise Refused("不能给自己授权，没有改动。请由另一位管理员办理。")
    if not user.is_active:
        raise Refused(f"“{user.name}”的账号已停用，没有授权。请先启用。")
    _insist_on_role(user, given)
    _insist_on_days(on, given)
    if not given.reason.strip():
        raise Refused("事由没有填，没有授权。请写明为什么给这个权限。")
    held = [g for g in Grant.objects.filter(user=user).open(on) if old is None or g.pk != old.pk]
    if any(_same(g, given) for g in held):
        raise Refused(f"“{user.name}”已经有这项授权，或者正等第二人同意，不用重复给。")
    keep_apart({g.role for g in held} | {given.role})
    proposed = ROLES[given.role].sensitive and not _prepares(by)
    begins = max(given.valid_from or on, on)
    grant = Grant(
        user=user, role=given.role, organization_code=given.organization_code, valid_from=begins, valid_to=given.valid_to,
        reason=given.reason.strip(), on_call=given.on_call, replaces=old, proposed_by=by,
        state=GrantState.PROPOSED if proposed else GrantState.AGREED,
    )  # fmt: skip
    keep(grant)
    if not proposed:
        _holds(grant, on)
    return grant


def _same(held: Grant, given: Given) -> bool:
    return (held.role, held.organization_code, held.on_call) == (given.role, given.organization_code, given.on_call)


def _prepares(by: User) -> bool:
    """Whether somebody prepares a home that has no administrators yet: then there is no second person to ask."""
    return any(g.role == OPERATOR for g in by.grants_in_force())


def _insist_on_role(user: User, given: Given) -> None:
    """A role there is, fit for this account; one that holds the settings, the accounts or the trail is for the whole house."""
    role, title = ROLES.get(given.role), ROLES[given.role].title if given.role in ROLES else given.role
    if role is None:
        raise Refused(f"没有“{given.role}”这个角色，没有授权。")
    if given.role == OPERATOR:
        raise Refused(f"“{title}”不能授给任何人，没有授权。它只在三名管理员开通之前，供服务器上的命令行准备数据。")
    if user.username == LOCAL and given.role != SYSTEM_ADMINISTRATOR:
        raise Refused("这是服务器上命令行用的账号，只管运行，不能另外授权，没有改动。")
    if given.organization_code and role.permissions & SYSTEM:
        raise Refused(
            f"“{title}”管的是设置、账号或留痕，这些不分党组织，只能授全部，没有授权。请把党组织留空，或者换一个角色。"
        )
    if given.role in PLACED_AND_DATED and not (given.organization_code and given.valid_to):
        raise Refused(f"“{title}”只看分给自己的单位、只在督导期间，没有授权。请选党组织，并填截止日期。")


def _insist_on_days(on: date, given: Given) -> None:
    if given.valid_from is not None and given.valid_from < on:
        raise Refused("开始日期早于今天，授权不能补给过去的日子，没有授权。请从今天或以后的日子起。")
    if given.valid_to is not None and given.valid_to <= (given.valid_from or on):
        raise Refused("截止日期不晚于今天（或开始日期），授权一天也用不上，没有授权。请核对日期。")


def keep_apart(roles: set[str]) -> None:
    """Refuse roles of which one runs, one grants, or one watches the other."""
    for one, other in APART:
        if {one, other} <= roles:
            raise Refused(
                f"“{ROLES[one].title}”和“{ROLES[other].title}”不能由同一个人担任，没有授权。管运行的、管授权的、看留痕的各是一人。"
            )


@action(Permission.GRANTS_APPROVE)
def decide_grant(*, by: User, on: date, grant: Grant, agreed: bool, reason: str = "") -> Grant:
    """A second person's word on a proposed grant: it holds from now on, or it never will. Neither who proposed it nor
    who would receive it may decide (GB/T 22239-2019 8.1.4.2). Saying no needs a reason."""
    fresh = Grant.objects.select_for_update(of=("self",)).select_related("user").get(pk=grant.pk)
    if fresh.state != GrantState.PROPOSED:
        raise Refused(f"这项授权的状态是“{fresh.get_state_display()}”，不用再定。")
    if by.pk in (fresh.proposed_by_id, fresh.user_id):
        raise Refused("提出的人和得到授权的人自己不能同意，没有改动。请由另一位能同意授权的人办理。")
    if not agreed and not reason.strip():
        raise Refused("不同意的理由没有填，没有改动。请写明理由，让提出的人知道怎么改。")
    changes: dict[str, Any] = dict(decided_by=by, decided_on=on, decision=reason.strip())
    if not agreed:
        return keep(fresh, state=GrantState.DECLINED, **changes)
    User.objects.select_for_update().get(pk=fresh.user_id)
    if fresh.valid_to is not None and fresh.valid_to <= on:
        raise Refused("这项授权的截止日期已过，同意了也用不上，没有改动。请提出的人重新办。")
    held = Grant.objects.filter(user=fresh.user).open(on).exclude(pk__in=[p for p in (fresh.pk, fresh.replaces_id) if p])
    keep_apart({g.role for g in held} | {fresh.role})
    begins = max(fresh.valid_from or on, on)
    keep(fresh, state=GrantState.AGREED, valid_from=begins, **changes)
    _holds(fresh, on)
    return fresh


def _holds(grant: Grant, on: date) -> None:
    """What follows when a grant comes to hold: what it replaces ends; with the third of the administrators the local
    operator's time is over."""
    if grant.replaces is not None:
        keep(grant.replaces, valid_to=max(grant.valid_from or on, on))
    if grant.role in ADMINISTRATORS and established():
        end_operators(on)


def established() -> bool:
    """Whether the house has had its three administrators: from then on nobody prepares it with all rights."""
    given = Grant.objects.filter(role__in=ADMINISTRATORS).exclude(user__username=LOCAL)
    held = given.exclude(state__in=(GrantState.PROPOSED, GrantState.DECLINED)).values_list("role", flat=True)
    return set(held) == set(ADMINISTRATORS)


def end_operators(on: date) -> None:
    """End every operator's grant for good, whatever the day will be said to be; the local account keeps running the house."""
    for grant in Grant.objects.filter(role=OPERATOR).exclude(state=GrantState.OVER):
        keep(grant, state=GrantState.OVER, valid_to=min(grant.valid_to or on, on))
    local = User.objects.filter(username=LOCAL).first()
    if local is not None and not Grant.objects.filter(user=local, role=SYSTEM_ADMINISTRATOR).exists():
        keep(Grant(user=local, role=SYSTEM_ADMINISTRATOR, valid_from=on, reason="三名管理员已开通，命令行只管运行"))


@action(None)
def open_local_account(*, by: User, on: date) -> User:
    """The account of whoever runs commands on this machine. Until there are three administrators it may do everything,
    then it only runs the house. It opens itself, once: whoever can run commands here holds the data anyway. The entry
    says so, as for every account."""
    kept = User.objects.filter(username=by.username).first()
    if kept is not None:
        return kept
    by.set_unusable_password()
    create(by)
    if established():
        end_operators(on)
    else:
        keep(Grant(user=by, role=OPERATOR, reason="本机命令行"))
    return by


@action(Permission.ACCOUNTS_MANAGE)
def end_grant(*, by: User, on: date, grant: Grant) -> Grant:
    """End a grant from `on`: that day it no longer holds. One that waits for a second person is withdrawn."""
    if grant.user_id == by.pk:
        raise Refused("不能结束自己的授权，没有改动。请由另一位管理员办理。")
    return _ended(_open_one(grant, on), on)


def end_all(user: User, on: date) -> None:
    """End everything an account holds or waits for. Called inside an action."""
    for grant in Grant.objects.filter(user=user).open(on):
        _ended(grant, on)


def _open_one(grant: Grant, on: date) -> Grant:
    fresh = Grant.objects.filter(pk=grant.pk).open(on).select_related("user").first()
    if fresh is None:
        raise Refused("这项授权已经结束，没有改动。")
    return fresh


def _ended(grant: Grant, on: date) -> Grant:
    withdrawn = grant.state == GrantState.PROPOSED
    return keep(grant, valid_to=on, **({"state": GrantState.WITHDRAWN} if withdrawn else {}))


def keep(grant: Grant, **changes: Any) -> Grant:
    """Save a new or changed grant with old and new values on the trail; an open beginning or end is right for a grant.
    Called inside an action."""
    names = list(changes) if grant.pk else list(Grant.PRIVACY)
    before = {name: getattr(grant, name) for name in changes} if grant.pk else {}
    for name, value in changes.items():
        setattr(grant, name, value)
    grant.revision += 1 if grant.pk else 0
    insist_on_none(grant, names)  # before it is written: what is rolled back still lies on the disk
    grant.save()
    entry().note_change(grant, before, {name: getattr(grant, name) for name in names})
    return grant


def accounts_with_grants(on: date) -> list[tuple[User, list[Grant], list[Grant]]]:
    """Every account with its grants that hold on a day, will hold or wait, and those that are over, in three statements."""
    kept: dict[int, tuple[list[Grant], list[Grant]]] = {}
    now = Grant.objects.open(on)
    for over, rows in ((0, now), (1, Grant.objects.exclude(pk__in=now.values("pk")))):
        for grant in rows.select_related("proposed_by", "decided_by").order_by("pk"):
            kept.setdefault(grant.user_id, ([], []))[over].append(grant)
    return [(user, *kept.get(user.pk, ([], []))) for user in User.objects.order_by("-is_active", "pk")]


def waiting(by: User, on: date) -> list[Grant]:
    """The grants that wait for a second person, oldest first; `mine` where this account may not be that person."""
    rows = Grant.objects.filter(state=GrantState.PROPOSED).open(on).select_related("user", "proposed_by", "replaces")
    found = list(rows.order_by("pk"))
    for grant in found:
        grant.mine = by.pk in (grant.proposed_by_id, grant.user_id)  # type: ignore[attr-defined]
    return found
