"""The working calendar: what was entered of notices, and the form by which a notice is entered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from zugong.base.rules import Refused
from zugong.base.specialdays import SpecialDay
from zugong.base.workdays import UnknownYear, enter_days, workdays
from zugong.ui.forms import RegisterForm, sent

SPAN = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*(?:至|~|—)\s*(\d{4}-\d{2}-\d{2}))?")
LONGEST = 40  # days of one span: no holiday is longer


def form_of(request: HttpRequest) -> RegisterForm:
    """What a notice says: its name, the days off, the days worked, and whether it is the whole year's."""
    days = forms.Textarea(attrs={"rows": 3, "placeholder": "2027-01-01 至 2027-01-03，2027-02-05"})
    made = {
        "basis": forms.CharField(label="依据的通知", max_length=200),
        "off": forms.CharField(label="放假的日子", required=False, widget=days),
        "working": forms.CharField(label="上班的周末（调休）", required=False, widget=forms.Textarea(attrs={"rows": 2})),
        "whole_year": forms.IntegerField(
            label="全年安排的年份", required=False, min_value=2020, max_value=2100,
            help_text="通知是一整年的安排才填；填了，这一年的其他日子就按平常的周一至周五上班算。",
        ),
    }  # fmt: skip
    return RegisterForm(made, sent(request))


def days_in(text: str) -> Iterator[date]:
    """The days a text names, one by one or from one to another. Raises Refused for what is no day."""
    rest = SPAN.sub("", text)
    if rest.strip(" ,，、;；。\r\n"):
        raise Refused(f"看不懂“{rest.strip()[:20]}”。日期写成 2027-01-01，连续几天写成 2027-01-01 至 2027-01-03，用逗号隔开。")
    for first, last in SPAN.findall(text):
        try:
            day, end = date.fromisoformat(first), date.fromisoformat(last or first)
        except ValueError:
            raise Refused(f"“{first}{'至' if last else ''}{last}”里有不存在的日期，没有保存。") from None
        if not 0 <= (end - day).days < LONGEST:
            raise Refused(f"“{first} 至 {last}”太长或者倒过来了，没有保存。请核对。")
        yield from (day + timedelta(days=n) for n in range((end - day).days + 1))


def calendar_days(request: HttpRequest) -> HttpResponse:
    """The days entered, and the form for a notice."""
    form = form_of(request)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            many = enter_days(
                by=request.user, on=request.user.day, basis=said["basis"], off=days_in(said["off"]),
                working=days_in(said["working"]), whole_year=said["whole_year"],
            )  # fmt: skip
            messages.success(request, f"已登记 {many} 天。")
            return redirect("desk:workdays")
        except Refused as refusal:
            form.refuse(refusal)
    return render(
        request, "desk/workdays.html", {"form": form, "days": SpecialDay.objects.order_by("-day"), **known(request.user.day)}
    )


def known(today: date) -> dict[str, object]:
    """Up to which year working days can be counted."""
    calendar, year = workdays(), today.year
    try:
        while True:
            calendar.is_working(date(year, 6, 15))
            year += 1
    except UnknownYear:
        return {"known_to": year - 1, "unknown_from": year}
