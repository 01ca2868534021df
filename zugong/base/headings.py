"""Recognising a ledger from its headings: which row holds them, which ledger it is, which column is which.

Titles and notes may stand above; headings may take two or three rows under merged cells; they go by synonyms and in
any order. Columns nobody knows are reported, not fatal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from zugong.base import cells
from zugong.base.cells import BadCell
from zugong.base.ledgers import Column, Ledger, Placement
from zugong.base.wording import words

LOOK_AT = 40  # rows searched for the headings
SERIAL = frozenset({"序号", "编号", "no", "no.", "序", "行号", "顺序号", "排序"})
TOO_COMMON = frozenset(
    words("时间 日期 单位 名称 类别 姓名 内容 级别 备注 编号 人员 情况 主题 类型 状态 对象 数量 人数 标题 领导 职务")
)
BRACKETED = re.compile(r"[（(\[【].*?[）)\]】]")
DECORATION = re.compile(r"[\s\u3000\u200b\ufeff*＊:：、,，。;；_]+")


def tidy(heading: Any) -> str:
    """A heading without spaces, line breaks, stars and colons."""
    return DECORATION.sub("", unicodedata.normalize("NFKC", cells.written(heading))).lower()


def forms(heading: Any) -> tuple[str, ...]:
    """The heading as written and without what stands in brackets: 任期(年), 任期."""
    whole = tidy(heading)
    bare = tidy(BRACKETED.sub("", unicodedata.normalize("NFKC", cells.written(heading))))
    return (whole, bare) if bare and bare != whole else (whole,)


@dataclass(frozen=True)
class Lexicon:
    """All ledgers with the tidy forms of their headings."""

    ledgers: Sequence[Ledger]

    @cached_property
    def names(self) -> Mapping[str, Mapping[str, str]]:
        """For each ledger: heading form → column name."""
        return {
            ledger.id: {form: c.name for c in reversed(ledger.columns) for h in reversed(c.headings) for form in forms(h)}
            for ledger in self.ledgers
        }

    def recognise(self, rows: Sequence[Sequence[Any]], merged: Iterable[Any] = ()) -> Placement | None:
        """The ledger these first rows belong to, or None."""
        filled = _fill_merged(rows[:LOOK_AT], merged)
        best: tuple[float, Placement] | None = None
        for first in range(len(filled)):
            for height in (1, 2, 3):
                block = filled[first : first + height]
                found = self._best(block, first + height, filled) if len(block) == height else None
                if found and (best is None or found[0] > best[0] + 0.01):
                    best = found
        return _guess_rest(best[1], rows) if best else None

    def _best(self, block: Sequence[Sequence[Any]], heading_row: int, rows: Any) -> tuple[float, Placement] | None:
        if not any(_is_text(cell) for cell in block[-1]) or _looks_like_data(block[-1]):
            return None
        candidates = [_heading_forms(column) for column in zip(*_squared(block), strict=True)]
        written = tuple(_as_written(column) for column in zip(*_squared(block), strict=True))
        title = "".join(tidy(cell) for row in rows[: heading_row - len(block)] for cell in row if cell)
        best = None
        for ledger in self.ledgers:
            positions, score = self._match(ledger, candidates)
            if not _enough(ledger, positions, written):
                continue
            score += 1.5 * any(tidy(word) in title for word in (ledger.title, *ledger.also) if word)
            if best is None or score > best[0]:
                unknown = tuple(w for i, w in enumerate(written) if w and i not in positions.values() and tidy(w) not in SERIAL)
                best = (score, Placement(ledger, positions, written, heading_row, unknown))
        return best

    def _match(self, ledger: Ledger, candidates: Sequence[tuple[str, ...]]) -> tuple[dict[str, int], float]:
        """Columns by position, exact headings first, then those that end or begin with a known one."""
        names, positions, score = self.names[ledger.id], {}, 0.0
        taken: set[int] = set()
        for rank in range(max(map(len, candidates), default=0)):
            for i, given in enumerate(candidates):
                column = names.get(given[rank]) if rank < len(given) else None
                if i not in taken and column and column not in positions:
                    positions[column] = i
                    taken.add(i)
                    score += 2.0 if ledger.column(column).key else 1.0
        near = _near(names, candidates, taken) if len(taken) >= 2 else ()
        for length, i, column in sorted(near, reverse=True):
            if i not in taken and column not in positions:
                positions[column] = i
                taken.add(i)
                score += 0.6 + length / 100
        known = sum(1 for given in candidates if given and given[0] and given[0] not in SERIAL)
        return positions, score - 0.2 * (known - len(taken)) - 0.1 * (len(ledger.columns) - len(positions))


def _near(names: Mapping[str, str], candidates: Sequence[tuple[str, ...]], taken: set[int]) -> Iterable[tuple[int, int, str]]:
    for i, given in enumerate(candidates):
        if i in taken:
            continue
        for form in given:
            for known, column in names.items():
                if known in TOO_COMMON or form in TOO_COMMON or len(form) < 2 or len(known) < 2:
                    continue
                if form.endswith(known) or (len(known) >= 3 and known in form) or (len(form) >= 3 and form in known):
                    yield min(len(known), len(form)), i, column


def _enough(ledger: Ledger, positions: Mapping[str, int], written: Sequence[str]) -> bool:
    """What the ledger cannot do without must be there, and half of its columns or most of what the sheet has."""
    needed = {c.name for c in ledger.columns if c.required}
    if not needed <= set(positions) or len(positions) < 2:
        return False
    named = sum(1 for heading in written if heading and tidy(heading) not in SERIAL)
    return 2 * len(positions) >= len(ledger.columns) or (len(positions) >= 3 and 3 * len(positions) >= 2 * named)


def _heading_forms(column: Sequence[Any]) -> tuple[str, ...]:
    """What a column's heading may be called, from the lowest row up: own text, group + own text, the group's."""
    texts = [cell for cell in column if tidy(cell)]
    unique = [t for i, t in enumerate(texts) if i == 0 or tidy(t) != tidy(texts[i - 1])]
    found: list[str] = []
    for text in [*reversed(unique)][:1]:
        found += forms(text)
    if len(unique) > 1:
        found += [f for f in forms("".join(cells.written(t) for t in unique))]
        found += [f for f in forms("".join(cells.written(t) for t in unique[-2:]))]
        if not tidy(column[-1]):
            found += forms(unique[0])
    return tuple(dict.fromkeys(f for f in found if f))


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


def _is_text(cell: Any) -> bool:
    return isinstance(cell, str) and bool(tidy(cell))


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


def _guess_rest(placement: Placement, rows: Sequence[Sequence[Any]]) -> Placement:
    """Give a lost column the one unknown heading whose cells it alone can read: the only other column of dates."""
    lost = [c for c in placement.ledger.columns if c.name not in placement.positions]
    free = [i for i, h in enumerate(placement.headings) if h in placement.unknown]
    sample = rows[placement.heading_row : placement.heading_row + 30]
    found: dict[str, int] = {}
    for read in (cells.resident_id, cells.day, cells.day_or_month):
        wanted = [c for c in lost if c.read is read and c.name not in found]
        fitting = [i for i in free if i not in found.values() and _reads(read, i, sample)]
        if len(wanted) == 1 and len(fitting) == 1:
            found[wanted[0].name] = fitting[0]
    if not found:
        return placement
    guessed = {name: placement.headings[i] for name, i in found.items()}
    unknown = tuple(h for h in placement.unknown if h not in guessed.values())
    positions = {**placement.positions, **found}
    return Placement(placement.ledger, positions, placement.headings, placement.heading_row, unknown, guessed)


def _reads(read: Any, position: int, rows: Sequence[Sequence[Any]]) -> bool:
    """Whether nearly all filled cells of a column read well."""
    good = bad = 0
    for row in rows:
        cell = row[position] if position < len(row) else None
        try:
            good += read(cell) is not None
        except BadCell:
            bad += 1
    return good >= 3 and bad * 10 <= good


def is_known_column(column: Column, heading: str) -> bool:
    """Whether a heading is one of the column's own."""
    return bool(set(forms(heading)) & {form for h in column.headings for form in forms(h)})
