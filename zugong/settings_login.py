"""Settings of coming in: passwords, lock-out, second factor, sessions, sign-on by the house's own provider or directory."""

from __future__ import annotations

import os
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def number(name: str, default: int) -> int:
    """A whole number of at least 1 from the environment; anything else ends the program with a sentence."""
    said = os.environ.get(name, "").strip() or str(default)
    if not said.isdecimal() or int(said) < 1:
        raise SystemExit(f"{name} 要写大于 0 的整数，不能写“{said}”。")
    return int(said)


def words(name: str) -> list[str]:
    """What stands in the environment under that name, divided by commas."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def secured(name: str, address: str, scheme: str) -> str:
    """An address that is encrypted on its way, or does not leave this machine; anything else ends the program."""
    parts = urlsplit(address)
    if parts.scheme != scheme and parts.hostname not in LOOPBACK:
        raise SystemExit(f"{name} 要用 {scheme}://，不能用“{address}”：口令会在网上明着走。")
    return address


def _provider() -> dict[str, Any]:
    issuer = os.environ.get("ZUGONG_OIDC_ISSUER", "").strip()
    if not issuer:
        return {}
    file = os.environ.get("ZUGONG_OIDC_SECRET_FILE", "").strip()
    client = os.environ.get("ZUGONG_OIDC_CLIENT_ID", "").strip()
    if not client or not file or not Path(file).is_file():
        raise SystemExit("设了 ZUGONG_OIDC_ISSUER，还要设 ZUGONG_OIDC_CLIENT_ID 和 ZUGONG_OIDC_SECRET_FILE（口令所在的文件）。")
    return {
        "issuer": secured("ZUGONG_OIDC_ISSUER", issuer, "https"),
        "client": client,
        "secret": Path(file).read_text("utf-8").strip(),
        "name": os.environ.get("ZUGONG_OIDC_NAME", "").strip() or "统一认证",
        "claim": os.environ.get("ZUGONG_OIDC_CLAIM", "").strip(),
        "factor": words("ZUGONG_OIDC_SECOND_FACTOR"),
    }


def _provider_apps(told: dict[str, Any]) -> list[dict[str, Any]]:
    if not told:
        return []
    given = {"client_id": told["client"], "secret": told["secret"], "settings": {"server_url": told["issuer"]}}
    return [{"provider_id": "house", "name": told["name"], **given}]


def _directory() -> dict[str, str]:
    url = os.environ.get("ZUGONG_LDAP_URL", "").strip()
    if not url:
        return {}
    if find_spec("django_auth_ldap") is None:
        raise SystemExit(
            "设了 ZUGONG_LDAP_URL，还要安装 LDAP 用的软件包：pip install --require-hashes -r requirements/ldap.lock"
        )
    said = {
        name: os.environ.get(f"ZUGONG_LDAP_{name.upper()}", "").strip() for name in ("base", "filter", "bind_dn", "ca_file")
    }
    file = os.environ.get("ZUGONG_LDAP_PASSWORD_FILE", "").strip()
    if not said["base"] or (said["bind_dn"] and not Path(file).is_file()):
        raise SystemExit(
            "设了 ZUGONG_LDAP_URL，还要设 ZUGONG_LDAP_BASE；设了 ZUGONG_LDAP_BIND_DN，还要设 ZUGONG_LDAP_PASSWORD_FILE。"
        )
    return {
        "url": secured("ZUGONG_LDAP_URL", url, "ldaps"),
        "base": said["base"],
        "filter": said["filter"] or "(uid=%(user)s)",
        "bind": said["bind_dn"],
        "password": Path(file).read_text("utf-8").strip() if said["bind_dn"] else "",
        "ca": said["ca_file"],
    }


PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "zugong.base.passwords.LongEnough"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "zugong.base.passwords.NotUsedBefore"},
]

# Whoever guesses: so many wrong passwords or codes for one account, or from one address, within so many minutes. The names
# typed are kept as blind marks only (base.guessing): people type passwords into the name field.
ZUGONG_LOCK_ACCOUNT = number("ZUGONG_LOCK_ACCOUNT", 5)
ZUGONG_LOCK_ADDRESS = number("ZUGONG_LOCK_ADDRESS", 30)
ZUGONG_LOCK_MINUTES = number("ZUGONG_LOCK_MINUTES", 30)
AXES_HANDLER = "zugong.base.guessing.Counter"
AXES_FAILURE_LIMIT = ZUGONG_LOCK_ACCOUNT
AXES_COOLOFF_TIME = timedelta(minutes=ZUGONG_LOCK_MINUTES)
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_USERNAME_CALLABLE = "zugong.base.guessing.mark_of_attempt"
AXES_CLIENT_IP_CALLABLE = "zugong.base.guessing.counted_address"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # or whoever goes on guessing would keep the owner out for ever
AXES_DISABLE_ACCESS_LOG = True  # the trail tells of logins
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W002"]  # its middleware would put a bare answer in place of the login page

# How long one stays signed in: without doing anything, and at all.
ZUGONG_IDLE_MINUTES = number("ZUGONG_IDLE_MINUTES", 30)
ZUGONG_SESSION_HOURS = number("ZUGONG_SESSION_HOURS", 8)
SESSION_COOKIE_AGE = ZUGONG_SESSION_HOURS * 3600

MFA_ADAPTER = "zugong.base.factors.Sealing"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "组工台"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"

# The house's directory: off unless ZUGONG_LDAP_URL is set. It is asked before the passwords kept here (desk.directory).
ZUGONG_LDAP = _directory()
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    *(["zugong.desk.directory.Directory"] if ZUGONG_LDAP else []),
    "django.contrib.auth.backends.ModelBackend",
]

# Single sign-on: off unless ZUGONG_OIDC_ISSUER is set. Accounts are matched by a number kept with them (desk.provider).
ZUGONG_OIDC = _provider()
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": _provider_apps(ZUGONG_OIDC)}}
SOCIALACCOUNT_ADAPTER = "zugong.desk.provider.Matching"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link, not a form: form-action 'self' would stop a form on its way to the provider
SOCIALACCOUNT_STORE_TOKENS = False
SIGNING_APPS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
]
