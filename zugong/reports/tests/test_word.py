"""The official layout (GB/T 9704-2012), read back from the .docx and measured on LibreOffice's PDF."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from html import unescape
from itertools import pairwise
from pathlib import Path

import docx
import pytest

from zugong.reports import office
from zugong.reports.word import Fonts, Paper, Paragraph, Part, day_text, write
from zugong.reports.word_fit import length
from zugong.reports.word_title import title_lines

FONTS_CONF = Path(__file__).with_name("fonts.conf")
TOOLS = ("pdftotext", "pdftoppm")
ABSENT = [tool for tool in TOOLS if not shutil.which(tool)] + ([] if office.find_soffice() else ["soffice"])
missing = pytest.mark.skipif(bool(ABSENT), reason=f"not on this machine: {', '.join(ABSENT)}")


def needs_office(test: Callable[..., None]) -> Callable[..., None]:
    """Marked `office`, and skipped with the reason where a program is missing."""
    return pytest.mark.office(missing(test))


POINT = 25.4 / 72  # millimetres
LINE, CHARACTER = 28.95, 15.75  # points
LEFT, RIGHT, TOP, FOOT = 28.0, 184.0, 37.0, 262.0  # millimetres: the edges of the type area
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

TITLE = "中共和康县委组织部关于2023年上半年全县组织工作情况的报告"
SIGNATURE = "中共和康县委组织部"
OPENING = "2023年上半年，县委组织部坚持围绕中心、服务大局，各项任务有序推进。现将有关情况报告如下："
RUN_IN = "（一）强基础创品牌，以党建引领基层治理见效。"
REST = "一是深入走访，听取“两新”组织意见；二是完善规范，开展督导28次，培训党员1,024人次。"
HAN = "干部队伍基层组织人才建设调查研究教育培训考核任用选拔交流监督管理服务保障改革创新"  # no punctuation: no line moves


def han(count: int) -> str:
    """`count` Chinese characters, none of which may not begin or end a line."""
    return (HAN * (count // len(HAN) + 1))[:count]


def body(text: str, level: int = 0) -> Paragraph:
    return Paragraph((Part(text),), level)


def sample(*paragraphs: Paragraph, **changes: str) -> Paper:
    fields = {"title": TITLE, "signature": SIGNATURE, "day": date(2023, 7, 5), "addressee": "县委", **changes}
    return Paper(paragraphs=paragraphs, **fields)


WHOLE = sample(
    body(OPENING),
    body("一、重点工作开展情况", 1),
    Paragraph(
        (Part("（一）强基础创品牌，"), Part("以党建引领基层治理见效。一是引进人才"), Part("缺数", "open"), Part("名。")), 2
    ),
    body(RUN_IN + REST, 2),
    body("1.建立台账。" + REST, 3),
    body(han(28 * 50 - 2)),
    Paragraph((Part("（1）培训"), Part("12", "typed"), Part("次。")), 4),
    footer_note="内部版，不得外传",
)


# --- what is in the .docx -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("word") / "报告.docx"
    write(WHOLE, path)
    return path


def xml(path: Path, name: str = "word/document.xml") -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def faces(paragraph: docx.text.paragraph.Paragraph) -> list[tuple[str, str | None]]:
    """Each run's text and the East Asian font it names."""
    found = []
    for run in paragraph.runs:
        fonts = run._r.find(f"{W}rPr/{W}rFonts")
        found.append((run.text, None if fonts is None else fonts.get(f"{W}eastAsia")))
    return found


def test_the_text_is_the_text_put_in(written: Path) -> None:
    read = [one.text for one in docx.Document(written).paragraphs]
    given_text = ["".join(part.text for part in one.parts) for one in WHOLE.paragraphs]
    assert read[0].replace("\n", "") == TITLE
    assert read[1:] == ["县委：", *given_text, SIGNATURE, "2023年7月5日"]


def test_headings_have_their_fonts_and_the_text_after_a_run_in_heading_has_not(written: Path) -> None:
    paragraphs = docx.Document(written).paragraphs
    assert [one.style.name for one in paragraphs[:4]] == ["Title", "Salutation", "Body Text", "Heading 1"]
    assert faces(paragraphs[4]) == [
        ("（一）强基础创品牌，", "楷体_GB2312"),
        ("以党建引领基层治理见效。", "楷体_GB2312"),
        ("一是引进人才", None),
        ("缺数", None),
        ("名。", None),
    ]
    assert faces(paragraphs[5]) == [(RUN_IN, "楷体_GB2312"), (REST, None)]
    assert {face for one in paragraphs[6:-2] for _, face in faces(one)} == {None}


