"""Deciding what a slot stands for: the proposal, figures one may choose instead, their facets with the known values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from zugong.base.facets import plain
from zugong.base.figures import Figure, Time
from zugong.reports.behind import Said, said, time_words
from zugong.reports.models import Slot
from zugong.reports.reading import STATES, TIMES, TIMES_TOLD, Snippet, around
from zugong.statistics.catalogue import FIGURES

OTHER = "other"
FOUND = 8
WIDE = 40  # words on either side of the slot in its panel
MANY = 60  # known values offered for a facet


@dataclass(frozen=True)
class Binding:
    """What a slot is, or would be, bound to."""

    figure: str
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    time: str = ""
    prior: bool = False

    @classmethod
    def of(cls, slot: Slot) -> Binding:
        """What a slot is bound to."""
        return cls(slot.figure, slot.facets, slot.time, slot.prior)


@dataclass(frozen=True)
class FacetChoice:
    """A facet to choose values of: known ones with whether they are chosen, and words beside them."""

    name: str
    title: str
    known: list[tuple[str, bool]]
    free: str


@dataclass(frozen=True)
class Deciding:
    """Everything the panel of a slot shows."""

    slot: Slot
    place: Snippet
    state: str
    figure: Figure | None
    facets: list[Said]
    time: str
    chosen: Figure | None
    chosen_id: str
    choices: list[FacetChoice]
    times: list[tuple[str, str, bool]]
    prior: bool
    found: list[Figure]
    find: str
    changing: bool
    error: str


def deciding(slot: Slot, wanted: Binding | None = None, find: str | None = None, error: str = "") -> Deciding:
    """A slot's proposal; `wanted` is another binding being looked at, `find` the words figures are looked for by."""
    bound = Binding.of(slot)
    chosen = wanted or bound
    figure, other = FIGURES.get(bound.figure), FIGURES.get(chosen.figure)
    text = slot.text.text
    return Deciding(
        slot=slot,
        place=around(text, slot.start, slot.end, slot.written, WIDE),
        state=STATES[slot.state],
        figure=figure,
        facets=said(figure, bound.facets) if figure else [],
        time=time_words(figure, bound.time) if figure else "",
        chosen=other,
        chosen_id=chosen.figure,
        choices=list(_choices(other, chosen.facets)) if other else [],
        times=list(_times(other, chosen.time)) if other else [],
        prior=chosen.prior,
        found=figures_found(find or "", slot.unit),
        find=find or "",
        changing=wanted is not None or find is not None or bool(error),
        error=error,
    )


def _choices(figure: Figure, facets: Mapping[str, Sequence[str]]) -> Iterator[FacetChoice]:
    for name, facet in figure.facets.items():
        told = list(facets.get(name, ()))
        known = facet.known(figure.records())[:MANY]
        free = "、".join(word for word in told if word not in known)
        yield FacetChoice(name, facet.title, [(value, value in told) for value in known], free)


def _times(figure: Figure, chosen: str) -> Iterator[tuple[str, str, bool]]:
    """The ways to look at a number; those the figure has no records for say so."""
    for time in Time:
        told = f"{TIMES[time]}：{TIMES_TOLD[time]}" + ("" if time in figure.rows_by_time else "（没有这样的记录，会留空）")
        yield time.value, told, time == (chosen or figure.time)


def figures_found(typed: str, unit: str) -> list[Figure]:
    """Figures by their names and other names; without words those counted in the slot's measure word."""
    wanted = plain(typed)
    if not wanted:
        return [figure for figure in FIGURES.values() if unit and unit in (figure.unit, *figure.measures)][:FOUND]
    ranked = sorted((rank, i) for i, figure in enumerate(FIGURES.values()) if (rank := _rank(figure, wanted)))
    every = list(FIGURES.values())
    return [every[i] for _, i in ranked][:FOUND]


def _rank(figure: Figure, wanted: str) -> int:
    """1 for the name, 2 for another name, 3 for the definition, 0 where none holds the words."""
    ways = ([figure.name], figure.also, [figure.definition])
    return next((rank for rank, said in enumerate(ways, start=1) if any(wanted in plain(one) for one in said)), 0)
