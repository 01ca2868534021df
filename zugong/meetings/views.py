"""The register of meetings, and the form by which a branch records one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from zugong.base.access import Permission
from zugong.base.models import User
from zugong.base.records import Record
from zugong.base.rules import Refused
from zugong.meetings import actions
from zugong.meetings.forms import meeting_fields
from zugong.meetings.models import KINDS, TALKS, Meeting, Talk
from zugong.organizations.models import PartyOrganization
from zugong.people.models import Membership
from zugong.tasks.models import Task
from zugong.ui.filters import Choice, Days, Of
from zugong.ui.forms import RegisterForm, sent
from zugong.ui.registers import Beside, Group, Register
from zugong.ui.shown import Column, record_href
from zugong.ui.views import number_in


def outcomes(meeting: Record, user: User) -> list[Beside]:
    """The tasks a meeting decided on."""
    if not user.may_somewhere(Permission.TASKS_READ):
        return []
    rows = Task.objects.visible_to(user).filter(basis=meeting.key).with_state(user.day).order_by("deadline", "pk")
    begin = f"{reverse('tasks:begin')}?basis={meeting.key}" if user.may_somewhere(Permission.TASKS_EDIT) else ""
    shown = tuple((one.title, record_href(one), one.state) for one in rows)
    return [Beside("会议议定的任务", shown, begin, "由这次会议列一项任务", "这次会议还没有列出任务。")]


EXTRA = (
    "lecturer",
    "by_secretary",
    "as_assembly",
    "criticised",
    "balloted",
    "appraised",
    "session_year",
    "consent",
    "special",
)
MEETINGS = Register(
    model=Meeting,
    slug="meetings",
    title="会议和活动",
    office="基层党建",
    unit="次",
    what="三会一课、主题党日、组织生活会、联学共建等，一次会议一条。",
    ledger="组织生活台账",
    order="-held_on",
    columns=(
        "topic",
        "kind",
        Column("held_on", sort=True),
        "organization",
        Column("partner", shown=False),
        "due",
        "present",
    ),
    filters=(Choice("kind", values=KINDS), Days("held_on"), Of("organization")),
    search=("topic", "partner", "organization__name"),
    search_words="搜索主题、共建单位或党组织",
    edit=actions.edit,
    remove=actions.remove,
    groups=(
        Group("会议", ("held_on", "organization", "kind", "topic", "partner", "due", "present")),
        Group("还可以算作什么", EXTRA),
    ),
    editable=("held_on", "organization", "kind", "topic", "partner", "due", "present", *EXTRA),
    choices={"kind": tuple(KINDS)},
    add=actions.record,
    beside=outcomes,
    add_name="meetings:record",
    add_title="记录会议",
)


TALKED = Register(
    model=Talk,
    slug="talks",
    title="谈心谈话",
    office="基层党建",
    unit="次",
    what="班子成员之间、班子成员与党员、党员之间，谁和谁谈过、哪天谈的。只记谈了没有，不记内容。",
    ledger="谈心谈话登记表",
    order="-held_on",
    columns=(Column("held_on", sort=True), "organization", "kind", "person", "other"),
    filters=(Choice("kind", values=TALKS), Days("held_on"), Of("organization"), Of("person"), Of("other")),
    search=("person__name", "other__name", "organization__name"),
    search_words="搜索姓名或党支部",
    edit=actions.edit_talk,
    editable=("held_on", "kind", "person", "other"),
    choices={"kind": TALKS},
    add=actions.record_talk,
    add_title="登记谈心谈话",
)


def record(request: HttpRequest) -> HttpResponse:
    """Record a meeting: what is known is filled in already."""
    fields = meeting_fields(request.user, request.user.day, request.GET.get("kind", ""))
    form = RegisterForm(fields, sent(request), known(request))
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if value is not None}
        try:
            also = {name: given.pop(name) for name in [*given] if name in EXTRA}
            meeting = actions.record(by=request.user, on=request.user.day, also=also, **given)
            messages.success(request, "已记录。还要再记一次，点“记录会议”。")
            return redirect(record_href(meeting))
        except Refused as refusal:
            form.refuse(refusal)
    context = {"register": MEETINGS, "form": form, "back": reverse("meetings:meeting-list")}
    return render(request, "meetings/record.html", context)


def known(request: HttpRequest) -> dict[str, Any]:
    """What was asked for (a worklist's line names branch and kind), else the frame's branch; today; its members."""
    day, number, kind = request.today, number_in(request, "organization"), request.GET.get("kind")
    given: dict[str, Any] = {"held_on": day, "kind": kind if kind in KINDS else None}
    branches = PartyOrganization.objects.visible_to(request.user).filter(kind="党支部")
    branch = branches.filter(Q(pk=number) if number else Q(code=request.frame.scope.code)).first()
    if branch is None:
        return given
    members = Membership.objects.in_force(day).filter(organization=branch).count()
    return {**given, "organization": branch, "due": members or None}
