"""The auditor's pages: what was done, by whom, by which way; one entry in full; the entries as a file to be verified."""

from __future__ import annotations

import tempfile
from io import TextIOWrapper

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from zugong.base import anchors, chain, exports
from zugong.base.access import Permission, Privacy
from zugong.base.models import TrailEntry, User
from zugong.desk import entries
from zugong.ui.history import noted, subject_words, verb_words
from zugong.ui.leaving import attachment
from zugong.ui.views import number_in

TRAIL_PAGE = 100


def trail(request: HttpRequest) -> HttpResponse:
    """What was done, newest first; values stay sealed."""
    sought, before = entries.Sought.of(request.GET), number_in(request, "before")
    rows = sought.rows()
    found = list((rows.filter(number__lt=before) if before else rows)[: TRAIL_PAGE + 1])
    more = found[TRAIL_PAGE - 1].number if len(found) > TRAIL_PAGE else None
    shown = [(one, verb_words(one.verb), subject_words(one.subject), noted(one)) for one in found[:TRAIL_PAGE]]
    context = {"rows": shown, "more": more, "sought": sought, "channels": entries.CHANNELS, "complaints": anchors.complaints()}
    return render(request, "desk/trail.html", context)


def trail_entry(request: HttpRequest, number: int) -> HttpResponse:
    """One entry in full, with its mark; what is personal or restricted stays sealed."""
    one = get_object_or_404(TrailEntry, number=number)
    plain, changed = entries.said_by(one)
    who = User.objects.filter(username=one.account).values_list("name", flat=True).first()
    words = {
        "what": verb_words(one.verb),
        "about": subject_words(one.subject),
        "who": who,
        "sound": one.mark == chain.mark_of(one),
    }
    context = {"one": one, "plain": plain, "changed": changed, "sound": one.mark == chain.mark_of(one), **words}
    return render(request, "desk/trail_entry.html", context)


def trail_export(request: HttpRequest) -> HttpResponse:
    """On POST, hand over the entries asked for with their marks, so that a third party can verify them; the trail says so."""
    if request.method != "POST":
        return redirect("desk:trail")
    sought = entries.Sought.of(request.POST)
    rows = sought.rows().order_by("number")
    mark = exports.record_export(
        by=request.user, on=request.user.day, read=Permission.TRAIL_READ, register="base.trail", filters=sought.told(),
        columns=list(entries.COLUMNS), rows=rows.count(), holds=Privacy.INTERNAL, free=True,
    )  # fmt: skip
    target = tempfile.TemporaryFile(suffix=".csv")  # noqa: SIM115 (closed by the response)
    text = TextIOWrapper(target, "utf-8-sig", newline="")
    entries.write(rows.iterator(chunk_size=2000), text, mark.words)
    text.flush()
    text.detach()
    target.seek(0)
    return attachment(mark, target, f"留痕{request.user.day:%Y%m%d}.csv")
