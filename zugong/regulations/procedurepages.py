"""The pages of procedures: what there is, each as steps with every version and what it changed, and the form for a new one."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from zugong.base.access import ROLES, Permission
from zugong.base.rules import Refused, Standing
from zugong.regulations import actions
from zugong.regulations.models import ProcedureVersion
from zugong.regulations.procedures import (
    COUNTED,
    Difference,
    Limit,
    Procedure,
    Step,
    differences,
    in_force,
    limit_words,
    shipped,
)
from zugong.ui.forms import DayInput, RegisterForm, sent


def procedures(request: HttpRequest) -> HttpResponse:
    """Every procedure there is, as its steps, in the version that holds today."""
    found = [in_force(ProcedureVersion.objects.of(code), request.user.day) or one for code, one in shipped().items()]
    return render(request, "regulations/procedures.html", {"procedures": found})


def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """One procedure: the version that holds, every other with what it changed, and a new one for whoever may make it."""
    if code not in shipped():
        raise Http404("没有这个程序。")
    versions = ProcedureVersion.objects.of(code)
    now = in_force(versions, request.user.day) or versions[0]
    form = version_form(now, sent(request)) if request.user.may(Permission.REGULATIONS_EDIT) else None
    if request.method == "POST" and form is not None and form.is_valid() and make(request, now, form):
        return redirect("regulations:procedure", code=code)
    own = list(ProcedureVersion.objects.filter(code=code, shipped=False).order_by("pk"))
    context = {
        "one": now,
        "steps": [(step, limit_words(step, now)) for step in now.steps],
        "versions": list(zip(own, told(versions), strict=True))[::-1],
        "form": form,
        "steps_asked": [(step, *asked_of(form, step)) for step in now.steps] if form else [],
    }
    return render(request, "regulations/procedure.html", context)


def told(versions: list[Procedure]) -> list[list[Difference]]:
    """What each version but the first says otherwise than the one before it."""
    return [differences(old, new) for old, new in pairwise(versions)]


def may_limit(step: Step) -> bool:
    """Whether the house may change the step's limit: it is the house's own."""
    return step.limit is not None and step.source.status == Standing.LOCAL


def version_form(now: Procedure, data: Any = None) -> RegisterForm:
    """For each step who acts and within how many days, as they are now; from which day on, and why."""
    made: dict[str, forms.Field] = {}
    initial: dict[str, Any] = {}
    roles = [(role.code, role.title) for role in ROLES.values()]
    for step in now.steps:
        made[f"who_{step.id}"] = forms.ChoiceField(label=f"{step.name}：谁办", choices=roles)
        initial[f"who_{step.id}"] = step.who
        if may_limit(step) and step.limit is not None:
            counted = COUNTED[step.limit.counted]
            made[f"days_{step.id}"] = forms.IntegerField(
                label=f"{step.name}：时限（{counted}）", min_value=-999, max_value=3650
            )
            initial[f"days_{step.id}"] = step.limit.days
    made["since"] = forms.DateField(label="从哪天起施行", widget=DayInput)
    made["since"].help_text = "今天或以后。在办的事仍按原来的版本办。"
    made["reason"] = forms.CharField(label="理由", max_length=200)
    return RegisterForm(made, data, initial)


def asked_of(form: RegisterForm, step: Step) -> tuple[Any, Any, str]:
    """A step's two inputs; in place of the second, why its limit is not asked."""
    days = form[f"days_{step.id}"] if f"days_{step.id}" in form.fields else None
    why = "没有时限" if step.limit is None else "" if days else "不是本地定的，不能在这里改"
    return form[f"who_{step.id}"], days, why


def make(request: HttpRequest, now: Procedure, form: RegisterForm) -> bool:
    """Hand the new version to the action; a refusal stays on the form."""
    given = form.cleaned_data
    limits = {
        step.id: Limit(given[f"days_{step.id}"], step.limit.working, step.limit.start)
        for step in now.steps
        if step.limit is not None and f"days_{step.id}" in given
    }
    who = {step.id: given[f"who_{step.id}"] for step in now.steps}
    try:
        made = actions.change_procedure(
            by=request.user, on=request.user.day, code=now.code, since=given["since"], limits=limits, who=who,
            reason=given["reason"],
        )  # fmt: skip
    except Refused as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, f"已定新的版本，{made.since} 起施行。在办的事仍按原来的版本办。")
    return True
