"""What the pages show of a text's problems and plan: each sentence with what stands behind it, and the one being decided on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.reports import backing, parts
from zugong.reports.backing import REGISTERS, Backed, Known, State
from zugong.reports.behind import Rows, rows_at
from zugong.reports.models import AdoptedText
from zugong.reports.parts import Part
from zugong.reports.producing import Produced
from zugong.reports.reading import TONES_OF_PARTS, Snippet, around
from zugong.reports.texts import Text
from zugong.reports.weaving import UNSEEN, WHY, Quote, part_of

OFFERED = 12
TITLES = {Part.PROBLEMS: "存在的问题", Part.PLAN: "工作计划"}


@dataclass(frozen=True)
class Offered:
    """A record a sentence may be tied to."""

    key: str
    words: str
    closed: str
    chosen: bool


@dataclass(frozen=True)
class Deciding:
    """Everything the panel of one sentence of an adopted text shows."""

    one: Backed
    tone: str
    title: str
    kind: str
    words: str
    rows: Rows | None
    offered: list[Offered]


@dataclass(frozen=True)
class BehindWords:
    """Everything the panel of one sentence of a report shows."""

    number: int
    quote: Quote
    place: Snippet
    tone: str
    title: str
    why: str
    rows: Rows | None


def backed_of(text: AdoptedText, structure: Text, frame: Frame) -> tuple[list[Backed], dict[Part, Known]]:
    """The sentences of a text's problems and plan with what stands behind each, and all records of their parts."""
    items = parts.items(structure)
    records = {part: backing.known(part, frame) for part in {item.part for item in items}}
    return backing.backed(items, text.backings.all(), records), records


def rows_of_text(every: Sequence[Backed]) -> list[dict[str, Any]]:
    """The list beside an adopted text."""
    return [{"one": one, "tone": TONES_OF_PARTS[one.state], "title": TITLES[one.item.part]} for one in every]


def deciding(one: Backed, records: Known, frame: Frame, user: User) -> Deciding:
    """A sentence being decided on: the record behind it, the records of its part it may be tied to, the likest first; of
    those the reader may see."""
    part = one.item.part
    register, seen = REGISTERS[part], backing.visible(part, frame, user)
    ranked = [key for _, key in backing.candidates(one.item, records) if key in seen][:OFFERED]
    offered = [
        Offered(key, records.words[key], register.closing if key in records.closed else "", key == one.key) for key in ranked
    ]
    rows = rows_at([one.key], user, frame) if one.key in seen else None
    words = one.words if one.key in seen or not one.key else UNSEEN
    return Deciding(one, TONES_OF_PARTS[one.state], TITLES[part], register.kind, words, rows, offered)


def rows_of_report(made: Produced) -> list[dict[str, Any]]:
    """The list beside a report: the sentences of its problems and its plan, and what became of the last plan."""
    return [
        {
            "number": number,
            "quote": one,
            "words": made.text[slice(*one.at)],
            "tone": TONES_OF_PARTS[one.state],
            "title": part_of(one),
        }
        for number, one in enumerate(made.quotes, 1)
    ]


def behind_words(made: Produced, number: int | None, user: User, frame: Frame) -> BehindWords | None:
    """What stands behind one sentence of a report; None where there is no such sentence."""
    if number is None or not 0 < number <= len(made.quotes):
        return None
    quote = made.quotes[number - 1]
    rows = rows_at(quote.keys, user, frame) if quote.keys else None
    place, why = around(made.text, *quote.at), WHY.get(quote.state, "")
    return BehindWords(number, quote, place, TONES_OF_PARTS[quote.state], part_of(quote), why, rows)


def undecided(every: Sequence[Backed]) -> int:
    """How many sentences wait for a person."""
    return sum(one.state in (State.PROPOSED, State.UNFOUNDED) and not one.by for one in every)
