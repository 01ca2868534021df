"""Cross-tables: who a figure counts, by one or two of its facets, as of a day; and the people behind each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from zugong.base.figures import Figure
from zugong.base.periods import Frame
from zugong.base.rules import Refused
from zugong.statistics.catalogue import FIGURES

SUBJECTS = {"cadres": "cadres.total", "members": "people.party_members"}
UNSAID = "未填"


@dataclass(frozen=True)
class Cell:
    """A cell of a cross-table: the values it stands for and how many; None where the reader is not told."""

    values: tuple[str, ...]
    count: int | None


def subject(name: str) -> Figure:
    """The figure behind a subject. Raises Refused for one there is not."""
    if name not in SUBJECTS:
        raise Refused(f"没有“{name}”这个分析对象。可用的有：{'、'.join(SUBJECTS)}。")
    return FIGURES[SUBJECTS[name]]


def table(name: str, by: Sequence[str], frame: Frame) -> list[Cell]:
    """The cells with anyone in them, in the order of the facets' values. Raises Refused for a facet there is not."""
    figure = subject(name)
    for one in by:
        if one not in figure.facets:
            raise Refused(f"“{figure.name}”不能按“{one}”分组。可用的有：{'、'.join(figure.facets)}。")
    named = {f"by_{i}": figure.facets[one].expression(frame) for i, one in enumerate(by)}
    rows = figure.rows(frame).order_by().annotate(**named).values_list(*named).annotate(n=Count("pk"))
    cells = [Cell(tuple(value or UNSAID for value in values), n) for *values, n in rows]
    return sorted(cells, key=lambda cell: [_rank(figure, one, value) for one, value in zip(by, cell.values, strict=True)])


def people(name: str, frame: Frame, chosen: dict[str, str]) -> QuerySet:
    """The people behind a cell: those with the chosen value of each facet."""
    figure = subject(name)
    rows = figure.rows(frame)
    for one, value in chosen.items():
        facet = figure.facets[one]
        named = {f"of_{one}": facet.expression(frame)}
        rows = rows.annotate(**named).filter(**{f"of_{one}": "" if value == UNSAID else value})
    return rows


def _rank(figure: Figure, facet: str, value: str) -> tuple[int, str]:
    order = list(figure.facets[facet].values)
    return (order.index(value) if value in order else len(order), value)
