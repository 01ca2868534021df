"""The outermost layer of the web: who is here, which day it is, what frame the page is about. Closed by default."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.defaults import page_not_found, permission_denied, server_error

from zugong.base import department, trail
from zugong.base.access import Permission
from zugong.base.exports import NeedsAgreement
from zugong.base.numbers import holds_secret
from zugong.base.rules import NotAllowed, Refused
from zugong.base.standards import Standards
from zugong.desk import framing, granting, leaving, staying, turning
from zugong.desk.clock import now, today
from zugong.desk.offices import DIGEST_TITLE, navigation
from zugong.regulations.models import entered
from zugong.ui.pages import Audience

BUSY = ("database is locked", "database table is locked", "lock timeout", "deadlock detected")
SECONDS_TO_WAIT = 30


class Door:
    """Lets in whoever is signed in, for pages that say who may open them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with trail.coming_by(trail.PAGES):
            return self.let_in(request)

    def let_in(self, request: HttpRequest) -> HttpResponse:
        """Say who is here and which day it is, and have the request answered."""
        day = today()
        request.department, request.today, request.standards = {}, day, Standards(entered)
        if request.user.is_authenticated:
            request.user.day, request.user.now = day, now()
            staying.see_to_limits(request)
        if request.user.is_authenticated:
            request.department = department.everything()
            request.today = framing.demo_day(request.department) or day
            if staying.is_demo(request):
                request.user.shown_day = request.today
            request.first = staying.must_go_first(request)
            if not request.first:  # whoever is not wholly in sees no frame: it names what is kept here
                request.frame = SimpleLazyObject(lambda: framing.kept(request))
        who = request.user.username if request.user.is_authenticated else ""
        response = self.get_response(request)
        if who and response.status_code in (403, 404) and request.resolver_match and not hasattr(request, "noted"):
            turning.note(request, who, response.status_code)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, given: Any) -> HttpResponse | None:
        """Ask for the login, the new password, the right frame; refuse a view that does not say who may open it."""
        audience = getattr(view, "permission", None)
        if audience == Audience.EVERYBODY:
            return None
        if not request.user.is_authenticated:
            return self.to_login(request)
        if audience is None:
            raise PermissionDenied("这一页没有登记谁可以打开，暂不开放。")
        if request.first:
            there = request.resolver_match.view_name in (*request.first, "desk:logout")
            return None if there else self.elsewhere(request, request.first[0])
        if any(holds_secret(said) for name in request.GET.keys() - framing.PARTS for said in request.GET.getlist(name)):
            return self.without_secret(request)
        return self.frame(request)

    def to_login(self, request: HttpRequest) -> HttpResponse:
        """The login page, which leads back."""
        return self.elsewhere(request, "desk:login") if request.htmx else redirect_to_login(request.get_full_path())

    def elsewhere(self, request: HttpRequest, name: str) -> HttpResponse:
        """Another page; a fragment asked for in place sends the whole page there."""
        if request.htmx:
            return HttpResponse(status=204, headers={"HX-Redirect": reverse(name)})
        return redirect(name)

    def without_secret(self, request: HttpRequest) -> HttpResponse:
        """A resident ID in an address would stand in logs, histories and on the trail: nothing is done with it."""
        if request.htmx:
            return HttpResponse(status=204)
        messages.warning(request, "证件号码和手机号不写进地址，也就没有查。请在页面里重新输入一次。")
        return redirect(request.path)

    def frame(self, request: HttpRequest) -> HttpResponse | None:
        """Take up the frame the address asks for; words for a unit become its code in the address."""
        if "scope_name" in request.GET and "of" not in request.GET:
            return redirect(f"{request.path}?{self.query_with_code(request)}")
        if any(part in request.GET for part in framing.PARTS):
            request.frame = framing.asked(request)
        return None

    def query_with_code(self, request: HttpRequest) -> str:
        """The query with the unit's code in place of its words."""
        query = request.GET.copy()
        words = query.pop("scope_name")[-1].strip()
        query["scope"] = code = framing.scope_named(request, words) or ""
        if words and not code:
            messages.warning(request, f"没有找到“{words}”，现在看的是您能看到的全部。请输入名称中的几个字，再从列表里选。")
        return query.urlencode()

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """An action's refusal that no form took up: its sentences, on a page of their own."""
        request.refused = isinstance(error, Refused) and not isinstance(error, NeedsAgreement)
        if isinstance(error, NotAllowed):
            if error.noted:
                request.noted = True  # the action's own entry says more than the page could
            return render(request, "403.html", {"exception": str(error)}, status=403)
        if isinstance(error, NeedsAgreement):
            return leaving.asking(request, error)
        if isinstance(error, Refused):
            return render(request, "ui/refused.html", {"reasons": error.reasons}, status=409)
        return None


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page one may not open."""
    request.refused = True
    return permission_denied(request, exception)


def not_there(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page that is not there, or not for this reader."""
    request.refused = True
    return page_not_found(request, exception)


def failed(request: HttpRequest) -> HttpResponse:
    """What no page took up. Somebody else writing for long is no fault: come back in a while. Asks the database nothing."""
    error = sys.exc_info()[1]
    if not (isinstance(error, OperationalError) and any(words in str(error) for words in BUSY)):
        return server_error(request)
    if hasattr(request, "session"):
        request.session.modified = False  # or it would be tried once more on the way out
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": str(SECONDS_TO_WAIT)})


def frame_of_page(request: HttpRequest) -> dict[str, Any]:
    """What the frame of every page shows; asked for only where a page draws it."""
    if not hasattr(request, "frame"):
        return {}
    frame, user = request.frame, request.user
    return {
        "navigation": SimpleLazyObject(lambda: shown_navigation(request)),
        "reminders": SimpleLazyObject(lambda: reminders(request)),
        "frame": frame,
        "frame_words": SimpleLazyObject(lambda: framing.words_of(request, frame)),
        "period_choices": SimpleLazyObject(lambda: framing.period_choices(frame, request.today)),
        "department": request.department.get("department", ""),
        "shown_day": request.today if request.today != user.day else None,
        "switched_on": SimpleLazyObject(lambda: granting.switched_on(user)),
        "demo_home": staying.is_demo(request),
        "searchable": SimpleLazyObject(lambda: user.may_somewhere(Permission.DESK_READ)),
    }


def shown_navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The rail, put together once for a page; what waits is not counted for whoever is only refused."""
    if not hasattr(request, "shown_navigation"):
        request.shown_navigation = navigation(request, counting=not getattr(request, "refused", False))
    return request.shown_navigation


def reminders(request: HttpRequest) -> int:
    """How many lines of today's digest the reader has not looked at yet; counted with the rail."""
    entries = [entry for office in shown_navigation(request) for entry in office["entries"]]
    return next((entry["waiting"] for entry in entries if entry["title"] == DIGEST_TITLE), 0)
