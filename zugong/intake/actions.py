"""Taking ledgers in: stage what the files say, commit exactly what was previewed, undo a batch as a whole."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from django.conf import settings

from zugong.base import bulk, locks, sealing, sets, sheets
from zugong.base.access import Permission
from zugong.base.actions import action, entry
from zugong.base.ledgers import Ledger, Row
from zugong.base.models import User
from zugong.base.rules import Refused
from zugong.base.sets import SetWrite, chunks
from zugong.intake import staging
from zugong.intake.catalogue import BY_ID, ORDER
from zugong.intake.checks import Gate
from zugong.intake.comparing import Comparer
from zugong.intake.models import Batch, BatchWrite, RowState, StagedFile, StagedRow, StagedSheet, State
from zugong.intake.reading import Found, recognise, records

FILE_FIELD = "intake.stagedfile.bytes"
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Incoming:
    """A file handed in: where it lies now and what its sender calls it."""

    path: Path
    name: str


class UnusableFile(Refused):
    """A file no ledger could be read from; nothing of the batch is kept."""


def silent(_: str) -> None:
    """No progress wanted."""


@action(Permission.INTAKE_COMMIT)
def stage(*, by: User, on: date, files: Sequence[Incoming], progress: Progress = silent) -> Batch:
    """Read the files and keep what each row would do. Raises UnusableFile, naming the file; nothing is kept then."""
    batch = Batch.objects.create(on=on, account=by.username)
    kept_files: list[StagedFile] = []
    try:
        found = _read(batch, files, kept_files, progress)
        comparers = Comparers(several=Counter(one.placement.ledger.id for _, one in found))
        gate = Gate()
        for position, (kept, one) in enumerate(found):
            progress(f"核对 {kept.name} {one.sheet.name or ''}")
            _stage_sheet(position, kept, one, gate, comparers.turn_to(one.placement.ledger, kept))
    except BaseException:
        for kept in kept_files:
            (Path(settings.ZUGONG_FILES) / kept.kept_as).unlink(missing_ok=True)
        raise
    entry().subject = batch.key
    entry().note(files=[i.name for i in files], sheets=len(found))
    return batch


def _read(
    batch: Batch, files: Sequence[Incoming], kept_files: list[StagedFile], progress: Progress
) -> list[tuple[StagedFile, Found]]:
    """The sheets of all files in the order they are taken in, whatever the order the files came in."""
    found: list[tuple[StagedFile, Found]] = []
    for incoming in files:
        progress(f"读取 {incoming.name}")
        kept_files.append(_keep_file(batch, incoming))
        found += [(kept_files[-1], one) for one in _recognised(incoming, kept_files[-1])]
    return sorted(found, key=lambda item: ORDER[item[1].placement.ledger.id])


class Comparers:
    """One comparer for each ledger of a batch; each file meets the kept records from the first one again."""

    def __init__(self, several: Counter[str]) -> None:
        self._several = several
        self._at: dict[str, tuple[int, Comparer]] = {}

    def turn_to(self, ledger: Ledger, file: StagedFile) -> Comparer:
        """The ledger's comparer, ready for this file."""
        last, comparer = self._at.get(ledger.id) or (0, Comparer(ledger, remember=self._several[ledger.id] > 1))
        if last != file.pk:
            comparer.begin_file()
        self._at[ledger.id] = (file.pk, comparer)
        return comparer


def _keep_file(batch: Batch, incoming: Incoming) -> StagedFile:
    raw = incoming.path.read_bytes()
    name = secrets.token_hex(16)
    folder = Path(settings.ZUGONG_FILES)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(sealing.seal(raw, FILE_FIELD))
    return StagedFile.objects.create(batch=batch, name=incoming.name, digest=sealing.digest(raw), kept_as=name)


