"""What every answer tells the browser, whoever made it: pages, fragments, files, errors. Outermost, so nothing is left out.

The content policy itself is django-csp's (settings), the rest of what Django knows is SecurityMiddleware's.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

UNUSED = ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid", "magnetometer", "microphone", "midi",
          "payment", "publickey-credentials-get", "serial", "usb", "xr-spatial-tracking")  # fmt: skip
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{one}=()" for one in UNUSED),
}
A_YEAR = 365 * 24 * 3600


class Headers:
    """Says to the browser: frame nothing, guess nothing, ask for no device, keep nothing, and come by https only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, said in ALWAYS.items():
            response.headers.setdefault(name, said)
        if settings.BEHIND_TLS:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={A_YEAR}")
        response.headers.setdefault("Cache-Control", "no-store")  # what was on the screen does not stay in a shared computer
        return response
