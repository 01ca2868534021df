"""A person's data is erased once the periods of all that is held about them are over: one account asks, another agrees.

What identifies goes: from the records, from the rows they came in, from what batches keep to be undone. What figures
count by stays under the number alone, so that the past keeps its numbers; nobody is shown those rows any more.
Original files and the trail are not altered: see docs/adr for what stays sealed there, and until when.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F

from zugong.base import retention, sealing
from zugong.base.access import Permission, Privacy
from zugong.base.actions import action, amend, create, entry, remove
from zugong.base.models import User
from zugong.base.rules import NotAllowed, Reason, Refused
from zugong.desk.holdings import KINDS, Held
from zugong.intake.actions import BY_ID
from zugong.intake.models import BatchWrite, StagedRow, StagedSheet, State
from zugong.people.actions import forget_proofs
from zugong.people.models import AccountLink, Correction, Erasure, Person, Restriction, Stage
from zugong.tasks.casebook import Case, CaseStep

SHORTEST = 4
GONE = "（已清除）"
COUNTED = {  # what figures count by, and what alone names nobody
    "people.person": {"sex", "birth_date"},
    "people.membership": {"joined_on", "full_on"},
    "people.appointment": {"rank_since"},
    "cadres.cadre": {"political_status"},
    "cadres.reserveentry": {"left_because"},
    "cadres.merit": {"kind", "recorded_on", "level"},
}
HOUSEKEEPING = {"people.accountlink", "people.restriction", "people.erasure"}


@action(Permission.PEOPLE_ERASE, at="person")
def ask_erasing(*, by: User, on: date, person: Person, reason: str) -> Erasure:
    """Ask that a person's data be erased. Raises Refused, naming what stands against it, before the periods are over."""
    if AccountLink.objects.filter(user=by, person=person).exists():
        raise Refused("不能办理自己的数据，没有改动。请由另一位同事办理。")
    if len(reason.strip()) < SHORTEST:
        raise Refused("事由没有写清楚，没有提出。请写明依据，例如“离开本县满三十年，到期清除”。")
    if Erasure.objects.filter(person=person).exclude(stage=Stage.DECLINED).exists():
        raise Refused(f"“{person}”的清除已经提出过了，没有重复提出。")
    _insist_over(person, on)
    return create(Erasure(person=person, reason=reason.strip(), asked_by=by.username, asked_on=on))


@action(Permission.EXPORTS_APPROVE, at="erasure")
def erase_person(*, by: User, on: date, erasure: Erasure) -> Erasure:
    """Agree to an erasure that somebody else asked for, and do it: all of it or nothing."""
    _insist_may_decide(by, erasure)
    person = erasure.person
    _insist_over(person, on)
    records = [(kind, row) for kind in KINDS for row in kind.rows(person) if kind.label not in HOUSEKEEPING]
    keys = {(kind.label, row.pk) for kind, row in records}
    staged, sheets, files = _empty_staged(person, {row.origin for _, row in records if row.origin})
    _empty_kept_writes(keys)
    forget_proofs(Correction.objects.filter(person=person))
    for kind in KINDS:
        if kind.label not in HOUSEKEEPING:
            _empty(kind, person)
    CaseStep.objects.filter(case__in=Case.objects.about(keys)).update(reason="", paper="", revision=F("revision") + 1)
    for link in AccountLink.objects.filter(person=person):
        remove(link)
    if not Restriction.objects.filter(person=person, valid_to__isnull=True).exists():
        create(Restriction(person=Person.objects.get(pk=person.pk), reason=GONE, valid_from=on))
    entry().note(rows=len(keys), staged=staged, sheets=sheets, files=files)  # the sheets' digests no longer fit: why
    done = Erasure.objects.get(pk=erasure.pk)
    counts = {"records": len(keys), "staged": staged, "files": files}
    return amend(done, stage=Stage.DONE, decided_by=by.username, decided_on=on, reason=GONE, **counts)


@action(Permission.EXPORTS_APPROVE, at="erasure")
def decline_erasing(*, by: User, on: date, erasure: Erasure) -> Erasure:
    """Leave everything as it is."""
    _insist_may_decide(by, erasure)
    return amend(erasure, stage=Stage.DECLINED, decided_by=by.username, decided_on=on)


def _insist_may_decide(by: User, erasure: Erasure) -> None:
    if erasure.asked_by == by.username:
        raise NotAllowed("这是您自己提出的，要由另一个人同意，没有改动。")
    if AccountLink.objects.filter(user=by, person=erasure.person_id).exists():
        raise NotAllowed("不能决定自己的数据，没有改动。请由另一位领导办理。")
    if erasure.stage != Stage.ASKED:
        raise Refused(f"这件清除的状态是“{Stage(erasure.stage).label}”，没有改动。")


