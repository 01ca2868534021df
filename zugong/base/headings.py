"""Recognising a ledger from its headings: which row holds them, which ledger it is, which column is which.

Titles and notes may stand above; headings may take two or three rows under merged cells; they go by synonyms and in
any order. Columns nobody knows are reported, not fatal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from zugong.base import cells
from zugong.base.ledgers import Ledger, Placement
from zugong.base.likeness import NEVER, SERIAL, Matcher, forms, tidy

LOOK_AT = 40  # rows searched for the headings
HEIGHTS = (1, 2, 3, 4)  # rows headings may take
SAMPLE = 30  # rows below them asked what a column holds
FROM_TO = {"起": "开始", "自": "开始", "始": "开始", "起始": "开始", "止": "结束", "至": "结束", "终止": "结束", "截止": "结束"}


@dataclass(frozen=True)
class Lexicon:
    """All ledgers with the tidy forms of their headings."""

    ledgers: Sequence[Ledger]

    @cached_property
    def names(self) -> Mapping[str, Mapping[str, str]]:
        """For each ledger: heading form → column name; a column's own heading goes before others' synonyms."""
        found: dict[str, dict[str, str]] = {}
        for ledger in self.ledgers:
            names = {form: c.name for c in reversed(ledger.columns) for h in reversed(c.headings) for form in forms(h)}
            found[ledger.id] = names | {form: c.name for c in ledger.columns for form in forms(c.heading)}
        return found

    def recognise(self, rows: Sequence[Sequence[Any]], merged: Iterable[Any] = ()) -> Placement | None:
        """The ledger these first rows belong to, or None."""
        merged = list(merged)
        filled = _fill_merged(rows[:LOOK_AT], merged)
        joined = {row for (top, _), (bottom, _) in merged if top < LOOK_AT for row in range(top, min(bottom, LOOK_AT))}
        for cuts, likely in ((joined, False), (set(), False), (joined, True)):
            if found := self._search(filled, rows, cuts, likely):
                return found
        return None

    def _search(
        self, filled: Sequence[Sequence[Any]], rows: Sequence[Sequence[Any]], joined: set[int], likely: bool
    ) -> Placement | None:
        """The block of rows that reads best as headings. Merged cells join a row to the next: a block does not cut them."""
        best: tuple[float, Placement] | None = None
        for first in range(len(filled)):
            for height in HEIGHTS:
                last = first + height - 1
                if last >= len(filled) or first - 1 in joined or last in joined:
                    continue
                found = self._best(filled[first : last + 1], last + 1, filled, rows, likely)
                if found and (best is None or found[0] > best[0] + 0.01):
                    best = found
        if best is None:
            return None
        row, height = best[1].heading_row, len(best[1].lines)
        other = None if likely else self._best(filled[row - height : row], row, filled, rows, likely=True)
        return other[1] if other and other[0] > best[0] + 1 else best[1]

    def _best(
        self,
        block: Sequence[Sequence[Any]],
        heading_row: int,
        filled: Sequence[Sequence[Any]],
        rows: Sequence[Sequence[Any]],
        likely: bool,
    ) -> tuple[float, Placement] | None:
        if not any(isinstance(cell, str) and tidy(cell) for cell in block[-1]) or any(map(_looks_like_data, block)):
            return None
        columns = list(zip(*_squared(block), strict=True))
        candidates = [_heading_forms(column) for column in columns]
        written = tuple(_as_written(column) for column in columns)
        title = "".join(tidy(cell) for row in filled[: heading_row - len(block)] for cell in row if cell)
        below = _below(rows[heading_row : heading_row + SAMPLE], len(columns))
        named = _named(written)
        lines = tuple(tuple(tidy(cell) for cell in row) for row in block)
        best = None
        for ledger in self.ledgers:
            titled = any(tidy(word) in title for word in (ledger.title, *ledger.also))
            own = 0 if likely else 1 if titled else 2
            if likely and 3 * named > 5 * len(ledger.usual):
                continue
            if self._own(ledger, candidates) < own:
                continue
            found = Matcher(ledger, self.names[ledger.id], candidates, below, own).match()
            if not _enough(ledger, found.positions, written) or (likely and not _most(ledger, found.positions, written, below)):
                continue
            score = found.score + 1.5 * titled
            if best is None or score > best[0]:
                taken = set(found.positions.values())
                unknown = tuple(w for i, w in enumerate(written) if w and i not in taken and tidy(w) not in SERIAL)
                guessed = {name: written[found.positions[name]] for name in found.guessed}
                best = (score, Placement(ledger, found.positions, written, heading_row, unknown, guessed, lines))
        return best

    def _own(self, ledger: Ledger, candidates: Sequence[tuple[str, ...]]) -> int:
        """How many headings are the ledger's own by name."""
        names = self.names[ledger.id]
        return len({names[form] for given in candidates for form in given if form in names})


