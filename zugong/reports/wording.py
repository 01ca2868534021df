"""Names that are masked in a report (地名, 层级, 上级, 共建单位), and level words that contradict the settings.

A name covers the mask only: 全*人才 is filled with 县, 到*工作 with 云溪县. Period words are in `moving`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from zugong.reports.finding import Slot, find_slots
from zugong.reports.quantities import DOUBTFUL, Quantity, load, pattern, quantities
from zugong.reports.texts import Span, Text, parse

PLACE, LEVEL, SUPERIOR = "organizations.place", "organizations.level", "organizations.superior"
PARTNERS = "meetings.joint_study_partners"
WINDOW = 24
EMPTY_BRACKETS = "（）()【】[]［］〔〕 \u3000"
BULLET = re.compile(r"(?:^|\n)[ \t\u3000]*$")


@dataclass(frozen=True)
class Name:
    """A masked name. `figure` is the name figure that fills it, "" where it is some other name (a person, a unit).

    `order` counts the masks of one list of partners from 1 (与*、*等部门), 0 where one mask stands for all of them;
    `tail` is what the text has behind the mask that the place's name ends with (××县): the value goes in
    without it, and where it does not end so, another place is meant.
    """

    start: int
    end: int
    text: str
    figure: str
    reason: str
    order: int = 0
    tail: str = ""


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return pattern(load("wording.yaml")[name])


def names(text: str | Text, slots: list[Slot] | None = None) -> list[Name]:
    """The masks of a text that stand for names, in its order; slots, dates and phone numbers are none."""
    structure = text if isinstance(text, Text) else parse(text)
    taken = {slot.start for slot in (find_slots(structure) if slots is None else slots)}
    found: list[Name] = []
    for one in quantities(structure.text):
        if one.masked and one.form != DOUBTFUL and one.start not in taken and _may_be_name(structure.text, one):
            found.append(_name(structure, one))
    return _ordered(structure.text, found)


def _may_be_name(text: str, one: Quantity) -> bool:
    """A mask in a date or a phone number, a bullet, and an empty bracket that hides no word are no names."""
    before, after = text[max(0, one.start - 8) : one.start], text[one.end : one.end + 2]
    if re.search(r"[\d年月]$", before) or re.match(r"\s*(?:[年月日时]|\d)", after):
        return False
    if BULLET.search(before) and re.match(r"[ \t\u3000]", after):
        return False
    if one.text.strip(EMPTY_BRACKETS):
        return True
    return bool(re.search(r"[\u4e00-\u9fff、]$", before) and after[:1].strip())


def _name(structure: Text, one: Quantity) -> Name:
    text = structure.text
    before, after = text[max(0, one.start - WINDOW) : one.start], text[one.end : one.end + WINDOW]
    sentence = structure.sentence_at(one.start).text
    if _pattern("superior").search(before):
        return Name(one.start, one.end, one.text, SUPERIOR, "前面是更上一级，这里是上级。")
    partner = _pattern("partners_before").search(before) and _pattern("partners_after").match(after)
    if partner and _pattern("joint").search(sentence):
        return Name(one.start, one.end, one.text, PARTNERS, "联学共建句子里“与…等部门”，是共建单位。")
    if _pattern("level_before").search(before) or _pattern("level_after").match(after):
        return Name(one.start, one.end, one.text, LEVEL, "“全*”“*委”说的是本级层级。")
    if tail := _pattern("place_tail").match(after):
        return Name(one.start, one.end, one.text, PLACE, "后面是行政区划字，这里是地名。", tail=tail[0])
    if _pattern("place_before").search(before) and _pattern("place_after").match(after):
        return Name(one.start, one.end, one.text, PLACE, "“到*工作”说的是本地。")
    return Name(one.start, one.end, one.text, "", "遮去的名称（人名、单位或其他），请写明。")


def _ordered(text: str, found: list[Name]) -> list[Name]:
    """Number the masks of one list of partners."""
    ordered: list[Name] = []
    for one in found:
        last = ordered[-1] if ordered else None
        if last and one.figure != SUPERIOR and last.figure == PARTNERS and re.fullmatch(r"、", text[last.end : one.start]):
            if last.order == 0:
                ordered[-1] = last = _with(last, last.figure, 1)
            one = _with(one, PARTNERS, last.order + 1)
        ordered.append(one)
    return ordered


def _with(one: Name, figure: str, order: int) -> Name:
    return Name(one.start, one.end, one.text, figure, "联学共建句子里“与…等部门”，是共建单位。", order, one.tail)


@dataclass(frozen=True)
class Contradiction(Span):
    """A level word that is not the department's own: 全区 in a county; `instead` is what the settings say."""

    instead: str


TIERS = (("县", "区", "旗"), ("乡", "镇", "街道"), ("集团", "公司"), ("校", "院"), ("市", "州", "盟"))


def contradictions(text: str, level: str) -> list[Contradiction]:
    """Level words of the same tier as `level` (县) that name another (全区, 区委); a superior's are left alone."""
    others = next((set(tier) - {level} for tier in TIERS if level in tier), set())
    if not others:
        return []
    words = "|".join(re.escape(other) for other in sorted(others, key=len, reverse=True))
    spoken = (
        rf"全(?P<all>{words})(?![域划])|{_pattern('before_level').pattern}(?P<own>{words})(?={_pattern('after_level').pattern})"
    )
    found = []
    for m in re.finditer(spoken, text):
        group = "all" if m["all"] else "own"
        other = m[group]
        end = m.end() if group == "all" else m.end() + (1 if text[m.end() : m.end() + 1] in "委直级管" else 2)
        said = text[m.start() : end]
        found.append(Contradiction(m.start(), end, said, said.replace(other, level, 1)))
    return found
