"""The catalogue of duties, and everything due in a frame."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zugong.base.duties import Duty, Finding, catalogue
from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.cadres import duties as cadres
from zugong.elections import duties as elections
from zugong.meetings import duties as meetings

DUTIES: dict[str, Duty] = catalogue(
    meetings.GENERAL, meetings.COMMITTEE, meetings.THEME, meetings.LECTURE, elections.TERM, cadres.MIDWAY
)


def findings(frame: Frame, user: User) -> Iterator[Finding]:
    """Every duty of every subject the user may see."""
    for duty in DUTIES.values():
        yield from duty.findings(frame, user)


def document(found: Finding) -> dict[str, Any]:
    """A finding as JSON."""
    entry: dict[str, Any] = {
        "duty": found.duty,
        "subject": found.subject,
        "subject_code": found.subject_code,
        "state": found.state.value,
        "due_on": str(found.due_on) if found.due_on else None,
        "missing": list(found.missing),
        "source": {"regulation": found.source.regulation, "article": _article(found), "status": found.source.status.value},
    }
    return {**entry, "reason": found.note} if found.note else entry


def _article(found: Finding) -> str:
    """The article once it was verified; until then 条款待核, as every output says."""
    return found.source.article if found.source.status.value == "verified" else found.source.status.value
