"""The pages of the reports: what there is, a text with its slots, a report with what stands behind it, and its leaving."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from zugong.base.access import Permission
from zugong.base.exports import NeedsAgreement
from zugong.base.periods import BadPeriod, Period
from zugong.base.rules import Refused
from zugong.base.sealing import digest
from zugong.reports import actions, handing
from zugong.reports.actions import NotSubmitted
from zugong.reports.deciding import Binding, deciding
from zugong.reports.forms import AdoptForm, NumberForm, binding_given
from zugong.reports.frozen import frame_of_report
from zugong.reports.models import AdoptedText, Choice, Replacement, Report, ReportState, Slot
from zugong.reports.plans import planned
from zugong.reports.producing import INTERNAL, PUBLIC, RENDITIONS
from zugong.reports.showing import leaving, panel, public_page, report_page, text_page, titled
from zugong.reports.texts import as_read
from zugong.statistics.frames import frame_of
from zugong.ui.forms import sent
from zugong.ui.leaving import attachment
from zugong.ui.pages import View
from zugong.ui.views import number_in

PAGE = 50
NEW_TEXT = "已收下。先看看数据位接得对不对，再写这一期的报告。"
KNOWN_TEXT = "这份稿子以前收过，一个字不差，打开的是原来那一份。"


def listed(request: HttpRequest) -> HttpResponse:
    """The reports and the texts they are made from, the latest first."""
    slots, undecided = Count("slots"), Count("slots", filter=Q(slots__decided_by=""))
    reports = Report.objects.visible_to(request.user).select_related("text")
    texts = AdoptedText.objects.visible_to(request.user).annotate(found=slots, undecided=undecided).defer("text")
    context = {
        "reports": latest(reports.defer("produced", "text__text"), number_in(request, "before")),
        "texts": latest(texts, number_in(request, "older")),
        "may_read": request.user.may(Permission.REPORTS_READ),
        "may_write": may_write(request),
    }
    return render(request, "reports/list.html", context)


def latest(rows: QuerySet, before: int | None) -> dict[str, Any]:
    """The latest rows, or those before one; and where to go on."""
    found = list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: PAGE + 1])
    return {"rows": titled(found[:PAGE]), "more": found[PAGE - 1].pk if len(found) > PAGE else None, "later": bool(before)}


def may_write(request: HttpRequest) -> bool:
    """Whether the reader may adopt texts and write reports; reports are the whole department's."""
    return request.user.may(Permission.REPORTS_WRITE)


def adopt(request: HttpRequest) -> HttpResponse:
    """Take a text as a template; its slots are shown next."""
    form = AdoptForm(sent(request), request.FILES, words_of_another(request))
    if request.method == "POST" and form.is_valid():
        known = AdoptedText.objects.filter(digest=digest(as_read(form.text).encode())).exists()
        try:
            text = actions.adopt(by=request.user, on=request.today, name=form.name, text=form.text)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, KNOWN_TEXT if known else NEW_TEXT)
            return redirect("reports:text", text.pk)
    return render(request, "reports/adopt.html", {"form": form})


def words_of_another(request: HttpRequest) -> dict[str, str]:
    """The words of a text that is to be adopted anew with some of them changed."""
    number = number_in(request, "of")
    text = AdoptedText.objects.visible_to(request.user).filter(pk=number).first() if number else None
    return {"pasted": text.text, "name": f"{text.name}（改）"} if text else {}


def by_post(page: str) -> Callable[[View], View]:
    """An address that only changes something; whoever merely goes there is shown the page it belongs to."""

    def wrap(view: View) -> View:
        @wraps(view)
        def posted(request: HttpRequest, pk: int, **given: Any) -> HttpResponse:
            return view(request, pk, **given) if request.method == "POST" else redirect(page, pk)

        return posted

    return wrap


def the_text(request: HttpRequest, pk: int) -> AdoptedText:
    """The text, if the reader may see it."""
    return get_object_or_404(AdoptedText.objects.visible_to(request.user), pk=pk)


