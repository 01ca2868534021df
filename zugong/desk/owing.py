"""What is owed in a frame: found once for a page, put in one steady order, and a page of it by key.

The order is: overdue before brought up before near before done, by the day, then as the organizations stand in the
tree. A place in that order is written as a token (state, day, path, duty, subject), so turning pages needs no
counting off, and holds although something was done in between.
"""

from __future__ import annotations

import gc
import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from zugong.base.duties import OPEN as OPEN
from zugong.base.duties import Duty, Finding, State
from zugong.base.models import User
from zugong.base.periods import BadPeriod, Frame, Period
from zugong.desk.dues import DUTIES, board
from zugong.organizations.models import PartyOrganization, Placement
from zugong.tasks.duties import STEP

PAGE = 50
TURN = {state: i for i, state in enumerate(State)}
COLUMN = {duty: i for i, duty in enumerate(DUTIES)}
ORGANIZATION = PartyOrganization._meta.label_lower
SEAM = "~"
NO_DAY = "9999-12-31"

Key = tuple[int, str, str, int, int]


@dataclass(frozen=True)
class Place:
    """Where an organization stands in the tree of the frame's day."""

    pk: int
    path: str
    parent: int | None


@dataclass(frozen=True)
class Leaf:
    """A page of findings, and the tokens that lead on from both its ends ("" where there is no more)."""

    findings: list[Finding]
    before: str
    after: str


class Owing:
    """The findings of some duties in a frame, as one reader may see them."""

    def __init__(self, frame: Frame, user: User, duties: Iterable[Duty] = DUTIES.values()) -> None:
        self.frame, self.user = frame, user
        self.board = board(frame, user, duties)
        with collector_waiting():
            self.every = list(self.board.findings())

    @cached_property
    def counts(self) -> Counter[State]:
        """How many findings there are in each state."""
        return Counter(one.state for one in self.every)

    @property
    def open(self) -> int:
        """How many are overdue or near."""
        return sum(self.counts[state] for state in OPEN)

    @cached_property
    def places(self) -> dict[int, Place]:
        """The organizations of the frame by number, in the order of the tree."""
        return {place.pk: place for place in places(self.frame, self.user)}

    def key(self, one: Finding) -> Key:
        """The finding's place in the order."""
        label, _, number = one.subject_key.partition(":")
        at = self.places.get(int(number)) if label == ORGANIZATION else None
        return *_day_of(one), at.path if at else SEAM, COLUMN[one.duty], int(number)

    def first(self, many: int) -> list[Finding]:
        """The first of what is open, each thing once."""
        return self._smallest(told_once([one for one in self.every if one.state in OPEN]), many)

    def _smallest(self, found: Sequence[Finding], many: int) -> list[Finding]:
        """The first findings of many; the whole key is made only for those whose day can be among the first."""
        days = heapq.nsmallest(many, map(_day_of, found))
        near = (one for one in found if _day_of(one) <= days[-1]) if days else ()
        return heapq.nsmallest(many, near, key=self.key)

    def ordered(self, found: Iterable[Finding]) -> list[Finding]:
        """Findings in order."""
        return sorted(found, key=self.key)

    def leaf(self, found: Sequence[Finding], after: str = "", before: str = "", size: int = PAGE) -> Leaf:
        """The page of `found` behind (or before) a token; from the beginning where the token cannot be read."""
        cursor = read_token(after or before)
        if cursor is None:
            part = self._smallest(found, size + 1)
            return self._leaf(part[:size], backward=False, forward=len(part) > size)
        if before and not after:
            part = heapq.nlargest(size + 1, (one for one in found if self._precedes(one, cursor)), key=self.key)
            return self._leaf(part[:size][::-1], backward=len(part) > size, forward=True)
        part = self._smallest([one for one in found if not self._precedes(one, cursor) and self.key(one) != cursor], size + 1)
        return self._leaf(part[:size], backward=True, forward=len(part) > size)

    def _precedes(self, one: Finding, cursor: Key) -> bool:
        day = _day_of(one)
        return day < cursor[:2] or (day == cursor[:2] and self.key(one) < cursor)

    def _leaf(self, part: list[Finding], *, backward: bool, forward: bool) -> Leaf:
        ends = (token(self.key(part[0])), token(self.key(part[-1]))) if part else ("", "")
        return Leaf(part, ends[0] if backward else "", ends[1] if forward else "")


def told_once(found: Sequence[Finding]) -> Sequence[Finding]:
    """Findings without those of which a case's step says the same, and no less: the step has the button that does it."""
    steps = {one.fills: TURN[one.state] for one in found if one.duty == STEP.id and one.fills}
    return [one for one in found if one.duty == STEP.id or steps.get(one.fills, len(TURN)) > TURN[one.state]]


def _day_of(one: Finding) -> tuple[int, str]:
    """The beginning of a finding's place in the order."""
    return TURN[one.state], one.due_on.isoformat() if one.due_on else NO_DAY


@contextmanager
def collector_waiting() -> Iterator[None]:
    """Put off the garbage collector while very many findings are made and kept: it would walk through the growing
    heap again and again, a second and more for a province."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def token(key: Key) -> str:
    """A place in the order, as the address says it."""
    turn, day, path, column, number = key
    return SEAM.join([str(turn), day, "" if path == SEAM else path, str(column), str(number)])


def read_token(text: str) -> Key | None:
    """The place a token stands for; None for anything else."""
    parts = text.split(SEAM)
    numbers = (parts[0], parts[3], parts[4]) if len(parts) == 5 else ("",)
    if not all(n.isdecimal() and len(n) < 19 for n in numbers):
        return None
    return int(parts[0]), parts[1], parts[2] or SEAM, int(parts[3]), int(parts[4])


def places(frame: Frame, user: User) -> Iterable[Place]:
    """The organizations of the frame the reader may see, in the order of the tree."""
    seen = PartyOrganization.objects.within(frame.scope).visible_to(user).in_force(frame.day)
    rows = Placement.objects.in_force(frame.day).filter(organization__in=seen.values("pk")).order_by("path", "pk")
    for pk, path, parent in rows.values_list("organization_id", "path", "parent_id").iterator(chunk_size=5000):
        yield Place(pk, path, parent)


def organization_of(one: Finding) -> int | None:
    """The number of the organization a finding is about; None where it is about a person."""
    label, _, number = one.subject_key.partition(":")
    return int(number) if label == ORGANIZATION else None


def missing_words(missing: Sequence[str]) -> str:
    """What is open, as people write it: 2023年1月、3月；2024年第一季度."""
    said, year = [], 0
    for part in missing:
        try:
            period = Period.parse(part)
        except BadPeriod:
            said.append(part)
            continue
        same = period.first.year == year
        said.append(period.title.removeprefix(f"{year}年") if same else period.title)
        year = period.first.year
    return "、".join(said)


def day_words(due_on: date | None, day: date) -> str:
    """How far off a day is, seen from another."""
    if due_on is None:
        return ""
    days = (due_on - day).days
    if days == 0:
        return "就是今天"
    return f"还有 {days} 天" if days > 0 else f"已过 {-days} 天"