def _recognised(incoming: Incoming, kept: StagedFile) -> list[Found]:
    try:
        pages = list(sheets.read(incoming.path, incoming.name))
    except sheets.UnreadableFile as error:
        raise UnusableFile(str(error)) from None
    pages = [page for page in pages if any(any(cell not in (None, "") for cell in row) for row in page.rows)]
    read = recognise(pages)
    found = [one for one in read if isinstance(one, Found)]
    if not found:
        raise UnusableFile(
            f"“{incoming.name}”里没有认得出的台账：前 40 行找不到表头。请确认表头一行写着“姓名”“公民身份号码”之类的列名；"
            "这一批没有写入任何数据。"
        )
    for one in read:
        if not isinstance(one, Found):
            StagedSheet.objects.create(file=kept, name=one.name, position=10_000, skipped=len(one.rows))
    return found


def _stage_sheet(position: int, kept: StagedFile, one: Found, gate: Gate, comparer: Comparer) -> None:
    placement, ledger = one.placement, one.placement.ledger
    rows = list(records(one, kept.batch.on))
    gate.check(ledger, kept.kept_as, one.sheet.name or "", rows)
    taken = [row for row in rows if not row.refused]
    comparer.compare(taken)
    for row in taken:
        if row.state == "same" and row.touches_person:
            row.state = "changed"
    states = Counter("refused" if row.refused else row.state for row in rows)
    sheet = StagedSheet.objects.create(
        file=kept,
        name=one.sheet.name,
        ledger=ledger.id,
        position=position,
        heading_row=placement.heading_row,
        headings=list(placement.headings),
        positions=dict(placement.positions),
        unknown=list(placement.unknown),
        guessed=dict(placement.guessed),
        warnings=sum(not p.refuses for row in rows for p in row.problems),
        skipped=len(one.sheet.rows) - placement.heading_row - len(rows),
        new=states["new"],
        changed=states["changed"],
        same=states["same"],
        refused=states["refused"],
    )
    contents = []
    for chunk in chunks(rows, 5000):
        staged = staging.stage(sheet, chunk)
        contents += [one.content for one in staged]
        bulk.insert(staged)
    sheet.digest = staging.digest_of(contents)
    sheet.save(update_fields=["digest"])


@action(Permission.INTAKE_COMMIT)
def commit(*, by: User, on: date, batch: Batch, progress: Progress = silent) -> Batch:
    """Write what the preview showed, all of it or nothing. Raises Refused when the data changed since the preview."""
    locks.hold("intake")  # two commits side by side could each keep the same person
    fresh = Batch.objects.select_for_update().get(pk=batch.pk)
    if fresh.state != State.PREVIEW:
        raise Refused(f"批次 {batch.pk} 的状态是“{fresh.get_state_display()}”，不能再写入。")
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
        if row.state != state and not (row.state == "same" and state == "changed"):
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
    locks.hold("intake")
    fresh = Batch.objects.select_for_update().get(pk=batch.pk)
    if fresh.state != State.COMMITTED:
        raise Refused(f"批次 {batch.pk} 的状态是“{fresh.get_state_display()}”，没有可撤销的。")
    kept = BatchWrite.objects.filter(batch=fresh).order_by("position", "pk")
    sets.undo([staging.opened_write(one) for one in kept])
    fresh.state = State.UNDONE
    fresh.save(update_fields=["state"])
    entry().subject = fresh.key
    return fresh


def file_bytes(kept: StagedFile) -> bytes:
    """A kept file as it came."""
    return sealing.unseal((Path(settings.ZUGONG_FILES) / kept.kept_as).read_bytes(), FILE_FIELD)


def refused_rows(sheet: StagedSheet) -> list[Row]:
    """The rows of a sheet that go back."""
    ledger = BY_ID[sheet.ledger]
    staged = StagedRow.objects.filter(sheet=sheet, state=RowState.REFUSED).order_by("number")
    return [staging.opened(one, ledger) for one in staged.iterator(chunk_size=2000)]
