"""Numbers are read as reports write them and written the way the slot was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zugong.reports.numerals import Written, parse, write

DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """A number below ten thousand in Chinese, as people write it."""
    text, gap = "", False
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, size)
        if digit:
            text += ("零" if gap else "") + DIGITS[digit] + name
        gap = bool(text) and not digit
    return text.removeprefix("一") if text.startswith("一十") else text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("612", 612),
        ("1,120", 1120),
        ("1，120", 1120),
        ("12.6万", 126_000),
        ("二十六", 26),
        ("两千三百", 2300),
        ("两", 2),
        ("十八", 18),
        ("0", 0),
        ("8,1 26", 8126),
        ("1 2", 12),
        ("３６", 36),
        ("86.5", 86.5),
        ("百", 100),
        ("一百零三", 103),
        ("3千", 3000),
        ("三四", None),
        ("二〇二三", None),
        ("*", None),
        ("", None),
    ],
)
def test_reading(text, value):
    assert parse(text) == value


@given(st.integers(1, 9999))
def test_chinese_numerals_are_read_back(number):
    assert parse(chinese(number)) == number


@given(st.integers(0, 10**9))
def test_digits_are_read_back(number):
    assert parse(f"{number:,}") == parse(str(number)) == number


@pytest.mark.parametrize(
    ("value", "slot", "unit", "written"),
    [
        (7, "三", "人", Written("七")),
        (2, "四", "期", Written("两")),
        (12, "三", "人", Written("12")),
        (0, "三", "人", Written("0")),
        (31, "二十六", "个", Written("31")),
        (1234, "1,120", "人次", Written("1,234")),
        (980, "1,120", "人次", Written("980")),
        (1234, "146", "次", Written("1234")),
        (131_234, "12.6万", "次", Written("13.1万", rounded=True)),
        (130_000, "12.6万", "次", Written("13.0万")),
        (400_000, "35万", "次", Written("40万")),
        (8000, "12.6万", "次", Written("8000")),
        (92.34, "86.5", "万元", Written("92.3", rounded=True)),
        (92, "86.5", "万元", Written("92.0")),
        (24.5, "*", "学时", Written("24.5")),
        (350_000, "*", "万次", Written("35")),
        (56, "（ ）", "项", Written("56")),
        (4, "", "篇", Written("4")),
        (0, "**", "个", Written("0")),
    ],
)
def test_writing(value, slot, unit, written):
    assert write(value, slot, unit) == written


@given(st.integers(0, 10**7), st.sampled_from(("*", "", "（ ）", "146", "1,120", "三", "十八", "XX")))
def test_what_is_written_is_the_number(number, slot):
    assert parse(write(number, slot, "个").text) == number


@given(st.integers(10_000, 10**8))
def test_rounding_is_told(number):
    put = write(number, "12.6万", "次")
    assert put.rounded == (parse(put.text) != number)
