"""The pages of who can see a record, and of what an account can see."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from zugong.base.models import User
from zugong.base.rules import Refused
from zugong.desk.granting import told
from zugong.desk.seeing import ask_who_sees, further, holds, opened, seen
from zugong.ui.registers import REGISTERS
from zugong.ui.shown import record_href

LONGEST_NUMBER = 18


def who(request: HttpRequest, register: str, pk: int) -> HttpResponse:
    """Who can see a record, for whoever can see it; 404 for everybody else."""
    one, user = REGISTERS.get(register), request.user
    if one is None or pk >= 10**LONGEST_NUMBER:
        raise Http404
    record = get_object_or_404(one.model.objects.visible_to(user), pk=pk)
    found = seen(one, pk, user.day, user.now)
    context = {"register": one, "number": pk, "record": record, "href": record_href(record), "seen": found}
    return render(request, "desk/who.html", context)


def who_ask(request: HttpRequest) -> HttpResponse:
    """The same by register and number, for whoever manages accounts: nothing of what the record says."""
    one, number = REGISTERS.get(request.POST.get("register", "")), request.POST.get("number", "").strip()
    if request.method != "POST":
        return redirect("desk:accounts")
    if one is None or not (number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER):
        messages.error(request, "没有查。请选台账，记录编号只填数字，例如 12（在记录页面网址的最后）。")
        return redirect("desk:accounts")
    try:
        found = ask_who_sees(by=request.user, on=request.user.day, register=one, number=int(number))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:accounts")
    if found is None:
        messages.error(request, f"“{one.title}”里没有编号 {int(number)} 的记录。请核对编号（在记录页面网址的最后）。")
        return redirect("desk:accounts")
    return render(request, "desk/who.html", {"register": one, "number": int(number), "seen": found})


def sees(request: HttpRequest, pk: int) -> HttpResponse:
    """What an account can see, counted; no record is shown."""
    return _sees(request, get_object_or_404(User, pk=pk))


def own_sees(request: HttpRequest) -> HttpResponse:
    """The same of one's own account."""
    return _sees(request, request.user)


def _sees(request: HttpRequest, of: User) -> HttpResponse:
    of.day, of.now = request.user.day, request.user.now
    waiting = told([g for g in of.grants_held() if not holds(g)], of.day)
    context = {
        "of": of,
        "own": of.pk == request.user.pk,
        "rows": opened(of, request.user),
        "further": further(of),
        "on_call": waiting,
    }
    return render(request, "desk/sees.html", context)
