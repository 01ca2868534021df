"""Cells: what people type, and what they meant."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zugong.base import cells
from zugong.base.cells import BadCell

DAYS = st.dates(date(1921, 1, 1), date(2099, 12, 31))
SPACES = st.text(" \u3000\t", max_size=3)


def chinese(day: date) -> str:
    digits = "〇一二三四五六七八九"
    year = "".join(digits[int(d)] for d in str(day.year))

    def number(n: int) -> str:
        tens = "" if n < 10 else ("十" if n < 20 else digits[n // 10] + "十")
        return tens + (digits[n % 10] if n % 10 else "")

    return f"{year}年{number(day.month)}月{number(day.day)}日"


FORMS = [
    lambda d: f"{d:%Y-%m-%d}",
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d.year}年{d.month:02d}月{d.day:02d}号",
    lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d.year}/{d.month}/{d.day}",
    lambda d: f"{d:%Y-%m-%d} 00:00:00",
    chinese,
    lambda d: float((d - date(1899, 12, 30)).days),
    lambda d: str((d - date(1899, 12, 30)).days),
    lambda d: float(f"{d:%Y%m%d}"),
    lambda d: datetime(d.year, d.month, d.day, 8),
    lambda d: d,
]


@given(DAYS, st.sampled_from(FORMS), SPACES)
def test_a_date_is_read_in_every_form_seen(day, form, space):
    cell = form(day)
    assert cells.day(f"{space}{cell}{space}" if isinstance(cell, str) else cell) == day


@given(DAYS, st.sampled_from(["{0}.{1:02d}", "{0}年{1}月", "{0}-{1:02d}", "{0}{1:02d}"]))
def test_a_month_is_enough_only_where_a_day_is_not_needed(day, form):
    cell = form.format(day.year, day.month)
    assert cells.day_or_month(cell) == day.replace(day=1)
    with pytest.raises(BadCell, match="只有年月"):
        cells.day(cell)


@pytest.mark.parametrize(
    "cell", ["2023.13.45", "2023-02-30", "2023年6月31日", "去年", "2023", 12.0, "0000-00-00", "20230631", True]
)
def test_a_date_that_does_not_exist_is_refused_with_a_hint(cell):
    with pytest.raises(BadCell) as bad:
        cells.day(cell)
    assert bad.value.reason
    assert bad.value.hint


@pytest.mark.parametrize("cell", ["", " ", "/", "无", "—", "\u3000", None, "-", "——", "至今"])
@pytest.mark.parametrize(
    "read", [cells.text, cells.compact, cells.name, cells.code, cells.day, cells.whole, cells.resident_id, cells.flag]
)
def test_the_ways_to_write_nothing_mean_nothing(read, cell):
    assert read(cell) is None


def with_checksum(first: str) -> str:
    return first + "10X98765432"[sum(w * int(d) for w, d in zip(cells.WEIGHTS, first, strict=True)) % 11]


IDS = st.builds(
    lambda area, day, order: with_checksum(f"{area:06d}{day:%Y%m%d}{order:03d}"),
    st.integers(110000, 659999), DAYS, st.integers(0, 999),
)  # fmt: skip


@given(IDS, SPACES, st.integers(0, 18))
def test_an_id_is_read_with_spaces_and_in_lower_case(resident_id, space, at):
    typed = f"{space}{resident_id[:at]}{space}{resident_id[at:]}{space}".lower()
    assert cells.resident_id(typed) == resident_id


@given(IDS, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_fails_the_checksum(resident_id, at, by):
    wrong = resident_id[:at] + str((int(resident_id[at]) + by) % 10) + resident_id[at + 1 :]
    with pytest.raises(BadCell, match="校验不符"):
        cells.resident_id(wrong)


@given(IDS)
def test_an_id_tells_birth_and_sex(resident_id):
    assert cells.id_birth(resident_id) == date(int(resident_id[6:10]), int(resident_id[10:12]), int(resident_id[12:14]))
    assert cells.id_sex(resident_id) == ("男" if int(resident_id[16]) % 2 else "女")


@pytest.mark.parametrize("cell", [4.29901199107286e17, 429901199107286272, "4.29901E+17"])
def test_an_id_stored_as_a_number_has_lost_its_end(cell):
    with pytest.raises(BadCell, match="末尾几位已经丢失"):
        cells.resident_id(cell)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12人", 12),
        (12.0, 12),
        ("1,234", 1234),
        ("16学时", 16),
        ("7.5", 7.5),
        ("５年", 5),
        ("约30人", 30),
        ("12.6万次", 126000),
        (0, 0),
    ],
)
def test_numbers_may_carry_measure_words(cell, value):
    assert cells.number(cell) == value


@pytest.mark.parametrize("cell", ["很多", "12-13", -3, 7.5])
def test_a_count_is_a_whole_number(cell):
    with pytest.raises(BadCell):
        cells.whole(cell)


@given(st.text("马刚赵丽·阿依古丽", min_size=1, max_size=6), SPACES)
def test_a_name_has_no_spaces_inside(name, space):
    assert cells.name(space.join(name)) == name


@pytest.mark.parametrize(
    ("cell", "value"), [("买买提•阿里", "买买提·阿里"), ("John Smith", "John Smith"), ("马\u3000刚", "马刚")]
)
def test_names_of_other_peoples_keep_their_form(cell, value):
    assert cells.name(cell) == value


@pytest.mark.parametrize(
    ("cell", "value"), [("42990100001", "42990100001"), (42990100001.0, "42990100001"), ("'0123", "0123"), ("ab-1.0", "AB-1")]
)
def test_a_code_has_no_point_zero(cell, value):
    assert cells.code(cell) == value


def test_a_choice_knows_its_other_words_and_keeps_what_it_does_not():
    read = cells.choice(["支部委员会会议"], {"支部委员会会议": ("支委会",)})
    assert [read(c) for c in ("支委会", " 支部委员会会议 ", "务虚会")] == ["支部委员会会议", "支部委员会会议", "务虚会"]


def test_a_duration_is_no_date():
    with pytest.raises(BadCell):
        cells.day(timedelta(hours=3))
