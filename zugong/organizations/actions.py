"""Every change organizations, units and their places undergo."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from zugong.base.access import Permission, path_part
from zugong.base.actions import action, amend, create, entry, insist_there
from zugong.base.ledgers import Row, Values
from zugong.base.models import User
from zugong.base.sealing import digest
from zugong.base.sets import SetWrite
from zugong.organizations import rules
from zugong.organizations.models import PartyGroup, PartyOrganization, Placement, Unit, roots_on


@action(Permission.ORGANIZATIONS_EDIT, at="organization")
def edit(*, by: User, on: date, organization: PartyOrganization, changes: dict[str, Any]) -> PartyOrganization:
    """Correct what is kept about an organization; its place changes through `move`."""
    return amend(organization, **changes)


@action(Permission.ORGANIZATIONS_EDIT, at="unit")
def edit_unit(*, by: User, on: date, unit: Unit, changes: dict[str, Any]) -> Unit:
    """Correct what is kept about a unit."""
    return amend(unit, **changes)


@action(Permission.ORGANIZATIONS_EDIT, at="organization")
def record_group(
    *, by: User, on: date, organization: PartyOrganization, name: str, valid_from: date | None = None
) -> PartyGroup:
    """Keep a Party group of a branch."""
    return create(PartyGroup(organization=organization, name=name, valid_from=valid_from))


@action(Permission.ORGANIZATIONS_EDIT, at="group")
def edit_group(*, by: User, on: date, group: PartyGroup, changes: dict[str, Any]) -> PartyGroup:
    """Correct what is kept about a Party group, or end it."""
    return amend(group, **changes)


@action(Permission.ORGANIZATIONS_EDIT)
def place(*, by: User, on: date, organization: PartyOrganization, parent: PartyOrganization | None) -> Placement:
    """Give a new organization its first place, valid from the day it was founded."""
    path = Placement.under(parent.path_on(on) if parent else "", organization.code)
    return create(Placement(organization=organization, parent=parent, path=path, valid_from=organization.valid_from))


@action(Permission.ORGANIZATIONS_EDIT, at="organization")
def move(*, by: User, on: date, organization: PartyOrganization, parent: PartyOrganization) -> int:
    """Put an organization and everything below it under another parent from `on`; the right is needed at both places.
    Returns the number of places moved."""
    insist_there(parent)
    rules.may_stand_under(path_part(organization.code), parent.path_on(on)).or_refuse()
    write = SetWrite()
    moved = _move(write, organization, parent, on)
    entry().note(organization=organization.key, parent=parent.key, places=moved)
    return moved


def _move(
    write: SetWrite, organization: PartyOrganization, parent: PartyOrganization, on: date, *, corrected: bool = False
) -> int:
    """End the places of a subtree on `on` and open them anew under the other parent's path; `corrected`: they never were
    where they stand, so nothing ends."""
    old_path = Placement.objects.in_force(on).filter(organization=organization).values_list("path", flat=True).first()
    new_path = Placement.under(parent.path_on(on), organization.code)
    if not old_path or old_path == new_path:
        return 0
    places = list(Placement.objects.below([old_path], on))
    in_place = [p for p in places if corrected or (p.valid_from is not None and p.valid_from >= on)]
    earlier = [p for p in places if p not in in_place]

    def anew(p: Placement) -> dict[str, Any]:
        top = p.organization_id == organization.pk
        return {"parent_id": parent.pk if top else p.parent_id, "path": new_path + p.path[len(old_path) :]}

    write.change((p, anew(p)) for p in in_place)
    opened = [Placement(organization_id=p.organization_id, valid_from=on, origin=p.origin, **anew(p)) for p in earlier]
    write.change((p, {"valid_to": on}) for p in earlier)
    write.create(opened)
    return len(places)


def keep_organizations(*, rows: Sequence[Row], write: SetWrite, on: date) -> None:
    """Keep the organizations of ledger 01, their units and places; called inside a set action."""
    units = _keep_units(rows, write)
    write.keep(rows, PartyOrganization, lambda row: _fields(row, units))
    _keep_places(rows, write, on)
    _link_units(rows, write, on)


def code_of(row: Row) -> str:
    """The row's code; an organization without one gets a steady code made from its name."""
    return row.values["code"] or f"~{digest(row.values['name'].encode())[:10]}"


def _fields(row: Row, units: dict[str, int]) -> dict[str, Any]:
    values = row.values
    return {
        "code": code_of(row) if row.state == "new" else row.record.code,
        "name": values["name"],
        "kind": values["kind"] or "",
        "founded_on": values["founded_on"],
        "valid_from": values["founded_on"],
        "superior_name": values["superior_name"] or "",
        "unit_id": units.get(values["unit_name"] or ""),
    }


