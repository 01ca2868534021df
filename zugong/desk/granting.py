"""Accounts and what they are granted: opening, closing, giving and ending; one's own grants."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from zugong.base import accounts, grants
from zugong.base.access import ROLES
from zugong.base.models import Grant, User
from zugong.base.rules import Refused
from zugong.desk.forms import account_form, grant_form, grant_given
from zugong.organizations.models import PartyOrganization
from zugong.ui.forms import sent
from zugong.ui.typeahead import candidates, label_of


def places_of(grants: list[Grant]) -> dict[str, str]:
    """Organizations' names by the codes of grants."""
    codes = {g.organization_code for g in grants} - {""}
    return dict(PartyOrganization.objects.filter(code__in=codes).values_list("code", "name"))


def account_list(request: HttpRequest) -> HttpResponse:
    """Every account with its grants."""
    rows = grants.accounts_with_grants(request.user.day)
    places = places_of([g for _, now, _ in rows for g in now])
    shown = [(user, [one for one in named(now, places) if one[2].role in ROLES]) for user, now, _ in rows]
    return render(request, "desk/accounts.html", {"rows": shown})


def account_add(request: HttpRequest) -> HttpResponse:
    """Open an account; its one-time password is shown once."""
    form = account_form(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            user, secret = accounts.create_account(by=request.user, on=request.user.day, **grant_given(form))
            return render(request, "desk/one_time.html", {"of": user, "secret": secret})
        except Refused as refusal:
            form.refuse(refusal)
    return render(request, "desk/account_add.html", {"form": form})


def account_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its grants, one more grant."""
    of = get_object_or_404(User, pk=pk)
    form = grant_form(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            grants.give_grant(by=request.user, on=request.user.day, user=of, **grant_given(form))
            messages.success(request, f"已给“{of.name}”授权。")
            return redirect("desk:account-one", pk=pk)
        except Refused as refusal:
            form.refuse(refusal)
    _, now, ended = next(row for row in grants.accounts_with_grants(request.user.day) if row[0].pk == of.pk)
    context = {"of": of, "form": form, "now": named(now), "ended": named(ended)}
    return render(request, "desk/account_one.html", context)


def named(grants: list[Grant], places: dict[str, str] | None = None) -> list[tuple[str, str, Grant]]:
    """Grants with the titles of their roles and places."""
    places = places_of(grants) if places is None else places
    titles = {code: role.title for code, role in ROLES.items()}
    return [(titles.get(g.role, g.role), places.get(g.organization_code, g.organization_code), g) for g in grants]


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
    """Close an account, or open it again."""
    of = get_object_or_404(User, pk=pk)
    if request.method == "POST":
        try:
            accounts.set_active(by=request.user, on=request.user.day, user=of, active=not of.is_active)
            messages.success(request, f"已{'启用' if of.is_active else '停用'}“{of.name}”的账号。")
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect("desk:account-one", pk=pk)


def grant_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a grant from today."""
    grant = get_object_or_404(Grant, pk=pk)
    if request.method == "POST":
        try:
            grants.end_grant(by=request.user, on=request.user.day, grant=grant)
            messages.success(request, "授权已结束，从今天起不再有效。")
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect("desk:account-one", pk=grant.user_id)
