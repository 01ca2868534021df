"""What a reader of one branch is handed, by every address there is: nothing about anybody or anything elsewhere.

Generated from the URL tree and the registers: pages, fragments, what comes back from a form, printed pages, workbooks.
Whoever holds the whole house is asked the same, so that "nothing of it was found" says something.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

import pytest
from django.db.models import ForeignKey
from django.urls import reverse

from conftest import IMPORT_DAY
from tests.test_matrix_scope import FRAGMENT, branch, house, lacks, latest, taken_back  # noqa: F401 (fixtures)
from tests.test_pages import PAGES, busy  # noqa: F401 (a fixture)
from zugong.base import refusals
from zugong.base.access import ROLES
from zugong.base.models import Grant, TrailEntry
from zugong.base.records import writing_allowed
from zugong.meetings.models import Meeting
from zugong.organizations.models import PartyOrganization, Placement, Unit
from zugong.people.models import Person
from zugong.statistics.catalogue import CATALOGUE
from zugong.ui.models import Removal, SavedView
from zugong.ui.registers import REGISTERS

NAMED = (Person, PartyOrganization, Unit)
CHINESE = re.compile(r"[\u4e00-\u9fff（）·]+")
HREF = re.compile(r"/([a-z]+)/([a-z-]+)/(\d+)/")
SLUGS = {(one.room, one.slug): one for one in REGISTERS.values()}


class Elsewhere:
    """What a reader may not see: the names nobody visible bears, and the numbers of records."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.seen: dict[str, set[int]] = {}

    @cached_property
    def names(self) -> set[str]:
        """Names of persons, organizations and units that the reader sees none of, and no record the reader sees points at."""
        every = {(model, pk, name) for model in NAMED for pk, name in model._base_manager.values_list("pk", "name")}
        mine = {name for model, pk, name in every if pk in self.numbers(model._meta.label_lower)}
        return {name for _, _, name in every} - mine

    def numbers(self, label: str) -> set[int]:
        """The records of a register that the reader sees."""
        if label not in self.seen:
            rows = REGISTERS[label].model.objects.visible_to(self.user)
            self.seen[label] = set(rows.values_list("pk", flat=True)) | self.pointed_at(REGISTERS[label].model)
        return self.seen[label]

    def pointed_at(self, model: Any) -> set[int]:
        """The records that others, which the reader sees, point at: a branch's superior, the unit it stands beside."""
        found: set[int] = set()
        for register in REGISTERS.values():
            for field in register.model._meta.concrete_fields:
                if field.related_model is model:
                    found |= set(register.model.objects.visible_to(self.user).values_list(field.attname, flat=True))
        if model is PartyOrganization:
            places = Placement.objects.filter(organization__in=model.objects.visible_to(self.user))
            found |= set(places.values_list("parent_id", flat=True))
        return found

    def told(self, text: str) -> set[str]:
        """What a text gives away: names, and addresses of records."""
        found = set(CHINESE.findall(text)) & self.names
        for room, slug, pk in HREF.findall(text):
            register = SLUGS.get((room, slug))
            if register is not None and int(pk) not in self.numbers(register.label):
                found.add(f"/{room}/{slug}/{pk}/")
        return found


def words_of(answer: Any) -> str:
    """Everything a reader finds in an answer: the page, or all parts of a workbook or a Word file."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return "\n".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())
    return content.decode("utf-8", "replace")


def addresses(figures: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Every address that names no record by its number, with these figures."""
    for name, pattern in PAGES.items():
        wants = set(pattern.pattern.converters)
        if wants == {"figure"}:
            yield from ((name, reverse(name, args=[figure])) for figure in figures)
        elif not wants and name not in ("desk:logout", "desk:session-end"):
            yield name, reverse(name)


def narrowed(elsewhere: Elsewhere) -> Iterator[tuple[str, str]]:
    """Lists narrowed to a record elsewhere by each relation, begun behind it, printed, searched by its name."""
    for register in REGISTERS.values():
        name, where = register.name("list"), register.href()
        yield name, f"{where}?print"
        beyond = register.model._base_manager.exclude(pk__in=elsewhere.numbers(register.label)).order_by("pk").first()
        if beyond is not None:
            yield name, f"{where}?after={beyond.pk}"
        for field in register.model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and field.related_model._meta.label_lower in REGISTERS:
                seen = elsewhere.numbers(field.related_model._meta.label_lower)
                other = field.related_model._base_manager.exclude(pk__in=seen).order_by("pk").first()
                if other is not None:
                    yield name, f"{where}?{field.name}={other.pk}"
        if register.name("find") in PAGES:
            said = register.model._base_manager.exclude(pk__in=elsewhere.numbers(register.label)).order_by("pk").first()
            if said is not None:
                yield register.name("find"), f"{register.href('find')}?q={said.name[:-1]}"


def of_own(elsewhere: Elsewhere) -> Iterator[tuple[str, str]]:
    """The pages of a record the reader does see: what is linked to it, what happened to it."""
    for register in REGISTERS.values():
        name = f"{register.room}:{register.model._meta.model_name}"
        pk = min(elsewhere.numbers(register.label), default=None)
        if pk is not None and name in PAGES:
            yield name, reverse(name, args=[pk])
            if f"{name}-edit" in PAGES:
                yield f"{name}-edit", reverse(f"{name}-edit", args=[pk])


