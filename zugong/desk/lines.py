"""The numbers the house goes by: what holds, what was set for a place, what is drafted, tried and put in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from zugong.base.access import Permission, Privacy
from zugong.base.parameters import Line, Parameter
from zugong.base.periods import BadPeriod, day_said
from zugong.base.rules import Leeway, Refused
from zugong.desk.lineforms import line_form, wording
from zugong.desk.trying import Trial, adjustable, by_place, touched
from zugong.organizations.models import PartyOrganization
from zugong.regulations import actions
from zugong.regulations.models import Kind, StandardLine, State
from zugong.ui.forms import sent
from zugong.ui.leaving import on_paper
from zugong.ui.views import number_in

EDIT = Permission.REGULATIONS_EDIT


@dataclass(frozen=True)
class Shown:
    """A number with the line that holds, and what was entered about it."""

    parameter: Parameter
    line: Line
    local: list[tuple[StandardLine, str]]
    drafts: list[tuple[StandardLine, str]]

    @property
    def local_allowed(self) -> bool:
        """Whether a place may have a number of its own."""
        return may_be_local(self.parameter)


def may_be_local(parameter: Parameter) -> bool:
    """Whether a place may have its own: the document leaves room for it, and a duty asks for it there."""
    return parameter.leeway not in (None, Leeway.NONE) and parameter.key in by_place()


def standards(request: HttpRequest) -> HttpResponse:
    """Every number that can be revised: what holds, for whom else another one holds, what is drafted."""
    entered = StandardLine.objects.visible_to(request.user).exclude(kind=Kind.CHECK).exclude(state=State.WITHDRAWN)
    names = dict(PartyOrganization.objects.filter(code__in=entered.values("organization_code")).values_list("code", "name"))
    by_key: dict[str, list[tuple[StandardLine, str]]] = {}
    for one in entered.order_by("since", "pk"):
        by_key.setdefault(one.parameter, []).append((one, names.get(one.organization_code, "")))
    shown = [_shown(request, one, by_key.get(one.key, [])) for one in adjustable().values()]
    return render(request, "desk/standards.html", {"rows": shown, "may_edit": request.user.may_somewhere(EDIT)})


def _shown(request: HttpRequest, one: Parameter, entered: list[tuple[StandardLine, str]]) -> Shown:
    line = request.standards.on(one, request.frame.day)
    return Shown(
        one, line, [e for e in entered if e[0].state == State.IN_FORCE], [e for e in entered if e[0].state == State.DRAFT]
    )


def add(request: HttpRequest, key: str) -> HttpResponse:
    """Draft a revision of a number, or (local) a rule for one place."""
    parameter, local = _parameter(key), "local" in request.GET
    if local and not may_be_local(parameter):
        raise Http404("这个标准全部门一个数，本地不另定。")
    form = line_form(parameter, request.user, local=local, data=sent(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            by = {"by": request.user, "on": request.user.day}
            line = actions.draft_line(**by, parameter=parameter, wording=wording(given), place=given.get("place"))
            messages.success(request, "已拟定，还没有生效。下面是按今天的记录试算的结果，看过再定。")
            return redirect("desk:standards-line", line.pk)
        except Refused as refusal:
            form.refuse(refusal)
    now = request.standards.on(parameter, request.user.day)
    return render(request, "desk/line_add.html", {"form": form, "parameter": parameter, "local": local, "now": now})


def line(request: HttpRequest, pk: int) -> HttpResponse:
    """One line; while it is a draft, what it would change on the records of the frame."""
    one = _line(request, pk)
    parameter = _parameter(one.parameter)
    where = PartyOrganization.objects.filter(code=one.organization_code).first() if one.organization_code else None
    context: dict[str, Any] = {"one": one, "parameter": parameter, "where": where, "duties": touched(parameter)}
    context["now"] = request.frame.standards.on(parameter, request.frame.day)
    context["may_edit"] = request.user.may(EDIT, where.path_on(request.user.day) if where else "")
    if one.state == State.DRAFT:
        context |= _tried(request, Trial(request.frame, request.user, parameter, one.as_entered()))
    return render(request, "desk/line.html", context)


def _tried(request: HttpRequest, trial: Trial) -> dict[str, Any]:
    """A page of what changes; on paper all of it."""
    number = min(max(number_in(request, "page") or 1, 1), max(trial.pages, 1))
    turn = {"number": number, "before": number - 1, "after": number + 1 if number < trial.pages else 0}
    holds = Privacy.PERSONAL if any(one.duty.personal for one in trial.changes) else Privacy.INTERNAL
    what = f"试算：{trial.parameter.meaning}"
    mark = on_paper(request, what, Permission.REGULATIONS_READ, len(trial.changes), holds=holds)
    changes = trial.changes if mark else trial.page(number)
    return {"trial": trial, "changes": changes, "turn": turn, "shut": trial.left_no_room(), "mark": mark}


def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """On POST, put a draft in force, end a line, or withdraw it."""
    one = _line(request, pk)
    if request.method != "POST":
        return redirect("desk:standards-line", pk)
    why = request.POST.get("why", "")[:300]
    place = PartyOrganization.objects.filter(code=one.organization_code).first() if one.organization_code else None
    act: dict[str, Any] = {"by": request.user, "on": request.user.day, "line": one, "place": place}
    try:
        if "withdraw" in request.POST:
            actions.withdraw_line(**act, why=why)
            messages.success(request, "已撤回，按原来的办。")
        elif "end" in request.POST:
            ended = actions.end_line(**act, until=_day(request.POST.get("until", "")))
            messages.success(request, f"{ended.until} 起失效，之前的日子不变。")
        else:
            actions.put_in_force(**act, parameter=_parameter(one.parameter), reason=why)
            messages.success(request, f"已定，{one.since} 起按新的办。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:standards-line", pk)


def _day(said: str) -> date:
    try:
        return day_said(said)
    except BadPeriod as bad:
        raise Refused(f"失效日：{bad}没有改动。") from None


def _parameter(key: str) -> Parameter:
    found = adjustable().get(key)
    if found is None:
        raise Http404("没有这个标准，或者它不在页面上改。")
    return found


def _line(request: HttpRequest, pk: int) -> StandardLine:
    rows = StandardLine.objects.visible_to(request.user).exclude(kind=Kind.CHECK)
    return get_object_or_404(rows, pk=pk)
