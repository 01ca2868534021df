"""Passwords checked by the house's own directory (LDAP), off by default; needs the extra `ldap`. Accounts are matched by
name, never made; nothing of what the directory holds is kept. Loaded only where ZUGONG_LDAP_URL is set."""

from __future__ import annotations

from typing import Any

import ldap
from django.conf import settings
from django_auth_ldap.backend import LDAPBackend
from django_auth_ldap.config import LDAPSearch

from zugong.base.models import User

SECONDS = 5  # for the directory to answer; then the password kept here decides


class Directory(LDAPBackend):
    """Asks the directory; lets in only as an open account there is, and never as the local operator, who has no password."""

    @property
    def default_settings(self) -> dict[str, Any]:  # type: ignore[override]
        """What django-auth-ldap asks for, from our own setting."""
        told = settings.ZUGONG_LDAP
        options = {ldap.OPT_NETWORK_TIMEOUT: SECONDS, ldap.OPT_TIMEOUT: SECONDS, ldap.OPT_REFERRALS: 0}
        options[ldap.OPT_X_TLS_REQUIRE_CERT] = ldap.OPT_X_TLS_DEMAND
        if told["ca"]:
            options[ldap.OPT_X_TLS_CACERTFILE] = told["ca"]
        options[ldap.OPT_X_TLS_NEWCTX] = 0  # last: it takes the ones before it
        return {
            "SERVER_URI": told["url"],
            "BIND_DN": told["bind"],
            "BIND_PASSWORD": told["password"],
            "USER_SEARCH": LDAPSearch(told["base"], ldap.SCOPE_SUBTREE, told["filter"]),
            "CONNECTION_OPTIONS": options,
            "NO_NEW_USERS": True,
            "ALWAYS_UPDATE_USER": False,
        }

    def authenticate_ldap_user(self, ldap_user: Any, password: str) -> User | None:
        """The account of that name, when the directory takes the password. It is asked for every name, known or not."""
        user = super().authenticate_ldap_user(ldap_user, password)
        return user if user is not None and _may_enter(user) else None

    def get_user(self, user_id: int) -> User | None:
        """The account of a session, as long as it is open; the directory is not asked again."""
        user = User.objects.filter(pk=user_id).first()
        return user if user is not None and _may_enter(user) else None

    def get_group_permissions(self, user: User, obj: Any = None) -> set[str]:
        """None: rights come from grants alone."""
        return set()


def _may_enter(user: User) -> bool:
    return user.is_active and user.has_usable_password()
