"""Handing a report out: the Word paper of a rendition and the evidence workbook, each noted on the trail."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from zugong.base import exports
from zugong.base.access import Permission, Privacy
from zugong.base.marks import Mark
from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.base.rules import Refused
from zugong.reports import evidence, paper, word
from zugong.reports.behind import records_at
from zugong.reports.frozen import standing, with_values_of_then
from zugong.reports.models import Report, ReportState
from zugong.reports.producing import MASK, PUBLIC, RENDITIONS, SUBMITTED, Produced, without_place
from zugong.statistics import answers
from zugong.statistics.answers import Status

UNFIT = re.compile(r'[\\/:?"<>|\s]+')


@dataclass(frozen=True)
class Handed:
    """A file that leaves: its name, what is in it, the mark it bears."""

    name: str
    content: bytes
    mark: Mark


def word_file(report: Report, frame: Frame, rendition: str, user: User, today: date) -> Handed:
    """The Word paper of a rendition. Raises Refused where that rendition may not leave the house yet."""
    made = as_evidence(report, frame, rendition)
    if rendition == SUBMITTED and report.state == ReportState.DRAFT:
        _insist_on_nothing_open(made)
    laid = paper.paper(made, report.submitted_on or today, rendition)
    if rendition == PUBLIC:
        laid = replace(laid, signature=without_place(laid.signature, frame))
    mark = _note(report, user, f"Word，{RENDITIONS[rendition]}", 1, Privacy.INTERNAL, free=rendition == PUBLIC)
    if rendition != PUBLIC:  # what is to be published tells of nobody who made it
        laid = replace(laid, mark=mark.short)
    said = RENDITIONS[rendition] + ("·未报送" if rendition == SUBMITTED and report.state == ReportState.DRAFT else "")
    data = _written(lambda path: word.write(laid, path, paper.fonts()), ".docx")
    return Handed(f"{file_name(made.title)}（{said}）.docx", data, mark)


def evidence_file(report: Report, frame: Frame, rendition: str, user: User) -> Handed:
    """The evidence workbook. Raises Refused for the public rendition."""
    if rendition == PUBLIC:
        raise Refused("公开版不能附数据依据：依据里有遮去的数。")
    made = as_evidence(report, frame, rendition)
    proven = [s.question for s in made.slots if s.question and s.answer.status == Status.PROVEN]
    rows = sum(answers.rows(question).visible_to(user).count() for question in proven)
    rows += len(records_at([key for quote in made.quotes for key in quote.keys], user))
    mark = _note(report, user, "数据依据", rows, Privacy.PERSONAL)
    data = _written(lambda path: evidence.write(made, frame, user, path, mark), ".xlsx")
    return Handed(f"{file_name(made.title)}（数据依据）.xlsx", data, mark)


def as_evidence(report: Report, frame: Frame, rendition: str) -> Produced:
    """What goes into a file: of a submitted report the values that were submitted."""
    made = standing(report, frame, rendition)
    return made if report.state == ReportState.DRAFT or rendition == PUBLIC else with_values_of_then(made, report)


def file_name(title: str) -> str:
    """A title as the name of a file on any machine."""
    return UNFIT.sub("", title.replace(MASK, "×")) or "总结报告"


def _insist_on_nothing_open(made: Produced) -> None:
    if made.held_back:
        raise Refused(f"还有 {made.held_back} 处没有着落，报送版的 Word 还不能出。内部版可以先下载，没有着落的地方会标出来。")


def _written(write: Callable[[Path], None], suffix: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"report{suffix}"
        write(path)
        return path.read_bytes()


def _note(report: Report, user: User, what: str, rows: int, holds: Privacy, *, free: bool = False) -> Mark:
    """Put on the trail which file of which report is taken out."""
    return exports.record_export(
        by=user, on=user.day, read=Permission.REPORTS_READ, register=report.key, rows=rows, holds=holds, free=free,
        filters={"报告": str(report), "期间": report.period, "文件": what}, columns=(),
    )  # fmt: skip
