"""The registers of tasks and plans, and a task's own pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from zugong.base.access import Privacy
from zugong.base.models import User
from zugong.base.rules import Refused
from zugong.tasks import actions
from zugong.tasks.colleagues import called, colleagues, offered
from zugong.tasks.evidence import found, key_of, pointed
from zugong.tasks.forms import ArrangeForm, evidence_form, move_form, task_fields, tell_form
from zugong.tasks.models import STATES, FollowUp, Plan, Task
from zugong.ui.filters import Choice, Days, Of
from zugong.ui.forms import RegisterForm, sent
from zugong.ui.registers import Group, Register
from zugong.ui.shown import Column, Kind, record_href
from zugong.ui.views import Pages

I = Privacy.INTERNAL
STATE = Column("state", "状态", Kind.STATE, I)

TASKS = Register(
    model=Task,
    slug="tasks",
    title="重点任务",
    office="重点工作",
    unit="项",
    what="年度重点工作清单：谁牵头，谁负责，什么时候完成，办到哪一步。",
    ledger="重点工作清单",
    order="deadline",
    rows=lambda rows, frame: rows.with_state(frame.day).with_latest(frame.day),
    columns=(
        "title",
        "office",
        Column("owner__name", "责任人"),
        Column("deadline", sort=True),
        Column("done_on", sort=True),
        STATE,
        Column("latest", "最新进展", privacy=I),
        Column("plan", shown=False),
    ),
    filters=(Choice("state", "状态", STATES), Choice("office"), Days("deadline"), Days("done_on"), Of("plan")),
    search=("title", "office", "basis_words"),
    search_words="搜索任务或科室",
    groups=(Group("基本情况", ("title", "office", Column("owner__name", "责任人"), "plan", "deadline", "done_on", STATE)),),
    edit=actions.edit,
    remove=actions.remove,
    editable=("title", "office", "plan", "done_on"),
    add=actions.assign,
    add_fields=task_fields,
    add_title="新列一项任务",
    own_page="tasks:task",
)
PLANS = Register(
    model=Plan,
    slug="plans",
    title="工作计划",
    office="重点工作",
    unit="份",
    what="年度要点、专项方案：任务归在哪份计划下面。",
    order="-year",
    columns=("name", Column("year", sort=True), "note"),
    search=("name",),
    search_words="搜索计划名称",
    edit=actions.edit_plan,
    editable=("name", "year", "note"),
    add=actions.begin_plan,
    add_title="新列一份计划",
)
PAGES = Pages(TASKS)


def task(request: HttpRequest, pk: int) -> HttpResponse:
    """A task: facts, steps, who helps, how it stands, what shows it, which deadlines it had."""
    one = PAGES.one(request, pk)
    evidence = list(one.evidence_rows.order_by("pk"))
    seen = pointed([one.basis, *(e.record for e in evidence)], request.user)
    context = {
        **PAGES.around_record(request, one),
        "milestones": one.milestone_rows.order_by("due_on", "pk"),
        "helpers": one.helper_rows.select_related("user").order_by("pk"),
        "told": one.progress_rows.select_related("by").order_by("-told_on", "-pk"),
        "evidence": [(e, seen[e.record]) for e in evidence if e.record in seen],
        "hidden": sum(e.record not in seen for e in evidence),
        "basis": seen.get(one.basis),
        "extensions": one.extension_rows.select_related("by").order_by("pk"),
        "asked": FollowUp.objects.visible_to(request.user).filter(subject=one.key).select_related("receiver").order_by("-pk"),
        "has_part": actions.has_part(one, request.user, request.user.day),
    }
    return render(request, "tasks/task.html", context)


def begin(request: HttpRequest) -> HttpResponse:
    """A new task out of a record (a meeting, an opinion, a finding) or out of a sentence of a report."""
    said, words = request.GET.get("basis", ""), request.GET.get("words", "")[:500]
    source = pointed([said], request.user).get(said)
    fields = task_fields(request.user)
    form = RegisterForm(fields, sent(request), {"title": (words or (source.words if source else ""))[:200]})
    if request.method == "POST" and form.is_valid():
        basis = {"basis": said if source else "", "basis_words": words}
        try:
            made = actions.assign(by=request.user, on=request.user.day, **form.cleaned_data, **basis)
            messages.success(request, f"已列入重点任务：“{made}”。")
            return redirect(record_href(made))
        except Refused as refusal:
            form.refuse(refusal)
    context = {
        "register": TASKS,
        "form": form,
        "back": source.href if source else TASKS.href(),
        "source": source,
        "words": words,
    }
    return render(request, "tasks/begin.html", context)


def _asked(request: HttpRequest, pk: int, title: str, form: RegisterForm, do: Callable[[Task], Any], done: str) -> HttpResponse:
    """One form about a task: on POST its action, and back to the task's page."""
    one = PAGES.one(request, pk)
    if request.method == "POST" and form.is_valid():
        try:
            do(one)
            messages.success(request, done)
            return redirect(record_href(one))
        except Refused as refusal:
            form.refuse(refusal)
    context = {"register": TASKS, "record": one, "form": form, "back": record_href(one), "title": title}
    return render(request, "tasks/ask.html", context)


def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Set another deadline, and say why."""
    form = move_form(sent(request), PAGES.one(request, pk))
    who = {"by": request.user, "on": request.user.day}
    done = "时限已改。原来的时限和事由列在任务页上。"
    return _asked(request, pk, "改时限", form, lambda t: actions.move_deadline(**who, task=t, **form.cleaned_data), done)


def arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who does it, who helps, by which steps."""
    form = ArrangeForm(PAGES.one(request, pk), request.user, sent(request))
    who = {"by": request.user, "on": request.user.day}
    return _asked(
        request, pk, "分工和节点", form, lambda t: actions.arrange(**who, task=t, **form.cleaned_data), "分工和节点已保存。"
    )


def tell(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell how a task stands."""
    form = tell_form(sent(request))
    who = {"by": request.user, "on": request.user.day}
    return _asked(request, pk, "记进展", form, lambda t: actions.tell(**who, task=t, **form.cleaned_data), "进展已记下。")


def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Point at a record that shows what was done."""
    form = evidence_form(sent(request))

    def point(one: Task) -> None:
        key = key_of(form.cleaned_data["record"])
        record = found([key], request.user).get(key)
        if record is None:
            raise Refused("佐证的记录：没有这条记录，或者不在您能看到的范围里。没有挂上。")
        actions.add_evidence(by=request.user, on=request.user.day, task=one, record=record, note=form.cleaned_data["note"])

    return _asked(request, pk, "挂佐证", form, point, "佐证已挂上。看得到那条记录的人，在这里也看得到。")


def reach(request: HttpRequest, pk: int) -> HttpResponse:
    """On POST, say that a milestone is reached."""
    one, number = PAGES.one(request, pk), request.POST.get("milestone", "")
    if request.method == "POST":
        step = get_object_or_404(one.milestone_rows, pk=int(number) if number.isdecimal() and len(number) < 19 else None)
        actions.reach(by=request.user, on=request.user.day, task=one, milestone=step)
        messages.success(request, f"节点“{step.title}”已记为完成。")
    return redirect(record_href(one))


def find_colleague(request: HttpRequest) -> HttpResponse:
    """Options for a type-ahead: colleagues who see the list, as 姓名（账号）."""
    typed = request.GET.get(request.GET.get("of", "q"), "")
    return render(request, "ui/piece_options.html", {"options": _offered(typed, request.user)})


def _offered(typed: str, user: User) -> list[tuple[str, str]]:
    return [(called(one), "") for one in offered(colleagues(user), typed)] if typed.strip() else []
