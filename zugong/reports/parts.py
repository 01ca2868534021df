"""The parts of a text that speak of problems and of the plan, and what each of them says: item by item, with offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from zugong.reports.quantities import load
from zugong.reports.texts import RUN_IN_LEVEL, Heading, Sentence, Span, Text

LISTING = re.compile(r"[：:].*；|(?:是|有|表现为|表现在|体现在)[：:].")
STOPS = "。！？!?；;"
SHORTEST = 4  # characters; what is shorter says nothing


class Part(StrEnum):
    """What a part of a report speaks of."""

    PROBLEMS = "problems"
    PLAN = "plan"


@dataclass(frozen=True)
class Item(Span):
    """One thing a part says; `number` counts through the text from 1, `marker` is what numbers it (一是), "" if nothing."""

    part: Part
    number: int
    marker: str = ""

    @property
    def words(self) -> str:
        """What it says without its marker."""
        return self.text.removeprefix(self.marker)


@dataclass(frozen=True)
class Section:
    """The items of one part that follow each other; `joined` says that they stand in one sentence, parted by ；."""

    part: Part
    items: tuple[Item, ...]
    joined: bool

    @property
    def start(self) -> int:
        """Where its first item begins."""
        return self.items[0].start

    @property
    def end(self) -> int:
        """Where its last item ends."""
        return self.items[-1].end


@cache
def said(name: str) -> re.Pattern[str]:
    """A pattern of the lexicon."""
    return re.compile(load("parts.yaml")[name])


def sections(structure: Text) -> list[Section]:
    """The problems and the plan of a text, in its order. A part that says nothing has no section."""
    found: list[Section] = []
    for part, spans, joined in _stretches(structure):
        first = sum(len(one.items) for one in found) + 1
        items = tuple(
            Item(span.start, span.end, span.text, part, number, _marker(structure, span))
            for number, span in enumerate(spans, start=first)
        )
        if items:
            found.append(Section(part, items, joined))
    return found


def items(structure: Text) -> list[Item]:
    """Everything the parts say, in the order of the text."""
    return [item for section in sections(structure) for item in section.items]


def opening(structure: Text) -> int | None:
    """Where a sentence about the last plan belongs: at the end of the opening, before the sentence that hands over to the
    rest (现将…如下). None where the text has no opening of its own."""
    first = next((h.start for h in structure.headings if h.level == 1), None)
    head = structure.title.end if structure.title else 0
    before = [s for s in structure.sentences if s.start >= head and (first is None or s.end <= first)]
    if not before:
        return None
    last = [s for s in before if s.paragraph == before[-1].paragraph] if first is not None else _first_paragraph(before)
    if len(last) > 1 and said("handing_over").search(last[-1].text.strip()):
        return last[-1].start + _indent(last[-1].text)
    return last[-1].start + len(last[-1].text.rstrip())


def _first_paragraph(sentences: list[Sentence]) -> list[Sentence]:
    return [one for one in sentences if one.paragraph == sentences[0].paragraph]


def _stretches(structure: Text) -> Iterator[tuple[Part, list[Span], bool]]:
    """For each part of each section of the first level: the spans of its items, and whether one sentence holds them."""
    tops = [h for h in structure.headings if h.level == 1]
    ends = [*(h.start for h in tops), len(structure.text)][1:]
    for top, end in zip(tops, ends, strict=bool(tops)):
        both = _parts_named(top.text)
        body = [p for p in structure.paragraphs if top.start <= p.start < end]
        if not both:
            continue
        rest = Span(top.end, body[0].end, structure.text[top.end : body[0].end])  # a heading that runs into its paragraph
        part, groups = both[0], {one: [] for one in both}  # type: dict[Part, list[Span]]
        for paragraph in [rest, *body[1:]]:
            if len(both) > 1 and (paragraph is not rest) and _turns(paragraph.text):
                part = Part.PLAN
            if paragraph.text.strip(" \u3000。：:"):
                groups[part].append(paragraph)
        for one, paragraphs in groups.items():
            yield one, *_items(structure, one, paragraphs)


def _parts_named(heading: str) -> list[Part]:
    """Which parts a heading announces; both, where it names both."""
    found = [Part.PROBLEMS] if said("problems").search(heading) and not said("not_problems").search(heading) else []
    return [*found, Part.PLAN] if said("plan").search(heading) else found


def _turns(paragraph: str) -> bool:
    """Whether a paragraph turns from the problems to the plan."""
    head = paragraph.strip()[:30]
    return bool(said("then").search(head) or (said("plan").search(head[:16]) and not said("problems").search(head[:16])))


def _items(structure: Text, part: Part, paragraphs: list[Span]) -> tuple[list[Span], bool]:
    """What some paragraphs say: by their run-in numbers, by their own headings, else by sentence or clause."""
    spans: list[Span] = []
    runs_in = any(h.level == RUN_IN_LEVEL for p in paragraphs for h in _within(structure, p))
    for paragraph in paragraphs:
        headings = _within(structure, paragraph)
        run_in = [h for h in headings if h.level == RUN_IN_LEVEL]
        if run_in:
            ends = [*(h.start for h in run_in[1:]), paragraph.end]
            spans += [_bare(structure.text, h.start, end) for h, end in zip(run_in, ends, strict=True)]
        elif _numbered(paragraph, headings, alone=not runs_in):
            spans.append(_bare(structure.text, paragraph.start, paragraph.end))
    if spans:
        return [one for one in spans if len(one.text) >= SHORTEST], False
    sentences = [s for s in structure.sentences if any(p.start <= s.start < p.end for p in paragraphs)]
    told = [one for one in sentences if not _leads(one.text)]
    if part == Part.PROBLEMS and len(told) == 1 and (LISTING.search(told[0].text) or "；" in told[0].text):
        return list(_clauses(structure.text, told[0])), True
    bare = [_bare(structure.text, one.start, one.end) for one in told]
    return [one for one in bare if len(one.text) >= SHORTEST], False


def _within(structure: Text, paragraph: Span) -> list[Heading]:
    return [h for h in structure.headings if paragraph.start <= h.start < paragraph.end]


def _numbered(paragraph: Span, headings: list[Heading], *, alone: bool) -> bool:
    """Whether a paragraph has a number and says something; `alone`, a heading on its own line says it, too."""
    own = next((h for h in headings if h.start - paragraph.start <= _indent(paragraph.text) and h.level > 1), None)
    if own is None or len(own.text) <= SHORTEST:
        return False
    return alone or len(paragraph.text.strip()) > len(own.text) + SHORTEST


def _leads(sentence: str) -> bool:
    """Whether a sentence only leads to what is said next."""
    bare = sentence.strip().rstrip(STOPS)
    return bare.endswith(("：", ":")) or (bool(said("lead").search(bare)) and not LISTING.search(bare) and "；" not in bare)


def _clauses(text: str, sentence: Sentence) -> Iterator[Span]:
    """The clauses of a listing, behind its colon where it has one, without what ends it (等)."""
    colon = re.search(r"[：:]", sentence.text)
    at = sentence.start + (colon.end() if colon else 0)
    inner = text[at : sentence.end].rstrip().rstrip(STOPS)
    inner = said("ending").sub("", inner)
    for found in re.finditer(r"[^；;]+", inner):
        if len(found[0].strip()) >= SHORTEST:
            yield _bare(text, at + found.start(), at + found.end())


def _bare(text: str, start: int, end: int) -> Span:
    """A span without the blanks around it."""
    inner = text[start:end]
    start += _indent(inner)
    inner = inner.strip()
    return Span(start, start + len(inner), inner)


def _indent(words: str) -> int:
    return len(words) - len(words.lstrip())


def _marker(structure: Text, span: Span) -> str:
    """What numbers an item: 一是."""
    own = next((h for h in structure.headings if h.start == span.start and h.level > 1), None)
    return own.marker if own else ""
