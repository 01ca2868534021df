"""Single sign-on by the house's own provider (OpenID Connect), off by default. Accounts are matched, never made.

django-allauth speaks with the provider; who comes back is told by the number kept with an account, or by a claim that
holds the account's name where a setting says so. Nothing of what the provider sends is kept.
"""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from requests import RequestException

from zugong.base import factors, guessing, sealing, sessions, trail
from zugong.base.models import User
from zugong.desk.clock import today
from zugong.desk.signing import come_in

HOUSE = "house"  # what the provider is called among ourselves
BACKEND = "django.contrib.auth.backends.ModelBackend"
BOUND_TO = "base.provider.subject"
FAILED = "统一认证没有完成，没有登录。请再试一次；一直不行，请用账号和密码登录，并告诉系统管理员。"


class Speaking(OpenIDConnectOAuth2Adapter):
    """Speaks with the provider under our own addresses."""

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """Where the provider sends people back to."""
        return request.build_absolute_uri(reverse("desk:provider-back"))

    def get_provider(self) -> Any:
        """The provider, which speaks through us."""
        provider = super().get_provider()
        provider.oauth2_adapter_class = Speaking
        return provider


class Matching(DefaultSocialAccountAdapter):
    """Lets in whom an account belongs to, and turns everybody else away with whom to ask."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """The provider has said who it is: come in as the account that belongs to them, or not at all."""
        told, subject = sociallogin.account.extra_data, str(sociallogin.account.uid)
        user = account_of(subject, told.get("userinfo", {}) | told.get("id_token", {}))
        if user is None:
            raise ImmediateHttpResponse(turned_away(request, subject))
        user.backend = BACKEND
        onward = sociallogin.state.get("next") or ""
        onward = onward if url_has_allowed_host_and_scheme(onward, None) else reverse("desk:home")
        factor = factors.ELSEWHERE if strong(told.get("id_token", {})) else ""
        raise ImmediateHttpResponse(come_in(request, user, onward, way=sessions.PROVIDER, factor=factor))

    def on_authentication_error(self, request: HttpRequest, *given: Any, **more: Any) -> None:
        """Anything that went wrong on the way is one sentence."""
        raise ImmediateHttpResponse(render(request, "desk/provider_refused.html", {"failed": FAILED}, status=403))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody makes an account by signing in."""
        return False


def account_of(subject: str, claims: dict[str, Any]) -> User | None:
    """The open account that belongs to whom the provider names: by the number kept with it, or, where a claim is set and
    the account has no number yet, by its name. Never the local operator's, which has no password."""
    found = User.objects.filter(provider_subject=subject).first()
    name = claims.get(settings.ZUGONG_OIDC["claim"]) if settings.ZUGONG_OIDC["claim"] else None
    if found is None and name:
        found = User.objects.filter(username=str(name), provider_subject="").first()
    return found if found is not None and found.is_active and found.has_usable_password() else None


def strong(claims: dict[str, Any]) -> bool:
    """Whether the provider says, in words a setting lists, that it asked for more than a password."""
    said = {str(claims.get("acr", "")), *map(str, claims.get("amr") or [])}
    return bool(said & set(settings.ZUGONG_OIDC["factor"]))


def turned_away(request: HttpRequest, subject: str) -> HttpResponse:
    """Nobody's account: say whom to ask; no account is made. The number stays off the trail, its blind mark goes on it."""
    given = dict(address=guessing.address_of(request), mark=sealing.index(subject, BOUND_TO))
    trail.note("base:refuse_provider", account="", on=today(), **given)
    return render(request, "desk/provider_refused.html", {"subject": subject, "name": settings.ZUGONG_OIDC["name"]}, status=403)


def ask(request: HttpRequest) -> HttpResponse:
    """To the provider, which asks who it is."""
    return _speak(request, OAuth2LoginView)


def back(request: HttpRequest) -> HttpResponse:
    """Back from the provider."""
    return _speak(request, OAuth2CallbackView)


def _speak(request: HttpRequest, view: Any) -> HttpResponse:
    if not settings.ZUGONG_OIDC:
        raise Http404
    try:
        return view.adapter_view(Speaking(request, HOUSE))(request)
    except RequestException:
        return render(request, "desk/provider_refused.html", {"failed": FAILED}, status=503)
