"""The three administrators (三员分立): one runs the house, one grants, one watches. Opened together, held by three people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from zugong.base import factors, grants
from zugong.base.access import ADMINISTRATORS, ROLES, Permission
from zugong.base.accounts import one_time_password, opened
from zugong.base.actions import action
from zugong.base.models import Grant, GrantState, User
from zugong.base.passwords import keep_password
from zugong.base.rules import Refused

NAMES = dict(zip(ADMINISTRATORS, ("xitong", "anquan", "shenji"), strict=True))


def missing(on: date) -> list[str]:
    """Which of the three roles no account with a password holds on a day."""
    held = Grant.objects.filter(role__in=ADMINISTRATORS, state=GrantState.AGREED, user__is_active=True).in_force(on)
    return [
        role
        for role in ADMINISTRATORS
        if role not in set(held.exclude(user__username=grants.LOCAL).values_list("role", flat=True))
    ]


@action(Permission.SYSTEM_RUN)
def open_administrators(*, by: User, on: date, names: Mapping[str, str]) -> list[tuple[User, str, str]]:
    """Open an account for each of the three roles that nobody holds: the account, its role, its one-time password, which
    is kept nowhere else. `names` says what they are called, role by role.

    From then on the local operator only runs the house, for good. Raises Refused; nothing is opened then.
    """
    wanted = {role: names.get(role, NAMES[role]).strip() for role in ADMINISTRATORS}
    if len({name.lower() for name in wanted.values()}) < len(wanted):
        raise Refused("三名管理员要三个不同的账号：管运行的、管授权的、看留痕的各是一人，没有开通。请写三个不同的账号名。")
    roles = missing(on)
    if not roles:
        raise Refused("三名管理员都已开通，没有改动。忘了密码的，请安全管理员在“账号和授权”里重设。")
    made = []
    for role in roles:
        user, password = opened(wanted[role], ROLES[role].title)
        grants.keep(Grant(user=user, role=role, valid_from=on, reason="首次启动，开通三名管理员", proposed_by=by))
        made.append((user, role, password))
    grants.end_operators(on)
    return made


@action(Permission.SYSTEM_RUN)
def reset_security_administrator(*, by: User, on: date, user: User) -> str:
    """Give a security administrator, whom nobody else could help, a new one-time password. Returns it.

    Only from the machine itself; other accounts are the security administrators' own business.
    """
    if by.username != grants.LOCAL or not _is_one(user, ["security_administrator"], on):
        raise Refused(f"“{user.username}”不是在用的安全管理员账号，没有重设。别的账号请安全管理员在网页上重设。")
    password = one_time_password()
    keep_password(user, password, on, must_change=True)
    return password


@action(Permission.SYSTEM_RUN)
def renew_administrators_factor(*, by: User, on: date, user: User) -> User:
    """Take the second factor of an administrator, whom nobody else could help, away: it is set up anew at the next sign-in,
    behind the password. The entry names the operating system's user.

    Only from the machine itself; other accounts are the security administrators' own business.
    """
    if by.username != grants.LOCAL or not _is_one(user, ADMINISTRATORS, on):
        raise Refused(
            f"“{user.username}”不是在用的系统、安全或审计管理员账号，没有改动。别的账号请安全管理员在网页上取消验证器。"
        )
    factors.take_away(user)
    return user


def _is_one(user: User, roles: Sequence[str], on: date) -> bool:
    """Whether an account in use holds one of some roles on a day."""
    held = Grant.objects.filter(user=user, role__in=roles, state=GrantState.AGREED).in_force(on)
    return user.is_active and held.exists()
