"""The daily digest: what is late or falls due, found once for the whole house and handed to everybody it concerns.

Duties are found with the eyes of a reader who sees everything; then each account is given what lies under its own grants,
where the grant's role reads what the duty is about. Tasks go to owners, helpers and the offices that lead or help.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from zugong.base.access import ROLES, Permission
from zugong.base.duties import OPEN, Duty, Finding, State
from zugong.base.models import Grant, GrantState, User
from zugong.base.standards import Standards
from zugong.desk.dues import DUTIES
from zugong.desk.framing import half_year_of
from zugong.desk.owing import Owing, missing_words
from zugong.desk.prepare import operator
from zugong.organizations.models import PartyOrganization, Placement, paths_by_code
from zugong.regulations.models import entered
from zugong.statistics.frames import frame_of
from zugong.tasks.colleagues import EVERY_OFFICE, offices_of
from zugong.tasks.models import Digest, FollowUp, FollowUpState, Helper, Milestone, Reminding, Task
from zugong.tasks.reminders import PARAMETERS, due_again

ORGANIZATION = PartyOrganization._meta.label_lower
MOST = 5  # findings of one duty that are told one by one; what is more is told as one line
EVERYTHING = ""


class Item(NamedTuple):
    """One line of a digest: its key, the state, the day, what, whose, why. `personal` names somebody."""

    key: str
    state: State
    due_on: date | None
    what: str
    whose: str
    why: str
    record: str
    personal: bool = False

    @property
    def late(self) -> bool:
        """Whether its day has come."""
        return self.state in (State.MISSED, State.ADVISED)

    @property
    def told(self) -> str:
        """What is remembered of it: a line that has become late is another one."""
        return f"{'late' if self.late else 'near'} {self.key}"


@dataclass
class Concern:
    """Somebody who is reminded: the grants that hold, and how they want it."""

    user: int
    grants: list[Grant] = field(default_factory=list)
    reminding: Reminding | None = None

    @property
    def offices(self) -> Collection[str]:
        """The offices whose tasks concern them."""
        said = self.reminding.offices if self.reminding else ""
        return said.split("、") if said else offices_of({grant.role for grant in self.grants})

    def holds(self, permission: Permission) -> bool:
        """Whether they hold a permission for the whole house."""
        return any(not g.organization_code and permission in ROLES[g.role].permissions for g in self.grants)


def concerned(day: date, only: Iterable[int] | None = None) -> dict[int, Concern]:
    """Everybody who has a desk on a day: two statements."""
    rows = Grant.objects.filter(state=GrantState.AGREED, on_call=False, user__is_active=True, role__in=ROLES).in_force(day)
    found: dict[int, Concern] = {}
    for grant in rows if only is None else rows.filter(user__in=list(only)):
        if grant.role != "operator" and Permission.DESK_READ in ROLES[grant.role].permissions:
            found.setdefault(grant.user_id, Concern(grant.user_id)).grants.append(grant)
    for one in Reminding.objects.all():
        if one.user_id in found:
            found[one.user_id].reminding = one
    return found


def everything_reader(day: date) -> User:
    """A reader of the whole house, in memory only: what is found with these eyes is handed on by each one's own grants."""
    reader = copy(operator())
    reader.day = day
    reader.__dict__["_grants"] = [Grant(user=reader, role="office", organization_code="")]
    return reader


class Dues:
    """What a reader may see of what is owed, in the order of the tree, to be cut out for each grant."""

    def __init__(self, day: date, reader: User) -> None:
        frame = frame_of(half_year_of(day), day).by(Standards(entered))
        found = [one for one in Owing(frame, reader).every if one.state in OPEN]
        places = dict(Placement.objects.in_force(day).values_list("organization_id", "path"))
        self.day = day
        self.by_duty: dict[str, list[tuple[str, Finding]]] = defaultdict(list)
        for one in found:
            label, _, number = one.subject_key.partition(":")
            path = places.get(int(number), EVERYTHING) if label == ORGANIZATION else EVERYTHING
            self.by_duty[one.duty].append((path, one))
        for rows in self.by_duty.values():
            rows.sort(key=lambda row: (row[0], row[1].subject_key))
        self._paths: dict[str, list[str] | None] = {}
        self._readable: dict[str, frozenset[str]] = {}
        self._cut: dict[tuple[str, frozenset[str]], list[Item]] = {}

    def know(self, codes: Iterable[str]) -> None:
        """Find the places of many codes: two statements."""
        self._paths = paths_by_code(frozenset(codes), self.day)

    def under(self, grant: Grant) -> list[Item]:
        """The lines of one grant: what lies at or under its code, of the duties its role reads about."""
        if grant.role not in self._readable:
            self._readable[grant.role] = frozenset(id for id in self.by_duty if readable(DUTIES[id], grant.role))
        duties = self._readable[grant.role]
        key = (grant.organization_code, duties)
        if key not in self._cut:
            self._cut[key] = [item for id in sorted(duties) for item in self._items(id, grant.organization_code)]
        return self._cut[key]

    def _items(self, duty: str, code: str) -> Iterator[Item]:
        found = list(self._rows(duty, code))
        if len(found) <= MOST:
            yield from (_of_finding(DUTIES[duty], one) for one in found)
            return
        for state in OPEN:
            part = [one for one in found if one.state == state]
            if part:
                yield Item(
                    f"{duty}@{code}", state, min((one.due_on for one in part if one.due_on), default=None), DUTIES[duty].name,
                    f"{len(part)} 个{DUTIES[duty].who}", part[0].source.cite(), "", DUTIES[duty].personal,
                )  # fmt: skip

    def _rows(self, duty: str, code: str) -> Iterator[Finding]:
        rows, paths = self.by_duty[duty], self._paths.get(code, [])
        if paths is None:
            yield from (one for _, one in rows)
            return
        for path in paths:
            at = bisect_left(rows, path, key=lambda row: row[0])
            while at < len(rows) and rows[at][0].startswith(path):
                yield rows[at][1]
                at += 1


