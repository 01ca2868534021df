"""Looking for numbers of people in whatever lies on a disk: in clear, turned round, and in the dress of other encodings."""

from __future__ import annotations

import base64
import binascii
import contextlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from python_calamine import CalamineWorkbook

RUN = re.compile(rb"[Xx]?\d(?:[ \t\-\xa0_.,]{0,2}\d){9,}[ \-]?[\dXx]?")  # digits as people space them
BETWEEN = re.compile(rb"[^\dXx]")
HEX = re.compile(rb"(?:3[0-9](?:00)?){10,}(?:3[0-9]|[57]8)?")
DRESSED = re.compile(rb"(?:(?:%|\\x|\\u00|&#x)3[0-9];?){10,}(?:(?:%|\\x|\\u00|&#x)[57]8;?)?")
CODE = re.compile(rb"([357][0-9])(?=[%\\&;]|$)")
BASE64 = re.compile(rb"[A-Za-z0-9+/\-_]{12,}")
ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
WIDE = "０１２３４５６７８９"
DEPTH = 3
LENGTHS = (18, 15, 14, 11)
NUMBER = re.compile(r"(?<![\dXx])(?:\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?![\dXx])")


def numbers_of(folder: Path) -> set[str]:
    """Every resident ID and phone in the ledgers of a folder, as they stand in their cells."""
    found: set[str] = set()
    for path in sorted(folder.iterdir()):
        if path.suffix == ".csv":
            raw = path.read_bytes()
            texts: Iterable[str] = [raw.decode("utf-8-sig", "ignore"), raw.decode("gb18030", "ignore")]
        elif path.suffix in (".xlsx", ".xls"):
            book = CalamineWorkbook.from_path(str(path))
            sheets = (book.get_sheet_by_index(i).to_python() for i in range(len(book.sheet_names)))
            cells = (cell for sheet in sheets for row in sheet for cell in row)
            texts = (f"{cell:.0f}" if isinstance(cell, float) else str(cell) for cell in cells)
        else:
            continue
        for text in texts:
            found.update(NUMBER.findall(re.sub(r"[\s\-]", "", text) if len(text) < 30 else text))
    return found


class Looker:
    """Knows the numbers looked for, whole, turned round, and the county with the birth date at the front of an ID."""

    def __init__(self, numbers: Iterable[str]) -> None:
        whole = {number.upper() for number in numbers}
        fronts = {number[:14] for number in whole if len(number) == 18}
        self.known = {one.encode(): one for one in whole | fronts}
        self.known |= {one[::-1].encode(): one for one in whole | fronts}

    def hits(self, data: bytes, depth: int = 0) -> set[str]:
        """The numbers that stand in the data in any dress."""
        found = set()
        for form in _forms(data):
            for run in RUN.finditer(form):
                found |= self._within(BETWEEN.sub(b"", run[0]).upper())
        for run in HEX.finditer(data):
            found |= self._within(bytes.fromhex(run[0].decode()).replace(b"\0", b"").upper())
        for run in DRESSED.finditer(data):
            found |= self._within(bytes.fromhex("".join(code.decode() for code in CODE.findall(run[0]))).upper())
        if depth < DEPTH:
            for inner in _inside(data):
                found |= self.hits(inner, depth + 1)
        return found

    def _within(self, run: bytes) -> set[str]:
        windows = (run[at : at + length] for length in LENGTHS for at in range(len(run) - length + 1))
        return {self.known[window] for window in windows if window in self.known}

    def in_files(self, paths: Iterable[Path]) -> dict[str, set[str]]:
        """Which of the files hold which numbers."""
        return {str(path): hits for path in paths if (hits := self.hits(path.read_bytes()))}


def _forms(data: bytes) -> Iterator[bytes]:
    """As it stands; without the zeros of UTF-16; with wide digits made narrow."""
    yield data
    if b"\0" in data:
        yield data.replace(b"\0", b"")
    for encoding in ("utf-8", "gbk"):
        if WIDE[1].encode(encoding) in data:
            narrow = data
            for n, wide in enumerate(WIDE):
                narrow = narrow.replace(wide.encode(encoding), b"%d" % n)
            yield narrow


def _inside(data: bytes) -> Iterator[bytes]:
    """What is packed or written in base64 in the data, however it is shifted."""
    if data[:2] == b"PK":
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                yield from (package.read(name) for name in package.namelist())
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error):
            pass
    for start in ZLIB.finditer(data):
        with contextlib.suppress(zlib.error):
            yield zlib.decompressobj(wbits=47).decompress(data[start.start() :], 50 << 20)
    decoded: list[list[bytes]] = [[], [], [], []]
    for run in BASE64.finditer(data):
        text = run[0].replace(b"-", b"+").replace(b"_", b"/")
        for shift in range(4):
            piece = text[shift : len(text) - ((len(text) - shift) % 4 == 1)]
            with contextlib.suppress(binascii.Error):
                decoded[shift].append(base64.b64decode(piece + b"=" * (-len(piece) % 4)))
    yield from (b"\n\n\n\n".join(pieces) for pieces in decoded if pieces)
