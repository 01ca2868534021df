"""The page of today's reminders, and how one wants to be reminded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings as house
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from zugong.base.rules import Refused
from zugong.desk.background.digest import ORGANIZATION, Item, own
from zugong.desk.remedies import TONES, state_words
from zugong.tasks.models import Digest, Reminding, Task
from zugong.tasks.reminders import LONGEST_REST, open_digest, proposed, set_reminding
from zugong.ui.forms import RegisterForm, sent

FIELDS = ("by_mail", "address", "quiet_from", "quiet_to", "again_days", "offices")


@dataclass(frozen=True)
class Line:
    """A line of the page: what there is to do, whether it is new today, in which word and shape it stands, where it leads."""

    item: Item
    new: bool
    word: str
    tone: str
    href: str


def reminders(request: HttpRequest) -> HttpResponse:
    """What is late or near for the reader, with the reader's own eyes; what the digest told today stands first."""
    user = request.user
    digest = Digest.objects.filter(user=user, day=user.day).first()
    if request.method == "POST":
        if digest is not None:
            open_digest(by=user, on=user.day, digest=digest)
        return redirect("desk:reminders")
    told = set(digest.told()) if digest else set()
    lines = [_line(item, item.told in told, request.today) for item in own(user, request.today)]
    context = {
        "fresh": [line for line in lines if line.new],
        "rest": [line for line in lines if not line.new],
        "digest": digest,
        "reminding": Reminding.objects.filter(user=user).first() or proposed(user, user.day),
    }
    return render(request, "desk/reminders.html", context)


def _line(item: Item, new: bool, day: date) -> Line:
    return Line(item, new, state_words(item.state, item.due_on, day), TONES[item.state], _href(item))


def _href(item: Item) -> str:
    """Where a line leads: the task, the follow-up, or what is owed."""
    label, _, number = item.record.partition(":")
    if label in (Task._meta.label_lower, "tasks.followup"):
        return reverse(label.replace(".", ":"), args=[number])
    narrowed = {"organization": number} if label == ORGANIZATION else {}
    return f"{reverse('desk:dues')}?{urlencode(narrowed)}"


def settings(request: HttpRequest) -> HttpResponse:
    """How one wants to be reminded."""
    user = request.user
    held = Reminding.objects.filter(user=user).first() or proposed(user, user.day)
    form = _form(held, sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            set_reminding(by=user, on=user.day, values=form.cleaned_data)
            messages.success(request, "提醒设置已保存，下一次提醒起照这个办。")
            return redirect("desk:reminders")
        except Refused as refusal:
            form.refuse(refusal)
    return render(request, "desk/reminders_settings.html", {"form": form, "mail": house.ZUGONG_MAIL})


def _form(held: Reminding, data: Any) -> RegisterForm:
    clock = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    made = {
        "by_mail": forms.BooleanField(label="也发邮件", required=False),
        "address": forms.EmailField(label="邮箱", required=False, max_length=120),
        "quiet_from": forms.TimeField(label="从几点起不发", widget=clock),
        "quiet_to": forms.TimeField(label="到几点再发", widget=clock),
        "again_days": forms.IntegerField(label="同一件事几天内不重复", min_value=1, max_value=LONGEST_REST),
        "offices": forms.CharField(label="看哪些科室的任务", max_length=200, required=False),
    }
    made["address"].help_text = "填单位的邮箱。邮件里只写事项、党组织和期限，不写个人姓名。"
    made["quiet_to"].help_text = "这段时间里不发邮件，过后再发；两个时间一样就是不限。"
    made["offices"].help_text = "几个科室用顿号隔开；“全部科室”看全部；留空按您的角色定。"
    return RegisterForm(made, data, {name: getattr(held, name) for name in FIELDS})