def given_away(who: Any, where: list[tuple[str, str]], elsewhere: Elsewhere, ways: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """What each address hands out of elsewhere: looked at, as a fragment, sent to."""
    found = []
    for name, address in where:
        knocks = {
            "GET": lambda a=address: who.get(a),
            "fragment": lambda a=address: who.get(a, headers=FRAGMENT),
            "POST": lambda a=address: who.post(a, follow=True),
        }
        for way in ways:
            with taken_back(who):
                told = elsewhere.told(words_of(knocks[way]()))
            if told:
                found.append((name, way, address, sorted(told)[:5]))
    return found


def asked_of(role: str, elsewhere: Elsewhere, figures: Iterable[str]) -> list[tuple[str, str]]:
    every = (*addresses(figures), *narrowed(elsewhere), *of_own(elsewhere))
    return [one for one in every if not lacks(role, one[0])]


def test_nothing_of_elsewhere_is_on_any_page_or_in_any_file(yunxi, door, branch, freely):  # noqa: F811
    """Every day: a branch secretary, and a few figures."""
    who = door("branch", branch.code)
    elsewhere = Elsewhere(who.user)
    where = asked_of("branch", elsewhere, ("meetings.held", "people.party_members"))
    files = [(name, address) for name, address in where if name.endswith("export")]
    assert len(where) > 60
    assert len(files) > 9
    assert given_away(who, where, elsewhere, ("GET",)) == []
    assert given_away(who, files, elsewhere, ("POST",)) == []


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_nothing_of_elsewhere_by_any_role_figure_or_fragment(house, door, branch, freely, role):  # noqa: F811
    who = door(role, branch.code)
    elsewhere = Elsewhere(who.user)
    assert given_away(who, asked_of(role, elsewhere, CATALOGUE), elsewhere, ("GET", "fragment", "POST")) == []


def test_whoever_holds_the_whole_is_handed_it(yunxi, door, branch, freely):  # noqa: F811
    """The other half: the same pages and files do hold what the branch is not shown, and it is found there."""
    who, elsewhere = door("office"), Elsewhere(door("branch", branch.code).user)
    lists = [(REGISTERS[label].name("list"), REGISTERS[label].href()) for label in ("people.person", "visits.visit")]
    files = [("people:person-export", reverse("people:person-export"))]
    assert {name for name, *_ in given_away(who, lists, elsewhere, ("GET",))} == {name for name, _ in lists}
    assert given_away(who, files, elsewhere, ("POST",)) != []


# What is one account's own


def own_things(register: Any, of: Any) -> tuple[SavedView, Removal]:
    """A view somebody saved, and rows somebody took out."""
    with writing_allowed():
        view = SavedView.objects.create(user=of, register=register.label, name="上半年", query="")
        taken = Removal(user=of, register=register.label, number=1, names="甲", content="[]", removed_on=IMPORT_DAY)
        taken.save()
    return view, taken


@pytest.mark.parametrize("role", ["office", "branch"])
def test_what_another_account_keeps_is_not_there(yunxi, door, account, role):
    """Saved views and removals of somebody with the same rights, by their numbers, through every register's pages."""
    who, other, wrong = door(role), account("office", username="another"), []
    for register in REGISTERS.values():
        view, taken = own_things(register, other)
        kept = SavedView.objects.filter(pk=view.pk).values().get()
        sent = [("views", {"do": "rename", "view": view.pk, "name": "改了"}), ("views", {"do": "drop", "view": view.pk})]
        sent += [("removed", {"removal": taken.pk})] if register.remove else []
        for page, words in sent:
            since, may = latest(), not lacks(role, register.name(page))
            refusals._same.clear()
            status = who.post(register.href(page), words).status_code
            told = TrailEntry.objects.filter(number__gt=since, verb="base:turned_away").count()
            if (status, told) != (404 if may else 403, 1):
                wrong.append((register.label, page, words, status, told))
            if may and "甲" in who.get(register.href(page)).content.decode():
                wrong.append((register.label, page, "shown"))
        assert SavedView.objects.filter(pk=view.pk).values().get() == kept
        assert Removal.objects.get(pk=taken.pk).restored_on is None
    assert wrong == []


def test_names_of_what_was_taken_out_go_with_the_right_to_it(yunxi, door):
    """Somebody took rows out and then was given another place: their names are not shown any more, nor put back."""
    first, second = PartyOrganization.objects.filter(kind="党支部", meetings__isnull=False).distinct().order_by("pk")[:2]
    who, meeting = door("branch", first.code), Meeting.objects.filter(organization=first).first()
    who.post(reverse("meetings:meeting-selected"), {"row": meeting.pk, "do": "removed"})
    page = reverse("meetings:meeting-removed")
    assert str(meeting) in who.get(page).content.decode()
    with writing_allowed():
        Grant.objects.filter(user=who.user).update(organization_code=second.code)
    shown = who.get(page).content.decode()
    assert str(meeting) not in shown
    assert "不在您现在的范围里" in shown
    assert who.post(page, {"removal": Removal.objects.get(user=who.user).pk}).status_code == 403
    assert not Meeting.objects.filter(pk=meeting.pk).exists()
