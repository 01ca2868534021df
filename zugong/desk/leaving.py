"""The pages around an export that is too large for one person alone: asking, answering, and taking out what was agreed to."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from zugong.base import exports
from zugong.base.access import Permission
from zugong.base.exports import PARAMETERS, NeedsAgreement, Wanted
from zugong.base.models import ExportRequest, ExportState
from zugong.base.rules import Refused
from zugong.ui.history import subject_words
from zugong.ui.registers import REGISTERS

SALT = "zugong.desk.leaving"
VALID = 3600  # seconds a page that asks for a purpose may stand open
LATEST = 50
FRAME = ("scope", "period", "on")


@dataclass(frozen=True)
class Line:
    """A request as the pages show it."""

    of: ExportRequest
    title: str
    filters: dict[str, str]
    columns: list[str]
    again: dict[str, Any]
    until: date | None

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What is sent when it is taken out."""
        return [(name, value) for name, values in self.again.get("sent", {}).items() for value in values]


def line(one: ExportRequest, on: date) -> Line:
    """A request with what was asked opened, and until when its agreement holds."""
    asked, until = json.loads(one.asked), None
    if one.state == ExportState.AGREED and one.decided_on:
        until = one.decided_on + timedelta(days=PARAMETERS["export_agreement_days"].on(on).value)
    return Line(one, title_of(one.register), asked["filters"], asked["columns"], asked["again"], until)


def title_of(register: str) -> str:
    """What is taken out, as readers call it."""
    return REGISTERS[register].title if register in REGISTERS else subject_words(register)


def asking(request: HttpRequest, error: NeedsAgreement, fault: str = "") -> HttpResponse:
    """The page that says how much was asked for, and asks what for; what was sent goes along, signed."""
    frame = {"scope": request.frame.scope.code, "period": request.frame.period.code, "on": request.frame.day.isoformat()}
    query = request.GET.copy()
    for name in FRAME:
        query.pop(name, None)
    address = f"{request.path}?{urlencode([*((n, v) for n, values in query.lists() for v in values), *frame.items()])}"
    sent = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    again = {"method": request.method.lower(), "address": address, "sent": sent}
    blob = signing.dumps({"wanted": asdict(error.wanted), "by": request.user.pk, "again": again}, salt=SALT, compress=True)
    return asked_page(request, error.wanted, blob, str(error), fault)


def asked_page(request: HttpRequest, wanted: Wanted, blob: str, said: str, fault: str) -> HttpResponse:
    """Draw the page that asks what for."""
    purpose = request.POST.get("purpose", "")
    context = {
        "wanted": wanted,
        "title": title_of(wanted.register),
        "blob": blob,
        "said": said,
        "fault": fault,
        "purpose": purpose,
    }
    return render(request, "desk/export_ask.html", context, status=409)


def ask(request: HttpRequest) -> HttpResponse:
    """On POST, put the request in."""
    if request.method != "POST":
        return redirect("desk:exports")
    try:
        told = signing.loads(request.POST.get("blob", ""), salt=SALT, max_age=VALID)
    except signing.BadSignature:
        raise Refused("这一页开得太久了，没有提出申请。请回到列表再导出一次。") from None
    if told["by"] != request.user.pk:
        raise Refused("这份申请是另一个账号的，没有提出。请回到列表再导出一次。")
    wanted = Wanted(**{**told["wanted"], "columns": tuple(told["wanted"]["columns"])})
    purpose, blob = request.POST.get("purpose", ""), request.POST["blob"]
    try:
        exports.ask_export(by=request.user, on=request.user.day, wanted=wanted, purpose=purpose, again=told["again"])
    except Refused as refusal:
        return asked_page(request, wanted, blob, f"这次有 {wanted.rows} 行，须部领导同意。", str(refusal))
    messages.success(request, "已提出申请。部领导同意之后，在这一页导出。")
    return redirect("desk:exports")


def own(request: HttpRequest) -> HttpResponse:
    """One's own requests: what waits, what was agreed to and can be taken out, what was refused and why."""
    rows = ExportRequest.objects.filter(user=request.user).order_by("-pk")[:LATEST]
    return render(request, "desk/exports.html", {"lines": [line(one, request.user.day) for one in rows]})


def waiting(request: HttpRequest) -> HttpResponse:
    """Whoever may agree sees what waits, and what was answered before."""
    rows = ExportRequest.objects.visible_to(request.user).select_related("user").order_by("-pk")
    open_ones, answered = rows.filter(state=ExportState.WAITING), rows.exclude(state=ExportState.WAITING)[:LATEST]
    context = {
        "lines": [line(one, request.user.day) for one in open_ones],
        "answered": [line(one, request.user.day) for one in answered],
        "may": request.user.may(Permission.EXPORTS_APPROVE),
    }
    return render(request, "desk/exports_waiting.html", context)


def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """On POST, agree or refuse."""
    if request.method != "POST":
        return redirect("desk:exports-waiting")
    one = get_object_or_404(ExportRequest.objects.visible_to(request.user), pk=pk)
    say = {"by": request.user, "on": request.user.day, "request": one}
    try:
        if request.POST.get("do") == "agree":
            exports.agree_export(**say)
            messages.success(request, f"已同意“{one.user.name}”导出 {one.rows} 行，只能导出一次。")
        else:
            exports.refuse_export(**say, reason=request.POST.get("reason", ""))
            messages.success(request, f"已答复“{one.user.name}”：不同意。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:exports-waiting")
