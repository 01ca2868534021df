"""Old .xls workbooks, looked through before they are opened: sectors, streams, and how far the records of cells reach.

The reader trusts the counts such a file gives of itself and lays each sheet out as one block; a few bytes could make it
ask for more memory than there is. Nothing is read here but what keeps it from doing so.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from zugong.base.extents import MOST_CELLS, MOST_MERGED
from zugong.base.packages import BadPackage, TooMuch

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
END_OF_CHAIN, LAST_SECTOR = 0xFFFFFFFE, 0xFFFFFFFA
SMALL, SMALL_SECTOR = 4096, 64
MOST_SMALL_TABLES = 255
ENCRYPTED = "EncryptedPackage"
BOUND_SHEET, STRINGS, MERGED, DIMENSIONS, END, MANY_NUMBERS = 0x85, 0xFC, 0xE5, 0x200, 0x0A, 0xBD
CELLS = {0x203, 0x204, 0x205, 0x27E, 0xFD, 0x06, MANY_NUMBERS}
MOST_RECORDS = 3 * MOST_CELLS


class Compound:
    """A compound file: its directory and its streams. Raises BadPackage where it is not sound."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 512 or not data.startswith(SIGNATURE):
            raise BadPackage("signature")
        self.data = data
        shift, small = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or small != 6:
            raise BadPackage("sectors")
        self.size = 1 << shift
        self.sectors = -(-max(0, len(data) - self.size) // self.size)
        directories, tables, start, _, _, small_start, small_tables, more, _ = struct.unpack_from("<9I", data, 40)
        if max(directories, tables) > self.sectors or small_tables > MOST_SMALL_TABLES:
            raise BadPackage("counts")
        self.table = self._table(more)
        self.directory = self._directory(self.chain(start))
        root = next(iter(self.directory.values()), (0, 0))
        self._small = self.chain(root[0]) if small_tables else b""
        self._small_table = self._numbers(self.chain(small_start)) if small_tables else []

    def _table(self, more: int) -> list[int]:
        """Which sector follows which."""
        ids = list(struct.unpack_from("<109I", self.data, 76))
        for _ in range(self.sectors + 1):
            if more >= LAST_SECTOR:
                break
            *found, more = self._numbers(self.sector(more))
            ids += [one for one in found if one < LAST_SECTOR]
            if len(ids) > self.sectors + 109:
                raise BadPackage("loop")
        return [number for one in ids if one < LAST_SECTOR for number in self._numbers(self.sector(one))]

    def _numbers(self, raw: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4]))

    def sector(self, number: int) -> bytes:
        """One sector; the last may be short."""
        if number >= self.sectors:
            raise BadPackage("sector")
        return self.data[(number + 1) * self.size : (number + 2) * self.size]

    def chain(self, start: int) -> bytes:
        """The sectors from one on to the end of their chain."""
        return b"".join(self.sector(number) for number in _followed(start, self.table))

    def _directory(self, raw: bytes) -> dict[str, tuple[int, int]]:
        """Where each stream begins and how long it is; of two with one name, the first."""
        found: dict[str, tuple[int, int]] = {}
        for at in range(0, len(raw) - 127, 128):
            name = raw[at : at + 64].decode("utf-16-le", "replace").partition("\0")[0]
            start, length = struct.unpack_from("<II" if self.size == 512 else "<IQ", raw, at + 116)
            if length > len(self.data) and name in ("Workbook", "Book", "Root Entry"):
                raise BadPackage("length")
            found.setdefault(name, (start, length))
        return found

    def stream(self, name: str) -> bytes:
        """A stream as a whole."""
        start, length = self.directory[name]
        if length >= SMALL:
            return self.chain(start)[:length]
        at = (number * SMALL_SECTOR for number in _followed(start, self._small_table))
        return b"".join(self._small[one : one + SMALL_SECTOR] for one in at)[:length]


def _followed(start: int, table: list[int]) -> Iterator[int]:
    number = start
    for _ in range(len(table) + 1):
        if number == END_OF_CHAIN:
            return
        if number >= len(table):
            raise BadPackage("chain")
        yield number
        number = table[number]
    raise BadPackage("loop")


def is_encrypted(data: bytes) -> bool:
    """Whether this is how an .xlsx with a password is kept."""
    return ENCRYPTED in Compound(data).directory


def insist_on_bounds(data: bytes) -> None:
    """Raises BadPackage for a workbook that is not sound, TooMuch for one whose sheets are too large."""
    file = Compound(data)
    name = next((name for name in ("Workbook", "Book") if name in file.directory), "")
    if not name:
        raise BadPackage("stream")
    stream = file.stream(name)
    block, seen, merged = 0, 0, 0
    for start in _sheets(stream):
        sheet = _Sheet(stream, start, MOST_RECORDS - seen)
        block, seen, merged = block + sheet.block, seen + sheet.records, merged + sheet.merged
        if block > MOST_CELLS or merged > MOST_MERGED:
            raise TooMuch("cells")


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place and length of each record up to the end of its part."""
    at = start
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == END:
            return
        if at + 4 + length > len(stream):
            raise BadPackage("record")
        yield kind, at + 4, length
        at += 4 + length


def _sheets(stream: bytes) -> list[int]:
    """Where the sheets begin."""
    found = []
    for kind, at, length in _records(stream, 0):
        if kind == BOUND_SHEET and length >= 6:
            found.append(struct.unpack_from("<I", stream, at)[0])
        elif kind == STRINGS and (length < 8 or struct.unpack_from("<I", stream, at + 4)[0] > len(stream) // 3):
            raise BadPackage("strings")
    if any(start > len(stream) for start in found):
        raise BadPackage("sheet")
    return found


class _Sheet:
    """How far one sheet reaches, by its own word and by its cells, and how many merged ranges it has."""

    def __init__(self, stream: bytes, start: int, most: int) -> None:
        self.rows = self.columns = self.records = self.merged = 0
        self._said = 0
        for kind, at, length in _records(stream, start):
            self.records += 1
            if self.records > most:
                raise TooMuch("records")
            if kind in CELLS and length >= 6:
                row, column = struct.unpack_from("<HH", stream, at)
                last = column + (length - 6) // 6 if kind == MANY_NUMBERS else column
                self.rows, self.columns = max(self.rows, row + 1), max(self.columns, last + 1)
            elif kind == DIMENSIONS:
                self._said = max(self._said, _dimensions(stream[at : at + length]))
            elif kind == MERGED:
                self.merged += length // 8

    @property
    def block(self) -> int:
        """How many cells the reader would lay out."""
        return max(self.rows * self.columns, self._said)


def _dimensions(raw: bytes) -> int:
    """How many cells a sheet says it has."""
    if len(raw) not in (10, 14):
        raise BadPackage("dimensions")
    top, bottom, left, right = struct.unpack_from("<IIHH" if len(raw) == 14 else "<HHHH", raw)
    if bottom < 1 or right < 1:
        return 1
    if bottom <= top or right <= left:  # counted backwards, a number without bounds
        raise BadPackage("dimensions")
    return int((bottom - top) * (right - left))
