"""The page of jobs, for the system administrator."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from zugong.base.jobs import JobTime
from zugong.base.timing import WEEKDAYS, Every
from zugong.desk.actions import set_job_time
from zugong.desk.background import looking
from zugong.desk.background.jobs import JOBS
from zugong.desk.background.schedule import timings
from zugong.desk.clock import now
from zugong.ui.forms import RegisterForm, sent


def schedule(request: HttpRequest) -> HttpResponse:
    """Which jobs there are, when each ran and runs again, what failed, which workers live."""
    at = now()
    context = {
        "lines": looking.lines(at),
        "failures": looking.failures(),
        "workers": looking.workers(at),
        "unknown_year": looking.unknown_year(at),
    }
    return render(request, "desk/schedule.html", context)


def job_time(request: HttpRequest, name: str) -> HttpResponse:
    """Set when a job is due, or switch it off."""
    if name not in JOBS:
        raise Http404
    job = JOBS[name]
    form = _form(name, sent(request))
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "weekday": int(form.cleaned_data["weekday"])}
        set_job_time(by=request.user, on=request.user.day, job=name, **given)
        messages.success(request, f"“{job.title}”的时间已保存，下一次照新的时间。")
        return redirect("desk:schedule")
    return render(request, "desk/job_time.html", {"form": form, "job": job})


def _form(name: str, data: Any) -> RegisterForm:
    held = JobTime.objects.filter(job=name).first()
    timing = held.timing if held else timings([JOBS[name]])[name]
    made = {
        "every": forms.ChoiceField(label="多久一次", choices=[(one.value, one.value) for one in Every]),
        "at": forms.TimeField(label="几点", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")),
        "weekday": forms.ChoiceField(label="星期几", choices=[(n, f"星期{word}") for n, word in enumerate(WEEKDAYS)]),
        "off": forms.BooleanField(label="停用", required=False),
    }
    made["weekday"].help_text = "只有“每周”的才看这一项。"
    made["off"].help_text = "停用以后到点不办，重新启用以后不补办停用期间的。"
    first = {"every": timing.every.value, "at": timing.at or time(), "weekday": timing.weekday, "off": bool(held and held.off)}
    return RegisterForm(made, data, first)
