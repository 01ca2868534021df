"""A text laid out for reading: paragraphs and headings, with slots, names, period words and doubtful words in their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from zugong.base.figures import Time
from zugong.reports.backing import Backed, State
from zugong.reports.models import Slot
from zugong.reports.moving import PeriodWord
from zugong.reports.producing import Filled, Put
from zugong.reports.texts import RUN_IN_LEVEL, Heading, Span, Text
from zugong.reports.weaving import Quote
from zugong.reports.wording import Contradiction, Name
from zugong.statistics.answers import Status

SLOT, NAME, PERIOD, PART, LEVEL = "slot", "name", "period", "part", "level"
FIRST = (SLOT, NAME, PERIOD, PART, LEVEL)  # which of two marks at one place is kept
LOST = "漏"
STATES = {"mask": "遮去的数", "value": "原来的数", "deleted": "漏掉的数"}
TIMES = {Time.FLOW: "期间数", Time.AS_OF: "期末数", Time.PLAN: "年度数"}
TIMES_TOLD = {Time.FLOW: "期间内发生的", Time.AS_OF: "截至那一天有的", Time.PLAN: "这一年计划的"}
TONES = {Status.PROVEN: "done", Status.UNDECIDED: "open", Status.NO_DATA: "late", Status.UNFOUNDED: "late"}
TONES_OF_PARTS = {State.FOUNDED: "done", State.PROPOSED: "open", State.UNFOUNDED: "late", State.DROPPED: "plain"}
SHAPES = {"done": "✓", "open": "◐", "late": "▲", "typed": "✎"}
TYPED = "手填"
AROUND = 15


@dataclass(frozen=True)
class Mark:
    """A marked place: what kind, the words shown there, its state in a word and a tone, what the reader may want to know."""

    start: int
    end: int
    kind: str
    text: str
    number: int = 0
    state: str = ""
    tone: str = ""
    hint: str = ""
    href: str = ""
    chosen: bool = False

    @property
    def anchor(self) -> str:
        """The name of the place on the page."""
        return f"{self.kind}-{self.number or self.start}"

    @property
    def shape(self) -> str:
        """The shape that goes with the state."""
        return SHAPES.get(self.tone, "")


@dataclass(frozen=True)
class Run:
    """A stretch of a paragraph: plain, part of a heading that runs into its paragraph, or marked."""

    text: str
    heading: int = 0
    mark: Mark | None = None


@dataclass(frozen=True)
class Block:
    """A paragraph or a heading on its own line; `level` 0 is body, -1 the title."""

    level: int
    runs: tuple[Run, ...]

    @property
    def tag(self) -> str:
        """The element it is shown as, below the page's own heading."""
        return {-1: "h2", 1: "h3", 2: "h4"}.get(self.level, "p")


@dataclass(frozen=True)
class Snippet:
    """A place with a few words on either side."""

    before: str
    inside: str
    after: str


def around(text: str, start: int, end: int, inside: str = "", width: int = AROUND) -> Snippet:
    """The words around a place, within its paragraph."""
    head, tail = text[:start].rpartition("\n")[2], text[end:].partition("\n")[0]
    before = f"…{head[-width:]}" if len(head) > width else head.lstrip()
    after = f"{tail[:width]}…" if len(tail) > width else tail.rstrip()
    return Snippet(before, inside or text[start:end], after)


def laid_out(structure: Text, marks: Iterable[Mark]) -> list[Block]:
    """The text in blocks; of two marks at one place the first kind stands."""
    kept = _apart(marks)
    title = structure.title
    found = []
    for paragraph in structure.paragraphs:
        inner = _trimmed(paragraph)
        headings = [h for h in structure.headings if inner.start <= h.start < inner.end]
        runs = tuple(_runs(structure.text, inner, [m for m in kept if inner.start <= m.start <= inner.end], headings))
        is_title = title is not None and inner.start < title.end
        found.append(Block(-1 if is_title else _level(inner, headings), runs))
    return found


