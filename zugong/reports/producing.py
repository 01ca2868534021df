"""From an adopted text and a frame to the report of that period: every slot filled or visibly open, every name and period
word in its place, and where each of them stands in what was produced.

Nothing here is typed: a number comes from the catalogue, from a person with a reason, or stays open.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from zugong.base.figures import Number, Time
from zugong.base.periods import Frame
from zugong.reports import moving, numerals, weaving, wording
from zugong.reports.backing import State
from zugong.reports.models import Slot
from zugong.reports.texts import Text, parse
from zugong.reports.weaving import NOTHING, Left, Quote, Weave, Woven
from zugong.statistics import answers
from zugong.statistics.answers import Answer, Question, Status
from zugong.statistics.catalogue import FIGURES, NAMES

INTERNAL, SUBMITTED, PUBLIC = "internal", "submitted", "public"
RENDITIONS = {INTERNAL: "内部版", SUBMITTED: "报送版", PUBLIC: "公开版"}
MASK = "*"
SHOWN_PARTNERS = 3
LEVEL_WORDS = {"organizations.superior"}
PERIOD = "period"
OPEN_NAME = "【待填】"


@dataclass(frozen=True)
class Typed:
    """A number written by hand, with its reason."""

    value: str
    reason: str
    account: str


@dataclass(frozen=True)
class Filled:
    """A slot of the produced report: what was asked, what came back, what stands in the text and where."""

    number: int
    start: int
    end: int
    written: str
    state: str
    unit: str
    phrase: str
    figure: str
    facets: Mapping[str, Sequence[str]]
    time: str
    prior: bool
    question: Question | None
    answer: Answer
    text: str
    rounded: bool = False
    typed: Typed | None = None
    out_start: int = 0
    out_end: int = 0

    @property
    def open(self) -> bool:
        """Whether nothing stands here yet that may leave the house."""
        return self.answer.status != Status.PROVEN and self.typed is None


@dataclass(frozen=True)
class Put:
    """A name or a period word as it was put into the report; `text` is None where it was left for a person to decide."""

    start: int
    end: int
    written: str
    figure: str
    text: str | None
    note: str = ""
    out_start: int = 0
    out_end: int = 0


Piece = Filled | Put | Woven


@dataclass(frozen=True)
class Produced:
    """A report of a period: title, text, its slots, names and period words, and what a reader should look at.

    `pieces` are the stretches written anew from the registers, `quotes` the sentences of the problems and the plan with the
    records behind them, `left` those that fell out; `strict` says that one without a record keeps the report back.
    """

    title: str
    text: str
    slots: tuple[Filled, ...]
    names: tuple[Put, ...]
    periods: tuple[Put, ...]
    remarks: tuple[str, ...]
    pieces: tuple[Woven, ...] = ()
    quotes: tuple[Quote, ...] = ()
    left: tuple[Left, ...] = ()
    strict: bool = False

    @property
    def open_slots(self) -> list[Filled]:
        """The slots that keep the report from being submitted."""
        return [slot for slot in self.slots if slot.open]

    @property
    def unfounded(self) -> list[Quote]:
        """The sentences no person has tied to a record."""
        return [one for one in self.quotes if one.state != State.FOUNDED]

    @property
    def unwritten(self) -> list[Woven]:
        """The stretches nothing is left of and nobody has written anew."""
        return [one for one in self.pieces if one.text is None]

    @property
    def held_back(self) -> int:
        """How many places keep the report from leaving the house."""
        unnamed = sum(name.text is None for name in self.names)
        return len(self.open_slots) + unnamed + len(self.unwritten) + (len(self.unfounded) if self.strict else 0)


@dataclass(frozen=True)
class Setting:
    """What the department says about itself, as far as a report needs it; `shown` are figures the public may see."""

    department: str = ""
    shown: frozenset[str] = frozenset()


def produce(
    text: str,
    slots: Iterable[Slot],
    frame: Frame,
    setting: Setting,
    rendition: str = INTERNAL,
    typed: Mapping[int, Typed] | None = None,
    woven: Weave = NOTHING,
) -> Produced:
    """The report of the frame's period in one rendition; `woven` are its problems and its plan."""
    structure, pieces = parse(text), woven.pieces
    here = weaving.outside(pieces)
    filled = [_fill(structure, slot, frame, (typed or {}).get(slot.number)) for slot in slots if here(slot)]
    masked = [one for one in wording.names(structure) if here(one)]
    known = {figure: answers.names(figure, frame) for figure in {one.figure for one in masked}}
    names = [_name(one, known[one.figure]) for one in masked]
    periods = [_moved(one) for one in moving.moved(structure, frame.period) if here(one.word)]
    title = _title(structure, frame, setting)
    if rendition == PUBLIC:
        filled, pieces = _masked(filled, setting.shown), tuple(weaving.hidden(piece, MASK) for piece in pieces)
        places = _places(text, frame, [*filled, *names, *periods, *pieces])
        names = [replace(one, text=MASK) for one in (*names, *places)]
        title = without_place(title, frame)
    head = "" if structure.title else f"{title}\n"
    body, put, where = _assembled(text, [*filled, *names, *periods, *pieces], head)
    filled, names, periods, pieces = (tuple(map(put, some)) for some in (filled, names, periods, pieces))
    level = "".join(NAMES["organizations.level"].names(frame))
    remarks = (*_remarks(structure, filled, names, periods, level), *weaving.remarks(woven))
    title = title if not structure.title else body.split("\n", 1)[0].strip()
    quotes = tuple(weaving.quoted(pieces, woven, where))
    return Produced(title, body, filled, names, periods, remarks, pieces, quotes, woven.left, woven.strict)


