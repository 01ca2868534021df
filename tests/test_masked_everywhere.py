"""Masked means wholly masked: for each role, on every register, record, export and preview, no number of anybody appears
unless the role reads it and said what for."""

from __future__ import annotations

import io
import zipfile

import pytest
from at_rest import NUMBER, numbers_of
from django.urls import NoReverseMatch, reverse

import zugong.urls  # noqa: F401  (the registers are known once it is loaded)
from conftest import YUNXI
from zugong.base.access import ROLES, Privacy
from zugong.base.models import TrailEntry
from zugong.base.rules import Refused
from zugong.intake.models import Batch, StagedSheet
from zugong.people import actions as people
from zugong.people.models import Person
from zugong.ui.registers import REGISTERS

pytestmark = pytest.mark.usefixtures("rail_uncounted")
EVERYDAY = ("office", "branch", "auditor")
RECORDS = 2


@pytest.fixture(scope="module")
def numbers() -> set[str]:
    return numbers_of(YUNXI)


def shown(answer) -> str:
    """Every text of an answer; of a workbook, of all its parts."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            content = b"\n".join(package.read(name) for name in package.namelist())
    return content.decode("utf-8", "replace")


def asked(browser):
    """Every page of registers and previews a reader may try, with every column that can be shown."""
    for label, register in REGISTERS.items():
        every = ",".join(fact.name for fact in register.facts)
        yield label, browser.get(register.href(), {"show": every, "scope": ""})
        yield f"{label} export", browser.post(f"{register.href('export')}?scope=")
        for record in register.model.objects.order_by("pk")[:RECORDS]:
            try:
                yield (
                    f"{label} {record.pk}",
                    browser.get(reverse(f"{register.room}:{record._meta.model_name}", args=[record.pk])),
                )
            except NoReverseMatch:
                continue
    batch = Batch.objects.order_by("pk").first()
    yield "batch", browser.get(reverse("intake:batch", args=[batch.pk]))
    for sheet in StagedSheet.objects.filter(file__batch=batch, ledger__in=("members", "cadres")):
        for state in ("all", "refused", "warned"):
            yield f"{sheet} {state}", browser.get(reverse("intake:batch", args=[batch.pk]), {"sheet": sheet.pk, "state": state})
    yield "search", browser.get(reverse("desk:search"), {"q": Person.objects.first().name})


def nowhere(browser, numbers: set[str]) -> int:
    """Asks for everything; returns how many pages answered."""
    answered = 0
    for what, answer in asked(browser):
        answered += answer.status_code == 200
        assert set(NUMBER.findall(shown(answer))) & numbers == set(), what
    return answered


@pytest.mark.parametrize("role", EVERYDAY)
def test_no_page_shows_a_number_unasked(role, yunxi, door, numbers):
    answered = nowhere(door(role), numbers)
    assert answered > 30 or role != "office"


@pytest.mark.long
@pytest.mark.parametrize("role", sorted(set(ROLES) - set(EVERYDAY)))
def test_no_page_shows_any_role_a_number_unasked(role, yunxi, door, numbers):
    nowhere(door(role), numbers)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_number_is_shown_to_who_reads_it_and_says_what_for(role, yunxi, door):
    person, browser = Person.objects.exclude(resident_id_index=None).order_by("pk").first(), door(role)
    page = reverse("people:person-reveal", args=[person.pk])
    for purpose, allowed in (("", False), ("核对任免材料", Privacy.RESTRICTED in ROLES[role].reads)):
        before = TrailEntry.objects.filter(verb="base:record_reading").count()
        answer = browser.post(page, {"purpose": purpose})
        seen = person.resident_id in answer.content.decode()
        assert seen == (allowed and browser.user.may_somewhere(Person.READ))
        assert TrailEntry.objects.filter(verb="base:record_reading").count() == before + seen


def test_every_restricted_fact_of_a_record_can_be_asked_for_or_is_never_shown():
    for register in REGISTERS.values():
        restricted = {fact.name for _, facts in register.grouped for fact in facts if fact.privacy == Privacy.RESTRICTED}
        assert restricted <= set(register.sensitive) or register.own_page, register.label


def test_a_refusal_does_not_repeat_a_number(yunxi, operator):
    one, other = Person.objects.exclude(resident_id_index=None).order_by("pk")[:2]
    for field, value in (("resident_id", other.resident_id), ("name", f"王某{other.resident_id}")):
        with pytest.raises(Refused) as refusal:
            people.edit(by=operator, on=operator.day, person=Person.objects.get(pk=one.pk), changes={field: value})
        assert not NUMBER.search(str(refusal.value))
