"""The house's own mail server, from one address: smtp://account:password@host:25, smtps:// or smtp+starttls://."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
PATIENCE = 20  # seconds a server may take


def mail_settings(environment: Mapping[str, str]) -> dict[str, Any]:
    """Django's mail settings. Without ZUGONG_SMTP nothing can be sent. Ends the start-up where the address cannot be read."""
    said, sender = environment.get("ZUGONG_SMTP", "").strip(), environment.get("ZUGONG_MAIL_FROM", "").strip()
    if not said:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend", "ZUGONG_MAIL": False}
    parts = urlsplit(said)
    if parts.scheme not in PORTS or not parts.hostname or not sender:
        raise SystemExit(
            "ZUGONG_SMTP 写成 smtp://账号:密码@邮件服务器:25（或 smtps://、smtp+starttls://），并设 ZUGONG_MAIL_FROM。"
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+starttls",
        "EMAIL_TIMEOUT": PATIENCE,
        "DEFAULT_FROM_EMAIL": sender,
        "ZUGONG_MAIL": True,
    }
