"""Who can see a record, by which grants; and what an account can see. Both are made from the grants themselves.

Who sees a record is asked code by code and not account by account: a house has thousands of accounts and some hundred
places. tests/test_seeing.py holds the answer against what each account is really shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from zugong.base.access import OFFICES, ROLES, Permission, Privacy
from zugong.base.actions import action, entry
from zugong.base.models import Grant, GrantState, User
from zugong.desk.granting import Line, places_of, told
from zugong.desk.holdings import CLASS_WORDS, KINDS
from zugong.desk.roletable import OFFICE_TITLES, SYSTEM_TITLES
from zugong.statistics.guarded import guards
from zugong.ui.listing import COUNTED
from zugong.ui.registers import REGISTERS, Register


@dataclass(frozen=True)
class Seer:
    """An account that is shown a record: by which grants, which classes of fields now, and which once it switches on what
    is on call. Without any class now it is shown nothing until then."""

    user: User
    lines: list[Line]
    reads: frozenset[Privacy]
    later: frozenset[Privacy]

    @property
    def now(self) -> bool:
        """Whether the account is shown the record as things stand."""
        return any(holds(line.grant) for line in self.lines)

    @property
    def classes(self) -> str:
        """The classes now in words."""
        return class_words(self.reads)

    @property
    def later_classes(self) -> str:
        """The classes that come when it switches on, in words."""
        return class_words(self.later)


@dataclass(frozen=True)
class Seen:
    """Who sees a record; `aside`: its person's data is only stored, so that nobody does; `own`: the own accounts of the
    persons it is about, which see it among their own records whatever else holds."""

    seers: list[Seer]
    aside: bool
    own: list[User]

    @property
    def now(self) -> list[Seer]:
        """Those who see it now."""
        return [one for one in self.seers if one.now]

    @property
    def later(self) -> list[Seer]:
        """Those who would have to switch something on first."""
        return [one for one in self.seers if not one.now]


def holds(grant: Grant) -> bool:
    """Whether a grant in force holds at this moment: one on call only while it is switched on."""
    return not grant.on_call or grant.on_until is not None


def class_words(classes: Iterable[Privacy]) -> str:
    """Classes of fields in words, the most open first."""
    kept = set(classes)
    return "、".join(words for privacy, words in CLASS_WORDS.items() if privacy in kept)


def in_force(permission: Permission, day: date, moment: datetime | None) -> list[Grant]:
    """The agreed grants of a day that give a permission, to open accounts, by account; those on call with `on_until`."""
    roles = [code for code, role in ROLES.items() if permission in role.permissions]
    rows = Grant.objects.filter(state=GrantState.AGREED, role__in=roles, user__is_active=True).in_force(day)
    return list(rows.switched_on(moment).select_related("user").order_by("user__name", "user_id", "pk"))


def seen(register: Register, pk: int, day: date, moment: datetime | None) -> Seen | None:
    """Who sees a record on a day, at a moment; None where there is none with that number."""
    rows = register.model.objects.filter(pk=pk)
    if not rows.exists():
        return None
    aside = not rows.in_use(day).exists()
    given = [] if aside else in_force(register.read, day, moment)
    covering = rows.covering(frozenset(g.organization_code for g in given), day)
    reaching = [g for g in given if g.organization_code in covering]
    places, by_account = places_of(reaching), dict[User, list[Grant]]()
    for grant in reaching:
        by_account.setdefault(grant.user, []).append(grant)
    seers = [_seer(user, grants, told(grants, day, places)) for user, grants in by_account.items()]
    return Seen(seers, aside, own_accounts(register, pk, day, moment))


def _seer(user: User, grants: list[Grant], lines: list[Line]) -> Seer:
    now = _reads(g for g in grants if holds(g))
    return Seer(user, lines, now, _reads(grants) - now)


def _reads(grants: Iterable[Grant]) -> frozenset[Privacy]:
    return frozenset().union(*(ROLES[g.role].reads for g in grants))


def own_accounts(register: Register, pk: int, day: date, moment: datetime | None) -> list[User]:
    """The own accounts of the persons a record is about, if their own page shows records of this kind."""
    found: dict[int, User] = {}
    for held in KINDS:
        if held.label == register.label and not held.exempt:
            persons = list(held.model._base_manager.filter(pk=pk).values_list(held.way, flat=True))
            for user in User.objects.filter(person_link__person__in=persons, is_active=True):
                found[user.pk] = user
    if not found:
        return []
    able = {g.user_id for g in in_force(Permission.OWN_READ, day, moment) if holds(g)}
    return [user for pk, user in found.items() if pk in able]


@action(Permission.ACCOUNTS_MANAGE)
def ask_who_sees(*, by: User, on: date, register: Register, number: int) -> Seen | None:
    """Who sees a record, for whoever gives grants and may see none: by its number, without anything of what it says.
    That it was asked is on the trail, whether there is such a record or not."""
    draft = entry()
    draft.subject = f"{register.label}:{number}"
    draft.note(register=register.label)
    return seen(register, number, on, by.now)


@dataclass(frozen=True)
class Opened:
    """A register an account may open: how many rows it is shown (and whether there are more; None where whoever asks is not
    told), which classes, by what."""

    register: Register
    total: int | None
    more: bool
    classes: str
    partly: str
    lines: list[Line]


def opened(of: User, by: User) -> list[Opened]:
    """Every register an account may open, for whoever asks: how many persons another sees is told to who sees them, too.
    The account bears its day and moment."""
    lines = told([g for g in of.grants_in_force() if g.role in ROLES], of.day)  # type: ignore[arg-type]
    return [_opened(register, of, by, lines) for register in REGISTERS.values() if of.may_somewhere(register.read)]


def _opened(register: Register, of: User, by: User, lines: list[Line]) -> Opened:
    counted = of.pk == by.pk or not guards(by, register.model.objects.all())
    count = register.model.objects.visible_to(of).values("pk")[: COUNTED + 1].count() if counted else 0
    everywhere = {p for p in Privacy if of.reads(p, register.read)}
    partly = {p for p in Privacy if of.codes(register.read, p)} - everywhere
    giving = [line for line in lines if register.read in ROLES[line.grant.role].permissions]
    total = min(count, COUNTED) if counted else None
    return Opened(register, total, count > COUNTED, class_words(everywhere), class_words(partly), giving)


def further(of: User) -> list[tuple[str, str]]:
    """What else an account may do, in the words of the table of roles: by which roles, and what these give."""
    titles = {Permission[f"{office}_EDIT"]: f"改{OFFICE_TITLES[office]}" for office in OFFICES} | SYSTEM_TITLES
    held, by = of.roles(), dict[str, list[str]]()
    for permission in filter(of.may_somewhere, titles):
        roles = "、".join(role.title for role in held if permission in role.permissions)
        by.setdefault(roles, []).append(titles[permission])
    return [(roles, "、".join(words)) for roles, words in by.items()]
