"""Texts with their slots marked in place, 〖number|figure facet=words;…〗, and how proposals are held against them.

The measure is that of ../shared/tools/judge.py: a slot is found where its span is hit, bound where the figure is right
and every facet is contained in one proposed or contains it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from zugong.reports.binding import OTHER, Proposal, propose

CASES = Path(__file__).parent / "cases"
SHARED = Path(__file__).resolve().parents[3].parent / "shared"
MARK = re.compile(r"〖(?P<text>[^|〗]*)\|(?P<figure>[^ 〗]+)(?: (?P<facets>[^〗]*))?〗")
ALIKE = ({"meetings.held", "training.classes"}, {"tasks.items", "supervision.problems"})


@dataclass(frozen=True)
class Wanted:
    """A slot as it was labelled."""

    start: int
    end: int
    figure: str
    facets: dict[str, str]


@dataclass
class Measure:
    """What was found, missed, taken in vain and bound, with a line for each failure."""

    found: int = 0
    missed: int = 0
    extra: int = 0
    bound: int = 0
    bindable: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        return 2 * self.found / max(1, 2 * self.found + self.missed + self.extra)

    @property
    def bound_share(self) -> float:
        return self.bound / max(1, self.bindable)


def unmarked(marked: str) -> tuple[str, list[Wanted]]:
    """The plain text of a marked one, and the slots it marks."""
    pieces: list[str] = []
    wanted: list[Wanted] = []
    at = length = 0
    for m in MARK.finditer(marked):
        pieces += [marked[at : m.start()], m["text"]]
        length += m.start() - at
        facets = dict(pair.split("=", 1) for pair in (m["facets"] or "").split(";") if pair)
        wanted.append(Wanted(length, length + len(m["text"]), m["figure"], facets))
        length += len(m["text"])
        at = m.end()
    return "".join([*pieces, marked[at:]]), wanted


def labelled(path: Path) -> tuple[str, list[Wanted]]:
    """A report of ../shared/reports with its labels."""
    gold = json.loads(path.read_text("utf-8"))
    slots = [Wanted(s["start"], s["end"], s["figure"], s["facets"]) for s in gold["slots"]]
    return path.with_suffix(".txt").read_text("utf-8"), slots


def measure(text: str, wanted: list[Wanted], into: Measure | None = None) -> Measure:
    """Hold the proposals for a text against its labels."""
    told = into or Measure()
    free = {(p.slot.start, p.slot.end): p for p in propose(text)}
    for want in wanted:
        told.bindable += want.figure != OTHER
        key = next((k for k in free if _hits(k, want)), None)
        if key is None:
            told.missed += 1
            told.failures.append(f"missed {_shown(text, want.start, want.end)}")
            continue
        told.found += 1
        got = free.pop(key)
        if want.figure == OTHER:
            continue
        right = _is_bound(got, want)
        told.bound += right
        if not right:
            told.failures.append(f"bound {_shown(text, *key)} to {got.figure} {got.facets}, not {want.figure} {want.facets}")
    told.extra += len(free)
    told.failures += [f"extra {_shown(text, *key)}" for key in free]
    return told


def _hits(key: tuple[int, int], want: Wanted) -> bool:
    overlaps = want.start < want.end and max(key[0], want.start) < min(key[1], want.end)
    return key == (want.start, want.end) or overlaps


def _is_bound(got: Proposal, want: Wanted) -> bool:
    right = got.figure == want.figure or {got.figure, want.figure} in ALIKE
    values = [_bare(value) for value in got.facets.values()]
    return right and all(any(_bare(v) in x or x in _bare(v) for x in values) for v in want.facets.values())


def _bare(words: str) -> str:
    return re.sub(r"[\s“”\"]", "", words)


def _shown(text: str, start: int, end: int) -> str:
    return f"{text[max(0, start - 12) : start]}【{text[start:end]}】{text[end : end + 8]}".replace("\n", "⏎")
