"""The problems and the plan of a report written anew from the registers, and the sentence about the last plan it opens with.

What the registers say goes in, in their words; what a person tied to a record that is closed, or is told anew, falls out;
what has no record stays as it was written and says so. Everything is a piece with its place in the adopted text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from zugong.base.figures import AS_OF
from zugong.base.periods import Frame
from zugong.reports import backing, parts
from zugong.reports.backing import REGISTERS, Backed, State
from zugong.reports.models import Backing
from zugong.reports.parts import Item, Part, Section
from zugong.reports.texts import CHINESE, Text
from zugong.statistics import answers
from zugong.statistics.answers import Question
from zugong.statistics.catalogue import NAMES

KEPT = "tasks.plan_kept"
DUE = REGISTERS[Part.PLAN].figure
SEPARATORS = "；;。 \u3000\n"
UNSEEN = "不在您能看到的范围里"
WHY = {  # why a sentence waits for a person: never in the words of a record, which the reader may not see
    State.PROPOSED: "像登记的一条，到底稿认一认",
    State.UNFOUNDED: "没有登记的记录可依，到底稿接上一条，或者定为不再写",
}


@dataclass(frozen=True)
class Quote:
    """Words of the report with the records behind them: `at` is where they stand in their piece, later in the report.
    `item` is the number of the sentence in the adopted text, 0 for what came out of a register."""

    figure: str
    state: State
    at: tuple[int, int]
    keys: tuple[str, ...] = ()
    item: int = 0


@dataclass(frozen=True)
class Woven:
    """What takes the place of a stretch of the adopted text; `text` is None where a person has to say what goes there."""

    start: int
    end: int
    text: str | None
    quotes: tuple[Quote, ...] = ()
    note: str = ""
    out_start: int = 0
    out_end: int = 0


@dataclass(frozen=True)
class Left:
    """A sentence that is not written any more, and why."""

    item: Item
    key: str
    why: str


@dataclass(frozen=True)
class Weave:
    """All pieces of a report's parts, the old sentences that stay, and what fell out."""

    pieces: tuple[Woven, ...] = ()
    staying: tuple[Backed, ...] = ()
    left: tuple[Left, ...] = ()
    questions: tuple[Question, ...] = ()
    remarks: tuple[str, ...] = ()
    strict: bool = False


NOTHING = Weave()


def weave(structure: Text, frame: Frame, kept: Iterable[Backing]) -> Weave:
    """The parts of a text for the frame's period."""
    sections, decided = parts.sections(structure), list(kept)
    records = {part: backing.known(part, frame) for part in Part}
    open_ = {part: answers.told(REGISTERS[part].told, frame) if records[part].any_open else [] for part in Part}
    opened = _opening(structure, frame)
    pieces: list[Woven] = [opened] if opened else []
    staying: list[Backed] = []
    left: list[Left] = []
    told: set[Part] = set()
    for section in sections:
        every = backing.backed(section.items, decided, records)
        new = () if section.part in told else open_[section.part]
        told.add(section.part)
        stays = [one for one in every if _stays(one, {key for _, key in open_[section.part]})]
        left += [_left(one) for one in every if one not in stays]
        staying += stays
        pieces += _rewritten(structure, section, new, stays)
    remarks = tuple(
        f"登记的{REGISTERS[part].kind}有 {len(open_[part])} 条，这份底稿没有可以写它们的部分"
        for part in Part
        if part not in told and open_[part]
    )
    asked = _asked(frame, [part for part in told if open_[part]]) + (_counts(frame) if opened else ())
    return Weave(tuple(pieces), tuple(staying), tuple(left), asked, remarks, backing.blocks(frame))


def _stays(one: Backed, told: Container[str]) -> bool:
    """Whether an old sentence stays: it does until a person dropped it, or tied it to a record that is closed or that the
    register tells anew."""
    if one.state == State.DROPPED:
        return False
    return one.state != State.FOUNDED or not (one.closed or one.key in told)


def _left(one: Backed) -> Left:
    if one.state == State.DROPPED:
        return Left(one.item, "", f"{one.by} 定了不再写")
    closed = "已经解决" if one.item.part == Part.PROBLEMS else "已经完成"
    return Left(one.item, one.key, f"{closed}，不再写" if one.closed else "换成了登记的话")


def _asked(frame: Frame, told: Iterable[Part]) -> tuple[Question, ...]:
    """What is counted of the records the parts quote, so that their keys are frozen with the report."""
    return tuple(Question(REGISTERS[part].figure, {"state": REGISTERS[part].open}, AS_OF, frame) for part in told)


# --- one section


