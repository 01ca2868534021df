"""Every page by every role, in scope and out of it: what the table says by hand, what the views say, and what is answered.

That each role gets 403 exactly where its permissions do not reach, and a stranger the login, is asked page by page in
tests/test_pages.py by what the views declare; here the declarations are held against the table. What is asked here is
another subtree's record, by its guessed number, through every route.
"""

from __future__ import annotations

from functools import partial

import pytest
from django.urls import reverse

from tests.permission_table import REGISTERS as REGISTER_TABLE
from tests.permission_table import table
from tests.test_pages import PAGES, permission_of
from zugong.base.access import ROLES, Permission
from zugong.base.models import TrailEntry
from zugong.organizations.models import PartyOrganization
from zugong.ui.registers import REGISTERS

pytestmark = pytest.mark.usefixtures("rail_uncounted")
TABLE = table()
EVERY_DAY = ("branch", "partner")  # the others are asked by make test-long


def test_the_table_names_every_page_and_no_other():
    assert set(PAGES) - set(TABLE) == set(), "pages the table does not name"
    assert set(TABLE) - set(PAGES) == set(), "entries without a page"


def test_each_page_is_opened_by_what_the_table_says():
    assert {name: str(permission_of(name)) for name in PAGES} == TABLE


def test_each_register_is_in_the_table():
    assert {label.replace(".", ":") for label in REGISTERS} == set(REGISTER_TABLE)


def records_elsewhere(user):
    """For each record kind one that lies in another subtree: its register and its number."""
    for register in REGISTERS.values():
        seen = register.model.objects.visible_to(user).values("pk")
        beyond = register.model._base_manager.exclude(pk__in=seen).order_by("pk").values_list("pk", flat=True).first()
        if beyond is not None:
            yield register, beyond


def routes(who, name, pk):
    """Every address that names a record by its number, looked at and acted on."""
    for page in (name, f"{name}-edit", f"{name}-reveal", f"{name}-settle"):
        if page in PAGES:
            where = reverse(page, args=[pk])
            yield page, partial(who.get, where)
            yield page, partial(who.post, where, {"purpose": "核对材料", "revision": 0, "name": "改了"})


@pytest.mark.parametrize("role", [role if role in EVERY_DAY else pytest.param(role, marks=pytest.mark.long) for role in ROLES])
def test_another_subtrees_record_is_not_there_by_any_route(yunxi, door, role):
    """A reader of one branch guesses the numbers of others: 404 where the role opens the page at all, 403 where not."""
    branch = PartyOrganization.objects.filter(kind="党支部").order_by("pk").first()
    who, tried, before = door(role, branch.code), 0, TrailEntry.objects.count()
    for register, pk in records_elsewhere(who.user):
        name = register.label.replace(".", ":")
        kept = register.model._base_manager.filter(pk=pk).values().get()
        for page, knock in routes(who, name, pk):
            expected = 404 if Permission(TABLE[page]) in ROLES[role].permissions else 403
            assert knock().status_code == expected, (page, expected)
            tried += 1
        if register.remove and register.remove.permission in ROLES[role].permissions:
            for do in ("export", "print", "remove", "removed"):
                answer = who.post(reverse(f"{name}-selected"), {"do": do, "row": pk}, follow=True)
                assert "html" in answer["Content-Type"], (name, do)
                assert "已经不在了，或者不在您能看到的范围里" in answer.content.decode(), (name, do)
        assert register.model._base_manager.filter(pk=pk).values().get() == kept, name
    if ROLES[role].permissions & {Permission(read) for read, *_ in REGISTER_TABLE.values()}:
        assert tried > 60
        assert TrailEntry.objects.count() > before, "what was turned away is on the trail"


def test_the_offices_own_records_open_for_whoever_holds_the_whole(yunxi, door):
    """The other half: the same routes answer where the grant reaches, so that a 404 above says something."""
    who, opened = door("office"), 0
    for register in REGISTERS.values():
        pk = register.model.objects.order_by("pk").values_list("pk", flat=True).first()
        name = register.label.replace(".", ":")
        if pk is not None and name in PAGES:
            assert who.get(reverse(name, args=[pk])).status_code == 200, name
            opened += 1
    assert opened >= 18
