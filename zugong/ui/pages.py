"""Who may open a page. Every view says so; one that does not is closed to everybody (desk.door) and fails a test."""

from __future__ import annotations

import functools
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from zugong.base.access import Permission

View = Callable[..., HttpResponse]


class Audience(StrEnum):
    """Pages that need no permission: for everybody (login), or for whoever is signed in (one's own account)."""

    EVERYBODY = "everybody"
    SIGNED_IN = "signed-in"


def page(permission: Permission | Audience) -> Callable[[View], View]:
    """Declare who may open a view: accounts that hold `permission` somewhere, or an audience; others get 403.

    What such an account then sees are its own rows: views fetch through `visible_to`.
    """

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
            if isinstance(permission, Permission) and not request.user.may_somewhere(permission):
                raise PermissionDenied("您的账号没有打开这一页的权限。")
            return view(request, *args, **given)

        guarded.permission = permission
        return guarded

    return wrap