def _rewritten(structure: Text, section: Section, new: Sequence[tuple[str, str]], stays: Sequence[Backed]) -> Iterator[Woven]:
    """The pieces of one section. Nothing is touched where nothing was registered and nothing falls out."""
    kept = [one.item for one in stays]
    if not new and len(kept) == len(section.items):
        return
    if not new and not kept:
        note = "登记的都已经了结，没有新的，这一段请人写。"
        yield Woven(section.start, section.end, None, note=note)
    elif section.joined:
        yield from _joined(section, new, kept)
    else:
        yield from _listed(structure, section, new, kept)


def _joined(section: Section, new: Sequence[tuple[str, str]], kept: Sequence[Item]) -> Iterator[Woven]:
    """Clauses of one sentence, parted by ；."""
    first, last = (kept[0].start, kept[-1].end) if kept else (section.end, section.end)
    if new or section.start < first:
        text, quotes = _entries(section.part, [(words, key, "", "；") for words, key in new])
        yield Woven(section.start, first, text if kept else text.removesuffix("；"), quotes)
    for one, other in pairwise(kept):
        if other.number > one.number + 1:
            yield Woven(one.end, other.start, "；")
    if kept and last < section.end:
        yield Woven(last, section.end, "")


def _listed(structure: Text, section: Section, new: Sequence[tuple[str, str]], kept: Sequence[Item]) -> Iterator[Woven]:
    """Sentences of their own, run in (一是…；二是…) or each in its paragraph; they are numbered through again."""
    text, first = structure.text, section.items[0]
    apart = len(section.items) > 1 and "\n" in text[first.end : section.items[1].start]
    stop = "；" if text[first.end - 1] in "；;" else "。" if first.text[-1] in "。；;" or not apart else ""
    lines = [
        (words, key, _marker(first, number, text), stop + ("\n" if apart else "")) for number, (words, key) in enumerate(new, 1)
    ]
    if lines and not kept:
        words, key, marker, end = lines[-1]
        lines[-1] = (words, key, marker, "。" if end[:1] in "。；" and end else "")
    if lines:
        yield Woven(section.start, section.start, *_entries(section.part, lines))
    numbers = {item.number: place for place, item in enumerate(kept, len(new) + 1)}
    for place, item in enumerate(section.items, 1):
        following = section.items[place].start if place < len(section.items) else item.end
        if item.number not in numbers:
            between = text[item.end : following]
            yield Woven(item.start, following if not between.strip(SEPARATORS) else item.end, "")
        elif item.marker and (new or numbers[item.number] != place):
            yield Woven(item.start, item.start + len(item.marker), renumbered(item.marker, numbers[item.number]))
    if kept and kept[-1].text[-1] in "；;" and kept[-1].end < section.end:
        yield Woven(kept[-1].end - 1, kept[-1].end, "。")


def _entries(part: Part, lines: Iterable[tuple[str, str, str, str]]) -> tuple[str, tuple[Quote, ...]]:
    """Words out of a register, each with what numbers it and what ends it, and where each stands among them."""
    text, quotes = "", []
    for words, key, marker, stop in lines:
        text += marker
        quotes.append(Quote(REGISTERS[part].told, State.FOUNDED, (len(text), len(text) + len(words)), (key,)))
        text += words + stop
    return text, tuple(quotes)


def _marker(first: Item, number: int, text: str) -> str:
    """What numbers a new sentence, in the manner of the first old one; its bullet, where it has one."""
    if first.marker:
        return renumbered(first.marker, number)
    bullet = re.match(r"[-—–•·●▪■◆*]\s*", first.text)
    return bullet[0] if bullet else ""


def renumbered(marker: str, number: int) -> str:
    """A marker with another number: 三是, 3., （三）. What counts otherwise (首先) becomes 一是."""
    if re.search(rf"[{CHINESE}]+", marker):
        return re.sub(rf"[{CHINESE}]+", chinese(number), marker, count=1)
    if re.search(r"\d+", marker):
        return re.sub(r"\d+", str(number), marker, count=1)
    return f"{chinese(number)}是"


