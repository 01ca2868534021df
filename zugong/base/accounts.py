"""Accounts and grants: who comes in, with which password, and what they may do where.

Codes of organizations are checked by the page that asks for them; `base` knows no organizations.
"""

from __future__ import annotations

import re
import secrets
from datetime import date
from itertools import combinations
from typing import Any

from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest

from zugong.base.access import ADMINISTRATORS, ROLES, SYSTEM, Permission
from zugong.base.actions import action, amend, create, entry
from zugong.base.models import Grant, User
from zugong.base.rules import Reason, Refused

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read wrongly from paper: no i, l, o, 0, 1
GROUPS, GROUP_LENGTH = 4, 4
# Running, granting and watching lie in different hands: who holds the one may not be given the other.
APART = (*combinations(ADMINISTRATORS, 2), *((one, "operator") for one in ADMINISTRATORS))


def one_time_password() -> str:
    """A password to be changed at first login, easy to read out: four groups of four."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


@action(Permission.ACCOUNTS_MANAGE)
def create_account(
    *,
    by: User,
    on: date,
    username: str,
    name: str,
    role: str,
    organization_code: str = "",
    valid_to: date | None = None,
    reason: str = "",
) -> tuple[User, str]:
    """Open an account with a one-time password and its first grant. Returns both; the password is kept nowhere else."""
    username, name = username.strip(), name.strip()
    if not re.fullmatch(r"[\w.@-]{2,60}", username):
        raise Refused("账号只能用汉字、字母、数字和 . _ - @，2 到 60 个字，没有开通。")
    if not name:
        raise Refused("姓名没有填，没有开通。")
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(f"已经有“{username}”这个账号，没有开通。请换一个账号名。")
    password = one_time_password()
    user = User(username=username, name=name, must_change_password=True)
    user.set_password(password)
    create(user)
    give_grant(
        by=by, on=on, user=user, role=role, organization_code=organization_code, valid_to=valid_to, reason=reason or "开通账号"
    )
    return user, password


@action(Permission.ACCOUNTS_MANAGE)
def give_grant(
    *,
    by: User,
    on: date,
    user: User,
    role: str,
    organization_code: str = "",
    valid_to: date | None = None,
    reason: str = "",
) -> Grant:
    """Give an account a role at an organization's code ("" is everything) from `on`, until a day if one is said."""
    _fits(role, organization_code)
    if user.pk == by.pk:
        raise Refused("不能给自己授权，没有改动。请由另一位管理员办理。")
    if valid_to is not None and valid_to <= on:
        raise Refused("截止日期不晚于今天，授权一天也用不上，没有授权。请核对日期。")
    if not reason.strip():
        raise Refused("事由没有填，没有授权。请写明为什么给这个权限。")
    held = list(Grant.objects.filter(user=user).in_force(on))
    if any(g.role == role and g.organization_code == organization_code for g in held):
        raise Refused(f"“{user.name}”已经有这项授权，不用重复给。")
    _keep_apart({g.role for g in held} | {role})
    given = dict(
        user=user, role=role, organization_code=organization_code, valid_from=on, valid_to=valid_to, reason=reason.strip()
    )
    return _keep(Grant(**given), {}, given)


def _fits(role: str, organization_code: str) -> None:
    """A role there is; one that holds the settings, the accounts or the trail is for the whole house."""
    if role not in ROLES:
        raise Refused(f"没有“{role}”这个角色，没有授权。")
    if organization_code and ROLES[role].permissions & SYSTEM:
        raise Refused(
            f"“{ROLES[role].title}”管的是设置、账号或留痕，这些不分党组织，只能授全部，没有授权。请把党组织留空，或者换一个角色。"
        )


def _keep_apart(roles: set[str]) -> None:
    for one, other in APART:
        if {one, other} <= roles:
            raise Refused(
                f"“{ROLES[one].title}”和“{ROLES[other].title}”不能由同一个人担任，没有授权。管运行的、管授权的、看留痕的各是一人。"
            )


