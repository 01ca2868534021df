"""The pages of the front desk: the workbench, first steps, search, settings."""

from __future__ import annotations

import tempfile
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from zugong.base import department, grants
from zugong.base.access import ROLES, Permission
from zugong.base.department import KNOWN
from zugong.base.grants import OPERATOR
from zugong.base.models import Grant, GrantState
from zugong.base.rules import Refused
from zugong.desk import workbench
from zugong.desk.duelist import DueList
from zugong.desk.dues import DUTIES
from zugong.desk.forms import FIRST, settings_form
from zugong.desk.heatmap import PRINTED, drawn
from zugong.desk.owing import Owing
from zugong.desk.remedies import lines
from zugong.desk.search import search as searched
from zugong.organizations import figures
from zugong.organizations.models import PartyOrganization
from zugong.ui.forms import sent
from zugong.ui.leaving import attachment, on_paper
from zugong.ui.views import asked, number_in

P = Permission
FIRST_HANDS = (P.SETTINGS_CHANGE, P.ACCOUNTS_MANAGE, P.TRAIL_READ)  # whose first day it is: the administrators


def health(request: HttpRequest) -> HttpResponse:
    """Says that the program answers."""
    return HttpResponse("ok", content_type="text/plain")


def home(request: HttpRequest) -> HttpResponse:
    """The workbench; until the house has something to show, the first steps; for administrators, what they do here."""
    frame, user = request.frame, request.user
    if still_empty(request) and any(user.may_somewhere(one) for one in FIRST_HANDS):
        return redirect("desk:first")
    if not user.may_somewhere(Permission.DESK_READ):
        if user.may_somewhere(Permission.OWN_READ):
            return redirect("desk:own")
        return render(request, "desk/doors.html")
    owing, printing = Owing(frame, user), "print" in request.GET
    context = {
        "owing": owing,
        "lines": lines(owing.first(workbench.TODAY), frame, user),
        "changes": workbench.telling(frame, user),
        "last": frame.period.previous(),
        "duties": [(duty, duty.source(frame).cite()) for duty in DUTIES.values()],
        **map_of(request, owing, printing=printing),
    }
    context["mark"] = on_paper(request, "工作台", P.DESK_READ, len(context["map"].strips))
    return render(request, "desk/home_print.html" if printing else "desk/home.html", context)


def map_of(request: HttpRequest, owing: Owing, *, printing: bool) -> dict[str, Any]:
    """The page of the map the address asks for; on paper all that a reader can leaf through."""
    gaps, after, before = "gaps" in request.GET, number_in(request, "after"), number_in(request, "before")
    made = drawn(owing, gaps=gaps, size=PRINTED) if printing else drawn(owing, gaps=gaps, after=after, before=before)
    return {"map": made, "gaps": gaps, "columns": made.columns}


def dues(request: HttpRequest) -> HttpResponse:
    """Everything that is owed in the frame: narrowed, in one steady order, page by page."""
    listed = DueList(asked(request))
    leaf = listed.leaf()
    context = {
        "owing": listed.owing,
        "total": len(listed.findings),
        "lines": lines(leaf.findings, request.frame, request.user),
        "page": leaf,
        "chips": listed.chips(),
        "panels": listed.panels(),
        "mark": on_paper(request, "应办事项", P.DESK_READ, len(leaf.findings), chips=listed.chips()),
    }
    return render(request, "desk/dues.html", context)


def dues_export(request: HttpRequest) -> HttpResponse:
    """On POST, hand over the list as a workbook; the trail says so."""
    if request.method != "POST":
        return redirect("desk:dues")
    target = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 (closed by the response)
    mark = DueList(asked(request)).workbook(target)
    return attachment(mark, target, f"应办事项{request.frame.day:%Y%m%d}.xlsx")


def still_empty(request: HttpRequest) -> bool:
    """Whether the department has no name yet or no organization is kept."""
    return not request.department.get("department") or not PartyOrganization.objects.exists()


def first(request: HttpRequest) -> HttpResponse:
    """The first steps, each for whoever does it: who we are, who works here, who agrees, then the ledgers."""
    values, user = request.department, request.user
    may_name = user.may_somewhere(Permission.SETTINGS_CHANGE)
    form = settings_form(values, proposed(request), sent(request), FIRST) if may_name else None
    if form and request.method == "POST" and form.is_valid() and settle(request, form, values):
        return redirect("desk:first")
    context = {
        "form": form,
        "department_name": values.get("department", ""),
        "opened": grants_to_commit().exists(),
        "waiting": len(grants.waiting(user, user.day)),
        "imported": PartyOrganization.objects.exists(),
        "may_manage": user.may_somewhere(P.ACCOUNTS_MANAGE),
        "may_agree": user.may_somewhere(P.GRANTS_APPROVE),
        "may_watch": user.may_somewhere(Permission.TRAIL_READ),
        "may_import": user.may_somewhere(Permission.INTAKE_COMMIT),
    }
    return render(request, "desk/first.html", context)


def grants_to_commit() -> QuerySet:
    """The agreed grants by which ledgers can be taken in."""
    roles = [role.code for role in ROLES.values() if Permission.INTAKE_COMMIT in role.permissions and role.code != OPERATOR]
    return Grant.objects.filter(role__in=roles, state=GrantState.AGREED)


def settings(request: HttpRequest) -> HttpResponse:
    """The department's settings."""
    form = settings_form(request.department, proposed(request), sent(request))
    if request.method == "POST" and form.is_valid() and settle(request, form, request.department):
        return redirect("desk:settings")
    return render(request, "desk/settings.html", {"form": form})


def proposed(request: HttpRequest) -> dict[str, str]:
    """Place, level and superior as the root organization's name says them."""
    known = {"place": figures.place, "level": figures.level, "superior": figures.superior}
    return {name: "".join(one.names(request.frame)).removeprefix("全") for name, one in known.items()}


def settle(request: HttpRequest, form: Any, before: dict[str, str]) -> bool:
    """Change what differs; a refusal stays on the form."""
    values = {n: v.strip() for n, v in form.cleaned_data.items() if v.strip() != before.get(n, "")}
    try:
        department.settle(by=request.user, on=request.user.day, values=values)
    except Refused as refusal:
        form.refuse(refusal)
        return False
    titles = "、".join(KNOWN[name].title for name in values)
    messages.success(request, f"已保存：{titles}。" if titles else "没有改动。")
    return True


def search(request: HttpRequest) -> HttpResponse:
    """What goes by these words, office by office."""
    words = " ".join(request.GET.get("q", "").split())
    found = searched(words, request.user, request.frame) if words else []
    return render(request, "desk/search.html", {"words": words, "found": found})
