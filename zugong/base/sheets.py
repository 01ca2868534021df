"""Spreadsheets in and out: .xlsx, .xls and .csv as rows of cells; workbooks written row by row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineSheet, CalamineWorkbook

from zugong.base import asides, compound, extents
from zugong.base.extents import COLUMNS, MOST_CELLS, MOST_MERGED, Drawn
from zugong.base.marks import Mark
from zugong.base.packages import MOST_UNPACKED, BadPackage, Package, TooMuch

READABLE = (".xlsx", ".xls", ".csv")
LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+")
MOST_SHEETS = 200
HEAD_LETTERS = 100_000  # of a .csv, by which its separator is told
MOST_CSV = 60 << 20  # bytes: as letters and as cells it takes ten times as much


class UnreadableFile(Exception):
    """A file that is no spreadsheet we can open; the message is a sentence for the reader."""


@dataclass
class Sheet:
    """One sheet: its name (None for .csv), its rows from row 1 on, its merged ranges ((row, column), (row, column)) from 0."""

    file: str
    name: str | None
    rows: list[list[Any]]
    merged: list[Any] = field(default_factory=list)


def read(path: Path, shown_as: str = "") -> Iterator[Sheet]:
    """The sheets of a file, one after the other; raises UnreadableFile."""
    shown_as = shown_as or path.name
    kind = path.suffix.lower() or Path(shown_as).suffix.lower()
    if kind not in READABLE:
        raise UnreadableFile(f"“{shown_as}”不是 .xlsx、.xls 或 .csv 文件，没有读取。请另存为 .xlsx 后再导入。")
    if path.stat().st_size > MOST_UNPACKED:
        raise UnreadableFile(_too_large(shown_as))
    if kind == ".csv" and path.stat().st_size > MOST_CSV:
        raise UnreadableFile(_too_large(shown_as))
    if kind == ".csv":
        yield Sheet(shown_as, None, list(_csv_rows(path.read_bytes(), shown_as)))
    else:
        yield from _workbook(path, shown_as, kind)


def _workbook(path: Path, shown_as: str, kind: str) -> Iterator[Sheet]:
    """The sheets of a workbook that was found to be within bounds before the reader saw it."""
    try:
        book, drawn = _opened(path, kind)
        names, cells = book.sheet_names, 0
        if len(names) > MOST_SHEETS:  # they may all point at one part, which is then read as often
            raise TooMuch("sheets")
    except BaseException as error:
        raise _unreadable(error, shown_as) from None
    for name in names:
        try:
            sheet = book.get_sheet_by_name(name)
            cells += sheet.total_height * sheet.total_width
            yield Sheet(shown_as, name, _rows(sheet, cells, drawn.get(name)), _merged(sheet))
        except GeneratorExit:
            raise
        except BaseException as error:
            raise _unreadable(error, f"{shown_as}／{name}") from None


def _opened(path: Path, kind: str) -> tuple[CalamineWorkbook, dict[str, Drawn]]:
    if kind == ".xls":
        data = path.read_bytes()
        compound.insist_on_bounds(data)
        if asides.old_brings_programs(data):
            raise BadPackage("programs")
        return CalamineWorkbook.from_path(str(path)), {}
    with path.open("rb") as file:
        if file.read(len(compound.SIGNATURE)) == compound.SIGNATURE:
            raise BadPackage("password" if compound.is_encrypted(path.read_bytes()) else "kind")
        package = Package(file)
        asides.insist_on_no_programs(package)
        far = extents.far_reaching(package)
        if not far:
            return CalamineWorkbook.from_path(str(path)), {}
        copy, drawn = extents.drawn_together(package, far)
    return CalamineWorkbook.from_filelike(copy), drawn


def _rows(sheet: CalamineSheet, cells: int, drawn: Drawn | None) -> list[list[Any]]:
    if cells > MOST_CELLS:
        raise TooMuch("cells")
    rows = sheet.to_python(skip_empty_area=False)
    return drawn.spread(rows) if drawn else rows


def _merged(sheet: CalamineSheet) -> list[Any]:
    """The merged ranges; where together they cover more than a sheet we take can have, somebody means mischief."""
    merged = list(sheet.merged_cell_ranges or [])
    covered = sum((bottom - top + 1) * (right - left + 1) for (top, left), (bottom, right) in merged)
    if len(merged) > MOST_MERGED or covered > MOST_CELLS:
        raise TooMuch("merged")
    return merged


def _unreadable(error: BaseException, shown_as: str) -> BaseException:
    """What to say of a file the reader gave up on; it raises several kinds, also one that is no ordinary exception."""
    if isinstance(error, (KeyboardInterrupt, SystemExit, UnreadableFile)):
        return error
    return UnreadableFile(_too_large(shown_as) if isinstance(error, TooMuch | MemoryError) else _why(error, shown_as))


def _too_large(shown_as: str) -> str:
    return (
        f"“{shown_as}”展开后太大（超过 {MOST_UNPACKED >> 20} MB、{MOST_CELLS // 10_000} 万格或 {MOST_SHEETS} 张表），没有读入。"
        "请删去不用的行、列、工作表和图片，或者拆成几个文件再导入。"
    )


def _why(error: BaseException, shown_as: str) -> str:
    if isinstance(error, BadPackage) and str(error) == "programs":
        return f"“{shown_as}”里带有宏或控件，没有读入。请用 Excel 或 WPS 打开，另存为不带宏的 .xlsx 再导入。"
    if "password" in str(error).lower() or "encrypt" in str(error).lower():
        return f"“{shown_as}”设了打开密码，读不了。请去掉密码后再导入。"
    return f"“{shown_as}”打不开，文件可能已损坏，或者后缀与内容不符。请用 Excel 或 WPS 打开后另存为 .xlsx 再导入。"


def _csv_rows(raw: bytes, shown_as: str) -> Iterator[list[Any]]:
    text = _decoded(raw, shown_as)
    try:
        cells = 0
        for row in csv.reader((line[0] for line in LINE.finditer(text)), delimiter=_delimiter(text)):
            cells += len(row) or 1
            if cells > MOST_CELLS or len(row) > COLUMNS:
                raise UnreadableFile(_too_large(shown_as))
            yield row
    except csv.Error:
        raise UnreadableFile(f"“{shown_as}”不是正常的 .csv 文件。请用 Excel 或 WPS 打开后另存为 .xlsx 再导入。") from None


def _decoded(raw: bytes, shown_as: str) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(f"“{shown_as}”的文字编码认不出（应为 UTF-8 或 GB18030）。请另存为 .xlsx 再导入。")


def _delimiter(text: str) -> str:
    """The separator that cuts the first lines into the most columns."""
    head = "\n".join(text[:HEAD_LETTERS].splitlines()[:60])

    def width(mark: str) -> int:
        return sum(len(row) - 1 for row in csv.reader(io.StringIO(head), delimiter=mark))

    return max(",;\t", key=width)


def beside(path: Path, shown_as: str) -> list[str]:
    """What a file that was read says beside its cells: headers, footers, names of sheets, comments, properties."""
    kind = path.suffix.lower() or Path(shown_as).suffix.lower()
    try:
        if kind == ".xls":
            return list(asides.of_old_workbook(path.read_bytes()))
        if kind == ".xlsx":
            with path.open("rb") as file:
                return list(asides.of_package(Package(file)))
    except BadPackage as error:
        raise UnreadableFile(_why(error, shown_as)) from None
    return []


HEAD = {"bold": True, "text_wrap": True, "valign": "vcenter", "align": "center", "bg_color": "#F2F2F2", "border": 1}
CELL = {"border": 1, "valign": "top"}
MARKED = {"bold": True, "font_size": 13, "font_color": "#7F7F7F", "bg_color": "#F2F2F2"}
A4 = 9


def bear(book: xlsxwriter.Workbook, page: Any, mark: Mark, style: Any) -> int:
    """Put the mark on a sheet of a workbook: in its first row, on every printed page, in the file's properties. Returns
    the next free row."""
    page.write_string(0, 0, mark.words, style)
    page.set_row(0, 22)
    page.set_paper(A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(top=0.9)
    page.set_header(f"&C&14&K7F7F7F{mark.header}")
    page.set_footer("&C&9&K7F7F7F第 &P 页，共 &N 页")
    book.set_properties({"author": mark.who, "company": mark.department, "comments": mark.words, "created": mark.at})
    return 1


class Writer:
    """A workbook written row after row, in little memory, marked with who takes it: `exports` gives the mark."""

    def __init__(self, path: Path | io.BytesIO, mark: Mark) -> None:
        self._mark = mark
        self._book = xlsxwriter.Workbook(
            path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
        )
        self._formats = {
            "mark": self._book.add_format(MARKED),
            "title": self._book.add_format({"bold": True, "font_size": 14}),
            "head": self._book.add_format(HEAD),
            "cell": self._book.add_format(CELL),
            "day": self._book.add_format({**CELL, "num_format": "yyyy-mm-dd", "align": "left"}),
            "bad": self._book.add_format({**CELL, "bg_color": "#FFC7CE"}),
        }
        self._names: set[str] = set()

    def sheet(
        self,
        name: str,
        headings: Sequence[str],
        rows: Iterable[Sequence[Any]],
        *,
        title: str = "",
        note: str = "",
        widths: Sequence[int] = (),
    ) -> int:
        """Write one sheet: title and note lines, headings, rows. Returns the number of rows."""
        page = self._book.add_worksheet(self._free(name))
        for i in range(len(headings)):
            page.set_column(i, i, widths[i] if i < len(widths) else 16)
        at = bear(self._book, page, self._mark, self._formats["mark"])
        for line, style in ((title, "title"), (note, "")):
            for part in filter(None, line.split("\n")):
                page.write_string(at, 0, part, self._formats.get(style))
                at += 1
        for i, heading in enumerate(headings):
            page.write_string(at, i, heading, self._formats["head"])
        page.freeze_panes(at + 1, 0)
        page.repeat_rows(at)
        count = 0
        for row in rows:
            count += 1
            for i, value in enumerate(row):
                self._write(page, at + count, i, value)
        return count

    def _write(self, page: Any, row: int, column: int, value: Any) -> None:
        if isinstance(value, date | datetime):
            page.write_datetime(row, column, datetime(value.year, value.month, value.day), self._formats["day"])
        elif isinstance(value, int | float) and not isinstance(value, bool):
            page.write_number(row, column, value, self._formats["cell"])
        else:
            page.write_string(row, column, "" if value is None else str(value), self._formats["cell"])

    def _free(self, name: str) -> str:
        """A sheet name Excel allows (31 characters, none of []:*?/\\) that is not yet used."""
        clean = "".join("_" if c in "[]:*?/\\" else c for c in name).strip("'")[:28] or "Sheet"
        free, n = clean, 1
        while free.lower() in self._names:
            n += 1
            free = f"{clean[:27]}~{n}"
        self._names.add(free.lower())
        return free

    def close(self) -> None:
        """Finish the file."""
        self._book.close()
