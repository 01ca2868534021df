"""Every record elsewhere by every page and role, every command by every role: answered as the table says, and on the trail.

Out of scope: granted at one branch, asking for what lies elsewhere. What is answered in scope, and to a stranger, is asked
in tests/test_pages.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.management import call_command, get_commands, load_command_class
from django.db import transaction
from django.urls import reverse

from conftest import IMPORT_DAY
from tests.permission_table import BY_POST, COMMANDS, HOST, HOUSE, OWN, REGISTERS, numbered, table
from tests.test_pages import PAGES, busy  # noqa: F401 (a fixture)
from zugong.base import anchors, exports, refusals
from zugong.base.access import ROLES, Permission
from zugong.base.exports import Wanted
from zugong.base.models import TrailEntry, User
from zugong.organizations.models import PartyOrganization
from zugong.people.models import Membership, Person

TABLE, NUMBERS = table(), numbered()
pytestmark = pytest.mark.usefixtures("rail_uncounted")
FRAGMENT = {"hx-request": "true"}
NOBODYS = 10**9


def roles(*every_day: str) -> list[Any]:
    return [role if role in every_day else pytest.param(role, marks=pytest.mark.long) for role in ROLES]


@pytest.fixture
def house(busy, operator, freely) -> int:  # noqa: F811
    """The county at work, and an export that waits for agreement."""
    wanted = Wanted("people.person", {}, ("姓名",), 9000, "personal")
    exports.ask_export(by=operator, on=IMPORT_DAY, wanted=wanted, purpose="换届摸底", again={"command": "x"})
    return busy


@pytest.fixture
def branch(yunxi) -> PartyOrganization:
    """A branch that neither the first nor the last person belongs to: requests in the house are theirs."""
    people = Person.objects.order_by("pk")
    theirs = Membership.objects.filter(person__in=[people.first(), people.last()]).values("organization_id")
    return PartyOrganization.objects.filter(kind="党支部").exclude(pk__in=theirs).order_by("pk").first()


@contextmanager
def taken_back(who: Any) -> Iterator[None]:
    """What is done inside is undone: the next page is asked in the same house, by the same session."""
    cookies = who.cookies.output()
    cache.clear()
    refusals._same.clear()
    refusals._accounts.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    who.cookies.clear()
    who.cookies.load(cookies.replace("Set-Cookie: ", ""))


def model_of(name: str) -> Any:
    """What the number in a page's address means; None where it names nothing."""
    if "pk" not in PAGES[name].pattern.converters:
        return None
    if name in NUMBERS:
        return apps.get_model(NUMBERS[name])
    room, _, page = name.partition(":")
    return apps.get_model(room, page.partition("-")[0])


def address(name: str, pk: int) -> str:
    given = {"pk": pk, "number": 1, "figure": "meetings.held", "key": "none", "register": "people.person", "name": "anchor"}
    return reverse(name, kwargs={key: given[key] for key in PAGES[name].pattern.converters})


def numbers(name: str, user: User, *, elsewhere: bool) -> int:
    """The number of a record of the page's kind; one the user may not see where it is to lie elsewhere."""
    model = model_of(name)
    if model is None:
        return 0
    rows = model._base_manager.order_by("pk")
    if elsewhere and hasattr(model.objects.all(), "visible_to"):
        rows = rows.exclude(pk__in=model.objects.visible_to(user).values("pk"))
    found = rows.values_list("pk", flat=True).first()
    return NOBODYS if found is None else found


def lacks(role: str, name: str) -> bool:
    return ":" in TABLE[name] and Permission(TABLE[name]) not in ROLES[role].permissions


def latest() -> int:
    return TrailEntry.objects.order_by("-number").values_list("number", flat=True).first() or 0


def knocks(who: Any, where: str) -> dict[str, Any]:
    return {
        "GET": lambda: who.get(where),
        "fragment": lambda: who.get(where, headers=FRAGMENT),
        "POST": lambda: who.post(where),
    }


def test_the_tables_further_words_name_pages_there_are():
    wanting = {name for name in PAGES if "pk" in PAGES[name].pattern.converters}
    of_registers = {name for name in wanting if name.rpartition("-")[0] in REGISTERS or name in REGISTERS}
    assert set(NUMBERS) == wanting - of_registers
    assert set(PAGES) >= BY_POST | OWN


