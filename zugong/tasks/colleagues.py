"""Who can be given something: accounts by the words they go by, 姓名（账号）, and the offices they work in."""

from __future__ import annotations

import re
from datetime import date

from django.db.models import Q, QuerySet

from zugong.base.access import ROLES, Permission
from zugong.base.grants import OPERATOR
from zugong.base.models import Grant, GrantState, User
from zugong.base.rules import Refused

CALLED = re.compile(r"^(?P<name>.+)（(?P<username>[^（）]+)）$")
MOST = 20
SEPARATORS = str.maketrans({mark: "、" for mark in "，,；;\n"})
EVERY_OFFICE = "全部科室"
OFFICES = {role.code: role.title.removesuffix("干部") for role in ROLES.values() if role.code.endswith("_office")}
OVER_ALL = ("head", "office")  # roles that look after the work of every office


def accounts_with(permission: Permission, day: date) -> QuerySet:
    """The active accounts that hold a permission somewhere on a day."""
    roles = [role.code for role in ROLES.values() if permission in role.permissions and role.code != OPERATOR]
    held = Grant.objects.filter(state=GrantState.AGREED, on_call=False, role__in=roles).in_force(day)
    return User.objects.filter(is_active=True, pk__in=held.values("user_id"))


def called(user: User) -> str:
    """The words an account is chosen by."""
    return f"{user.name}（{user.username}）"


def named(rows: QuerySet, words: str) -> list[User]:
    """The accounts the words mean among these: by 姓名（账号）, by account, or by name."""
    words = words.strip()
    full = CALLED.match(words)
    if full and (found := list(rows.filter(username=full["username"], name=full["name"]))):
        return found
    return list(rows.filter(Q(username=words) | Q(name=words)).order_by("pk")[:2])


def one_named(rows: QuerySet, words: str) -> User:
    """The one account the words mean. Raises Refused with how to mend it."""
    matches = named(rows, words)
    if not matches:
        raise Refused(f"没有找到“{words}”这位同事，或者他的账号办不了这件事。请从列表里选。")
    if len(matches) > 1:
        raise Refused(f"叫“{words}”的不止一位。请从列表里选带账号的那一项。")
    return matches[0]


def colleagues(user: User) -> QuerySet:
    """The accounts a task can be given to: those that see the list."""
    return accounts_with(Permission.TASKS_READ, user.day)


def split(words: str) -> list[str]:
    """What stands between 、 or other marks, each once."""
    return list(dict.fromkeys(filter(None, (part.strip() for part in words.translate(SEPARATORS).split("、")))))


def offered(rows: QuerySet, typed: str) -> list[User]:
    """The first accounts whose name or account holds what was typed."""
    part = (CALLED.match(typed) or {"name": typed})["name"].strip()
    return list(rows.filter(Q(name__icontains=part) | Q(username__icontains=part)).order_by("name", "pk")[:MOST])


def offices_of(roles: set[str]) -> tuple[str, ...]:
    """The offices whose tasks concern somebody with these roles, as long as they have not said otherwise."""
    if roles.intersection(OVER_ALL):
        return (EVERY_OFFICE,)
    return tuple(sorted(OFFICES[role] for role in roles if role in OFFICES))
