"""A report as it stands: a draft as it would be written now, a submitted one in the words and numbers that left the house."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from zugong.base.periods import Frame
from zugong.base.standards import Standards
from zugong.regulations.models import entered
from zugong.reports import moving, wording
from zugong.reports.actions import hand_written, setting, woven
from zugong.reports.models import Report, ReportState, Slot
from zugong.reports.producing import PUBLIC, SUBMITTED, Filled, Produced, Typed, number_of, produce
from zugong.reports.texts import Text, parse
from zugong.reports.weaving import Quote, Weave, Woven, kept_with, outside
from zugong.statistics.answers import Answer, Status
from zugong.statistics.frames import frame_of
from zugong.statistics.models import FrozenValue

Place = tuple[int, int]


class Piece(Protocol):
    """Anything with a place in the text it was found in."""

    start: int
    end: int


def frame_of_report(report: Report) -> Frame:
    """What a report counts: its scope and period, seen from its own day, by what the house entered."""
    return frame_of(report.period, report.day, report.scope).by(Standards(entered))


def standing(report: Report, frame: Frame, rendition: str, only: int | None = None) -> Produced:
    """A report in one rendition as it stands; `only` asks for one slot, whose place in the text is then not known."""
    slots = report.text.slots.all()
    slots = slots.filter(number=only) if only else slots
    typed = hand_written(report)
    if report.state == ReportState.DRAFT:
        made = produce(report.text.text, slots, frame, setting(), rendition, typed, woven(report, frame))
    else:
        made = _as_submitted(report, list(slots), frame, rendition, typed)
    return _for_the_public(made) if rendition == PUBLIC else made


def _as_submitted(report: Report, slots: list[Slot], frame: Frame, rendition: str, typed: dict[int, Typed]) -> Produced:
    """The words that were submitted; each slot with its place in them and with what the records say today."""
    structure = parse(report.text.text)
    pieces, quotes = kept_with(report.parts, report.produced)
    here = outside(pieces)
    moved = [one.word for one in moving.moved(structure, frame.period)]
    found = [one for one in (*slots, *wording.names(structure), *moved) if here(one)]
    places = places_in(structure, found, report.title, report.produced, pieces)
    parts = Weave(tuple(replace(one, quotes=_within(one, quotes)) for one in pieces))
    if rendition == PUBLIC:
        said = {s.number: Typed(report.produced[slice(*places[s.start])], "", "") for s in slots if s.start in places}
        return produce(report.text.text, slots, frame, setting(), PUBLIC, said, parts)
    now = produce(report.text.text, slots, frame, setting(), SUBMITTED, typed, parts)
    filled = tuple(_located(slot, places, report.produced) for slot in now.slots)
    nothing = dict(names=(), periods=(), left=(), pieces=())
    return replace(now, title=report.title, text=report.produced, slots=filled, quotes=tuple(quotes), **nothing)


def _within(piece: Woven, quotes: Iterable[Quote]) -> tuple[Quote, ...]:
    """The quotes of a register that stand in a piece, with their places in it."""
    at = piece.out_start
    inside = [q for q in quotes if q.figure and at <= q.at[0] and q.at[1] <= piece.out_end]
    return tuple(replace(q, at=(q.at[0] - at, q.at[1] - at)) for q in inside)


def _located(slot: Filled, places: dict[int, Place], produced: str) -> Filled:
    start, end = places.get(slot.start, (0, 0))
    return replace(slot, text=produced[start:end], out_start=start, out_end=end)


def places_in(
    structure: Text, pieces: Iterable[Piece], title: str, produced: str, settled: Iterable[Woven] = ()
) -> dict[int, Place]:
    """Where the pieces of a text stand in what was produced from it, by their starts; empty where that cannot be told.

    What lies between two pieces is the same in both, so a piece reaches up to where it goes on. Of `settled` ones the places
    are known.
    """
    text, known = structure.text, {(one.start, one.end): (one.out_start, one.out_end) for one in settled}
    chosen = _side_by_side([*pieces, *settled])
    at = 0 if structure.title else len(title) + 1
    edges = [*(piece.start for piece in chosen), len(text)]
    if not produced.startswith(text[: edges[0]], at):
        return {}
    at += edges[0]
    found: dict[int, Place] = {}
    for place, (piece, edge) in enumerate(zip(chosen, edges[1:], strict=True)):
        between = text[piece.end : edge]
        after = chosen[place + 1] if place + 1 < len(chosen) else None
        if own := known.get((piece.start, piece.end)):
            end = own[1] if own[0] == at else -1
        elif next_ := after and known.get((after.start, after.end)):
            end = next_[0] - len(between)
        else:
            end = produced.find(between, at) if after else len(produced) - len(between)
            end = -1 if after and not between else end
        if end < at or not produced.startswith(between, end):
            return {}
        if not own:
            found[piece.start] = (at, end)
        at = end + len(between)
    return found


def _side_by_side(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces in the order of the text, without those inside another, as they were put in."""
    kept: list[Piece] = []
    for piece in sorted(pieces, key=lambda one: (one.start, one.end)):
        if not kept or piece.start >= kept[-1].end:
            kept.append(piece)
    return kept


def frozen_values(report: Report, slots: Sequence[Filled]) -> dict[int, FrozenValue]:
    """The value each slot had when the report was submitted; none for a slot that has been bound otherwise since."""
    kept = list(FrozenValue.objects.filter(taken_for=report.key).defer("rows").order_by("pk"))
    found: dict[int, FrozenValue] = {}
    for slot in slots:
        same = next((one for one in kept if _answers(one, slot)), None)
        if same is not None:
            found[slot.number] = same
            kept.remove(same)
    return found


def with_values_of_then(made: Produced, report: Report) -> Produced:
    """A submitted report as evidence of itself: the values of then, and a word where the records say something else now."""
    then = frozen_values(report, made.slots)
    return replace(made, slots=tuple(_of_then(slot, then.get(slot.number)) for slot in made.slots))


def _of_then(slot: Filled, then: FrozenValue | None) -> Filled:
    if then is None:
        return replace(slot, question=None, answer=Answer(None, Status.PROVEN, "报送时没有定格的数"))
    same = then.value == slot.answer.value
    now = slot.answer.status.value if slot.answer.value is None else number_of(slot.answer.value)
    note = "" if same else f"报送时的数；现在台账里是 {now}，各行按现在的台账"
    return replace(slot, answer=Answer(number_of(then.value), Status.PROVEN, note))


def _answers(one: FrozenValue, slot: Filled) -> bool:
    facets = {name: list(words) for name, words in slot.facets.items()}
    same = (one.figure, one.facets, one.time) == (slot.figure, facets, slot.time)
    return same and slot.question is not None and one.period == slot.question.frame.period.code


def _for_the_public(made: Produced) -> Produced:
    """A public rendition and nothing else: no slot, no name, no remark goes with it."""
    return Produced(made.title, made.text, (), (), (), ())
