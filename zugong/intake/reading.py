"""From a sheet to clean rows: recognise the ledger, find where its records begin, tell records from totals and notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from zugong.base import cells
from zugong.base.ledgers import Cleaner, Placement, Row
from zugong.base.likeness import SERIAL, tidy
from zugong.base.sheets import Sheet
from zugong.intake.catalogue import LEXICON

TOTAL = re.compile(r"^(合计|总计|小计|共计|累计|总数|汇总|合\s*计|总\s*计)")
NOTE = re.compile(
    r"^(填表|制表|审核|填报|负责人|单位负责人|统计|复核|联系|备注[:：]|注[:：]|说明[:：]|注\d|附注|打印日期|填写说明|报送|经办|盖章|（盖章|\(盖章|日期[:：]|主要负责人|分管)"
)


@dataclass
class Found:
    """A sheet recognised as a ledger."""

    sheet: Sheet
    placement: Placement


def recognise(sheets: Sequence[Sheet]) -> list[Found | Sheet]:
    """Each sheet of a file as a ledger, or as it is when nobody knows it. A sheet without headings that goes on where the
    one before it stopped belongs to the same ledger."""
    found: list[Found | Sheet] = []
    before: Found | None = None
    for sheet in sheets:
        placement = LEXICON.recognise(sheet.rows[:80], sheet.merged)
        if placement is None and before is not None and _goes_on(before.placement, sheet):
            placement = replace(before.placement, heading_row=0)
        before = Found(sheet, placement) if placement else None
        found.append(before or sheet)
    return found


def _goes_on(placement: Placement, sheet: Sheet) -> bool:
    """Whether the first rows read well under another sheet's headings."""
    cleaner = Cleaner(replace(placement, heading_row=0), date.max)
    sample = [cleaner.clean(i, row) for i, row in enumerate(sheet.rows[:5]) if any(tidy(cell) for cell in row)]
    return bool(sample) and all(not row.refused for row in sample)


def records(found: Found, today: date) -> Iterator[Row]:
    """The data rows of a sheet, cleaned; totals, notes, blanks and repeated headings are left out."""
    placement = found.placement
    cleaner = Cleaner(placement, today)
    serial = {i for i, h in enumerate(placement.headings) if tidy(h) in SERIAL}
    known = set(placement.positions.values())
    for number, row in enumerate(found.sheet.rows[placement.heading_row :], start=placement.heading_row + 1):
        if _is_record(row, placement, serial, known):
            yield cleaner.clean(number, row)


def _is_record(row: Sequence[Any], placement: Placement, serial: set[int], known: set[int]) -> bool:
    filled = [i for i, cell in enumerate(row) if cell is not None and (not isinstance(cell, str) or cell.strip())]
    if not filled or serial.issuperset(filled):
        return False
    first = cells.written(row[filled[0]]).strip()
    if len(filled) > len(known) // 2 and first[:1].isdigit() and not _repeats_headings(row, placement):
        return True
    if len(filled) <= max(3, len(known) // 3) and (TOTAL.match(first) or TOTAL.match(_second(row, filled))):
        return False
    if NOTE.match(first) and (len(filled) == 1 or not set(filled[:1]) <= known | serial):
        return False
    if len(filled) == 1 and not _key_alone(filled[0], placement):
        return False
    return not _repeats_headings(row, placement)


def _second(row: Sequence[Any], filled: list[int]) -> str:
    return cells.written(row[filled[1]]).strip() if len(filled) > 1 else ""


def _key_alone(position: int, placement: Placement) -> bool:
    """A row with one filled cell is a record only in a ledger that asks for no more than that cell."""
    required = [c.name for c in placement.ledger.columns if c.required]
    return len(required) == 1 and placement.positions.get(required[0]) == position


def _repeats_headings(row: Sequence[Any], placement: Placement) -> bool:
    """Whether most of the row's cells say what a heading row says at their place, as where a page begins anew."""
    texts = [(i, tidy(cell)) for i, cell in enumerate(row) if isinstance(cell, str) and tidy(cell)]
    if not texts:
        return False
    for line in placement.lines:
        same = sum(1 for i, text in texts if i < len(line) and line[i] == text)
        if same and same * 5 >= len(texts) * 4:
            return True
    return False


def cell_name(row: int, position: int | None) -> str:
    """A cell as Excel names it: B12; the bare row where the sheet has no such column."""
    if position is None:
        return f"{row}"
    letters, position = "", position + 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
