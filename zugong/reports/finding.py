"""Slots (数据位): the places of figures in a report, found with the look-alikes left alone.

A slot is an outcome, stock, target or earlier figure of the work reported: a number, a mask, or a measure
word whose number was lost. The rules are those of the labelling guide; the words are data in `lexicon/`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from zugong.reports import lost, numerals
from zugong.reports.lookalikes import (
    BACKGROUND,
    SAYING,
    Around,
    around,
    ends_clause,
    goes_on_with,
    is_kind,
    quotations,
    why_no_slot,
)
from zugong.reports.quantities import CHINESE, DELETED, DIGITS, MASK, STARS, VALUE, Quantity, closed, even, quantities
from zugong.reports.texts import RUN_IN_LEVEL, Text, parse

ELIDED_BEFORE = re.compile(
    r"(?:党委|党工委|总支|党总支|支部|党支部|党小组|党组织|党员|女|男|女性|男性|预备|正式|流动|女党员|男党员|本科|大专|硕士|博士|研究生|以上|以下)$"
)
TOLD_BEFORE = re.compile(
    r"(?:(?:阅读|点击|播放|浏览|观看|点赞|转发|收看|访问|关注)(?:总?量|数|人?次)?|学时)(?:总量|达|达到|为|超|超过|破|突破|近|约|逾)*$"
)
BRACKETED_LIST = re.compile(r"[（(](?:[^（）()\d，。；]{1,10}[\d*＊×XxN_＿□○▇■ ]{1,6}[、，])*[^（）()\d，。；、]{1,10}$")
ELIDED_AFTER = re.compile(r"[、，；。）)]|\s*$|\n")
OPENING = re.compile(r"基本(?:情况|概况)|(?:单位|医院|学校|企业|公司|辖区)(?:概况|简介|情况)$")
COUNTS_ON = re.compile(r"[，、][\u4e00-\u9fff]{2,10}")
SALUTATION = re.compile(r"^[^，。]{1,24}[：:]\s*$")
BULLET = re.compile(r"(?:^|\n)[ \t\u3000]*[*×○●■□◆◇]$")


@dataclass(frozen=True)
class Slot:
    """The place of a figure. `start`…`end` cover the number or mask only; a lost number has no width.

    `value` is the number that stands there, None for a mask or a lost one. `unit_end` is where the measure
    word ends.
    """

    start: int
    end: int
    text: str
    state: str
    unit: str
    value: numerals.Number | None
    unit_end: int
    approx: bool = False


@dataclass(frozen=True)
class Lookalike:
    """A quantity that is no slot, and why."""

    start: int
    end: int
    text: str
    why: str


def find_slots(text: str | Text) -> list[Slot]:
    """The slots of a report, in the order of the text."""
    return find(text)[0]


def find(text: str | Text) -> tuple[list[Slot], list[Lookalike]]:
    """The slots of a report and what was left alone, with the reason."""
    structure = text if isinstance(text, Text) else parse(text)
    text_only = even(structure.text)
    found, refused = _written(structure, text_only)
    spans = [(s.start, s.unit_end) for s in found] + [(r.start, r.end) for r in refused]
    slots = found + [_lost_slot(one) for one in lost.numbers(text_only) if not _touches(one, spans)]
    return sorted(slots, key=lambda s: (s.start, s.end)), refused


def _lost_slot(one: lost.Lost) -> Slot:
    return Slot(one.at, one.at, "", DELETED, one.unit, None, one.unit_end)


def _touches(one: lost.Lost, spans: list[tuple[int, int]]) -> bool:
    return any(start <= one.at <= end for start, end in spans)


def _written(structure: Text, text: str) -> tuple[list[Slot], list[Lookalike]]:
    """Numbers and masks: slots, and what looks like one; `text` is the report with even punctuation."""
    quotes, opening = quotations(text), _opening_ends(structure)
    slots: list[Slot] = []
    refused: list[Lookalike] = []
    for one in quantities(text):
        here = around(text, one, opening, quotes)
        why = _why_not(text, one, here, slots) or _why_background(text, one, here, refused)
        if why:
            refused.append(Lookalike(one.start, one.unit_end, text[one.start : one.unit_end], why))
        else:
            slots.append(_slot(one, structure.text[one.start : one.end]))
    return slots, refused


def _why_not(text: str, one: Quantity, here: Around, before: list[Slot]) -> str:
    if BULLET.search(text[max(0, one.start - 6) : one.end]) and text[one.end : one.end + 1] in " \t\u3000":
        return "项目符号"
    if not one.unit:
        return "" if _is_elided(text, one, here, before) else "没有量词"
    if one.form == CHINESE and numerals.parse(one.text) is None:
        return "约数或年份"
    why = why_no_slot(text, one, here)
    return "" if why == SAYING and _counts_on(text, one, before) else why


def _counts_on(text: str, one: Quantity, before: list[Slot]) -> bool:
    """解决×条、上报县里九条: a Chinese numeral goes on counting in the measure word of the slot before."""
    last = before[-1] if before else None
    if last is None or last.unit != one.unit or one.text == "一" or not ends_clause(closed(text[one.unit_end :][:4])):
        return False
    return bool(COUNTS_ON.fullmatch(closed(text[last.unit_end : one.start])))


def _why_background(text: str, one: Quantity, here: Around, before: list[Lookalike]) -> str:
    """What is told once more of a background number is background too; a share of it at the opening of the report."""
    last = before[-1] if before else None
    if last is None or last.why != BACKGROUND:
        return ""
    return BACKGROUND if goes_on_with(closed(text[last.end : one.start]), one, here.opening) else ""


def _slot(one: Quantity, written: str) -> Slot:
    value = numerals.parse(one.text) if not one.masked else None
    return Slot(one.start, one.end, written, MASK if one.masked else VALUE, one.unit, value, one.unit_end, one.approx)


def _is_elided(text: str, one: Quantity, here: Around, before: list[Slot]) -> bool:
    """党委2、党总支7、党支部37: the measure word is left out after a stock, in a list that began with one."""
    if here.quoted or not ELIDED_AFTER.match(text[one.end : one.end + 1]):
        return False
    if TOLD_BEFORE.search(here.clause):
        return one.form in (DIGITS, STARS)
    if _in_bracketed_list(text, one, here, before):
        return True
    if not ELIDED_BEFORE.search(here.clause):
        return False
    if one.form == DIGITS:
        return True
    near = before[-1:] and before[-1].unit_end > one.start - 24
    return one.masked and bool(near) and "\n" not in text[before[-1].unit_end : one.start]


def _in_bracketed_list(text: str, one: Quantity, here: Around, before: list[Slot]) -> bool:
    """党员1,132人（教工486、学生646）: a list of parts in a bracket right behind its whole."""
    found = BRACKETED_LIST.search(here.before)
    if not found or one.form == CHINESE or text[one.end : one.end + 1] not in "、，）)":
        return False
    opens = one.start - len(here.before) + found.start()
    return any(slot.unit_end == opens and slot.unit for slot in before[-6:])


def _opening_ends(structure: Text) -> int:
    """Where the opening ends: at the first heading that does not say 基本情况, else with its first paragraph."""
    body = structure.title.end if structure.title else 0
    top = [h.start for h in structure.headings if h.level < RUN_IN_LEVEL and not OPENING.search(h.text)]
    paragraphs = [p for p in structure.paragraphs if p.start >= body and not SALUTATION.search(structure.text[p.start : p.end])]
    return top[0] if top else paragraphs[0].end if len(paragraphs) > 2 else 0


def slot_at(slots: list[Slot], offset: int) -> Slot | None:
    """The slot an offset lies in."""
    index = bisect_left([s.end for s in slots], offset)
    return slots[index] if index < len(slots) and slots[index].start <= offset else None


__all__ = ["Lookalike", "Slot", "find", "find_slots", "is_kind", "slot_at"]
