"""Coming in and going out: the login page, the second factor, one's own account with its password and sessions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from zugong.base import factors, guessing, passwords, sessions
from zugong.base.access import ROLES
from zugong.base.department import DEMO, told
from zugong.base.models import User
from zugong.base.rules import Refused
from zugong.desk import staying
from zugong.desk.clock import now, today
from zugong.desk.forms import CodeForm, LoginForm, PasswordForm
from zugong.desk.granting import places_of
from zugong.ui.forms import sent

LOCKED = "登录失败次数太多，这个账号或这台电脑暂时不能登录。请过 {minutes} 分钟再试；急用请找安全管理员解锁。"
DIRECTORY = "zugong.desk.directory.Directory"  # a name only: it is loaded where a setting switches it on
NEXT = "next"  # where the reader was going, kept while the second factor is asked
PENDING = "pending_factor"  # an authenticator's secret, sealed, until its first code comes


class Login(LoginView):
    """The login page; logins, failed ones and lock-outs are entries on the trail."""

    template_name = "desk/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """What the page says besides: that this is a demo, which other way there is in."""
        return super().get_context_data(**given) | {"demo_home": bool(told(DEMO)), "provider": settings.ZUGONG_OIDC}

    def form_valid(self, form: LoginForm) -> HttpResponse:
        """Open the session and go where the reader was going, by the second factor where one is set up."""
        return come_in(self.request, form.get_user(), self.get_success_url())

    def form_invalid(self, form: LoginForm) -> HttpResponse:
        """Say that it was wrong, or that it is locked: alike for names there are and names there are not."""
        if hasattr(self.request, "axes_updated"):  # a password was checked, not only something left out
            guessing.note_failure(self.request, form.cleaned_data["username"], today())
        if getattr(self.request, "axes_locked_out", False):
            form.errors.clear()
            form.add_error(None, LOCKED.format(minutes=settings.ZUGONG_LOCK_MINUTES))
        return super().form_invalid(form)


def come_in(request: HttpRequest, user: User, onward: str, *, way: str = "", factor: str = "") -> HttpResponseRedirect:
    """Open a session for whoever proved who they are, and lead on."""
    way = way or (sessions.DIRECTORY if user.backend == DIRECTORY else sessions.PASSWORD)
    factor = factor or (factors.ASKED if factors.has(user) else factors.NONE)
    sessions.sign_in(by=user, on=today(), request=request, at=now(), way=way, factor=factor)
    if factor != factors.ASKED:
        guessing.forget_failures(user)
        return redirect(onward)
    request.session[NEXT] = onward
    return redirect("desk:factor")


def leave(request: HttpRequest) -> HttpResponse:
    """Sign out, on POST."""
    if request.method == "POST":
        sessions.sign_out(by=request.user, on=request.user.day, request=request)
    return redirect("desk:login")


def factor(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor; a wrong code counts as a wrong password does."""
    if sessions.standing(request).get("factor") != factors.ASKED:
        return redirect("desk:home")
    form, user = CodeForm(sent(request)), request.user
    if request.method == "POST" and form.is_valid() and passed(request, form):
        guessing.forget_failures(user)
        onward = request.session.pop(NEXT, "") or reverse("desk:home")
        return redirect(onward if url_has_allowed_host_and_scheme(onward, None) else "desk:home")
    return render(request, "desk/factor.html", {"form": form, "demo_home": staying.is_demo(request)})


def passed(request: HttpRequest, form: CodeForm) -> bool:
    """Whether the code on the form is right now; if not, the form says why."""
    user = request.user
    if guessing.is_locked(request, user.username):
        form.add_error(None, LOCKED.format(minutes=settings.ZUGONG_LOCK_MINUTES))
        return False
    kind = factors.answer_factor(by=user, on=user.day, code=form.cleaned_data["code"])
    if not kind:
        guessing.count_failure(request, user)
        form.add_error("code", factors.WRONG)
        return False
    sessions.remember(request, factor=kind)
    if kind == factors.RECOVERY_CODE:
        left = factors.codes_left(user)
        messages.warning(request, f"用掉了一个恢复码，还剩 {left} 个。请在“我的账号”里重新生成，或换上新手机的验证器。")
    return True


