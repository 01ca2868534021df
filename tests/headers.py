"""What every answer must tell the browser, whoever made it."""

import re

CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
SAID = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def insist_on_headers(answer, what, *, kept=False):
    """Fails where an answer leaves something out; `kept` is for static files, which a browser may keep."""
    policy = dict(one.strip().split(" ", 1) for one in answer["Content-Security-Policy"].split(";"))
    assert policy == CSP, what
    for name, said in SAID.items():
        assert answer[name] == said, (what, name)
    assert re.search(r"camera=\(\).*geolocation=\(\)", answer["Permissions-Policy"]), what
    assert kept or "no-store" in answer["Cache-Control"], what
    assert "Server" not in answer, what
    for morsel in answer.cookies.values():
        assert morsel["httponly"] or not morsel.value, (what, morsel.key)
        assert morsel["samesite"] == "Lax", (what, morsel.key)
