"""Numbers as reports write them: reading 612, 1,120, 12.6万, 二十六, 8,1 26, and writing one the way a slot was written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

import cn2an

Number = int | float

CHINESE_DIGITS = "零〇一二三四五六七八九十百千万亿两"
SCALES = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
CHINESE_UP_TO_TEN = ("〇", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十")
ARABIC = re.compile(r"(\d[\d,]*(?:\.\d+)?)([百千万亿]*)")


@dataclass(frozen=True)
class Written:
    """A number as it goes into the text; `rounded` when the text says less than the number."""

    text: str
    rounded: bool = False


def plain(text: str) -> str:
    """A written number without spaces and in half-width characters."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def parse(text: str) -> Number | None:
    """The value of a written number, None where the characters are no number (a mask, 三四, 二〇二三年)."""
    bare = plain(text)
    if found := ARABIC.fullmatch(bare):
        return _arabic(found[1], found[2])
    if bare and all(c in CHINESE_DIGITS for c in bare):
        return _chinese(bare)
    return None


def _arabic(digits: str, scales: str) -> Number | None:
    try:
        value = Decimal(digits.replace(",", ""))
    except InvalidOperation:
        return None
    for scale in scales:
        value *= SCALES[scale]
    return tidy(value)


def _chinese(bare: str) -> int | None:
    """Reads 十八, 两千三百, 一百零三, 百(余); bare digits side by side (三四, 二〇) are no count."""
    bare = bare.replace("〇", "零")
    if bare == "两":
        return 2
    if len(bare) > 1 and not set(bare) & set("十百千万亿"):
        return None
    if bare in SCALES:
        return SCALES[bare]
    try:
        return int(cn2an.cn2an(bare.replace("两", "二"), "normal"))
    except (ValueError, KeyError):
        return None


def tidy(value: Decimal) -> Number:
    """An int where the value is whole."""
    return int(value) if value == value.to_integral_value() else float(value)


def write(value: Number, slot: str, unit: str = "") -> Written:
    """`value` written as `slot` was: Chinese up to ten, thousands separators, 万 and decimals as they stood.

    Masks and lost numbers become plain digits. `unit` says whether the 万 stands behind the slot (万次):
    then the number is told in 万; in fixed units (万元) it already is.
    """
    bare, number = plain(slot), Decimal(str(value))
    if bare and all(c in CHINESE_DIGITS for c in bare):
        return _in_chinese(number, unit)
    found = ARABIC.fullmatch(bare)
    scale = found[2] if found else ""
    if scale and number >= (size := _size(scale)):
        written = _with_decimals(number / size, _decimals(found[1]) if found else 0, "," in bare)
        return Written(written.text + scale, written.rounded)
    if found and not scale and "." in found[1]:
        return _with_decimals(number, _decimals(found[1]), "," in bare)
    if not found and re.match(r"[万亿](?!元)", unit):
        told = _with_decimals(number / SCALES[unit[0]], 1, False)
        return Written(told.text.removesuffix(".0"), told.rounded)
    return Written(_digits(number, "," in bare))


def _in_chinese(number: Decimal, unit: str) -> Written:
    """One to ten in Chinese, 两 before a measure word; everything else in digits."""
    if number == number.to_integral_value() and 1 <= number <= 10:
        if number == 2 and unit and unit not in ("%", "成"):
            return Written("两")
        return Written(CHINESE_UP_TO_TEN[int(number)])
    return Written(_digits(number, False))


def _size(scales: str) -> Decimal:
    size = Decimal(1)
    for scale in scales:
        size *= SCALES[scale]
    return size


def _decimals(digits: str) -> int:
    return len(digits.partition(".")[2])


def _with_decimals(number: Decimal, decimals: int, separated: bool) -> Written:
    rounded = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return Written(f"{rounded:,}" if separated else f"{rounded}", rounded != number)


def _digits(number: Decimal, separated: bool) -> str:
    shown = number.to_integral_value() if number == number.to_integral_value() else number.normalize()
    return f"{shown:,f}" if separated else f"{shown:f}"
