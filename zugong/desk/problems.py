"""Problems as the records show them: proposed here, because only here duties, findings and opinions are seen together; taken
into the register, or declined, by a person (存在的问题). Nothing is entered by looking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models import Max

from zugong.base import parameters
from zugong.base.duties import Finding as Owed
from zugong.base.duties import State
from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.desk.dues import DUTIES, findings
from zugong.desk.owing import missing_words, organization_of
from zugong.organizations.models import PartyOrganization, Unit
from zugong.supervision.models import PROBLEM_KINDS, Finding, Problem
from zugong.tasks.evidence import found
from zugong.tasks.models import Task
from zugong.visits.models import Opinion

PARAMETERS = parameters.read("zugong.supervision")
BUSINESS, COMMON, OVERDUE, UNANSWERED, OTHER = PROBLEM_KINDS
LATE = (State.MISSED, State.ADVISED)
Grounds = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Proposal:
    """What could be a problem: of which kind, about what, in which words, by which records; and what is known of it."""

    kind: str
    topic: str
    words: str
    grounds: Grounds
    organization: int | None = None
    known: Problem | None = None

    @property
    def standing(self) -> str:
        """未解决 or 不采纳 where the register has it; 又出现了 where it was solved before; else ""."""
        if self.known is None:
            return ""
        if self.known.declined_because:
            return "不采纳"
        return "又出现了" if self.known.closed_on else "未解决"


def proposals(frame: Frame, user: User) -> list[Proposal]:
    """Everything the records propose in a frame, of what the reader may see, with what the register knows of it."""
    owed = [one for one in findings(frame, user) if organization_of(one) is not None]
    made = [*_common(owed, frame), *_business(owed, frame, user), *_overdue(frame, user), *_unanswered(frame, user)]
    rows = Problem.objects.visible_to(user).filter(topic__in=[one.topic for one in made])
    latest = rows.order_by().values("topic").annotate(last=Max("pk"))
    known = {one.topic: one for one in Problem.objects.filter(pk__in=latest.values("last"))}
    return [replace(one, known=known.get(one.topic)) for one in made]


def _common(owed: Sequence[Owed], frame: Frame) -> Iterator[Proposal]:
    """Rules that a third of those subject to them missed; where they are few, one alone would be a third."""
    share, fewest = (int(frame.standards.on(PARAMETERS[n], frame.day).value) for n in ("problem_share", "problem_fewest"))
    by_duty: dict[str, list[Owed]] = defaultdict(list)
    for one in owed:
        if one.state != State.EXEMPT:
            by_duty[one.duty].append(one)
    for duty, every in by_duty.items():
        late = [one for one in every if one.state in LATE]
        if late and len(every) >= fewest and len(late) * share >= len(every):
            words = f"{frame.period.title}“{DUTIES[duty].name}”在 {len(every)} 个党组织中有 {len(late)} 个没有按期办"
            yield Proposal(COMMON, f"duty:{duty}", words, tuple(_said(one) for one in late))


def _said(one: Owed) -> tuple[str, str]:
    """A missed duty as a ground: of whom, and what."""
    what = f"{DUTIES[one.duty].name}：{missing_words(one.missing)}"
    return one.subject_key, f"{one.subject}，{what}（{one.source.cite()}）"


def _business(owed: Sequence[Owed], frame: Frame, user: User) -> Iterator[Proposal]:
    """Units whose tasks of the year are all done while their Party organization missed what it owes."""
    tasks = Task.objects.visible_to(user).of_year(frame.period.year, frame.day).with_state(frame.day).exclude(office="")
    by_office: dict[str, list[Task]] = defaultdict(list)
    for task in tasks.order_by("pk"):
        by_office[task.office].append(task)
    done = {office: rows for office, rows in by_office.items() if all(one.state == "完成" for one in rows)}
    units = Unit.objects.visible_to(user).exclude(organization=None)
    places = {unit.name: unit.organization_id for unit in units.among("name", done)}
    late: dict[int, list[Owed]] = defaultdict(list)
    for one in owed:
        if one.state in LATE and (place := organization_of(one)):
            late[place].append(one)
    for office, place in places.items():
        if missed := late.get(place):
            tasks_said = [(one.key, f"任务“{one.title}”{one.done_on} 完成") for one in done[office]]
            words = f"{office}业务任务 {len(tasks_said)} 项都已完成，党建有 {len(missed)} 项没有按期办"
            grounds = (*tasks_said, *(_said(one) for one in missed))
            yield Proposal(BUSINESS, f"unit:{place}", words, grounds, place)


def _overdue(frame: Frame, user: User) -> Iterator[Proposal]:
    """Units with findings that are not closed although their day has passed."""
    rows = Finding.objects.visible_to(user).within(frame.scope).with_state(frame.day).filter(state="超期")
    by_unit: dict[tuple[str, int | None], list[Finding]] = defaultdict(list)
    for one in rows.select_related("unit").order_by("pk"):
        by_unit[one.unit_label, one.unit.organization_id if one.unit else None].append(one)
    for (unit, place), late in by_unit.items():
        grounds = tuple((one.key, f"{one.problem}，时限 {one.deadline}") for one in late)
        yield Proposal(OVERDUE, f"findings:{unit}", f"{unit}有 {len(late)} 个督导发现的问题超期没有整改到位", grounds, place)


def _unanswered(frame: Frame, user: User) -> Iterator[Proposal]:
    """Offices with opinions that nobody answered for long."""
    days = int(frame.standards.on(PARAMETERS["unanswered_days"], frame.day).value)
    rows = Opinion.objects.visible_to(user).within(frame.scope).with_state(frame.day).filter(state="办理中")
    old = rows.filter(visit__visited_on__lte=frame.day - timedelta(days=days)).select_related("visit").order_by("pk")
    by_office: dict[str, list[Opinion]] = defaultdict(list)
    for one in old:
        by_office[one.office or "没有定责任科室"].append(one)
    for office, waiting in by_office.items():
        grounds = tuple((one.key, f"{one.visit.visited_on} 在{one.visit.visited}听到：{one.text}") for one in waiting)
        words = f"走访中听到的意见有 {len(waiting)} 条超过 {days} 天没有答复（{office}）"
        yield Proposal(UNANSWERED, f"opinions:{office}", words, grounds)


def of_record(key: str, user: User) -> Proposal | None:
    """A problem made of one record the reader may see; None where there is none."""
    record = found([key], user).get(key)
    if record is None:
        return None
    words = str(getattr(record, "problem", "") or getattr(record, "text", "") or record)
    near = getattr(record, "unit", None) or getattr(record, "visit", None)  # what a finding, and an opinion, is about
    place = near.organization_id if near is not None else None
    known = Problem.objects.visible_to(user).filter(topic=f"record:{key}").order_by("-pk").first()
    return Proposal(OTHER, f"record:{key}", words, ((key, str(record)),), place, known)


def about(proposal: Proposal) -> PartyOrganization | None:
    """The organization a proposal is about."""
    return PartyOrganization.objects.filter(pk=proposal.organization).first() if proposal.organization else None


def by_kind(every: Iterable[Proposal]) -> list[tuple[str, list[Proposal]]]:
    """Proposals in the order of their kinds."""
    rows: dict[str, list[Proposal]] = {kind: [] for kind in PROBLEM_KINDS}
    for one in every:
        rows[one.kind].append(one)
    return [(kind, found) for kind, found in rows.items() if found]
