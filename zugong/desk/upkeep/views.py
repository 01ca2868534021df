"""How long each kind of record is kept, as a page for the offices."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zugong.base import retention


def periods(request: HttpRequest) -> HttpResponse:
    """The table: kind, period, event, what happens then, by which rule; how much is due of what the reader may see."""
    day = request.today
    due = {one.retention.model: one.rows for one in retention.due(request.user, day)}
    rows = [
        (one, one.period(day), request.standards.on(one.parameter, day).source.cite(), due.get(one.model, 0))
        for one in retention.table()
    ]
    return render(request, "desk/retention.html", {"rows": rows, "due": sum(due.values()), "day": day})