def _insist_over(person: Person, on: date) -> None:
    """Every record about the person has reached the end of its period, by the retention table of the day."""
    against = [reason for kind in KINDS if (reason := _not_over(kind, person, on))]
    if against:
        raise Refused(*against)


def _not_over(kind: Held, person: Person, on: date) -> Reason | None:
    rows, rule = kind.rows(person), retention.of(kind.model)
    if kind.label == "people.person" or kind.label in HOUSEKEEPING:
        return None  # they end with what they belong to
    if not rule.path and rule.cutoff(on) is not None:
        return None  # has no day of its own: looked at together with what it belongs to
    open_rows = rows.count() - rule.due_among(rows.select_related(None), on).count()
    if not open_rows:
        return None
    return Reason(f"{kind.name}有 {open_rows} 条保存期还没有满（{rule.event}起 {rule.period(on)}），不能清除。可以先限制使用。")


def _empty(kind: Held, person: Person) -> None:
    """Take from the rows of a kind what identifies the person."""
    rows = kind.model._base_manager.filter(**{kind.way: person.pk})
    names = {f.name for f in kind.model._meta.concrete_fields}
    gone: dict[str, Any] = {field.name: _nothing(field) for field in identifying(kind)}
    if f"{kind.way}_name" in names:
        gone[f"{kind.way}_name"] = GONE
    if kind.model is Person:
        gone |= {"name": GONE, "facts_from": {}}
    if gone:
        rows.update(**gone, revision=F("revision") + 1)


def identifying(kind: Held) -> Iterator[models.Field]:
    """The fields of a kind that are emptied: everything personal or restricted that is the person's and that no figure
    counts by."""
    for field in kind.model._meta.concrete_fields:
        private = kind.model.privacy_of(field.name) in (Privacy.PERSONAL, Privacy.RESTRICTED)
        if private and field.name not in {*COUNTED.get(kind.label, ()), *kind.others} and not field.is_relation:
            yield field


def _nothing(field: models.Field) -> Any:
    return None if field.null else ""


def _empty_staged(person: Person, origins: set[int]) -> tuple[int, list[int], int]:
    """Empty the rows of ledgers that name the person; gives how many, of which sheets, and of how many files, which stay
    sealed as they came. Raises Refused while a batch that names the person is still to be written."""
    found: list[int] = []
    sheets, files = set(), set()
    for sheet in StagedSheet.objects.exclude(ledger="").select_related("file__batch"):
        ledger = BY_ID[sheet.ledger]
        place = next((i for i, c in enumerate(ledger.columns) if c.name == "resident_id"), None)
        for row in StagedRow.objects.filter(sheet=sheet).iterator(chunk_size=2000):
            if row.pk not in origins and not _names(row, place, person):
                continue
            if sheet.file.batch.state == State.PREVIEW:
                raise Refused(f"批次 {sheet.file.batch_id} 里有他的一行还没有写入，没有清除。请先写入或者撤销那一批。")
            found.append(row.pk)
            sheets.add(sheet.pk)
            files.add(sheet.file_id)
            blank = json.dumps({"v": [None] * len(ledger.columns)})
            sealed = sealing.sealed(blank, _column(StagedRow).bound_to())
            StagedRow.objects.filter(pk=row.pk).update(content=sealed)
    return len(found), sorted(sheets), len(files)


def _names(row: StagedRow, place: int | None, person: Person) -> bool:
    if place is None or not person.resident_id:
        return False
    values = json.loads(sealing.unsealed(row.content, _column(StagedRow).bound_to()))["v"]
    return bool(values[place] == person.resident_id)


def _empty_kept_writes(keys: set[tuple[str, int]]) -> None:
    """Empty what batches keep of the records' older values."""
    field = _column(BatchWrite).bound_to()
    for kept in BatchWrite.objects.filter(model__in={label for label, _ in keys}):
        content = json.loads(sealing.unsealed(kept.content, field))
        hit = [one for one in content["changed"] if (kept.model, one[0]) in keys and one[2]]
        for one in hit:
            one[2] = {}
        if hit:
            BatchWrite.objects.filter(pk=kept.pk).update(content=sealing.sealed(json.dumps(content), field))


def _column(model: type[models.Model]) -> Any:
    return model._meta.get_field("content")
