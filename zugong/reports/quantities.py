"""Quantities in a text: what stands for a number (digits, Chinese numerals, masks) and the measure word behind it.

This module only reads; whether a quantity is a count of work is decided in `lookalikes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

VALUE, MASK, DELETED = "value", "mask", "deleted"
DIGITS, CHINESE, STARS, LETTERS, BRACKETS, DOUBTFUL = "digits", "chinese", "stars", "letters", "brackets", "doubtful"
SPACE = r"[ \t\u3000\xa0]"


LOST_AMOUNT = re.compile(r"[百千]?[万亿]元|(?<=[量数])万(?:人次|次)")  # the number before it is lost


@dataclass(frozen=True)
class Quantity:
    """A number or mask at `start`…`end` and the measure word that ends at `unit_end`.

    `unit` is "" where none follows; `approx` where 余, 多 stands between.
    """

    start: int
    end: int
    text: str
    form: str
    unit: str
    unit_start: int
    unit_end: int
    approx: bool = False

    @property
    def masked(self) -> bool:
        """Whether the number is hidden."""
        return self.form not in (DIGITS, CHINESE)


@cache
def words() -> dict[str, Any]:
    """The lexicon of quantities, as data."""
    return load("quantities.yaml")


def load(name: str) -> dict[str, Any]:
    """A lexicon of this room."""
    return dict(yaml.safe_load(resources.files("zugong.reports").joinpath("lexicon", name).read_text("utf-8")))


def pattern(source: str) -> re.Pattern[str]:
    """A regular expression of the lexicon: line breaks and blanks in it are for the reader, ~ is a short stretch."""
    return re.compile(re.sub(r"\s*\n?\s+", "", source.strip()).replace("~", "[^，。；：、]{0,16}"))


def measures() -> frozenset[str]:
    """Every measure word counts of work come in."""
    return frozenset(one for group in words()["measures"].values() for one in group.split())


@cache
def _token() -> re.Pattern[str]:
    masks = words()["masks"]
    plain, letters, doubtful = (re.escape(masks[k]) for k in ("plain", "letters", "doubtful"))
    hidden = f"[{plain}{letters}]"
    digit = r"[0-9０-９]"
    pairs = "|".join(_bracketed(pair, hidden) for pair in masks["brackets"].split())
    number = (
        rf"{digit}(?:{SPACE}?{digit}|{SPACE}?[,，]{SPACE}?(?={digit}{SPACE}?{digit}{SPACE}?{digit}))*"
        rf"(?:{SPACE}?[.．]{SPACE}?{digit}(?:{SPACE}?{digit})*)?"
    )
    stars = rf"\\?[{plain}](?:(?:[{SPACE[1:-1]},.．\\]|，(?=[{plain}]{{3}}))*[{plain}])*"
    return re.compile(
        rf"(?P<brackets>{pairs})|(?P<digits>{number})|(?P<stars>{stars})"
        rf"|(?P<letters>[{letters}](?:(?:[{SPACE[1:-1]},.．]|，(?=[{letters}]{{3}}))*[{letters}])*)"
        rf"|(?P<chinese>[零〇一二三四五六七八九十百千万两]+)|(?P<doubtful>[{doubtful}]+)"
    )


def _bracketed(pair: str, hidden: str) -> str:
    return rf"{re.escape(pair[0])}(?:{SPACE}|{hidden}|[.·…?？]){{0,12}}{re.escape(pair[1])}"


@cache
def _unit() -> re.Pattern[str]:
    """The measure word after a number: 万 before a fixed unit or a mask belongs to it, 余 and 多 stand between."""
    every = sorted(measures() | set(words()["no_measures"].split()), key=len, reverse=True)
    spelled = "|".join(rf"{SPACE}?".join(re.escape(c) for c in one) for one in every)
    return re.compile(
        rf"{SPACE}*(?P<scale>[百千万亿]{{0,2}})(?P<approx>[余多来]?)(?P<more>[万亿]?){SPACE}*(?P<unit>(?:美|港|欧|日)?元|{spelled})"
    )


def quantities(text: str) -> Iterator[Quantity]:
    """Everything in the text that could be a number, with the measure word behind it."""
    at = 0
    while found := _token().search(text, at):
        one = _quantity(text, found)
        at = max(one.unit_end, found.end()) if one else found.end()
        if one:
            yield one


def _quantity(text: str, found: re.Match[str]) -> Quantity | None:
    form = found.lastgroup or ""
    start, end = found.span()
    if (form == LETTERS and _touches_letters(text, start, end)) or LOST_AMOUNT.match(text, start):
        return None
    unit = _unit().match(text, end)
    if unit is None:
        end += 1 if form == DIGITS and text[end : end + 1] in ("万", "亿") else 0
        return Quantity(start, end, text[start:end], form, "", end, end)
    fixed = unit["unit"].endswith("元") or form not in (DIGITS, CHINESE) or bool(unit["more"])
    scale = unit["scale"]
    if scale and not fixed:
        end = unit.end("scale")
    name = (scale if fixed else "") + unit["more"] + re.sub(SPACE, "", unit["unit"])
    name = name.replace("％", "%")
    return Quantity(start, end, text[start:end], form, name, unit.start("unit"), unit.end(), bool(unit["approx"]))


def _touches_letters(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return bool(re.match(r"[A-Za-z0-9+\-]", before) or re.match(r"[A-Za-z0-9+\-]", after))


SPACES = re.compile(r"[ \t\u3000\xa0]+")


def closed(text: str) -> str:
    """The text without the spaces a scanner or a careless hand left between its characters."""
    return SPACES.sub("", text)


HALF_WIDTH = re.compile(r"(?<![0-9])[,;:()!](?![0-9])|(?<=[\u4e00-\u9fff])[,;:()]|[,;:()](?=[\u4e00-\u9fff])")


def even(text: str) -> str:
    """The text, character for character, with full-width punctuation; commas inside numbers stay."""
    wide = str.maketrans(",;:()!", "，；：（）！")
    return HALF_WIDTH.sub(lambda m: m[0].translate(wide), text)


PARTING = "，。；：、！？,;:（）()"
NEUTRAL = "".join(chr(0xE000 + n) for n in range(len(PARTING)))
HELD_TOGETHER = re.compile(
    r"[“「『《‘][^“”「」『』《》‘’\n]{1,40}[”」』》’]|(?<=[\u4e00-\u9fff])[（(][\u4e00-\u9fff]{1,3}[）)](?=[\u4e00-\u9fff])"
)


def flat(text: str) -> str:
    """The text, character for character, with stand-ins for punctuation that parts nothing: in quotations and in 党（工）委."""
    hide = str.maketrans(PARTING, NEUTRAL)
    return HELD_TOGETHER.sub(lambda m: m[0].translate(hide), text)


def raised(said: str) -> str:
    """Words of a flat text as they stand in the report."""
    return said.translate(str.maketrans(NEUTRAL, PARTING))
