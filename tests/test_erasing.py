"""Erasing a person: only when every period is over, by two; what identifies is gone, and the past keeps its numbers."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.apps import apps
from django.urls import reverse

from conftest import IMPORT_DAY
from zugong.base import retention, sealing
from zugong.base.access import Privacy
from zugong.base.figures import Figure
from zugong.base.models import TrailEntry
from zugong.base.records import Kept, writing_allowed
from zugong.base.rules import NotAllowed, Refused
from zugong.base.sealing import SealedText
from zugong.cadres.models import Cadre, Merit
from zugong.desk import erasing
from zugong.desk.holdings import KINDS
from zugong.people import actions
from zugong.people.models import Erasure, Membership, Person, Stage
from zugong.statistics.catalogue import FIGURES
from zugong.statistics.frames import frame_of

NAME = "欧阳已过期"
LATER = date(2110, 1, 1)
DAY = {"on": LATER}


@pytest.fixture
def somebody(yunxi) -> Person:
    """A person many rooms know, under a name nobody else bears, all of whose validities have ended."""
    known = Person.objects.filter(merits__in=Merit.objects.exclude(content=""))
    for kind in (Cadre, Membership, Merit):
        known = known.filter(pk__in=kind.objects.values("person"))
    person = known.order_by("pk").first()
    with writing_allowed():
        Person.objects.filter(pk=person.pk).update(name=NAME, phone="13900004321")
        for kind in KINDS:
            rows = kind.model.objects.filter(**{kind.way: person.pk})
            path = retention.of(kind.model).path
            if path and "__" not in path:
                rows.filter(**{f"{path}__isnull": True}).update(**{path: IMPORT_DAY})
    return Person.objects.get(pk=person.pk)


@pytest.fixture
def member(somebody) -> Person:
    """A member who is no cadre: what is held about cadres is kept for ever. The membership ended long ago."""
    cadres = [k for k in KINDS if k.label.startswith(("cadres.", "mentoring."))]
    known = Person.objects.filter(memberships__isnull=False)
    for kind in cadres:
        known = known.exclude(pk__in=kind.model.objects.filter(**{f"{kind.way}__isnull": False}).values(kind.way))
    person = known.order_by("pk").first()
    with writing_allowed():
        person.memberships.update(valid_to=IMPORT_DAY)
        person.appointments.update(valid_to=IMPORT_DAY)
    return person


@pytest.fixture
def clerk(account):
    return account("office", username="asks")


@pytest.fixture
def chief(account):
    return account("head", username="agrees")


def ask(somebody, clerk) -> Erasure:
    return erasing.ask_erasing(by=clerk, person=somebody, reason="离开本县，全部过了保存期", **DAY)


def told() -> dict[tuple, float]:
    """Every figure of past periods, whole and by each value of each facet."""
    found = {}
    for period in ("2023H1", "2023", "2026"):
        frame = frame_of(period, IMPORT_DAY)
        for one in FIGURES.values():
            if isinstance(one, Figure):
                found[one.id, period] = one.number(frame)
                for facet in one.facets.values():
                    for value in facet.known(one.records()) if not facet.values else facet.values:
                        found[one.id, period, facet.name, value] = one.number(frame, {facet.name: [value]})
    return found


def holding(*words: str) -> set[str]:
    """The columns of all records in which one of the words stands, sealed ones opened."""
    found = set()
    for model in (m for m in apps.get_models() if issubclass(m, Kept)):
        for field in model._meta.concrete_fields:
            if field.get_internal_type() not in ("CharField", "TextField", "JSONField"):
                continue
            for value in model._base_manager.exclude(**{f"{field.name}__isnull": True}).values_list(field.name, flat=True):
                said = sealing.unsealed(value, field.bound_to()) if isinstance(field, SealedText) and value else str(value)
                said = json.dumps(json.loads(said), ensure_ascii=False) if isinstance(field, SealedText) and value else said
                if any(word in said for word in words):
                    found.add(f"{model._meta.label_lower}.{field.name}")
    return found


def test_what_identifies_is_gone_everywhere_and_the_past_keeps_its_numbers(somebody, clerk, chief, monkeypatch):
    monkeypatch.setattr(erasing, "_insist_over", lambda person, on: None)
    words = (NAME, somebody.resident_id, somebody.phone)
    before, where = told(), holding(*words)
    assert {"people.person.name", "people.person.resident_id", "people.person.phone", "intake.stagedrow.content"} <= where
    contents = list(Merit.objects.filter(person=somebody).exclude(content="").values_list("content", flat=True))
    asked = ask(somebody, clerk)
    done = erasing.erase_person(by=chief, erasure=asked, **DAY)
    assert holding(*words) == set()
    assert told() == before
    kept = Person.objects.get(pk=somebody.pk)
    assert (kept.name, kept.resident_id, kept.phone, kept.resident_id_index) == ("（已清除）", "", "", None)
    assert (kept.sex, kept.birth_date) == (somebody.sex, somebody.birth_date)
    assert contents
    assert not Merit.objects.filter(person=somebody).exclude(content="").exists()
    assert (done.stage, done.decided_by, done.reason) == (Stage.DONE, "agrees", "（已清除）")
    assert done.records >= 4
    assert done.staged >= 3
    assert done.files >= 3
    entry = TrailEntry.objects.filter(verb="desk:erase_person").get()
    assert all(word not in entry.values for word in words)
    assert json.loads(entry.values)["staged"] == done.staged
    chief.day = LATER
    assert not Person.objects.visible_to(chief).filter(pk=somebody.pk).exists()
    with pytest.raises(Refused, match="已经清除"):
        actions.lift_restriction(by=clerk, restriction=somebody.restrictions.get(), on=LATER)


def test_before_the_periods_are_over_nothing_can_be_asked(somebody, member, clerk):
    with pytest.raises(Refused, match="干部有 1 条保存期还没有满"):
        ask(somebody, clerk)
    with pytest.raises(Refused, match="保存期还没有满"):
        erasing.ask_erasing(by=clerk, on=IMPORT_DAY, person=member, reason="本人要求删除")
    with writing_allowed():
        Membership.objects.filter(person=member).update(valid_to=None)
    with pytest.raises(Refused, match="党籍有 1 条保存期还没有满"):
        ask(member, clerk)
    assert not Erasure.objects.exists()


def test_one_asks_and_another_agrees(member, clerk, chief, account):
    asked = ask(member, clerk)
    with pytest.raises(NotAllowed):
        erasing.erase_person(by=clerk, erasure=asked, **DAY)
    both = account("head", username="asks-2")
    with writing_allowed():
        both.grants.create(user=both, role="office", organization_code="")
        Erasure.objects.filter(pk=asked.pk).update(asked_by="asks-2")
    with pytest.raises(NotAllowed, match="要由另一个人同意"):
        erasing.erase_person(by=both, erasure=Erasure.objects.get(), **DAY)
    with pytest.raises(Refused, match="已经提出过"):
        ask(member, clerk)
    erasing.decline_erasing(by=chief, erasure=Erasure.objects.get(), **DAY)
    assert Person.objects.get(pk=member.pk).name == member.name
    assert ask(member, clerk).stage == Stage.ASKED


def test_every_private_field_is_emptied_or_counted_by_a_figure():
    """A new field must be thought about: it is emptied unless it is named among what figures count by."""
    for label, names in erasing.COUNTED.items():
        assert names <= {f.name for f in apps.get_model(label)._meta.concrete_fields}
    for kind in KINDS:
        for field in kind.model._meta.concrete_fields:
            if kind.model.privacy_of(field.name) in (Privacy.PERSONAL, Privacy.RESTRICTED) and not field.is_relation:
                emptied = field in list(erasing.identifying(kind))
                assert emptied != (field.name in erasing.COUNTED.get(kind.label, ()) or field.name in kind.others), field


def test_the_pages_ask_and_agree(somebody, door, monkeypatch):
    office, head = door("office"), door("head")
    refused = office.post(reverse("desk:erasures"), {"person": NAME, "reason": "到期清除，核对过"})
    assert "保存期还没有满" in refused.content.decode()
    monkeypatch.setattr(erasing, "_insist_over", lambda person, on: None)
    assert office.post(reverse("desk:erasures"), {"person": NAME, "reason": "到期清除，核对过"}).status_code == 302
    asked = head.get(reverse("desk:erasures-agree")).content.decode()
    assert NAME in asked
    assert f"由 {office.user.name} 提出" in asked
    done = head.post(reverse("desk:erasures-agree"), {"row": Erasure.objects.get().pk, "do": "agree"})
    assert done.status_code == 302
    assert Erasure.objects.get().stage == Stage.DONE
    assert NAME not in office.get(reverse("desk:erasures")).content.decode()
