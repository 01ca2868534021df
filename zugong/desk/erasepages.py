"""Erasing a person's data: the office asks, a head agrees."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from zugong.base.access import Permission
from zugong.base.accounts import names_of
from zugong.base.models import User
from zugong.base.rules import Refused
from zugong.desk import erasing
from zugong.people.models import Erasure, Person, Restriction, Stage
from zugong.ui.forms import RegisterForm, TypeAhead, sent
from zugong.ui.posting import made_of

SHOWN = 200


def erase_form(user: User, data: Any = None) -> RegisterForm:
    """Whose data, and why; also of somebody whose data is set aside."""
    aside = Restriction.objects.visible_to(user).values("person_id")
    person = TypeAhead(
        rows=Person.objects.visible_to(user) | Person.objects.filter(pk__in=aside), find="people:person-find", label="人员"
    )
    person.help_text = "输入姓名。已限制使用的，输入完整姓名。"
    reason = forms.CharField(label="事由", max_length=200, help_text="例如：离开本县满三十年，到期清除。")
    return RegisterForm({"person": person, "reason": reason}, data)


def erasures(request: HttpRequest) -> HttpResponse:
    """What was asked and done, and one more."""
    form = erase_form(request.user, sent(request))
    if made_of(request, form, erasing.ask_erasing):
        messages.success(request, "已提出清除，由部领导同意后办理。")
        return redirect("desk:erasures")
    rows = Erasure.objects.visible_to(request.user).select_related("person").order_by("-pk")[:SHOWN]
    return render(request, "desk/erasures.html", {"form": form, "rows": _named(rows)})


def _named(rows: QuerySet) -> list[tuple[Erasure, str, str]]:
    """Erasures, with who asked and who decided by name."""
    names = names_of(who for one in rows for who in (one.asked_by, one.decided_by))
    return [(one, names.get(one.asked_by, one.asked_by), names.get(one.decided_by, one.decided_by)) for one in rows]


def to_agree(request: HttpRequest) -> HttpResponse:
    """What waits for somebody's agreement; on POST, agree or not."""
    mine = Erasure.objects.held_by(request.user, Permission.EXPORTS_APPROVE)
    waiting = mine.filter(stage=Stage.ASKED).select_related("person").order_by("pk")
    if request.method == "POST":
        number = request.POST.get("row", "")
        one = get_object_or_404(waiting, pk=int(number) if number.isdecimal() and len(number) < 19 else 0)
        act = erasing.erase_person if request.POST.get("do") == "agree" else erasing.decline_erasing
        try:
            made = act(by=request.user, on=request.user.day, erasure=one)
            messages.success(request, f"{Stage(made.stage).label}：记录 {made.records} 条，来件 {made.staged} 行。")
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("desk:erasures-agree")
    return render(request, "desk/erasures_agree.html", {"rows": _named(waiting)})
