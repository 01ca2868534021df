"""The pages of cases: those going on with what is late, one as steps with its next step, and opening them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from zugong.base.access import Permission, Privacy
from zugong.base.models import User
from zugong.base.records import Record
from zugong.base.rules import Refused
from zugong.regulations.procedures import Procedure, Step, shipped
from zugong.tasks import carrying
from zugong.tasks.carrying import Said, may_open
from zugong.tasks.casebook import Case, editing, kinds
from zugong.tasks.cases import Seen, procedures_for, seen
from zugong.tasks.running import GOING, State
from zugong.ui.filters import Chip
from zugong.ui.forms import DayInput, RegisterForm, sent
from zugong.ui.leaving import on_paper
from zugong.ui.selection import numbers_in
from zugong.ui.shown import record_href

SHOWN = 100
NARROWED = {"procedure": "程序", "state": "状态", "clock": "时限"}
STATES = [one.value for one in State]
OVER = [one for one in State if one not in GOING]


def cases(request: HttpRequest) -> HttpResponse:
    """The cases going on on the frame's day, what is due first standing first; narrowed by procedure, state, clock."""
    asked, day = {name: request.GET.get(name, "") for name in NARROWED}, request.frame.day
    rows = Case.objects.visible_to(request.user).within(request.frame.scope)
    rows = rows.filter(procedure=asked["procedure"]) if asked["procedure"] else rows
    state = asked["state"] = asked["state"] if asked["state"] in STATES else ""
    rows = rows.filter(state=state, closed_on__lte=day) if state in OVER else rows.going_on(day)
    every = [one for one in seen(rows, day, request.standards) if state in ("", one.at.state)]
    found = sorted((one for one in every if asked["clock"] in ("", one.clock)), key=lambda one: one.order)
    page = max(1, int(given)) if (given := request.GET.get("page", "")).isdecimal() and len(given) < 6 else 1
    shown = found[(page - 1) * SHOWN : page * SHOWN]
    context = {
        "rows": [(one, record_href(one.record)) for one in shown],
        "total": len(found),
        "page": page,
        "more": len(found) > page * SHOWN,
        "clocks": [(word, n) for word, n in Counter(one.clock for one in every if one.clock).items()],
        "procedures": shipped().values(),
        "states": STATES,
        "asked": asked,
        "chips": chips(asked),
        "mark": on_paper(request, "办理事项", Case.READ, len(shown), holds=Privacy.PERSONAL),
    }
    return render(request, "tasks/cases.html", context)


def chips(asked: dict[str, str]) -> list[Chip]:
    """What the list is narrowed by, each with the way to lift it."""
    known = shipped()
    words = {**asked, "procedure": known[asked["procedure"]].name if asked["procedure"] in known else asked["procedure"]}
    return [Chip(title, words[name], (name,)) for name, title in NARROWED.items() if words[name]]


def one_case(request: HttpRequest, pk: int) -> Seen:
    """The case, if the reader may see it; 404 otherwise."""
    found = seen(Case.objects.visible_to(request.user).filter(pk=pk), request.today, request.standards)
    if not found:
        raise Http404("没有这件事，或者不在您能看到的范围里。")
    return found[0]


def may_carry(user: User, one: Seen) -> bool:
    """Whether the account may carry the case on: by the right to cases, and by the right to change its record."""
    if one.record is None:
        return False
    path = one.record.path_on(user.day)  # type: ignore[attr-defined]
    return user.may(Permission.CASES_EDIT, path) and user.may(editing(type(one.record)), path)


