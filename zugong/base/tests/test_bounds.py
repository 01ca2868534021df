"""Files that would be too much: told before the reader lays them out, refused in a sentence; stray cells cost nothing."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt

from zugong.base import extents, packages, sheets
from zugong.base.packages import BadPackage, Package, TooMuch

OPEN = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
MEGABYTE = 1 << 20


def book(path: Path, *rows: tuple[int, list[object]]) -> Path:
    """A workbook with these rows, by their numbers from 1."""
    made = xlsxwriter.Workbook(path)
    page = made.add_worksheet()
    for number, row in rows:
        page.write_row(number - 1, 0, row)
    made.close()
    return path


def with_part(path: Path, name: str, content: str | bytes) -> Path:
    """The same workbook with one part put in place of what it had."""
    with zipfile.ZipFile(path) as old:
        parts = {one: old.read(one) for one in old.namelist()} | {name: content}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for one, held in parts.items():
            new.writestr(one, held)
    return path


def sheet(path: Path, inside: str) -> Path:
    """A workbook whose only sheet holds this markup."""
    return with_part(book(path), "xl/worksheets/sheet1.xml", f"{OPEN}{inside}</sheetData></worksheet>")


def cell(place: str, value: object = 1) -> str:
    return f'<row r="{"".join(c for c in place if c.isdigit())}"><c r="{place}"><v>{value}</v></c></row>'


def read(path: Path) -> list[list[object]]:
    (only,) = sheets.read(path)
    return only.rows


def said(path: Path) -> str:
    with pytest.raises(sheets.UnreadableFile) as refused:
        list(sheets.read(path))
    return str(refused.value)


def test_two_cells_in_two_corners_cost_next_to_nothing(tmp_path):
    path = sheet(tmp_path / "a.xlsx", cell("A1", 7) + cell("XFD1048576"))
    assert path.stat().st_size < 10_000
    tracemalloc.start()
    rows = read(path)
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows[0] == [7]
    assert len(rows) == extents.ROWS
    assert used < 40 * MEGABYTE


def test_a_stray_value_in_the_last_row_is_read_there(tmp_path):
    rows = [(n, [f"姓名{n}", *"甲乙丙丁戊己庚辛壬癸"]) for n in range(1, 400)]
    found = read(book(tmp_path / "a.xlsx", *rows, (1_000_000, [""] * 12 + ["误填"])))
    assert [row[0] for row in found[:399]] == [f"姓名{n}" for n in range(1, 400)]
    assert found[398][:11] == ["姓名399", *"甲乙丙丁戊己庚辛壬癸"]
    assert found[999_999] == [""] * 12 + ["误填"]
    assert len(found) == 1_000_000
    assert found[500] == found[999_998] == []


def test_rows_keep_their_numbers_and_columns_their_places(tmp_path):
    path = sheet(tmp_path / "a.xlsx", cell("C3", 3) + cell("B700000", 2) + cell("GR700001", 5) + cell("ABC700002", 6))
    rows = read(path)
    assert rows[2] == ["", "", 3]
    assert rows[699_999] == ["", 2]
    assert (len(rows[700_000]), rows[700_000][199]) == (200, 5)
    assert rows[700_001] == [], "a column nobody has a heading for"


def test_cells_that_are_only_formatted_reach_nowhere(tmp_path):
    painted = "".join(f'<row r="{n}"><c r="XFD{n}" s="0"/></row>' for n in (5, 1_048_576))
    assert read(sheet(tmp_path / "a.xlsx", cell("A1", 7) + painted)) == [[7]]


def test_cells_that_do_not_say_where_they_stand_are_followed(tmp_path):
    inside = '<row r="1048575"/><row>' + "<c><v>1</v></c>" * 3 + "</row>" + cell("A1", 7)
    package = Package(io.BytesIO(sheet(tmp_path / "a.xlsx", inside).read_bytes()))
    part = next(part for part in package.parts if part.filename.endswith("sheet1.xml"))
    reach = extents.measured(package, part)
    assert (max(reach.rows), max(reach.columns)) == (1_048_575, 2)
    beyond = sheet(tmp_path / "b.xlsx", '<row r="1048576">' + "<c><v>1</v></c>" * 9 + "</row>" + cell("A1"))
    assert said(beyond).startswith("“b.xlsx”展开后太大")


@pytest.mark.parametrize(
    "inside",
    [
        "<x:row r='9'><x:c r='XFD1048576'><x:v>1</x:v></x:c></x:row>",
        '<row><c s="0" r="XFD1048576"><v>1</v></c></row>',
        '<row><c r = "XFD1048576"><v>1</v></c></row>',
        '<row><c x=">" r="XFD1048576"><v>1</v></c></row>',
        '<row><c\n r="XFD1048576"><v>1</v></c></row>',
    ],
)
def test_a_far_cell_is_found_however_it_is_written(tmp_path, inside):
    declared = OPEN.replace("<worksheet", "<worksheet xmlns:x='u'")
    content = f"{declared}{cell('A1')}{inside}</sheetData></worksheet>"
    assert "太大" in said(with_part(book(tmp_path / "a.xlsx"), "xl/worksheets/sheet1.xml", content))


def test_more_cells_than_we_take_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(extents, "MOST_CELLS", 50)
    monkeypatch.setattr(sheets, "MOST_CELLS", 50)
    assert "太大" in said(book(tmp_path / "a.xlsx", *((n, [1] * 10) for n in range(1, 10))))
    (tmp_path / "a.csv").write_text("1,2,3,4,5\n" * 20, "utf-8")
    assert "太大" in said(tmp_path / "a.csv")


def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(packages, "PLAUSIBLE", MEGABYTE)
    path = with_part(book(tmp_path / "a.xlsx", (1, ["姓名"])), "xl/media/a.png", bytes(20 * MEGABYTE))
    assert path.stat().st_size < 50_000
    assert "太大" in said(path)


def test_what_a_part_says_of_its_size_is_not_believed(tmp_path):
    path = with_part(book(tmp_path / "a.xlsx"), "big.xml", b" " * (8 * MEGABYTE))
    raw = bytearray(path.read_bytes())
    at = raw.rfind(b"PK\x01\x02", 0, raw.rfind(b"big.xml"))
    raw[at + 24 : at + 28] = struct.pack("<I", 10)
    package = Package(io.BytesIO(bytes(raw)), most=4 * MEGABYTE)
    with pytest.raises(TooMuch):
        list(package.pieces(next(part for part in package.parts if part.filename == "big.xml")))


def test_a_package_with_two_directories_is_not_sound(tmp_path):
    raw = book(tmp_path / "a.xlsx", (1, ["姓名"])).read_bytes()
    with pytest.raises(BadPackage):
        Package(io.BytesIO(raw + raw))


def test_entities_are_refused(tmp_path):
    laughs = '<!DOCTYPE a [<!ENTITY a "ha">]>' + OPEN + cell("A1", "&a;") + "</sheetData></worksheet>"
    assert "打不开" in said(with_part(book(tmp_path / "a.xlsx"), "xl/worksheets/sheet1.xml", laughs))


def test_merged_ranges_over_everything_are_refused(tmp_path):
    merged = f'{OPEN}{cell("A1")}</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
    assert "太大" in said(with_part(book(tmp_path / "a.xlsx"), "xl/worksheets/sheet1.xml", merged))


def test_other_workbooks_under_our_name_are_refused(tmp_path):
    for name in ("content.xml", "xl/workbook.bin"):
        assert "打不开" in said(with_part(book(tmp_path / "a.XLSX", (1, ["姓名"])), name, "x"))


def old_book(path: Path, *cells: tuple[int, int, object]) -> Path:
    """An .xls with these cells: row and column from 0, value."""
    made = xlwt.Workbook()
    page = made.add_sheet("一")
    for row, column, value in cells:
        page.write(row, column, value)
    made.save(str(path))
    return path


def test_an_xls_with_a_stray_value_in_the_last_row_is_read(tmp_path):
    rows = read(old_book(tmp_path / "a.xls", (0, 0, "姓名"), (1, 0, "张三"), (65_535, 3, 7)))
    assert (rows[0][0], rows[1][0], rows[65_535]) == ("姓名", "张三", ["", "", "", 7])


def test_an_xls_that_reaches_into_the_far_corner_is_refused(tmp_path):
    assert "太大" in said(old_book(tmp_path / "a.xls", (0, 0, 1), (65_535, 255, 1)))


@pytest.mark.parametrize(
    ("found", "instead"),
    [
        (struct.pack("<HHIIHH", 0x200, 14, 0, 1, 0, 1), struct.pack("<HHIIHH", 0x200, 14, 0, 0xFFFFFFFF, 0, 0xFFFF)),
        (struct.pack("<HHIIHH", 0x200, 14, 0, 1, 0, 1), struct.pack("<HHIIHH", 0x200, 14, 9, 1, 0, 1)),
        (struct.pack("<I", 0xFFFFFFFE), struct.pack("<I", 1)),
    ],
    ids=["says it is huge", "counts backwards", "sectors in a ring"],
)
def test_an_xls_is_not_believed(tmp_path, found, instead):
    path = old_book(tmp_path / "a.xls", (0, 0, 1))
    raw = path.read_bytes()
    assert found in raw
    path.write_bytes(raw[:512] + raw[512:].replace(found, instead))
    assert "“a.xls”" in said(path)


def test_ordinary_workbooks_go_the_short_way(tmp_path, monkeypatch):
    monkeypatch.setattr(extents, "measured", lambda *_: pytest.fail("read twice"))
    rows = [(n, [f"{n}"] * 52) for n in range(1, 300)]
    assert len(read(book(tmp_path / "a.xlsx", *rows))) == 299
    other = openpyxl.Workbook()
    other.active.append(["姓名", "性别"])
    other.save(tmp_path / "b.xlsx")
    assert read(tmp_path / "b.xlsx") == [["姓名", "性别"]]
