"""One page a day for whoever leads the department: what waits for a decision, what is late, what is weak, what falls vacant,
and what the next days bring. Facts with the way to their records; offices and duties are told in their order, no unit is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from zugong.base.access import Permission
from zugong.base.duties import STATE_WORDS, Duty, State
from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.base.rules import add_months
from zugong.cadres.models import Secondment
from zugong.desk.duecalendar import OFFICES, Day, DueCalendar, office_of
from zugong.desk.dues import DUTIES
from zugong.desk.owing import Owing
from zugong.desk.waiting import counts
from zugong.elections.models import Term
from zugong.reports.models import Report, ReportState
from zugong.supervision.models import Problem
from zugong.ui.leaving import on_paper

SHOWN = 10
LATE = (State.MISSED, State.ADVISED)
WEEK, MONTH, YEAR = timedelta(days=7), timedelta(days=30), 12
DECISIONS = ("desk:grants-waiting", "desk:exports-waiting", "tasks:followups-waiting")
"""The pages on which somebody waits for a decision of the reader."""


@dataclass(frozen=True)
class Late:
    """A duty that is late: of how many, and where they are."""

    duty: Duty
    missed: int
    advised: int
    why: str

    @property
    def href(self) -> str:
        """The list of those it is late for."""
        states = [STATE_WORDS[state] for state in LATE]
        return f"{reverse('desk:dues')}?{urlencode({'duty': self.duty.name, 'state': states}, doseq=True)}"


@dataclass(frozen=True)
class Vacant:
    """What falls vacant in a year: of which kind, and how many in each month."""

    title: str
    href: str
    months: list[tuple[date, int]]


def head(request: HttpRequest) -> HttpResponse:
    """The head's page, as of the frame's day."""
    frame, user = request.frame, request.user
    owing = Owing(frame, user)
    problems = Problem.objects.visible_to(user).within(frame.scope).still_open().filter(raised_on__lte=frame.day)
    near = DueCalendar(frame, user, until=frame.day + MONTH).days.values()
    drafts = Report.objects.visible_to(user).filter(state=ReportState.DRAFT)
    context: dict[str, Any] = {
        "decide": list(decisions(frame, user)),
        "drafts": drafts.select_related("text").order_by("-pk")[:SHOWN],
        "owing": owing,
        "late": list(late(owing)),
        "problems": problems.select_related("organization").order_by("raised_on", "pk")[:SHOWN],
        "vacant": [one for one in vacancies(frame, user) if one.months],
        "spans": list(spans(list(near), frame.day)),
        "printing": "print" in request.GET,
        "mark": on_paper(request, "部领导一页", Permission.DESK_READ, owing.open),
    }
    return render(request, "desk/head_print.html" if context["printing"] else "desk/head.html", context)


def decisions(frame: Frame, user: User) -> Iterator[tuple[str, str]]:
    """What waits for the reader's decision, in words, with the page it is decided on."""
    found = counts(user, frame)
    for name in DECISIONS:
        if name in found:
            yield reverse(name), found[name][1]


def late(owing: Owing) -> Iterator[tuple[str, list[Late]]]:
    """The duties that are late, office by office as the calendar names them, in the order of the catalogue."""
    many: Counter[tuple[str, State]] = Counter()
    sources: dict[str, set[str]] = defaultdict(set)
    for one in owing.every:
        if one.state in LATE:
            many[one.duty, one.state] += 1
            sources[one.duty].add(one.source.cite())
    made = [
        Late(duty, many[duty.id, State.MISSED], many[duty.id, State.ADVISED], _why(sources[duty.id]))
        for duty in DUTIES.values()
    ]
    for office in dict.fromkeys(OFFICES.values()):
        rows = [one for one in made if office_of(one.duty) == office and (one.missed or one.advised)]
        if rows:
            yield office, rows


def _why(sources: set[str]) -> str:
    """The document behind what is late, where it is one."""
    return next(iter(sources)) if len(sources) == 1 else f"{len(sources)} 处依据，点开看"


def vacancies(frame: Frame, user: User) -> list[Vacant]:
    """The terms and secondments that end within twelve months of the frame's day, by month."""
    span = (frame.day + timedelta(days=1), add_months(frame.day, YEAR))
    terms = Term.objects.visible_to(user).within(frame.scope).latest(frame.day).ending().filter(ends_on__range=span)
    away = Secondment.objects.visible_to(user).within(frame.scope).filter(valid_from__lte=frame.day, valid_to__range=span)
    return [
        Vacant("党组织届满", reverse("elections:term-list"), _by_month(terms, "ends_on")),
        Vacant("挂职期满", reverse("cadres:secondment-list"), _by_month(away, "valid_to")),
    ]


def _by_month(rows: QuerySet, day: str) -> list[tuple[date, int]]:
    found = rows.order_by().annotate(month=TruncMonth(day)).values("month").annotate(n=Count("pk")).order_by("month")
    return list(found.values_list("month", "n"))


def spans(days: list[Day], today: date) -> Iterator[tuple[str, list[Day]]]:
    """What falls due within a week of a day, and in the rest of thirty days."""
    yield "七天之内", [one for one in days if one.day <= today + WEEK]
    yield "之后到三十天", [one for one in days if one.day > today + WEEK]
