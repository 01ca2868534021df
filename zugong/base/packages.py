"""Office files are zip packages: unpacked piece by piece and counted, so that a small file cannot become a huge one.

The directory of a package may lie about sizes; what counts is what comes out.
"""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

PIECE = 1 << 20
MOST_PARTS = 5_000
MOST_UNPACKED = 300 * PIECE
PLAUSIBLE = 50 * PIECE  # unpacked up to here, a package may be packed as tightly as it likes
MOST_RATIO = 200  # a real table is packed to a tenth, an empty one to a fiftieth
TAIL = 66_000  # where the directory's end stands, with the longest comment there can be
DIRECTORY_ENDS = b"PK\x05\x06"
LOCAL_HEADER = struct.Struct("<26xHH")
LONGEST_TAG = 1 << 16
XML = (".xml", ".rels")
DRIVE = re.compile(r"[A-Za-z]:")
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


class BadPackage(ValueError):
    """A file that is no sound package."""


class TooMuch(BadPackage):
    """A package that unpacks to more than we take."""


class Package:
    """An office file open for reading. Raises BadPackage where it is not sound, TooMuch beyond what is allowed."""

    def __init__(self, file: BinaryIO, most: int = MOST_UNPACKED) -> None:
        self.file, self.most, self.unpacked = file, most, 0
        self._seen: dict[int, int] = {}  # how far each part was unpacked before: nothing is counted twice
        self.size = file.seek(0, 2)
        file.seek(max(0, self.size - TAIL))
        if file.read().count(DIRECTORY_ENDS) != 1:  # with two directories, two programs could read two different files
            raise BadPackage("directory")
        file.seek(0)
        try:
            self.parts = zipfile.ZipFile(file).infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError) as error:
            raise BadPackage(str(error)) from None
        if len(self.parts) > MOST_PARTS:
            raise TooMuch("parts")
        _insist_on_names(self.parts)
        self._count_on(sum(part.file_size for part in self.parts))

    @property
    def names(self) -> set[str]:
        """The names of its parts."""
        return {part.filename for part in self.parts}

    def pieces(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        """A part, unpacked, in pieces of at most a megabyte."""
        if part.flag_bits & 1 or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadPackage("packing")
        at = 0
        for piece in self._inflated(part) if part.compress_type else self._packed(part):
            if not at and (piece.startswith(WIDE_MARKS) or b"\0" in piece[:4]) and part.filename.endswith(XML):
                raise BadPackage("encoding")  # office programs write UTF-8; in other letters a document could hide
            at += len(piece)
            self._count(part, at)
            yield piece

    def texts(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        """The same of a part in XML, never cut inside the first characters of a tag."""
        for text in _whole_tags(self.pieces(part)):
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise BadPackage("entities")  # office programs write none, and a few lines of them unfold to gigabytes
            yield text

    def read(self, name: str) -> bytes:
        """A part as a whole."""
        part = next((part for part in reversed(self.parts) if part.filename == name), None)
        if part is None:
            raise BadPackage(name)
        return b"".join(self.pieces(part))

    def _count(self, part: zipfile.ZipInfo, reached: int) -> None:
        before = self._seen.get(id(part), 0)
        if reached > before:
            self._seen[id(part)] = reached
            self.unpacked += reached - before
            self._count_on(self.unpacked)

    def _count_on(self, unpacked: int) -> None:
        if unpacked > self.most or unpacked > max(PLAUSIBLE, MOST_RATIO * self.size):
            raise TooMuch("size")

    def _packed(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        self.file.seek(part.header_offset)
        header = self.file.read(LOCAL_HEADER.size)
        if len(header) < LOCAL_HEADER.size:
            raise BadPackage("part")
        at, left = part.header_offset + LOCAL_HEADER.size + sum(LOCAL_HEADER.unpack(header)), part.compress_size
        while left > 0:
            self.file.seek(at)
            piece = self.file.read(min(left, PIECE))
            if not piece:
                raise BadPackage("part")
            at, left = at + len(piece), left - len(piece)
            yield piece

    def _inflated(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        machine = zlib.decompressobj(-15)
        for packed in self._packed(part):
            waiting = packed
            while waiting and not machine.eof:
                try:
                    piece = machine.decompress(waiting, PIECE)
                except zlib.error as error:
                    raise BadPackage(str(error)) from None
                waiting = machine.unconsumed_tail
                if piece:
                    yield piece
        if not machine.eof:
            raise BadPackage("part")


def _insist_on_names(parts: list[zipfile.ZipInfo]) -> None:
    """Raises BadPackage for a part that would lie outside, is a link, or has the name of another: nothing is unpacked to
    names here, but a package that tries is no honest one."""
    met = set()
    for part in parts:
        name = part.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or DRIVE.match(name) or stat.S_ISLNK(part.external_attr >> 16):
            raise BadPackage("names")
        if name.casefold() in met:
            raise BadPackage("names")
        met.add(name.casefold())


def _whole_tags(pieces: Iterator[bytes]) -> Iterator[bytes]:
    kept = b""
    for piece in pieces:
        text = kept + piece
        cut = text.rfind(b"<")
        if cut < 0 or len(text) - cut > LONGEST_TAG:
            cut = len(text)
        kept = text[cut:]
        yield text[:cut]
    yield kept
