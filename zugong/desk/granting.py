"""Accounts and what they are granted: opening, closing, giving, changing, ending; a second person's word; what is on call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from zugong.base import accounts, elevation, grants
from zugong.base.access import ROLES, Permission
from zugong.base.grants import OPERATOR
from zugong.base.models import Grant, GrantState, User
from zugong.base.rules import Refused
from zugong.desk.clock import now
from zugong.desk.forms import account_form, grant_form, grant_given, switch_form
from zugong.desk.guarding import how_it_stands
from zugong.organizations.models import PartyOrganization
from zugong.ui.forms import sent
from zugong.ui.posting import by_post, made_of
from zugong.ui.registers import REGISTERS
from zugong.ui.typeahead import candidates, label_of


@dataclass(frozen=True)
class Line:
    """A grant as a page tells it: the role's title, the place's name, where it stands."""

    title: str
    place: str
    grant: Grant
    status: str
    tone: str
    changeable: bool = False


def places_of(given: list[Grant]) -> dict[str, str]:
    """Organizations' names by the codes of grants."""
    codes = {g.organization_code for g in given} - {""}
    return dict(PartyOrganization.objects.filter(code__in=codes).values_list("code", "name"))


def told(given: list[Grant], day: date, places: dict[str, str] | None = None) -> list[Line]:
    """Grants with the titles of their roles and places, and where they stand on a day."""
    places = places_of(given) if places is None else places
    titles = {code: role.title for code, role in ROLES.items()}
    return [
        Line(
            titles.get(g.role, g.role),
            places.get(g.organization_code, g.organization_code) or "全部",
            g,
            *_standing(g, day),
            g.role != OPERATOR,
        )
        for g in given
    ]


def _standing(grant: Grant, day: date) -> tuple[str, str]:
    """Where a grant stands on a day, and the tone of its badge."""
    if grant.state != GrantState.AGREED:
        return str(grant.get_state_display()), "open" if grant.state == GrantState.PROPOSED else "over"
    if grant.valid_to is not None and grant.valid_to <= day:
        return "已结束", "over"
    if grant.valid_from is not None and grant.valid_from > day:
        return "未开始", "plain"
    return ("有效，须启用" if grant.on_call else "有效"), "now"


def account_list(request: HttpRequest) -> HttpResponse:
    """Every account with its grants."""
    day = request.user.day
    rows = grants.accounts_with_grants(day)
    places = places_of([g for _, open_now, _ in rows for g in open_now])
    told_rows = [(user, told(held, day, places)) for user, held, _ in rows]
    return render(request, "desk/accounts.html", {"rows": told_rows, "registers": REGISTERS.values()})


