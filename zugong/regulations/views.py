"""The register of instruments: browse and search; the rules and templates of the house."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from zugong.base.rules import Refused, Standing
from zugong.base.uploads import LARGEST, Upload
from zugong.regulations import papers as kept
from zugong.regulations.forms import paper_form, version_form
from zugong.regulations.models import Paper, PaperVersion
from zugong.regulations.register import Clause, Instrument, register
from zugong.regulations.resting import Resting, about_clause
from zugong.ui.forms import sent
from zugong.ui.handing import attachment
from zugong.ui.posting import by_post

MOST_CLAUSES = 5


@dataclass(frozen=True)
class Row:
    """An instrument in the list, the clauses that hold what was searched, and how many of all were checked."""

    one: Instrument
    clauses: list[Clause]
    checked: int


def instruments(request: HttpRequest) -> HttpResponse:
    """Every instrument, by words and kind."""
    words, kind = request.GET.get("q", "").strip()[:40], request.GET.get("kind", "")
    resting, rows = Resting(request.standards), []
    for one in register().values():
        clauses = [c for c in one.clauses if words and (words in c.says or words == c.article)]
        if (not kind or one.kind == kind) and (not words or clauses or words in one.name or words in one.replaces):
            stands = [resting.source(about_clause(one, c)).status for c in one.clauses]
            rows.append(Row(one, clauses[:MOST_CLAUSES], stands.count(Standing.VERIFIED)))
    kinds = list(dict.fromkeys(one.kind for one in register().values()))
    context = {"rows": rows, "words": words, "kind": kind, "kinds": kinds}
    return render(request, "regulations/instruments.html", context)


def papers(request: HttpRequest) -> HttpResponse:
    """The rules and templates of the house, found by their words."""
    words = request.GET.get("q", "").strip()[:60]
    found = list(kept.search(Paper.objects.visible_to(request.user), words))
    context = {"found": found, "words": words, "may_edit": request.user.may(kept.EDIT)}
    return render(request, "regulations/papers.html", context)


def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """One paper with its versions."""
    one = get_object_or_404(Paper.objects.visible_to(request.user), pk=pk)
    return _with_versions(request, one, version_form())


def paper_version(request: HttpRequest, pk: int) -> HttpResponse:
    """On POST, a new version of a paper."""
    one = get_object_or_404(Paper.objects.visible_to(request.user), pk=pk)
    if request.method != "POST":
        return redirect("regulations:paper", pk)
    form = version_form(request.POST, request.FILES)
    if form.is_valid():
        try:
            given = {"since": form.cleaned_data["since"], "note": form.cleaned_data["note"], "upload": _upload(form)}
            made = kept.add_version(by=request.user, on=request.user.day, paper=one, **given)
            messages.success(request, f"已存为第 {made.number} 版；以前的版本都还在。")
            return redirect("regulations:paper", pk)
        except Refused as refusal:
            form.refuse(refusal)
    return _with_versions(request, one, form)


def _with_versions(request: HttpRequest, one: Paper, form: forms.Form) -> HttpResponse:
    context = {"one": one, "versions": one.versions.defer("text").order_by("-number"), "form": form}
    return render(request, "regulations/paper.html", {**context, "may_edit": request.user.may(kept.EDIT)})


def paper_add(request: HttpRequest) -> HttpResponse:
    """Take a rule or template into the collection."""
    form = paper_form(sent(request), request.FILES)
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "file"}
        try:
            made = kept.add_paper(by=request.user, on=request.user.day, upload=_upload(form), **given)
            messages.success(request, f"“{made}”已收入制度汇编。")
            return redirect("regulations:paper", made.pk)
        except Refused as refusal:
            form.refuse(refusal)
    return render(request, "regulations/paper_add.html", {"form": form})


def paper_end(request: HttpRequest, pk: int) -> HttpResponse:
    """On POST, say that a paper holds no longer."""
    one = get_object_or_404(Paper.objects.visible_to(request.user), pk=pk)
    by_post(request, f"“{one}”从今天起废止，版本都还查得到。", kept.end_paper, paper=one)
    return redirect("regulations:paper", pk)


def paper_file(request: HttpRequest, pk: int) -> HttpResponse:
    """On POST, hand over the file of a version as it came."""
    one = get_object_or_404(PaperVersion.objects.visible_to(request.user), pk=pk)
    if request.method != "POST":
        return redirect("regulations:paper", one.paper_id)
    return attachment(kept.hand_over(by=request.user, on=request.user.day, version=one), one.name)


def _upload(form: forms.Form) -> Upload:
    file = form.cleaned_data["file"]
    return kept.looked_at(file.name, file.read(LARGEST + 1))
