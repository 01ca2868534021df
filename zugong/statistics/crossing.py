"""A cross-table as a page shows it: rows and columns in order, one or two days beside each other, and its chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from zugong.base.figures import Figure
from zugong.base.periods import Frame
from zugong.statistics.forms import Cross
from zugong.statistics.structure import UNSAID, table
from zugong.ui.shown import words

INKS = ["#2f5573", "#b9c7d3", "#8a6d3b", "#dccba6", "#5b7f6b", "#bcd3c4", "#7a5c73", "#d6c3d2", "#4d4d4d", "#c9ced4"]
SERIES = {"ink": INKS[0], "against": "#b9c7d3"}

Counts = Mapping[tuple[str, ...], int]


@dataclass(frozen=True)
class Number:
    """One number of the table, and where the people behind it are; "" where the reader may not go."""

    title: str
    count: int
    href: str = ""
    share: str = ""


@dataclass(frozen=True)
class Grid:
    """One table: a caption, headings, and for each value its numbers; the last line adds up."""

    caption: str
    headings: list[str]
    lines: list[tuple[str, list[Number]]]
    total: list[Number]


@dataclass(frozen=True)
class Shown:
    """Everything the page shows of a cross-table."""

    grids: list[Grid]
    charts: list[tuple[str, dict[str, Any]]]
    counted: int


def shown(cross: Cross, people: str) -> Shown:
    """The tables and charts of a cross-table. `people`: the address of the people behind a cell, "" for none."""
    frames = [cross.frame, *([cross.against] if cross.against else [])]
    counts = [_counts(cross, frame) for frame in frames]
    if len(cross.by) == 1:
        values = _values(cross.figure, cross.by[0], [key[0] for found in counts for key in found])
        grids = [_beside(cross, frames, counts, values, people)]
        charts = [_chart_of_days(frames, counts, values)]
    else:
        axes = [_values(cross.figure, one, [key[i] for found in counts for key in found]) for i, one in enumerate(cross.by)]
        grids = [_matrix(cross, *pair, axes, people) for pair in zip(frames, counts, strict=True)]
        titles = [day_words(frame) if cross.against else "" for frame in frames]
        most = max((n for found in counts for n in found.values()), default=0)
        charts = [_chart_of_columns(*pair, axes, most) for pair in zip(titles, counts, strict=True)]
    named = [(f"chart-{i}", spec) for i, spec in enumerate(charts)]
    counted = sum(n for found in counts for n in found.values())
    return Shown(grids, named if counted else [], counted)


def _counts(cross: Cross, frame: Frame) -> Counts:
    return {cell.values: cell.count for cell in table(cross.subject, cross.by, frame)}


def _values(figure: Figure, facet: str, found: Sequence[str]) -> list[str]:
    """The values that occur, those declared in their order, what is not filled in last."""
    order = {value: i for i, value in enumerate(figure.facets[facet].values)}
    return sorted(set(found), key=lambda v: (v == UNSAID, order.get(v, len(order)), v))


def day_words(frame: Frame) -> str:
    """The day of a table, in words."""
    return f"{frame.day.year}年{frame.day.month}月{frame.day.day}日"


def _href(cross: Cross, frame: Frame, values: Sequence[str], people: str) -> str:
    if not people:
        return ""
    chosen = {name: value for name, value in zip(cross.by, values, strict=False) if value}
    return f"{people}?{urlencode({'subject': cross.subject, 'day': frame.day.isoformat(), **chosen})}"


def _beside(cross: Cross, frames: list[Frame], counts: list[Counts], values: list[str], people: str) -> Grid:
    """One facet: for one day numbers and shares, for two days both numbers and what changed."""
    totals = [sum(found.values()) for found in counts]
    lines = [(value, _line(cross, frames, counts, totals, value, people)) for value in values]
    titles = _titles(frames)
    all_of = [
        Number(title, total, _href(cross, frame, (), people))
        for title, frame, total in zip(titles, frames, totals, strict=True)
    ]
    if len(frames) == 2:
        return Grid("", [*titles, "增减"], lines, [*all_of, _step(totals)])
    return Grid("", [*titles, "占比"], lines, [*all_of, Number("占比", totals[0], share="100.0%" if totals[0] else "")])


def _titles(frames: list[Frame]) -> list[str]:
    """What the columns of numbers are called: by their days where there are two."""
    return [day_words(frame) for frame in frames] if len(frames) == 2 else ["人数"]


def _line(cross: Cross, frames: list[Frame], counts: list[Counts], totals: list[int], value: str, people: str) -> list[Number]:
    each = [found.get((value,), 0) for found in counts]
    line = [
        Number(title, n, _href(cross, frame, (value,), people) if n else "")
        for title, frame, n in zip(_titles(frames), frames, each, strict=True)
    ]
    share = f"{each[0] / totals[0]:.1%}" if totals[0] else ""
    return [*line, _step(each) if len(frames) == 2 else Number("占比", each[0], share=share)]


def _step(each: Sequence[int]) -> Number:
    """What changed from the second day to the first: with its sign."""
    step = each[0] - each[1]
    return Number("增减", step, share=f"{'＋' if step > 0 else '－' if step < 0 else '＝'}{words(abs(step)) if step else ''}")


def _matrix(cross: Cross, frame: Frame, found: Counts, axes: list[list[str]], people: str) -> Grid:
    """Two facets on one day, with what each row and column adds up to."""
    down, across = axes
    lines = []
    for row in down:
        each = [(column, found.get((row, column), 0)) for column in across]
        cells = [Number(column, n, _href(cross, frame, (row, column), people) if n else "") for column, n in each]
        whole = sum(cell.count for cell in cells)
        lines.append((row, [*cells, Number("合计", whole, _href(cross, frame, (row,), people) if whole else "")]))
    sums = [sum(found.get((row, column), 0) for row in down) for column in across]
    total = [Number(column, n, _href(cross, frame, ("", column), people)) for column, n in zip(across, sums, strict=True)]
    caption = day_words(frame) if cross.against else ""
    return Grid(caption, [*across, "合计"], lines, [*total, Number("合计", sum(sums), _href(cross, frame, (), people))])


def _chart_of_days(frames: list[Frame], counts: list[Counts], values: list[str]) -> dict[str, Any]:
    data = [
        {"value": value, "series": day_words(frame), "n": found.get((value,), 0)}
        for frame, found in zip(frames, counts, strict=True)
        for value in values
    ]
    series = [day_words(frame) for frame in frames]
    return chart(data, values, series, [SERIES["ink"], SERIES["against"]][: len(series)])


def _chart_of_columns(title: str, found: Counts, axes: list[list[str]], most: int) -> dict[str, Any]:
    """Two facets on one day; `most` is where the scale ends, the same for both days."""
    down, across = axes
    data = [{"value": row, "series": column, "n": found.get((row, column), 0)} for row in down for column in across]
    return chart(data, down, across, INKS, title=title, most=most)


def chart(
    data: list[dict[str, Any]], values: list[str], series: list[str], inks: Sequence[str], *, title: str = "", most: int = 0
) -> dict[str, Any]:
    """Bars for each value in order, one for each of the series, each with its number beside it."""
    y = {"field": "value", "type": "nominal", "sort": values, "title": None, "axis": {"ticks": False, "domain": False}}
    x: dict[str, Any] = {
        "field": "n",
        "type": "quantitative",
        "title": "人数",
        "axis": {"grid": True, "tickMinStep": 1, "tickCount": 6},
    }
    if most:
        x["scale"] = {"domain": [0, most], "nice": True}
    color = {
        "field": "series", "type": "nominal", "sort": series, "scale": {"domain": series, "range": list(inks)[: len(series)]},
        "legend": {"orient": "top", "title": None, "columns": 4} if len(series) > 1 else None,
    }  # fmt: skip
    shared = {"y": y, "x": x, "yOffset": {"field": "series", "sort": series}} if len(series) > 1 else {"y": y, "x": x}
    bars = {"mark": {"type": "bar"}, "encoding": {**shared, "color": color}}
    labels = {
        "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 12},
        "encoding": {**shared, "text": {"field": "n", "format": ",d"}},
    }
    step = {"step": 17, "for": "offset"} if len(series) > 1 else {"step": 26}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json", "data": {"values": data}, "width": "container",
        "height": step, "layer": [bars, labels], **({"title": title} if title else {}),
    }  # fmt: skip
