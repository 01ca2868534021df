"""Figures, the report and duties over a province, against hand-written SQL with the same scope and visibility."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.db import connection

from bench import registers
from bench.by_hand import statement
from bench.measure import Line, peak_memory
from bench.timing import best_of
from zugong.base.periods import Frame
from zugong.desk.dues import findings
from zugong.desk.prepare import operator
from zugong.reports import actions as reports
from zugong.reports import paper, texts, word
from zugong.reports.producing import INTERNAL
from zugong.statistics.catalogue import FIGURES
from zugong.statistics.frames import frame_of

TODAY = date(2026, 11, 22)
SCOPES = {"": "全省", "10007": "一个党委"}
TEMPLATE = Path(__file__).resolve().parent.parent / "examples/2023H1-work-report.txt"


def asked(sql: str) -> object:
    """One number by hand-written SQL."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0] or 0


def figures(frame: Frame, scope: str) -> Iterator[Line]:
    """Each figure that records feed, against its statement."""
    for one in FIGURES.values():
        sql = statement(one.id, scope, connection.vendor)
        if sql is None:
            continue
        hand, expected = best_of(lambda sql=sql: asked(sql))
        ours, value = best_of(lambda one=one: one.number(frame))
        assert (value or 0) == expected, (one.id, scope, value, expected)
        bound = 1.3 if hand >= 0.02 else (hand + 0.005) / hand
        yield Line(f"{SCOPES[scope]} {one.id}", ours, hand, bound)


def whole_report() -> Line:
    """The reference report from adopted text to Word file."""
    by = operator()
    by.day = TODAY
    text = reports.adopt(by=by, on=TODAY, name="底稿", text=texts.read(TEMPLATE))
    frame = frame_of("2023H1", TODAY)
    report = reports.draft(by=by, on=TODAY, text=text, frame=frame)
    begun = time.perf_counter()
    made = reports.produced(report, frame, INTERNAL)
    with tempfile.TemporaryDirectory() as folder:
        word.write(paper.paper(made, TODAY, INTERNAL), Path(folder) / "r.docx", paper.fonts())
    return Line("参考报告全文（含 Word），秒", time.perf_counter() - begun, None, 3)


def all_duties() -> Iterator[Line]:
    """Every duty of every branch for the half-year."""
    by = operator()
    by.day = TODAY
    frame = frame_of("2023H1", TODAY)
    begun = time.perf_counter()
    missed = sum(1 for one in findings(frame, by) if one.state in ("missed", "advised"))
    yield Line(f"半年全部应办事项（{missed} 项逾期或提醒），秒", time.perf_counter() - begun, None, 5)
    yield Line("　内存峰值 MiB", peak_memory(), None, 1024)


def run() -> Iterator[Line]:
    """All lines over a database that `province.build` filled."""
    for scope in SCOPES:
        yield from figures(frame_of("2023H1", TODAY, scope), scope)
    yield whole_report()
    yield from all_duties()
    yield from registers.pages()
