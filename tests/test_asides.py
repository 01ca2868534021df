"""What stands beside cells and paragraphs is looked at for marks of secrecy; programs and strange packages are turned away."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
import xlwt
from docx import Document
from docx.oxml import parse_xml

from zugong.base import secrecy, sheets
from zugong.base.packages import BadPackage, Package
from zugong.people import proofs
from zugong.reports import texts

MARK = "秘密★1年"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
PLACES = {
    "header": lambda book, page: page.set_header(f'&C&"宋体"&14{MARK}'),
    "footer": lambda book, page: page.set_footer("&L第 &P 页&R机密"),
    "sheet": lambda book, page: book.add_worksheet("绝密"),
    "comment": lambda book, page: page.write_comment("B2", f"这一格\n{MARK}"),
    "box": lambda book, page: page.insert_textbox("B9", MARK),
    "property": lambda book, page: book.set_properties({"title": "机密"}),
    "custom": lambda book, page: book.set_custom_property("密级", "绝密★长期"),
}


def workbook(*places: str) -> bytes:
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held)
    page = book.add_worksheet("清单")
    page.write_row(0, 0, ["重点任务", "牵头科室", "完成时限"])
    page.write_row(1, 0, ["任务", "组织科", "2023-09-01"])
    for place in places:
        PLACES[place](book, page)
    book.close()
    return held.getvalue()


def mark_of(path: Path) -> str:
    return secrecy.marked(sheets.beside(path, path.name))


@pytest.mark.parametrize("place", PLACES)
def test_a_workbook_says_it_is_secret_wherever_it_says_so(tmp_path, place):
    path = tmp_path / "清单.xlsx"
    path.write_bytes(workbook(place))
    assert list(sheets.read(path)), "the reader itself sees nothing of it"
    assert mark_of(path)


def test_a_workbook_about_secrecy_is_none(tmp_path):
    path = tmp_path / "清单.xlsx"
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held)
    page = book.add_worksheet("保密工作")
    page.set_header("&C保守国家秘密")
    page.write_comment("A1", "机密文件的收发登记")
    book.set_properties({"title": "保密工作台账", "author": "保密办"})
    book.close()
    path.write_bytes(held.getvalue())
    assert mark_of(path) == ""


@pytest.mark.parametrize("place", ["header", "footer", "sheet"])
def test_an_old_workbook_too(tmp_path, place):
    book = xlwt.Workbook()
    page = book.add_sheet("绝密" if place == "sheet" else "清单")
    page.write(0, 0, "重点任务")
    page._Worksheet__header_str = MARK if place == "header" else "&P"  # its own setter takes no Chinese
    page._Worksheet__footer_str = "&R机密" if place == "footer" else "&P"
    path = tmp_path / "清单.xls"
    book.save(str(path))
    assert mark_of(path)


def paper(change) -> bytes:
    made, held = Document(), io.BytesIO()
    for _ in range(20):
        made.add_paragraph("开展保密教育，保守国家秘密。")
    change(made)
    made.save(held)
    return held.getvalue()


def boxed(made) -> None:
    shape = f"<w:txbxContent><w:p><w:r><w:t>{MARK}</w:t></w:r></w:p></w:txbxContent>"
    box = f'<w:pict {NAMES}><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox>{shape}</v:textbox></v:shape></w:pict>'
    made.paragraphs[19].add_run()._r.append(parse_xml(box))


@pytest.mark.parametrize(
    "change",
    [
        lambda made: setattr(made.sections[0].header.paragraphs[0], "text", MARK),
        lambda made: setattr(made.sections[0].footer.paragraphs[0], "text", "机密"),
        lambda made: setattr(made.core_properties, "subject", "绝密"),
        boxed,
        lambda made: made.element.body.insert(0, made.add_table(1, 1)._tbl) or setattr(made.tables[0].cell(0, 0), "text", MARK),
    ],
    ids=["header", "footer", "property", "box", "table"],
)
def test_a_paper_says_it_is_secret_wherever_it_says_so(change):
    data = paper(change)
    with pytest.raises(texts.Unreadable, match="本系统只处理非涉密信息"):
        texts.from_bytes("总结.docx", data)
    with pytest.raises(Exception, match="本系统只处理非涉密信息"):
        proofs.looked_at("证明.docx", data)


def test_a_paper_about_secrecy_is_none():
    assert "保守国家秘密" in texts.from_bytes("总结.docx", paper(lambda made: None))


def test_programs_are_turned_away_under_whatever_ending(tmp_path):
    held = io.BytesIO(workbook())
    with zipfile.ZipFile(held, "a") as book:
        book.writestr("xl/vbaProject.bin", b"x")
    path = tmp_path / "清单.xlsx"
    path.write_bytes(held.getvalue())
    with pytest.raises(sheets.UnreadableFile, match=r"带有宏或控件.*没有读入"):
        list(sheets.read(path))
    held = io.BytesIO(paper(lambda made: None))
    with zipfile.ZipFile(held, "a") as book:
        book.writestr("word/activeX/activeX1.bin", b"x")
    with pytest.raises(texts.Unreadable, match=r"带有宏或控件.*没有收下"):
        texts.from_bytes("总结.docx", held.getvalue())


@pytest.mark.parametrize("name", ["../x.xml", "/x.xml", "a/../../x", "..\\x", "C:\\x", "XL/WORKBOOK.XML", "xl\\workbook.xml"])
def test_a_package_with_names_that_lead_out_or_come_twice_is_not_sound(name):
    held = io.BytesIO(workbook())
    with zipfile.ZipFile(held, "a") as book:
        book.writestr(name, b"x")
    with pytest.raises(BadPackage, match="names"):
        Package(held)


def test_strings_counted_by_their_own_word_are_not_believed(tmp_path):
    """The reader makes room for as many as the part says: a hundred bytes would end the process."""
    old = zipfile.ZipFile(io.BytesIO(workbook()))
    for said in ('uniqueCount="4000000000"', "count = '99999999'", 'uniqueCount="&#52;000000000"'):
        path = tmp_path / "清单.xlsx"
        with zipfile.ZipFile(path, "w") as new:
            for one in old.namelist():
                strings = f'<sst xmlns="{MAIN}" {said}><si><t>重</t></si></sst>'
                new.writestr(one, strings if one == "xl/sharedStrings.xml" else old.read(one))
        with pytest.raises(sheets.UnreadableFile, match="太大"):
            list(sheets.read(path))


def test_a_line_wider_than_a_sheet_can_be_is_too_much(tmp_path):
    path = tmp_path / "清单.csv"
    path.write_text("列," * 20_000, "utf-8")
    with pytest.raises(sheets.UnreadableFile, match="太大"):
        list(sheets.read(path))


def test_lines_of_text_end_as_they_always_did(tmp_path):
    path = tmp_path / "清单.csv"
    path.write_bytes('甲,"乙\r\n丙"\r\n丁\u2028戊,己\x0b庚\r辛,\n\n壬'.encode())
    (only,) = sheets.read(path)
    assert only.rows == [["甲", "乙\r\n丙"], ["丁\u2028戊", "己\x0b庚"], ["辛", ""], [], ["壬"]]
