"""The role table on the page and in the documentation says what access.py says."""

from __future__ import annotations

from django.urls import reverse

from conftest import ROOT
from zugong.base.access import OFFICES, ROLES, Permission
from zugong.desk.roletable import OFFICE_TITLES, SYSTEM_TITLES, markdown, table


def test_every_permission_stands_in_the_table():
    told = {Permission[f"{office}_{verb}"] for office in OFFICES for verb in ("READ", "EDIT")} | set(SYSTEM_TITLES)
    assert told == set(Permission)


def test_whoever_edits_an_office_reads_it():
    for role in ROLES.values():
        for office in OFFICES:
            assert Permission[f"{office}_EDIT"] not in role.permissions or Permission[f"{office}_READ"] in role.permissions


def test_the_documentation_has_the_table_as_it_is():
    assert markdown() in (ROOT / "docs/offices/system.md").read_text("utf-8")


def test_known_cells_are_right():
    cells = {one.role.code: dict(zip(OFFICE_TITLES.values(), one.offices, strict=True)) for one in table()}
    assert cells["branch"]["会议"] == "改"
    assert cells["education_office"]["人才"] == "—"
    assert cells["head"]["干部"] == "看"
    assert {set(cells[code].values()) == {"—"} for code in ("system_administrator", "security_administrator", "auditor")} == {
        True
    }


def test_everybody_may_read_it(yunxi, door):
    for role in ("auditor", "branch", "partner"):
        page = door(role).get(reverse("desk:roles")).content.decode()
        assert all(one.title in page for one in ROLES.values())
