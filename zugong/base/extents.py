"""How far the cells of an .xlsx reach, told before it is opened, and a far-reaching one drawn together.

The reader lays a sheet out as one block from its first cell to its last, empty cells included: two cells in two corners
cost more memory than there is. So the parts are looked through first. Nearly all are told to be ordinary by one pass
of a pattern; the others are read by a parser, and where they reach too far, the rows and columns that hold nothing are
left out before the reader sees them, and put back afterwards as one shared empty row.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from zugong.base.packages import BadPackage, Package, TooMuch

MOST_CELLS = 5_000_000
MOST_MERGED = 200_000
WIDEST = 200  # columns of a far-reaching sheet that are read
ROWS, COLUMNS = 1 << 20, 1 << 14  # as many as a sheet can have
RELATIONS = "xl/_rels/workbook.xml.rels"
OTHER_KINDS = {"xl/workbook.bin", "content.xml"}
NO_TABLE = {".bin", ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emf", ".wmf", ".tif", ".tiff", ".wdp", ".ico"}
# A cell that names no place, or one beyond AZ99999 and Z149999
FAR = re.compile(rb'<c(?=[\s/>])(?! r="(?:A?[A-Z][1-9]\d{0,4}|[A-Z]1[0-4]\d{4})"[ />])')
# Where the strings begin, by their own word; the reader makes room for as many at once, and ends with the process
STRINGS = re.compile(rb"<(?:[\w.-]+:)?sst\b([^>]*)")
COUNTED = re.compile(rb"ount\s*=\s*(?![\"']\d{1,7}[\"'])")
PREFIXED = re.compile(rb":c[\s/>]")
CELL = re.compile(rb'<((?:[\w.-]+:)?c) r="([A-Za-z]{1,3})(\d{1,7})"')
PLACE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
EMPTY: list[Any] = []


@dataclass
class Reach:
    """Which rows and columns of a sheet hold something (counted from 0), and how many cells it has in all."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    filled: int = 0
    cells: int = 0

    @property
    def block(self) -> int:
        """How many cells the reader would lay out."""
        return (max(self.rows) + 1) * (max(self.columns) + 1) if self.rows else 0


@dataclass
class Drawn:
    """A sheet drawn together: the rows and columns that were kept, by their numbers (from 0) in the file."""

    rows: list[int]
    columns: list[int]

    def spread(self, rows: Sequence[list[Any]]) -> list[list[Any]]:
        """The rows at their own numbers again."""
        found: list[list[Any]] = []
        width = len(self.columns)
        for number, row in zip(self.rows, rows, strict=False):
            found.extend([EMPTY] * (number - len(found)))
            found.append(self._placed(row[:width]))
        return found

    def _placed(self, row: list[Any]) -> list[Any]:
        filled = [i for i, cell in enumerate(row) if cell != ""]
        placed: list[Any] = [""] * (self.columns[filled[-1]] + 1 if filled else 0)
        for i in filled:
            placed[self.columns[i]] = row[i]
        return placed


def far_reaching(package: Package) -> dict[str, Reach]:
    """The parts whose cells reach farther than we take, with how far. Raises TooMuch, BadPackage."""
    names = {name.lower() for name in package.names}
    if OTHER_KINDS & names:
        raise BadPackage("kind")
    referred = package.read(RELATIONS).lower() if RELATIONS in package.names else b""
    if b"&#" in referred:
        raise BadPackage("relations")
    merged, found = 0, {}
    for part in package.parts:
        path = PurePosixPath(part.filename.lower())
        looked_at = path.suffix not in NO_TABLE or path.name.encode() in referred
        ordinary, ranges = _looked_through(package, part) if looked_at else (_counted(package, part), 0)
        merged += ranges
        if merged > MOST_MERGED:
            raise TooMuch("merged")
        if not ordinary:
            reach = measured(package, part)
            if reach.block > MOST_CELLS:
                found[part.filename] = reach
    return found


def _counted(package: Package, part: zipfile.ZipInfo) -> bool:
    return all(True for _ in package.pieces(part))


def _looked_through(package: Package, part: zipfile.ZipInfo) -> tuple[bool, int]:
    """Whether every cell of a part stands where ordinary sheets end, and how often it speaks of merged cells."""
    ordinary, merged = True, 0
    for text in package.texts(part):
        merged += text.count(b"mergeCell ")
        if any(COUNTED.search(strings[1]) for strings in STRINGS.finditer(text)):
            raise TooMuch("strings")
        ordinary = ordinary and not FAR.search(text) and not PREFIXED.search(text)
    return ordinary, merged


