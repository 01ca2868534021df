"""Whom duties of organizations fall on."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.db.models import Count, OuterRef, Subquery, Value

from zugong.base.access import Permission
from zugong.base.duties import Asking, Subject
from zugong.base.periods import Frame
from zugong.organizations.models import PartyGroup, PartyOrganization, Placement

LABEL = PartyOrganization._meta.label_lower
Kept = tuple[str, Subject]


def kept(asking: Asking) -> list[Kept]:
    """The organizations of the frame the reader may see, each with its kind and the days it existed."""
    frame = asking.frame
    rows = PartyOrganization.objects.within(frame.scope).visible_to(asking.user).in_force(frame.day).order_by("code")
    rows = rows.annotate(path=_path(frame) if _local_rules(frame) else Value(""))
    columns = rows.values_list("kind", "pk", "name", "code", "valid_from", "valid_to", "path")
    return [
        (kind, Subject(pk, name, code, f"{LABEL}:{pk}", since, until, path=path or ""))
        for kind, pk, name, code, since, until, path in columns.iterator(chunk_size=5000)
    ]


def _local_rules(frame: Frame) -> bool:
    """Whether any place has a rule of its own: only then it matters where an organization stands."""
    return any(one.code for entered in frame.standards.entered.values() for one in entered)


def _path(frame: Frame) -> Subquery:
    places = Placement.objects.in_force(frame.day).filter(organization=OuterRef("pk")).order_by("pk")
    return Subquery(places.values("path")[:1])


def of_kind(*kinds: str) -> Callable[[Asking], list[Subject]]:
    """The organizations of some kinds."""

    def audience(asking: Asking) -> list[Subject]:
        return [one for kind, one in asking.once(kept) if kind in kinds]

    return audience


branches = of_kind("党支部")
committees = of_kind("党委")


def temporary(asking: Asking) -> set[int]:
    """The organizations that are there for a time only."""
    return set(PartyOrganization.objects.filter(temporary=True).values_list("pk", flat=True))


def lasting(audience: Callable[[Asking], list[Subject]]) -> Callable[[Asking], list[Subject]]:
    """An audience without what is there for a time only, which neither elects nor keeps rosters (临时党支部)."""

    def narrowed(asking: Asking) -> list[Subject]:
        passing = asking.once(temporary)
        return [one._replace(exempt="临时党组织不适用") if one.pk in passing else one for one in audience(asking)]

    return narrowed


@cache
def places_held(permission: Permission) -> Callable[[Asking], set[int] | None]:
    """The organizations at which the reader holds a permission; None where that is wherever the reader sees organizations."""

    def asked(asking: Asking) -> set[int] | None:
        user = asking.user
        if "" in user.codes(permission) or user.codes(PartyOrganization.READ) <= user.codes(permission):
            return None
        return set(PartyOrganization.objects.held_by(user, permission).values_list("pk", flat=True))

    return asked


def told(audience: Callable[[Asking], list[Subject]], permission: Permission) -> Callable[[Asking], list[Subject]]:
    """An audience without those at whom the reader does not hold a permission: a right at one place is none at another."""

    def narrowed(asking: Asking) -> list[Subject]:
        known = asking.once(places_held(permission))
        return [one for one in audience(asking) if known is None or one.pk in known]

    return narrowed


def groups(asking: Asking) -> dict[int, int]:
    """How many Party groups each branch has."""
    rows = PartyGroup.objects.in_force(asking.frame.day).order_by().values_list("organization_id")
    return dict(rows.annotate(n=Count("pk")))
