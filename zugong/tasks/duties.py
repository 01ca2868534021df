"""What is owed to the cases going on: the step each is at, by its last day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet

from zugong.base.access import Permission
from zugong.base.duties import Asking, Duty, Evidence, Fact, Finding, State
from zugong.tasks.casebook import Case
from zugong.tasks.cases import AHEAD, Seen, seen
from zugong.tasks.clocks import LATE, NEAR, TODAY


class Steps:
    """The step each case is at, by the day its procedure says. Which day that is follows from all that happened to the case,
    the record and the calendar, so the form reads its cases itself: as many statements for one case as for all."""

    def facts(self, duty: Duty, asking: Asking) -> list[QuerySet]:
        """Nothing that fits the shared statement."""
        return []

    def findings(self, duty: Duty, asking: Asking, rows: Sequence[Fact]) -> Iterator[Finding]:
        """One finding for each case that was going on, with the step's own source."""
        frame = asking.frame
        going = Case.objects.visible_to(asking.user).within(frame.scope).going_on(frame.day)
        for one in seen(going.order_by("pk"), frame.day, frame.standards):
            yield _finding(duty, one)


STATES = {LATE: State.MISSED, TODAY: State.MISSED, NEAR: State.DUE}
"""What a clock's word means of a duty: missed when the last day has come, as of any duty; without a word it is not owed yet."""


def _finding(duty: Duty, one: Seen) -> Finding:
    """A finding about a case, named by its record and its step."""
    state = STATES.get(one.clock, State.MET)
    step = one.at.step or one.procedure.steps[-1]
    missing = (f"{one.procedure.name}“{step.name}”未办",) if state != State.MET else ()
    due_on = one.due if state != State.MET else None
    pk = one.case.pk
    fills = f"{one.case.about}:{step.fills}" if step.fills else ""
    return Finding(duty.id, one.title, f"C{pk}", one.case.key, state, due_on, missing, step.source, record=pk, fills=fills)


STEP = Duty(
    "tasks.step",
    "程序步骤",
    "办理中的事",
    "挂职、督导整改、意见办理、党建品牌的每一步在时限内办完",
    AHEAD,
    Steps(),
    evidence=Evidence(Case),
    asleep=True,
    reads=Permission.CASES_READ,
    personal=True,
)