def text(request: HttpRequest, pk: int) -> HttpResponse:
    """An adopted text with its slots in place; beside it their list, or the chosen one to be decided on."""
    one = the_text(request, pk)
    slots, number = list(one.slots.all()), number_in(request, "slot")
    chosen = next((slot for slot in slots if slot.number == number), None)
    decision = None
    if chosen:
        chosen.text, figure = one, request.GET.get("figure")
        wanted = None if figure is None else Binding.of(chosen) if figure == chosen.figure else Binding(figure)
        decision = deciding(chosen, wanted, request.GET.get("find"))
    context = {
        **text_page(one, slots, request.frame, decision, request.user, number_in(request, "part")),
        "may_write": may_write(request),
        "may_adopt": may_write(request) and one.pk,
    }
    return render(request, "reports/text_side.html" if request.htmx else "reports/text.html", context)


@by_post("reports:text")
def back(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Tie a sentence to a record, keep it without one, or write it no more."""
    one, post = the_text(request, pk), request.POST
    choice = post.get("choice", "") if post.get("choice") in Choice.values else Choice.BOUND
    try:
        actions.back(
            by=request.user, on=request.today, text=one, frame=request.frame, number=number, choice=choice,
            record=post.get("record", ""),
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"第 {number} 句已定：{Choice(choice).label}。")
    return redirect(f"{reverse('reports:text', args=[pk])}?part={number}#part-{number}")


def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The sentences of a text's plan, each with the way to make a task of it (the tasks' own page, by its address)."""
    one = the_text(request, pk)
    sentences = [sentence.text.strip() for sentence in planned(one.text)]
    may_assign = request.user.may_somewhere(Permission.TASKS_EDIT)
    return render(request, "reports/plan.html", {"text": one, "sentences": sentences, "may_assign": may_assign})


@by_post("reports:text")
def bind(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Accept a slot's proposal or bind it to another figure; the next unconfirmed one is shown then."""
    one = the_text(request, pk)
    slot = get_object_or_404(one.slots.all(), number=number)
    slot.text, wanted, error = one, binding_given(request.POST) if "figure" in request.POST else Binding.of(slot), ""
    try:
        slot = actions.bind(
            by=request.user, on=request.today, slot=slot, figure=wanted.figure, facets=wanted.facets, time=wanted.time,
            prior=wanted.prior,
        )  # fmt: skip
    except Refused as refusal:
        error = str(refusal)
    slots = list(one.slots.all())
    shown = slot if error else following(slots, slot)
    if not request.htmx:
        return bound(request, pk, number, shown, error)
    decision = deciding(shown, wanted, error=error) if error else shown and deciding(shown)
    context = text_page(one, slots, request.frame, decision, request.user)
    done = None if error else context["marks"][slot.number]
    return render(request, "reports/text_decided.html", {**context, "may_write": True, "done": done})


def bound(request: HttpRequest, pk: int, number: int, shown: Slot | None, error: str) -> HttpResponse:
    """The same for a browser that sent the form by itself: the whole page, at the next slot."""
    messages.add_message(request, messages.ERROR if error else messages.SUCCESS, error or f"第 {number} 处已确认。")
    at = f"?slot={shown.number}#slot-{shown.number}" if shown else ""
    return redirect(f"{reverse('reports:text', args=[pk])}{at}")


def following(slots: list[Slot], slot: Slot) -> Slot | None:
    """The next slot nobody has confirmed, from this one on and around; None when all are."""
    left = [one for one in slots if not one.decided_by]
    return next((one for one in left if one.number > slot.number), left[0] if left else None)


@by_post("reports:text")
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the report of a period from a text."""
    one, said = the_text(request, pk), request.POST.get("period", "")
    try:
        period = Period.parse(said) if said else request.frame.period
    except BadPeriod as bad:
        messages.error(request, str(bad))
        return redirect("reports:text", pk)
    frame = request.frame
    if period != frame.period:
        frame = frame_of(period.code, request.today, frame.scope.code)
    return redirect("reports:report", actions.draft(by=request.user, on=request.today, text=one, frame=frame).pk)


def the_report(request: HttpRequest, pk: int) -> Report:
    """The report, if the reader may see it."""
    return get_object_or_404(Report.objects.visible_to(request.user).select_related("text"), pk=pk)


def asked_rendition(said: Any) -> str:
    """The rendition asked for; the internal one otherwise."""
    rendition = said.get("rendition", INTERNAL)
    return rendition if rendition in RENDITIONS else INTERNAL


def report(request: HttpRequest, pk: int) -> HttpResponse:
    """A report as it reads, and what stands behind each of its figures."""
    one, rendition = the_report(request, pk), asked_rendition(request.GET)
    return shown(request, one, rendition, number_in(request, "slot"), part=number_in(request, "part"))


def shown(
    request: HttpRequest,
    one: Report,
    rendition: str,
    number: int | None,
    form: NumberForm | None = None,
    part: int | None = None,
) -> HttpResponse:
    """Draw a report in a rendition; the public one on a page that holds nothing but its words."""
    frame = frame_of_report(one)
    if rendition == PUBLIC:
        return render(request, "reports/public.html", public_page(one, frame))
    rights = {**rights_on(request, one), "form": form, "number_form": form or NumberForm()}
    if request.htmx:
        beside = panel(one, frame, rendition, number, request.user, part)
        return render(request, "reports/report_side.html", {**beside, **rights})
    context = report_page(one, frame, rendition, number, request.user, part)
    return render(request, "reports/report.html", {**context, **rights, "later_day": min(frame.period.last, request.today)})


def rights_on(request: HttpRequest, one: Report) -> dict[str, Any]:
    """What the reader may do with a report."""
    draft, writes = one.state == ReportState.DRAFT, may_write(request)
    return {
        "may_write": writes and draft,
        "may_submit": request.user.may(Permission.REPORTS_SUBMIT) and draft,
        "may_draft": writes,
        "may_adopt": writes and one.text_id,
    }


def to_report(one: Report, number: int | None = None) -> HttpResponse:
    """To the report, at one of its figures."""
    there = reverse("reports:report", args=[one.pk])
    return redirect(f"{there}?slot={number}#slot-{number}" if number else there)


@by_post("reports:report")
def day(request: HttpRequest, pk: int) -> HttpResponse:
    """See a draft from today instead of the day it was begun."""
    one = the_report(request, pk)
    frame = frame_of(one.period, request.today, one.scope)
    return to_report(actions.draft(by=request.user, on=request.today, text=one.text, frame=frame))


@by_post("reports:report")
def number(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Put a number in by hand, with its reason."""
    one, form = the_report(request, pk), NumberForm(request.POST)
    slot = get_object_or_404(one.text.slots.all(), number=number)
    if form.is_valid():
        try:
            actions.replace_number(by=request.user, on=request.today, report=one, slot=slot, **form.cleaned_data)
            messages.success(request, f"第 {number} 处已改为手填的数。")
            return to_report(one, number)
        except Refused as refusal:
            form.refuse(refusal)
    return shown(request, one, INTERNAL, number, form)


@by_post("reports:report")
def withdraw(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Take a hand-written number back."""
    one = the_report(request, pk)
    kept = get_object_or_404(Replacement, report=one, slot__number=number)
    actions.withdraw_number(by=request.user, on=request.today, replacement=kept)
    messages.success(request, f"第 {number} 处手填的数已撤回，用台账里的数。")
    return to_report(one, number)


@by_post("reports:report")
def word(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand over the Word paper of a rendition."""
    one, rendition = the_report(request, pk), asked_rendition(request.POST)
    frame = frame_of_report(one)
    return handed(request, one, lambda: handing.word_file(one, frame, rendition, request.user, request.today))


@by_post("reports:report")
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand over the evidence workbook."""
    one, rendition = the_report(request, pk), asked_rendition(request.POST)
    return handed(request, one, lambda: handing.evidence_file(one, frame_of_report(one), rendition, request.user))


def handed(request: HttpRequest, one: Report, make: Callable[[], handing.Handed]) -> HttpResponse:
    """A file as an attachment; what keeps it back is said on the report's page."""
    try:
        found = make()
    except NeedsAgreement:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
        return to_report(one)
    return attachment(found.mark, BytesIO(found.content), found.name)


def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what will be frozen; on POST submit, or say what keeps the report from leaving."""
    one, reasons = the_report(request, pk), ()
    if one.state != ReportState.DRAFT:
        return to_report(one)
    frame = frame_of_report(one)
    if request.method == "POST":
        try:
            actions.submit(by=request.user, on=request.today, report=one, frame=frame)
            messages.success(request, "已报送。文字和数都已定格，以后台账再变，这一份不变。")
            return to_report(one)
        except NotSubmitted as refusal:
            reasons = refusal.reasons
    context = {**leaving(one, frame), "reasons": reasons}
    return render(request, "reports/submit.html", context, status=409 if reasons else 200)