@pytest.mark.long  # of the registers every day: tests/test_matrix.py
@pytest.mark.parametrize("role", ROLES)
def test_out_of_scope_no_record_is_there_and_each_knock_is_on_the_trail(house, door, branch, role):
    """403 where the role does not reach at all; 404 for a record elsewhere, with an entry that names page and record."""
    assert astray(door(role, branch.code), role, [name for name in PAGES if model_of(name)]) == []


def astray(who: Any, role: str, names: list[str]) -> list[tuple[Any, ...]]:
    """The pages that answer otherwise than the table says, or leave another entry than their own."""
    wrong: list[tuple[Any, ...]] = []
    for name in names:
        pk = numbers(name, who.user, elsewhere=True)
        for how, knock in knocks(who, address(name, pk)).items():
            since = latest()
            with taken_back(who):
                status = knock().status_code
                entries = TrailEntry.objects.filter(number__gt=since, verb="base:turned_away").values_list("values", flat=True)
                told = [(one["page"], one.get("asked", {}).get("pk")) for one in map(json.loads, entries)]
            if status not in out_of_scope(role, name, how):
                wrong.append((name, how, status))
            if status in (403, 404) and told != [(name, str(pk) if model_of(name) else None)]:
                wrong.append((name, how, status, told))
    return wrong


def out_of_scope(role: str, name: str, how: str) -> tuple[int, ...]:
    """What a page may answer whoever holds the role at one branch, about a record elsewhere."""
    if lacks(role, name) or TABLE[name] in HOUSE:
        return (403,)
    return (302,) if how != "POST" and name in BY_POST else (404,)


# Commands


TURNED_AWAY = ("base:turned_away", "base:not_allowed")
NOT_FOR_YOU = "没有办理此事的权限"
OURS = [name for name, room in get_commands().items() if room == "zugong.desk"]


def test_the_table_names_every_command_and_no_other():
    assert set(OURS) == set(COMMANDS)
    host = {name for name in OURS if not load_command_class("zugong.desk", name).prepares}
    assert host == {name for name, row in COMMANDS.items() if row[0] == HOST}


@pytest.fixture
def given(house, branch, tmp_path, settings) -> dict[str, str]:
    """What stands in for the words in the table's arguments; the trail is anchored as in a home that was prepared."""
    settings.ZUGONG_ANCHORS = tmp_path / "anchors"
    anchors.begin(IMPORT_DAY)
    text, ledger = tmp_path / "text.txt", tmp_path / "ledger.csv"
    text.write_text("上半年，全县召开会议 12 次。\n", encoding="utf-8")
    ledger.write_text("序号,会议名称\n", encoding="utf-8")
    elsewhere = PartyOrganization.objects.filter(kind="党支部").exclude(pk=branch.pk).order_by("pk").first()
    return {"folder": str(tmp_path), "batch": str(house), "elsewhere": elsewhere.code, "text": str(text), "ledger": str(ledger)}


def run(capsys: Any, name: str, words: list[str], account: str) -> tuple[int, str, str, int]:
    """The command's exit code, what it printed, what it said, and how many entries on the trail say it was turned away."""
    capsys.readouterr()
    code, since = 0, latest()
    with transaction.atomic():
        try:
            call_command(name, *words, account=account)
        except SystemExit as end:
            code = int(end.code or 0)
        entries = TrailEntry.objects.filter(number__gt=since, account=account, verb__in=TURNED_AWAY).count()
        transaction.set_rollback(True)
    refusals._same.clear()
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err, name
    return code, printed.out, printed.err, entries


@pytest.mark.parametrize("scope", ["whole", "branch"])
@pytest.mark.parametrize("role", roles("branch"))
def test_every_command_answers_every_role_as_the_table_says(given, account, branch, capsys, role, scope):
    who, wrong = account(role, branch.code if scope == "branch" else ""), []
    for name, (needs, words, whole, at_branch) in COMMANDS.items():
        expected = at_branch if scope == "branch" else whole
        may = needs != HOST and ROLES[role].permissions & {Permission(one) for one in needs.split()}
        if needs == HOST or (may and not expected):
            continue
        code, out, err, entries = run(capsys, name, [word.format(**given) for word in words], who.username)
        if may and expected in ("runs", "narrow"):
            right = code in (0, 3) and out
        else:
            right = (
                code == (2 if may and "任何数据" in expected else 1) and not out and (expected if may else NOT_FOR_YOU) in err
            )
            right = right and entries == (0 if may and scope == "whole" else 1)
        if not right:
            wrong.append((name, code, entries, out[:80], err))
    assert wrong == []