def test_every_font_is_named_for_both_scripts_and_none_by_theme(written: Path) -> None:
    styles = {one.style_id: one.element for one in docx.Document(written).styles}
    expected = {
        "Normal": "仿宋_GB2312",
        "Title": "方正小标宋简体",
        "Heading1": "黑体",
        "Heading2": "楷体_GB2312",
        "Footer": "宋体",
    }
    for key, name in expected.items():
        fonts = styles[key].find(f"{W}rPr/{W}rFonts")
        assert {fonts.get(f"{W}{script}") for script in ("ascii", "hAnsi", "eastAsia")} == {name}
    with zipfile.ZipFile(written) as archive:
        assert not [name for name in archive.namelist() if "theme" in name.lower()]
        assert not [name for name in archive.namelist() if b"Theme" in archive.read(name)]


def test_fonts_are_a_setting(tmp_path: Path) -> None:
    path = tmp_path / "x.docx"
    write(sample(body(RUN_IN + REST, 2)), path, Fonts(body="方正仿宋_GBK", subheading='楷"体&'))
    assert 'w:eastAsia="方正仿宋_GBK"' in xml(path, "word/styles.xml")
    assert faces(docx.Document(path).paragraphs[2])[0] == (RUN_IN, '楷"体&')


def test_the_page_is_the_standards(written: Path) -> None:
    section = docx.Document(written).sections[0]
    size = [round(one.mm) for one in (section.page_width, section.page_height)]
    margins = [one.mm for one in (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)]
    assert size == [210, 297]
    assert margins == pytest.approx([37, 35, 28, 26], abs=0.02)
    assert "docGrid" not in xml(written)


def test_paragraphs_follow_the_rules_of_the_line(written: Path) -> None:
    normal, indented = (docx.Document(written).styles[name].element.pPr for name in ("Normal", "Body Text"))
    values = {child.tag.removeprefix(W): child.get(f"{W}val") for child in normal}
    rules = {"widowControl": "0", "kinsoku": "1", "overflowPunct": "1", "autoSpaceDE": "0", "autoSpaceDN": "0"}
    assert rules.items() <= values.items()
    spacing = normal.find(f"{W}spacing")
    assert (spacing.get(f"{W}line"), spacing.get(f"{W}lineRule")) == ("579", "exact")
    indent = indented.find(f"{W}ind")
    assert (indent.get(f"{W}firstLineChars"), indent.get(f"{W}firstLine")) == ("200", "640")
    assert 'doNotCompress"' in xml(written, "word/settings.xml")
    assert "evenAndOddHeaders" in xml(written, "word/settings.xml")


def test_a_missing_and_a_typed_figure_are_seen(written: Path) -> None:
    marked = {
        run.text: (run._r.find(f"{W}rPr/{W}highlight").get(f"{W}val"), run._r.find(f"{W}rPr/{W}u").get(f"{W}val"))
        for one in docx.Document(written).paragraphs
        for run in one.runs
        if run.font.highlight_color
    }
    assert marked == {"缺数": ("yellow", "double"), "12": ("cyan", "dotted")}


def test_two_runs_give_the_same_bytes(written: Path, tmp_path: Path) -> None:
    again = tmp_path / "另一个名字.docx"
    write(WHOLE, again)
    assert again.read_bytes() == written.read_bytes()
    with zipfile.ZipFile(again) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_another_process_in_another_zone_gives_the_same_bytes(tmp_path: Path) -> None:
    program = (
        "import sys; from datetime import date; from pathlib import Path; from zugong.reports.word import *;"
        "write(Paper('标题', (Paragraph((Part('正文'),)),), '某部', date(2023, 7, 5)), Path(sys.argv[1]))"
    )
    for seed, zone in (("1", "Asia/Shanghai"), ("2", "America/New_York")):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        subprocess.run([sys.executable, "-c", program, str(tmp_path / f"{seed}.docx")], check=True, env=env)
    assert (tmp_path / "1.docx").read_bytes() == (tmp_path / "2.docx").read_bytes()


def test_the_file_names_nobody_and_carries_nothing_of_the_librarys_template(written: Path) -> None:
    with zipfile.ZipFile(written) as archive:
        assert set(archive.namelist()) == {
            "[Content_Types].xml",
            "_rels/.rels",
            "docProps/core.xml",
            *(f"word/{name}.xml" for name in ("document", "styles", "settings", "fontTable", "footer1", "footer2")),
            "word/_rels/document.xml.rels",
        }
    properties = docx.Document(written).core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.modified.date() == date(2023, 7, 5)


