"""Refused rows on their way back: the sender's own workbook with the cells marked, or a new one with those rows."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from openpyxl import load_workbook
from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from zugong.base import exports
from zugong.base.access import Permission, Privacy
from zugong.base.extents import place_of
from zugong.base.ledgers import Row
from zugong.base.marks import Mark
from zugong.base.models import User
from zugong.base.packages import XML, BadPackage, Package
from zugong.base.rules import NotAllowed
from zugong.base.sheets import MARKED, bear
from zugong.intake import rights
from zugong.intake.actions import file_bytes, refused_rows
from zugong.intake.catalogue import BY_ID
from zugong.intake.models import Batch, StagedFile, StagedSheet

MARK = PatternFill("solid", start_color="FFC7CE", end_color="FFC7CE")
OWN_WORKBOOK_UP_TO = 20_000  # rows: a larger workbook is too slow to open and write back cell by cell
OWN_UNPACKED, OWN_MERGED = 40 << 20, 200_000  # bytes, cells
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?\bref\s*=\s*["\']([A-Za-z]+\d+):([A-Za-z]+\d+)')


@dataclass(frozen=True)
class Going:
    """What is to go back for one file: the sheets with refused rows, the sender's own workbook where that is it, how many
    rows it holds, under which headings, and which of these are ID numbers and phone numbers."""

    refused: list[StagedSheet]
    raw: bytes
    rows: int
    columns: tuple[str, ...]
    restricted: tuple[str, ...]


@dataclass(frozen=True)
class Handed:
    """The workbook that goes back, and the mark it bears."""

    content: bytes
    mark: Mark


def going_back(kept: StagedFile, account: str) -> Going | None:
    """What goes back to an account for one file, None when none of its rows was refused. The whole workbook goes to none
    but the account that sent it; others get the refused rows."""
    every = list(kept.sheets.all())
    refused = [sheet for sheet in every if sheet.refused]
    if not refused:
        return None
    raw = file_bytes(kept) if account == kept.batch.account and _may_be_own(kept) else b""
    raw = raw if raw and _fits(raw) else b""
    sheets = every if raw else refused
    rows = sum(_rows_of(sheet) if raw else sheet.refused for sheet in sheets)
    columns = tuple(dict.fromkeys(heading for sheet in sheets for heading in sheet.headings if heading))
    restricted = tuple(dict.fromkeys(heading for sheet in sheets for heading in _restricted(sheet)))
    return Going(refused, raw, rows, columns, restricted)


def _may_be_own(kept: StagedFile) -> bool:
    return kept.name.lower().endswith(".xlsx") and not kept.sheets.filter(rows__number__gte=OWN_WORKBOOK_UP_TO).exists()


def _fits(raw: bytes) -> bool:
    """Whether the workbook may be opened whole: every cell and every place under a merged range becomes an object."""
    try:
        package = Package(io.BytesIO(raw), OWN_UNPACKED)
        parts = [part for part in package.parts if part.filename.lower().endswith(XML)]
        merged = (found for part in parts for text in package.texts(part) for found in MERGED.findall(text))
        return sum(_area(*(place_of(place.decode()) for place in corners)) for corners in merged) <= OWN_MERGED
    except BadPackage:
        return False


def _area(first: tuple[int, int], last: tuple[int, int]) -> int:
    return (abs(last[0] - first[0]) + 1) * (abs(last[1] - first[1]) + 1)


def _rows_of(sheet: StagedSheet) -> int:
    """The records of a ledger; of a sheet that is none, every row."""
    return sheet.new + sheet.changed + sheet.same + sheet.refused if sheet.ledger else sheet.skipped


def _restricted(sheet: StagedSheet) -> Iterator[str]:
    ledger = BY_ID.get(sheet.ledger)
    for column in ledger.columns if ledger else ():
        position = sheet.positions.get(column.name)
        if (column.privacy == Privacy.RESTRICTED or column.guarded) and position is not None:
            yield sheet.headings[position] or column.heading


def name_of(kept: StagedFile) -> str:
    """What the workbook that goes back is called."""
    return f"{Path(kept.name).stem}-退回.xlsx"


def hand_over(kept: StagedFile, user: User) -> Handed | None:
    """The workbook for whoever takes it, noted on the trail with all that is handed over; None when no row was refused.
    Raises NotAllowed where it holds what the account may not see."""
    going = going_back(kept, user.username)
    if going is None:
        return None
    seen = all(rights.shows(user, one.ledger, Privacy.RESTRICTED) for one in kept.sheets.all() if one.refused)
    if going.restricted and not seen:
        raise NotAllowed(f"退回的行里有{'、'.join(going.restricted)}，账号“{user.username}”不能看，没有交出。")
    told = {
        "批次": str(kept.batch_id),
        "文件": kept.name,
        "状态": "退回",
        "交出": "本人交来的原表" if going.raw else "退回的行",
        "敏感列": "、".join(going.restricted),
    }
    own = kept.batch.account == user.username  # whoever sent the rows in gets nothing new
    mark = exports.record_export(
        by=user, on=user.day, read=Permission.INTAKE_READ, register=kept._meta.label_lower, filters=told,
        columns=going.columns, rows=going.rows, free=own,
    )  # fmt: skip
    return Handed(_own(going.raw, going.refused, mark) if going.raw else _new(going.refused, mark), mark)


def write_all(batch: Batch, folder: Path, user: User) -> list[Path]:
    """Hand over the workbooks of all files with refused rows into a folder; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kept in StagedFile.objects.filter(batch=batch).prefetch_related("sheets").order_by("pk"):
        if (handed := hand_over(kept, user)) is not None:
            path = _free(folder, name_of(kept))
            path.write_bytes(handed.content)
            written.append(path)
    return written


