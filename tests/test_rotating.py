"""A new key for everything: while people are looked for and brought in, stopped, resumed; and the end of the old one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.conf import settings as conf
from django.core.management import call_command
from django.urls import reverse

from conftest import IMPORT_DAY, YUNXI
from zugong.base import rotating, sealing, trail
from zugong.base.holders import files_by_key, holders, needed
from zugong.base.models import KeyRotation, TrailEntry
from zugong.base.rules import NotAllowed, Refused
from zugong.base.tests.keyrings import own_ring
from zugong.intake import actions as intake
from zugong.intake.actions import Incoming, file_bytes, refused_rows
from zugong.intake.models import Batch, StagedFile, StagedSheet
from zugong.people import actions as people
from zugong.people.models import Person, id_index
from zugong.talents.models import Tenancy


def quiet(_: str) -> None:
    """No progress wanted."""


@pytest.fixture
def home(yunxi, settings, tmp_path, monkeypatch):
    """The county's keys and files, copied, so that what the test does to them is its own."""
    keys = tmp_path / "keys"
    shutil.copytree(conf.ZUGONG_KEYS, keys)
    shutil.copytree(conf.ZUGONG_FILES, tmp_path / "files")
    settings.ZUGONG_FILES = tmp_path / "files"
    monkeypatch.setattr(sealing, "LOOK_AGAIN", 0.0)
    with own_ring(settings, keys) as path:
        yield path


def opened() -> dict[str, object]:
    """Everything sealed, in the open: each sealed column of each table, and the files."""
    found: dict[str, object] = {}
    for holder in holders():
        for field in holder.texts:
            kept = holder.model._base_manager.order_by("pk").values_list("pk", field.attname)
            if isinstance(field, sealing.SealedText):
                kept = [(pk, sealing.unsealed(text, field.bound_to())) for pk, text in kept]
            found[field.bound_to()] = list(kept)
    found["files"] = {kept.pk: file_bytes(kept) for kept in StagedFile.objects.all() if kept.kept_as}
    return found


def test_everything_comes_under_a_new_key_and_stays_as_it_was(home, operator, door):
    before, old = opened(), sealing.ring().current
    person, tenancy = Person.objects.exclude(resident_id_index=None).first(), Tenancy.objects.exclude(room_index="").first()
    digest = StagedSheet.objects.exclude(digest="").first().digest
    rotation = rotating.rotate(by=operator, on=IMPORT_DAY, progress=quiet)
    assert opened() == before
    new = sealing.ring().current
    assert (new == rotation.key, new != old) == (True, True)
    assert [bool(needed()[key]) for key in (old, new)] == [False, True]
    assert set().union(*(files_by_key(holder) for holder in holders())) == {new}
    assert Person.objects.get(resident_id_index=id_index(person.resident_id)).pk == person.pk
    rooms = door("office").get(reverse("talents:tenancy-list"), {"q": tenancy.room}).content.decode()
    assert str(tenancy.person) in rooms
    assert StagedSheet.objects.exclude(digest="").first().digest == digest
    assert trail.faults() == []
    said = [entry.values for entry in TrailEntry.objects.filter(verb__startswith="base:rotate")]
    assert said
    assert Path(home).read_text().split()[-1] not in "".join(said)


