"""The list of all that is owed, as the address asks for it: by duty, by state, by organization."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, BinaryIO

from zugong.base import exports
from zugong.base.access import Permission, Privacy
from zugong.base.duties import STATE_WORDS, Duty, Finding
from zugong.base.marks import Mark
from zugong.base.rules import Refused
from zugong.base.sheets import Writer
from zugong.desk.dues import DUTIES
from zugong.desk.owing import OPEN, Leaf, Owing, missing_words, organization_of
from zugong.organizations.models import PartyOrganization
from zugong.statistics.frames import scope_of
from zugong.ui.filters import Asked, Chip
from zugong.ui.leaving import framed
from zugong.ui.listing import described
from zugong.ui.typeahead import found, label_of

EXPORTED = 200_000
HEADINGS = ("事项", "对象", "代码", "期限", "缺什么", "状态", "依据", "说明")
WIDTHS = (16, 40, 16, 12, 34, 10, 40, 30)
FIND = "organizations:partyorganization-find"


class DueList:
    """What is owed, narrowed by the address. Without a state the list holds what is overdue or near."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.duties = [one for one in DUTIES.values() if one.name in asked.get.getlist("duty")]
        self.states = [state for state, word in STATE_WORDS.items() if word in asked.get.getlist("state")]
        self.organization_words = asked.get.get("organization", "").strip()

    @cached_property
    def organization(self) -> PartyOrganization | None:
        """The organization asked for by number or words; None when nothing, or nothing the reader may see, is meant."""
        rows, said = PartyOrganization.objects.visible_to(self.asked.user), self.organization_words
        matches = found(rows, said)
        return matches[0] if len(matches) == 1 else None

    @cached_property
    def owing(self) -> Owing:
        """The findings of the duties asked for; of one organization only its own part of the tree is looked at."""
        frame, one = self.asked.frame, self.organization
        duties: list[Duty] = self.duties or list(DUTIES.values())
        if one is not None:
            try:
                frame = frame.over(scope_of(one.code, frame.day))
            except Refused:  # not in the tree on that day
                duties = []
        return Owing(frame, self.asked.user, duties)

    @cached_property
    def findings(self) -> list[Finding]:
        """The findings asked for, in no order."""
        states = self.states or OPEN
        rows = [one for one in self.owing.every if one.state in states]
        if not self.organization_words:
            return rows
        wanted = self.organization
        return [one for one in rows if organization_of(one) == wanted.pk] if wanted is not None else []

    def leaf(self) -> Leaf:
        """The page asked for."""
        get = self.asked.get
        return self.owing.leaf(self.findings, after=get.get("after", ""), before=get.get("before", ""))

    def chips(self) -> list[Chip]:
        """The conditions in force."""
        chips = []
        if self.duties:
            chips.append(Chip("事项", "、".join(one.name for one in self.duties), ("duty",)))
        if self.states:
            chips.append(Chip("状态", "、".join(STATE_WORDS[one] for one in self.states), ("state",)))
        if self.organization_words:
            one = self.organization
            chips.append(Chip("党组织", one.name if one else f"没有找到“{self.organization_words}”", ("organization",)))
        return chips

    def panels(self) -> list[dict[str, Any]]:
        """What to offer for narrowing."""
        duties = [(one.name, one in self.duties) for one in DUTIES.values()]
        states = [(word, state in self.states) for state, word in STATE_WORDS.items()]
        words = label_of(self.organization) if self.organization else ""
        return [
            {"kind": "choice", "name": "duty", "title": "事项", "options": duties},
            {"kind": "choice", "name": "state", "title": "状态", "options": states},
            {"kind": "of", "name": "organization", "title": "党组织", "words": words, "find": FIND},
        ]

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Every finding as a line of a workbook, in order."""
        for one in self.owing.ordered(self.findings):
            missing, state = missing_words(one.missing), STATE_WORDS[one.state]
            name = DUTIES[one.duty].name
            yield name, one.subject, one.subject_code, one.due_on, missing, state, one.source.cite(), one.note

    def workbook(self, target: BinaryIO) -> Mark:
        """Note on the trail that the list is taken out and write it as a workbook. Refused when it is too long."""
        if len(self.findings) > EXPORTED:
            raise Refused("超过 20 万条，一个文件放不下，没有导出。请先用条件缩小范围。")
        user, frame, chips = self.asked.user, self.asked.frame, described(self.chips())
        mark = exports.record_export(
            by=user, on=user.day, read=Permission.DESK_READ, register="应办事项", filters={**chips, **framed(frame)},
            columns=HEADINGS, rows=len(self.findings), holds=Privacy.INTERNAL,
        )  # fmt: skip
        said = "；".join(f"{t}：{w}" for t, w in chips.items()) or "已逾期和临近"
        note = f"{frame.period.title}，截至 {frame.day}　{said}　共 {len(self.findings)} 项"
        writer = Writer(target, mark)
        writer.sheet("应办事项", HEADINGS, self.rows(), title="应办事项", note=note, widths=WIDTHS)
        writer.close()
        return mark
