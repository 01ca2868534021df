"""The mark behind the text of every page: a text shape in the header, as Word itself writes a watermark."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.section import _Header

from .word_styles import NAMESPACE, Fonts

VML = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
WIDTH, TALLEST = 460, 60  # points: within the type area of 156 mm once it is turned
KIND = (
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">'
    '<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>'
    '<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>'
    '<v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/>'
    '<v:f eqn="sum @6 0 @5"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" '
    'o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/>'
    '<v:handles><v:h position="#0,bottomRight" xrange="6629,14971"/></v:handles>'
    '<o:lock v:ext="edit" text="t" shapetype="t"/></v:shapetype>'
)


def add_mark(header: _Header, words: str, number: int, fonts: Fonts) -> None:
    """Put the words behind the pages of a header, turned upwards. The header's line is small: the text stays where it is."""
    header.is_linked_to_previous = False
    height = min(TALLEST, round(WIDTH * 1.6 / max(len(words), 1)))
    placed = (
        f"position:absolute;margin-left:0;margin-top:0;width:{WIDTH}pt;height:{height}pt;rotation:315;z-index:-251658752;"
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        "mso-position-vertical:center;mso-position-vertical-relative:margin"
    )
    face = escape(fonts.body, {'"': "&quot;"})
    shape = (
        f'<v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s{2048 + number}" type="#_x0000_t136" '
        f'style="{placed}" o:allowincell="f" fillcolor="silver" stroked="f"><v:fill opacity=".5"/>'
        f'<v:textpath style="font-family:&quot;{face}&quot;;font-size:1pt" string={quoteattr(words)}/></v:shape>'
    )
    run = f"<w:r><w:rPr><w:noProof/></w:rPr><w:pict>{KIND}{shape}</w:pict></w:r>"
    paragraph = header.paragraphs[0]
    paragraph.style = "Footer"
    for one in list(parse_xml(f"<w:p {NAMESPACE} {VML}>{run}</w:p>")):
        paragraph._p.append(one)
