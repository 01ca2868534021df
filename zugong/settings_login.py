"""Settings of coming in: passwords, lock-out, second factor, sessions, sign-on by the house's own provider or directory."""

from __future__ import annotations

import os
from datetime import timedelta


def number(name: str, default: int) -> int:
    """A whole number of at least 1 from the environment; anything else ends the program with a sentence."""
    said = os.environ.get(name, "").strip() or str(default)
    if not said.isdecimal() or int(said) < 1:
        raise SystemExit(f"{name} 要写大于 0 的整数，不能写“{said}”。")
    return int(said)


def words(name: str) -> list[str]:
    """What stands in the environment under that name, divided by commas."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


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

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
ZUGONG_OIDC: dict[str, str] = {}
SIGNING_APPS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
]