def _apart(marks: Iterable[Mark]) -> list[Mark]:
    """The marks in the order of the text, none inside another."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda m: (FIRST.index(m.kind), m.start)):
        if all(mark.end <= other.start or mark.start >= other.end for other in kept):
            kept.append(mark)
    return sorted(kept, key=lambda m: (m.start, m.end))


def _trimmed(span: Span) -> Span:
    bare = span.text.strip()
    start = span.start + span.text.index(bare)
    return Span(start, start + len(bare), bare)


def _level(paragraph: Span, headings: Sequence[Heading]) -> int:
    """The level of a heading that is all of its paragraph, 0 for a body paragraph."""
    alone = headings and headings[0].start == paragraph.start and headings[0].end >= paragraph.end - 1
    return headings[0].level if alone and headings[0].level < RUN_IN_LEVEL else 0


def _runs(text: str, inner: Span, marks: Sequence[Mark], headings: Sequence[Heading]) -> Iterator[Run]:
    at = inner.start
    for mark in marks:
        yield from _plain(text, at, mark.start, headings)
        yield Run(mark.text, _heading_at(mark.start, headings), mark)
        at = mark.end
    yield from _plain(text, at, inner.end, headings)


def _plain(text: str, start: int, end: int, headings: Sequence[Heading]) -> Iterator[Run]:
    """Words without a mark, cut where a heading begins and ends."""
    cuts = sorted({start, end, *(c for h in headings for c in (h.start, h.end) if start < c < end)})
    for a, b in pairwise(cuts):
        yield Run(text[a:b], _heading_at(a, headings))


def _heading_at(offset: int, headings: Sequence[Heading]) -> int:
    return next((h.level for h in reversed(headings) if h.start <= offset < h.end), 0)


# --- the marks of an adopted text and of a produced report


def slots_marked(slots: Iterable[Slot], base: str, chosen: int | None) -> Iterator[Mark]:
    """The slots of an adopted text: what stood there, and whether somebody has confirmed what it means."""
    for slot in slots:
        state, tone = ("已确认", "done") if slot.decided_by else ("未确认", "open")
        told = f"第 {slot.number} 处，{STATES[slot.state]}，{state}"
        yield Mark(
            slot.start, slot.end, SLOT, slot.written or LOST, slot.number, state, tone, told, f"{base}?slot={slot.number}",
            slot.number == chosen,
        )  # fmt: skip


def names_marked(names: Iterable[Name]) -> Iterator[Mark]:
    """The masked names of an adopted text."""
    for one in names:
        yield Mark(one.start, one.end, NAME, one.text, state="名称", hint=one.reason)


def periods_marked(words: Iterable[PeriodWord]) -> Iterator[Mark]:
    """The period words of an adopted text."""
    for one in words:
        yield Mark(one.start, one.end, PERIOD, one.text, state="期间词", hint="随所写的期间改")


def levels_marked(found: Iterable[Contradiction]) -> Iterator[Mark]:
    """Level words that are not the department's own."""
    for one in found:
        yield Mark(one.start, one.end, LEVEL, one.text, state="层级不符", hint=f"是否应为“{one.instead}”")


def filled_marked(
    slots: Iterable[Filled], base: str, chosen: int | None, clean: bool = False, draft: bool = True
) -> Iterator[Mark]:
    """The figures of a report; `clean` leaves the states out, for a rendition as it will be read outside.

    Once it has left the house a figure is proven or written by hand, whatever its records say today.
    """
    for slot in slots:
        if slot.out_end > slot.out_start:
            state, tone = (state_of(slot), tone_of(slot)) if draft or slot.typed else (Status.PROVEN.value, "done")
            tone = "" if clean and not (draft and slot.open) else tone
            yield Mark(
                slot.out_start, slot.out_end, SLOT, slot.text, slot.number, state, tone, f"第 {slot.number} 处，{state}",
                f"{base}slot={slot.number}", slot.number == chosen,
            )  # fmt: skip


def puts_marked(names: Iterable[Put], periods: Iterable[Put]) -> Iterator[Mark]:
    """Names and period words of a report that wait for somebody."""
    for kind, puts in ((NAME, names), (PERIOD, periods)):
        for one in puts:
            if one.text is None and one.out_end > one.out_start:
                words = "【待填】" if kind == NAME else one.written
                tone = "late" if kind == NAME else "open"
                yield Mark(one.out_start, one.out_end, kind, words, state="待定", tone=tone, hint=one.note)


def parts_marked(every: Iterable[Backed], base: str, chosen: int | None) -> Iterator[Mark]:
    """Behind each sentence of an adopted text's problems and plan: what stands behind it."""
    for one in every:
        end, number = one.item.end, one.item.number
        yield _said(end, one.state, number, f"{base}?part={number}", number == chosen)


def quotes_marked(text: str, quotes: Iterable[Quote], base: str, chosen: int | None, clean: bool = False) -> Iterator[Mark]:
    """The words that came out of a register, and behind each old sentence what it is worth; `clean` leaves the states out."""
    for number, one in enumerate(quotes, 1):
        href, here = f"{base}part={number}", number == chosen
        if one.figure:
            told = f"第 {number} 句，引自登记的记录"
            tone = "" if clean else "done"
            yield Mark(*one.at, PART, text[slice(*one.at)], number, one.state, tone, told, href, here)
        elif not clean:
            yield _said(one.at[1], one.state, number, href, here)


def _said(at: int, state: State, number: int, href: str, chosen: bool) -> Mark:
    return Mark(at, at, PART, state, number, state, TONES_OF_PARTS[state], f"第 {number} 句", href, chosen)


def state_of(slot: Filled) -> str:
    """A figure's state in a word; a hand-written one says so."""
    return TYPED if slot.typed else slot.answer.status.value


def tone_of(slot: Filled) -> str:
    """The tone of a figure's state."""
    return "typed" if slot.typed else TONES[slot.answer.status]
