"""Staged rows in and out of the database: sealed, in order, with a digest over exactly what was read.

The digest is over the rows in the open after a secret salt, so that it stands while keys are changed and gives nothing
away; the salt is sealed beside the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from zugong.base import bulk, cells, sealing
from zugong.base.access import Permission
from zugong.base.actions import action, entry
from zugong.base.ledgers import Ledger, Problem, Row
from zugong.base.models import User
from zugong.base.sets import Writes
from zugong.intake import rights
from zugong.intake.catalogue import BY_ID
from zugong.intake.models import Batch, BatchWrite, RowState, StagedFile, StagedRow, StagedSheet

FILE_FIELD = "intake.stagedfile.bytes"
ROW_FIELD = "intake.stagedrow.content"
WRITE_FIELD = "intake.batchwrite.content"
DAYS = (cells.day, cells.day_or_month)


@dataclass
class Prepared:
    """A batch ready to be kept: its files, sealed on the disk already, and for each sheet its rows as they will stand."""

    files: list[StagedFile] = field(default_factory=list)
    sheets: list[tuple[StagedFile, StagedSheet, list[StagedRow]]] = field(default_factory=list)

    def discard(self) -> None:
        """Nothing came of it: the files go."""
        for kept in self.files:
            (Path(settings.ZUGONG_FILES) / kept.kept_as).unlink(missing_ok=True)


@action(Permission.INTAKE_COMMIT)
def stage(*, by: User, on: date, prepared: Prepared) -> Batch:
    """Keep a prepared batch to be looked at: nothing but writing, so that nobody waits for long."""
    rights.insist(by, (sheet.ledger for _, sheet, _ in prepared.sheets))
    batch = Batch.objects.create(on=on, account=by.username)
    for kept in prepared.files:
        kept.batch = batch
        kept.save()
    for kept, sheet, rows in prepared.sheets:
        sheet.file = kept
        sheet.save()
        for row in rows:
            row.sheet_id = sheet.pk
        bulk.insert(rows)
    entry().subject = batch.key
    known = sum(bool(sheet.ledger) for _, sheet, _ in prepared.sheets)
    entry().note(files=[kept.name for kept in prepared.files], sheets=known)
    return batch


def staged_rows(ledger: Ledger, rows: Sequence[Row], running: sealing.Digest) -> list[StagedRow]:
    """The rows as they are kept, added to the digest; refused ones with their cells, so that they can go back marked."""
    names = [c.name for c in ledger.columns]
    staged = []
    for row in rows:
        state = RowState.REFUSED if row.refused else RowState(row.state)
        content: dict[str, Any] = {"v": [row.values[n] for n in names]}
        if row.problems:
            content["p"] = [[p.column, p.reason, p.hint, p.refuses] for p in row.problems]
        if row.refused:
            content["c"] = [cells.written(cell) for cell in row.cells]
        if row.before:
            content["b"] = row.before
        text = json.dumps(content, ensure_ascii=False, default=str, separators=(",", ":"))
        running.update(text.encode())
        staged.append(
            StagedRow(
                number=row.number,
                state=state,
                warned=any(not p.refuses for p in row.problems),
                record=row.record if isinstance(row.record, int) else None,
                content=sealing.sealed(text, ROW_FIELD),
            )
        )
    return staged


def opened(staged: StagedRow, ledger: Ledger) -> Row:
    """A staged row as it was read."""
    content = json.loads(sealing.unsealed(staged.content, ROW_FIELD))
    values = {}
    for column, value in zip(ledger.columns, content["v"], strict=True):
        values[column.name] = date.fromisoformat(value) if value and column.read in DAYS else value
    problems = [Problem(*parts) for parts in content.get("p", ())]
    row = Row(staged.number, values, tuple(content.get("c", ())), problems, origin=staged.pk, state=staged.state)
    row.before = content.get("b")
    return row


def rows_to_take(sheet: StagedSheet) -> Iterator[Row]:
    """The rows of a sheet that a commit will take, in their order."""
    ledger = BY_ID[sheet.ledger]
    taken = StagedRow.objects.filter(sheet=sheet).exclude(state=RowState.REFUSED).order_by("number", "pk")
    for staged in taken.iterator(chunk_size=5000):
        yield opened(staged, ledger)


def kept_writes(batch: Any, position: int, writes: Sequence[Writes]) -> list[BatchWrite]:
    """What a set action wrote, as it is kept for undo."""
    found = []
    for number, step in enumerate(writes):
        content = json.dumps({"created": _spans(step.created), "changed": step.changed}, ensure_ascii=False, default=str)
        sealed = sealing.sealed(content, WRITE_FIELD)
        found.append(BatchWrite(batch=batch, position=position * 1000 + number, model=step.model, content=sealed))
    return found


def opened_write(kept: BatchWrite) -> Writes:
    """A kept write as `base.sets.undo` wants it."""
    content = json.loads(sealing.unsealed(kept.content, WRITE_FIELD))
    step = Writes(kept.model, created=[pk for first, last in content["created"] for pk in range(first, last + 1)])
    kind = step.kind()
    for pk, revision, before in content["changed"]:
        step.changed.append((pk, revision, {n: kind._meta.get_field(n).to_python(v) for n, v in before.items()}))
    return step


def _spans(numbers: Sequence[int]) -> list[list[int]]:
    """Ascending numbers as first–last spans: a hundred thousand new rows are one line."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return spans
