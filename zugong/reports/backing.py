"""What stands behind the sentences of the problems and the plan: the record a person tied them to, one that reads alike, or
none (无据). The registers are asked through the catalogue; nothing is tied by looking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from zugong.base import parameters
from zugong.base.figures import AS_OF
from zugong.base.likeness import ALIKE, likeness
from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.reports.models import Backing, Choice
from zugong.reports.parts import Item, Part
from zugong.statistics import answers
from zugong.statistics.answers import Question
from zugong.statistics.catalogue import FIGURES

PARAMETERS = parameters.read("zugong.reports")
BLOCKING = PARAMETERS["unfounded_sentences"]
HEADLINE = 40  # characters of a long sentence that are held against the words of a record


class State(StrEnum):
    """What a sentence is worth: tied to a record, like one and waiting for a person, without any; or not to be written."""

    FOUNDED = "有据"
    PROPOSED = "待认"
    UNFOUNDED = "无据"
    DROPPED = "不写"


@dataclass(frozen=True)
class Register:
    """Where the records behind a part come from: the figure that counts them, the states that close one, the name figure
    that tells what is open in the words of the register."""

    figure: str
    closing: str
    told: str
    kind: str

    @property
    def open(self) -> list[str]:
        """The states of one that is not closed."""
        return [state for state in FIGURES[self.figure].facets["state"].values if state != self.closing]


REGISTERS = {
    Part.PROBLEMS: Register("supervision.registered", "已解决", "supervision.problems_told", "问题"),
    Part.PLAN: Register("tasks.due", "完成", "tasks.planned", "计划任务"),
}


@dataclass(frozen=True)
class Known:
    """The records of a part as they stand in a frame: the words of each by its key, what they may be known by, the closed
    ones."""

    words: Mapping[str, str]
    phrases: Mapping[str, set[str]]
    closed: frozenset[str]

    @property
    def any_open(self) -> bool:
        """Whether any of them may still have to be told."""
        return len(self.closed) < len(self.words)


@dataclass(frozen=True)
class Backed:
    """A sentence with what stands behind it. `key` is the record's, also of one that is only proposed."""

    item: Item
    state: State
    key: str = ""
    words: str = ""
    closed: bool = False
    by: str = ""


def known(part: Part, frame: Frame) -> Known:
    """The records behind a part."""
    register = REGISTERS[part]
    rows = list(answers.rows(_all(part, frame)))
    return Known(
        {row.key: str(row) for row in rows},
        {row.key: _shapes(str(row)) | _shapes(getattr(row, "basis_words", "")) for row in rows},
        frozenset(row.key for row in rows if row.state == register.closing),
    )


def _all(part: Part, frame: Frame) -> Question:
    return Question(REGISTERS[part].figure, {}, AS_OF, frame)


def backed(items: Iterable[Item], kept: Iterable[Backing], records: Mapping[Part, Known]) -> list[Backed]:
    """What stands behind each sentence: what a person decided, else what reads alike, else nothing."""
    decided = {(one.start, one.end): one for one in kept}
    return [_backed(item, decided.get((item.start, item.end)), records[item.part]) for item in items]


def _backed(item: Item, decided: Backing | None, records: Known) -> Backed:
    by = decided.decided_by if decided else ""
    if decided is None:
        key = _alike(item, records)
        state = State.PROPOSED if key else State.UNFOUNDED
        return Backed(item, state, key, records.words.get(key, ""), key in records.closed)
    if decided.choice == Choice.DROPPED:
        return Backed(item, State.DROPPED, by=by)
    if decided.choice == Choice.BOUND and decided.rests_on in records.words:
        key = decided.rests_on
        return Backed(item, State.FOUNDED, key, records.words[key], key in records.closed, by)
    return Backed(item, State.UNFOUNDED, by=by)


def _alike(item: Item, records: Known) -> str:
    """The record that reads most like a sentence; "" where none does."""
    ranked = candidates(item, records)
    return ranked[0][1] if ranked and ranked[0][0] >= ALIKE else ""


def candidates(item: Item, records: Known) -> list[tuple[float, str]]:
    """The records of a part, the likest first, with how alike they are."""
    said = _shapes(item.words)
    found = [
        (max(likeness(ours, theirs) for ours in said for theirs in phrases), key) for key, phrases in records.phrases.items()
    ]
    return sorted(found, key=lambda one: (-one[0], one[1] in records.closed))


def _shapes(words: str) -> set[str]:
    """A sentence whole, and its head where it is long."""
    head = words.split("。")[0].split("，")[0]
    return {words.strip("。；，"), head[:HEADLINE]} - {""}


def visible(part: Part, frame: Frame, user: User) -> set[str]:
    """The keys of the records behind a part that the reader may see."""
    rows = answers.rows(_all(part, frame)).visible_to(user)
    return {f"{rows.model._meta.label_lower}:{number}" for number in rows.values_list("pk", flat=True)}


def blocks(frame: Frame) -> bool:
    """Whether a sentence without a record keeps a report from being submitted, by the rule of the frame's day."""
    return bool(frame.standards.on(BLOCKING, frame.day).value)
