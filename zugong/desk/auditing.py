"""The auditor's pages: what was done, by whom, by which way."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zugong.base.models import TrailEntry
from zugong.ui.history import called, noted, subject_words, verb_words
from zugong.ui.views import number_in

TRAIL_PAGE = 100


def trail(request: HttpRequest) -> HttpResponse:
    """What was done, newest first; values stay sealed."""
    rows, words, before = TrailEntry.objects.order_by("-number"), request.GET.get("q", "").strip(), number_in(request, "before")
    if words:
        wanted = Q(account=words) | Q(subject=words) | Q(verb=words) | Q(called__contains=words)
        rows = rows.annotate(called=called()).filter(wanted)
    entries = list((rows.filter(number__lt=before) if before else rows)[: TRAIL_PAGE + 1])
    more = entries[TRAIL_PAGE - 1].number if len(entries) > TRAIL_PAGE else None
    shown = [(one, verb_words(one.verb), subject_words(one.subject), noted(one)) for one in entries[:TRAIL_PAGE]]
    return render(request, "desk/trail.html", {"rows": shown, "words": words, "more": more})
