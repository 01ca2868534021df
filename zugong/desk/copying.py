"""A copy of everything that is shown to a person about themselves: one JSON file or one workbook, for them alone.

The JSON is described in docs/offices/own.md: `records` holds one object for each record, its fields in the order of the
page, each with its title, value, privacy class and source.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from datetime import date
from typing import IO, Any

from django.utils import timezone

from zugong.base.marks import Mark
from zugong.base.sheets import Writer
from zugong.desk.holdings import Holdings
from zugong.people.models import Correction
from zugong.regulations.procedures import shipped
from zugong.tasks.casebook import Case
from zugong.tasks.cases import Seen, seen
from zugong.tasks.running import DID_WORDS

FORMAT = "zugong-own-record/1"
HEADINGS = ("类别", "记录", "项目", "内容", "分级", "来源")
ASKED = ("事项", "当时的内容", "应当是", "理由", "证明材料", "提出日", "办理期限", "状态", "答复", "办结日")
READ = ("时间", "谁", "角色", "看了什么", "用途")

CASED = {one.about for one in shipped().values()}  # the kinds of records that go through a procedure
STEPS = ("程序", "关于", "步骤", "办了什么", "办理之日", "录入之日", "材料", "理由")

Corrections = Sequence[tuple[Correction, str]]


def written(holdings: Holdings, corrections: Corrections, form: str, mark: Mark) -> IO[bytes]:
    """The file, at its beginning; closed by whoever hands it over."""
    target = tempfile.TemporaryFile(suffix=f".{form}")  # noqa: SIM115 (closed by the response)
    if form == "json":
        text = json.dumps(document(holdings, corrections) | {"mark": mark.words}, ensure_ascii=False, indent=2)
        target.write(text.encode())
    else:
        _workbook(target, holdings, corrections, mark)
    target.seek(0)
    return target


def document(holdings: Holdings, corrections: Corrections) -> dict[str, Any]:
    """Everything as JSON."""
    readings, _ = holdings.provenance.readings()
    return {
        "format": FORMAT,
        "day": str(holdings.day),
        "person": holdings.person.name,
        "records": [
            {
                "kind": section.title,
                "record": entry.key,
                "fields": [
                    {"name": i.name, "title": i.title, "value": i.text, "class": i.privacy.value, "source": i.source}
                    for i in entry.items
                ],
            }
            for section in holdings.sections()
            for entry in section.entries
        ],
        "steps": [dict(zip(STEPS, row, strict=True)) for row in _steps(holdings)],
        "exempt": holdings.said(),
        "corrections": [dict(zip(ASKED, row, strict=True)) for row in _asked(corrections)],
        "readings": [
            dict(zip(READ, row, strict=True)) for row in ((timezone.localtime(r.at).isoformat(), *_read(r)) for r in readings)
        ],
    }


def cases_of(holdings: Holdings, day: date) -> list[Seen]:
    """The procedures the person's records go through, with all that was said, the latest first."""
    keys = [(kind.label, row.pk) for kind, rows in holdings.found for row in rows if kind.label in CASED]
    return seen(Case.objects.about(keys).order_by("-pk"), day, holdings.standards) if keys else []


def _steps(holdings: Holdings) -> list[list[str]]:
    return [
        [
            one.procedure.name, one.title, one.procedure.step(step.step).name, DID_WORDS[step.event.did], str(step.day),
            str(step.entered_on), step.paper, step.reason,
        ]
        for one in cases_of(holdings, holdings.day)
        for step in one.steps
    ]  # fmt: skip


def _asked(corrections: Corrections) -> list[list[str]]:
    return [
        [
            one.title, one.held, one.wanted, one.reason, one.proof, str(one.asked_on), str(one.due_on), state, one.answer,
            str(one.decided_on or ""),
        ]
        for one, state in corrections
    ]  # fmt: skip


def _read(reading: Any) -> tuple[str, str, str, str]:
    return reading.who, reading.offices, reading.what, reading.purpose


def _workbook(target: IO[bytes], holdings: Holdings, corrections: Corrections, mark: Mark) -> None:
    readings, _ = holdings.provenance.readings()
    rows = [
        [section.title, str(entry.record), item.title, item.text, item.class_words, item.source]
        for section in holdings.sections()
        for entry in section.entries
        for item in entry.items
    ]
    note = f"截至 {holdings.day}　{'　'.join(holdings.said())}"
    writer = Writer(target, mark)
    writer.sheet("我的记录", HEADINGS, rows, title=f"{holdings.person.name}的记录", note=note)
    writer.sheet("办理步骤", STEPS, _steps(holdings))
    writer.sheet("更正申请", ASKED, _asked(corrections))
    writer.sheet("谁看过", READ, [[f"{timezone.localtime(r.at):%Y-%m-%d %H:%M}", *_read(r)] for r in readings])
    writer.close()
