"""Passwords checked by a directory: Debian's slapd on loopback. Who is matched, and that no account is made."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from conftest import PASSWORD, ROOT
from zugong.base.models import TrailEntry, User
from zugong.base.records import writing_allowed
from zugong.settings_login import secured

SLAPD, SCHEMA = shutil.which("slapd", path="/usr/sbin:/usr/local/sbin"), Path("/etc/ldap/schema")
LOGIN, ACCOUNT, BASE = reverse("desk:login"), reverse("desk:account"), "dc=yunxi,dc=example"
THEIRS = "In-the-directory-7"
CONFIGURED = """
include {schema}/core.schema
include {schema}/cosine.schema
include {schema}/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {home}/pid
argsfile {home}/args
database mdb
maxsize 10485760
suffix "{base}"
rootdn "cn=admin,{base}"
rootpw of-the-test
directory {home}/data
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="cn=reader,{base}" read by * none
"""
PEOPLE = ("zhang", "closed", "nobodys", "local")
pytestmark = pytest.mark.xdist_group("directory")


def entries() -> str:
    """Everybody the directory knows."""
    lines = [f"dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\no: yunxi\n"]
    lines.append(
        f"dn: cn=reader,{BASE}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\nuserPassword: reads\n"
    )
    for name in PEOPLE:
        lines.append(f"dn: uid={name},{BASE}\nobjectClass: inetOrgPerson\ncn: {name}\nsn: {name}\nuserPassword: {THEIRS}\n")
    return "\n".join(lines)


@pytest.fixture(scope="module")
def slapd():
    """The directory's address; the test is skipped where slapd or the extra is not there."""
    pytest.importorskip("django_auth_ldap", reason="the extra ldap is not installed here")
    if not SLAPD or not SCHEMA.exists():
        pytest.skip("no slapd here")
    home = Path(tempfile.mkdtemp(prefix="zugong-slapd-"))
    (home / "data").mkdir()
    config = home / "slapd.conf"
    config.write_text(CONFIGURED.format(schema=SCHEMA, home=home, base=BASE))
    subprocess.run(
        [Path(SLAPD).with_name("slapadd"), "-f", config], input=entries(), text=True, check=True, capture_output=True
    )
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    address = f"ldap://127.0.0.1:{port}"
    command = [SLAPD, "-f", config, "-h", address, "-d", "0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        for _ in range(100):
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        try:
            yield address
        finally:
            process.terminate()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def switched_on(slapd, settings, db):
    """The directory in use."""
    cache.clear()
    given = {"base": BASE, "filter": "(uid=%(user)s)", "bind": f"cn=reader,{BASE}", "password": "reads", "ca": ""}
    settings.ZUGONG_LDAP = {"url": slapd, **given}
    first, last = settings.AUTHENTICATION_BACKENDS
    settings.AUTHENTICATION_BACKENDS = [first, "zugong.desk.directory.Directory", last]


def tried(name: str, password: str) -> tuple[Client, int]:
    who = Client()
    return who, who.post(LOGIN, {"username": name, "password": password}).status_code


def test_the_directorys_password_opens_the_account_of_that_name(switched_on, account):
    user = account("branch", username="zhang")
    with writing_allowed():
        user.must_change_password = True  # the one-time password nobody needs
        user.save()
    who, status = tried("zhang", THEIRS)
    assert status == 302
    page = who.get(ACCOUNT)
    assert page.wsgi_request.user == user
    assert "密码在那边改" in page.content.decode()
    entry = TrailEntry.objects.order_by("-number").first()
    assert (entry.verb, entry.account) == ("base:sign_in", "zhang")
    assert '"way": "单位的目录"' in entry.values
    assert THEIRS not in entry.values
    with writing_allowed():
        user.is_active = False
        user.save()
    assert who.get(ACCOUNT).status_code == 302, "a closed account is out at once"


def test_nobody_else_comes_in_and_no_account_is_made(switched_on, account, operator):
    account("branch", username="zhang")
    closed = account("branch", username="closed")
    with writing_allowed():
        closed.is_active = False
        closed.save()
    before = User.objects.count()
    for name, password in (("nobodys", THEIRS), ("closed", THEIRS), ("local", THEIRS), ("zhang", "wrong"), ("*", THEIRS)):
        assert tried(name, password)[1] == 200, name
    assert operator.username == "local"
    assert User.objects.count() == before


def test_a_directory_gives_no_rights_and_spares_no_second_factor(switched_on, account):
    account("office", username="zhang")
    who, status = tried("zhang", THEIRS)
    assert (status, who.get(ACCOUNT).url) == (302, reverse("desk:factor-setup"))


def test_guessing_at_the_directory_is_locked_as_well(switched_on, account, settings):
    account("branch", username="zhang")
    for _ in range(settings.ZUGONG_LOCK_ACCOUNT):
        tried("zhang", "wrong")
    assert tried("zhang", THEIRS)[1] == 200


def test_a_directory_that_is_away_leaves_the_passwords_kept_here(switched_on, account, settings):
    settings.ZUGONG_LDAP = settings.ZUGONG_LDAP | {"url": "ldap://127.0.0.1:9"}
    account("branch", username="zhang")
    assert tried("zhang", PASSWORD)[1] == 302


def test_a_directory_or_provider_elsewhere_is_spoken_with_encrypted_only():
    for name, address, scheme in (("ZUGONG_LDAP_URL", "ldap://ldap.example", "ldaps"), ("X", "http://sso.example", "https")):
        with pytest.raises(SystemExit, match="明着走"):
            secured(name, address, scheme)
    assert secured("ZUGONG_LDAP_URL", "ldaps://ldap.example", "ldaps") == "ldaps://ldap.example"
    assert secured("ZUGONG_LDAP_URL", "ldap://127.0.0.1:389", "ldaps")


def test_it_is_off_until_a_setting_says_otherwise(settings):
    assert "ZUGONG_LDAP_URL" in os.environ or not any("directory" in one for one in settings.AUTHENTICATION_BACKENDS)
    assert (ROOT / "requirements/ldap.lock").exists()
