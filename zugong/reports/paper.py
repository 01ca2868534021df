"""A produced report as a paper: its paragraphs by level with open and hand-written figures marked, ready for Word."""

from __future__ import annotations

from datetime import date

from zugong.base.department import told
from zugong.reports.producing import INTERNAL, Filled, Produced
from zugong.reports.texts import parse
from zugong.reports.word import Fonts, Paper, Paragraph, Part


def fonts() -> Fonts:
    """The fonts the department set, the standard ones otherwise."""
    names = {"title": "title_font", "heading": "heading_font", "subheading": "subheading_font", "body": "body_font"}
    chosen = {part: told(name) for part, name in names.items()}
    return Fonts(**{name: font for name, font in chosen.items() if font})


def paper(made: Produced, day: date, rendition: str) -> Paper:
    """The paper of a rendition; only the internal one marks what is open or written by hand."""
    structure = parse(made.text)
    levels = {h.start: h.level for h in structure.headings if h.level <= 4}
    marks = {(s.out_start, s.out_end): _mark(s) for s in made.slots} if rendition == INTERNAL else {}
    said: dict[int, str] = {}
    if rendition == INTERNAL:
        unsaid = [*(n for n in made.names if n.text is None), *made.unwritten]
        marks |= {(one.out_start, one.out_end): "open" for one in unsaid}
        said = {quote.at[1]: f"【{quote.state}】" for quote in made.unfounded}
    body = [p for p in structure.paragraphs if p.text.strip() and p.text.strip() != made.title]
    paragraphs = tuple(
        Paragraph(_parts(made.text, p.start, p.end, marks, said), levels.get(p.start + _indent(p.text), 0)) for p in body
    )
    return Paper(made.title, paragraphs, told("signature") or told("department"), day)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _mark(slot: Filled) -> str:
    return "open" if slot.open else "typed" if slot.typed else ""


def _parts(text: str, start: int, end: int, marks: dict[tuple[int, int], str], said: dict[int, str]) -> tuple[Part, ...]:
    """A paragraph cut where a mark begins and ends, and where something is said of a sentence behind its end."""
    parts, at = [], start + _indent(text[start:end])
    cuts = [(a, b, text[a:b], mark) for (a, b), mark in marks.items() if mark and start <= a < end]
    cuts += [(place, place, words, "open") for place, words in said.items() if start < place <= end]
    for a, b, words, mark in sorted(cuts):
        parts += [Part(text[at:a]), Part(words, mark)]
        at = b
    parts.append(Part(text[at:end].rstrip()))
    return tuple(part for part in parts if part.text)
