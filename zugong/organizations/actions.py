"""Every change organizations, units and their places undergo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from zugong.base.access import Permission
from zugong.base.actions import action, amend, create, entry
from zugong.base.ledgers import Row
from zugong.base.models import User
from zugong.base.rules import Refused
from zugong.base.sealing import digest
from zugong.base.sets import SetWrite
from zugong.organizations import rules
from zugong.organizations.models import PartyOrganization, Placement, Unit, root_path, roots_on


@action(Permission.ORGANIZATIONS_EDIT, at="organization")
def edit(*, by: User, on: date, organization: PartyOrganization, changes: dict[str, Any]) -> PartyOrganization:
    """Correct what is kept about an organization; its place changes through `move`."""
    return amend(organization, **changes)


@action(Permission.ORGANIZATIONS_EDIT, at="unit")
def edit_unit(*, by: User, on: date, unit: Unit, changes: dict[str, Any]) -> Unit:
    """Correct what is kept about a unit."""
    return amend(unit, **changes)


@action(Permission.ORGANIZATIONS_EDIT)
def place(*, by: User, on: date, organization: PartyOrganization, parent: PartyOrganization | None) -> Placement:
    """Give a new organization its first place, valid from the day it was founded."""
    path = (parent.path_on(on) if parent else "") + f"{organization.code}."
    return create(Placement(organization=organization, parent=parent, path=path, valid_from=organization.valid_from))


@action(Permission.ORGANIZATIONS_EDIT, at="organization")
def move(*, by: User, on: date, organization: PartyOrganization, parent: PartyOrganization) -> int:
    """Put an organization and everything below it under another parent from `on`. Returns the number of places moved."""
    parent_path = parent.path_on(on)
    rules.may_stand_under(organization.code, parent_path).or_refuse()
    write = SetWrite()
    moved = _move(write, organization, parent, parent_path, on)
    entry().note(organization=organization.key, parent=parent.key, places=moved)
    return moved


def _move(write: SetWrite, organization: PartyOrganization, parent: PartyOrganization, parent_path: str, on: date) -> int:
    """End the places of a subtree on `on` and open them anew under the other parent's path."""
    old_path = organization.path_on(on)
    new_path = f"{parent_path}{organization.code}."
    places = list(Placement.objects.below([old_path], on))
    if not places or old_path == new_path:
        return 0
    same_day = [p for p in places if p.valid_from is not None and p.valid_from >= on]
    earlier = [p for p in places if p not in same_day]

    def anew(p: Placement) -> dict[str, Any]:
        top = p.organization_id == organization.pk
        return {"parent_id": parent.pk if top else p.parent_id, "path": new_path + p.path[len(old_path) :]}

    write.change((p, anew(p)) for p in same_day)
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
    """Place new organizations; move those whose superior changed."""
    names = {row.values["superior_name"] for row in rows if row.values["superior_name"]}
    found = PartyOrganization.objects.named(names)
    asked = [*found.values(), *(row.record.pk for row in rows)]
    by_pk = {one.pk: one for one in PartyOrganization.objects.all().among("pk", asked)}
    root = roots_on(on).first()
    parents = {
        row.record.pk: by_pk.get(found.get(row.values["superior_name"])) or (root if row.values["superior_name"] else None)
        for row in rows
    }
    _open_places([row for row in rows if row.state == "new"], parents, write, on)
    for row in rows:
        parent = parents[row.record.pk]
        if row.state == "changed" and parent and row.before and row.before.get("superior_name") != row.values["superior_name"]:
            parent_path = parent.path_on(on)
            if rules.may_stand_under(row.record.code, parent_path):
                _move(write, row.record, parent, parent_path, on)


def _open_places(rows: Sequence[Row], parents: dict[int, PartyOrganization | None], write: SetWrite, on: date) -> None:
    """Places for new organizations, whose superiors may be new as well."""
    new = {row.record.pk: row.record for row in rows}
    kept = dict(Placement.objects.in_force(on).values_list("organization_id", "path"))
    paths: dict[int, str] = {}

    def path(pk: int, below: tuple[int, ...] = ()) -> str | None:
        if pk in below:
            return None
        if pk not in new:
            return kept.get(pk, "")
        if pk not in paths:
            parent = parents[pk]
            above = path(parent.pk, (*below, pk)) if parent else ""
            paths[pk] = ("" if above is None else above) + f"{new[pk].code}."
        return paths[pk]

    places = []
    for row in rows:
        parent = parents[row.record.pk]
        places.append(
            Placement(
                organization=row.record,
                parent=parent if parent != row.record else None,
                path=path(row.record.pk) or "",
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


def root_or_refuse(on: date) -> str:
    """The root's path; raises Refused while no organization is kept."""
    path = root_path(on)
    if not path:
        raise Refused("还没有党组织。请先导入“党组织基本信息表”。")
    return path


def names_of(ids: Iterable[int]) -> dict[int, str]:
    """Full names by number."""
    return dict(PartyOrganization.objects.values_list("pk", "name").among("pk", ids))
