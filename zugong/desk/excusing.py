"""The pages on which it is said why somebody is not held to a duty, and where another account agrees."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from zugong.base.accounts import names_of
from zugong.base.duties import Duty
from zugong.base.periods import BadPeriod, day_said
from zugong.base.rules import Refused
from zugong.desk.dues import DUTIES, ORGANIZATION, PERSON
from zugong.organizations.models import PartyOrganization
from zugong.people import actions
from zugong.people.models import Exemption, Person
from zugong.ui.forms import DayInput, Fields, RegisterForm, sent
from zugong.ui.posting import by_post

SHOWN = 500
ABOUT = {ORGANIZATION: PartyOrganization, PERSON: Person}


def fields(duty: Duty) -> Fields:
    """Reason, document and days; the document may stay empty only where the text says 一般."""
    return {
        "reason": forms.CharField(label="理由", max_length=200, widget=forms.Textarea(attrs={"rows": 2})),
        "basis": forms.CharField(label="依据（条文或批准文件）", max_length=200, required=not duty.soft),
        "valid_from": forms.DateField(label="自", widget=DayInput),
        "valid_to": forms.DateField(
            label="至（不含）", widget=DayInput, required=False, help_text="留空表示一直有效，直到有人结束它。"
        ),
    }


def excuse(request: HttpRequest) -> HttpResponse:
    """Say why one subject is not held to one duty."""
    duty, about = asked_about(request)
    form = RegisterForm(fields(duty), sent(request), {"valid_from": since(request)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.excuse(by=request.user, on=request.user.day, about=about, duty=duty.id, soft=duty.soft, **form.cleaned_data)
            messages.success(request, "已登记，已经生效。" if duty.soft else "已登记。另一位同事同意后生效。")
            return redirect("desk:excuses")
        except Refused as refusal:
            form.refuse(refusal)
    return render(request, "desk/excuse.html", {"form": form, "duty": duty, "about": about, "back": reverse("desk:dues")})


def asked_about(request: HttpRequest) -> tuple[Duty, Any]:
    """The duty and the subject an address names; 404 where either is not there for the reader."""
    label, _, number = request.GET.get("about", "").partition(":")
    duty = DUTIES.get(request.GET.get("duty", ""))
    if duty is None or label not in ABOUT or not number.isdecimal() or len(number) > 18:
        raise Http404("没有这一项。")
    return duty, get_object_or_404(ABOUT[label].objects.visible_to(request.user), pk=int(number))


def since(request: HttpRequest) -> Any:
    """The first day proposed: the month of what is missing, else today's."""
    try:
        return day_said(request.GET.get("from", "")).replace(day=1)
    except BadPeriod:
        return request.user.day.replace(day=1)


def excuses(request: HttpRequest) -> HttpResponse:
    """Every exemption and reason in the reader's reach, those that wait for agreement first."""
    rows = Exemption.objects.visible_to(request.user).select_related("organization", "person")
    rows = list(rows.order_by("agreed_on", "-pk")[:SHOWN])
    names = names_of(who for one in rows for who in (one.proposed_by, one.agreed_by))
    found = [(one, DUTIES.get(one.duty), *(names.get(who, who) for who in (one.proposed_by, one.agreed_by))) for one in rows]
    waiting = [line for line in found if line[0].agreed_on is None]
    kept = [line for line in found if line[0].agreed_on is not None]
    return render(request, "desk/excuses.html", {"waiting": waiting, "kept": kept[::-1]})


def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to an exemption, or end it."""
    exemption = get_object_or_404(Exemption.objects.visible_to(request.user), pk=pk)
    if "end" in request.POST:
        by_post(request, "已结束。", actions.end_excuse, exemption=exemption)
    else:
        by_post(request, "已同意，从今天起生效。", actions.agree_excuse, exemption=exemption)
    return redirect("desk:excuses")
