"""From files to a batch ready to be kept. All the long work is done here, with nothing held: the database is only asked,
and whoever wants to write meanwhile need not wait. What was asked is asked again when the batch is written."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from zugong.base import cells, faults, sealing, secrecy, sheets
from zugong.base.extents import MOST_CELLS
from zugong.base.ledgers import Ledger
from zugong.base.rules import Refused
from zugong.base.sets import chunks
from zugong.base.sheets import Sheet
from zugong.intake import staging
from zugong.intake.catalogue import ORDER
from zugong.intake.checks import Gate
from zugong.intake.comparing import Comparer
from zugong.intake.models import StagedFile, StagedSheet
from zugong.intake.reading import Found, recognise, records
from zugong.intake.staging import FILE_FIELD, Prepared

ORGANIZATIONS = "organizations"
UNKNOWN_POSITION = 10_000
FIRST_ROWS = 10  # where a sheet nobody knows could say that it is secret
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Incoming:
    """A file handed in: where it lies now and what its sender calls it."""

    path: Path
    name: str


class UnusableFile(Refused):
    """A file no ledger could be read from; nothing of the batch is kept."""


class Comparers:
    """One comparer for each ledger of a batch; each file meets the kept records from the first one again."""

    def __init__(self, several: Counter[str]) -> None:
        self._several = several
        self._at: dict[str, tuple[str, Comparer]] = {}

    def turn_to(self, ledger: Ledger, file: StagedFile) -> Comparer:
        """The ledger's comparer, ready for this file."""
        last, comparer = self._at.get(ledger.id) or ("", Comparer(ledger, remember=self._several[ledger.id] > 1))
        if last != file.kept_as:
            comparer.begin_file()
        self._at[ledger.id] = (file.kept_as, comparer)
        return comparer


def prepare(files: Sequence[Incoming], on: date, progress: Progress) -> Prepared:
    """Read the files and find out what each row would do. Raises UnusableFile, naming the file; no file is kept then."""
    prepared = Prepared()
    try:
        found = _read(files, prepared, progress)
        comparers = Comparers(several=Counter(one.placement.ledger.id for _, one in found))
        gate = Gate()
        gate.expect((row for _, one in found if one.placement.ledger.id == ORGANIZATIONS for row in records(one, on)), on)
        for position, (kept, one) in enumerate(found):
            progress(f"核对 {kept.name} {one.sheet.name or ''}")
            _prepare_sheet(prepared, position, kept, one, on, gate, comparers.turn_to(one.placement.ledger, kept))
    except BaseException:
        prepared.discard()
        raise
    return prepared


def _read(files: Sequence[Incoming], prepared: Prepared, progress: Progress) -> list[tuple[StagedFile, Found]]:
    """The sheets of all files in the order they are taken in, whatever the order the files came in."""
    found: list[tuple[StagedFile, Found]] = []
    size = 0
    for incoming in files:
        progress(f"读取 {incoming.name}")
        kept, read = _recognised(incoming, prepared)
        size += sum(len(row) for one in read for row in one.sheet.rows)
        if size > 2 * MOST_CELLS:
            raise UnusableFile(f"读到“{incoming.name}”时，这一次的文件加起来已经太大，都没有读入。请分几次导入。")
        found += [(kept, one) for one in read]
    return sorted(found, key=lambda item: ORDER[item[1].placement.ledger.id])


def _recognised(incoming: Incoming, prepared: Prepared) -> tuple[StagedFile, list[Found]]:
    """The sheets of a file that are ledgers; the file is kept once it is known to hold one and not to be secret."""
    try:
        filled = incoming.path.stat().st_size > 0
        pages = list(sheets.read(incoming.path, incoming.name)) if filled else []
        beside = sheets.beside(incoming.path, incoming.name) if filled else []
    except sheets.UnreadableFile as error:
        raise UnusableFile(str(error)) from None
    faults.put_back(incoming.path, pages)
    pages = [page for page in pages if any(any(cell not in (None, "") for cell in row) for row in page.rows)]
    if not pages:
        raise UnusableFile(f"“{incoming.name}”是空的，没有一格内容；这一批没有写入任何数据。请核对是不是选错了文件。")
    read = recognise(pages)
    _insist_on_open(incoming.name, read, beside)
    found = [one for one in read if isinstance(one, Found)]
    if not found:
        raise UnusableFile(
            f"“{incoming.name}”里没有认得出的台账：前 40 行找不到表头。请确认表头一行写着“姓名”“公民身份号码”之类的列名；"
            "这一批没有写入任何数据。"
        )
    kept = _keep_file(incoming)
    prepared.files.append(kept)
    unknown = [one for one in read if not isinstance(one, Found)]
    prepared.sheets += [
        (kept, StagedSheet(name=one.name, position=UNKNOWN_POSITION, skipped=len(one.rows)), []) for one in unknown
    ]
    return kept, found


def _insist_on_open(name: str, read: Sequence[Found | Sheet], beside: Sequence[str]) -> None:
    """Raises UnusableFile for a file that says it is secret: by its name, above its headings, or beside its cells."""
    marks = [secrecy.marked_name(name), secrecy.marked(beside), *(secrecy.marked_name(one.name or "") for one in _sheets(read))]
    for one in read:
        known = isinstance(one, Found)
        rows, titles = (one.sheet.rows, one.placement.heading_row) if known else (one.rows, FIRST_ROWS)
        marks.append(secrecy.marked(_texts(rows[:titles])))
        marks.append(secrecy.stamped(_texts(rows[:FIRST_ROWS])))
    if mark := next(filter(None, marks), ""):
        raise UnusableFile(secrecy.refusal(name, mark))


def _sheets(read: Sequence[Found | Sheet]) -> Iterator[Sheet]:
    return (one.sheet if isinstance(one, Found) else one for one in read)


def _texts(rows: Sequence[Sequence[object]]) -> Iterator[str]:
    return (cells.written(cell) for row in rows for cell in row if isinstance(cell, str))


def _keep_file(incoming: Incoming) -> StagedFile:
    raw = incoming.path.read_bytes()
    name = secrets.token_hex(16)
    folder = Path(settings.ZUGONG_FILES)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(sealing.seal(raw, FILE_FIELD))
    salt = secrets.token_hex(16)
    return StagedFile(name=incoming.name, digest=sealing.digest(salt.encode(), raw), salt=salt, kept_as=name)


def _prepare_sheet(
    prepared: Prepared, position: int, kept: StagedFile, one: Found, on: date, gate: Gate, comparer: Comparer
) -> None:
    placement, ledger = one.placement, one.placement.ledger
    rows = list(records(one, on))
    gate.check(ledger, kept.kept_as, one.sheet.name or "", rows)
    taken = [row for row in rows if not row.refused]
    comparer.compare(taken)
    for row in taken:
        if row.state == "same" and row.touches_person:
            row.state = "changed"
    states = Counter("refused" if row.refused else row.state for row in rows)
    sheet = StagedSheet(
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
        **{state: states[state] for state in ("new", "changed", "same", "refused")},
    )
    one.sheet.rows = []  # as large as everything else together, and done with
    running = sealing.Digest()
    running.update(kept.salt.encode())
    staged = [ready for chunk in chunks(rows, 5000) for ready in staging.staged_rows(ledger, chunk, running)]
    sheet.digest = running.hex()
    prepared.sheets.append((kept, sheet, staged))
