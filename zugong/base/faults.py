"""Formula errors of an .xlsx: the reader gives #REF! and #VALUE! as empty cells, which would pass for nothing written.

The parts are looked through once; only where one holds an error is it read again, cell by cell.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from posixpath import join, normpath
from xml.etree import ElementTree

from zugong.base.sheets import Sheet

PIECE = 1 << 20
MARK = b't="e"'
CELL = re.compile(rb'<c (?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>(?:(?!</c>).)*?<v>(#[^<]{1,12})</v>', re.DOTALL)
NAMESPACE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
BOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


def put_back(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write the errors into the sheets that were read from this file, where they stand. Other files have none to find."""
    if path.suffix.lower() != ".xlsx":
        return
    by_name = {sheet.name: sheet for sheet in sheets}
    try:
        with zipfile.ZipFile(path) as package:
            for name, part in _parts(package):
                if name in by_name and _holds_errors(package, part):
                    for row, column, error in _errors(package.read(part)):
                        _write(by_name[name], row, column, error)
    except (KeyError, ValueError, zipfile.BadZipFile, ElementTree.ParseError):
        return  # the reader took the file all the same; what it read stands


def _parts(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Sheet names and the parts they are kept in."""
    relations, book = (ElementTree.fromstring(package.read(name)) for name in (RELATIONS, BOOK))  # noqa: S314 read before
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    for one in book.iter():
        if one.tag.endswith("}sheet") and (target := targets.get(one.get(NAMESPACE))):
            yield one.get("name", ""), normpath(join("xl", target)).lstrip("/")


def _holds_errors(package: zipfile.ZipFile, part: str) -> bool:
    tail = b""
    with package.open(part) as unpacked:
        while piece := unpacked.read(PIECE):
            if MARK in tail + piece:
                return True
            tail = piece[-len(MARK) :]
    return False


def _errors(content: bytes) -> Iterator[tuple[int, int, str]]:
    for letters, row, error in CELL.findall(content):
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        yield int(row) - 1, column - 1, error.decode("ascii", "replace")


def _write(sheet: Sheet, row: int, column: int, error: str) -> None:
    if row < len(sheet.rows) and column < len(sheet.rows[row]) and sheet.rows[row][column] in (None, ""):
        cells = list(sheet.rows[row])  # empty rows may be one and the same list
        cells[column] = error
        sheet.rows[row] = cells