def _fill(structure: Text, slot: Slot, frame: Frame, typed: Typed | None) -> Filled:
    of = frame.during(frame.period.a_year_before()) if slot.prior else frame
    question = Question(slot.figure, slot.facets, slot.time, of) if slot.figure in FIGURES else None
    found = _answer(question, slot)
    words, rounded = _words(slot, found, typed)
    return Filled(
        slot.number, slot.start, slot.end, slot.written, slot.state, slot.unit, structure.sentence_at(slot.start).text.strip(),
        slot.figure, slot.facets, slot.time, slot.prior, question, found, words, rounded, typed,
    )  # fmt: skip


def _answer(question: Question | None, slot: Slot) -> Answer:
    if question is None:
        return Answer(None, Status.UNFOUNDED, "没有对应的指标，这个数没有记录可依")
    if slot.prior and slot.time == Time.PLAN:
        return Answer(None, Status.UNDECIDED, "上期的计划数，请定")
    found = answers.answer(question)
    if found.status == Status.PROVEN and not slot.supported:
        return Answer(None, Status.UNDECIDED, f"{slot.reason or '指标数不出这句话说的东西。'}请定。")
    return found


def _words(slot: Slot, found: Answer, typed: Typed | None) -> tuple[str, bool]:
    """What stands in the text: the number as the slot was written, a hand-written one, or the open mark."""
    if typed is not None:
        return typed.value, False
    if found.value is None:
        return f"【{found.status}】", False
    put = numerals.write(found.value, slot.written, slot.unit)
    return put.text, put.rounded


def _name(one: wording.Name, values: Sequence[str]) -> Put:
    if not values:
        note = one.reason if not one.figure else f"“{NAMES[one.figure].name}”在这一期没有记录"
        return Put(one.start, one.end, one.text, one.figure, None, note)
    if one.figure == wording.PARTNERS:
        return Put(one.start, one.end, one.text, one.figure, _partners(one, values), one.reason)
    value = values[0]
    if one.figure == wording.PLACE and one.tail:
        if not value.endswith(one.tail):
            return Put(one.start, one.end, one.text, one.figure, None, "说的不是本地，请写明。")
        value = value.removesuffix(one.tail)
    return Put(one.start, one.end, one.text, one.figure, value, one.reason)


def _partners(one: wording.Name, values: Sequence[str]) -> str | None:
    """One mask for all stands for the first three; masks in a list take one partner each."""
    if one.order == 0:
        return "、".join(values[:SHOWN_PARTNERS])
    return values[one.order - 1] if one.order <= len(values) else None


def _moved(one: moving.Moved) -> Put:
    return Put(one.word.start, one.word.end, one.word.text, PERIOD, one.text, one.reason)


def _title(structure: Text, frame: Frame, setting: Setting) -> str:
    """The title a text without one gets: …委组织部2023年上半年工作总结."""
    if structure.title:
        return structure.title.text
    return f"{setting.department or '组织部'}{frame.period.title}工作总结"


def _assembled(text: str, every: Iterable[Piece], head: str) -> tuple[str, Callable[[Any], Any], Callable[[int], int]]:
    """The produced text; what puts a piece where it stands there; what tells where a place of the adopted text is there."""
    pieces: list[str] = [head]
    at, length = 0, len(head)
    placed: dict[tuple[int, int], tuple[int, int]] = {}
    for one in sorted(every, key=lambda piece: (piece.start, piece.end)):
        if one.start < at:
            continue  # a piece inside one already put stays with it
        between = text[at : one.start]
        new = _new_words(one, text)
        pieces += [between, new]
        length += len(between)
        placed[one.start, one.end] = (length, length + len(new))
        length += len(new)
        at = one.end
    pieces.append(text[at:])
    ends = [end for _, end in placed]
    shifts = [out_end - end for (_, end), (_, out_end) in placed.items()]

    def put(piece: Any) -> Any:
        start, end = placed.get((piece.start, piece.end), (0, 0))
        return replace(piece, out_start=start, out_end=end)

    def where(offset: int) -> int:
        before = bisect_right(ends, offset)
        return offset + (shifts[before - 1] if before else len(head))

    return "".join(pieces), put, where


