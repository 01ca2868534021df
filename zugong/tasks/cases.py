"""Cases as pages and duties show them: read together, with their records, and worked out as of a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Prefetch

from zugong.base import parameters
from zugong.base.access import Permission, Privacy
from zugong.base.accounts import names_of
from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.base.records import Record
from zugong.base.standards import Standards
from zugong.base.workdays import workdays
from zugong.regulations.procedures import RECORD, Procedure, Step, limit_words, shipped
from zugong.tasks.carrying import facts_of
from zugong.tasks.casebook import Case, CaseStep, editing, records_of
from zugong.tasks.clocks import GATE_WORDS, LATE, TODAY, clock
from zugong.tasks.running import DID_WORDS, GOING, Did, Line, Position, as_of, counts_on, course, due
from zugong.ui.registers import Further

PARAMETERS = parameters.read(__package__)
AHEAD = PARAMETERS["step_remind_days"]
FAR = date.max
OPEN_CASES = Further("cases", "开启程序", "tasks:case-open", Permission.CASES_EDIT)


@dataclass(frozen=True)
class Seen:
    """One case as of a day, with its record (None once it is gone) and what happened to it by then."""

    case: Case
    procedure: Procedure
    record: Record | None
    steps: Sequence[CaseStep]
    lines: Sequence[Line]
    names: Mapping[str, str]
    at: Position
    due: date | None
    clock: str

    @property
    def title(self) -> str:
        """What the case is about, in words."""
        return str(self.record) if self.record is not None else "（记录已删除）"

    @property
    def late(self) -> bool:
        """Whether its step is overdue, or due that very day."""
        return self.clock in (LATE, TODAY)

    @property
    def going(self) -> bool:
        """Whether it was not over."""
        return self.at.state in GOING

    @property
    def ends(self) -> bool:
        """Whether the step it is at can be the last one."""
        return self.at.step is not None and not self.at.step.choices and self.procedure.ends(self.at.step)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The lines with the step kept, who acts or acted, the limit and the conditions in words."""
        return [self._row(line, self.steps[line.event] if line.event is not None else None) for line in self.lines]

    def _row(self, line: Line, kept: CaseStep | None) -> dict[str, Any]:
        who = self.names.get(kept.account, kept.account) if kept else line.step.who_words
        did = DID_WORDS[line.did] if line.did and line.did != Did.DONE else ""
        now = line.did is None and line.step is self.at.step
        told = {"who": who, "did": did, "choice": self.choice_words(line), "now": now, "gates": gate_words(line.step)}
        return {"line": line, "step": line.step, "kept": kept, "limit": self.limit(line.step), **told}

    def limit(self, step: Step) -> str:
        """A step's limit in words."""
        return step_limit(self.procedure, step, type(self.record) if self.record is not None else None)

    def choice_words(self, line: Line) -> str:
        """The outcome as people say it: a choice's own word, or the step it went back to."""
        names = {one.id: one.name for one in self.procedure.steps}
        return names.get(line.choice, line.choice)

    @property
    def order(self) -> tuple[bool, date, int]:
        """What is due first stands first; what has no day, after it; what is over, last."""
        return (not self.going, self.due or FAR, self.case.pk)


def gate_words(step: Step) -> str:
    """The conditions of a step in words."""
    return "、".join(GATE_WORDS[one] for one in step.gates)


def step_limit(procedure: Procedure, step: Step, kind: type[Record] | None) -> str:
    """A step's limit in words, with the record's day by its own name."""
    start = step.limit.start if step.limit else ""
    name = start.removeprefix(RECORD) if start.startswith(RECORD) else ""
    title = f"“{kind._meta.get_field(name).verbose_name}”" if kind is not None and name else "记录所写之日"
    return limit_words(step, procedure, title)


def seen(cases: Any, day: date, standards: Standards) -> list[Seen]:
    """Cases as of a day, near what is due by the standards' own number: six statements and one for each kind of record,
    however many cases there are. A case that was not open yet is left out."""
    asked = cases.select_related("version").prefetch_related(Prefetch("steps", CaseStep.objects.order_by("pk")))
    rows = list(asked)
    records, counts, ahead = records_of(rows), workdays().is_working, int(standards.on(AHEAD, day).value)
    hands = {step.account for case in rows for step in case.steps.all()}
    names = names_of(hands)
    versions: dict[int, Procedure] = {}
    found = []
    for case in rows:
        procedure = versions.setdefault(case.version_id, case.version.procedure)
        steps = [one for one in case.steps.all() if one.day <= day]
        if steps:
            found.append(_seen(case, procedure, records.get(case.about), steps, names, counts, day, ahead))
    return found


def _seen(
    case: Case,
    procedure: Procedure,
    record: Record | None,
    steps: list[CaseStep],
    names: Mapping[str, str],
    counts: Callable[[date], bool],
    day: date,
    ahead: int,
) -> Seen:
    facts = facts_of(record)
    lines, at = course(procedure, as_of((one.event for one in steps), day), facts, counts)
    last_day = due(at, facts, counts)
    said = clock(last_day, day, ahead) if counts_on(at, last_day) else ""
    return Seen(case, procedure, record, steps, lines, names, at, last_day, said)


def procedures_for(label: str) -> list[Procedure]:
    """The procedures records of a kind go through."""
    return [one for one in shipped().values() if one.about == label]


def case_panel(record: Record, user: User, frame: Frame) -> tuple[str, dict[str, Any]] | None:
    """What a record's page shows: its cases as steps, and the button that opens one where none is going on."""
    procedures = procedures_for(record._meta.label_lower)
    if not procedures or not user.may_somewhere(Permission.CASES_READ):
        return None
    found = seen(Case.objects.visible_to(user).of(record), frame.day, frame.standards)
    going = set(Case.objects.of(record).going().values_list("procedure", flat=True))
    path = record.path_on(user.day)  # type: ignore[attr-defined]
    may = user.may(Permission.CASES_EDIT, path) and user.may(editing(type(record)), path)
    waiting = [one for one in procedures if one.code not in going]
    shown = {"cases": found, "waiting": waiting if may else [], "record": record, "label": record._meta.label_lower}
    shows = user.reads(Privacy.PERSONAL, Permission.CASES_READ)
    return "tasks/piece_cases.html", {**shown, "shows": shows}