def readable(duty: Duty, role: str) -> bool:
    """Whether a role reads all that a finding of a duty tells of."""
    needed = {duty.reads, Permission.PEOPLE_READ if duty.personal else Permission.ORGANIZATIONS_READ}
    needed |= {duty.evidence.model.READ} if duty.evidence and hasattr(duty.evidence.model, "READ") else set()
    return needed - {None} <= ROLES[role].permissions


def _of_finding(duty: Duty, one: Finding) -> Item:
    missing = missing_words(one.missing) if one.missing else ""
    what = f"{duty.name}（{missing}）" if missing and not duty.personal else duty.name
    key = f"{one.duty} {one.subject_key} {'、'.join(one.missing)}"
    return Item(key, one.state, one.due_on, what, one.subject, one.source.cite(), one.subject_key, duty.personal)


class Tasks:
    """The tasks and milestones that are late or near, and the follow-ups that wait for an answer, by whom they concern."""

    def __init__(self, day: date) -> None:
        until = day + timedelta(days=int(PARAMETERS["remind_days_task"].on(day).value))
        open_ones = Task.objects.filter(done_on__isnull=True)
        steps = Milestone.objects.filter(done_on__isnull=True, due_on__lte=until, task__done_on__isnull=True)
        lines = [(t, _of_task(t, day)) for t in open_ones.filter(deadline__lte=until).select_related("plan")]
        lines += [(m.task, _of_step(m, day)) for m in steps.select_related("task__plan")]
        self.by_user: dict[int, list[Item]] = defaultdict(list)
        self.by_office: dict[str, list[Item]] = defaultdict(list)
        helpers: dict[int, list[Helper]] = defaultdict(list)
        for one in Helper.objects.filter(task__done_on__isnull=True):
            helpers[one.task_id].append(one)
        for task, item in lines:
            for user in {task.owner_id, *(h.user_id for h in helpers[task.pk])} - {None}:
                self.by_user[user].append(item)
            for office in {task.office, EVERY_OFFICE, *(h.office for h in helpers[task.pk])} - {""}:
                self.by_office[office].append(item)
        self.asked: dict[int, list[Item]] = defaultdict(list)
        for one in FollowUp.objects.filter(state=FollowUpState.SENT, answer_by__lte=until).select_related("sender"):
            words = "按督办要求答复"
            self.asked[one.receiver_id].append(
                Item(one.key, _standing(one.answer_by, day), one.answer_by, one.ask, one.sender.name, words, one.key)
            )

    def of(self, one: Concern) -> Iterator[Item]:
        """The lines of one account, each once."""
        yield from self.asked.get(one.user, ())
        if one.holds(Permission.TASKS_READ):
            mine = [*self.by_user.get(one.user, ()), *(i for office in one.offices for i in self.by_office.get(office, ()))]
            yield from dict.fromkeys(mine)


def _standing(last: date, day: date) -> State:
    """What is asked for by a day is late once the day is over."""
    return State.MISSED if last < day else State.DUE


def _of_task(task: Task, day: date) -> Item:
    why = f"列入《{task.plan.name}》" if task.plan else "列入重点工作清单"
    return Item(task.key, _standing(task.deadline, day), task.deadline, task.title, task.office, why, task.key)


def _of_step(step: Milestone, day: date) -> Item:
    return Item(
        step.key,
        _standing(step.due_on, day),
        step.due_on,
        f"{step.task.title}：{step.title}",
        step.task.office,
        "任务的节点",
        step.task.key,
    )


@dataclass(frozen=True)
class Assembled:
    """All there is to remind of on a day, by account."""

    day: date
    concerns: Mapping[int, Concern]
    items: Mapping[int, list[Item]]

    @cached_property
    def news(self) -> dict[int, list[str]]:
        """What is told today: what was not told within the days each one set. One statement."""
        longest = max((_again(one, self.day) for one in self.concerns.values()), default=0)
        told: dict[int, dict[str, date]] = defaultdict(dict)
        rows = Digest.objects.filter(day__gt=self.day - timedelta(days=longest), day__lt=self.day).order_by("day")
        for user, day, keys in rows.values_list("user_id", "day", "keys").iterator(chunk_size=2000):
            told[user].update(dict.fromkeys(keys.split("\n"), day))
        found = {}
        for user, items in self.items.items():
            again = _again(self.concerns[user], self.day)
            fresh = [i.told for i in items if due_again(told[user].get(i.told), self.day, again)]
            if fresh:
                found[user] = fresh
        return found


def _again(one: Concern, day: date) -> int:
    return one.reminding.again_days if one.reminding else int(PARAMETERS["remind_again_days"].on(day).value)


def own(user: User, day: date) -> list[Item]:
    """What one account is to be reminded of, found with its own eyes."""
    return assemble(day, [user.pk], user).items.get(user.pk, [])


def assemble(day: date, only: Iterable[int] | None = None, reader: User | None = None) -> Assembled:
    """What everybody, or some accounts, are to be reminded of on a day; as many statements for many as for one."""
    concerns, tasks = concerned(day, only), Tasks(day)
    dues = Dues(day, reader or everything_reader(day))
    dues.know({grant.organization_code for one in concerns.values() for grant in one.grants})
    items = {}
    for one in concerns.values():
        mine = dict.fromkeys([*tasks.of(one), *(item for grant in one.grants for item in dues.under(grant))])
        if mine:
            items[one.user] = sorted(mine, key=lambda i: (not i.late, i.due_on or date.max, i.key))
    return Assembled(day, concerns, items)
