"""The registers of supervised meetings and of findings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from zugong.base.access import Permission, Privacy
from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.base.records import Record
from zugong.base.rules import Refused
from zugong.supervision import actions
from zugong.supervision.models import PROBLEM_KINDS, PROBLEM_STATES, STATES, Finding, Problem, Session
from zugong.tasks.cases import OPEN_CASES, case_panel
from zugong.tasks.evidence import followed_up, pointed
from zugong.tasks.models import Task
from zugong.ui.filters import Choice, Days, Of
from zugong.ui.registers import Beside, Group, Register
from zugong.ui.shown import Column, Kind, record_href
from zugong.ui.views import Pages

UNIT = Column("unit_label", "单位", privacy=Privacy.INTERNAL, needs=("unit",))

SESSIONS = Register(
    model=Session,
    slug="sessions",
    title="督导民主生活会",
    office="基层党建",
    unit="场",
    what="哪个督导组督导了哪个单位的民主生活会。",
    ledger="民主生活会督导安排",
    order="-held_on",
    columns=(UNIT, "group", "leader_name", "member_names", Column("held_on", sort=True), Column("leader", shown=False)),
    filters=(Choice("group"), Days("held_on"), Of("unit")),
    search=("group", "leader_name", "member_names", "unit_name"),
    search_words="搜索督导组、成员或单位",
    edit=actions.edit_session,
    editable=("group", "leader_name", "leader", "member_names", "unit", "unit_name", "held_on"),
)


def named_problems(finding: Record, user: User) -> list[Beside]:
    """The problems a finding stands behind, and the way to make it one."""
    rows = Problem.objects.visible_to(user).filter(grounds__record=finding.key).with_state(user.day).order_by("-pk")
    begin = f"{reverse('desk:problem')}?ground={finding.key}" if user.may_somewhere(Permission.SUPERVISION_EDIT) else ""
    shown = tuple((one.words, record_href(one), one.state) for one in rows)
    return [Beside("存在的问题", shown, begin, "列为存在的问题", "没有列为存在的问题。"), *followed_up(finding, user)]


FINDINGS = Register(
    model=Finding,
    slug="findings",
    title="督导发现的问题",
    office="基层党建",
    unit="个",
    what="督导组发现了什么问题，怎么改，销号没有。",
    ledger="督导整改台账",
    order="deadline",
    rows=lambda rows, frame: rows.with_day().with_state(frame.day),
    columns=(
        "problem",
        UNIT,
        "group",
        "responsible",
        Column("deadline", sort=True),
        Column("closed_on", sort=True),
        Column("state", "状态", Kind.STATE, Privacy.INTERNAL),
        Column("measure", shown=False),
        Column("found_on", "发现时间", Kind.DAY, Privacy.INTERNAL, shown=False),
    ),
    filters=(Choice("state", "状态", STATES), Choice("group"), Days("deadline"), Days("closed_on"), Of("unit")),
    search=("problem", "measure", "unit_name", "responsible"),
    search_words="搜索问题、措施或单位",
    groups=(
        Group("问题", ("problem", UNIT, "group", Column("found_on", "发现时间", Kind.DAY, Privacy.INTERNAL))),
        Group("整改", ("measure", "responsible", "deadline", "closed_on")),
    ),
    edit=actions.edit,
    editable=("unit", "unit_name", "group", "problem", "measure", "responsible", "deadline", "closed_on"),
    beside=named_problems,
    panels=(case_panel,),
    further=(OPEN_CASES,),
)


def answers(problem: Record, user: User) -> list[Beside]:
    """The tasks that answer a problem, and one more."""
    if not user.may_somewhere(Permission.TASKS_READ):
        return []
    rows = Task.objects.visible_to(user).filter(basis=problem.key).with_state(user.day).order_by("deadline", "pk")
    begin = f"{reverse('tasks:begin')}?basis={problem.key}" if user.may_somewhere(Permission.TASKS_EDIT) else ""
    shown = tuple((one.title, record_href(one), one.state) for one in rows)
    return [Beside("为解决它列的任务", shown, begin, "列一项任务", "还没有为它列任务。")]


GROUNDS_SHOWN = 40


def problem_panel(problem: Record, user: User, frame: Frame) -> tuple[str, dict[str, Any]]:
    """What a problem rests on, what it was before, and the form that closes it."""
    grounds = list(problem.grounds.order_by("pk")[: GROUNDS_SHOWN + 1])
    places = pointed((one.record for one in grounds), user)
    done = Task.objects.visible_to(user).filter(basis=problem.key, done_on__lte=user.day).exclude(evidence_rows=None)
    open_now = problem.closed_on is None and not problem.declined_because
    return "supervision/piece_problem.html", {
        "problem": problem,
        "grounds": [(one, places.get(one.record)) for one in grounds[:GROUNDS_SHOWN]],
        "many": problem.grounds.count(),
        "earlier": earlier(problem, user),
        "open": open_now,
        "may_close": open_now and user.may(Permission.SUPERVISION_EDIT, problem.path_on(user.day)),
        "tasks": list(done.distinct().order_by("pk")) if open_now else [],
    }


def earlier(problem: Problem, user: User) -> list[Problem]:
    """What the same problem was before, the latest first, as far as the reader may see it."""
    same = Problem.objects.visible_to(user).filter(topic=problem.topic, pk__lt=problem.pk).order_by("-pk")
    return list(same.select_related("closed_by")[:10])


PROBLEMS = Register(
    model=Problem,
    slug="problems",
    title="存在的问题",
    office="基层党建",
    unit="个",
    what="从应办事项、督导、意见里看到，由人认可、写明、定了责任科室的问题；有任务办完并挂上佐证，才算解决。",
    order="-raised_on",
    rows=lambda rows, frame: rows.with_state(frame.day),
    columns=(
        "words",
        "organization",
        "office",
        "kind",
        Column("raised_on", sort=True),
        Column("closed_on", sort=True),
        Column("state", "状态", Kind.STATE, Privacy.INTERNAL),
    ),
    filters=(
        Choice("state", "状态", PROBLEM_STATES),
        Choice("kind", values=PROBLEM_KINDS),
        Choice("office"),
        Days("raised_on"),
        Days("closed_on"),
        Of("organization"),
    ),
    search=("words", "office", "organization__name"),
    search_words="搜索问题、科室或党组织",
    groups=(
        Group("问题", ("words", "kind", "organization", "office", "raised_on", "raised_by", "declined_because")),
        Group("解决", ("closed_on", "closed_by", "solution")),
    ),
    edit=actions.edit_problem,
    editable=("words", "office"),
    add=actions.accept_problem,
    add_name="desk:problems",
    add_title="从数据看问题",
    beside=answers,
    panels=(problem_panel,),
)
PAGES = Pages(PROBLEMS)


def close(request: HttpRequest, pk: int) -> HttpResponse:
    """On POST, close a problem by a task that solved it; a refusal is said on the problem's page."""
    problem = PAGES.one(request, pk)
    number = request.POST.get("task", "")
    if request.method == "POST":
        tasks = Task.objects.visible_to(request.user).filter(basis=problem.key)
        task = get_object_or_404(tasks, pk=int(number) if number.isdecimal() and len(number) < 19 else None)
        words = request.POST.get("words", "")
        try:
            actions.close_problem(by=request.user, on=request.user.day, problem=problem, task=task, words=words)
            messages.success(request, f"问题“{problem}”已解决。")
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect(record_href(problem))
