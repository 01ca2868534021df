"""Spreadsheets in and out: .xlsx, .xls and .csv as rows of cells; workbooks written row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

READABLE = (".xlsx", ".xls", ".csv")


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
    if kind == ".csv":
        yield Sheet(shown_as, None, list(_csv_rows(path.read_bytes(), shown_as)))
    else:
        yield from _workbook(path, shown_as)


def _workbook(path: Path, shown_as: str) -> Iterator[Sheet]:
    try:
        book = CalamineWorkbook.from_path(str(path))
    except Exception as error:  # calamine raises several kinds, all meaning the same to the sender
        raise UnreadableFile(_why(error, shown_as)) from None
    for name in book.sheet_names:
        try:
            sheet = book.get_sheet_by_name(name)
            merged = list(sheet.merged_cell_ranges or [])
            yield Sheet(shown_as, name, sheet.to_python(skip_empty_area=False), merged)
        except Exception as error:
            raise UnreadableFile(_why(error, f"{shown_as}／{name}")) from None


def _why(error: Exception, shown_as: str) -> str:
    if "password" in str(error).lower() or "encrypt" in str(error).lower():
        return f"“{shown_as}”设了打开密码，读不了。请去掉密码后再导入。"
    return f"“{shown_as}”打不开，文件可能已损坏，或者后缀与内容不符。请用 Excel 或 WPS 打开后另存为 .xlsx 再导入。"


def _csv_rows(raw: bytes, shown_as: str) -> Iterator[list[Any]]:
    text = _decoded(raw, shown_as)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
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
    head = "\n".join(text.splitlines()[:60])

    def width(mark: str) -> int:
        return sum(len(row) - 1 for row in csv.reader(io.StringIO(head), delimiter=mark))

    return max(",;\t", key=width)


HEAD = {"bold": True, "text_wrap": True, "valign": "vcenter", "align": "center", "bg_color": "#F2F2F2", "border": 1}
CELL = {"border": 1, "valign": "top"}


class Writer:
    """A workbook written row after row, in little memory."""

    def __init__(self, path: Path | io.BytesIO) -> None:
        self._book = xlsxwriter.Workbook(
            path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
        )
        self._formats = {
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
        at = 0
        for line, style in ((title, "title"), (note, "")):
            for part in filter(None, line.split("\n")):
                page.write_string(at, 0, part, self._formats.get(style))
                at += 1
        for i, heading in enumerate(headings):
            page.write_string(at, i, heading, self._formats["head"])
        page.freeze_panes(at + 1, 0)
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