def measured(package: Package, part: zipfile.ZipInfo) -> Reach:
    """How far a part reaches, cell by cell."""
    meter = _Meter()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = meter.begin, meter.end
    try:
        for piece in package.pieces(part):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise BadPackage(str(error)) from None
    return meter.reach


class _Meter:
    """Follows the cells of a sheet as the reader does, also those that do not say where they stand."""

    def __init__(self) -> None:
        self.reach = Reach()
        self._row = self._column = 0
        self._cell: tuple[int, int] | None = None

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        kind = name.rpartition(":")[2]
        if kind == "c":
            self.reach.cells += 1
            place = attributes.get("r")
            if place is not None:
                row, self._column = place_of(place)
            else:
                row = self._row
            self._cell = (row, self._column)
        elif kind == "row" and "r" in attributes:
            self._row = _number(attributes["r"]) - 1
        elif self._cell is not None:
            self._fill(*self._cell)
            self._cell = None

    def end(self, name: str) -> None:
        """An element ends."""
        kind = name.rpartition(":")[2]
        if kind == "c":
            self._cell = None
            self._column += 1
        elif kind == "row":
            self._row, self._column = self._row + 1, 0

    def _fill(self, row: int, column: int) -> None:
        if row >= ROWS or column >= COLUMNS:
            raise BadPackage("place")
        self.reach.rows.add(row)
        self.reach.columns.add(column)
        self.reach.filled += 1
        if self.reach.filled > MOST_CELLS:
            raise TooMuch("cells")


def place_of(written: str) -> tuple[int, int]:
    """Row and column (from 0) of a cell's name."""
    found = PLACE.fullmatch(written)
    if not found:
        raise BadPackage("place")
    return int(found[2]) - 1, _column_of(found[1].encode())


def _number(written: str) -> int:
    if not (written.isascii() and written.isdigit() and len(written) <= 7):
        raise BadPackage("place")
    return int(written)


@cache
def _column_of(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1


@cache
def _letters(column: int) -> bytes:
    letters, column = b"", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = bytes([65 + rest]) + letters
    return letters


def drawn_together(package: Package, far: dict[str, Reach]) -> tuple[BytesIO, dict[str, Drawn]]:
    """The workbook with the empty rows and columns of the far-reaching sheets left out, and for each of these, by its
    name, what was kept. Raises TooMuch where even that is too large."""
    names, drawn = _sheet_names(package), {}
    copy = BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for part in package.parts:
            reach = far.get(part.filename)
            pieces = package.pieces(part)
            if reach is not None:
                one = _kept(reach)
                pieces = _renumbered(package.texts(part), one, reach)
                drawn[names.get(part.filename.lower(), "")] = one
            with book.open(part.filename, "w") as target:
                for piece in pieces:
                    target.write(piece)
    copy.seek(0)
    return copy, drawn


def _kept(reach: Reach) -> Drawn:
    drawn = Drawn(sorted(reach.rows), sorted(c for c in reach.columns if c < WIDEST))
    if len(drawn.rows) * (len(drawn.columns) + 1) > MOST_CELLS:
        raise TooMuch("cells")
    return drawn


def _renumbered(texts: Iterator[bytes], drawn: Drawn, reach: Reach) -> Iterator[bytes]:
    """The sheet with each cell at the place it has among the rows and columns kept; columns too far out share one."""
    rows = {number: b"%d" % (i + 1) for i, number in enumerate(drawn.rows)}
    columns = {number: _letters(i) for i, number in enumerate(drawn.columns)}
    beyond, met = _letters(len(drawn.columns)), 0

    def moved(found: re.Match[bytes]) -> bytes:
        column, row = _column_of(found[2]), int(found[3]) - 1
        return b'<%s r="%s%s"' % (found[1], columns.get(column, beyond), rows.get(row, b"1"))

    for text in texts:
        text, n = CELL.subn(moved, text)
        met += n
        yield text
    if met != reach.cells:  # cells written in some other way stay where they are, and that is too far
        raise TooMuch("cells")


def _sheet_names(package: Package) -> dict[str, str]:
    """The names of the sheets by their parts."""
    try:
        book, relations = (ElementTree.fromstring(package.read(name)) for name in ("xl/workbook.xml", RELATIONS))  # noqa: S314
    except ElementTree.ParseError as error:
        raise BadPackage(str(error)) from None
    targets = {one.get("Id", ""): one.get("Target", "").lower() for one in relations}
    found = {}
    for one in book.iter():
        if one.tag.rpartition("}")[2] == "sheet":
            key = next((value for name, value in one.items() if name.rpartition("}")[2] == "id"), "")
            target = targets.get(key, "").removeprefix("/")
            found[target if target.startswith("xl/") else f"xl/{target}"] = one.get("name", "")
    return found
