"""What only looks like a count: dates, ordinals, slogans, thresholds, ages, ranks, durations, background, words.

Every refusal says which of these it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from zugong.reports import numerals
from zugong.reports.quantities import CHINESE, DIGITS, DOUBTFUL, Quantity, closed, pattern, words

WINDOW = 48
BACKGROUND, SAYING = "背景数字", "固定说法"
LIMITS = ("要求中的限度", "限度")
QUOTED = re.compile(r"[“「『《〈‘\"][^“”「」『』《》〈〉‘’\"\n]{1,40}[”」』》〉’\"]")
EVERY = re.compile(r"一(?:年|季度?|月|周|天|旬)[^，。；]{0,5}$")
VAGUE_BEFORE = re.compile(r"(?:(?<![总人次户个件家条项岁指])数|几|(?<![以晚早])上|近)$")
NEXT_NUMBER = re.compile(r"[\d０-９*＊×XxN_＿□■○▇（(]")
OPENERS = ("人", "名", "位", "个", "家", "篇", "项", "件", "份", "部", "条")
PART = re.compile(r"^(?:其中|含|包括)|(?:比|较|同比)[^，。；]{0,10}(?:增加|减少|净增|多|少|增|减)了?$")
TRAINED = re.compile(r"(?:对|组织|集中|开展|完成)?[^，。；]{0,6}(?:轮训|培训|调训|集训|施训)")
CLAUSE = re.compile(r"[，。；！？\n]")
ONE_EACH = re.compile(r"[\u4e00-\u9fff]{0,2}[1１](?![0-9０-９.,%％])")
ROUND = ("十", "百", "千", "万")  # 百名干部 and, opening a clause, 十余个部门 are no counts
EACH_ONE = re.compile(r"(?<![0-9０-９.,])[1１][\u4e00-\u9fff]{1,3}$")


@dataclass(frozen=True)
class Around:
    """A quantity with the words before it in its clause, the words after it, and whether the opening of the text holds it."""

    before: str
    clause: str
    after: str
    opening: bool
    quoted: bool


@cache
def _patterns(*path: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = words()
    for step in path:
        found = found[step]
    return tuple((name, pattern(source)) for name, source in found.items())


@cache
def _one(*path: str) -> re.Pattern[str]:
    found = words()
    for step in path[:-1]:
        found = found[step]
    return pattern(found[path[-1]])


@cache
def inside(which: str) -> dict[str, re.Pattern[str]]:
    """For each measure word, what follows it where it begins a longer word."""
    return {measure: pattern(source) for measure, source in words()[which].items()}


@cache
def _kinds() -> dict[str, frozenset[str]]:
    found = {name: frozenset(group.split()) for name, group in words()["measures"].items()}
    return found | {"never": frozenset(words()["no_measures"].split()), "age": frozenset(words()["age"].split())}


def is_kind(unit: str, kind: str) -> bool:
    """Whether a measure word belongs to a group of the lexicon (shares, money, persons …), 万 before it aside."""
    return unit in _kinds()[kind] or (len(unit) > 1 and unit.lstrip("百千万亿") in _kinds()[kind])


def why_no_slot(text: str, one: Quantity, around: Around) -> str:
    """Why a quantity with a measure word is no slot; "" where it may be one."""
    for judge in (_no_count, _word, _bounds, _by_words, _background, _counted_in_chinese):
        if reason := judge(text, one, around):
            return reason
    return ""


def _no_count(text: str, one: Quantity, around: Around) -> str:
    average_age = is_kind(one.unit, "age") and re.search(r"平均年龄|平均[^，。；]{0,3}$|年龄(?:降|由|从|下降)", around.before)
    if is_kind(one.unit, "never") and not average_age:
        return "日期、时长、年龄或等级"
    if one.unit == "位" and re.search(r"(?:前移|前进|进位|跃升|上升|提升|下滑|后移)了?$", around.before):
        return "名次的变化"
    if around.quoted:
        return "引号里的固定说法"
    if one.unit.endswith("分") and not re.search(r"得分|均分|评分|测评|满意度|平均|考核", around.clause):
        return "不是计数"
    return ""


def _word(text: str, one: Quantity, around: Around) -> str:
    """The measure character begins a longer word: 项目, 个别, 人民政府."""
    rest = around.after
    measure = one.unit.lstrip("百千万亿")
    if one.masked and measure == "部" and re.search(r"(?:委|政府)$", around.clause):
        return "隐去的名称"
    for which in ("inside_any",) if one.form == DIGITS else ("inside_any", "inside_mask"):
        word = inside(which).get(measure)
        if word and word.match(rest):
            return "量词是词的一部分"
    return ""


def _bounds(text: str, one: Quantity, around: Around) -> str:
    found = words()["lookalikes"]
    if re.match(found["range_after"], text[one.end : one.end + 6]) or re.search(found["range_before"], around.before[-6:]):
        return "范围，不是一个数"
    if (
        one.form == DIGITS
        and re.search(r"[A-Za-z\d+＋\-.:：/×*＊]$", around.before[-1:])
        and not re.search(r"[：:]$", around.before)
    ):
        return "编号"
    if one.form == CHINESE and VAGUE_BEFORE.search(around.before):
        return "" if is_kind(one.unit, "shares") and around.before.endswith("近") else "约数"
    if numerals.plain(one.text) == "1" and (ONE_EACH.match(around.after) or EACH_ONE.search(around.before)):
        return "一一对应"
    return ""


def _by_words(text: str, one: Quantity, around: Around) -> str:
    found = words()["lookalikes"]
    money = is_kind(one.unit, "money")
    skipped = found["money_only"] if not money or _one("lookalikes", "paid").search(around.clause) else ()
    skipped = LIMITS if _one("lookalikes", "aimed").search(around.clause) else skipped
    for name, before in _patterns("lookalikes", "before"):
        if name not in skipped and before.search(around.clause):
            return name
    rest = around.after[:24]
    if re.search(found["framed_before"], around.clause) and re.search(found["framed_after"], rest):
        return "规定的标准"
    for name, after in _patterns("lookalikes", "after"):
        if name not in skipped and after.match(rest) and not (name == "条件" and is_kind(one.unit, "shares")):
            return name
    if is_kind(one.unit, "hours") and _one("lookalikes", "norm_of_hours").match(rest):
        return "规定的标准"
    return ""


def _background(text: str, one: Quantity, around: Around) -> str:
    """The size or the trade of the place; a number that is hidden is to be filled in and no background."""
    if one.masked or _one("lookalikes", "done").search(around.clause):
        return ""
    rooms = is_kind(one.unit, "rooms") and _one("lookalikes", "rooms").search(around.clause)
    if rooms or _one("lookalikes", "background").search(around.clause):
        return BACKGROUND
    told = _one("lookalikes", "background_in_opening").search(around.clause)
    behind = _one("lookalikes", "background_behind").match(around.after)
    told = told or is_kind(one.unit, "land")
    return BACKGROUND if around.opening and (told or behind) and "党" not in around.clause[-14:] else ""


def goes_on_with(between: str, one: Quantity, opening: bool) -> bool:
    """Whether the background number just before is told of once more: 受理案件1.86万件、办结1.79万件, …，较年初增长7.2%."""
    if not one.masked and _one("lookalikes", "background_again").match(between):
        return True
    return opening and is_kind(one.unit, "shares") and bool(_one("lookalikes", "of_background").match(between))


def _counted_in_chinese(text: str, one: Quantity, around: Around) -> str:
    """A Chinese numeral or a doubtful mask counts only next to something that is counted."""
    rest = around.after
    if one.form == DOUBTFUL:
        return "" if ends_counted(around.clause, one.unit) and ends_clause(rest) else "标点"
    if one.form != CHINESE or any(is_kind(one.unit, kind) for kind in ("shares", "hours", "money", "age")):
        return ""
    if one.text.strip() in ROUND[1:] and not one.approx:
        return "约数"
    if (ends_clause(rest) or NEXT_NUMBER.match(rest)) and (ends_counted(around.clause, one.unit) or _is_part(around)):
        return "频次要求" if EVERY.search(around.clause) else ""
    return _saying(text, one, around)


def _saying(text: str, one: Quantity, around: Around) -> str:
    """Whether a Chinese numeral that no counted noun leads to is no more than a saying (一个方面, 两张皮)."""
    number, rest = one.text.strip(), around.after
    opens = one.unit in OPENERS and _opens_clause(around, number, rest)
    exact = _is_rough_or_exact(one, number) and not (number in ROUND and not around.clause)
    if _told_by_its_verb(around, rest) or exact or opens or _in_batches(one, around):
        return ""
    if number != "一" and _stands_before_counted(text, one, around):
        return ""
    return "虚指的一" if number == "一" else SAYING


def _told_by_its_verb(around: Around, rest: str) -> bool:
    """由五个减至两个, 计划二十人: what stands before announces a number."""
    found = words()["counted"]
    if pattern(found["came_to"]).search(around.clause):
        return True
    if pattern(found["came_from"]).search(around.clause) and re.match(found["went_on"], rest):
        return True
    return ends_clause(rest) and bool(pattern(found["announced"]).search(around.clause))


def _is_part(around: Around) -> bool:
    """其中高知群体三名, 比上年减少两人."""
    return bool(PART.search(around.clause))


def _is_rough_or_exact(one: Quantity, number: str) -> bool:
    """两千三百余人次, 一百三十二人次: nobody says so of a fixed saying."""
    value = numerals.parse(number) or 0
    counted = any(is_kind(one.unit, kind) for kind in ("persons", "times", "items", "things"))
    return bool(value > 10 and value % 10 and counted) or (one.approx and value >= 10)


def _in_batches(one: Quantity, around: Around) -> bool:
    """分三批轮训支部书记: the batches are the classes held."""
    return one.unit in ("批", "期", "批次", "班次") and around.clause.endswith("分") and bool(TRAINED.match(around.after))


def ends_clause(rest: str) -> bool:
    """Whether the clause ends here, at punctuation or the end of the text."""
    return bool(re.match(words()["lost"]["ends"], rest))


def ends_counted(before: str, unit: str) -> bool:
    """Whether the words before end in something that `unit` counts: 专题研讨, 党员, 调研报告."""
    found = words()["counted"]
    return any(_ending(group).search(before) for group in found["groups"].get(unit, "").split())


@cache
def _ending(group: str) -> re.Pattern[str]:
    found = words()["counted"]
    return pattern(f"(?:{found[group].strip()}){found['between'].strip()}$")


@cache
def _beginning(group: str) -> re.Pattern[str]:
    found = words()["counted"]
    return pattern(f"[^，。；：、\\n]{{0,14}}?{found[group].strip()}")


def _stands_before_counted(text: str, one: Quantity, around: Around) -> bool:
    """举办两期培训班: a verb before, the thing counted behind, and no abstract head (四个方面)."""
    found = words()["counted"]
    groups = found["groups"].get(one.unit, "").split()
    done_to = one.unit in ("名", "人", "位") and pattern(found["done_to"]).search(around.clause)
    if not groups or not (done_to or _verbs().search(around.clause)):
        return False
    rest = CLAUSE.split(around.after[:24])[0]
    if pattern(found["not_counted"]).search(rest[:8]):
        return False
    return any(_beginning(group).match(rest) for group in (*groups, "persons"))


def _opens_clause(around: Around, number: str, rest: str) -> bool:
    """其中三人…, 两名干警到上级院跟班, 两个支部改选; 一名党员一面旗帜 is a slogan."""
    found = words()["counted"]
    if re.search(r"其中$", around.clause):
        return True
    if around.clause.strip() or rest.startswith("“"):
        return False
    rest = CLAUSE.split(rest[:32])[0]
    happened = pattern(found["happened"])
    told = bool(_beginning("persons").match(rest)) or number != "一"
    return bool(happened.match(rest) or (told and happened.search(rest)))


@cache
def _verbs() -> re.Pattern[str]:
    found = words()["counted"]
    return pattern(f"{found['verbs'].strip()}{found['between'].strip()}的?$")


def around(text: str, one: Quantity, opening_ends: int, quotes: list[tuple[int, int]]) -> Around:
    """What surrounds a quantity."""
    before = closed(text[max(0, one.start - 2 * WINDOW) : one.start].rsplit("\n", 1)[-1])[-WINDOW:]
    clause = CLAUSE.split(before)[-1]
    after = closed(text[one.unit_end : one.unit_end + 2 * WINDOW])[:WINDOW]
    quoted = any(start < one.start < end for start, end in quotes)
    return Around(before, clause, after, one.start < opening_ends, quoted)


def quotations(text: str) -> list[tuple[int, int]]:
    """Where short quotations and titles of papers stand."""
    return [m.span() for m in QUOTED.finditer(text)]