@action(None)
def open_local_account(*, by: User, on: date) -> User:
    """The account of whoever runs commands on this machine, with the right to do everything. It opens itself, once: whoever
    can run commands here holds the data anyway. The entry says so, as for every account."""
    kept = User.objects.filter(username=by.username).first()
    if kept is not None:
        return kept
    by.set_unusable_password()
    create(by)
    given = dict(user=by, role="operator", organization_code="", valid_from=None, valid_to=None, reason="本机命令行")
    _keep(Grant(**given), {}, given)
    return by


@action(Permission.ACCOUNTS_MANAGE)
def end_grant(*, by: User, on: date, grant: Grant) -> Grant:
    """End a grant from `on`: that day it no longer holds."""
    if grant.user_id == by.pk:
        raise Refused("不能结束自己的授权，没有改动。请由另一位管理员办理。")
    if grant.valid_to is not None and grant.valid_to <= on:
        raise Refused("这项授权已经结束，没有改动。")
    before = {"valid_to": grant.valid_to}
    grant.valid_to = on
    grant.revision += 1
    return _keep(grant, before, {"valid_to": on})


@action(Permission.ACCOUNTS_MANAGE)
def reset_password(*, by: User, on: date, user: User) -> str:
    """Give an account a new one-time password, which ends its sessions. Returns it; it is kept nowhere else."""
    if not user.has_usable_password():
        raise Refused("这是本机命令行用的账号，没有密码，不能从网页登录。")
    if not user.is_active:
        raise Refused("账号已停用，没有重设。请先启用。")
    password = one_time_password()
    _set_password(user, password, must_change=True)
    return password


@action(Permission.ACCOUNTS_MANAGE)
def set_active(*, by: User, on: date, user: User, active: bool) -> User:
    """Close an account, or open it again; its grants stay as they are."""
    if user.pk == by.pk:
        raise Refused("不能停用自己的账号，没有改动。请由另一位管理员办理。")
    return amend(user, is_active=active)


@action(None)
def change_own_password(*, by: User, on: date, password: str) -> User:
    """Set one's own password. Raises Refused for one that is too weak."""
    try:
        validate_password(password, by)
    except ValidationError as error:
        raise Refused(*(Reason(sentence) for sentence in error.messages)) from None
    if by.has_usable_password() and by.check_password(password):
        raise Refused("新密码和现在的密码一样，没有改动。请换一个。")
    return _set_password(by, password, must_change=False)


@action(None)
def sign_in(*, by: User, on: date, request: HttpRequest) -> None:
    """Open a session for an account whose password was checked; the day of its last login is kept with it."""
    login(request, by)
    entry().subject = by.key


def _keep(grant: Grant, before: dict[str, Any], after: dict[str, Any]) -> Grant:
    """Save a grant with old and new values on the trail; an open beginning or end is right for a grant."""
    grant.save()
    entry().note_change(grant, before, after)
    return grant


def _set_password(user: User, password: str, *, must_change: bool) -> User:
    """Keep a password's hash; neither it nor the old one goes on the trail."""
    user.set_password(password)
    user.must_change_password = must_change
    user.revision += 1
    user.save()
    draft = entry()
    draft.subject = user.key
    draft.note(changed="password", must_change_password=must_change)
    return user


def accounts_with_grants(on: date) -> list[tuple[User, list[Grant], list[Grant]]]:
    """Every account with the grants that hold on a day (or will), and those that have ended, in three statements."""
    ended = Q(valid_to__lte=on)
    grants: dict[int, tuple[list[Grant], list[Grant]]] = {}
    for over, rows in ((0, Grant.objects.exclude(ended)), (1, Grant.objects.filter(ended))):
        for grant in rows.order_by("pk"):
            grants.setdefault(grant.user_id, ([], []))[over].append(grant)
    return [(user, *grants.get(user.pk, ([], []))) for user in User.objects.order_by("-is_active", "pk")]
