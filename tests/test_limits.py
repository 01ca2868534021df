"""How often one may knock: login, search, export, upload, by account and by address."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading

import pytest
from django.conf import settings as real
from django.test import Client, RequestFactory
from django.urls import reverse

from conftest import PASSWORD, ROOT
from tests.headers import insist_on_headers
from tests.test_pages import PAGES
from zugong.base.models import TrailEntry
from zugong.desk import limits
from zugong.ui.pages import Audience

STRICT = {kind: (3, 5, 60) for kind in real.RATE_LIMITS}


@pytest.fixture
def strict(settings):
    """Three times an account, five times an address, in a minute."""
    settings.RATE_LIMITS = STRICT


@pytest.fixture
def later(monkeypatch):
    """A clock that stands until it is told to wait."""
    passed = [1_000_000.0]
    monkeypatch.setattr(limits, "time", lambda: passed[0])

    def wait(seconds: float) -> None:
        passed[0] += seconds

    return wait


def login(who: Client, name: str, **more):
    return who.post(reverse("desk:login"), {"username": name, "password": "wrong"}, **more)


def blocked():
    return TrailEntry.objects.filter(verb="desk:limited").order_by("number")


def test_guessing_is_slowed_by_account_wherever_it_comes_from(db, account, strict, later):
    account("office", username="liu")
    answers = [login(Client(), name, REMOTE_ADDR=f"10.0.0.{n}") for n, name in enumerate(["liu", "LIU ", "Liu", "liu", "liu"])]
    assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
    assert answers[3]["Retry-After"] == "60"
    assert "登录太频繁，这一次没有办。请等 60 秒再试。" in answers[3].content.decode()
    insist_on_headers(answers[3], 429)
    right = Client().post(reverse("desk:login"), {"username": "liu", "password": PASSWORD}, REMOTE_ADDR="10.0.0.9")
    assert right.status_code == 429, "even the right password waits"
    assert login(Client(), "wang", REMOTE_ADDR="10.0.0.9").status_code == 200, "another account does not"
    later(60)
    assert login(Client(), "liu").status_code == 200
    entry = blocked().get()  # one entry for all of them
    assert (entry.account, entry.subject) == ("", "desk:login")
    assert json.loads(entry.values)["filters"]["地址"] == "10.0.0.3"
    assert "liu" not in entry.values


def test_guessing_is_slowed_by_address_whatever_the_account(db, strict):
    codes = [login(Client(), f"name{n}").status_code for n in range(7)]
    assert codes == [200] * 5 + [429] * 2
    forged = {"headers": {"x-forwarded-for": "6.6.6.6", "x-real-ip": "6.6.6.6"}}
    assert login(Client(), "other", **forged).status_code == 429
    assert login(Client(), "other", REMOTE_ADDR="10.9.9.9").status_code == 200


def test_a_machine_cannot_slip_through_by_its_many_ipv6_addresses(db, strict):
    codes = [login(Client(), f"name{n}", REMOTE_ADDR=f"2001:db8:1:2::{n:x}").status_code for n in range(6)]
    assert codes[-1] == 429
    assert login(Client(), "other", REMOTE_ADDR="2001:db8:1:3::1").status_code == 200


@pytest.mark.parametrize(
    ("kind", "name", "method", "query"),
    [
        ("查找", "desk:search", "get", {"q": "王"}),
        ("查找", "people:by-id", "post", {"q": "429901195001019980"}),
        ("查找", "meetings:meeting-list", "get", {"q": "学习"}),
        ("导出", "meetings:meeting-list", "get", {"print": ""}),
        ("导出", "meetings:meeting-export", "post", {}),
        ("导出", "meetings:meeting-selected", "post", {"do": "export", "row": 1}),
        ("导出", "desk:dues-export", "post", {}),
        ("上传", "reports:adopt", "post", {"pasted": ""}),
        ("上传", "intake:receive", "post", {}),
    ],
)
def test_searching_taking_out_and_handing_in_are_counted(yunxi, door, strict, later, kind, name, method, query):
    who, other = door("office"), door("branch")
    codes = [getattr(who, method)(reverse(name), query).status_code for _ in range(3)]
    assert 429 not in codes
    answer = getattr(who, method)(reverse(name), query)
    assert answer.status_code == 429
    assert f"{kind}太频繁" in answer.content.decode()
    assert "回工作台" in answer.content.decode()
    assert blocked().get().account == who.user.username
    assert who.get(reverse("desk:home")).status_code == 200, "everything else goes on"
    assert getattr(other, method)(reverse(name), query).status_code != 429
    later(61)
    assert getattr(who, method)(reverse(name), query).status_code != 429


def test_looking_at_pages_is_not_counted(yunxi, door, strict):
    who = door("office")
    for name in ("meetings:meeting-list", "meetings:meeting-export", "reports:adopt", "desk:home"):
        assert [who.get(reverse(name)).status_code for _ in range(6)] == [200] * 6, name


def test_a_fragment_gets_the_sentence_alone(yunxi, door, strict):
    who = door("office")
    asked = [
        who.get(reverse("organizations:partyorganization-find"), {"q": "支部"}, headers={"hx-request": "true"})
        for _ in range(4)
    ]
    assert asked[-1].status_code == 429
    assert asked[-1].content.decode() == "边输边查太频繁，这一次没有办。请等 60 秒再试。"


def test_a_stranger_cannot_use_up_what_others_may_do(yunxi, door, strict):
    for _ in range(9):
        assert Client().get(reverse("desk:search"), {"q": "王"}).status_code == 302
    assert door("office").get(reverse("desk:search"), {"q": "王"}).status_code == 200


def test_every_page_that_is_guessed_at_or_hands_something_over_is_counted(db):
    """What is counted is told by names of views: none may be left out, and none counted that is not there."""
    ask = RequestFactory().post("/")
    kinds = {name: limits.kind_of(name, ask) for name in PAGES}
    for name, pattern in PAGES.items():
        told = kinds[name].name if kinds[name] else ""
        view = pattern.callback
        if view.permission == Audience.EVERYBODY and name != "desk:health":
            assert told in ("login", "code", "feed"), name
        if re.search(r"\bexport$|:evidence$|word$|refused|selected", name) and not re.search("password", name):
            assert told == "export", name
        if re.search(r"\bfind(-place)?$|facets$|:search$|by-id", name):
            assert told in ("typing", "search"), name
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "zugong").rglob("templates/**/*.html"))
    assert sources.count("multipart/form-data") == sum(
        1 for kind in kinds.values() if kind and kind.name in ("upload", "correction")
    )
    for kind in limits.KINDS:
        assert any(kind.views.fullmatch(name) for name in PAGES), kind.name
        assert kind.name in real.RATE_LIMITS


def test_threads_lose_no_count(settings):
    allowed = []

    def knocking():
        for _ in range(200):
            if not limits.knock("export", "account x", 500, 60).wait:
                allowed.append(1)

    threads = [threading.Thread(target=knocking) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(allowed) == 500


def test_the_numbers_are_settings():
    def told(said: str):
        code = "from django.conf import settings; print(settings.RATE_LIMITS)"
        env = {**os.environ, "ZUGONG_LIMITS": said, "DJANGO_SETTINGS_MODULE": "zugong.settings"}
        return subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True, check=False)

    assert "'login': (4, 0, 9)" in told("login=4/0/9").stdout
    assert "'login': (10, 60, 300)" in told("").stdout
    for bad in ("login", "login=1/2", "nothing=1/2/3", "login=1/2/0", "login=-1/2/3"):
        assert f"“{bad}”看不懂" in told(bad).stderr