def test_an_empty_paper_is_still_a_paper(tmp_path: Path) -> None:
    write(Paper("", (), "", date(2023, 12, 31)), tmp_path / "x.docx")
    assert [one.text for one in docx.Document(tmp_path / "x.docx").paragraphs] == ["2023年12月31日"]


# --- what LibreOffice prints -----------------------------------------------------------------------------------------


@dataclass
class Row:
    """A printed line; lengths in millimetres from the paper's upper left corner."""

    page: int
    text: str
    left: float
    right: float
    middle: float


def rows(pdf: Path) -> list[Row]:
    """The printed lines of a PDF from top to bottom; words whose middles are within 2 mm make a line."""
    told = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, check=True).stdout.decode()
    found: list[Row] = []
    for page, sheet in enumerate(told.split("<page ")[1:], 1):
        every = re.findall(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', sheet)
        for *edges, text in every:
            left, top, right, foot = (float(edge) * POINT for edge in edges)
            middle = (top + foot) / 2
            if found and found[-1].page == page and abs(found[-1].middle - middle) < 2:
                found[-1].text += unescape(text)
                found[-1].right = right
            else:
                found.append(Row(page, unescape(text), left, right, middle))
    return sorted(found, key=lambda row: (row.page, row.middle))


def in_body(printed: list[Row], page: int | None = None) -> list[Row]:
    return [row for row in printed if row.middle < FOOT and page in (None, row.page)]


def printed(paper: Paper, folder: Path) -> list[Row]:
    path = folder / "x.docx"
    write(paper, path)
    return rows(office.to_pdf(path, folder, FONTS_CONF))


@pytest.fixture(scope="module")
def whole_pdf(written: Path) -> Path:
    return office.to_pdf(written, written.parent, FONTS_CONF)


@needs_office
def test_a_full_line_holds_28_characters_and_a_full_page_22_lines(tmp_path: Path) -> None:
    page = printed(sample(body(han(28 * 90 + 5)), addressee=""), tmp_path)
    lengths = [len(row.text) for row in in_body(page)[2:-2]]
    assert lengths == [26, *[28] * 89, 7]
    heights = [len(in_body(page, number)) for number in (1, 2, 3, 4)]
    assert heights == [21, 22, 22, 22]  # two lines of title take three of text with the blank below
    middles = [row.middle for row in in_body(page, 2)]
    assert [b - a for a, b in pairwise(middles)] == pytest.approx([LINE * POINT] * 21, abs=0.1)
    top, foot = ink(tmp_path / "x.pdf", LEFT, RIGHT, 20, FOOT + 3)
    assert TOP < top < TOP + LINE * POINT / 2
    assert FOOT - LINE * POINT / 2 < foot < FOOT


@needs_office
def test_the_type_area_is_156_millimetres_wide(tmp_path: Path) -> None:
    full = [row for row in in_body(printed(sample(body(han(28 * 40))), tmp_path)) if len(row.text) == 28]
    assert len(full) == 39
    assert [row.left for row in full] == pytest.approx([LEFT] * 39, abs=0.3)
    assert [row.right for row in full] == pytest.approx([RIGHT] * 39, abs=0.6)


@needs_office
def test_nothing_is_cut_and_nothing_sticks_out(written: Path, whole_pdf: Path) -> None:
    every = rows(whole_pdf)
    text = "".join(row.text for row in in_body(every))
    assert re.sub(r"\s", "", text) == re.sub(r"\s", "", "".join(one.text for one in docx.Document(written).paragraphs))
    assert min(row.left for row in every) >= LEFT - 0.3
    assert max(row.right for row in every) <= RIGHT + 0.3


@needs_office
def test_text_begins_two_characters_in_and_no_line_begins_with_a_comma(whole_pdf: Path) -> None:
    every = in_body(rows(whole_pdf))
    for start in ("2023年上半年，", "一、", "（一）", "1.", "（1）"):
        row = next(row for row in every[2:] if row.text.startswith(start))
        assert row.left == pytest.approx(LEFT + 2 * CHARACTER * POINT, abs=0.4), start
    assert not [row.text for row in every if row.text[0] in "，。、；：”）"]


@needs_office
def test_the_title_stands_in_the_middle_in_its_lines(whole_pdf: Path) -> None:
    lines = in_body(rows(whole_pdf), 1)[:2]
    assert [row.text for row in lines] == title_lines(TITLE)
    assert [(row.left + row.right) / 2 for row in lines] == pytest.approx([(LEFT + RIGHT) / 2] * 2, abs=1)
    assert (lines[1].middle - lines[0].middle) / POINT == pytest.approx(35, abs=0.3)


@needs_office
def test_page_numbers_stand_outside_one_character_in(whole_pdf: Path) -> None:
    feet = [row for row in rows(whole_pdf) if row.middle > FOOT]
    assert [row.text for row in feet[::2]] == ["—1—", "—2—", "—3—", "—4—"]
    assert {row.text for row in feet[1::2]} == {"内部版，不得外传"}
    one = 14 * POINT
    assert [row.right for row in feet[:5:4]] == pytest.approx([RIGHT - one] * 2, abs=0.4)
    assert feet[2].left == pytest.approx(LEFT + one, abs=0.4)


def ink(pdf: Path, left: float, right: float, top: float, foot: float) -> tuple[float, float]:
    """Between what heights page 2 is printed inside the given edges; millimetres, at 300 dpi."""
    command = ["pdftoppm", "-gray", "-r", "300", "-f", "2", "-l", "2", str(pdf)]
    _, size, _, pixels = subprocess.run(command, capture_output=True, check=True).stdout.split(b"\n", 3)
    across, scale = int(size.split()[0]), 300 / 25.4
    first, last = int(left * scale), int(right * scale)
    heights = range(int(top * scale), int(foot * scale))
    found = [y / scale for y in heights if min(pixels[y * across + first : y * across + last]) < 128]
    return found[0], found[-1]


def dash(pdf: Path) -> float:
    """How far below the type area the dash of page 2 is printed, in millimetres."""
    return sum(ink(pdf, LEFT + 5.2, LEFT + 8, FOOT + 1, FOOT + 12)) / 2 - FOOT


@needs_office
def test_the_dash_is_seven_millimetres_below_the_type_area(whole_pdf: Path, tmp_path: Path) -> None:
    assert dash(whole_pdf) == pytest.approx(7, abs=0.25)
    write(sample(body(han(28 * 30))), tmp_path / "x.docx")  # without a note below the number
    assert dash(office.to_pdf(tmp_path / "x.docx", tmp_path, FONTS_CONF)) == pytest.approx(7, abs=0.25)


@needs_office
@pytest.mark.parametrize(
    ("signature", "day"),
    [(SIGNATURE, date(2023, 7, 5)), ("中国共产党和康县委员会组织部", date(2023, 12, 25)), ("组织部", date(2023, 12, 25))],
)
def test_signature_and_date_stand_as_on_a_paper_without_seal(signature: str, day: date, tmp_path: Path) -> None:
    *_, last, signed, dated = in_body(printed(sample(body(OPENING), signature=signature, day=day), tmp_path))
    assert (signed.text, dated.text) == (signature, day_text(day))
    two = 2 * CHARACTER * POINT
    assert dated.left - signed.left == pytest.approx(two, abs=0.3)
    if length(signature) >= length(dated.text):
        assert signed.right == pytest.approx(RIGHT - two, abs=0.5)
    else:  # wider digits than those of 仿宋_GB2312, and LibreOffice sets them off from the characters beside them
        assert RIGHT - two - 0.5 <= dated.right < RIGHT
    assert signed.middle - last.middle == pytest.approx(2 * LINE * POINT, abs=0.2)
    assert dated.middle - signed.middle == pytest.approx(LINE * POINT, abs=0.2)


@needs_office
@pytest.mark.parametrize("lines", [16, 17, 18, 19])
def test_the_signature_never_stands_on_a_page_without_text(lines: int, tmp_path: Path) -> None:
    page = in_body(printed(sample(body(han(28 * lines - 2)), body(han(50)), addressee=""), tmp_path))
    sheet = page[-1].page
    assert [row.text for row in page if row.page == sheet][-2:] == [SIGNATURE, "2023年7月5日"]
    assert len([row for row in page if row.page == sheet]) > 2


@needs_office
def test_two_papers_are_printed_at_once(written: Path, tmp_path: Path) -> None:
    folders = [tmp_path / "一", tmp_path / "二"]
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda folder: office.to_pdf(written, folder, FONTS_CONF), folders))
    assert [len(rows(pdf)) for pdf in made] == [len(rows(made[0]))] * 2
