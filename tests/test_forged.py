"""What somebody else's page could make a signed-in reader's browser do: send a form, follow an address, change by a look."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urljoin, urlsplit

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from conftest import PASSWORD
from tests.test_pages import PAGES, address, busy  # noqa: F401 (a fixture)
from zugong.base.models import TrailEntry
from zugong.intake import running

pytestmark = pytest.mark.usefixtures("rail_uncounted")
HOSTILE = (
    "//evil.example",
    "///evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "https://evil.example/",
    "http:evil.example",
    "https:///evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,x",
    "/%09/evil.example",
    "/\t/evil.example",
    " //evil.example",
    "%2f%2fevil.example",
    "/login/\r\nSet-Cookie: a=b",
    "//127.0.0.1@evil.example",
    "https://testserver.evil.example/",
)
PARAMETERS = ("next", "back", "url", "to", "return", "redirect", "continue", "of", "q", "view", "period", "columns", "show")
BACKGROUND = {"intake:commit", "intake:undo"}  # their work goes on in a thread of its own; they redirect to fixed addresses
HERE = "https://testserver/login/"
READS = {"base:turned_away", "base:record_export", "base:record_reading", "base:record_lookup", "intake:note_reading"}


def insist_on_own(answer, what):
    """Fails where an answer leads to another host, read as a browser reads it: tabs left out, backslashes turned."""
    where = answer.get("Location") or answer.get("HX-Redirect")
    if where is not None:
        led = urlsplit(urljoin(HERE, re.sub(r"[\t\r\n]", "", where).strip().replace("\\", "/")))
        assert (led.scheme, led.netloc) == ("https", "testserver"), (what, where)
    assert not answer.cookies.get("a"), what


def test_no_form_is_taken_without_its_token(busy, door):  # noqa: F811
    who = Client(enforce_csrf_checks=True)
    who.cookies = door("operator").cookies
    who.get(reverse("desk:account"))  # gives it the cookie a token must fit
    head = done()
    for name in PAGES:
        for given in ({}, {"csrfmiddlewaretoken": "x" * 64}):
            answer = who.post(address(name), given)
            assert answer.status_code == 403, name
            assert "刚才提交的内容没有保存" in answer.content.decode(), name
    assert done() == head


def done() -> int:
    """How much was done, by the trail; that somebody was turned away is on it, too."""
    return TrailEntry.objects.exclude(verb="base:turned_away").count()


def test_looking_changes_nothing_and_every_form_brings_its_token(busy, door):  # noqa: F811
    """A GET of any page writes no row (what is read closely is on the trail, and nothing else is); what posts has a token."""
    who, before, head, forms = door("operator"), counted(), TrailEntry.objects.count(), 0
    for name in PAGES:
        answer = who.get(address(name), {"do": "remove", "row": 1, "state": "all"})
        if answer.status_code == 200 and not answer.streaming and "html" in answer["Content-Type"]:
            forms += posting(name, answer.content.decode())
    assert forms > 150
    assert counted() == before
    verbs = set(TrailEntry.objects.filter(number__gt=head).values_list("verb", flat=True))
    assert verbs <= READS


def counted():
    """How many rows there are of each kind, sessions and the trail aside."""
    kept = [model for model in apps.get_models() if model._meta.label not in ("sessions.Session", "base.TrailEntry")]
    return Counter({model._meta.label: model._base_manager.count() for model in kept})


def posting(name, page):
    """How many forms of a page post; fails where one has no token, or goes elsewhere."""
    assert 'hx-headers=\'{"X-CSRFToken": "' in page or "<body" not in page, name
    forms = re.findall(r"<form\b.*?</form>", page, re.DOTALL)
    assert not [form for form in forms if re.search(r'\baction="(?!/(?!/)|\?|"|#)', form.partition(">")[0])], name
    posts = [form for form in forms if re.search(r'method="?post', form.partition(">")[0], re.IGNORECASE)]
    assert all('name="csrfmiddlewaretoken"' in form for form in posts), name
    return len(posts)


def test_htmx_brings_the_token_in_a_header(db, door):
    who = Client(enforce_csrf_checks=True)
    who.cookies = door("office").cookies
    token = re.search(r'X-CSRFToken": "(\w+)"', who.get(reverse("desk:account")).content.decode())[1]
    assert who.post(reverse("desk:logout"), headers={"x-csrftoken": token[::-1]}).status_code == 403
    assert who.post(reverse("desk:logout"), headers={"x-csrftoken": token}).status_code == 302


def test_a_login_leads_to_pages_of_ours_only(db, account):
    account("office", username="liu")
    entered = {"username": "liu", "password": PASSWORD}
    for hostile in HOSTILE:
        answer = Client().post(reverse("desk:login"), entered | {"next": hostile}, headers={"referer": "https://evil.example"})
        assert answer.status_code == 302, hostile
        insist_on_own(answer, hostile)
        insist_on_own(Client().get(f"/{hostile}"), hostile)
        insist_on_own(Client().get(f"//evil.example/{hostile}"), hostile)
    answer = Client().post(f"{reverse('desk:login')}?next=//evil.example", entered)
    assert answer["Location"] == "/"
    assert Client().post(reverse("desk:login"), entered | {"next": "/search/?q=1"})["Location"] == "/search/?q=1"


def test_no_page_follows_an_address_it_is_given(busy, door, monkeypatch):  # noqa: F811
    who = door("operator")
    monkeypatch.setattr(running, "launch", lambda job, work: job.finished.set())
    for number, name in enumerate(set(PAGES) - BACKGROUND - {"desk:logout"}):
        given = {one: HOSTILE[(number + i) % len(HOSTILE)] for i, one in enumerate(PARAMETERS)}
        where = f"{address(name)}?next={given['next'].strip()}&back=//evil.example&url=javascript:alert(1)"
        answer = who.post(where, given, headers={"referer": "https://evil.example/x"})
        insist_on_own(answer, name)
        if not answer.streaming and "html" in answer["Content-Type"]:
            assert not re.search(
                r'(href|src|action|hx-get|hx-post)\s*=\s*"?\s*(//|/\\|\\|https?:|javascript:|data:(?!image))',
                answer.content.decode(),
                re.IGNORECASE,
            ), name
