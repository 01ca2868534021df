"""zugong slots FILE [--names]: the slots of a report with the figure proposed for each; or its names and period words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zugong.base.access import Permission
from zugong.desk.commands import ZugongCommand
from zugong.reports import moving, texts, wording
from zugong.reports.binding import Proposal, propose
from zugong.statistics.catalogue import FIGURES, NAMES


class Command(ZugongCommand):
    help = "找出稿子里的数据位，给出每一处建议的指标、限定和理由"
    permission = Permission.REPORTS_READ

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path, metavar="文件", help="总结报告，.docx 或 .txt")
        parser.add_argument("--names", action="store_true", help="改列遮去的名称和期间词")

    def act(self, **options: Any) -> int | None:
        text = texts.parse(texts.read(options["file"]))
        if options["names"]:
            self._tell_names(text)
        else:
            self._tell_slots(propose(text))
        return None

    def _tell_slots(self, proposals: list[Proposal]) -> None:
        if self.json:
            self.out([as_slot(one) for one in proposals])
            return
        rows = [
            (one.slot.start, one.slot.text or "（缺数字）", one.slot.unit, _figure(one), _facets(one.facets), one.reason)
            for one in proposals
        ]
        self.table(f"数据位 {len(rows)} 处", ("位置", "原文", "量词", "指标", "限定", "理由"), rows)

    def _tell_names(self, text: texts.Text) -> None:
        names, periods = wording.names(text), moving.period_words(text)
        listed = sorted([as_name(one) for one in names] + [as_period(one) for one in periods], key=lambda row: row["start"])
        if self.json:
            self.out(listed)
            return
        rows = [(row["start"], row["text"], row["kind"], row["shown"]) for row in listed]
        self.table(f"名称 {len(names)} 处，期间词 {len(periods)} 处", ("位置", "原文", "种类", "说的是"), rows)


def as_slot(one: Proposal) -> dict[str, Any]:
    """A slot as the command prints it."""
    slot = one.slot
    return {
        "start": slot.start,
        "end": slot.end,
        "text": slot.text,
        "state": slot.state,
        "unit": slot.unit,
        "figure": one.figure,
        "facets": one.facets,
        "period": str(one.period),
        "value": slot.value,
    }


def as_name(one: wording.Name) -> dict[str, Any]:
    """A masked name as the command prints it."""
    shown = NAMES[one.figure].name if one.figure in NAMES else "其他名称"
    return {"start": one.start, "end": one.end, "text": one.text, "kind": "name", "figure": one.figure, "shown": shown}


def as_period(one: moving.PeriodWord) -> dict[str, Any]:
    """A period word as the command prints it."""
    period = one.period.code if one.period else None
    return {
        "start": one.start,
        "end": one.end,
        "text": one.text,
        "kind": "period",
        "period": period,
        "shown": period or "相对的说法",
    }


def _figure(one: Proposal) -> str:
    found = FIGURES.get(one.figure)
    return found.name if found else "（目录外）"


def _facets(facets: dict[str, str]) -> str:
    return "；".join(f"{name}={words}" for name, words in facets.items())
