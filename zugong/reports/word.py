"""A report as an official Word paper by GB/T 9704-2012 (公文格式): 22 lines of 28 characters on A4.

Pure: a `Paper` in, a .docx out; no records, no clock. The same paper gives the same bytes on every run. What the paper
says is written as given, but for characters no text can hold (`plain`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.section import Section, _Footer
from docx.shared import Twips
from docx.text.paragraph import Paragraph as WordParagraph

from . import word_styles as measures
from .word_fit import length, signature_would_stand_alone, title_space
from .word_mark import add_mark
from .word_package import blank, name_nobody, save
from .word_styles import Fonts
from .word_title import title_lines

__all__ = ["Fonts", "Paper", "Paragraph", "Part", "day_text", "heading_end", "plain", "write"]

LONGEST_HEADING = 60
CLOSING_QUOTES = "”’」』）》"
# Colour for the screen, a line for the black-and-white print.
MARKS = {"open": ("yellow", "double"), "typed": ("cyan", "dotted")}
UNFIT = {"Cc", "Cs", "Zl", "Zp"}  # control characters, half surrogates, line and paragraph separators
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # would show the text in another order


@dataclass(frozen=True)
class Part:
    """A run of text. `mark`: '' plain, 'open' a figure still missing, 'typed' a value written by hand."""

    text: str
    mark: str = ""


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; `level` 0 body, 1 一、, 2 （一）, 3 1., 4 （1）. The number is part of the text."""

    parts: tuple[Part, ...]
    level: int = 0


@dataclass(frozen=True)
class Paper:
    """What is laid out. `day` is the day under the signature; `footer_note` stands small below the page number; `mark`
    behind the text of every page, "" for none."""

    title: str
    paragraphs: tuple[Paragraph, ...]
    signature: str
    day: date
    addressee: str = ""
    footer_note: str = ""
    mark: str = ""


def plain(text: str, keep: str = "") -> str:
    """The text without what a Word file cannot hold or would show in another order; all else stays as it is."""
    return "".join(
        char
        for char in text
        if char in keep
        or not (unicodedata.category(char) in UNFIT or char in TURNING or (ord(char) & 0xFFFF) in (0xFFFE, 0xFFFF))
    )


def day_text(day: date) -> str:
    """成文日期: Arabic figures, no leading zeros (2023年7月5日)."""
    return f"{day.year}年{day.month}月{day.day}日"


def heading_end(text: str, level: int) -> int:
    """Where the heading sentence of a run-in heading ends, in characters; 0 where there is none.

    （一）强基础创品牌。一是… : the first 。 within 60 characters ends the heading, with the quotes it closes. Only the
    first two levels have a font of their own.
    """
    end = text[:LONGEST_HEADING].find("。") + 1 if level in (1, 2) else 0
    while 0 < end < len(text) and text[end] in CLOSING_QUOTES:
        end += 1
    return end


def write(paper: Paper, path: Path, fonts: Fonts = Fonts()) -> None:  # noqa: B008 - a frozen value
    """Write the paper as a .docx. Raises OSError when the place cannot be written."""
    document = blank(fonts)
    section = set_page(document, bool(paper.footer_note))
    titles = [line for line in title_lines(plain(paper.title, keep="\n")) if line]
    addressee = plain(paper.addressee).rstrip("：:")
    texts = [plain("".join(part.text for part in paragraph.parts)) for paragraph in paper.paragraphs]
    add_title(document, titles)
    if addressee:
        add_runs(document.add_paragraph(style="Salutation"), run(f"{addressee}："))
    for paragraph in paper.paragraphs:
        add_paragraph(document, paragraph, fonts)
    if signature_would_stand_alone(len(titles), addressee, texts):
        # Word takes the last line of the text along, LibreOffice the whole last paragraph.
        document.paragraphs[-1].paragraph_format.keep_with_next = True
    add_signature(document, plain(paper.signature), day_text(paper.day))
    for footer, odd in ((section.footer, True), (section.even_page_footer, False)):
        add_footer(footer, odd, plain(paper.footer_note), fonts)
    if mark := plain(paper.mark):
        for number, header in enumerate((section.header, section.even_page_header), start=1):
            add_mark(header, mark, number, fonts)
    name_nobody(document, plain(paper.title), paper.day)
    save(document.part.package, path)


