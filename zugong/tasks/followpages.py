"""The pages of follow-ups: the register, sending with the burden shown before, answering, approving, closing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from zugong.base.access import Permission
from zugong.base.rules import Refused
from zugong.tasks import followups
from zugong.tasks.colleagues import accounts_with, called, offered
from zugong.tasks.evidence import found, pointed
from zugong.tasks.forms import AccountField
from zugong.tasks.models import FollowUp, FollowUpState
from zugong.ui.filters import Choice, Days
from zugong.ui.forms import DayInput, RegisterForm, sent
from zugong.ui.registers import Register
from zugong.ui.shown import Column, Kind, record_href

SUBJECTS = ("tasks.task", "supervision.finding", "visits.opinion")
FOLLOW_UPS = Register(
    model=FollowUp,
    slug="followups",
    title="督办",
    office="重点工作",
    unit="次",
    what="请谁在什么时候以前答复什么。一个人一个月收到几次有上限，发之前看得到给他添了多少事。",
    order="-sent_on",
    columns=(
        "ask",
        Column("receiver__name", "请谁答复"),
        Column("sender__name", "督办人"),
        Column("sent_on", sort=True),
        Column("answer_by", sort=True),
        Column("state", "状态", Kind.STATE),
        "answer",
    ),
    filters=(Choice("state", values=FollowUpState.values), Days("sent_on"), Days("answer_by")),
    search=("ask",),
    search_words="搜索要答复的事",
    own_page="tasks:followup",
)
RECEIVED = 100


def follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """A follow-up for whoever sent or received it or keeps the list: the question, the answer, what may be done now."""
    one = get_object_or_404(FollowUp.objects.visible_to(request.user).select_related("receiver", "sender", "decided_by"), pk=pk)
    user = request.user
    context = {
        "one": one,
        "subject": pointed([one.subject], user).get(one.subject),
        "may_answer": one.receiver_id == user.pk and one.state in (FollowUpState.SENT, FollowUpState.ANSWERED),
        "may_close": user.may(Permission.TASKS_EDIT) and one.state in (FollowUpState.SENT, FollowUpState.ANSWERED),
        "may_decide": user.may(Permission.FOLLOW_UPS_APPROVE) and one.state == FollowUpState.WAITING,
    }
    return render(request, "tasks/followup.html", context)


def send(request: HttpRequest) -> HttpResponse:
    """Ask somebody about a task or a finding; before it goes, what was asked this month is shown."""
    key, user = request.GET.get("of", ""), request.user
    subject = found([key], user).get(key) if key.partition(":")[0] in SUBJECTS else None
    if subject is None:
        messages.warning(request, "督办从一项任务、一个督导问题或一条意见的页面上发：打开它，点“督办”。")
        return redirect("tasks:followup-list")
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            made = followups.send_follow_up(by=user, on=user.day, subject=subject, **form.cleaned_data)
            waits = made.state == FollowUpState.WAITING
            messages.success(request, f"已提请{followups.approvers()}批准。" if waits else f"已发给{made.receiver.name}。")
            return redirect("tasks:followup", pk=made.pk)
        except Refused as refusal:
            form.refuse(refusal)
    context = {
        "form": form, "subject": pointed([key], user).get(key), "back": record_href(subject),
        "quota": followups.quota(user.day),
        "mine": followups.burden(user.day, sender=user), "all": followups.burden(user.day), "register": FOLLOW_UPS,
        "theirs": _theirs(form, user.day), "approvers": followups.approvers(),
        "save_words": "发出", "leave_words": "不发了",
    }  # fmt: skip
    return render(request, "tasks/send.html", context)


def _theirs(form: RegisterForm, day: Any) -> Any:
    receiver = form.cleaned_data.get("receiver") if form.is_bound and hasattr(form, "cleaned_data") else None
    return (receiver, followups.burden(day, receiver=receiver)) if receiver else None


def _form(request: HttpRequest) -> RegisterForm:
    day = request.user.day
    receiver = AccountField(label="请谁答复", rows=accounts_with(Permission.DESK_READ, day), find="tasks:find-receiver")
    receiver.offer("receiver")
    ask = forms.CharField(label="要答复什么", max_length=300, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 300}))
    ask.help_text = "写清一件事。不要求另交材料、照片。"
    by = forms.DateField(label="请在此日前答复", widget=DayInput)
    people = forms.IntegerField(label="要几个人办", min_value=1, max_value=200)
    minutes = forms.IntegerField(label="每人约几分钟", min_value=1, max_value=followups.MOST_MINUTES)
    beyond = forms.CharField(label="超额的理由", max_length=200, required=False)
    beyond.help_text = "对方本月已到上限时才填，填了就提请批准。"
    made = {"receiver": receiver, "ask": ask, "answer_by": by, "people": people, "minutes": minutes, "beyond": beyond}
    return RegisterForm(made, sent(request), {"people": 1, "minutes": 10, "answer_by": day + timedelta(days=7)})


def find_receiver(request: HttpRequest) -> HttpResponse:
    """Options for a type-ahead: accounts that can answer."""
    typed = request.GET.get(request.GET.get("of", "q"), "")
    rows = accounts_with(Permission.DESK_READ, request.user.day)
    options = [(called(one), "") for one in offered(rows, typed)] if typed.strip() else []
    return render(request, "ui/piece_options.html", {"options": options})


def received(request: HttpRequest) -> HttpResponse:
    """What one is asked oneself: what waits first, then what was answered."""
    rows = FollowUp.objects.filter(receiver=request.user).select_related("sender")
    shown = rows.exclude(state__in=(FollowUpState.WAITING, FollowUpState.DECLINED)).order_by("closed_on", "answer_by", "pk")
    return render(request, "tasks/received.html", {"rows": shown[:RECEIVED]})


def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for approval because the receiver's month is full."""
    rows = FollowUp.objects.visible_to(request.user).filter(state=FollowUpState.WAITING)
    return render(request, "tasks/waiting.html", {"rows": rows.select_related("sender", "receiver").order_by("pk")})


def _by_post(request: HttpRequest, pk: int, do: Callable[[FollowUp], Any], done: str) -> HttpResponse:
    one = get_object_or_404(FollowUp.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        try:
            do(one)
            messages.success(request, done)
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect("tasks:followup", pk=pk)


def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """On POST, answer what one was asked."""
    who, words = {"by": request.user, "on": request.user.day}, request.POST.get("answer", "")[:500]
    return _by_post(request, pk, lambda f: followups.answer_follow_up(**who, follow_up=f, answer=words), "答复已记下。")


def close(request: HttpRequest, pk: int) -> HttpResponse:
    """On POST, close a follow-up."""
    who = {"by": request.user, "on": request.user.day}
    return _by_post(request, pk, lambda f: followups.close_follow_up(**who, follow_up=f), "这次督办已办结。")


def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """On POST, approve a follow-up beyond the quota, or not."""
    who, agreed = {"by": request.user, "on": request.user.day}, request.POST.get("do") == "agree"
    words = request.POST.get("decision", "")[:200]
    done = "已批准，督办已发出。" if agreed else "已记下不同意，没有发出。"
    return _by_post(request, pk, lambda f: followups.decide_follow_up(**who, follow_up=f, agreed=agreed, decision=words), done)
