"""One instrument of the register with what rests on it, and the signing of its clauses by whoever read the official text."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from zugong.base.access import Permission
from zugong.base.duties import Duty
from zugong.base.parameters import Line, Parameter
from zugong.base.rules import Refused, Source, Standing
from zugong.desk.dues import DUTIES
from zugong.desk.lineforms import check_form
from zugong.desk.trying import uses
from zugong.regulations import actions
from zugong.regulations.procedures import shipped
from zugong.regulations.register import Clause, Instrument, register
from zugong.regulations.resting import About, Resting, about, about_clause
from zugong.ui.forms import sent
from zugong.ui.leaving import on_paper
from zugong.ui.posting import by_post

EDIT = Permission.REGULATIONS_EDIT
STATUS_WORDS = {Standing.VERIFIED: "已核", Standing.UNVERIFIED: "条款待核", Standing.LOCAL: "本地规定"}
STATUS_TONES = {Standing.VERIFIED: "done", Standing.UNVERIFIED: "open", Standing.LOCAL: "now"}


@dataclass(frozen=True)
class Said:
    """A clause as the page shows it: how it stands, and the numbers, duties and procedures that rest on it."""

    about: About
    clause: Clause | None
    source: Source
    numbers: list[tuple[Parameter, Line]]
    duties: list[Duty]
    procedures: list[tuple[str, str]]
    checked: bool

    @property
    def word(self) -> str:
        """How it stands."""
        return STATUS_WORDS[self.source.status]

    @property
    def tone(self) -> str:
        """How that is shown."""
        return STATUS_TONES[self.source.status]

    @property
    def to_check(self) -> bool:
        """Whether somebody still has to read it."""
        return self.source.status == Standing.UNVERIFIED


def said(one: About, resting: Resting, clause: Clause | None = None) -> Said:
    """A clause with all that rests on it."""
    numbers = resting.lines(one)
    keys = {parameter.key for parameter, _ in numbers}
    duties = [duty for duty in DUTIES.values() if keys & uses(duty)]
    checked = resting.standards.read(one.key) is not None
    return Said(one, clause, resting.source(one), numbers, duties, procedures_on(one), checked)


def procedures_on(one: About) -> list[tuple[str, str]]:
    """The steps of procedures that name the clause's article, or the house's rule: the procedure's code, and words."""
    found = []
    for procedure in shipped().values():
        for step in procedure.steps:
            source = step.source
            same = source.article == one.article and one.article if not one.instrument.local else source.regulation == one.says
            if source.regulation in one.instrument.names and same:
                found.append((procedure.code, f"{procedure.name}·{step.name}"))
    return found


def page_of(instrument: Instrument, resting: Resting) -> list[tuple[str, list[Said]]]:
    """The clauses of an instrument by article, then the numbers that no clause says."""
    groups = [
        (article, [said(about_clause(instrument, one), resting, one) for one in clauses])
        for article, clauses in instrument.articles()
    ]
    rest = [said(one, resting) for one in resting.unplaced(instrument)]
    return [*groups, ("其他数", rest)] if rest else groups


def instrument(request: HttpRequest, key: str) -> HttpResponse:
    """One instrument, article by article."""
    one = register().get(key)
    if one is None:
        raise Http404("没有登记这份制度。")
    groups = page_of(one, Resting(request.standards))
    every = [clause for _, clauses in groups for clause in clauses]
    context = {
        "one": one,
        "groups": groups,
        "checked": sum(clause.source.status == Standing.VERIFIED for clause in every),
        "total": len(every),
        "may_edit": request.user.may(EDIT),
        "mark": on_paper(request, f"制度登记册：{one.name}", Permission.REGULATIONS_READ, len(every)),
    }
    return render(request, "desk/instrument.html", context)


def check(request: HttpRequest, key: str) -> HttpResponse:
    """Sign that one has read the official text of a clause."""
    one = _about(key)
    clause = said(one, Resting(request.standards))
    form = check_form(one.article, sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.check(by=request.user, on=request.user.day, about=one, **form.cleaned_data)
            messages.success(request, "已签注。从现在起，页面、导出和提醒里都写明条款。")
            return redirect("desk:instrument", one.instrument.key)
        except Refused as refusal:
            form.refuse(refusal)
    return render(request, "desk/check.html", {"one": one, "said": clause, "form": form})


def check_withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """On POST, take back that a clause was read."""
    one = _about(key)
    why = request.POST.get("why", "")
    by_post(request, "已撤回签注，这一条恢复为条款待核。", actions.withdraw_check, about=one, why=why)
    return redirect("desk:instrument", one.instrument.key)


def _about(key: str) -> About:
    found = about(key)
    if found is None:
        raise Http404("没有登记这一条。")
    return found
