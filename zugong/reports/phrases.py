"""The words around a slot: its own phrase, the key of its line, the list it stands in, the slot it is a part of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from zugong.reports.finding import Slot
from zugong.reports.quantities import closed, even, flat, load, pattern
from zugong.reports.texts import Text

MARKER = re.compile(r"^[\s\-·•◆●○■□*◇▪—]*(?:\d{1,2}[.、．]|[①-⑳])?\s*")
SLOT = "▮"
HARD = "，。；！？\n：:（）()"
ENDS_RIGHT = "，。；！？\n：:"
BREAKS = "、，（( "
JOINTS = BREAKS + "和及与并"  # these join the words to a slot right before them; elsewhere 与 is a word of its own
LONGEST = 60
KEY = re.compile(r"[\s\-·•◆●○■□*◇▪\d.．、①-⑳（）()一二三四五六七八九十]*(?P<key>[^：:，。；\n]{1,24})[：:]")


@dataclass(frozen=True)
class Phrase:
    """A slot in its words. `own` is its phrase with ▮ for the slot; `before` and `after` are the halves of it.

    `tail` is the rest of the clause where the slot opens a list: ▮个社区党委、*个支部届满换届. `key` is what
    stands before the colon of its line; `piece` reaches back to the slot before or the start of the sentence;
    `lead` is the phrase of the first slot of the list it stands in. `chained` says that only 、 or a bracket parts
    it from the slot before, `part` that it is a part of a whole (其中…), `headings` are those above.
    """

    slot: Slot
    before: str
    after: str
    tail: str
    key: str
    piece: str
    lead: str
    sentence: str
    headings: str
    chained: bool
    bracketed: bool
    part: bool
    nearby: bool

    @property
    def own(self) -> str:
        return f"{self.before}{SLOT}{self.after}"


@cache
def words() -> dict[str, Any]:
    """The lexicon of binding, as data."""
    return load("binding.yaml")


@cache
def parts() -> re.Pattern[str]:
    """The words that say a slot is a part of the one before."""
    return pattern(words()["parts"])


def phrases(text: Text, slots: list[Slot]) -> list[Phrase]:
    """The phrase of each slot."""
    plain = flat(even(text.text))
    found: list[Phrase] = []
    for index, slot in enumerate(slots):
        previous = found[-1] if found else None
        following = slots[index + 1].start if index + 1 < len(slots) else len(plain)
        found.append(_phrase(text, plain, slot, previous, following))
    return found


def _phrase(text: Text, plain: str, slot: Slot, previous: Phrase | None, following: int) -> Phrase:
    last = previous.slot.unit_end if previous else 0
    start = max(_last(plain, HARD, slot.start), last)
    joints = JOINTS if previous and start == last else BREAKS
    before = MARKER.sub("", plain[start : slot.start].lstrip(joints + "。；）)"))
    if not before.strip("共计有合累") and plain[max(0, start - 1)] in "（(" and (not previous or last < start - 1):
        before = plain[max(_last(plain, HARD, start - 1), last) : start - 1].lstrip(JOINTS) + before
    before, after = closed(before), closed(_after(plain, slot, following))
    between = plain[last : slot.start] if previous else "\n"
    chained = previous is not None and not re.search(r"[，。；！？\n：:]", between) and len(between) <= LONGEST
    bracketed = bool(chained and re.match(r"[（(]", between.strip()) and "）" not in between)
    sentence = text.sentence_at(slot.start)
    piece_start = max(sentence.start, last)
    return Phrase(
        slot=slot,
        before=before,
        after=after,
        tail=_tail(plain, slot, following) if not before else "",
        key=closed(_key(plain, slot.start)),
        piece=closed(plain[piece_start : slot.start]).lstrip(JOINTS + "。；）)："),
        lead=_lead(previous, before) if chained and previous else before,
        sentence=closed(plain[sentence.start : sentence.end]),
        headings="\n".join(closed(h.text) for h in text.headings_over(slot.start)),
        chained=chained,
        bracketed=bracketed,
        part=_is_part(before, closed(between), previous, chained, bracketed),
        nearby=previous is not None and "\n" not in between,
    )


def _last(plain: str, marks: str, end: int) -> int:
    """Where the last of the marks before `end` ends, at most a few lines back."""
    for at in range(end - 1, max(-1, end - 4 * LONGEST), -1):
        if plain[at] in marks:
            return at + 1
    return max(0, end - 4 * LONGEST)


def _after(plain: str, slot: Slot, following: int) -> str:
    stop = min(following, slot.unit_end + LONGEST, len(plain))
    rest = plain[slot.unit_end : stop]
    cut = re.search(rf"[{ENDS_RIGHT}]", rest)
    if cut:
        rest = rest[: cut.start()]
    elif stop == following:  # the words after 、 belong to the next slot of the list
        rest = rest.partition("、")[0]
    return re.sub(r"^(?:以上|以下|左右)?[（(][^（）()]*$", "", rest)


def _tail(plain: str, slot: Slot, following: int) -> str:
    """The rest of the clause, where another slot stands in it."""
    rest = re.split(rf"[{ENDS_RIGHT}]", plain[slot.unit_end : slot.unit_end + LONGEST])[0]
    return closed(rest) if slot.unit_end + len(rest) > following else ""


def _key(plain: str, at: int) -> str:
    """What stands before the colon of the line, where that is short: 意见：收XX条、办XX条."""
    line = plain.rfind("\n", 0, at) + 1
    sentence = re.split(r"[。！？]", plain[line:at])[-1]
    for said in (re.split(r"[；;]", sentence)[-1], sentence):
        if found := KEY.match(said):
            return found["key"].strip()
    return ""


def _lead(previous: Phrase, before: str) -> str:
    return previous.lead if previous.lead else before


def _is_part(before: str, between: str, previous: Phrase | None, chained: bool, bracketed: bool) -> bool:
    """Whether the words say 其中, the slot goes on after such a part, or it stands in a bracket behind its whole."""
    if previous is None:
        return False
    if bracketed or parts().match(between) or parts().match(before):
        return True
    return chained and previous.part and "）" not in between
