"""Any order of columns, any of their names, titles above, groups over them: the ledger and its columns are found."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zugong.base import cells
from zugong.base.ledgers import Column, Ledger
from zugong.base.likeness import forms, likeness, tidy
from zugong.base.sheets import Sheet
from zugong.intake.catalogue import BY_ID, LEDGERS, LEXICON
from zugong.intake.reading import Found, recognise, records

TODAY = date(2026, 11, 22)
NAMES = ["王建国", "李秀英", "张伟", "买买提·阿里"]
IDS = ["429901199107286292", "429901196710111223", "429901199403313283", "42990119860930154X"]


def cell(column: Column, n: int) -> Any:
    """A believable cell of a column."""
    if column.read in (cells.day, cells.day_or_month):
        return f"2023-0{n % 6 + 1}-1{n % 9}"
    if column.read is cells.resident_id:
        return IDS[n % 4]
    if column.read is cells.name:
        return NAMES[n % 4]
    if column.read in (cells.whole, cells.number):
        return n + 3
    if column.name == "year":
        return 2023
    if column.read is cells.flag:
        return "是"
    return sorted(column.known)[n % len(column.known)] if column.known else f"内容{n}"


def own_names(ledger: Ledger, column: Column) -> list[str]:
    """The names that are this column's and no other's in the ledger."""
    return [h for h in column.headings if all(LEXICON.names[ledger.id].get(f) == column.name for f in forms(h))]


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda x: x.id)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_a_ledger_is_known_by_any_of_its_names_in_any_order(ledger, data):
    columns = data.draw(st.permutations(ledger.columns))
    headings = [data.draw(st.sampled_from(own_names(ledger, c))) for c in columns]
    extra = data.draw(st.sampled_from(["备注", "填报日期", "联系人"]))
    title = data.draw(st.lists(st.sampled_from(["某县某表", "（2023年上半年）", "填报单位：某部"]), max_size=3))
    rows = [[line] for line in title]
    rows.append([*headings, extra])
    rows += [[*(cell(c, n) for c in columns), ""] for n in range(6)]
    (found,) = recognise([Sheet("表.xlsx", "Sheet1", rows)])
    assert isinstance(found, Found)
    assert found.placement.ledger.id == ledger.id, headings
    assert dict(found.placement.positions) == {c.name: i for i, c in enumerate(columns)}
    assert found.placement.heading_row == len(title) + 1
    assert len(list(records(found, TODAY))) == 6


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda x: x.id)
def test_every_column_has_names_of_its_own(ledger):
    for column in ledger.columns:
        assert own_names(ledger, column), f"{ledger.id}.{column.name}"
        assert own_names(ledger, column)[0] == column.heading


def test_headings_on_two_rows_under_a_group():
    rows = [
        ["挂职干部台账", "", "", "", "", "", "", "", "", "", ""],
        ["序号", "姓名", "证件信息", "派出单位", "挂职单位", "挂任职务", "挂职时间", "", "跟踪管理", "", ""],
        ["", "", "身份证号", "", "", "", "起", "止", "任前座谈", "任中考察", "期满交流"],
        [1, "张伟", IDS[0], "甲局", "乙局", "副局长", "2023-01-05", "2024-01-05", "2023-01-02", "无", "/"],
    ]
    merged = [((1, 6), (1, 7)), ((1, 8), (1, 10)), *[((1, i), (2, i)) for i in (0, 1, 3, 4, 5)]]
    (found,) = recognise([Sheet("表.xlsx", "一", rows, merged)])
    assert found.placement.ledger is BY_ID["secondments"]
    assert found.placement.heading_row == 3
    wanted = {
        "name": 1, "resident_id": 2, "unit": 3, "host": 4, "title": 5, "valid_from": 6, "valid_to": 7, "briefed_on": 8,
        "midway_on": 9, "closing_on": 10,
    }  # fmt: skip
    assert dict(found.placement.positions) == wanted


def test_a_sheet_that_goes_on_without_headings_belongs_to_the_one_before():
    first = [["任务", "责任科室", "完成时限"], ["甲", "办公室", "2023-05-01"]]
    second = [["乙", "组织科", "2023-06-01"], ["丙", "人才科", "2023-07-01"]]
    found = recognise([Sheet("表.xlsx", "一", first), Sheet("表.xlsx", "二", second)])
    assert [len(list(records(one, TODAY))) for one in found] == [1, 2]


def test_totals_notes_blanks_and_repeated_headings_are_no_records():
    rows = [
        ["序号", "任务", "责任科室", "完成时限"],
        [1, "甲", "办公室", "2023-05-01"],
        ["", "", "", ""],
        [2, "", "", ""],
        ["小计", 2, "", ""],
        ["序号", "任务", "责任科室", "完成时限"],
        [3, "合计投入资金的使用检查", "办公室", "2023-05-01"],
        ["合计", 2, "", ""],
        ["填表人：　　审核人：", "", "", ""],
        ["注：本表一式两份", "", "", ""],
    ]
    (found,) = recognise([Sheet("表.xlsx", "一", rows)])
    assert [row.number for row in records(found, TODAY)] == [2, 7]


def test_a_row_that_lacks_its_key_is_a_record_all_the_same():
    rows = [
        ["姓名", "性别", "身份证号", "学历", "引进类别", "用人单位", "引进时间"],
        ["", "男", "  ", "博士研究生", "乡村振兴人才", "某局", "2022-10-31"],
    ]
    (found,) = recognise([Sheet("表.xlsx", "一", rows)])
    (row,) = records(found, TODAY)
    assert [p.column for p in row.problems if p.refuses] == ["resident_id"]


@given(st.text("应到实时间日期党员", min_size=1, max_size=6))
def test_likeness_is_a_measure(text):
    assert likeness(text, text) in (0.0, 1.0)  # one letter has no pairs
    assert 0 <= likeness(text, "完成时限") <= 1


def test_tidy_headings():
    assert tidy(" 任期（年）＊：") == "任期(年)"
    assert forms("转正\n时间（年月日）") == ("转正时间(年月日)", "转正时间")
