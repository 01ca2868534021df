"""A cross-table as a page shows it: rows and columns in order, one or two days beside each other, and its chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from zugong.base.figures import Figure
from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.statistics import guarded
from zugong.statistics.answers import Question
from zugong.statistics.forms import Cross
from zugong.statistics.guarded import DAYS
from zugong.statistics.numbers import Withheld
from zugong.statistics.structure import UNSAID, table
from zugong.ui.shown import words

INKS = ["#2f5573", "#b9c7d3", "#8a6d3b", "#dccba6", "#5b7f6b", "#bcd3c4", "#7a5c73", "#d6c3d2", "#4d4d4d", "#c9ced4"]
SERIES = {"ink": INKS[0], "against": "#b9c7d3"}

Counts = Mapping[tuple[str, ...], int]


@dataclass(frozen=True)
class Number:
    """One number of the table, and where the people behind it are; "" where the reader may not go. None is not told."""

    title: str
    count: int | None
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
    """Everything the page shows of a cross-table, or why it shows none; `guarded` where some cells may be held back."""

    grids: list[Grid]
    charts: list[tuple[str, dict[str, Any]]]
    counted: int
    withheld: Withheld | None = None
    guarded: bool = False


def shown(cross: Cross, people: str, user: User) -> Shown:
    """The tables and charts of a cross-table as the reader may be told them. `people`: the address of the people behind
    a cell, "" for none."""
    every = [cross.frame, *([cross.against] if cross.against else [])]
    stood = guarded.standings(user, [Question(cross.figure.id, {}, "", frame) for frame in every])
    return _whole(cross, people) if all(one.whole for one in stood) else _told(cross, user)


def _told(cross: Cross, user: User) -> Shown:
    """For who may not see everybody: one day, and of its cells those that may be told; no way to the people in them."""
    if cross.against:
        return Shown([], [], 0, DAYS)
    cells, withheld = guarded.cells(user, cross.subject, cross.by, cross.frame)
    if withheld:
        return Shown([], [], 0, withheld)
    found = {cell.values: cell.count for cell in cells}
    axes = [list(dict.fromkeys(cell.values[i] for cell in cells)) for i in range(len(cross.by))]
    if len(axes) == 2:  # told all or not at all
        whole = {values: n or 0 for values, n in found.items()}
        grid, chart_of = _matrix(cross, cross.frame, whole, axes, ""), _chart_of_columns("", whole, axes, 0)
        return Shown([grid], [("chart-0", chart_of)], 1, guarded=True)
    total = int(cross.figure.number(cross.frame) or 0)
    lines = [(value, [Number("人数", n), Number("占比", n, share=_share(n, total))]) for (value,), n in found.items()]
    grid = Grid("", ["人数", "占比"], lines, [Number("人数", total), Number("占比", total, share=_share(total, total))])
    bars = {values: n for values, n in found.items() if n is not None}
    charts = [("chart-0", _chart_of_days([cross.frame], [bars], [value for (value,) in bars]))] if bars else []
    return Shown([grid], charts, 1, guarded=True)


def _share(n: int | None, total: int) -> str:
    """A part of the total in per cent; "" where the part is not told."""
    return "" if n is None or not total else f"{n / total:.1%}"


def _whole(cross: Cross, people: str) -> Shown:
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
    return [*line, _step(each) if len(frames) == 2 else Number("占比", each[0], share=_share(each[0], totals[0]))]


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