def _new_words(one: Piece, text: str) -> str:
    """What goes in: the piece's words, the open mark for a name nobody knows, the old words for an undecided period.

    A superior's level word that follows another without a mark gets the 、 between them: 全省、全市.
    """
    if one.text is None:
        return text[one.start : one.end] if isinstance(one, Put) and one.figure == PERIOD else OPEN_NAME
    joins = isinstance(one, Put) and one.figure in LEVEL_WORDS and one.text != MASK
    before = text[one.start - 1 : one.start]
    return f"、{one.text}" if joins and before.isalpha() else one.text


def _places(text: str, frame: Frame, pieces: Sequence[Piece]) -> Iterator[Put]:
    """Where the place is named in plain words: for the public it is masked there, too, as it is where a mask stood."""
    for place in answers.names(wording.PLACE, frame):
        for found in re.finditer(re.escape(place), text):
            if not any(one.start < found.end() and found.start() < one.end for one in pieces):
                yield Put(found.start(), found.end(), place, wording.PLACE, place, "本地的名称")


def without_place(words: str, frame: Frame) -> str:
    """Words for the public that are no part of the text (title, signature): they do not name the place either."""
    for place in answers.names(wording.PLACE, frame):
        words = words.replace(place, MASK)
    return words


def _masked(slots: Sequence[Filled], shown: frozenset[str]) -> list[Filled]:
    """Every count masked, also a lost one; where a policy shows some figures, no masked one may follow from them.

    A whole and its parts are one family: all of it is shown, or the whole alone, or nothing.
    """
    visible = {slot.number for slot in slots if _may_show(slot, shown) and not slot.open}
    for family in _families(slots):
        if not all(slot.number in visible for slot in family):
            visible -= {slot.number for slot in family[1:]}
            if len(family) > 1 and not _is_whole(family[0], family):
                visible -= {family[0].number}
    return [slot if slot.number in visible else replace(slot, text=MASK) for slot in slots]


def _may_show(slot: Filled, shown: frozenset[str]) -> bool:
    """Whether the policy shows a slot: its figure altogether, or `figure:total` and the slot has no facets."""
    return slot.figure in shown or (f"{slot.figure}:total" in shown and not slot.facets)


def _families(slots: Sequence[Filled]) -> list[list[Filled]]:
    """Slots of one period that count the same or a part of it: the widest first, then its parts."""
    families: dict[tuple[str, str, bool], list[Filled]] = {}
    for slot in slots:
        families.setdefault((whole_of(slot.figure), slot.time, slot.prior), []).append(slot)
    return [sorted(family, key=_narrowness) for family in families.values()]


def whole_of(figure: str) -> str:
    """The figure a figure is counted out of; itself where it is no part of another."""
    part = FIGURES.get(figure)
    return whole_of(part.part_of) if part and part.part_of else figure


def _narrowness(slot: Filled) -> int:
    """How much a slot leaves out: one for each facet, one where its figure is a part of another."""
    return len(slot.facets) + (whole_of(slot.figure) != slot.figure)


def _is_whole(slot: Filled, family: Sequence[Filled]) -> bool:
    """Whether a slot alone leaves out the least of its family."""
    return sum(_narrowness(other) == _narrowness(slot) for other in family) == 1


def _remarks(
    structure: Text, slots: Sequence[Filled], names: Sequence[Put], periods: Sequence[Put], level: str
) -> Iterator[str]:
    """What a reader should look at before the report leaves the house."""
    for slot in slots:
        yield from _about_slot(slot)
    for name in names:
        if name.text is None:
            yield f"名称未填：“{structure.sentence_at(name.start).text.strip()}”——{name.note}"
    for word in periods:
        if word.text is None:
            yield f"期间词待定：“{word.written}”——{word.note}"
    for wrong in wording.contradictions(structure.text, level) if level else ():
        yield f"层级用词与设置不符：“{wrong.text}”，本级是“{level}”，是否应为“{wrong.instead}”"


def _about_slot(slot: Filled) -> Iterator[str]:
    if slot.state == "deleted":
        yield f"原稿漏了数字：“{slot.phrase}”"
    if slot.open:
        yield f"{slot.answer.status}：“{slot.phrase}”——{slot.answer.note}"
    if slot.rounded:
        yield f"已按原稿的写法取整：“{slot.phrase}”，准确数为 {slot.answer.value}"
    if slot.typed:
        yield f"手填的数 {slot.typed.value}：“{slot.phrase}”——{slot.typed.reason}（{slot.typed.account}）"


def number_of(value: Number) -> Number:
    """A value as JSON carries it: whole numbers without a point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
