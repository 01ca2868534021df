"""What a reader should look at in a text or a report: one line each, leading to its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from zugong.base.periods import Frame
from zugong.reports.backing import State
from zugong.reports.models import Slot
from zugong.reports.producing import Filled, Produced, number_of
from zugong.reports.reading import LOST, TONES_OF_PARTS, TYPED, Snippet, around, state_of, tone_of
from zugong.reports.weaving import WHY
from zugong.reports.wording import LEVEL as LEVEL_FIGURE
from zugong.reports.wording import Contradiction, contradictions
from zugong.statistics import answers
from zugong.statistics.models import FrozenValue
from zugong.ui.shown import words


@dataclass(frozen=True)
class Pointer:
    """One thing to look at: what kind of thing, where, and what about it. `slot` is 0 where no figure is meant, `part` where
    no sentence of the problems or the plan is."""

    kind: str
    tone: str
    place: Snippet
    note: str
    anchor: str
    slot: int = 0
    blocks: bool = False
    part: int = 0


def level_of(frame: Frame) -> str:
    """The department's own level word: 县."""
    return "".join(answers.names(LEVEL_FIGURE, frame))


def in_text(text: str, slots: Iterable[Slot], wrong: Iterable[Contradiction], level: str) -> list[Pointer]:
    """What is wrong with an adopted text: numbers that were lost, level words that are not the department's."""
    lost = [
        Pointer("漏了数字", "late", around(text, s.start, s.end, LOST), "会按接上的指标补上。", f"slot-{s.number}", s.number)
        for s in slots
        if s.state == "deleted"
    ]
    return lost + [_level(text, one, level) for one in wrong]


def in_report(made: Produced, level: str) -> list[Pointer]:
    """What is open, lost, rounded, hand-written or contradicting in a report; what keeps it from leaving comes first."""
    found = [pointer for slot in made.slots for pointer in _about(made.text, slot)]
    for name in made.names:
        if name.text is None:
            place = around(made.text, name.out_start, name.out_end)
            found.append(Pointer("名称未填", "late", place, name.note, f"name-{name.out_start}", blocks=True))
    for word in made.periods:
        if word.text is None:
            place = around(made.text, word.out_start, word.out_end)
            found.append(Pointer("期间词待定", "open", place, word.note, f"period-{word.out_start}"))
    found += _of_parts(made)
    found += [_level(made.text, one, level) for one in (contradictions(made.text, level) if level else ())]
    return sorted(found, key=lambda pointer: not pointer.blocks)


def _of_parts(made: Produced) -> Iterator[Pointer]:
    """Stretches to be written, sentences without a record, sentences that fell out."""
    for piece in made.unwritten:
        place = around(made.text, piece.out_start, piece.out_end)
        yield Pointer("这一段待写", "late", place, piece.note, f"written-{piece.out_start}", blocks=True)
    for number, one in enumerate(made.quotes, 1):
        if one.state != State.FOUNDED:
            start, end = one.at
            place = Snippet("", f"{made.text[start:end][:24]}…" if end - start > 24 else made.text[start:end], "")
            note = f"{WHY[one.state]}。"
            yield Pointer(one.state, TONES_OF_PARTS[one.state], place, note, f"part-{number}", blocks=made.strict, part=number)
    for left in made.left:
        place = Snippet("", f"{left.item.text[:24]}…" if len(left.item.text) > 24 else left.item.text, "")
        yield Pointer("没有再写", "plain", place, f"{left.why}。", "parts")


def since_submitted(made: Produced, then: Mapping[int, FrozenValue]) -> list[Pointer]:
    """Figures of a submitted report whose records say something else today, and those written by hand."""
    return [pointer for slot in made.slots for pointer in _changed(made.text, slot, then.get(slot.number))]


def today_of(slot: Filled) -> str:
    """What the records say today."""
    return slot.answer.status.value if slot.answer.value is None else words(number_of(slot.answer.value))


def _level(text: str, one: Contradiction, level: str) -> Pointer:
    note = f"本级是“{level}”，是否应为“{one.instead}”？"
    return Pointer("层级不符", "open", around(text, one.start, one.end), note, f"level-{one.start}")


def _about(text: str, slot: Filled) -> Iterator[Pointer]:
    place, anchor = around(text, slot.out_start, slot.out_end), f"slot-{slot.number}"
    if slot.open:
        yield Pointer(state_of(slot), tone_of(slot), place, slot.answer.note, anchor, slot.number, blocks=True)
    if slot.state == "deleted" and not slot.open:
        yield Pointer("原稿漏数", "plain", place, "原稿这里漏了数字，已经补上。", anchor, slot.number)
    if slot.rounded:
        exact = words(number_of(slot.answer.value))
        yield Pointer("已取整", "plain", place, f"按原稿的写法取整，准确数是 {exact}。", anchor, slot.number)
    yield from _typed(place, anchor, slot)


def _typed(place: Snippet, anchor: str, slot: Filled) -> Iterator[Pointer]:
    if slot.typed:
        note = f"{slot.typed.reason}（{slot.typed.account}）"
        yield Pointer(TYPED, "typed", place, note, anchor, slot.number)


def _changed(text: str, slot: Filled, then: FrozenValue | None) -> Iterator[Pointer]:
    place, anchor = around(text, slot.out_start, slot.out_end, slot.text), f"slot-{slot.number}"
    if then is not None and then.value != slot.answer.value:
        said = f"报送时是 {words(then.value)}，现在台账里是 {today_of(slot)}。"
        yield Pointer("台账已变", "open", place, said, anchor, slot.number)
    yield from _typed(place, anchor, slot)
