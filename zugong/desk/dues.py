"""The catalogue of duties, and everything due in a frame."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from zugong.base.duties import Asking, Board, Duty, Excuse, Excuses, Finding, State, catalogue
from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.cadres import duties as cadres
from zugong.elections import duties as elections
from zugong.meetings import duties as meetings
from zugong.organizations.duties import LABEL as ORGANIZATION
from zugong.people import duties as people
from zugong.people.duties import PERSON
from zugong.people.models import Exemption
from zugong.tasks import duties as tasks
from zugong.training import duties as training

DUTIES: dict[str, Duty] = catalogue(
    *meetings.DUTIES, *elections.DUTIES, *people.DUTIES, *training.DUTIES, *cadres.DUTIES, tasks.STEP
)


def board(frame: Frame, user: User, duties: Iterable[Duty] = DUTIES.values()) -> Board:
    """Duties over a frame, as one reader may be told of them."""
    return Board(duties, Asking(frame, user, excuses()))


def excuses() -> Excuses:
    """Why subjects are not held to duties: every exemption agreed to. What was due in its time stays settled afterwards."""
    found: dict[tuple[str, str], list[Excuse]] = defaultdict(list)
    for one in Exemption.objects.agreed().only(
        "duty", "organization_id", "person_id", "reason", "basis", "valid_from", "valid_to"
    ):
        key = f"{PERSON}:{one.person_id}" if one.person_id else f"{ORGANIZATION}:{one.organization_id}"
        found[one.duty, key].append(Excuse(one.valid_from, one.valid_to, one.words))
    return found


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
