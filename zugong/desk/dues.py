"""The catalogue of duties, and everything due in a frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from zugong.base.duties import Asking, Board, Duty, Finding, State, catalogue
from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.cadres import duties as cadres
from zugong.elections import duties as elections
from zugong.meetings import duties as meetings
from zugong.tasks import duties as tasks

DUTIES: dict[str, Duty] = catalogue(
    meetings.GENERAL, meetings.COMMITTEE, meetings.THEME, meetings.LECTURE, elections.TERM, cadres.MIDWAY, tasks.STEP
)


def board(frame: Frame, user: User, duties: Iterable[Duty] = DUTIES.values()) -> Board:
    """Duties over a frame, as one reader may be told of them."""
    return Board(duties, Asking(frame, user))


def findings(frame: Frame, user: User) -> Iterator[Finding]:
    """Every duty of every subject the user may see."""
    yield from board(frame, user).findings()


def document(found: Finding) -> dict[str, Any]:
    """A finding as JSON. `state` says where the day stands, `strength` whether it must or, as a rule, should be done."""
    soft = DUTIES[found.duty].soft
    entry: dict[str, Any] = {
        "duty": found.duty,
        "subject": found.subject,
        "subject_code": found.subject_code,
        "state": State.MISSED.value if found.state == State.ADVISED else found.state.value,
        "strength": "soft" if soft else "hard",
        "due_on": str(found.due_on) if found.due_on else None,
        "missing": list(found.missing),
        "source": {"regulation": found.source.regulation, "article": _article(found), "status": found.source.status.value},
    }
    return {**entry, "reason": found.note} if found.note else entry


def _article(found: Finding) -> str:
    """The article once it was verified; until then 条款待核, as every output says."""
    return found.source.article if found.source.status.value == "verified" else found.source.status.value
