"""The measures of the official layout (GB/T 9704-2012) and the styles, settings and font table that carry them.

Lengths are twips (1/20 pt) as WordprocessingML wants them. The line and character spacing were found by counting on
LibreOffice's PDF: 22 lines of exactly 28.95 pt fill the type area of 225 mm, and 28 characters of 16 pt are 448 pt on
a line of 442.2 pt, hence -0.25 pt after each. A docGrid of lines and characters is never written: LibreOffice then
sets 14 characters on a line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from docx.oxml import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

PAGE = (11906, 16838)  # A4
TOP, BOTTOM, LEFT, RIGHT = 2098, 1984, 1588, 1474  # 37, 35, 28 and 26 mm
MEASURE = PAGE[0] - LEFT - RIGHT  # the length of a line: 156 mm
LINE = 579  # 28.95 pt; 29 pt would leave 21 lines on a page
LINES = 22
TRACKING = -5  # -0.25 pt
EM = 320  # 三号, 16 pt
CHARACTER = EM + TRACKING  # what a character takes on the line
TITLE_EM = 440  # 二号, 22 pt
TITLE_LINE = 700  # 35 pt
FOLIO_EM = 280  # 四号, 14 pt, of the page number
FOLIO_LINE = 280
FOLIO_FOOT = 1454  # foot of the page number's line above the paper's edge, so that the dash is 7 mm below the type area
NOTE_EM, NOTE_LINE = 210, 300  # 五号, 10.5 pt on 15 pt

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
# What a machine without the named font has in its place, told to Word in the font table.
STAND_INS = {
    "仿宋_GB2312": "仿宋",
    "方正仿宋_GBK": "仿宋",
    "楷体_GB2312": "楷体",
    "方正楷体_GBK": "楷体",
    "方正小标宋简体": "方正小标宋_GBK",
    "方正小标宋_GBK": "方正小标宋简体",
    "黑体": "SimHei",
    "宋体": "SimSun",
}


@dataclass(frozen=True)
class Fonts:
    """The font of each kind of text, by the name written into the file (Kylin and UOS carry 方正…_GBK names)."""

    title: str = "方正小标宋简体"
    heading: str = "黑体"
    subheading: str = "楷体_GB2312"
    body: str = "仿宋_GB2312"
    page_number: str = "宋体"

    def names(self) -> tuple[str, ...]:
        """Each font name once, in the order of the roles."""
        return tuple(dict.fromkeys((self.title, self.heading, self.subheading, self.body, self.page_number)))


@dataclass(frozen=True)
class Style:
    """One paragraph style: its id and Word's own name for it, what differs from the style it rests on, as XML."""

    key: str
    name: str
    paragraph: str = ""
    character: str = ""
    based_on: str = "Normal"


def font(name: str) -> str:
    """The rFonts element: Latin and East Asian at once, or Word sets digits in a font of its theme."""
    quoted = quoteattr(name)
    return f'<w:rFonts w:hint="eastAsia" w:ascii={quoted} w:eastAsia={quoted} w:hAnsi={quoted} w:cs={quoted}/>'


def size(em: int) -> str:
    """Font size: `em` in twips, written in half points."""
    return f'<w:sz w:val="{em // 10}"/><w:szCs w:val="{em // 10}"/>'