def test_whoever_is_looked_for_or_comes_again_is_found_while_the_key_changes(home, operator, monkeypatch):
    """Stopped after some of the persons: half of the indexes are under each key."""
    numbers = dict(Person.objects.exclude(resident_id_index=None).values_list("pk", "resident_id"))
    monkeypatch.setattr("zugong.base.holders.AT_ONCE", 150)
    steps = iter(range(6))
    monkeypatch.setattr(rotating, "_file", lambda *given: 0)

    def stop(text: str) -> None:
        if text.startswith("人员") and next(steps) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotating.rotate(by=operator, on=IMPORT_DAY, progress=stop)
    under = {
        mark.partition(":")[0]
        for mark in Person.objects.exclude(resident_id_index=None).values_list("resident_id_index", flat=True)
    }
    assert under == set(sealing.ring().keys)
    found = {p.resident_id: p.pk for p in Person.objects.all().identified([id_index(number) for number in numbers.values()])}
    assert found == {number: pk for pk, number in numbers.items()}
    files = [Incoming(YUNXI / name, name) for name in ("02党员花名册.xlsx", "03干部花名册.xlsx", "11人才公寓入住台账.xlsx")]
    batch = intake.stage(by=operator, on=IMPORT_DAY, files=files)
    sheets = StagedSheet.objects.filter(file__batch=batch)
    assert [(sheet.new, sheet.changed) for sheet in sheets] == [(0, 0)] * 3
    intake.commit(by=operator, on=IMPORT_DAY, batch=batch)
    assert Person.objects.exclude(resident_id_index=None).count() == len(numbers)
    first, second = min(numbers), max(numbers)
    for one, other in ((first, second), (second, first)):
        with pytest.raises(Refused, match="已经登记在另一个人名下"):
            people.edit(by=operator, on=IMPORT_DAY, person=Person.objects.get(pk=one), changes={"resident_id": numbers[other]})
    monkeypatch.undo()


def test_a_rotation_that_was_stopped_goes_on_and_one_that_ended_begins_another(home, operator):
    first = sealing.ring().current
    said: list[str] = []

    def stop(text: str) -> None:
        said.append(text)
        if len(said) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotating.rotate(by=operator, on=IMPORT_DAY, progress=stop)
    second = sealing.ring(again=True).current
    assert (needed()[first] != {}, needed()[second] != {}) == (True, True)
    assert rotating.rotate(by=operator, on=IMPORT_DAY, progress=quiet).key == second
    assert sealing.ring().keys == (first, second)
    assert needed()[first] == {}


def test_a_key_is_destroyed_only_when_nothing_but_the_trail_needs_it(home, operator, door):
    old = sealing.ring().current
    door("office")  # an account's opening stands on the trail
    person = Person.objects.exclude(resident_id_index=None).first()
    people.edit(by=operator, on=IMPORT_DAY, person=person, changes={"phone": "13900000001"})
    assert rotating.in_trail()[old]
    with pytest.raises(Refused, match="现在用的密钥"):
        rotating.retire(by=operator, on=IMPORT_DAY, key=old, again=old)
    rotating.rotate(by=operator, on=IMPORT_DAY, progress=quiet)
    with pytest.raises(Refused, match="不到一小时"):
        rotating.retire(by=operator, on=IMPORT_DAY, key=old, again=old)
    KeyRotation.objects.update(ended_at="2026-01-01T00:00Z")
    with pytest.raises(Refused, match="编号不一样"):
        rotating.retire(by=operator, on=IMPORT_DAY, key=old, again="")
    stale = sealing.ring().keys
    assert old in stale
    with pytest.raises(NotAllowed):
        rotating.retire(by=door("office").user, on=IMPORT_DAY, key=old, again=old)
    assert rotating.retire(by=operator, on=IMPORT_DAY, key=old, again=old) == 1
    assert sealing.ring().keys == stale[1:]
    assert trail.faults() == [], "the chain is over the sealed form"
    assert Person.objects.get(pk=person.pk).phone == "13900000001"


def test_what_does_not_open_stays_and_keeps_its_key(home, operator):
    old = sealing.ring().current
    name = StagedFile.objects.first().kept_as
    path = Path(conf.ZUGONG_FILES) / name
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(Refused, match="来件还有 1 处没有换成"):
        rotating.rotate(by=operator, on=IMPORT_DAY, progress=quiet)
    assert needed()[old] == {"来件": 1}
    with pytest.raises(Refused, match="来件 1 处"):
        rotating.retire(by=operator, on=IMPORT_DAY, key=old, again=old)


def test_the_command_tells_ids_and_numbers_only(home, operator, capsys):
    key = Path(home).read_text().strip()
    call_command("keys", "status")
    call_command("keys", "rotate", "--json")
    call_command("keys", "status", "--json")
    said = capsys.readouterr()
    assert key not in said.out + said.err
    assert sealing.ring().current in said.out
    assert refused_rows(Batch.objects.first().files.first().sheets.first()) is not None
