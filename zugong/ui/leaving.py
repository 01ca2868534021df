"""What leaves through a page: a file as an attachment that bears its mark, the strictest class among some columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from django.http import FileResponse, HttpRequest

from zugong.base import exports
from zugong.base.access import Permission, Privacy
from zugong.base.exports import PERSONAL
from zugong.base.marks import Mark
from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.ui.filters import Chip
from zugong.ui.shown import Fact


def attachment(mark: Mark, content: BinaryIO, name: str) -> FileResponse:
    """A file to be saved. Whoever hands one over shows the mark it bears, so none leaves that the trail does not know of."""
    content.seek(0)
    response = FileResponse(content, as_attachment=True, filename=name)
    response.export_number = mark.number
    return response


def on_paper(
    request: HttpRequest,
    what: str,
    read: Permission,
    rows: int,
    *,
    chips: Iterable[Chip] = (),
    columns: Iterable[Fact] = (),
    holds: Privacy = Privacy.INTERNAL,
) -> Mark | None:
    """Where a page is asked for on paper (`?print`), note that it leaves; the mark it bears. None on the screen."""
    if "print" not in request.GET:
        return None
    return exports.record_export(
        by=request.user, on=request.user.day, read=read, register=what, rows=rows, holds=holds,
        filters={**{chip.title: chip.words for chip in chips}, **framed(request.frame), "方式": "打印"},
        columns=[fact.title for fact in columns],
    )  # fmt: skip


def strictest(facts: Iterable[Fact], user: User) -> Privacy:
    """Whether columns hold anything personal that this reader is shown somewhere."""
    shown = any(fact.privacy in PERSONAL and user.codes(fact.permission, fact.privacy) for fact in facts)
    return Privacy.PERSONAL if shown else Privacy.INTERNAL


def framed(frame: Frame) -> dict[str, str]:
    """The frame in words, for the trail."""
    return {"范围": frame.scope.name or "全部", "期间": frame.period.title, "截至": str(frame.day)}
