"""The grounds a slot is bound on: the lines of the lexicon, and a slot under way with what was decided before it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from zugong.base.figures import AS_OF
from zugong.reports.phrases import SLOT, Phrase, words
from zugong.reports.quantities import pattern
from zugong.reports.quantities import words as quantity_words
from zugong.statistics.catalogue import FIGURES

OTHER = "other"
LINE = "\n"
NO_MEASURE = "无"
QUOTED = re.compile(r"“[^”]*”")
TITLE = re.compile(r"《[^》]*》")  # what a paper is about says nothing of what is counted
RIVALS = {"training.classes": "meetings.held"}  # those who came came to what was told last
GOES_ON_BY = re.compile(r"(?:并|再|另)?(?:通过|面向|采取|采用)")  # 计划引进30名，通过校园招聘补充20名
DONE = re.compile(r"已|完成|实际")
DONE_ALREADY = re.compile(r"已|实际")  # under 下一步打算 a thing to complete (完成招聘计划30名) is still to come


@dataclass(frozen=True)
class Ground:
    """A line of the lexicon: the figure, the measure words it is told in, the wording, and what speaks against it."""

    figure: str
    units: frozenset[str]
    when: re.Pattern[str]
    unless: re.Pattern[str] | None
    follows: str
    near: re.Pattern[str] | None
    planned: bool
    name: str


@dataclass
class Bound:
    """A slot under way: its phrase, what was decided for the slots before it, and what has been decided for it.

    `said` are the words that decided and `context` the wording they were found in; `deed` says that a verb
    decided, `partial` that only a modifier was said, `parent` is the whole the slot is a part of.
    """

    phrase: Phrase
    before: list[Bound] = field(default_factory=list)
    figure: str = OTHER
    said: str = ""
    context: str = ""
    deed: bool = False
    partial: bool = False
    parent: Bound | None = None
    facets: dict[str, str] = field(default_factory=dict)

    @property
    def unit(self) -> str:
        return self.phrase.slot.unit

    @property
    def previous(self) -> Bound | None:
        """The slot before, where it stands in the same line."""
        return self.before[-1] if self.before and self.phrase.nearby else None

    @property
    def in_sentence(self) -> list[Bound]:
        """The slots before it in its sentence."""
        return [b for b in self.before if b.phrase.sentence == self.phrase.sentence]

    @property
    def goes_on(self) -> bool:
        """Whether it is a part of a whole counted by the same figure."""
        return self.parent is not None and self.parent.figure == self.figure

    @property
    def planned(self) -> bool:
        """Whether the sentence, its list or the heading above speaks of what is to come."""
        under_plans = bool(period_words("plan_heading").search(self.phrase.headings))
        if (DONE_ALREADY if under_plans else DONE).search(self.phrase.before):
            return False
        last = self.previous
        by_way = bool(GOES_ON_BY.match(self.phrase.before))
        if by_way and last in self.in_sentence and last.planned and not last.phrase.before.endswith("计划"):
            return True
        said = QUOTED.sub("", f"{self.phrase.key}，{self.phrase.lead}，{self.phrase.piece}")
        return under_plans or bool(period_words("plan").search(said))


def match(one: Bound, group: str, said: str) -> tuple[Ground, str] | None:
    """The first line of a group that the wording meets, with the words that met it."""
    unit = one.unit or NO_MEASURE
    said = TITLE.sub("《》", said)
    for ground in _grounds(group):
        if ground.units and unit not in ground.units and unit.lstrip("万亿") not in ground.units:
            continue
        found = ground.when.search(said)
        if found and _holds(ground, one, said):
            return ground, found[0].replace(SLOT, "…")
    return None


def _holds(ground: Ground, one: Bound, said: str) -> bool:
    """Whether the conditions of a line besides its wording are met."""
    if ground.unless and ground.unless.search(said):
        return False
    if ground.follows:
        shown = [b.figure for b in one.in_sentence if b.figure in (ground.follows, RIVALS.get(ground.follows))]
        if not shown or shown[-1] != ground.follows:
            return False
    heading = one.phrase.headings.rpartition(LINE)[2]
    if ground.near and not ground.near.search(f"{one.phrase.key}{heading}{one.phrase.sentence}"):
        return False
    return not ground.planned or one.planned


def same_kind(unit: str, other: str) -> bool:
    """Whether two measure words count the same kind of thing: 名 and 人, 户 and 户次; an elided one counts anything."""
    if not unit or not other:
        return True
    unit, other = unit.removesuffix("次") or unit, other.removesuffix("次") or other
    return unit == other or any(unit in group and other in group for group in _groups().values())


@cache
def _groups() -> dict[str, frozenset[str]]:
    return {name: frozenset(group.split()) for name, group in quantity_words()["measures"].items()}


@cache
def listed(name: str) -> frozenset[str]:
    """A list of figures in the lexicon."""
    return frozenset(words()[name].split())


@cache
def _grounds(group: str) -> tuple[Ground, ...]:
    return tuple(_ground(line) for line in words()[group])


def _ground(line: dict[str, Any]) -> Ground:
    units = {unit for name in line.get("in", "").split() for unit in _groups().get(name, (name,))}
    unless, near = line.get("unless"), line.get("near")
    return Ground(
        figure=line["figure"],
        units=frozenset(units),
        when=_wording(line["when"]),
        unless=_wording(unless) if unless else None,
        follows=line.get("follows", ""),
        near=_wording(near) if near else None,
        planned=bool(line.get("planned")),
        name=line.get("name", ""),
    )


def _wording(source: str) -> re.Pattern[str]:
    return pattern(source.replace("≈", "[^，。；：]{0,40}"))


@cache
def figure_names() -> tuple[tuple[str, str], ...]:
    """Every name of every figure with the figure's id, longest first."""
    pairs = {(name, id) for id, one in FIGURES.items() for name in (one.name, *one.also) if len(name) > 1}
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair)))


def tells(id: str, unit: str) -> bool:
    """Whether a figure is told in a measure word; stocks may go without one."""
    return unit in FIGURES[id].measures or (not unit and FIGURES[id].time == AS_OF)


@cache
def period_words(name: str) -> re.Pattern[str]:
    """The words that say of which time a slot speaks: plan, plan_heading, as_of, prior, newly."""
    return pattern(words()["periods"][name])