def set_page(document: Document, with_note: bool) -> Section:
    """A4 with the type area of 156 by 225 mm, and the foot of the page number where the standard has it."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = map(Twips, measures.PAGE)
    section.top_margin, section.bottom_margin = Twips(measures.TOP), Twips(measures.BOTTOM)
    section.left_margin, section.right_margin = Twips(measures.LEFT), Twips(measures.RIGHT)
    section.header_distance = Twips(measures.TOP // 2)
    section.footer_distance = Twips(measures.FOLIO_FOOT - (measures.NOTE_LINE if with_note else 0))
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)
    return section


def add_title(document: Document, lines: list[str]) -> None:
    """The title and the blank line below it; together they take whole lines, so the text below stays on the grid."""
    if lines:
        paragraph = document.add_paragraph(style="Title")
        add_runs(paragraph, "<w:r><w:br/></w:r>".join(run(line) for line in lines))
        paragraph.paragraph_format.space_after = Twips(title_space(len(lines)))


def add_paragraph(document: Document, paragraph: Paragraph, fonts: Fonts) -> None:
    """A paragraph of the text: a heading of its own, a run-in heading with its text, or text."""
    parts = [Part(plain(part.text), part.mark) for part in paragraph.parts]
    text = "".join(part.text for part in parts)
    end = heading_end(text, paragraph.level)
    # Without a run-in heading the paragraph is a heading as a whole, unless it is long or an item of a list (…；).
    alone = paragraph.level in (1, 2) and len(text) <= LONGEST_HEADING and end in (0, len(text)) and text[-1:] != "；"
    word = document.add_paragraph(style=f"Heading {paragraph.level}" if alone else "Body Text")
    face = {1: fonts.heading, 2: fonts.subheading}.get(paragraph.level, fonts.body)
    for part, is_heading in divided(parts, 0 if alone else end):
        add_runs(word, run(part.text, part.mark, face if is_heading else ""))


def divided(parts: Iterable[Part], end: int) -> Iterator[tuple[Part, bool]]:
    """The parts with whether they belong to the heading; the one in which the heading ends is cut there."""
    for part in parts:
        cut = min(max(end, 0), len(part.text))
        if cut:
            yield Part(part.text[:cut], part.mark), True
        if part.text[cut:]:
            yield Part(part.text[cut:], part.mark), False
        end -= len(part.text)


def add_runs(paragraph: WordParagraph, *runs: str) -> None:
    """Append runs given as XML."""
    for run in list(parse_xml(f"<w:p {measures.NAMESPACE}>{''.join(runs)}</w:p>")):
        paragraph._p.append(run)


def run(text: str, mark: str = "", font: str = "", em: int = 0) -> str:
    """A run as XML, in the paragraph's font and size unless given; a marked one in colour and underlined."""
    colour, line = MARKS.get(mark, ("", ""))
    properties = (
        (measures.font(font) if font else "")
        + (measures.size(em) if em else "")
        + (f'<w:highlight w:val="{colour}"/><w:u w:val="{line}"/>' if colour else "")
    )
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def signature_indents(signature: str, day: str) -> tuple[int, int]:
    """Where signature and date begin, in twips from the left margin, for a paper without a seal.

    The signature ends two characters before the right margin, the date begins two characters right of it; a date
    longer than the signature ends two characters before the margin itself and pushes the signature left. Indents from
    the left hold the two characters in every font, whatever width its digits have.
    """
    two = 2 * measures.CHARACTER
    right = measures.MEASURE - two
    start = right - length(signature)
    if length(day) > length(signature):
        start = right - length(day) - two
    start = max(start, 0)
    return start, start + two


def add_signature(document: Document, signature: str, day: str) -> None:
    """署名 and 成文日期, one blank line below the text; on one page with each other."""
    left, date_left = signature_indents(signature, day)
    if signature:
        signed = document.add_paragraph(style="Signature")
        add_runs(signed, run(signature))
        signed.paragraph_format.left_indent = Twips(left)
    dated = document.add_paragraph(style="Date")
    add_runs(dated, run(day))
    dated.paragraph_format.left_indent = Twips(date_left)
    if not signature:
        dated.paragraph_format.space_before = Twips(measures.LINE)


def add_footer(footer: _Footer, odd: bool, note: str, fonts: Fonts) -> None:
    """— 1 — one character in from the outer edge: right on odd pages, left on even ones; below it the note."""
    footer.is_linked_to_previous = False
    number = footer.paragraphs[0]
    number.style = "Footer"
    side = "right" if odd else "left"
    indent = f'<w:ind w:{side}Chars="100" w:{side}="{measures.FOLIO_EM}"/><w:jc w:val="{side}"/>'
    for one in list(parse_xml(f"<w:pPr {measures.NAMESPACE}>{indent}</w:pPr>")):
        number._p.get_or_add_pPr().append(one)
    field = ("begin", "PAGE", "separate", "1", "end")
    steps = {"PAGE": "<w:instrText>PAGE</w:instrText>", "1": "<w:t>1</w:t>"}
    pieces = (steps.get(step, f'<w:fldChar w:fldCharType="{step}"/>') for step in field)
    face = fonts.page_number  # named in the run, where Word looks for the hint that makes a dash one character wide
    add_runs(number, run("— ", font=face), *(f"<w:r>{piece}</w:r>" for piece in pieces), run(" —", font=face))
    if note:
        below = footer.add_paragraph(style="Footer")
        below.alignment = WD_ALIGN_PARAGRAPH.CENTER
        below.paragraph_format.line_spacing = Twips(measures.NOTE_LINE)
        add_runs(below, run(note, font=fonts.body, em=measures.NOTE_EM))