def _enough(ledger: Ledger, positions: Mapping[str, int], written: Sequence[str]) -> bool:
    """What the ledger cannot do without must be there, and half of its columns or most of what the sheet has."""
    needed = {c.name for c in ledger.columns if c.required}
    if not needed <= set(positions) or len(positions) < 2:
        return False
    named = sum(1 for heading in written if heading and tidy(heading) not in SERIAL)
    return 2 * len(positions) >= len(ledger.usual) or (len(positions) >= 3 and 3 * len(positions) >= 2 * named)


def _named(written: Sequence[str]) -> int:
    """How many headings say something that a ledger may ask for."""
    return sum(1 for heading in written if heading and tidy(heading) not in SERIAL | NEVER)


def _most(ledger: Ledger, positions: Mapping[str, int], written: Sequence[str], below: Sequence[Sequence[Any]]) -> bool:
    """Where hardly a heading is known by name: most headings must be like the ledger's, above cells that say something."""
    full = all(any(cells.compact(cell) for cell in below[positions[c.name]]) for c in ledger.columns if c.required)
    return (
        full
        and len(positions) >= min(4, len(ledger.usual) - 1)
        and 5 * len(positions) >= 3 * max(_named(written), len(ledger.usual))
    )


def _below(rows: Sequence[Sequence[Any]], width: int) -> list[list[Any]]:
    """The cells under each heading."""
    return [[row[i] for row in rows if i < len(row)] for i in range(width)]


def _heading_forms(column: Sequence[Any]) -> tuple[str, ...]:
    """What a column's heading may be called: own text; group and own text; 起 and 止 under a group as 开始 and 结束."""
    texts = [cell for cell in column if tidy(cell)]
    unique = [t for i, t in enumerate(texts) if i == 0 or tidy(t) != tidy(texts[i - 1])]
    if not unique:
        return ()
    found = list(forms(unique[-1]))
    if len(unique) > 1:
        group, own = tidy(unique[-2]), tidy(unique[-1])
        if own in FROM_TO:
            stem = re.sub(r"(起止)?(时间|日期|年月)$", "", group)
            found = [f"{stem}{FROM_TO[own]}时间", f"{FROM_TO[own]}时间", group + own]
        found += forms("".join(cells.written(t) for t in unique[-2:]))
        found += forms("".join(cells.written(t) for t in unique))
    return tuple(dict.fromkeys(form for form in found if form))


def _as_written(column: Sequence[Any]) -> str:
    texts = [cells.written(cell).strip() for cell in column if tidy(cell)]
    return " ".join(texts[-1].split()) if texts else ""


def _squared(block: Sequence[Sequence[Any]]) -> list[list[Any]]:
    width = max(len(row) for row in block)
    return [[*row, *[None] * (width - len(row))] for row in block]


def _fill_merged(rows: Sequence[Sequence[Any]], merged: Iterable[Any]) -> list[list[Any]]:
    """Give every cell of a merged range the text that stands in its first cell."""
    filled = [list(row) for row in rows]
    for (top, left), (bottom, right) in merged:
        if top >= len(filled) or left >= len(filled[top]) or right - left > 30:
            continue
        value = filled[top][left]
        for r in range(top, min(bottom + 1, len(filled))):
            for c in range(left, min(right + 1, len(filled[r]))):
                if not tidy(filled[r][c]):
                    filled[r][c] = value
    return filled


def _looks_like_data(row: Sequence[Any]) -> bool:
    """Whether a row holds dates, IDs or numbers, which headings do not."""
    for cell in row:
        if isinstance(cell, bool) or cell is None or cell == "":
            continue
        if not isinstance(cell, str):
            return True
        if re.fullmatch(r"\s*(\d{17}[\dXx]|\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?|\d{8,})\s*", cell):
            return True
    return False
