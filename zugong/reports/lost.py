"""Numbers that were lost: a measure word stands where a clause ends (撰写调研报告篇) or before its noun, without a number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from zugong.reports.lookalikes import ends_counted, inside, is_kind
from zugong.reports.quantities import SPACE, load, pattern, words

WINDOW = 40
NUMBER_BEFORE = re.compile(r"[\d０-９一二三四五六七八九十百千万两〇零*＊×XxN_＿□■○▇（）()余多几数]\s*$")


SERVED = re.compile(r"等$|(?:办理|代办|协调|帮助|解决|帮办|受理|办好|办妥|办结|落实|化解|协助).{2,}$")


@dataclass(frozen=True)
class Lost:
    """A lost number: the place directly before its measure word."""

    at: int
    unit: str
    unit_end: int


def numbers(text: str) -> Iterator[Lost]:
    """Every lost number of a text."""
    for found in _at_the_end().finditer(text):
        if _is_lost(text, found):
            yield Lost(found.start("unit"), found["unit"].replace("％", "%"), found.end("unit"))
    for found in _before_the_noun().finditer(text):
        if _is_lost_before_noun(text, found):
            yield Lost(found.start("unit"), found["unit"], found.end("unit"))
    for which in ("happened_to", "left_over", "opened"):
        for found in pattern(words()["lost"][which]).finditer(text):
            if _is_lost_inside(text, found):
                yield Lost(found.start("unit"), found["unit"], found.end("unit"))


def _is_lost_inside(text: str, found: re.Match[str]) -> bool:
    """其中围绕新业态党建篇被转发: no number stands before, and the measure word ends no longer word (事项)."""
    before, compound = text[found.start() : found.start("unit")], _compounds().get(found["unit"])
    numbered = NUMBER_BEFORE.search(before) and not before.endswith("余")
    return not numbered and not (compound and before and compound.search(before))


@cache
def _at_the_end() -> re.Pattern[str]:
    lost = words()["lost"]
    units = "|".join(re.escape(u) for u in sorted(lost["measures"].split(), key=len, reverse=True))
    return re.compile(rf"(?<=[\u4e00-\u9fff”』」）)])(?P<gap>{SPACE}*)(?P<unit>{units}){lost['ends'].strip()}")


def _is_lost(text: str, found: re.Match[str]) -> bool:
    unit = found["unit"]
    start = found.start("gap")
    before = re.split(r"[，。；！？\n]", text[max(0, start - WINDOW) : start])[-1]
    if NUMBER_BEFORE.search(before):
        return False
    if is_kind(unit, "shares") or is_kind(unit, "money") or is_kind(unit, "hours"):
        return _is_lost_amount(before, unit)
    if len(found["gap"]) > 1:
        return True
    compound = _compounds().get(unit)
    if compound and compound.search(before):
        return (_surely(before, unit) or _in_list(text, found)) and _is_lost_count(text, found, before, unit)
    served = is_kind(unit, "items") and SERVED.search(before)
    return bool(served) or _at_work(before, unit) or _is_lost_count(text, found, before, unit)


def _at_work(before: str, unit: str) -> bool:
    """Whether a clause tells of work done and its last character begins no word with the measure word (每次, 多次)."""
    found = words()["lost"]
    if unit not in always():
        return False
    if unit == "人次":
        return len(before) > 1
    return bool(pattern(found["at_work"]).search(before)) and not pattern(found["words"]).search(before)


@cache
def _states() -> re.Pattern[str]:
    """What was counted came as far as that: 列出问题46条，挂账推进条."""
    return pattern(f"{load('binding.yaml')['states'].strip()}$")


@cache
def always() -> frozenset[str]:
    """The measure words that say by themselves that a number is lost where a clause of work ends in them."""
    return frozenset(words()["lost"]["always"].split())


def _is_lost_count(text: str, found: re.Match[str], before: str, unit: str) -> bool:
    """走访调研次, 申报27个、入选个, or a clause that ends in what is counted: 印发简报篇."""
    if is_kind(unit, "times") and pattern(words()["lost"]["went"]).search(before):
        return True
    if (pattern(words()["lost"]["again"]).search(before) or _states().search(before)) and _counted_before(text, found):
        return True
    return not pattern(words()["lost"]["words"]).search(before) and ends_counted(before, unit)


def _is_lost_amount(before: str, unit: str) -> bool:
    """办结率%, 发放安家补贴万元, 人均学习学时; 人均学时 is the name of a figure, not a lost number."""
    if unit == "元":
        return bool(re.search(r"(?:费|补贴|津贴|资金|经费|奖金|慰问金|补助)$", before))
    if is_kind(unit, "hours"):
        return bool(re.search(r"(?:学习|完成|累计|培训|达到|达|时长)$", before))
    return not re.search(r"[百千几]$", before)


def _surely(before: str, unit: str) -> bool:
    """党课堂 and 企业家 are words, unless one lectures or pairs up: 班子成员讲党课堂, 结对联系企业家, 选送参加培训人次."""
    if unit == "人次":
        return bool(pattern(words()["lost"]["sent"]).search(before))
    if unit == "件":
        return bool(SERVED.search(before)) and before.endswith("证")
    if unit == "家":
        return bool(pattern(words()["lost"]["paired"]).search(before))
    return unit == "堂" and bool(re.search(r"[讲上授][^，]{0,6}党课$", before))


def _counted_before(text: str, found: re.Match[str]) -> bool:
    """Whether the clause before counts by the same measure word: 申报项目27个，入选个."""
    clauses = re.split(r"[，；]", re.split(r"[。\n]", text[max(0, found.start() - WINDOW) : found.start()])[-1])
    return len(clauses) > 1 and bool(re.search(rf"[\d*＊×XxN_＿□■○▇）)]\s*{re.escape(found['unit'])}", clauses[-2]))


def _in_list(text: str, found: re.Match[str]) -> bool:
    """Whether a neighbour in its list is counted by the same measure word: 成长营4期、护理管理培训期."""
    number, unit = r"[\d*＊×XxN_＿□■○▇）)]\s*", re.escape(found["unit"])
    before, after = text[max(0, found.start() - WINDOW) : found.start()], text[found.end("unit") : found.end("unit") + WINDOW]
    beside = rf"{number}{unit}[、，和][^，。；、\n]+$", rf"[、，和][^，。；、\n]{{2,16}}{number}{unit}"
    return bool(re.search(beside[0], before) or re.match(beside[1], after))


@cache
def _compounds() -> dict[str, re.Pattern[str]]:
    return {measure: pattern(source) for measure, source in words()["lost"]["compounds"].items()}


@cache
def _before_the_noun() -> re.Pattern[str]:
    verbs = re.sub(r"\s", "", words()["lost"]["fronted"])
    return re.compile(rf"{verbs}(?P<unit>名|个|期|场|次|篇|对|家|户)(?=[\u4e00-\u9fff])")


def _is_lost_before_noun(text: str, found: re.Match[str]) -> bool:
    """选派名年轻干部: what follows is counted by the measure word, and the two make no word of their own."""
    unit = found["unit"]
    rest = re.split(r"[，。；：、！？\n]", re.sub("[“”]", "", text[found.end() : found.end() + 18]))[0]
    for which in ("inside_any", "inside_mask"):
        word = inside(which).get(unit)
        if word and word.match(rest):
            return False
    if not found[0].startswith(unit):
        return _counted_soon(rest, unit)
    return unit in ("名", "个", "户") and _counted_soon(rest, unit)


def _counted_soon(rest: str, unit: str) -> bool:
    return any(ends_counted(rest[: length + 1], unit) for length in range(1, len(rest)))