def chinese(number: int) -> str:
    """A number up to 99 as it counts sentences: 十二."""
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    if number > 99:
        return str(number)
    return ("" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十") + (digits[ones] if ones or not tens else "")


# --- the opening


def _counts(frame: Frame) -> tuple[Question, ...]:
    """What was planned for the period, what of it is done, what is not."""
    plan = REGISTERS[Part.PLAN]
    return tuple(Question(DUE, facets, "", frame) for facets in ({}, {"state": [plan.closing]}, {"state": plan.open}))


def _opening(structure: Text, frame: Frame) -> Woven | None:
    """What became of the plan for this period, with a number and its rows for each count; None where nothing was planned."""
    at = parts.opening(structure)
    rows = [] if at is None else list(answers.rows(_counts(frame)[0]))
    if at is None or not rows:
        return None
    closing = REGISTERS[Part.PLAN].closing
    done = [row for row in rows if row.state == closing]
    rest = [row for row in rows if row.state != closing]
    text, quotes = "", []
    for said, counted in (("上期计划本期完成的工作", rows), ("项，已完成", done), ("项，继续推进", rest)):
        if counted or counted is done:
            text += said
            quotes.append(_count(text, counted))
            text += str(len(counted))
    text += "项"
    if rest:
        text += "："
        for place, (words, key) in enumerate(answers.told(KEPT, frame)):
            text += "；" if place else ""
            quotes.append(Quote(KEPT, State.FOUNDED, (len(text), len(text) + len(words)), (key,)))
            text += words
    return Woven(at, at, f"{text}。", tuple(quotes))


def _count(text: str, rows: Sequence[Any]) -> Quote:
    """A number that is about to be written behind some words, with its rows."""
    return Quote(DUE, State.FOUNDED, (len(text), len(text) + len(str(len(rows)))), tuple(row.key for row in rows))


# --- what a rendition makes of the pieces


def outside(pieces: Iterable[Woven]) -> Callable[[Any], bool]:
    """Whether something of the adopted text lies outside what is written anew."""
    spans = [(one.start, one.end) for one in pieces if one.end > one.start]
    return lambda one: not any(start <= one.start and one.end <= end for start, end in spans)


def hidden(piece: Woven, mask: str) -> Woven:
    """A piece for the public: the words of the registers are masked, what became of the last plan is not told."""
    if not piece.quotes or piece.text is None:
        return piece
    if any(quote.figure in (DUE, KEPT) for quote in piece.quotes):
        return replace(piece, text="", quotes=())
    text = piece.text
    for quote in reversed(piece.quotes):
        text = f"{text[: quote.at[0]]}{mask}{text[quote.at[1] :]}"
    one = re.escape(mask)  # how many there are is not told either, where they are not numbered
    return replace(piece, text=re.sub(rf"{one}(?:；{one})+", mask, text), quotes=())


def quoted(pieces: Iterable[Woven], woven: Weave, where: Callable[[int], int]) -> list[Quote]:
    """The sentences of the parts with their places in what was produced, in its order."""
    found = [_shifted(quote, piece.out_start) for piece in pieces for quote in piece.quotes]
    found += _of_the_old(woven.staying, where)
    return sorted(found, key=lambda quote: quote.at)


def _shifted(quote: Quote, by: int) -> Quote:
    return replace(quote, at=(by + quote.at[0], by + quote.at[1]))


def _of_the_old(staying: Iterable[Backed], where: Callable[[int], int]) -> Iterator[Quote]:
    """The old sentences that stay, as they stand in what was produced."""
    for one in staying:
        keys = (one.key,) if one.key and one.state == State.FOUNDED else ()
        yield Quote("", one.state, (where(one.item.start), where(one.item.end)), keys, one.item.number)


def remarks(woven: Weave) -> Iterator[str]:
    """What a reader should know about the problems and the plan."""
    yield from woven.remarks
    for piece in woven.pieces:
        if piece.text is None:
            yield f"这一段待写：{piece.note}"
    for one in woven.staying:
        if one.state != State.FOUNDED:
            yield f"{one.state}：“{one.item.text}”——{WHY[one.state]}"
    for left in woven.left:
        yield f"没有再写：“{left.item.text}”——{left.why}"


def part_of(quote: Quote) -> str:
    """Which part of a report some words belong to."""
    if quote.figure in (DUE, KEPT):
        return "上期计划的完成"
    return NAMES[quote.figure].name if quote.figure in NAMES else "原稿的话"


# --- kept with a submitted report


def to_keep(pieces: Iterable[Woven], quotes: Iterable[Quote]) -> dict[str, object]:
    """The pieces and quotes of a produced report as they are kept with it, with the places they have in it."""
    return {
        "pieces": [[one.start, one.end, one.out_start, one.out_end] for one in pieces],
        "quotes": [[q.figure, q.state.value, *q.at, list(q.keys), q.item] for q in quotes],
    }


def kept_with(held: Mapping[str, list[list[object]]], produced: str) -> tuple[list[Woven], list[Quote]]:
    """The pieces and quotes of a submitted report, as they were then."""
    pieces = [Woven(a, b, produced[x:y], (), "", x, y) for a, b, x, y in held.get("pieces", [])]  # type: ignore[arg-type,misc,index]
    quotes = [
        Quote(str(figure), State(state), (a, b), tuple(keys), item)  # type: ignore[arg-type]
        for figure, state, a, b, keys, item in held.get("quotes", [])
    ]
    return pieces, quotes
