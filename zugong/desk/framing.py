"""The frame a page is about, from its address: ?scope=&period=&on=, remembered for the session."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest

from zugong.base.periods import BadPeriod, Frame, Period, day_said
from zugong.base.rules import Refused
from zugong.organizations.models import PartyOrganization
from zugong.statistics.frames import frame_of, may_frame, widest
from zugong.ui.typeahead import found, label_of

PARTS = ("scope", "period", "on")
KEPT = "frame"


def demo_day(settings: Mapping[str, str]) -> date | None:
    """The day a demo takes for today; None in earnest."""
    try:
        return day_said(settings.get("demo_day", ""))
    except BadPeriod:
        return None


def half_year_of(day: date) -> str:
    """The half-year a day lies in."""
    return f"{day.year}H{1 if day.month <= 6 else 2}"


def asked(request: HttpRequest) -> Frame:
    """The frame the address asks for, remembered. A period or a day that cannot be is said, and the frame stays as it was.
    404 for an organization outside the reader's reach."""
    wanted = {**request.session.get(KEPT, {}), **{p: request.GET[p] for p in PARTS if p in request.GET}}
    try:
        frame = _made(request, wanted)
    except BadPeriod as bad:
        messages.warning(request, str(bad))
        return kept(request)
    except Refused:
        raise Http404("没有这个党组织，或者不在您能看到的范围里。") from None
    said = {name: value for name, value in wanted.items() if value}
    if request.session.get(KEPT) != said:  # an unchanged frame is not written again with every page
        request.session[KEPT] = said
    return frame


def kept(request: HttpRequest) -> Frame:
    """The frame remembered for the session; what no longer holds is forgotten."""
    wanted = request.session.get(KEPT, {})
    try:
        return _made(request, wanted)
    except (BadPeriod, Refused):
        request.session.pop(KEPT, None)
        return _made(request, {})


def _made(request: HttpRequest, wanted: dict[str, str]) -> Frame:
    """A frame from its parts; raises BadPeriod, or Refused for an organization out of reach."""
    period = wanted.get("period") or half_year_of(request.today)
    seen_from = day_said(wanted["on"]) if wanted.get("on") else request.today
    code = wanted.get("scope", "")
    if not code:
        read = Period.parse(period)
        day = min(read.last, seen_from)
        return Frame(widest(request.user, day), read, day, request.standards)
    frame = frame_of(period, seen_from, code).by(request.standards)
    if not may_frame(request.user, frame):
        raise Refused("不在您能看到的范围里")
    return frame


def scope_named(request: HttpRequest, words: str) -> str | None:
    """The code of the organization chosen by words; None when nothing, or more than one, goes by them."""
    matches = found(PartyOrganization.objects.visible_to(request.user), words)
    return matches[0].code if len(matches) == 1 else None


def words_of(request: HttpRequest, frame: Frame) -> dict[str, str]:
    """The frame in words, and what its form holds."""
    scope = frame.scope
    return {
        "scope": scope.name or "全部党组织",
        "scope_input": label_of(scope) if scope.code and request.session.get(KEPT, {}).get("scope") else "",
        "period": frame.period.title,
        "on_input": request.session.get(KEPT, {}).get("on", ""),
    }


def period_choices(frame: Frame, today: date) -> list[tuple[str, str]]:
    """Periods to choose from: half-years, quarters, months and years up to now; the present choice always among them."""
    periods = list(dict.fromkeys([*_recent(today)]))
    if frame.period not in periods:
        periods.insert(0, frame.period)
    return [(p.code, p.title) for p in periods]


def _recent(today: date) -> Iterator[Period]:
    month = Period.of_months(today.replace(day=1), 1)
    year = month.year
    for months, many in ((6, 4), (12, 3), (3, 4), (1, 6)):
        start = year if months == 12 else next(p for p in year.split(months) if today in p)
        for _ in range(many):
            yield start
            start = start.previous()