def step_form(step: Step, day: date, data: Any = None) -> RegisterForm:
    """What is asked about a step: its outcome where there are several, the paper, the day if not today, a reason."""
    made: dict[str, forms.Field] = {}
    if step.choices:
        made["choice"] = forms.ChoiceField(
            label="结果", choices=[("", "请选择"), *((c.say, c.say) for c in step.choices)], required=False
        )
    made["paper"] = forms.CharField(label="材料", max_length=200, required=False)
    made["paper"].help_text = f"名称或文号，一般是{step.paper}。" if step.paper else "名称或文号。"
    made["day"] = forms.DateField(label="办理之日", widget=DayInput, initial=day, required=False)
    made["day"].help_text = "今天办的不用改。补记以前的日子，要写材料和理由，也不能早于上一步。"
    made["reason"] = forms.CharField(label="理由", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    made["reason"].help_text = "退回、中止、撤回、补记时必须写。健康情况等个人隐私不要写。"
    return RegisterForm(made, data)


DOING = {
    "step": (carrying.do_step, "办完了“{}”。"),
    "close": (carrying.close_case, "“{}”办完，这件事办结了。"),
    "back": (carrying.send_back, "“{}”已退回。"),
    "pause": (carrying.pause_case, "“{}”的计时从今天起中止。"),
    "resume": (carrying.resume_case, "“{}”恢复计时。"),
    "withdraw": (carrying.withdraw_case, "这件事已撤回。"),
}


def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case as steps; on POST it is carried on, or the page says why not and keeps what was typed."""
    one = one_case(request, pk)
    form = step_form(one.at.step, request.today, sent(request)) if one.at.step else None
    if request.method == "POST" and form and form.is_valid() and act(request, one, form):
        return redirect("tasks:case", pk=pk)
    context = {
        "one": one,
        "form": form if form and may_carry(request.user, one) else None,
        "record_href": record_href(one.record),
        "shows": one.case.shows(request.user, Privacy.PERSONAL),
        "paused": one.at.state == State.PAUSED,
        "back": one.procedure.step(one.at.step.back).name if one.at.step and one.at.step.back else "",
        "procedure_href": reverse("regulations:procedure", args=[one.case.procedure]),
        "mark": on_paper(request, "办理事项", Case.READ, 1, holds=Privacy.PERSONAL),
    }
    return render(request, "tasks/case.html", context)


def act(request: HttpRequest, one: Seen, form: RegisterForm) -> bool:
    """Hand what was said to the action; a refusal stays on the form."""
    do = request.POST.get("do", "")
    if do == "step" and one.at.step and ends_by(one, form.cleaned_data.get("choice", "")):
        do = "close"
    action, words = DOING.get(do, DOING["step"])
    step = one.at.step.name if one.at.step else ""
    given = {name: form.cleaned_data.get(name) or "" for name in ("paper", "reason", "choice")}
    revision = request.POST.get("revision", "")
    one.case.revision = int(revision) if revision.isdecimal() and len(revision) < 9 else 0
    try:
        action(by=request.user, on=request.today, case=one.case, said=Said(form.cleaned_data.get("day"), **given))
    except Refused as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, words.format(step))
    return True


def ends_by(one: Seen, choice: str) -> bool:
    """Whether the step's outcome ends the case; an outcome that is none is left to the action to refuse."""
    step = one.at.step
    if step is None or (step.choices and choice not in [c.say for c in step.choices]):
        return False
    return one.procedure.ends(step, choice)


def open_page(request: HttpRequest) -> HttpResponse:
    """Open a procedure for chosen records: says for which it can be and for which not; on POST opens all that were listed."""
    asked = request.POST if request.method == "POST" else request.GET
    if not asked.get("of"):
        return redirect("tasks:cases")
    kind, procedure = asked_kind(asked.get("of", ""), asked.get("procedure", ""))
    rows = kind.objects.visible_to(request.user).filter(pk__in=numbers_in(asked.getlist("row")))
    if request.method == "POST":
        try:
            made = carrying.open_cases(by=request.user, on=request.today, code=procedure.code, records=rows)
            messages.success(request, f"已开启 {len(made)} 件{procedure.name}。")
            return redirect("tasks:case", pk=made[0].pk) if len(made) == 1 else redirect("tasks:cases")
        except Refused as refusal:
            return show_opening(request, procedure, rows, refusal.reasons)
    return show_opening(request, procedure, rows)


def asked_kind(label: str, code: str) -> tuple[type[Record], Procedure]:
    """The kind of record asked about, and its procedure; 404 where there is none."""
    kind = next((one for one in kinds() if one._meta.label_lower == label), None)
    found = [one for one in procedures_for(label) if code in ("", one.code)]
    if kind is None or not found:
        raise Http404("没有这样的程序。")
    return kind, found[0]


def show_opening(request: HttpRequest, procedure: Procedure, rows: QuerySet, reasons: Any = ()) -> HttpResponse:
    """Draw the page: records for which a case can be opened, and those for which not, with the reason."""
    kind = rows.model
    ways = [f.name for f in kind._meta.concrete_fields if f.is_relation]
    going = set(Case.objects.going().filter(procedure=procedure.code, kind=procedure.about).values_list("number", flat=True))
    editable = set(rows.held_by(request.user, editing(kind)).values_list("pk", flat=True))
    can: list[Record] = []
    cannot: list[tuple[Record, str]] = []
    for record in rows.select_related(*ways).order_by("pk"):
        verdict = may_open(procedure, record, record.pk in going)
        why = "您没有改这条记录的权限。" if record.pk not in editable else "；".join(map(str, verdict.reasons))
        cannot += [(record, why)] if why else []
        can += [] if why else [record]
    context = {"procedure": procedure, "can": can, "cannot": cannot, "of": procedure.about, "reasons": reasons}
    back = reverse(f"{kind._meta.app_label}:{kind._meta.model_name}-list")
    return render(request, "tasks/open.html", {**context, "back": back})
