"""The pages of the calendar of duties, one's subscription, and the file a phone fetches."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from zugong.base import feeds
from zugong.base.access import Permission
from zugong.base.calendarfile import written
from zugong.base.department import everything
from zugong.base.periods import BadPeriod, Frame, Period
from zugong.base.rules import Refused
from zugong.base.subscribing import end_feed, open_feed, take_feed
from zugong.desk.clock import today
from zugong.desk.duecalendar import OFFICES, DueCalendar
from zugong.desk.framing import demo_day, widest
from zugong.people.models import Person
from zugong.ui.leaving import on_paper
from zugong.ui.views import number_in

ADDRESS = "feed_address"  # where the session holds a new address until it was shown once


def calendar(request: HttpRequest) -> HttpResponse:
    """What falls due in the next twelve months: month by month, or one month as a grid."""
    office, person = request.GET.get("office", ""), whom(request)
    made = DueCalendar(request.frame, request.user, office if office in OFFICES.values() else "", person.pk if person else 0)
    month = month_in(request)
    context = {
        "made": made,
        "months": [made.month(month)] if month else made.months(),
        "month": month,
        "office": made.office,
        "offices": dict.fromkeys(OFFICES.values()),
        "person": person,
        "feed": feeds.of_account(request.user),
        "address": request.session.pop(ADDRESS, ""),
        "mark": on_paper(request, "应办日历", Permission.DESK_READ, 0),
    }
    return render(request, "desk/calendar.html", context)


def whom(request: HttpRequest) -> Person | None:
    """The person the address asks about, if the reader may see them."""
    number = number_in(request, "person")
    return Person.objects.visible_to(request.user).filter(pk=number).first() if number else None


def month_in(request: HttpRequest) -> date | None:
    """The month the address asks for; None for all of them."""
    try:
        asked = Period.parse(request.GET.get("month", ""))
    except BadPeriod:
        return None
    return asked.first.replace(day=1)


def feed(request: HttpRequest) -> HttpResponse:
    """On POST, give the reader's own account a new address, or give it up."""
    if request.method == "POST":
        try:
            if "end" in request.POST:
                end_feed(by=request.user, on=request.user.day)
                messages.success(request, "已停用。手机上订过的日历不会再更新，请在手机里删掉。")
            else:
                token = open_feed(by=request.user, on=request.user.day)
                request.session[ADDRESS] = request.build_absolute_uri(reverse("desk:calendar-file", args=[token]))
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect(f"{reverse('desk:calendar')}#subscribe")


def calendar_file(request: HttpRequest, token: str) -> HttpResponse:
    """The file of whoever holds the address, made of what its account may see today; 404 for any other address."""
    found = feeds.of_token(token)
    if found is None or not found.user.is_active:
        raise Http404("没有这个订阅。")
    user, day = found.user, today()
    user.day = day
    if not user.may_somewhere(Permission.DESK_READ):
        raise Http404("没有这个订阅。")
    if not feeds.taken_today(found, day):
        take_feed(by=user, on=day, feed=found)
    seen_from = demo_day(everything()) or day
    period = Period.of_months(seen_from.replace(day=1), 1)
    frame = Frame(widest(user, seen_from), period, seen_from, request.standards)
    body = written("应办事项", DueCalendar(frame, user).entries(), day)
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="duties.ics"'
    answer["Cache-Control"] = "private, no-store"
    return answer
