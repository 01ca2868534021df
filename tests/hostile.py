"""Files nobody in their right mind would send: malformed, oversized, lying about themselves. The same ones every time.

`files(root, how_many)` gives (kind, name, content, must_be_refused) round after round over all kinds.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from pathlib import Path

from docx import Document

Made = tuple[str, bytes, bool]
KINDS: dict[str, Callable[[Path, random.Random], Made]] = {}
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"
TYPES = "[Content_Types].xml"
SLOW = frozenset({"very_many_rows", "very_many_columns", "very_many_lines", "bomb_that_lies_about_its_size", "scattered_cells"})
SLOW_ROUNDS = 2
MEGABYTE = 1 << 20
XF = '<xf numFmtId="14"/>'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def kind(function: Callable[[Path, random.Random], Made]) -> Callable[[Path, random.Random], Made]:
    KINDS[function.__name__] = function
    return function


def files(
    root: Path, how_many: int, seed: int = 20261130, leave_out: frozenset[str] = frozenset()
) -> Iterator[tuple[str, str, bytes, bool]]:
    chance = random.Random(seed)
    for number in count():
        for of, make in KINDS.items():
            if of in leave_out or (of in SLOW and number >= SLOW_ROUNDS):
                continue
            if how_many == 0:
                return
            ending, content, refused = make(root, chance)
            yield of, f"{of}-{number}.{ending}", content, refused
            how_many -= 1


@cache
def sound(root: Path, ending: str) -> bytes:
    """A sound file of a kind."""
    if ending == "docx":
        made, held = Document(), io.BytesIO()
        made.add_paragraph("云溪县2023年上半年工作总结")
        made.add_paragraph("一、召开支部党员大会3次，走访群众12户。")
        made.save(held)
        return held.getvalue()
    name = {"xlsx": "16重点工作清单.xlsx", "xls": "18帮带结对台账.xls", "csv": "19宣传稿件台账.csv"}[ending]
    return (root / "examples/yunxi" / name).read_bytes()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return {name: book.read(name) for name in book.namelist()}


def packed(parts: list[tuple[str | zipfile.ZipInfo, bytes]], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", how) as book:
        for name, content in parts:
            book.writestr(name, content, compress_type=how)
    return held.getvalue()


def with_parts(root: Path, ending: str, **changed: bytes | None) -> bytes:
    """The sound file with parts put in place (or, by None, left out); names are given with __ for / and _0 for ."""
    parts = parts_of(sound(root, ending))
    for name, content in changed.items():
        if content is None:
            parts.pop(name, None)
        else:
            parts[name] = content
    return packed(list(parts.items()))


def put(root: Path, ending: str, name: str, content: bytes | None) -> bytes:
    return with_parts(root, ending, **{name: content})


def sheet_of(inside: str | bytes, before: str = "", after: str = "") -> bytes:
    inside = inside.encode() if isinstance(inside, str) else inside
    return b'<?xml version="1.0"?>%s<worksheet xmlns="%s"><sheetData>%s</sheetData>%s</worksheet>' % (
        before.encode(), MAIN.encode(), inside, after.encode(),
    )  # fmt: skip


def any_ending(chance: random.Random) -> str:
    return chance.choice(["xlsx", "xls", "docx", "csv"])


def main_part(ending: str) -> str:
    return SHEET if ending == "xlsx" else "word/document.xml"


def document(inside: str, before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<w:document xmlns:w="{WORD}"><w:body>{inside}</w:body></w:document>'.encode()


# ---- damaged ----


@kind
def truncated(root, chance):
    ending = chance.choice(["xlsx", "xls", "docx"])
    data = sound(root, ending)
    return ending, data[: chance.randrange(1, len(data) * 9 // 10)], True


@kind
def bits_turned(root, chance):
    ending = any_ending(chance)
    data = bytearray(sound(root, ending))
    for _ in range(chance.choice([1, 3, 30, 300])):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return ending, bytes(data), False


@kind
def a_piece_of_noise(root, chance):
    ending = any_ending(chance)
    data = bytearray(sound(root, ending))
    at, length = chance.randrange(len(data)), chance.choice([4, 64, 1024])
    data[at : at + length] = chance.randbytes(length)
    return ending, bytes(data), False


@kind
def only_noise(root, chance):
    return chance.choice(["xlsx", "xls", "docx"]), chance.randbytes(chance.choice([1, 511, 5000, 200_000])), True


@kind
def only_zeros(root, chance):
    return any_ending(chance), bytes(chance.choice([1, 512, 100_000])), True


@kind
def wrong_ending(root, chance):
    ours, other = chance.sample(["xlsx", "xls", "docx"], 2)
    return other, sound(root, ours), True


@kind
def another_program(root, chance):
    beginnings = (b"MZ", b"\x7fELF", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")
    texts = (b"<html><script>alert(1)</script>", b"#!/bin/sh\nrm -rf /\n")
    return chance.choice(["xlsx", "xls", "docx"]), chance.choice([*beginnings, *texts]) + bytes(500), True


@kind
def two_files_in_one(root, chance):
    ours = chance.choice(["xlsx", "docx"])
    before = chance.choice([sound(root, "xls"), b"%PDF-1.7\n", b"MZ", sound(root, ours)])
    return ours, before + sound(root, ours), False


# ---- packages ----


@kind
def bomb(root, chance):
    ending = chance.choice(["xlsx", "docx"])
    return (
        ending,
        put(root, ending, chance.choice([main_part(ending), "media/a.png"]), bytes(chance.choice([120, 310]) * MEGABYTE)),
        True,
    )


@kind
def bomb_that_lies_about_its_size(root, chance):
    ending = chance.choice(["xlsx", "docx"])
    data = bytearray(put(root, ending, main_part(ending), b"<" * 60 * MEGABYTE + bytes(60 * MEGABYTE)))
    at = data.rfind(main_part(ending).encode()) - 46
    struct.pack_into("<I", data, at + 24, 100)
    return ending, bytes(data), True


@kind
def packages_in_packages(root, chance):
    ending = chance.choice(["xlsx", "docx"])
    inner = sound(root, ending)
    for depth in range(chance.choice([3, 20])):
        inner = packed([(f"{depth}.zip", inner), (TYPES, b"<Types/>")])
    return ending, inner, True


@kind
def very_many_parts(root, chance):
    ending = chance.choice(["xlsx", "docx"])
    parts = list(parts_of(sound(root, ending)).items())
    return ending, packed([*parts, *((f"x/{n}.xml", b"<a/>") for n in range(6000))], zipfile.ZIP_STORED), True


@kind
def names_that_lead_out(root, chance):
    ending = chance.choice(["xlsx", "docx"])
    name = chance.choice(
        ["../../../../tmp/evil.xml", "/etc/cron.d/evil", "..\\..\\evil.xml", "C:\\evil.xml", "xl/../../evil.xml"]
    )
    return ending, packed([*parts_of(sound(root, ending)).items(), (name, b"evil")]), True


@kind
def a_part_twice(root, chance):
    ending = chance.choice(["xlsx", "docx"])
    parts = list(parts_of(sound(root, ending)).items())
    name = main_part(ending)
    data = packed([*parts, ("X" * len(name), b"<evil/>")])
    again = chance.choice([name, name.upper()])
    return ending, data.replace(b"X" * len(name), again.encode()), True


@kind
def a_part_that_is_a_link(root, chance):
    ending = chance.choice(["xlsx", "docx"])
    link = zipfile.ZipInfo("xl/link.xml")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    return ending, packed([*parts_of(sound(root, ending)).items(), (link, b"/etc/passwd")]), True


@kind
def a_part_is_missing(root, chance):
    ending = chance.choice(["xlsx", "docx"])
    missing = {"xlsx": [SHEET, "xl/workbook.xml"], "docx": ["word/document.xml", TYPES, "_rels/.rels"]}
    return ending, put(root, ending, chance.choice(missing[ending]), None), True


@kind
def another_packing(root, chance):
    ending = chance.choice(["xlsx", "docx"])
    return (
        ending,
        packed(list(parts_of(sound(root, ending)).items()), chance.choice([zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])),
        True,
    )


@kind
def relations_in_a_circle(root, chance):
    ending = chance.choice(["xlsx", "docx"])
    part = "xl/_rels/workbook.xml.rels" if ending == "xlsx" else "word/_rels/document.xml.rels"
    inside = "".join(
        f'<Relationship Id="rId{n}" Type="http://x/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(
            [("worksheet", "workbook.xml"), ("a", "_rels/workbook.xml.rels"), ("b", "document.xml")]
        )
    )
    return ending, put(root, ending, part, f"<Relationships>{inside}</Relationships>".encode()), False


@kind
def relations_to_elsewhere(root, chance):
    target = chance.choice(["file:///etc/passwd", "http://127.0.0.1:1/x", "\\\\evil\\share\\x", "../../../etc/passwd"])
    inside = f'<Relationship Id="rId1" Type="http://x/worksheet" TargetMode="External" Target="{target}"/>'
    return "xlsx", put(root, "xlsx", "xl/_rels/workbook.xml.rels", f"<Relationships>{inside}</Relationships>".encode()), True


@kind
def macros(root, chance):
    ending = chance.choice(["xlsx", "docx"])
    parts = parts_of(sound(root, ending))
    if chance.random() < 0.5:
        parts["xl/vbaProject.bin" if ending == "xlsx" else "word/vbaProject.bin"] = sound(root, "xls")
    else:
        parts[TYPES] = (
            parts[TYPES].replace(b".main+xml", b".macroEnabled.main+xml").replace(b"sheet.main", b"sheet.macroEnabled.main")
        )
        parts[TYPES] += b"<!-- macroEnabled -->"
    return ending, packed(list(parts.items())), True


@kind
def objects_and_links_inside(root, chance):
    ending = chance.choice(["xlsx", "docx"])
    held = {
        "xl/embeddings/oleObject1.bin": sound(root, "xls"),
        "xl/externalLinks/externalLink1.xml": b'<externalLink ddeService="cmd"/>',
    }
    return ending, packed([*parts_of(sound(root, ending)).items(), *held.items()]), False


# ---- markup ----


@kind
def entities(root, chance):
    ending = chance.choice(["xlsx", "docx"])
    laughs = '<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    outside = chance.choice(
        ['<!ENTITY j SYSTEM "file:///etc/passwd">', '<!ENTITY % j SYSTEM "http://127.0.0.1:1/x.dtd"> %j;', ""]
    )
    before = f"<!DOCTYPE x [{laughs}{outside}]>"
    inside = '<row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row>'
    content = sheet_of(inside, before) if ending == "xlsx" else document("<w:p><w:r><w:t>&j;</w:t></w:r></w:p>", before)
    return ending, put(root, ending, main_part(ending), content), True


@kind
def broken_markup(root, chance):
    ending = chance.choice(["xlsx", "docx"])
    content = parts_of(sound(root, ending))[main_part(ending)]
    cut = chance.randrange(len(content) // 2)
    made = chance.choice(
        [content[:cut], content + b"</x>", b"", b"<a>" * 1000, content.replace(b"</", b"<", 1), b"\0" + content]
    )
    return ending, put(root, ending, main_part(ending), made), ending == "docx" and not made.startswith(content)


@kind
def deep_markup(root, chance):
    ending = chance.choice(["xlsx", "docx"])
    depth = chance.choice([300, 20_000])
    inside = "<w:tbl><w:tr><w:tc>" * depth + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * depth
    content = sheet_of("<x>" * depth + "</x>" * depth) if ending == "xlsx" else document(inside)
    return ending, put(root, ending, main_part(ending), content), True


@kind
def other_letters(root, chance):
    ending = chance.choice(["xlsx", "docx"])
    text = parts_of(sound(root, ending))[main_part(ending)].decode()
    encoding = chance.choice(["utf-16", "utf-32", "utf-16-be"])
    return ending, put(root, ending, main_part(ending), text.replace("UTF-8", encoding).encode(encoding)), True


# ---- sheets ----


@kind
def corners(root, chance):
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    said = sheet_of(cells).replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')
    return "xlsx", put(root, "xlsx", SHEET, said), True


@kind
def cells_beyond(root, chance):
    place = chance.choice(["ZZZ9999999", "A0", "A-1", "XFE1", "A1048577", "1A", "", "A" * 5000, "A99999999999"])
    return "xlsx", put(root, "xlsx", SHEET, sheet_of(f'<row r="1"><c r="{place}"><v>1</v></c></row>')), True


@kind
def scattered_cells(root, chance):
    inside = "".join(f'<row r="{n * 1000 + 1}"><c r="XFD{n * 1000 + 1}"><v>1</v></c></row>' for n in range(1000))
    return "xlsx", put(root, "xlsx", SHEET, sheet_of(inside)), True


@kind
def very_many_rows(root, chance):
    row = b"<row>" + b"<c><v>1</v></c>" * 10 + b"</row>"
    return "xlsx", put(root, "xlsx", SHEET, sheet_of(row * 510_000)), True


@kind
def very_many_columns(root, chance):
    row = "".join(f'<c t="inlineStr"><is><t>列{n}</t></is></c>' for n in range(16384))
    return "xlsx", put(root, "xlsx", SHEET, sheet_of(f"<row>{row}</row>" * chance.choice([1, 40]))), True


@kind
def very_many_sheets(root, chance):
    sheets = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, 3000))
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{sheets}</sheets></workbook>'
    return "xlsx", put(root, "xlsx", "xl/workbook.xml", book.encode()), True


@kind
def very_many_merged(root, chance):
    if chance.random() < 0.5:
        merged = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 210_000))
    else:
        merged = '<mergeCell ref="A1:XFD1048576"/>' * 50
    return "xlsx", put(root, "xlsx", SHEET, sheet_of("", after=f"<mergeCells count='4000000000'>{merged}</mergeCells>")), True


@kind
def very_many_styles(root, chance):
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs count="4000000000">{XF * 100_000}</cellXfs></styleSheet>'
    return "xlsx", put(root, "xlsx", "xl/styles.xml", styles.encode()), False


@kind
def very_many_strings(root, chance):
    said = chance.choice(["count='4000000000'", "uniqueCount='4000000000'", "count='5' uniqueCount='18446744073709551615'"])
    strings = f'<sst xmlns="{MAIN}" {said}>{"<si><t>重</t></si>" * chance.choice([1, 1_000_000])}</sst>'
    return "xlsx", put(root, "xlsx", "xl/sharedStrings.xml", strings.encode()), True


@kind
def strings_that_are_not_there(root, chance):
    number = chance.choice(["99999999", "-1", "18446744073709551616", "x", "1e9"])
    return "xlsx", put(root, "xlsx", SHEET, sheet_of(f'<row r="1"><c r="A1" t="s"><v>{number}</v></c></row>')), True


@kind
def long_cells(root, chance):
    ending = chance.choice(["xlsx", "csv"])
    if ending == "csv":
        return ending, ("重点任务,牵头科室\n" + '"' + "长" * chance.choice([140_000, 2_000_000]) + '",组织科\n').encode(), True
    text = "长" * chance.choice([40_000, 3_000_000])
    return (
        ending,
        put(root, ending, SHEET, sheet_of(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>')),
        True,
    )


@kind
def bad_days_and_numbers(root, chance):
    values = ["-1", "1e308", "NaN", "INF", "2958466", "99999999999999999999", "0.0000001", "-657435"]
    cells = "".join(f'<c s="1" t="{t}"><v>{v}</v></c>' for v in values for t in ("n", "d", "e", "b", "?"))
    return "xlsx", put(root, "xlsx", SHEET, sheet_of(f"<row>{cells}</row>" * 5)), True


# ---- old workbooks ----


@kind
def sectors_in_a_circle(root, chance):
    data = bytearray(sound(root, "xls"))
    table = (struct.unpack_from("<I", data, 76)[0] + 1) * 512
    for n in range(128):
        struct.pack_into("<I", data, table + 4 * n, chance.choice([n, 0, (n + 1) % 128]))
    return "xls", bytes(data), True


@kind
def sectors_that_are_not_there(root, chance):
    data = bytearray(sound(root, "xls"))
    struct.pack_into("<I", data, chance.choice([44, 48, 60, 64, 68, 72, 76]), chance.choice([0xFFFFFFF0, 10**6, 0x7FFFFFFF]))
    return "xls", bytes(data), False


@kind
def records_that_lie(root, chance):
    data = bytearray(sound(root, "xls"))
    for _ in range(chance.choice([1, 20])):
        at = chance.randrange(512, len(data) - 4)
        struct.pack_into("<I", data, at, chance.choice([0xFFFFFFFF, 0x7FFFFFFF, 0]))
    return "xls", bytes(data), False


@kind
def a_directory_of_noise(root, chance):
    data = bytearray(sound(root, "xls"))
    at = (struct.unpack_from("<I", data, 48)[0] + 1) * 512
    data[at : at + 512] = chance.choice([chance.randbytes(512), bytes(512), b"\xff" * 512])
    return "xls", bytes(data), True


# ---- lines of text ----


@kind
def very_wide_lines(root, chance):
    return "csv", ("列," * 100_000 + "\n" + "1," * 100_000).encode(), True


@kind
def very_many_lines(root, chance):
    line, number = chance.choice([(b"\n", 20_000_000), (b"ab\n", 5_500_000), (b",\n", 4_000_000), (b"\r", 9_000_000)])
    return "csv", line * number, True


@kind
def unknown_letters(root, chance):
    text = sound(root, "csv").decode("utf-8-sig", "ignore")
    bad = [
        text.encode("utf-16"),
        text.encode("utf-32"),
        b"\xff\xfe\x00",
        b"\x81\xff\x80" * 900,
        text.encode()[:-1] + b"\xe4",
        b"\xef\xbb\xbf",
    ]
    return "csv", chance.choice(bad), False


@kind
def zeros_in_text(root, chance):
    data = sound(root, "csv")
    at = chance.randrange(len(data))
    return "csv", data[:at] + b"\0" * chance.choice([1, 500]) + data[at:], False


@kind
def open_quotes(root, chance):
    data = sound(root, "csv")
    at = chance.randrange(len(data))
    return "csv", data[:at] + b'"' + data[at:] * chance.choice([1, 60]), False