def _free(folder: Path, name: str) -> Path:
    path, n = folder / name, 1
    while path.exists():
        n += 1
        path = folder / f"{Path(name).stem}{n}.xlsx"
    return path


def _own(raw: bytes, sheets: Sequence[StagedSheet], mark: Mark) -> bytes:
    """The sender's own workbook, marked on its printed pages only: its rows stay where they are, to be mended and sent."""
    book = load_workbook(io.BytesIO(raw))
    book.properties.lastModifiedBy, book.properties.description = mark.who, mark.words
    for page in book.worksheets:
        page.oddHeader.center.text, page.oddHeader.center.color = mark.header, "7F7F7F"
    for sheet in sheets:
        page = book[sheet.name]
        for row in refused_rows(sheet):
            for position, words in _marks(sheet, row):
                _mark(page, row.number, position + 1, words)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _mark(page: Worksheet, row: int, column: int, words: str) -> None:
    """Colour and comment a cell; inside a merged range only its first cell can bear a comment."""
    cell = page.cell(row, column)
    if isinstance(cell, MergedCell):
        merged = next(r for r in page.merged_cells.ranges if cell.coordinate in r)
        cell = page.cell(merged.min_row, merged.min_col)
    cell.fill = MARK
    comment = Comment(words, "组工台")
    comment.width, comment.height = 320, 110
    cell.comment = comment


def _marks(sheet: StagedSheet, row: Row) -> list[tuple[int, str]]:
    """The faulty cells of a row: position and what to say there; without such a column, the row's first cell."""
    said: dict[int, list[str]] = {}
    for problem in row.problems:
        if problem.refuses:
            position = sheet.positions.get(problem.column, 0)
            said.setdefault(position, []).append(f"{problem.reason}。{problem.hint}")
    return [(position, "\n".join(words)) for position, words in said.items()]


def _new(sheets: Sequence[StagedSheet], mark: Mark) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#F2F2F2"})
    text = book.add_format({"border": 1, "num_format": "@"})
    bad = book.add_format({"border": 1, "num_format": "@", "bg_color": "#FFC7CE"})
    grey = book.add_format(MARKED)
    for number, sheet in enumerate(sheets, start=1):
        page = book.add_worksheet((sheet.name or "退回")[:25] + (f"~{number}" if number > 1 else ""))
        page.set_column(0, len(sheet.headings), 18)
        top = bear(book, page, mark, grey)
        for i, heading in enumerate(sheet.headings):
            page.write_string(top, i, heading, head)
        for at, row in enumerate(refused_rows(sheet), start=top + 1):
            marks = dict(_marks(sheet, row))
            for i, cell in enumerate(row.cells):
                page.write_string(at, i, cell, bad if i in marks else text)
            for i, words in marks.items():
                page.write_comment(at, i, f"原第 {row.number} 行：{words}", {"author": "组工台", "width": 320, "height": 110})
    book.close()
    return out.getvalue()
