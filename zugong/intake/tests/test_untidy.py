"""Sheets as clerks keep them: merged cells in the body, signatures over several cells, totals, numbered columns, plans."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from zugong.base import faults, sheets
from zugong.base.sheets import Sheet
from zugong.intake.catalogue import LEXICON
from zugong.intake.reading import Found, recognise, records

TODAY = date(2026, 11, 22)
A, B, C = "429901199107286292", "429901196710111223", "429901199403313283"
TRAINEES = ["班次名称", "姓名", "公民身份号码", "工作单位"]
MEETINGS = ["党组织", "活动类别", "时间", "主题", "应到", "实到"]
BRANCH = "中共云溪县财政局支部委员会"


def read(rows: list[list[Any]], merged: list[Any] | None = None) -> list[Any]:
    """The records of a sheet with these rows."""
    (found,) = recognise([Sheet("表.xlsx", "Sheet1", rows, merged or [])])
    assert isinstance(found, Found)
    return list(records(found, TODAY))


def test_a_cell_merged_downwards_stands_in_each_row_it_covers():
    rows = [TRAINEES, ["一班", "张三", A, "某局"], ["", "李四", B, "某局"], ["", "", "", ""], ["二班", "王五", C, "某局"]]
    found = read(rows, [((1, 0), (2, 0))])
    assert [(r.number, r.values["class_name"], r.refused) for r in found] == [
        (2, "一班", False), (3, "一班", False), (5, "二班", False),
    ]  # fmt: skip


def test_a_row_whose_key_stands_above_goes_on_with_the_record_there():
    rows = [["重点任务", "牵头科室", "完成时限", "措施"], ["抓队伍", "组织科", "2023.6.30", "甲"], ["", "", "", "乙"]]
    merged = [((1, i), (2, i)) for i in range(3)]
    assert [r.number for r in read(rows, merged)] == [2]


@pytest.mark.parametrize(
    "aside",
    [
        ["单位负责人：", "", "审核人：张三", "", "填表人：李四", ""],
        ["审核人", "张三", "填表人", "李四", "", ""],
        ["合计", "3次", "", "", 120, 118],
        ["总　计：", "3次", "", "1场", 120, 118],
        ["1", "2", "3", "4", "5", "6"],
        ["甲", "乙", "1", "2", "3", "4"],
        ["示例", "支部党员大会", "2023-01-01", "学习", "10", "9"],
    ],
)
def test_what_is_no_record(aside):
    rows = [MEETINGS, aside, [BRANCH, "党课", "2023-3-1", "学习", 10, 9], aside]
    assert [(r.number, r.refused) for r in read(rows)] == [(3, False)]


def test_headings_are_not_cut_through_a_merged_cell():
    upper = ["序号", "班次名称", "主办单位", "培训时间", "", "培训方式", "班次类型"]
    lower = ["", "", "", "开班时间", "结班时间", "", ""]
    body = [[n, f"第{n}期班", "县委党校", "2023.3.1", "2023.3.3", "集中授课", "专项培训"] for n in range(1, 5)]
    merged = [((0, i), (1, i)) for i in (0, 1, 2, 5, 6)] + [((0, 3), (0, 4))]
    placement = LEXICON.recognise([upper, lower, *body], merged)
    assert placement.heading_row == 2
    assert dict(placement.positions) == {"name": 1, "organizer": 2, "starts_on": 3, "ends_on": 4, "kind": 6}


def test_the_day_a_meeting_was_held_is_not_the_day_it_was_planned_for():
    headings = ["支部", "会议类型", "计划会议时间", "实际到会时间", "会议议题"]
    placement = LEXICON.recognise([headings, *[[BRANCH, "党课", "2023-3-1", "2023-3-2", "学习"]] * 4])
    assert placement.positions["held_on"] == 3


def test_headings_hardly_known_by_name_are_taken_where_most_are_alike():
    headings = ["调研走访的时间", "走访调研到的党组织", "参加走访的人员", "收集到的问题和建议", "承办的科室", "办理落实的情况"]
    rows = [["2023-3-1", BRANCH, "部长", "经费不足", "组织科", "办理中"]] * 4
    assert LEXICON.recognise([headings, *rows]).ledger.id == "visits"
    assert LEXICON.recognise([["指标", "计量单位", "本年", "上年"], ["党员", "人", "多", "少"]]) is None


def test_a_formula_error_is_something_written(tmp_path):
    book = Workbook()
    book.active.append(["姓名", "公民身份号码", "引进时间", "用人单位", "引进类别"])
    book.active.append(["张三", A, "#VALUE!", "某局", "急需紧缺人才"])
    book.active["C2"].data_type = "e"
    book.save(path := tmp_path / "引进.xlsx")
    pages = list(sheets.read(path))
    assert pages[0].rows[1][2] == ""
    faults.put_back(path, pages)
    (row,) = read(pages[0].rows)
    assert row.refused
    assert "#VALUE!" in row.problems[0].reason
