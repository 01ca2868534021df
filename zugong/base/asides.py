"""What an office file says beside its cells and paragraphs: headers and footers, names of sheets, comments, text boxes,
properties. No reader of ours shows these, and a mark of secrecy may stand there alone. And whether it brings programs.
"""

from __future__ import annotations

import html
import re
import struct
from collections.abc import Iterator

from zugong.base.compound import BOUND_SHEET, Compound
from zugong.base.packages import BadPackage, Package

PROGRAMS = re.compile(
    r"(?:^|/)(?:vbaproject\.bin|vbadata\.xml)$|^xl/(?:macrosheets|dialogsheets)/|(?:^|/)activex/", re.IGNORECASE
)
PROGRAM_TYPES = re.compile(rb"macroEnabled|vbaProject|ms-excel\.intlmacrosheet", re.IGNORECASE)
TYPES = "[Content_Types].xml"
ASIDES = re.compile(
    r"word/(?:header|footer|comments|footnotes|endnotes)\d*\.xml|word/(?:diagrams|charts)/.*\.xml"
    r"|xl/(?:comments\d*|threadedComments/.*|drawings/[^/]*|charts/[^/]*)\.xml|xl/(?:drawings/)?vmlDrawing\d*\.vml"
    r"|docProps/(?:core|app|custom)\.xml|xl/workbook\.xml",
    re.IGNORECASE,
)
SHEET, TEXT = re.compile(r"xl/worksheets/[^/]*\.xml", re.IGNORECASE), "word/document.xml"
MOST_ASIDE = 2 << 20  # of one part: a header of two million bytes says nothing anybody reads
TAIL = 1 << 16
FIRST_PARAGRAPHS = 15  # where a paper's title stands, tables and text boxes counted
LINE_ENDS = re.compile(r"</(?:\w+:)?(?:p|comment|text|div)>|<(?:\w+:)?br\b[^>]*>")
TAGS = re.compile(r"<[^>]*>")
HEADED = re.compile(r"<(?:\w+:)?((?:odd|even|first)(?:Header|Footer))>(.*?)</(?:\w+:)?\1>", re.DOTALL)
CODES = re.compile(r'&(?:[LCR]|"[^"]*"|\d+|K[0-9A-Fa-f+-]{6,8}|[A-Z])')
BOXES = re.compile(r"<((?:\w+:)?(?:txbxContent|textbox|txBody))\b.*?</\1>", re.DOTALL)
SAID = re.compile(r'\b(?:name|title|descr|alt|string)="([^"]*)"')
HEADER, FOOTER = 0x14, 0x15
MACROS_OF_OLD = {"_VBA_PROJECT_CUR", "_VBA_PROJECT", "Macros"}
PROPERTIES = ("\x05SummaryInformation", "\x05DocumentSummaryInformation")


def brings_programs(package: Package) -> bool:
    """Whether a package holds macros or controls, under whatever ending it comes."""
    if any(PROGRAMS.search(name.replace("\\", "/")) for name in package.names):
        return True
    return TYPES in package.names and bool(PROGRAM_TYPES.search(package.read(TYPES)))


def of_package(package: Package) -> Iterator[str]:
    """The lines a .xlsx or .docx says beside its cells and paragraphs, and the first lines of a paper. Raises BadPackage."""
    for part in package.parts:
        name = part.filename.replace("\\", "/")
        if ASIDES.fullmatch(name):
            ends = TAGS if name.lower().startswith("docprops/") else LINE_ENDS
            yield from _lines(_begun(package.pieces(part), MOST_ASIDE), ends)
        elif SHEET.fullmatch(name):
            yield from _headed(_ended(package.pieces(part)))
        elif name == TEXT:
            text = b"".join(package.pieces(part)).decode("utf-8", "replace")
            yield from _first(text)
            for found in BOXES.finditer(text):
                yield from _lines(found[0])


def of_old_workbook(data: bytes) -> Iterator[str]:
    """The same of a .xls. Raises BadPackage."""
    file = Compound(data)
    for name in PROPERTIES:
        if name in file.directory:
            yield from _printable(file.stream(name))
    name = next((name for name in ("Workbook", "Book") if name in file.directory), "")
    stream, at = file.stream(name) if name else b"", 0
    while at + 4 <= len(stream):  # over the ends of its parts: the headers stand among the records of each sheet
        kind, length = struct.unpack_from("<HH", stream, at)
        record = stream[at + 4 : at + 4 + length]
        if kind in (HEADER, FOOTER) and length > 3:
            yield from CODES.sub("\n", _string(record[2:], struct.unpack_from("<H", record)[0])).split("\n")
        elif kind == BOUND_SHEET and length > 8:
            yield _string(record[7:], record[6])
        at += 4 + length


def old_brings_programs(data: bytes) -> bool:
    """Whether a .xls holds macros."""
    return bool(MACROS_OF_OLD & Compound(data).directory.keys())


def _begun(pieces: Iterator[bytes], most: int) -> str:
    found = b""
    for piece in pieces:
        found += piece[: most - len(found)]
    return found.decode("utf-8", "replace")


def _ended(pieces: Iterator[bytes]) -> str:
    tail = b""
    for piece in pieces:
        tail = (tail + piece)[-TAIL:] if len(piece) < TAIL else piece[-TAIL:]
    return tail.decode("utf-8", "replace")


def _headed(markup: str) -> Iterator[str]:
    for found in HEADED.finditer(markup):
        yield from CODES.sub("\n", html.unescape(TAGS.sub("", found[2]))).split("\n")


def _lines(markup: str, ends: re.Pattern[str] = LINE_ENDS) -> Iterator[str]:
    """What a part says: its paragraphs, and the names in its attributes (a watermark's letters are one)."""
    yield from (html.unescape(TAGS.sub("", piece)) for piece in ends.split(markup))
    yield from (html.unescape(found) for found in SAID.findall(markup))


def _first(markup: str) -> Iterator[str]:
    told = 0
    for piece in LINE_ENDS.split(markup):
        if line := html.unescape(TAGS.sub("", piece)).strip():
            yield line
            told += 1
            if told == FIRST_PARAGRAPHS:
                return


def _string(raw: bytes, length: int) -> str:
    """A string of the later .xls, whose first byte says how wide its letters are."""
    if not raw:
        return ""
    return raw[1 : 1 + 2 * length].decode("utf-16-le", "replace") if raw[0] & 1 else raw[1 : 1 + length].decode("latin-1")


def _printable(raw: bytes) -> Iterator[str]:
    """Whatever reads as words in a stream of properties, in the encodings office programs write."""
    for encoding in ("utf-16-le", "gb18030", "utf-8"):
        yield from re.split(r"[\x00-\x1f]+", raw.decode(encoding, "replace"))


def insist_on_no_programs(package: Package) -> None:
    """Raises BadPackage("programs") for a package with macros or controls."""
    if brings_programs(package):
        raise BadPackage("programs")
