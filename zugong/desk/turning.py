"""Who was turned away at a page that exists: not visible (404) or not allowed (403), for the trail."""

from __future__ import annotations

from django.apps import apps
from django.http import HttpRequest

from zugong.base import refusals
from zugong.desk.clock import today


def note(request: HttpRequest, account: str, status: int) -> None:
    """Put it on the trail: who, which page, which object by the address, how; nothing of the query."""
    match = request.resolver_match
    refusals.turned_away(
        account=account,
        on=today(),
        page=match.view_name,
        subject=subject_of(match.view_name, match.kwargs),
        method=request.method,
        status=status,
        asked={name: str(value) for name, value in match.kwargs.items()},
    )


def subject_of(name: str, asked: dict[str, object]) -> str:
    """The record a page is about, by its key; "" where the address names none."""
    room, _, page = name.partition(":")
    if "pk" not in asked:
        return ""
    try:
        label = apps.get_model(room, page.partition("-")[0])._meta.label_lower
    except LookupError:
        label = name
    return f"{label}:{asked['pk']}"
