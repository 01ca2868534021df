"""A members' roster of 100,000 rows: our preview and commit against a bare read and one plain bulk_create."""

from __future__ import annotations

import random
import time
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter
from django.db import connection, models
from python_calamine import CalamineWorkbook

from bench.measure import Line, peak_memory
from zugong.base.cells import WEIGHTS
from zugong.desk.prepare import operator
from zugong.intake import actions, results
from zugong.intake.actions import Incoming

HEADINGS = [
    "序号",
    "姓名",
    "性别",
    "民族",
    "公民身份号码",
    "出生日期",
    "学历",
    "学位",
    "入党时间",
    "转正时间",
    "党员类别",
    "所在党支部",
    "手机号",
]
TODAY = date(2026, 11, 22)


def resident_id(number: int, born: date) -> str:
    """A sound ID of the unassigned area 429901."""
    first = f"{429901 + number // 1000:06d}{born:%Y%m%d}{number % 1000:03d}"
    return first + "10X98765432"[sum(w * int(d) for w, d in zip(WEIGHTS, first, strict=True)) % 11]


def write_files(folder: Path, rows: int, branches: int = 1000) -> tuple[Path, Path]:
    """The organizations' ledger and the roster."""
    chance = random.Random(1)
    organizations, roster = folder / "01.xlsx", folder / "02.xlsx"
    book = xlsxwriter.Workbook(organizations, {"constant_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, ["党组织名称", "党组织代码", "组织类别", "上级党组织"])
    page.write_row(1, 0, ["中共测试县委员会", "1", "党委", ""])
    for n in range(branches):
        page.write_row(n + 2, 0, [f"中共测试县第{n}支部委员会", f"1{n:05d}", "党支部", "中共测试县委员会"])
    book.close()
    book = xlsxwriter.Workbook(roster, {"constant_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, HEADINGS)
    for n in range(rows):
        born = date(1950, 1, 1) + timedelta(days=chance.randrange(18000))
        joined = born + timedelta(days=7000 + chance.randrange(2000))
        name = f"{chance.choice('王李张刘陈')}{chance.choice('伟芳娜敏静')}{n % 97}"
        education = chance.choice(["大学", "大专", "高中"])
        days = [f"{joined:%Y-%m-%d}", f"{joined + timedelta(days=365):%Y-%m-%d}"]
        who = [n + 1, name, "女男"[n % 2], "汉族", resident_id(n, born), f"{born:%Y.%m.%d}", education, ""]
        cells = [*who, *days, "正式党员", f"中共测试县第{n % branches}支部委员会", f"199{n:08d}"]
        page.write_row(n + 1, 0, cells)
    book.close()
    return organizations, roster


class Plain(models.Model):
    """One plain table of thirteen columns of text."""

    class Meta:
        app_label = "bench"
        db_table = "bench_plain"


for _name in [f"c{n}" for n in range(13)]:
    Plain.add_to_class(_name, models.CharField(max_length=100))


def bare(path: Path) -> float:
    """Seconds to read the sheet and keep its rows in one plain table."""
    with connection.schema_editor() as editor:
        editor.create_model(Plain)
    begun = time.perf_counter()
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[1:]
    Plain.objects.bulk_create((Plain(**{f"c{i}": str(v) for i, v in enumerate(row)}) for row in rows), batch_size=2000)
    spent = time.perf_counter() - begun
    assert Plain.objects.count() == len(rows)
    with connection.schema_editor() as editor:
        editor.delete_model(Plain)
    return spent


def run(folder: Path, rows: int = 100_000) -> list[Line]:
    """Measure, and check that what was measured is right."""
    organizations, roster = write_files(folder, rows)
    by = operator()
    by.day = TODAY
    first = actions.stage(by=by, on=TODAY, files=[Incoming(organizations, organizations.name)])
    actions.commit(by=by, on=TODAY, batch=first)
    plain = bare(roster)
    begun = time.perf_counter()
    batch = actions.stage(by=by, on=TODAY, files=[Incoming(roster, roster.name)])
    previewed = time.perf_counter() - begun
    begun = time.perf_counter()
    batch = actions.commit(by=by, on=TODAY, batch=batch)
    committed = time.perf_counter() - begun
    taken = results.document(batch)["files"][0]
    assert (taken["new"], taken["refused"]) == (rows, 0), taken
    total = previewed + committed
    return [
        Line(f"花名册 {rows} 行：预览＋写入", total, plain, 6.0),
        Line("　其中预览", previewed, plain, None),
        Line("　其中写入", committed, plain, None),
        Line("　内存峰值 MiB", peak_memory(), None, 900),
    ]
