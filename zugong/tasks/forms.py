"""What is asked of a task: where it comes from, who does it by which steps, how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse

from zugong.base import cells
from zugong.base.cells import BadCell
from zugong.base.models import User
from zugong.base.rules import Refused
from zugong.tasks.colleagues import called, colleagues, one_named, split
from zugong.tasks.models import Plan, Standing, Task
from zugong.ui.forms import DayInput, Fields, RegisterForm, TypeAhead, type_ahead


class AccountField(forms.CharField):
    """An account chosen by typing part of a name; the browser offers 姓名（账号）."""

    def __init__(self, *, rows: QuerySet, find: str = "tasks:find-colleague", **options: Any) -> None:
        self.rows, self.find = rows, reverse(find)
        super().__init__(widget=forms.TextInput(attrs={"autocomplete": "off"}), **options)

    def offer(self, name: str) -> None:
        """Let the browser fill the list of options while something is typed."""
        self.widget.attrs |= type_ahead(self.find, name, f"id_{name}-list")

    def prepare_value(self, value: Any) -> Any:
        return called(value) if isinstance(value, User) else value

    def clean(self, value: Any) -> User | None:
        words = super().clean(value)
        return asked_for(self.rows, words) if words else None


def asked_for(rows: QuerySet, words: str) -> User:
    """The one account the words mean. Raises ValidationError with how to mend it."""
    try:
        return one_named(rows, words)
    except Refused as refusal:
        raise forms.ValidationError(str(refusal)) from None


def task_fields(user: User) -> Fields:
    """A new task: what, whose, by when, of which plan."""
    title = forms.CharField(label="重点任务", max_length=200, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 200}))
    owner = AccountField(label="责任人", rows=colleagues(user), required=False)
    owner.offer("owner")
    owner.help_text = "可以先空着；填了，他的每日提醒里就有这项任务。"
    return {
        "title": title,
        "office": forms.CharField(label="牵头科室", max_length=60),
        "deadline": forms.DateField(label="完成时限", widget=DayInput),
        "owner": owner,
        "plan": TypeAhead(label="工作计划", rows=Plan.objects.visible_to(user), required=False),
    }


def move_form(data: Any = None, task: Task | None = None) -> RegisterForm:
    """Another deadline, and why."""
    after = forms.DateField(label="改为", widget=DayInput)
    reason = forms.CharField(label="改期事由", max_length=200, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 200}))
    reason.help_text = "会和原来的时限一起列在任务页上，看得到任务的人都看得到。"
    return RegisterForm({"after": after, "reason": reason}, data, {"after": task.deadline if task else None})


def tell_form(data: Any = None) -> RegisterForm:
    """How a task stands, in words and a state."""
    standing = forms.ChoiceField(label="进展状态", choices=Standing.choices)
    words = forms.CharField(label="进展情况", max_length=500, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}))
    words.help_text = "一两句话：办到哪一步，下一步什么。选“已完成”，任务就记为今天完成。"
    return RegisterForm({"standing": standing, "words": words}, data)


def evidence_form(data: Any = None) -> RegisterForm:
    """Which record shows it, and what it shows."""
    record = forms.CharField(label="佐证的记录", max_length=300)
    record.help_text = "打开那条会议、走访、稿件等记录，把地址栏里的地址粘到这里。不用另交材料。"
    return RegisterForm({"record": record, "note": forms.CharField(label="说明什么", max_length=200, required=False)}, data)


class ArrangeForm(RegisterForm):
    """Who does a task, who helps, by which steps: one screen."""

    def __init__(self, task: Task, user: User, data: Mapping[str, Any] | None = None) -> None:
        self.rows = colleagues(user)
        owner = AccountField(label="责任人", rows=self.rows, required=False)
        owner.offer("owner")
        helpers = forms.CharField(
            label="协办人", required=False, max_length=500, help_text="几位同事用顿号隔开，写姓名或账号。"
        )
        offices = forms.CharField(label="协办科室", required=False, max_length=300, help_text="几个科室用顿号隔开。")
        steps = forms.CharField(label="节点", required=False, widget=forms.Textarea(attrs={"rows": 5, "maxlength": 2000}))
        steps.help_text = "一行一个，日期在前，例如：2023-09-15 完成初稿。已经完成的节点不在这里，不会动。"
        rows = list(task.helper_rows.select_related("user").order_by("pk")) if task.pk else []
        held = {
            "owner": task.owner,
            "helpers": "、".join(called(one.user) for one in rows if one.user),
            "offices": "、".join(one.office for one in rows if one.office),
            "milestones": "\n".join(map(str, task.milestone_rows.filter(done_on__isnull=True).order_by("due_on", "pk"))),
        }
        super().__init__({"owner": owner, "helpers": helpers, "offices": offices, "milestones": steps}, data, held)

    def clean_helpers(self) -> list[User]:
        """The colleagues named."""
        found = [asked_for(self.rows, words) for words in split(self.cleaned_data["helpers"])]
        return list({user.pk: user for user in found}.values())

    def clean_offices(self) -> list[str]:
        """The offices named, each once."""
        return split(self.cleaned_data["offices"])

    def clean_milestones(self) -> list[tuple[date, str]]:
        """The steps: a day and words a line."""
        lines = [line.strip() for line in self.cleaned_data["milestones"].splitlines()]
        return list(dict.fromkeys(_step(n, line) for n, line in enumerate(lines, 1) if line))


def _step(number: int, line: str) -> tuple[date, str]:
    said, _, title = line.partition(" ")
    try:
        day = cells.day(said)
    except BadCell:
        day = None
    if day is None or not title.strip():
        raise forms.ValidationError(f"第 {number} 行“{line}”看不懂。写成“2023-09-15 完成初稿”：日期、空格、做什么。")
    return day, title.strip()[:120]
