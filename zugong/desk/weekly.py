"""The agenda of Monday's meeting (周一例会): what was due, what is due, who speaks; decisions become tasks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from zugong.base.access import Permission
from zugong.base.periods import BadPeriod, day_said
from zugong.base.rules import Refused
from zugong.meetings.models import Meeting
from zugong.tasks.colleagues import called, colleagues, one_named, split
from zugong.tasks.models import FollowUp, FollowUpState, Milestone, Task
from zugong.tasks.speaking import note_speech, row_of_speakers, seat_speakers
from zugong.ui.forms import RegisterForm
from zugong.ui.leaving import on_paper

MONDAY_MEETING = "周一例会"
WEEK = timedelta(days=7)


def weekly(request: HttpRequest) -> HttpResponse:
    """The agenda of a week: the one that holds the day asked for, today's without one."""
    day = _asked(request)
    monday = day - timedelta(days=day.weekday())
    user, before = request.user, monday - WEEK
    meeting = Meeting.objects.visible_to(user).filter(kind=MONDAY_MEETING, held_on=monday).order_by("-pk").first()
    rows = Task.objects.visible_to(user).with_state(request.today).with_latest(request.today)
    open_asked = FollowUp.objects.visible_to(user).filter(state=FollowUpState.SENT)
    context = {
        "monday": monday,
        "before": before,
        "after": monday + WEEK,
        "was_due": rows.filter(deadline__range=(before, monday - timedelta(days=1))).order_by("deadline", "pk"),
        "late": rows.filter(deadline__lt=before, done_on__isnull=True).order_by("deadline", "pk"),
        "is_due": rows.filter(deadline__range=(monday, monday + timedelta(days=6))).order_by("deadline", "pk"),
        "steps": Milestone.objects.filter(due_on__range=(before, monday + timedelta(days=6)), done_on__isnull=True)
        .select_related("task")
        .order_by("due_on", "pk"),
        "asked": open_asked.select_related("receiver").order_by("answer_by", "pk"),
        "speakers": row_of_speakers(monday),
        "decided": rows.filter(basis=meeting.key) if meeting else (),
        "meeting": meeting,
        "may_edit": user.may(Permission.TASKS_EDIT),
        "row": "、".join(called(one.user) for one in row_of_speakers(date.max)),
        "mark": on_paper(request, "周一例会", Permission.TASKS_READ, 0),
    }
    return render(request, "desk/weekly_print.html" if "print" in request.GET else "desk/weekly.html", context)


def _asked(request: HttpRequest) -> date:
    try:
        return day_said(request.GET["week"]) if request.GET.get("week") else request.today
    except BadPeriod:
        messages.warning(request, "日期看不懂，下面是这一周的。")
        return request.today


def speaker(request: HttpRequest) -> HttpResponse:
    """On POST: note that the one whose turn it was spoke, that somebody is away, or who takes turns at all."""
    if request.method == "POST":
        try:
            messages.success(request, _done(request))
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect("desk:weekly")


def _done(request: HttpRequest) -> str:
    who: dict[str, Any] = {"by": request.user, "on": request.user.day}
    if request.POST.get("do") == "seat":
        rows = colleagues(request.user)
        users = [one_named(rows, words) for words in split(request.POST.get("row", "")[:2000])]
        seat_speakers(**who, users=list({user.pk: user for user in users}.values()))
        return "主讲次序已保存。"
    form = RegisterForm({"speaker": forms.IntegerField(), "day": forms.DateField()}, request.POST)
    if not form.is_valid():
        raise Refused("没有看懂是谁、哪一天，没有记下。")
    one = next((s for s in row_of_speakers(date.max) if s.pk == form.cleaned_data["speaker"]), None)
    if one is None:
        raise Refused("主讲次序里没有这个人，没有记下。")
    if request.POST.get("do") == "away":
        note_speech(**who, speaker=one, away_until=form.cleaned_data["day"] + timedelta(days=6))
        return f"{one.user.name}这一周不在，轮到下一位；他的次序不变。"
    note_speech(**who, speaker=one, spoke_on=form.cleaned_data["day"])
    return f"{one.user.name}已主讲，排到最后。"
