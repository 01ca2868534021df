"""What the security administrator does about somebody's coming in: unlock, take a lost phone's factor away, link an account."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zugong.base import accounts, factors, guessing
from zugong.base.models import User
from zugong.desk.clock import now
from zugong.ui.posting import by_post


def how_it_stands(of: User) -> dict[str, Any]:
    """What the account's page says about its coming in."""
    return {"locked": guessing.locked(of, now()), "has_factor": factors.has(of), "provider": settings.ZUGONG_OIDC}


def account_unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an account try again at once, on POST."""
    of = get_object_or_404(User, pk=pk)
    by_post(request, f"已解锁“{of.name}”的账号。", guessing.unlock, user=of)
    return redirect("desk:account-one", pk=pk)


def account_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an account's second factor away, on POST."""
    of = get_object_or_404(User, pk=pk)
    said = f"已取消“{of.name}”的验证器，他已登录的页面都已失效。下次登录要重新设。"
    by_post(request, said, factors.withdraw_factor, user=of)
    return redirect("desk:account-one", pk=pk)


def account_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Say under which number the provider of single sign-on knows an account, on POST; empty unties it."""
    of = get_object_or_404(User, pk=pk)
    subject = request.POST.get("subject", "").strip()
    by_post(request, "已保存统一认证编号。", accounts.tie_provider, user=of, subject=subject)
    return redirect("desk:account-one", pk=pk)
