"""The pages of the statistics room: the catalogue, one figure with its rows, cross-tables with the people behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from zugong.base.access import Permission
from zugong.base.facets import Words
from zugong.base.figures import Figure, NameFigure
from zugong.base.marks import Mark
from zugong.base.rules import Refused
from zugong.statistics import answers, guarded, structure
from zugong.statistics.answers import Answer, Question
from zugong.statistics.behind import Behind, Rows, made_of, rows_shown
from zugong.statistics.beside import Offer, before, earlier, frame_words, offered, time_of, told_parts
from zugong.statistics.catalogue import CATALOGUE, FIGURES, NAMES
from zugong.statistics.crossing import shown
from zugong.statistics.forms import TIME_WORDS, CrossForm, chips_of, people_asked, question_of
from zugong.statistics.guarded import Standing, standing, standings
from zugong.statistics.numbers import Change
from zugong.statistics.unseen import guards
from zugong.ui.filters import Chip
from zugong.ui.leaving import on_paper, strictest
from zugong.ui.registers import REGISTERS
from zugong.ui.views import EXPORTED, Pages, asked

OFFICES = ("基层党建", "人员", "干部", "干部教育", "人才", "组工队伍", "重点工作", "宣传")
TOO_MANY = "超过 20 万条，一个文件放不下，没有导出。请先缩小范围或期间。"


def figures(request: HttpRequest) -> HttpResponse:
    """The catalogue: every figure of the frame by office, with its value, the last period's, and its definition."""
    frame, every = request.frame, list(FIGURES.values())
    last = frame.during(frame.period.previous())
    found = guarded.told(request.user, [(one, at) for at in (frame, last) for one in every])
    offices: dict[str, list[tuple[Figure, Change, str]]] = {}
    for one, value, then in zip(every, found[: len(every)], found[len(every) :], strict=True):
        office = REGISTERS[one.records().model._meta.label_lower].office
        offices.setdefault(office, []).append((one, Change.of(one, value, then), TIME_WORDS[one.time]))
    why = list(dict.fromkeys(one.withheld for one in found if one.withheld))
    names = [(one, one.names(frame, request.user)) for one in NAMES.values()]
    in_order = dict(sorted(offices.items(), key=lambda pair: OFFICES.index(pair[0]) if pair[0] in OFFICES else len(OFFICES)))
    mark = on_paper(request, "指标", Permission.STATISTICS_READ, len(every))
    context = {"offices": in_order, "names": names, "last": last, "why": why, "mark": mark}
    return render(request, "statistics/figures.html", context)


def facets(request: HttpRequest, figure: str) -> HttpResponse:
    """The values of a figure's facets among the rows the reader sees, each leading to the figure so narrowed."""
    one = FIGURES.get(figure)
    if one is None:
        return redirect("statistics:figures")
    seen = one.records().visible_to(request.user)
    known = [(facet, [] if isinstance(facet, Words) else facet.known(seen)) for facet in one.facets.values()]
    return render(request, "statistics/piece_facets.html", {"figure": one, "offered": known})


def figure(request: HttpRequest, figure: str) -> HttpResponse:
    """One figure: what it means, its value beside earlier ones, and the rows it is made of."""
    one = CATALOGUE.get(figure)
    if one is None:
        messages.warning(request, f"没有编号为“{figure}”的指标。下面是全部指标。")
        return redirect("statistics:figures")
    if isinstance(one, NameFigure):
        return named(request, one)
    question = question_of(one, request.GET, request.frame)
    told, chips, time = told_of(request, question, one), list(chips_of(question, one)), time_of(one, question)
    rows = rows_of(request, question, told["answer"], told["stand"], chips)
    context = {
        "figure": one,
        **told,
        "time": TIME_WORDS[time],
        "when": frame_words(request.frame, time),
        "chips": chips,
        "made_of": made_of(one),
        "rows": rows,
        "mark": printed(request, one.name, rows, chips),
    }
    return render(request, "statistics/figure.html", context)


def told_of(request: HttpRequest, question: Question, one: Figure) -> dict[str, Any]:
    """A figure's value, the earlier ones and the parts, each as far as the reader may be told."""
    then = before(question, one)
    stand, *stood = standings(request.user, [question, *then])
    answer = guarded.answer(request.user, question, stand)
    return {
        "answer": answer,
        "stand": stand,
        "earlier": earlier(request.user, list(zip(then, stood, strict=True)), answer, one),
        "offered": offers(request, question, answer, stand),
    }


def printed(request: HttpRequest, name: str, rows: Rows | None, chips: Sequence[Chip] = ()) -> Mark | None:
    """The mark of a number and the page of rows behind it, where they are asked for on paper."""
    facts = rows.facts if rows else ()
    told = {"chips": [Chip("指标", name, ()), *chips], "columns": facts, "holds": strictest(facts, request.user)}
    return on_paper(request, "指标和记录", Permission.STATISTICS_READ, len(rows.shown) if rows else 0, **told)


