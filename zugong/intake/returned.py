"""Refused rows on their way back: the sender's own workbook with the cells marked, or a new one with those rows."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter
from openpyxl import load_workbook
from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from zugong.base.ledgers import Row
from zugong.intake.actions import file_bytes, refused_rows
from zugong.intake.models import Batch, StagedFile, StagedSheet

MARK = PatternFill("solid", start_color="FFC7CE", end_color="FFC7CE")
OWN_WORKBOOK_UP_TO = 20_000  # rows: a larger workbook is too slow to open and write back cell by cell


def workbook(kept: StagedFile) -> bytes | None:
    """The workbook that goes back for one file, None when none of its rows was refused."""
    sheets = [sheet for sheet in kept.sheets.all() if sheet.refused]
    if not sheets:
        return None
    if kept.name.lower().endswith(".xlsx") and not kept.sheets.filter(rows__number__gte=OWN_WORKBOOK_UP_TO).exists():
        return _own(kept, sheets)
    return _new(sheets)


def name_of(kept: StagedFile) -> str:
    """What the workbook that goes back is called."""
    return f"{Path(kept.name).stem}-退回.xlsx"


def write_all(batch: Batch, folder: Path) -> list[Path]:
    """Write the workbooks of all files with refused rows into a folder; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kept in StagedFile.objects.filter(batch=batch).prefetch_related("sheets").order_by("pk"):
        if (content := workbook(kept)) is not None:
            path = _free(folder, name_of(kept))
            path.write_bytes(content)
            written.append(path)
    return written


def _free(folder: Path, name: str) -> Path:
    path, n = folder / name, 1
    while path.exists():
        n += 1
        path = folder / f"{Path(name).stem}{n}.xlsx"
    return path


def _own(kept: StagedFile, sheets: Sequence[StagedSheet]) -> bytes:
    book = load_workbook(io.BytesIO(file_bytes(kept)))
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


def _new(sheets: Sequence[StagedSheet]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#F2F2F2"})
    text = book.add_format({"border": 1, "num_format": "@"})
    bad = book.add_format({"border": 1, "num_format": "@", "bg_color": "#FFC7CE"})
    for number, sheet in enumerate(sheets, start=1):
        page = book.add_worksheet((sheet.name or "退回")[:25] + (f"~{number}" if number > 1 else ""))
        page.set_column(0, len(sheet.headings), 18)
        for i, heading in enumerate(sheet.headings):
            page.write_string(0, i, heading, head)
        for at, row in enumerate(refused_rows(sheet), start=1):
            marks = dict(_marks(sheet, row))
            for i, cell in enumerate(row.cells):
                page.write_string(at, i, cell, bad if i in marks else text)
            for i, words in marks.items():
                page.write_comment(at, i, f"原第 {row.number} 行：{words}", {"author": "组工台", "width": 320, "height": 110})
    book.close()
    return out.getvalue()
