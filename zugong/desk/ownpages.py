"""One's own record: what is held about whoever reads, who read it, corrections asked for, a copy to take along.

Everything here is fetched by the person the account belongs to; a number in an address is looked for among theirs.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from zugong.base.rules import Refused
from zugong.desk import copying
from zugong.desk.forms import ask_form
from zugong.desk.holdings import Holdings
from zugong.people import actions
from zugong.people.models import Correction, Person
from zugong.ui.forms import sent
from zugong.ui.handing import attachment
from zugong.ui.leaving import attachment as marked_attachment
from zugong.ui.posting import by_post

FORMS = {"json": "一个 JSON 文件", "xlsx": "一个工作簿"}


def whose(request: HttpRequest) -> Person:
    """The person this account belongs to; 404 where nobody said so."""
    person = actions.person_of(request.user)
    if person is None:
        raise Http404("这个账号还没有对应到人。")
    return person


def own(request: HttpRequest, *, opened: bool = False) -> HttpResponse:
    """Everything that is held about the reader, who read it, and the corrections asked for."""
    person = actions.person_of(request.user)
    if person is None:
        return render(request, "desk/own_nobody.html")
    holdings = Holdings(person, request.today, opened=opened)
    sections = holdings.sections()
    readings, times = holdings.provenance.readings()
    context = {
        "person": person,
        "sections": sections,
        "said": holdings.said(),
        "records": sum(len(section.entries) for section in sections),
        "masked": any(item.masked for s in sections for entry in s.entries for item in entry.items),
        "opened": opened,
        "readings": readings,
        "times": times,
        "corrections": asked_for(request, person),
        "cases": copying.cases_of(holdings, request.user.day),
    }
    return render(request, "desk/own.html", context)


def asked_for(request: HttpRequest, person: Person) -> list[tuple[Correction, str]]:
    """The person's requests, latest first, with their states in words."""
    rows = Correction.objects.filter(person=person).order_by("-pk")
    return [(one, one.words_on(request.today)) for one in rows]


def reveal(request: HttpRequest) -> HttpResponse:
    """Show the reader what is restricted about them; the trail says so."""
    if request.method != "POST":
        return redirect("desk:own")
    person = whose(request)
    fields = Holdings(person, request.today).restricted()
    actions.read_own(by=request.user, on=request.user.day, person=person, fields=fields)
    return own(request, opened=True)


def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a correction of one field."""
    person = whose(request)
    found = Holdings(person, request.today).item(request.GET.get("about", ""), request.GET.get("field", ""))
    if found is None:
        raise Http404("这一项不在您的记录里。")
    section, entry, item = found
    form = ask_form(sent(request))
    if request.method == "POST" and form.is_valid():
        said = {"record": entry.record, "field": item.name, "title": f"{section.title}：{item.title}"}
        if ask_for(request, form, person, {**said, "held": str(item.value or "")}):
            return redirect("desk:own")
    return render(request, "desk/own_ask.html", {"form": form, "section": section, "item": item})


def ask_for(request: HttpRequest, form: Any, person: Person, about: dict[str, Any]) -> bool:
    """Hand the request in; a refusal stays on the form."""
    try:
        file = request.FILES.get("proof")
        proof = actions.looked_at(file.name, file.read(actions.LARGEST_PROOF + 1)) if file else None
        given = {"wanted": form.cleaned_data["wanted"], "reason": form.cleaned_data["reason"], "proof": proof}
        made = actions.ask_correction(by=request.user, on=request.user.day, person=person, **about, **given)
    except Refused as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, f"已提交，{made.due_on} 之前答复。进展看下面“我提出的更正”。")
    return True


def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a request back."""
    one = get_object_or_404(Correction.objects.filter(person=whose(request)), pk=pk)
    by_post(request, f"已撤回“{one.title}”的更正申请，以后可以再提。", actions.withdraw_correction, correction=one)
    return redirect("desk:own")


def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand back the proof the reader gave."""
    one = get_object_or_404(Correction.objects.filter(person=whose(request)).exclude(proof_as=""), pk=pk)
    return attachment(actions.opened(one.proof_as), one.proof)


def copy(request: HttpRequest) -> HttpResponse:
    """On POST, hand over everything that is shown to the reader as one file; the trail says so."""
    form = request.POST.get("form", "")
    if request.method != "POST" or form not in FORMS:
        return redirect("desk:own")
    person = whose(request)
    holdings = Holdings(person, request.today, opened=True)
    count = sum(len(section.entries) for section in holdings.sections())
    mark = actions.take_copy(by=request.user, on=request.user.day, person=person, form=form, records=count)
    made = copying.written(holdings, asked_for(request, person), form, mark)
    return marked_attachment(mark, made, f"我的记录{request.today:%Y%m%d}.{form}")
