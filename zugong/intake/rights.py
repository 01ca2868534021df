"""Whose ledgers are whose: what an account may take in, and which sheets and batches it may look at.

Staged rows belong to no organization yet, so only grants for the whole house count, and one grant must give it all: the
intake, the ledger's own office and, where it matters, the class of the field.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

from zugong.base.access import ROLES, Permission, Privacy, Role
from zugong.base.models import User
from zugong.base.rules import NotAllowed, Reason
from zugong.intake.catalogue import BY_ID, LEDGERS


def _roles(user: User, permission: Permission) -> Iterator[Role]:
    """The roles held for the whole house that give a permission."""
    for code in {g.role for g in user.grants_in_force() if not g.organization_code and g.role in ROLES}:
        if permission in ROLES[code].permissions:
            yield ROLES[code]


@functools.cache
def _read_by(role: str) -> frozenset[str]:
    return frozenset(one.id for one in LEDGERS if one.kept().model.READ in ROLES[role].permissions)


@functools.cache
def _taken_by(role: str) -> frozenset[str]:
    return frozenset(one.id for one in LEDGERS if one.needs <= ROLES[role].permissions)


def readable(user: User) -> frozenset[str]:
    """The ledgers whose staged rows an account may look at."""
    return frozenset().union(*(_read_by(role.code) for role in _roles(user, Permission.INTAKE_READ)))


def takeable(user: User) -> frozenset[str]:
    """The ledgers an account may stage, commit and take back."""
    return frozenset().union(*(_taken_by(role.code) for role in _roles(user, Permission.INTAKE_COMMIT)))


def reads_everything(user: User) -> bool:
    """Whether an account may look at whatever comes in."""
    return readable(user) >= set(BY_ID)


def shows(user: User, ledger: str, privacy: Privacy) -> bool:
    """Whether one grant shows the account fields of a class in a ledger's staged rows; what is no ledger is nobody's."""
    roles = _roles(user, Permission.INTAKE_READ)
    return any(privacy in role.reads and (not ledger or ledger in _read_by(role.code)) for role in roles)


def insist(by: User, ledgers: Iterable[str]) -> None:
    """Raise NotAllowed for ledgers the account may not take in, naming the roles that could."""
    missing = sorted({one for one in ledgers if one} - takeable(by), key=lambda one: BY_ID[one].number)
    if not missing:
        return
    able = [r.title for r in ROLES.values() if Permission.INTAKE_COMMIT in r.permissions and _taken_by(r.code) >= set(missing)]
    titles = "、".join(f"《{BY_ID[one].title}》" for one in missing)
    who = "、".join(title for title in able if title != ROLES["operator"].title) or "科室干部（综合）"
    raise NotAllowed(Reason(f"账号“{by.username}”不能导入{titles}，整批都没有办。能办的角色：{who}；或者把别的台账分开导入。"))
