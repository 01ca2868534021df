"""Accounts: who comes in and with which password. What they may do where stands in `grants`."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from zugong.base import grants
from zugong.base.access import Permission
from zugong.base.actions import action, amend, create
from zugong.base.models import User
from zugong.base.passwords import keep_password
from zugong.base.rules import Refused
from zugong.base.sessions import end_sessions

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read wrongly from paper: no i, l, o, 0, 1
GROUPS, GROUP_LENGTH = 4, 4


def names_of(usernames: Iterable[str]) -> dict[str, str]:
    """The names of whoever signs in with these, in one statement."""
    return dict(User.objects.filter(username__in=set(usernames)).values_list("username", "name"))


def one_time_password() -> str:
    """A password to be changed at first login, easy to read out: four groups of four."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


@action(Permission.ACCOUNTS_MANAGE)
def create_account(*, by: User, on: date, username: str, name: str, given: grants.Given) -> tuple[User, str]:
    """Open an account with a one-time password and its first grant. Returns both; the password is kept nowhere else."""
    user, password = opened(username, name)
    grants.give_grant(by=by, on=on, user=user, given=replace(given, reason=given.reason or "开通账号"))
    return user, password


def opened(username: str, name: str) -> tuple[User, str]:
    """A new account without rights, and its one-time password. Called inside an action; raises Refused."""
    username, name = username.strip(), name.strip()
    if not re.fullmatch(r"[\w.@-]{2,60}", username):
        raise Refused("账号只能用汉字、字母、数字和 . _ - @，2 到 60 个字，没有开通。")
    if not name:
        raise Refused("姓名没有填，没有开通。")
    if username.lower() == grants.LOCAL:
        raise Refused(f"“{grants.LOCAL}”留给服务器上的命令行，没有开通。请换一个账号名。")
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(f"已经有“{username}”这个账号，没有开通。请换一个账号名。")
    password = one_time_password()
    user = User(username=username, name=name, must_change_password=True)
    user.set_password(password)
    return create(user), password


@action(Permission.ACCOUNTS_MANAGE)
def reset_password(*, by: User, on: date, user: User) -> str:
    """Give an account a new one-time password, which ends its sessions. Returns it; it is kept nowhere else."""
    if not user.has_usable_password():
        raise Refused("这是本机命令行用的账号，没有密码，不能从网页登录。")
    if not user.is_active:
        raise Refused("账号已停用，没有重设。请先启用。")
    password = one_time_password()
    keep_password(user, password, on, must_change=True)
    return password


@action(Permission.ACCOUNTS_MANAGE)
def set_active(*, by: User, on: date, user: User, active: bool) -> User:
    """Close an account, which ends its grants and sessions; or open it again, without any."""
    if user.pk == by.pk:
        raise Refused("不能停用自己的账号，没有改动。请由另一位管理员办理。")
    if not active:
        grants.end_all(user, on)
        end_sessions(user)
    return amend(user, is_active=active)


@action(Permission.ACCOUNTS_MANAGE)
def tie_provider(*, by: User, on: date, user: User, subject: str) -> User:
    """Say under which number (`sub`) the provider of single sign-on knows an account; "" unties it. Raises Refused for a
    number that belongs to another account, and for one's own account."""
    if user.pk == by.pk:
        raise Refused("不能改自己的统一认证编号，没有改动。请由另一位管理员办理。")
    if not user.has_usable_password():
        raise Refused("这是本机命令行用的账号，不能从网页登录。")
    return amend(user, provider_subject=subject.strip())