def paragraph_styles(fonts: Fonts) -> tuple[Style, ...]:
    """The styles of an official paper; Normal carries grid and line-breaking rules, all others rest on it."""
    grid = (
        '<w:widowControl w:val="0"/><w:kinsoku w:val="1"/><w:overflowPunct w:val="1"/><w:autoSpaceDE w:val="0"/>'
        '<w:autoSpaceDN w:val="0"/><w:adjustRightInd w:val="0"/><w:snapToGrid w:val="0"/>'
        f'<w:spacing w:before="0" w:after="0" w:line="{LINE}" w:lineRule="exact"/><w:jc w:val="both"/>'
    )
    # Two characters as Word counts them and the same length for programs that read twips only.
    indent = f'<w:ind w:firstLineChars="200" w:firstLine="{2 * EM}"/>'
    centred = f'<w:spacing w:line="{TITLE_LINE}" w:lineRule="exact"/><w:jc w:val="center"/>'
    title = f'{font(fonts.title)}<w:spacing w:val="0"/>{size(TITLE_EM)}'
    folio = f'<w:spacing w:line="{FOLIO_LINE}" w:lineRule="exact"/>'
    number = f'{font(fonts.page_number)}<w:spacing w:val="0"/>{size(FOLIO_EM)}'
    return (
        Style("Normal", "Normal", grid, f'{font(fonts.body)}<w:spacing w:val="{TRACKING}"/><w:kern w:val="0"/>{size(EM)}', ""),
        Style("BodyText", "Body Text", indent),
        Style("Heading1", "heading 1", '<w:outlineLvl w:val="0"/>', font(fonts.heading), "BodyText"),
        Style("Heading2", "heading 2", '<w:outlineLvl w:val="1"/>', font(fonts.subheading), "BodyText"),
        Style("Title", "Title", centred, title),
        Style("Salutation", "Salutation"),
        Style("Signature", "Signature", f'<w:keepNext/><w:spacing w:before="{LINE}"/><w:jc w:val="left"/>'),
        Style("Date", "Date", '<w:jc w:val="left"/>'),
        Style("Footer", "footer", folio, number),
    )


def style_xml(style: Style) -> str:
    """One w:style element."""
    default = ' w:default="1"' if style.key == "Normal" else ""
    rests = f'<w:basedOn w:val="{style.based_on}"/>' if style.based_on else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{style.key}"><w:name w:val="{style.name}"/>{rests}<w:qFormat/>'
        f"<w:pPr>{style.paragraph}</w:pPr><w:rPr>{style.character}</w:rPr></w:style>"
    )


def styles_xml(fonts: Fonts) -> BaseOxmlElement:
    """The w:styles element: nothing of python-docx's template, no theme fonts."""
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{font(fonts.body)}{size(EM)}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
    )
    character = (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:semiHidden/></w:style>'
    )
    every = "".join(style_xml(style) for style in paragraph_styles(fonts))
    return parse_xml(f"<w:styles {NAMESPACE}>{defaults}{character}{every}</w:styles>")


def settings_xml() -> BaseOxmlElement:
    """The w:settings element: odd and even pages differ, punctuation keeps its full width, today's layout of Word."""
    uri = "http://schemas.microsoft.com/office/word"
    compatibility = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="{uri}" w:val="{value}"/>'
        for name, value in (("compatibilityMode", 15), ("enableOpenTypeFeatures", 1), ("doNotFlipMirrorIndents", 1))
    )
    return parse_xml(
        f'<w:settings {NAMESPACE}><w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/>'
        f'<w:bordersDoNotSurroundFooter/><w:defaultTabStop w:val="{2 * EM}"/><w:evenAndOddHeaders/>'
        f'<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:useFELayout/>{compatibility}</w:compat>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )


def fonts_xml(fonts: Fonts) -> bytes:
    """The font table: the stand-in for each font, so that a machine with 仿宋 only does not fall back to 宋体."""
    every = "".join(
        f'<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(STAND_INS[name])}/><w:charset w:val="86"/></w:font>'
        if name in STAND_INS
        else f'<w:font w:name={quoteattr(name)}><w:charset w:val="86"/></w:font>'
        for name in fonts.names()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}<w:fonts {NAMESPACE}>{every}</w:fonts>".encode()


def replace_children(element: BaseOxmlElement, source: Callable[[], BaseOxmlElement]) -> None:
    """Put the children of `source()` in place of those of `element`, which its part keeps by identity."""
    for child in list(element):
        element.remove(child)
    for child in list(source()):
        element.append(child)
