"""Taking ledgers in: stage what the files say, commit exactly what was previewed, undo a batch as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from django.conf import settings

from zugong.base import locks, sealing, sets
from zugong.base.access import Permission
from zugong.base.actions import action, entry
from zugong.base.ledgers import Ledger, Row
from zugong.base.models import User
from zugong.base.rules import NotAllowed, Refused
from zugong.base.sets import SetWrite
from zugong.intake import rights, staging
from zugong.intake.catalogue import BY_ID
from zugong.intake.comparing import Comparer
from zugong.intake.models import Batch, BatchWrite, RowState, StagedFile, StagedRow, StagedSheet, State
from zugong.intake.preparing import Comparers, Incoming, Progress, UnusableFile, prepare
from zugong.intake.staging import FILE_FIELD

__all__ = [
    "Incoming",
    "Progress",
    "UnusableFile",
    "commit",
    "file_bytes",
    "note_reading",
    "refused_rows",
    "silent",
    "stage",
    "undo",
]


def silent(_: str) -> None:
    """No progress wanted."""


def stage(*, by: User, on: date, files: Sequence[Incoming], progress: Progress = silent) -> Batch:
    """Read the files, which may take long and holds nothing, then keep what each row would do, all of it or nothing.
    Raises UnusableFile, naming the file; nothing is kept then."""
    if not by.may(Permission.INTAKE_COMMIT):
        raise NotAllowed(f"账号“{by.username}”没有办理此事的权限（{Permission.INTAKE_COMMIT}），未作任何改动。")
    prepared = prepare(files, on, progress)
    try:
        return staging.stage(by=by, on=on, prepared=prepared)
    except BaseException:
        prepared.discard()
        raise


@action(Permission.INTAKE_COMMIT)
def commit(*, by: User, on: date, batch: Batch, progress: Progress = silent) -> Batch:
    """Write what the preview showed, all of it or nothing. Raises Refused when the data changed since the preview."""
    locks.hold(locks.INTAKE)  # two commits side by side could each keep the same person
    fresh = Batch.objects.select_for_update().get(pk=batch.pk)
    if fresh.state != State.PREVIEW:
        raise Refused(f"批次 {batch.pk} 的状态是“{fresh.get_state_display()}”，不能再写入。")
    rights.insist(by, (sheet.ledger for sheet in _sheets(fresh)))
    comparers = Comparers(several=Counter())
    for sheet in _sheets(fresh):
        progress(f"写入 {sheet.file.name} {sheet.name or ''}")
        ledger = BY_ID[sheet.ledger]
        _commit_sheet(by, fresh, sheet, ledger, comparers.turn_to(ledger, sheet.file))
    fresh.state = State.COMMITTED
    fresh.committed_at = datetime.now(UTC)
    fresh.save(update_fields=["state", "committed_at"])
    entry().subject = fresh.key
    return fresh


def _sheets(batch: Batch) -> list[StagedSheet]:
    return list(
        StagedSheet.objects.filter(file__batch=batch).exclude(ledger="").select_related("file").order_by("position", "pk")
    )


def _commit_sheet(by: User, batch: Batch, sheet: StagedSheet, ledger: Ledger, comparer: Comparer) -> None:
    rows = list(staging.rows_to_take(sheet))
    previewed = [row.state for row in rows]
    comparer.compare(rows)
    for row, state in zip(rows, previewed, strict=True):
        if row.refused or (row.state != state and not (row.state == "same" and state == "changed")):
            raise Refused(
                f"预览之后，{sheet.file.name} 第 {row.number} 行所对的数据变了，这一批没有写入。"
                "请重新导入这些文件，看过再写入。"
            )
        row.state = state
    taken = [row for row in rows if row.state in ("new", "changed")]
    _fetch_records(ledger, taken)
    write = SetWrite()
    ledger.take(by=by, on=batch.on, rows=taken, write=write, ledger=ledger, digest=sheet.digest)
    BatchWrite.objects.bulk_create(staging.kept_writes(batch, sheet.position, write.steps))


def _fetch_records(ledger: Ledger, rows: Sequence[Row]) -> None:
    """Put the kept records in place of their numbers."""
    numbers = [row.record for row in rows if row.state == "changed"]
    kept = {record.pk: record for record in ledger.kept().among("pk", numbers)}
    for row in rows:
        row.record = kept[row.record] if row.state == "changed" else None


@action(Permission.INTAKE_COMMIT)
def undo(*, by: User, on: date, batch: Batch) -> Batch:
    """Take a whole batch back. Raises Refused when a later change rests on it; nothing changes then."""
    locks.hold(locks.INTAKE)
    fresh = Batch.objects.select_for_update().get(pk=batch.pk)
    if fresh.state != State.COMMITTED:
        raise Refused(f"批次 {batch.pk} 的状态是“{fresh.get_state_display()}”，没有可撤销的。")
    rights.insist(by, (sheet.ledger for sheet in _sheets(fresh)))
    kept = BatchWrite.objects.filter(batch=fresh).order_by("position", "pk")
    sets.undo([staging.opened_write(one) for one in kept])
    fresh.state = State.UNDONE
    fresh.save(update_fields=["state"])
    entry().subject = fresh.key
    return fresh


@action(Permission.INTAKE_READ)
def note_reading(*, by: User, on: date, batch: Batch, cells: Sequence[str]) -> None:
    """Note that ID numbers or phone numbers that must be mended were shown, in which cells. Only to who sent them."""
    if by.username != batch.account:
        raise NotAllowed(f"批次 {batch.pk} 不是账号“{by.username}”交来的，要改正的号码没有显示。")
    entry().subject = batch.key
    entry().note(cells=list(cells), purpose="改正退回的格子")


def file_bytes(kept: StagedFile) -> bytes:
    """A kept file as it came."""
    return sealing.unseal((Path(settings.ZUGONG_FILES) / kept.kept_as).read_bytes(), FILE_FIELD)


def refused_rows(sheet: StagedSheet) -> list[Row]:
    """The rows of a sheet that go back."""
    ledger = BY_ID[sheet.ledger]
    staged = StagedRow.objects.filter(sheet=sheet, state=RowState.REFUSED).order_by("number")
    return [staging.opened(one, ledger) for one in staged.iterator(chunk_size=2000)]