def offers(request: HttpRequest, question: Question, answer: Answer, stand: Standing) -> list[Offer]:
    """What a figure can be narrowed by; the parts that may be told where the reader may not see every row."""
    one = FIGURES[question.figure]
    if stand.whole:
        return list(offered(question, answer, one, request.GET, request.user))
    return [] if stand.withheld else [offer for offer in told_parts(question, one, request.user) if offer.parts]


def rows_of(request: HttpRequest, question: Question, answer: Answer, stand: Standing, chips: Sequence[Chip]) -> Rows | None:
    """The rows behind a figure's value; where the value is their count, they are not counted again. Where the value is
    withheld, the reader's own rows stand there if nothing narrows them."""
    one = FIGURES[question.figure]
    if answer.value is None and (stand.whole or question.facets or not request.user.may_somewhere(one.records().model.READ)):
        return None
    every = None if one.amount or one.of else int(answer.value or 0)
    return rows_shown(request, answers.rows(question), chips, whole=stand.whole, wanted=one.amount, every=every)


def named(request: HttpRequest, one: NameFigure) -> HttpResponse:
    """A name that reports quote: what it is now, and the rows it is taken from."""
    found = one.rows(request.frame) if one.rows else None
    rows = None if found is None else rows_shown(request, found, whole=not guards(request.user, found))
    names = one.names(request.frame, request.user)
    context = {"figure": one, "names": names, "rows": rows, "mark": printed(request, one.name, rows)}
    return render(request, "statistics/name.html", context)


def export(request: HttpRequest, figure: str) -> HttpResponse:
    """On POST, hand over the rows behind a figure as a workbook; the trail says so."""
    one = FIGURES.get(figure)
    if one is None or request.method != "POST":
        return redirect("statistics:figure", figure) if one else redirect("statistics:figures")
    question = question_of(one, request.GET, request.frame)
    stand = standing(request.user, question)
    if stand.withheld and question.facets:
        raise Refused(stand.withheld.why)
    if stand.whole and guarded.answer(request.user, question, stand).value is None:
        raise Refused("这个指标现在没有数，没有可以导出的记录。")
    frame = request.frame
    about = [Chip("指标", one.name, ()), Chip("范围", frame.scope.name or "全部", ()), Chip("期间", frame.period.title, ())]
    return workbook(request, Behind(answers.rows(question), asked(request), [*about, *chips_of(question, one)]))


def workbook(request: HttpRequest, listing: Behind) -> HttpResponse:
    """The rows the reader may see, masked as on the page."""
    if listing.rows().values("pk")[: EXPORTED + 1].count() > EXPORTED:
        raise Refused(TOO_MANY)
    return Pages(listing.register).workbook(request, listing)


def cross(request: HttpRequest) -> HttpResponse:
    """Cadres or members by one or two facets as of a day, beside another day if asked; the people behind each cell."""
    form = CrossForm(request.GET, request.frame)
    try:
        wanted = form.cross()
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("statistics:structure")
    model = wanted.figure.records().model
    readable = request.user.may_somewhere(model.READ)
    context = {
        "form": form,
        "cross": wanted,
        "subjects": [(name, FIGURES[id].name) for name, id in structure.SUBJECTS.items()],
        "readable": readable,
        "made": shown(wanted, reverse("statistics:structure-people") if readable else "", request.user),
        "mark": on_paper(request, f"{wanted.figure.name}结构", Permission.STATISTICS_READ, 0),
    }
    return render(request, "statistics/structure.html", context)


def people(request: HttpRequest) -> HttpResponse:
    """The people behind a cell of a cross-table, as far as the reader may see them."""
    wanted = people_asked(request.GET, request.frame)
    stand = standing(request.user, Question(wanted.figure.id, {}, "", wanted.frame))
    rows = rows_shown(request, structure.people(wanted.subject, wanted.frame, wanted.chosen), whole=stand.whole)
    mark = printed(request, wanted.figure.name, rows, list(wanted.chips()))
    return render(request, "statistics/people.html", {"wanted": wanted, "rows": rows, "mark": mark})


def people_export(request: HttpRequest) -> HttpResponse:
    """On POST, hand over the people behind a cell as a workbook; the trail says so."""
    if request.method != "POST":
        return redirect("statistics:structure")
    wanted = people_asked(request.GET, request.frame)
    about = [Chip("结构分析", wanted.figure.name, ()), Chip("截至日", str(wanted.frame.day), ())]
    rows = structure.people(wanted.subject, wanted.frame, wanted.chosen)
    return workbook(request, Behind(rows, asked(request), [*about, *wanted.chips()]))
