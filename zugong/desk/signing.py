"""Coming in: the login page, one's own account and password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from zugong.base import accounts
from zugong.base.access import ROLES
from zugong.base.rules import Refused
from zugong.desk.clock import today
from zugong.desk.forms import LoginForm, PasswordForm
from zugong.ui.forms import sent


class Login(LoginView):
    """The login page; a login is an entry on the trail."""

    template_name = "desk/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form: LoginForm) -> HttpResponse:
        """Open the session and go where the reader was going."""
        accounts.sign_in(by=form.get_user(), on=today(), request=self.request)
        return redirect(self.get_success_url())


def account(request: HttpRequest) -> HttpResponse:
    """My account: what I may do, where, and until when."""
    grants = [(ROLES[g.role], g) for g in request.user.grants_held() if g.role in ROLES]
    return render(request, "desk/account.html", {"grants": grants})


def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password."""
    form = PasswordForm(request.user, sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            new = form.cleaned_data["new"]
            user = accounts.change_own_password(by=request.user, on=request.user.day, password=new)
            update_session_auth_hash(request, user)
            messages.success(request, "密码已改，下次用新密码登录。")
            return redirect("desk:home")
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error("new", str(reason))
    return render(request, "desk/password.html", {"form": form})
