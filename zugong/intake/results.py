"""What a batch did, as one JSON document and as a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Sum

from zugong.base import cells
from zugong.base.ledgers import Row
from zugong.base.models import User
from zugong.base.rules import NotAllowed
from zugong.intake import staging
from zugong.intake.actions import refused_rows
from zugong.intake.catalogue import BY_ID
from zugong.intake.models import Batch, BatchWrite, StagedSheet
from zugong.intake.reading import cell_name
from zugong.reports.models import Report, ReportState
from zugong.statistics.models import FrozenValue

COUNTS = ("new", "changed", "same", "refused", "warnings")


def batch(number: int, user: User) -> Batch:
    """The batch of that number, if the account may look at it. Raises NotAllowed, so that who tries numbers is on the trail,
    in the same words for a batch there is and one there is not."""
    found = Batch.objects.visible_to(user).filter(pk=number).first()
    if found is None:
        raise NotAllowed(f"没有批次 {number}。用 zugong batches 看有哪些。")
    return found


def document(of: Batch) -> dict[str, Any]:
    """The batch: its files, sheet by sheet in the files' order, and every refused cell."""
    sheets = list(StagedSheet.objects.filter(file__batch=of).select_related("file").order_by("file_id", "position", "pk"))
    return {
        "files": [_sheet(sheet) for sheet in sheets],
        "refused": [one for sheet in sheets if sheet.refused for one in refusals(sheet)],
        "batch": of.pk,
        "state": of.get_state_display(),
    }


def _sheet(sheet: StagedSheet) -> dict[str, Any]:
    counts = {name: getattr(sheet, name) for name in COUNTS}
    found = {"file": sheet.file.name, "sheet": sheet.name, "ledger": sheet.ledger or None, "heading_row": sheet.heading_row}
    extra = {"unknown_columns": sheet.unknown, "guessed_columns": sheet.guessed}
    return {**found, **counts, **{name: value for name, value in extra.items() if value}}


def refusals(sheet: StagedSheet) -> Iterable[dict[str, Any]]:
    """One object for each faulty cell of a sheet."""
    for row in refused_rows(sheet):
        for problem in row.problems:
            if problem.refuses:
                position = sheet.positions.get(problem.column)
                heading = (
                    sheet.headings[position] if position is not None else BY_ID[sheet.ledger].column(problem.column).heading
                )
                yield {
                    "file": sheet.file.name,
                    "sheet": sheet.name,
                    "row": row.number,
                    "column": heading,
                    "cell": cell_name(row.number, position),
                    "value": _value(row, position),
                    "reason": problem.reason,
                    "hint": problem.hint,
                }


def _value(row: Row, position: int | None) -> str:
    return cells.written(row.cells[position]) if position is not None and position < len(row.cells) else ""


def summaries(batches: Iterable[Batch]) -> list[dict[str, Any]]:
    """Batches with the names of their files and their counts."""
    batches = list(batches)
    sheets = StagedSheet.objects.filter(file__batch__in=batches).order_by()
    totals = {
        row["file__batch"]: row for row in sheets.values("file__batch").annotate(**{f"n_{name}": Sum(name) for name in COUNTS})
    }
    names: dict[int, list[str]] = {}
    for number, name in sheets.values_list("file__batch", "file__name").distinct():
        names.setdefault(number, []).append(name)
    return [
        {
            "batch": b.pk,
            "state": b.get_state_display(),
            "on": str(b.on),
            "account": b.account,
            "files": "、".join(sorted(names.get(b.pk, []))),
            **{name: totals.get(b.pk, {}).get(f"n_{name}", 0) for name in COUNTS},
        }
        for b in batches
    ]


def sentence(of: Batch) -> str:
    """What happened, in one sentence."""
    totals = StagedSheet.objects.filter(file__batch=of).aggregate(**{f"n_{name}": Sum(name) for name in COUNTS})
    new, changed, same, refused = (totals[f"n_{name}"] or 0 for name in COUNTS[:4])
    if of.state == "committed":
        return f"批次 {of.pk} 已写入：新增 {new} 行，变更 {changed} 行，相同 {same} 行，退回 {refused} 行。"
    if of.state == "undone":
        return f"批次 {of.pk} 已整批撤销，数据回到写入之前。"
    return f"批次 {of.pk} 待写入：新增 {new} 行，变更 {changed} 行，相同 {same} 行，退回 {refused} 行。"


def reports_resting_on(of: Batch) -> list[Report]:
    """The submitted reports whose figures were counted from records this batch wrote: their proof goes with it."""
    written: set[str] = set()
    for kept in BatchWrite.objects.filter(batch=of):
        step = staging.opened_write(kept)
        written.update(f"{step.model}:{pk}" for pk in (*step.created, *(pk for pk, _, _ in step.changed)))
    resting = FrozenValue.objects.taken_from(written)
    return [one for one in Report.objects.filter(state=ReportState.SUBMITTED).order_by("pk") if one.key in resting]