def account_add(request: HttpRequest) -> HttpResponse:
    """Open an account; its one-time password is shown once."""
    form = account_form(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            said, given = form.cleaned_data, grant_given(form)
            user, secret = accounts.create_account(
                by=request.user, on=request.user.day, username=said["username"], name=said["name"], given=given
            )
            return render(request, "desk/one_time.html", {"of": user, "secret": secret, "waits": waits(user)})
        except Refused as refusal:
            form.refuse(refusal)
    return render(request, "desk/account_add.html", {"form": form})


def waits(user: User) -> bool:
    """Whether a grant of an account waits for a second person."""
    return Grant.objects.filter(user=user, state=GrantState.PROPOSED).exists()


def account_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its grants, one more grant."""
    of, day = get_object_or_404(User, pk=pk), request.user.day
    form = grant_form(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            grant = grants.give_grant(by=request.user, on=day, user=of, given=grant_given(form))
            messages.success(request, f"{_given_words(grant)}。")
            return redirect("desk:account-one", pk=pk)
        except Refused as refusal:
            form.refuse(refusal)
    _, held, ended = next(row for row in grants.accounts_with_grants(day) if row[0].pk == of.pk)
    lines = {"now": told(held, day), "ended": told(ended, day)}
    return render(request, "desk/account_one.html", {"of": of, "form": form, "guard": how_it_stands(of), **lines})


def _given_words(grant: Grant) -> str:
    if grant.state == GrantState.PROPOSED:
        return f"已提出给“{grant.user.name}”授权，等第二人同意后生效"
    return f"已给“{grant.user.name}”授权"


def grant_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another grant in the place of one; the old one ends when the new one holds."""
    grant = get_object_or_404(Grant.objects.select_related("user"), pk=pk)
    form = grant_form(sent(request), grant)
    if request.method == "POST" and form.is_valid():
        try:
            made = grants.change_grant(by=request.user, on=request.user.day, grant=grant, given=grant_given(form))
            messages.success(request, f"{_given_words(made)}；原来的那一项到新的生效时结束。")
            return redirect("desk:account-one", pk=grant.user_id)
        except Refused as refusal:
            form.refuse(refusal)
    [line] = told([grant], request.user.day)
    return render(request, "desk/grant_change.html", {"form": form, "line": line, "of": grant.user})


def grant_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a grant from today."""
    grant = get_object_or_404(Grant, pk=pk)
    if request.method == "POST":
        try:
            ended = grants.end_grant(by=request.user, on=request.user.day, grant=grant)
            withdrawn = ended.state == GrantState.WITHDRAWN
            messages.success(request, "授权已撤回。" if withdrawn else "授权已结束，从今天起不再有效。")
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect("desk:account-one", pk=grant.user_id)


def grants_waiting(request: HttpRequest) -> HttpResponse:
    """What waits for a second person."""
    found = grants.waiting(request.user, request.user.day)
    return render(request, "desk/grants_waiting.html", {"rows": told(found, request.user.day)})


def grant_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """A second person's word on a grant."""
    grant = get_object_or_404(Grant.objects.held_by(request.user, Permission.GRANTS_APPROVE), pk=pk)
    agreed, reason = "agree" in request.POST, request.POST.get("reason", "")[:200]
    said = "已同意，授权生效。" if agreed else "已写明不同意，授权不生效。"
    by_post(request, said, grants.decide_grant, grant=grant, agreed=agreed, reason=reason)
    return redirect("desk:grants-waiting")


def switch_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch on one of one's own on-call grants, for hours and with a reason."""
    user = request.user
    grant = get_object_or_404(Grant.objects.filter(user=user, on_call=True), pk=pk)
    form = switch_form(elevation.longest(user.day), sent(request))
    if made_of(request, form, elevation.switch_on, grant=grant, at=now()):
        messages.success(request, "已启用，办完请关闭。")
        return redirect("desk:home")
    [line] = told([grant], user.day)
    return render(request, "desk/switch_on.html", {"form": form, "line": line})


def switch_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch it off before its time."""
    grant = get_object_or_404(Grant.objects.filter(user=request.user), pk=pk)
    by_post(request, "已关闭，权限收回。", elevation.switch_off, grant=grant, at=now())
    return redirect("desk:home")


def switched_on(user: Any) -> list[Line]:
    """What an account has switched on now, for the banner of every page."""
    running = [g for g in user.grants_in_force() if g.on_call]
    return told(running, user.day) if running else []


def find_place(request: HttpRequest) -> HttpResponse:
    """Names of organizations for whoever gives grants: names and codes only."""
    typed = request.GET.get("organization", "")
    found = candidates(PartyOrganization.objects.all(), typed) if typed.strip() else []
    return render(request, "ui/piece_options.html", {"options": [(label_of(one), one.superior_name) for one in found]})


def account_reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an account a new one-time password, shown once."""
    of = get_object_or_404(User, pk=pk)
    if request.method != "POST":
        return redirect("desk:account-one", pk=pk)
    try:
        secret = accounts.reset_password(by=request.user, on=request.user.day, user=of)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:account-one", pk=pk)
    return render(request, "desk/one_time.html", {"of": of, "secret": secret})


def account_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account, which ends its grants, or open it again."""
    of = get_object_or_404(User, pk=pk)
    said = f"已{'停用，授权一并结束' if of.is_active else '启用，请重新授权'}：“{of.name}”的账号。"
    by_post(request, said, accounts.set_active, user=of, active=not of.is_active)
    return redirect("desk:account-one", pk=pk)
