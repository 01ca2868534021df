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

TOTAL = re.compile(r"^(合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|总\s*数|总人数|汇总|其中[:：])")
ONLY_TOTAL = re.compile(r"^[（(]?[本全以]?[页表上县市区]?(合|总|小|共|累)\s*计(人?数|[（(].{1,4}[）)])?[）)]?[:：]?$")
NOTE = re.compile(
    r"^(填表|制表|审核|填报|负责人|单位负责人|统计|复核|联系|备注[:：]|注[:：]|说明[:：]|注\d|附注|打印日期|填写说明|报送|经办|盖章|（盖章|\(盖章|日期[:：]|主要负责人|分管)"
)
SIGNER = (
    r"(?:填[表报]|制[表单]|审[核批签定]|复[核审]|经办|统计|校对|报送|打印|登记|分管|主管|主要|单位|部门|科室|党[委组]|联系)?"
    r"(?:负责人|责任人|领导|书记|人|人员|单位|部门|日期|时间|电话|签字|签名|签章|盖章|公章)"
)
SIGNED = re.compile(rf"^[（(]?{SIGNER}(?:[（(](?:签[字名章]|盖章|公章)[）)]|签[字名章]|盖章)?[）)]?\s*[:：]")
ALONE = re.compile(SIGNER)
SAMPLE = re.compile(r"^[（(【]?(示例|样例|举例|填写示例|例)[）)】]?[:：]?\d?$")
END = re.compile(r"^[（(]?(以下|下)?(空白|无正文|此[行页]以下空白)[）)]?$")
GROUP = re.compile(r"^[（(]?[一二三四五六七八九十]{1,3}[）)]?[、.．]?$")


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
    """The data rows of a sheet, cleaned; totals, notes, blanks and repeated headings are left out. A cell merged downwards
    says the same in each row it covers; a row whose whole key stands above it goes on with the record there."""
    placement = found.placement
    cleaner = Cleaner(placement, today)
    serial = {i for i, h in enumerate(placement.headings) if tidy(h) in SERIAL}
    known = set(placement.positions.values())
    spread = _spread(found.sheet, placement)
    key = {placement.positions[name] for name in placement.ledger.key if name in placement.positions}
    for number, row in enumerate(found.sheet.rows[placement.heading_row :], start=placement.heading_row + 1):
        if not (given := spread.get(number)):
            if _is_record(row, placement, serial, known):
                yield cleaner.clean(number, row)
            continue
        own = _filled(row)
        whole = [given.get(i, cell) for i, cell in enumerate(row)]
        goes_on = bool(key & set(given)) and not any(i in key for i in own if i not in given)
        if own and not goes_on and _is_record(whole, placement, serial, known):
            yield cleaner.clean(number, whole)


def _spread(sheet: Sheet, placement: Placement) -> dict[int, dict[int, Any]]:
    """What the cells merged downwards under the headings say in the rows after their first: by row number and position."""
    found: dict[int, dict[int, Any]] = {}
    known = set(placement.positions.values())
    for (top, left), (bottom, right) in sheet.merged:
        if bottom == top or top < placement.heading_row or top >= len(sheet.rows) or left >= len(sheet.rows[top]):
            continue
        value = sheet.rows[top][left]
        if value not in (None, "") and 2 * len(known & set(range(left, right + 1))) <= len(known):
            for number in range(top + 2, min(bottom + 1, len(sheet.rows)) + 1):
                found.setdefault(number, {})[left] = value
    return found


def _filled(row: Sequence[Any]) -> list[int]:
    return [i for i, cell in enumerate(row) if cell is not None and (not isinstance(cell, str) or cell.strip())]


def _is_record(row: Sequence[Any], placement: Placement, serial: set[int], known: set[int]) -> bool:
    filled = _filled(row)
    if not filled or serial.issuperset(filled):
        return False
    first = cells.written(row[filled[0]]).strip()
    if _is_aside(row, filled, first) or _repeats_headings(row, placement):
        return False
    if len(filled) > len(known) // 2 and first[:1].isdigit():
        return True
    few = len(filled) <= max(3, len(known) // 3)
    total = few and any(TOTAL.match(said) for said in (first, _second(row, filled)))
    group = len(filled) <= 2 < len(known) and filled[0] in serial and GROUP.match(first)
    note = NOTE.match(first) and (len(filled) == 1 or not set(filled[:1]) <= known | serial)
    alone = len(filled) == 1 and (END.match(first) or not _key_alone(filled[0], placement))
    return not (total or group or note or alone)


def _is_aside(row: Sequence[Any], filled: Sequence[int], first: str) -> bool:
    """Signatures over several cells, totals however long, a sample row, a row that numbers the columns."""
    if SIGNED.match(first) or SAMPLE.match(first) or ONLY_TOTAL.match(first):
        return True
    if first.strip("（）()") in ("1", "甲"):
        return _counts_columns(row, filled)
    return len(filled) <= 6 and sum(1 for i in filled if ALONE.fullmatch(cells.written(row[i]).strip())) >= 2


def _counts_columns(row: Sequence[Any], filled: Sequence[int]) -> bool:
    """A row of 1, 2, 3 … (or 甲, 乙, 1, 2 …) that numbers the columns under the headings."""
    said = [cells.written(row[i]).strip("（）() ") for i in filled]
    numbers = [text for text in said if text not in "甲乙丙丁"]
    return len(numbers) >= 3 and numbers == [str(n) for n in range(1, len(numbers) + 1)]


def _second(row: Sequence[Any], filled: list[int]) -> str:
    return cells.written(row[filled[1]]).strip() if len(filled) > 1 else ""


def _key_alone(position: int, placement: Placement) -> bool:
    """A row with one filled cell is a record only in a ledger that asks for no more than that cell."""
    required = [c.name for c in placement.ledger.columns if c.required]
    return len(required) == 1 and placement.positions.get(required[0]) == position


def _repeats_headings(row: Sequence[Any], placement: Placement) -> bool:
    """Whether most of the row's cells say what a heading row says at their place, as where a page begins anew."""
    texts = [(i, cell) for i, cell in enumerate(row) if isinstance(cell, str) and cell and not cell.isspace()]
    return bool(texts) and any(_says(line, texts) for line in placement.lines)


def _says(line: Sequence[str], texts: Sequence[tuple[int, str]]) -> bool:
    """Whether four in five cells say what the line says; given up at the first cell too many that does not."""
    others = 0
    for i, cell in texts:
        if i >= len(line) or line[i] != tidy(cell):
            others += 1
            if others * 5 > len(texts):
                return False
    return True


def cell_name(row: int, position: int | None) -> str:
    """A cell as Excel names it: B12; the bare row where the sheet has no such column."""
    if position is None:
        return f"{row}"
    letters, position = "", position + 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
