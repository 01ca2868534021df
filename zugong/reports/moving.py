"""Period words (2023年上半年, 今年以来, 截至6月末 …): found with their offsets, and moved from one period to another.

What cannot be moved with certainty is not guessed: it comes back undecided, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from zugong.base.periods import Period
from zugong.base.rules import add_months
from zugong.reports.quantities import quantities
from zugong.reports.texts import Text, parse

DIGITS = "〇一二三四五六七八九"
DASH = r"[-—–~～至到]+"


def _year(name: str) -> str:
    """A year in digits, Arabic or Chinese, as the group `name`."""
    return rf"(?P<{name}_year>(?:19|20)\d\d|二[〇○零][{DIGITS}○零]{{2}})\s*年"


def _dated(name: str) -> str:
    """A year, or 今年 and its like, as groups of `name`; or neither."""
    return rf"(?:{_year(name)}|(?P<{name}_said>今年|去年|上年|明年|本年度?|当年))?"


WORDS = re.compile(
    "|".join(
        (
            rf"(?P<span>(?:19|20)\d\d\s*年?\s*{DASH}\s*(?:19|20)\d\d\s*年)",
            rf"(?P<until>截[至止]到?(?:目前)?(?:{_year('until')})?(?P<until_month>\d{{1,2}})\s*月\s*"
            r"(?:末|底|份|(?P<until_day>\d{1,2})\s*日)?)",
            r"(?P<same>(?:去年|上年)同期|同期)",
            r"(?P<since>今年以来|年初以来|一年来|一年多来|半年来|上半年以来|下半年以来|三季度以来)",
            rf"(?P<half>{_dated('half')}(?P<which>[上下])半年)",
            rf"(?P<quarter>{_dated('quarter')}第?(?P<nth>[一二三四1-4])季度)",
            rf"(?P<months>{_dated('months')}(?P<from>\d{{1,2}})\s*月?\s*{DASH}\s*(?P<to>\d{{1,2}})\s*月(?:份)?(?!\d*日))",
            rf"(?P<day>{_dated('day')}(?P<day_month>\d{{1,2}})\s*月\s*(?:\d{{1,2}}\s*日|份|底前?|末|初|[上中下]旬)?)",
            rf"(?P<whole>{_year('whole')}度?)",
            r"(?P<year_end>年底前?|年末|年内|年底)",
            r"(?P<deictic>今年|去年|上年|明年|来年|本年度|全年|下一年度|下半?季度|本季度|上季度)",
        )
    )
)
NOT_A_PERIOD = re.compile(r"《[^》\n]{1,60}》|[〔\[［（(]\s*20\d\d\s*[〕\]］）)]\s*\d*\s*号?")
QUARTERS = {c: n % 4 + 1 for n, c in enumerate("一二三四1234")}


@dataclass(frozen=True)
class PeriodWord:
    """A period word: what kind it is, and the days it names when read in a report on its own period (None if none)."""

    start: int
    end: int
    text: str
    kind: str
    period: Period | None = None
    explicit: bool = False


@dataclass(frozen=True)
class Moved:
    """A period word in another period; `text` is None where a person has to decide, and `reason` says why."""

    word: PeriodWord
    text: str | None
    reason: str


def own_period(text: str | Text) -> Period | None:
    """The period a report is about, from its title, else its first sentences; None where they name none."""
    structure = text if isinstance(text, Text) else parse(text)
    heads = [structure.title.text] if structure.title else []
    heads += [p.text[:120] for p in structure.paragraphs[:3]]
    for head in heads:
        for word in _words(head, None):
            if word.explicit and word.period and word.kind in ("half", "quarter", "months", "whole"):
                return _widened(head, word)
    year = next((w.period.last.year for w in _words(structure.text, None) if w.explicit and w.period), None)
    if year is None:
        return None
    for head in heads:
        for word in _words(head, Period(date(year, 1, 1), date(year, 12, 31))):
            if word.kind in ("half", "quarter", "months") and word.period:
                return word.period
    return None


def _widened(head: str, word: PeriodWord) -> Period | None:
    """2024年工作情况…（上半年）: a half-year named a little later narrows the year."""
    later = re.search(r"([上下])半年", head[word.end : word.end + 12]) if word.kind == "whole" else None
    if later and word.period:
        return Period.of_months(date(word.period.last.year, 1 if later[1] == "上" else 7, 1), 6)
    return word.period


def period_words(text: str | Text, own: Period | None = None) -> list[PeriodWord]:
    """The period words of a report; `own` is its own period (inferred where not given)."""
    structure = text if isinstance(text, Text) else parse(text)
    return list(_words(structure.text, own or own_period(structure)))


def _words(text: str, own: Period | None) -> Iterator[PeriodWord]:
    closed = [m.span() for m in NOT_A_PERIOD.finditer(text)]
    masks = [(q.start, q.end) for q in quantities(text) if q.masked]
    for m in WORDS.finditer(text):
        if any(a <= m.start() < b for a, b in closed) or any(b == m.start() for _, b in masks):
            continue
        if m.lastgroup and (word := _word(m, own)):
            yield word


def _kind(m: re.Match[str]) -> str:
    kinds = ("span", "until", "same", "since", "half", "quarter", "months", "day", "whole", "year_end", "deictic")
    return next(kind for kind in kinds if m[kind] is not None)


def _word(m: re.Match[str], own: Period | None) -> PeriodWord | None:
    kind = _kind(m)
    year = _year_of(m, kind, own)
    try:
        period = _period(m, kind, year) if year else None
    except ValueError:
        return None
    return PeriodWord(m.start(), m.end(), m[0], kind, period, _explicit(m, kind))


def _group(m: re.Match[str], name: str) -> str | None:
    return m.groupdict().get(name)


def _explicit(m: re.Match[str], kind: str) -> bool:
    return bool(_group(m, f"{kind}_year"))


def _year_of(m: re.Match[str], kind: str, own: Period | None) -> int | None:
    if written := _group(m, f"{kind}_year"):
        return read_year(written)
    if own is None:
        return None
    said = _group(m, f"{kind}_said") or ""
    return own.last.year + {"去年": -1, "上年": -1, "明年": 1}.get(said, 0)


def read_year(written: str) -> int:
    """2023 and 二〇二三 as a number."""
    if written.isdigit() and written.isascii():
        return int(written)
    return int("".join(str(DIGITS.index("〇" if c in "○零" else c)) for c in written))


def _period(m: re.Match[str], kind: str, year: int) -> Period | None:
    """The days a word names in a year; raises ValueError for a month or day there is not."""
    if kind == "until":
        month = Period.of_months(date(year, int(m["until_month"]), 1), 1)
        day = int(m["until_day"]) if m["until_day"] else month.last.day
        return Period(date(year, 1, 1), month.first.replace(day=day))
    first, months = _months(m, kind)
    return Period.of_months(date(year, first, 1), months) if months > 0 else None


def _months(m: re.Match[str], kind: str) -> tuple[int, int]:
    """The first month a word names and how many there are; none of them for a word without months."""
    if kind == "half":
        return (1 if m["which"] == "上" else 7), 6
    if kind == "quarter":
        return 3 * QUARTERS[m["nth"]] - 2, 3
    if kind == "months":
        return int(m["from"]), int(m["to"]) - int(m["from"]) + 1
    if kind == "day":
        return int(m["day_month"]), 1
    return (1, 12) if kind == "whole" else (1, 0)


# --- moving


def moved(text: str | Text, to: Period, own: Period | None = None) -> list[Moved]:
    """Every period word of a report as it stands in the period `to`."""
    structure = text if isinstance(text, Text) else parse(text)
    own = own or own_period(structure)
    if own is None:
        return [Moved(w, None, "看不出这份稿子写的是哪个期间，请先写明。") for w in period_words(structure)]
    return [move(word, own, to) for word in period_words(structure, own)]


def move(word: PeriodWord, own: Period, to: Period) -> Moved:
    """One period word of a report on `own` as a report on `to` would say it."""
    text, reason = MOVES[word.kind](word, own, to)
    return Moved(word, text, reason)


Answer = tuple[str | None, str]


def _named(word: PeriodWord, own: Period, to: Period) -> Answer:
    """上半年, 第一季度, 1—9月, 2023年: what it is to the old period, the same is said of the new one."""
    if word.period is None:
        return None, f"“{word.text}”说的是哪一段时间看不出，请定。"
    for reason, of in RELATIONS:
        if word.period == of(own):
            if reason == "下一期" and own.months_long != to.months_long:
                return None, f"“{word.text}”是原期间之后的计划，新期间长短不同，请定。"
            return write(of(to), word, to), f"“{word.text}”是{reason}，随期间改。"
    years = to.last.year - own.last.year
    if (own.last.month, own.first.month) == (to.last.month, to.first.month):
        shifted = _shift(word.period, years)
        return write(shifted, word, to), "整年移动，月份不变。"
    return None, f"“{word.text}”与报告期间的关系说不准，请定。"


RELATIONS = (
    ("本期", lambda p: p),
    ("去年同期", lambda p: p.a_year_before()),
    ("本年", lambda p: p.year),
    ("下一期", lambda p: p.next()),
    ("上一期", lambda p: p.previous()),
    ("上年", lambda p: p.a_year_before().year),
    ("下年", lambda p: _shift(p.year, 1)),
)


def _shift(period: Period, years: int) -> Period:
    months = period.months_long
    first = add_months(period.first, 12 * years)
    return Period.of_months(first, months) if months else Period(first, add_months(period.last, 12 * years))


def write(period: Period, like: PeriodWord, to: Period) -> str:
    """The period in the manner of the word: with its year, or by 今年, 去年, 明年 as seen from `to`."""
    body = _body(period, like)
    if like.explicit:
        chinese = not re.match(r"\d", like.text)
        year = "".join(DIGITS[int(c)] for c in str(period.last.year)) if chinese else str(period.last.year)
        return f"{year}年{body}"
    said = {-1: "去年", 0: "", 1: "明年"}.get(period.last.year - to.last.year)
    if said is None:
        return f"{period.last.year}年{body}"
    if not body:
        return said or ("今年" if "今年" in like.text else "全年")
    if not said and re.match("今年|本年|当年", like.text):
        said = like.text[: 3 if like.text.startswith("本年度") else 2]
    return said + body


def _body(period: Period, like: PeriodWord) -> str:
    """The period without its year: 上半年, 第一季度, 1—9月, and "" for a year."""
    start, length = period.first.month, period.months_long
    if length == 12 and start == 1:
        return "度" if like.text.endswith("年度") and like.explicit else ""
    if length == 6 and start in (1, 7) and like.kind != "months":
        return "上半年" if start == 1 else "下半年"
    if length == 3 and start % 3 == 1 and like.kind != "months":
        return f"{'' if like.kind == 'quarter' and '第' not in like.text else '第'}{'一二三四'[start // 3]}季度"
    dash = next(iter(re.findall(r"[-—–~～至到]+", like.text)), "—")
    return f"{start}{dash}{period.last.month}月" if length != 1 else f"{start}月"


def _until(word: PeriodWord, own: Period, to: Period) -> Answer:
    """截至6月末: the end of the old period becomes the end of the new one."""
    if word.period is None or word.period.last != own.last:
        return None, f"“{word.text}”不是报告期末，请核对后写明。"
    year = f"{to.last.year}年" if word.explicit else ""
    head = re.match(r"截[至止]到?", word.text)
    end = f"{to.last.day}日" if word.text.endswith("日") else re.sub(r"^.*月", "", word.text)
    return f"{head[0] if head else '截至'}{year}{to.last.month}月{end}", "期末日随期间改。"


def _kept(word: PeriodWord, own: Period, to: Period) -> Answer:
    return word.text, "相对的说法，在新期间里仍然成立。"


def _since(word: PeriodWord, own: Period, to: Period) -> Answer:
    if word.text.startswith(("今年", "年初")):
        return _kept(word, own, to)
    if own.months_long == to.months_long:
        swap = {("上半年", 7): "下半年", ("下半年", 1): "上半年"}
        text = next(
            (word.text.replace(a, b) for (a, m), b in swap.items() if a in word.text and to.first.month == m), word.text
        )
        return text, "随期间改。"
    length = {12: "一年来", 6: "半年来"}.get(to.months_long or 0)
    if length and word.text in ("一年来", "半年来"):
        return length, "随期间长短改。"
    return None, f"“{word.text}”与新期间长短不同，请定。"


def _deictic(word: PeriodWord, own: Period, to: Period) -> Answer:
    """今年, 去年 stay; 全年 and 明年 of a report that ends the year do not fit one that does not."""
    if word.text in ("全年", "明年", "来年", "下一年度") and own.last.month == 12 != to.last.month:
        return None, f"原稿在年末写“{word.text}”，新期间不到年末，请定。"
    if "季度" in word.text and own.months_long != to.months_long:
        return None, f"“{word.text}”与新期间长短不同，请定。"
    return _kept(word, own, to)


def _year_end(word: PeriodWord, own: Period, to: Period) -> Answer:
    if (to.last.month == 12) != (own.last.month == 12):
        return None, f"“{word.text}”离期间末的远近变了，请定。"
    return _kept(word, own, to)


def _day(word: PeriodWord, own: Period, to: Period) -> Answer:
    return None, f"“{word.text}”是具体日期，是旧期间的事实或安排，请核对后写明。"


def _span(word: PeriodWord, own: Period, to: Period) -> Answer:
    return None, f"“{word.text}”是固定的年份段，请核对是否仍适用。"


MOVES = {
    "half": _named, "quarter": _named, "months": _named, "whole": _named, "until": _until, "same": _kept,
    "since": _since, "deictic": _deictic, "year_end": _year_end, "day": _day, "span": _span,
}  # fmt: skip
