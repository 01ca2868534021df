"""The pages on which a person looks at what the records propose, and takes it into the register of problems or declines it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from zugong.base.rules import Refused
from zugong.desk.problems import Proposal, about, by_kind, of_record, proposals
from zugong.supervision import actions
from zugong.tasks.evidence import pointed
from zugong.ui.forms import RegisterForm, sent
from zugong.ui.shown import record_href

GROUNDS_SHOWN = 40


def listed(request: HttpRequest) -> HttpResponse:
    """What the records propose in the frame, by kind, with what the register knows already. Nothing is kept by looking."""
    every = proposals(request.frame, request.user)
    return render(request, "desk/problems.html", {"kinds": by_kind(every), "total": len(every)})


def asked(request: HttpRequest) -> Proposal:
    """The proposal asked about, found anew, so that what it rests on is what the records say now. 404 where it is gone."""
    if key := request.GET.get("ground", ""):
        one = of_record(key, request.user)
    else:
        every = proposals(request.frame, request.user)
        one = next((one for one in every if one.topic == request.GET.get("topic", "")), None)
    if one is None:
        raise Http404("现在的记录里看不到这个问题了，或者不在您能看到的范围里。")
    return one


def problem_form(proposal: Proposal, data: Any = None) -> RegisterForm:
    """How a person words the problem, who is to see to it; or why it is none."""
    made: dict[str, forms.Field] = {
        "words": forms.CharField(label="问题", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})),
        "office": forms.CharField(label="责任科室", max_length=60, required=False),
        "reason": forms.CharField(label="不采纳的理由", max_length=200, required=False),
    }
    made["words"].help_text = "用自己的话写明是什么问题。数以下面的记录为准。"
    made["reason"].help_text = "认为不算问题时写。以后再看到，会显示这个理由。"
    return RegisterForm(made, data, {"words": proposal.words})


def one(request: HttpRequest) -> HttpResponse:
    """One proposal with the records behind it; on POST it becomes a problem, or is declined."""
    if "topic" not in request.GET and "ground" not in request.GET:
        return redirect("desk:problems")
    proposal = asked(request)
    form = problem_form(proposal, sent(request))
    if request.method == "POST" and form.is_valid() and (href := decide(request, proposal, form)):
        return redirect(href)
    places = pointed((key for key, _ in proposal.grounds[:GROUNDS_SHOWN]), request.user)
    context = {
        "one": proposal,
        "form": form,
        "grounds": [(said, places.get(key)) for key, said in proposal.grounds[:GROUNDS_SHOWN]],
        "many": len(proposal.grounds),
    }
    return render(request, "desk/problem.html", context)


def decide(request: HttpRequest, proposal: Proposal, form: RegisterForm) -> str:
    """Enter or decline; the address to go on to, "" where it was refused."""
    given = {"kind": proposal.kind, "topic": proposal.topic, "grounds": proposal.grounds, "organization": about(proposal)}
    said, by = form.cleaned_data, {"by": request.user, "on": request.user.day}
    try:
        if request.POST.get("do") == "decline":
            made = actions.decline_problem(**by, **given, words=said["words"], reason=said["reason"])
            messages.success(request, f"“{made}”没有列入，理由已记下。")
        else:
            made = actions.accept_problem(**by, **given, words=said["words"], office=said["office"])
            messages.success(request, f"已列入：“{made}”。下一步是为它列一项任务。")
    except Refused as refusal:
        form.refuse(refusal)
        return ""
    return record_href(made)