def _keep_units(rows: Sequence[Row], write: SetWrite) -> dict[str, int]:
    natures = {row.values["unit_name"]: row.values["nature"] or "" for row in rows if row.values["unit_name"]}
    known = {unit.name: unit for unit in Unit.objects.all().among("name", natures)}
    new = [Unit(name=name, nature=nature) for name, nature in natures.items() if name not in known]
    write.create(new)
    write.change((u, {"nature": natures[u.name]}) for u in known.values() if natures[u.name] and u.nature != natures[u.name])
    return {unit.name: unit.pk for unit in [*known.values(), *new]}


def _keep_places(rows: Sequence[Row], write: SetWrite, on: date) -> None:
    """Place new organizations; move those whose superior changed, and those whose superior has only now become known."""
    new = [row for row in rows if row.state == "new"]
    parents = _parents(rows, new, on)
    _open_places(new, parents, write, on)
    _bring_home(new, write, on)
    for row in rows:
        parent = parents[row.record.pk]
        changed = row.state == "changed" and row.before and row.before.get("superior_name") != row.values["superior_name"]
        if changed and parent and rules.may_stand_under(path_part(row.record.code), parent.path_on(on)):
            _move(write, row.record, parent, on)


def names_no_superior(values: Values) -> bool:
    """Whether an organization's row names no superior, or none but itself."""
    return values["superior_name"] in (None, "", values["name"], values["code"])


def _parents(rows: Sequence[Row], new: Sequence[Row], on: date) -> dict[int, PartyOrganization | None]:
    """The superior of each row's organization. One that nobody knows is the only root for the time being, so that no
    second root comes of a misspelt name; where there is no such root, and where a row names none, there is no superior."""
    named = {row.record.pk: row.values["superior_name"] for row in rows if not names_no_superior(row.values)}
    found = PartyOrganization.objects.named(named.values())
    by_pk = {one.pk: one for one in PartyOrganization.objects.all().among("pk", found.values())}
    tops = [*roots_on(on)[:2], *(row.record for row in new if row.record.pk not in named)]
    stand_in = tops[0] if len(tops) == 1 else None
    parents = {pk: by_pk.get(found.get(name)) or stand_in for pk, name in named.items()}
    return {row.record.pk: parents.get(row.record.pk) for row in rows}


def _bring_home(new: Sequence[Row], write: SetWrite, on: date) -> None:
    """Organizations kept before their superior was known go under it now, as if it had been known all along."""
    superiors = {word: row.record for row in new for word in (row.record.code, row.record.name)}
    fresh = {row.record.pk for row in new}
    rows = PartyOrganization.objects.values_list("pk", flat=True).among("superior_name", superiors)
    waiting = [pk for pk in rows if pk not in fresh]
    tops = {None, *roots_on(on).values_list("pk", flat=True)} if waiting else set()
    for place in list(Placement.objects.select_related("organization").in_force(on).among("organization_id", waiting)):
        superior = superiors[place.organization.superior_name]
        if place.parent_id in tops and rules.may_stand_under(path_part(place.organization.code), superior.path_on(on)):
            _move(write, place.organization, superior, on, corrected=True)


def _open_places(rows: Sequence[Row], parents: dict[int, PartyOrganization | None], write: SetWrite, on: date) -> None:
    """Places for new organizations, whose superiors may be new as well."""
    new = {row.record.pk: row.record for row in rows}
    kept = dict(Placement.objects.in_force(on).values_list("organization_id", "path"))
    paths: dict[int, str] = {}

    def path(pk: int, below: tuple[int, ...] = ()) -> str:
        if pk not in new:
            return kept.get(pk, "")
        if pk not in paths:
            parent = parents[pk]
            if parent is not None and parent.pk in (*below, pk):
                parent = parents[pk] = None  # a ring of superiors is cut where it closes
            above = path(parent.pk, (*below, pk)) if parent else ""
            paths[pk] = Placement.under(above, new[pk].code)
        return paths[pk]

    places = []
    for row in rows:
        whole_path = path(row.record.pk)
        places.append(
            Placement(
                organization=row.record,
                parent=parents[row.record.pk],
                path=whole_path,
                valid_from=row.record.valid_from,
                origin=row.origin,
            )
        )
    write.create(places)


def _link_units(rows: Sequence[Row], write: SetWrite, on: date) -> None:
    """Each unit belongs to the highest Party organization that names it."""
    names = {row.values["unit_name"] for row in rows if row.values["unit_name"]}
    units = list(Unit.objects.all().among("name", names))
    paths = dict(Placement.objects.in_force(on).values_list("organization_id", "path"))
    best: dict[int, tuple[int, str, int]] = {}
    linked = PartyOrganization.objects.values_list("unit_id", "pk").among("unit_id", [u.pk for u in units])
    for unit, organization in linked:
        path = paths.get(organization, "")
        rank = (path.count("."), path, organization)
        best[unit] = min(best.get(unit, rank), rank)
    write.change((u, {"organization_id": best[u.pk][2]}) for u in units if u.pk in best and u.organization_id != best[u.pk][2])