def factor_setup(request: HttpRequest) -> HttpResponse:
    """Set up the second factor: a picture for the phone, the key as text, a first code; then the recovery codes, once."""
    user = request.user
    if factors.has(user):
        return redirect("desk:account")
    form, secret = CodeForm(sent(request)), request.session.setdefault(PENDING, factors.fresh_secret())
    if request.method == "POST" and form.is_valid():
        try:
            given = dict(secret=secret, code=form.cleaned_data["code"], session=request.session.session_key)
            codes = factors.set_up_factor(by=user, on=user.day, **given)
            sessions.remember(request, factor=factors.TOTP_CODE)
            del request.session[PENDING]
            return render(request, "desk/recovery_codes.html", {"codes": codes, "of": user})
        except Refused as refusal:
            form.refuse(refusal)
    context = {"form": form, "picture": factors.picture(user, secret), "key": factors.in_words(secret), "of": user}
    return render(request, "desk/factor_setup.html", context | {"must": bool(request.first)})


def factor_change(request: HttpRequest) -> HttpResponse:
    """New recovery codes, or no authenticator any more: both ask for a code first."""
    form, user = CodeForm(sent(request)), request.user
    if not factors.has(user):
        return redirect("desk:account")
    if request.method == "POST" and form.is_valid() and passed(request, form):
        given = dict(by=user, on=user.day, session=request.session.session_key)
        if "stop" not in request.POST:
            return render(request, "desk/recovery_codes.html", {"codes": factors.renew_recovery_codes(**given), "of": user})
        factors.stop_factor(**given)
        sessions.remember(request, factor=factors.NONE)
        messages.success(request, "验证器已停用。")
        return redirect("desk:account")
    return render(request, "desk/factor_change.html", {"form": form, "left": factors.codes_left(user)})


def account(request: HttpRequest) -> HttpResponse:
    """My account: password, second factor, sessions, and what I may do, where, until when."""
    user, kept = request.user, sessions.standing(request)
    grants = [(ROLES[g.role], g) for g in user.grants_held() if g.role in ROLES]
    context = {
        "grants": grants,
        "places": places_of([g for _, g in grants]),
        "has_factor": factors.has(user),
        "must_have_factor": factors.required(user),
        "codes_left": factors.codes_left(user),
        "own_password": kept.get("way", sessions.PASSWORD) == sessions.PASSWORD and user.has_usable_password(),
        "sessions": [(one, sessions.device_words(one.user_agent)) for one in sessions.open_sessions(user)],
        "this_session": request.session.session_key,
        "idle": settings.ZUGONG_IDLE_MINUTES,
        "hours": settings.ZUGONG_SESSION_HOURS,
        "password_days": passwords.days_left(user, user.day),
    }
    return render(request, "desk/account.html", context)


def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password, which ends one's other sessions."""
    form = PasswordForm(request.user, sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            given = dict(password=form.cleaned_data["new"], session=request.session.session_key)
            user = passwords.change_own_password(by=request.user, on=request.user.day, **given)
            sessions.renew(request, user)
            messages.success(request, "密码已改，下次用新密码登录。别处的登录都已结束。")
            return redirect("desk:home")
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error("new", str(reason))
    late = passwords.expired(request.user, request.user.day)
    return render(request, "desk/password.html", {"form": form, "expired": late, "framed": hasattr(request, "frame")})


def session_end(request: HttpRequest) -> HttpResponse:
    """End one of one's other sessions, or all of them, on POST."""
    if request.method == "POST":
        user, which, this = request.user, request.POST.get("session", ""), request.session.session_key
        if which.isdecimal():
            sessions.end_session(by=user, on=user.day, session=int(which), this=this)
            messages.success(request, "已结束那次登录。")
        else:
            ended = sessions.end_other_sessions(by=user, on=user.day, session=this)
            messages.success(request, f"已结束别处的 {ended} 次登录。")
    return redirect("desk:account")
