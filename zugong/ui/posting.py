"""What a page does when it is sent: it takes an action as whoever asks, and says what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from zugong.base.rules import Refused
from zugong.ui.forms import RegisterForm


def by_post(request: HttpRequest, said: str, act: Callable[..., Any], **given: Any) -> None:
    """On POST take an action, and say that it is done or why it was refused; otherwise nothing."""
    if request.method != "POST":
        return
    try:
        act(by=request.user, on=request.user.day, **given)
        messages.success(request, said)
    except Refused as refusal:
        messages.error(request, str(refusal))


def made_of(request: HttpRequest, form: RegisterForm, act: Callable[..., Any], **given: Any) -> Any:
    """What an action makes of a form that was filled in; None where it was not, or the form now says why it was refused. For
    actions that return what they made."""
    if not form.is_valid():
        return None
    try:
        return act(by=request.user, on=request.user.day, **given, **form.cleaned_data)
    except Refused as refusal:
        form.refuse(refusal)
        return None
