"""At the door: what every answer tells the browser, whose word about the client is taken, how often one may knock."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from waitress.server import create_server

from conftest import ROOT
from tests.headers import insist_on_headers
from tests.test_pages import PAGES, address, busy  # noqa: F401 (a fixture)
from zugong.desk import serving, views

# ---- headers ----


@pytest.mark.usefixtures("rail_uncounted")
def test_every_file_that_is_handed_over_is_an_attachment_nobody_guesses_at(busy, door):  # noqa: F811
    who, handed = door("operator"), set()
    for name in PAGES:
        if name.endswith(("export", "evidence", "word", "refused")):
            answer = who.post(address(name), {"rendition": "internal"})
            if "html" not in answer["Content-Type"]:
                insist_on_headers(answer, name)
                assert answer["Content-Disposition"].startswith("attachment; "), name
                handed.add(name)
    assert len(handed) >= 20
    assert {"reports:evidence", "desk:dues-export", "people:person-export"} <= handed


def test_errors_say_the_same_as_pages(yunxi, door, monkeypatch):
    who, lost = door("operator"), Client(raise_request_exception=False)
    branch = door("branch", "")
    unprotected = Client(enforce_csrf_checks=True)

    def raised(error):
        def view(request):
            raise error

        monkeypatch.setattr(PAGES["desk:health"], "callback", view)
        view.permission = views.health.permission if hasattr(views.health, "permission") else "everybody"
        return lost.get(reverse("desk:health"))

    answers = {
        400: Client().get("/", headers={"host": "evil.example"}),
        403: branch.get(reverse("desk:trail")),
        (403, "forged"): unprotected.post(reverse("desk:login"), {}),
        404: who.get("/nothing/here/"),
        (404, "record"): who.get(reverse("people:person", args=[10**9])),
        500: raised(RuntimeError("x")),
        503: raised(OperationalError("database is locked")),
    }
    for expected, answer in answers.items():
        status = expected if isinstance(expected, int) else expected[0]
        assert answer.status_code == status, (expected, answer.status_code)
        insist_on_headers(answer, expected)
        assert "Traceback" not in answer.content.decode()


def test_static_files_say_the_same_and_may_be_kept():
    for name in ("ui/zugong.css", "ui/page.js", "vendor/htmx.min.js", "ui/mark.svg"):
        answer = Client().get(f"/static/{name}")
        assert answer.status_code == 200
        insist_on_headers(answer, name, kept=True)
    insist_on_headers(Client().get("/static/nothing.js"), "a static file that is not there")
    for path in ("/static/../settings.py", "/static/%2e%2e/settings.py", "/static//etc/passwd"):
        assert Client().get(path).status_code in (302, 404), path


# ---- behind a proxy ----

BEHIND = """
import django, json
django.setup()
from django.conf import settings
from django.test import Client
from zugong.desk import signing
signing.told = lambda name: ""  # no database here
answer = Client(headers={"host": "localhost"}).get("/login/")
print(json.dumps({
    "hsts": answer.get("Strict-Transport-Security", ""),
    "cookies": {name: [bool(c["secure"]), bool(c["httponly"]), c["path"], c["domain"]] for name, c in answer.cookies.items()},
    "session": [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY],
    "header": settings.SECURE_PROXY_SSL_HEADER,
}))
"""


@pytest.mark.parametrize("origins", ["https://zugong.example", "https://a.example,http://b.example", ""])
def test_cookies_and_transport_are_strict_exactly_where_all_origins_are_https(tmp_path, origins):
    env = {k: v for k, v in os.environ.items() if not k.startswith("ZUGONG")} | {"DJANGO_SETTINGS_MODULE": "zugong.settings"}
    env |= {"ZUGONG_HOME": str(tmp_path), "ZUGONG_ORIGINS": origins}
    done = subprocess.run([sys.executable, "-c", BEHIND], env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    strict = origins == "https://zugong.example"
    prefix = "__Host-" if strict else ""
    assert told["hsts"] == ("max-age=31536000" if strict else "")
    assert told["cookies"] == {f"{prefix}csrftoken": [strict, True, "/", ""]}
    assert told["session"] == [f"{prefix}sessionid", strict, True]
    assert told["header"] is None


@pytest.mark.parametrize(
    ("proxy", "headers", "seen"),
    [
        ("", {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "https"}, ["127.0.0.1", "http"]),
        ("", {"Forwarded": "for=6.6.6.6;proto=https", "X-Real-IP": "6.6.6.6"}, ["127.0.0.1", "http"]),
        ("10.0.0.9", {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "https"}, ["127.0.0.1", "http"]),
        ("127.0.0.1", {"X-Forwarded-For": "6.6.6.6, 10.1.2.3", "X-Forwarded-Proto": "https"}, ["10.1.2.3", "https"]),
        ("127.0.0.1", {"Forwarded": "for=6.6.6.6;proto=https"}, ["127.0.0.1", "http"]),
        ("127.0.0.1", {}, ["127.0.0.1", "http"]),
    ],
)
def test_only_the_named_proxy_says_who_the_client_is(proxy, headers, seen):
    def told(environ, start):
        return [environ["REMOTE_ADDR"], environ["wsgi.url_scheme"]]

    server = create_server(told, host="127.0.0.1", port=0, threads=0, **serving.proxied(proxy))
    environ = {"REMOTE_ADDR": "127.0.0.1", "REMOTE_PORT": "4", "wsgi.url_scheme": "http", "SERVER_PORT": "80"}
    environ |= {f"HTTP_{name.upper().replace('-', '_')}": said for name, said in headers.items()}
    try:
        assert server.application(environ, None) == seen
    finally:
        server.close()
        server.task_dispatcher.shutdown()


def test_who_serves_behind_https_without_naming_the_proxy_is_told(settings):
    settings.BEHIND_TLS, settings.TRUSTED_PROXY = True, ""
    assert "ZUGONG_PROXY" in serving.unreachable("127.0.0.1")
    settings.TRUSTED_PROXY = "127.0.0.1"
    assert serving.unreachable("127.0.0.1") == ""
