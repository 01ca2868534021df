"""Who one is: guessing is locked out and tells nothing, a password is not enough, sessions end, and the trail tells it."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from conftest import IMPORT_DAY, PASSWORD, come_in
from tests.chromium import code_of
from zugong.base import accounts, department, factors, grants, guessing, passwords
from zugong.base.access import ROLES
from zugong.base.models import FactorSecret, FormerPassword, TrailEntry, User
from zugong.base.records import writing_allowed
from zugong.base.rules import Refused
from zugong.desk import actions, staying
from zugong.desk.clock import today

LOGIN, FACTOR, SET_UP = reverse("desk:login"), reverse("desk:factor"), reverse("desk:factor-setup")
NEW = ("Qingshan-Lushui-1", "Qingshan-Lushui-2", "Qingshan-Lushui-3", "Qingshan-Lushui-4", "Qingshan-Lushui-5")


@pytest.fixture(autouse=True)
def counted_anew(db):
    """How often one knocks is counted beside the database: each test begins without."""
    cache.clear()


def tried(name: str, password: str = "x", address: str = "10.1.1.1"):
    return Client(REMOTE_ADDR=address).post(LOGIN, {"username": name, "password": password})


def verbs(since: int = 0) -> list[str]:
    return list(TrailEntry.objects.filter(number__gt=since).order_by("number").values_list("verb", flat=True))


def last_number() -> int:
    return TrailEntry.objects.order_by("-number").values_list("number", flat=True).first() or 0


# ---- guessing ----


def test_a_name_there_is_and_one_there_is_not_are_answered_alike(account, monkeypatch):
    account("branch", username="zhangsan")
    closed = account("branch", username="lisiguan")
    grants.open_local_account(by=User(username="bendijiq", name="本机"), on=IMPORT_DAY)
    with writing_allowed():
        closed.is_active = False
        closed.save()
    runs: list[str] = []
    for name in ("encode", "verify"):
        plain = getattr(Argon2PasswordHasher, name)
        monkeypatch.setattr(Argon2PasswordHasher, name, lambda *a, _p=plain, _n=name, **g: (runs.append(_n), _p(*a, **g))[1])
    seen = []
    for name in ("zhangsan", "nobodyis", "lisiguan", "bendijiq"):
        runs.clear()
        answer = tried(name, "Not-the-right-one-9")
        body = answer.content.decode().replace(name, "").replace(answer.wsgi_request.META["CSRF_COOKIE"], "")
        seen.append((answer.status_code, len(runs), "".join(line for line in body.splitlines() if "csrf" not in line.lower())))
    assert seen[0][1] == 1, "one run of argon2"
    assert len(set(seen)) == 1


def test_names_are_locked_alike_whether_there_is_such_an_account(account, settings):
    account("branch", username="zhangsan")
    limit, answers = settings.ZUGONG_LOCK_ACCOUNT, {}
    for name in ("zhangsan", "nobodyis"):
        answers[name] = [("暂时不能登录" in tried(name, address=f"10.0.0.{i}").content.decode()) for i in range(limit + 1)]
        assert "暂时不能登录" in tried(name, PASSWORD, "10.9.9.9").content.decode(), "the right password does not help"
    assert answers["zhangsan"] == answers["nobodyis"] == [False] * (limit - 1) + [True] * 2


def test_an_address_is_locked_after_its_own_limit(account, settings):
    settings.ZUGONG_LOCK_ADDRESS = 12
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"login": (0, 0, 60)}
    account("branch", username="zhangsan")
    said = ["暂时不能登录" in tried(f"name{i}").content.decode() for i in range(12)]
    assert said == [False] * 11 + [True]
    assert "暂时不能登录" in tried("zhangsan", PASSWORD).content.decode()
    assert tried("zhangsan", PASSWORD, "10.2.2.2").status_code == 302, "from elsewhere it goes on"


def test_a_lock_ends_by_itself_and_an_administrator_ends_it_sooner(account, door, settings):
    user, admin = account("branch", username="zhangsan"), door("security_administrator")
    for _ in range(settings.ZUGONG_LOCK_ACCOUNT):
        tried("zhangsan")
    page = reverse("desk:account-one", args=[user.pk])
    assert "已锁定" in admin.get(page).content.decode()
    admin.post(reverse("desk:account-unlock", args=[user.pk]))
    assert verbs()[-1] == "base:unlock"
    assert tried("zhangsan", PASSWORD).status_code == 302
    assert "没有锁定" in admin.get(page).content.decode()
    for _ in range(settings.ZUGONG_LOCK_ACCOUNT):
        tried("zhangsan")
    assert tried("zhangsan", PASSWORD).status_code == 200
    for one in AccessAttempt.objects.all():
        one.attempt_time -= timedelta(minutes=settings.ZUGONG_LOCK_MINUTES, seconds=1)
        one.save()
    assert tried("zhangsan", PASSWORD).status_code == 302


def test_what_was_typed_as_a_name_is_kept_nowhere(account):
    account("branch", username="zhangsan")
    before = last_number()
    tried("My-Secret-Passw0rd", "x-y-z-Passw0rd")
    tried("zhangsan", "x-y-z-Passw0rd")
    typed, known = TrailEntry.objects.filter(number__gt=before, verb="base:fail_login").order_by("number")
    assert (typed.account, known.account) == ("", "zhangsan")
    assert json.loads(typed.values)["mark"] == guessing.mark("My-Secret-Passw0rd") != guessing.mark("other")
    kept = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            kept.append(str(cursor.fetchall()))
    assert not [words for words in ("My-Secret", "x-y-z", "my-secret") if any(words in rows for rows in kept)]
    assert "locked" not in typed.values


def test_failures_locks_logins_and_logouts_are_on_the_trail_once_each(account, door, settings):
    account("branch", username="zhangsan")
    before = last_number()
    for _ in range(settings.ZUGONG_LOCK_ACCOUNT + 3):
        tried("zhangsan")
    assert verbs(before) == ["base:fail_login"] * settings.ZUGONG_LOCK_ACCOUNT + ["base:lock_login"]
    AccessAttempt.objects.all().delete()
    page = door("auditor").get(reverse("desk:trail"), {"q": "登录失败"}).content.decode()
    assert "地址：10.1.1.1" in page
    before, who = last_number(), Client()
    who.post(LOGIN, {"username": "zhangsan", "password": PASSWORD})
    who.post(reverse("desk:logout"))
    assert verbs(before) == ["base:sign_in", "base:sign_out"]


# ---- passwords ----


def test_the_last_passwords_are_not_taken_again_and_kept_as_hashes_only(account):
    user = account("branch")
    for new in (*NEW, "Qingshan-Lushui-6"):
        passwords.change_own_password(by=user, on=IMPORT_DAY, password=new)
    for used in (*NEW, "Qingshan-Lushui-6"):
        with pytest.raises(Refused):
            passwords.change_own_password(by=user, on=IMPORT_DAY, password=used)
    passwords.change_own_password(by=user, on=IMPORT_DAY, password=PASSWORD)  # the sixth before is forgotten
    former = FormerPassword.objects.filter(user=user)
    assert former.count() == 5
    assert all(one.password.startswith("argon2") for one in former)
    told = " ".join(TrailEntry.objects.values_list("values", flat=True))
    assert "argon2" not in told
    assert not [used for used in NEW if used in told]


def test_an_old_password_opens_nothing_but_its_change(account):
    user = account("branch")
    days = passwords.PARAMETERS["password_days"].on(today()).value
    for age, wanted in ((days - 1, 200), (days, 302)):
        with writing_allowed():
            user.password_set_on = today() - timedelta(days=age)
            user.save()
        answer = come_in(Client(), user).get(reverse("desk:account"))
        assert answer.status_code == wanted
    assert answer.url == reverse("desk:password")
    assert passwords.PARAMETERS["password_days"].on(today()).source.status == "本地规定"


# ---- the second factor ----


@pytest.mark.parametrize("role", ROLES)
def test_a_role_that_asks_for_it_opens_nothing_without_a_second_factor(account, role):
    who = come_in(Client(), account(role), factor=factors.NONE)
    answer = who.get(reverse("desk:account"))
    assert (answer.status_code, answer.get("Location")) == ((302, SET_UP) if ROLES[role].second_factor else (200, None))
    if ROLES[role].second_factor:
        assert who.get(reverse("desk:password")).url == SET_UP
        assert who.get(reverse("desk:account"), headers={"hx-request": "true"})["HX-Redirect"] == SET_UP
        page = who.get(SET_UP).content.decode()
        assert "data:image/svg+xml;base64," in page
        assert 'class="rail"' not in page
        assert 'class="rail"' not in who.get("/nowhere/").content.decode(), "nor does an error's page tell what there is"
        assert who.post(reverse("desk:logout")).status_code == 302


def set_up(who: Client) -> tuple[str, list[str]]:
    """Set the authenticator up as the page says; gives its key and the recovery codes."""
    key = who.get(SET_UP).context["key"].replace(" ", "")
    shown = who.post(SET_UP, {"code": code_of(key)})
    return key, shown.context["codes"]


def log_in(user: User) -> Client:
    """Past the password, at the question for the code."""
    who = Client()
    assert who.post(LOGIN, {"username": user.username, "password": PASSWORD}).url == FACTOR
    return who


def test_a_code_or_an_unused_recovery_code_comes_in_and_each_only_once(account):
    user = account("office")
    elsewhere, who = come_in(Client(), user), come_in(Client(), user, factor=factors.NONE)
    UserSession.objects.create(user=user, ip="10.1.1.1", session_key=elsewhere.session.session_key)
    key, codes = set_up(who)
    assert who.get(reverse("desk:account")).status_code == 200
    assert elsewhere.get(reverse("desk:account")).url.startswith(LOGIN), "sessions from before are ended"
    cache.clear()
    before, second = last_number(), log_in(user)
    assert second.get(reverse("desk:account")).url == FACTOR
    assert "验证码不对" in second.post(FACTOR, {"code": "000000"}).content.decode()
    code = code_of(key)
    assert second.post(FACTOR, {"code": code}).status_code == 302
    assert second.get(reverse("desk:account")).status_code == 200
    assert "验证码不对" in log_in(user).post(FACTOR, {"code": code}).content.decode(), "nobody comes in behind"
    assert log_in(user).post(FACTOR, {"code": codes[0]}).status_code == 302
    assert "验证码不对" in log_in(user).post(FACTOR, {"code": codes[0]}).content.decode()
    wanted = ["fail_factor", "answer_factor", "fail_factor", "use_recovery_code", "fail_factor"]
    assert [v for v in verbs(before) if v != "base:sign_in"] == [f"base:{name}" for name in wanted]


def test_keys_and_codes_lie_sealed_and_never_on_the_trail(account):
    user = account("office")
    who = come_in(Client(), user, factor=factors.NONE)
    pending = who.get(SET_UP).context["key"].replace(" ", "")
    assert pending not in str(Session.objects.get(session_key=who.session.session_key).get_decoded())
    key, codes = set_up(who)
    log_in(user).post(FACTOR, {"code": codes[0]})
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM base_factorsecret")
        kept = [str(row) for row in cursor.fetchall()]
    assert len(kept) == 2, "the secret of the codes and that of the recovery codes"
    kept += [str(row) for row in Authenticator.objects.values_list("data", flat=True)]
    kept += TrailEntry.objects.values_list("values", flat=True)
    seed = FactorSecret.objects.order_by("-pk").values_list("secret", flat=True)[0]
    assert not [secret for secret in (key, seed, *codes) if any(secret in text for text in kept)]
    who = log_in(user)
    who.post(FACTOR, {"code": codes[1]})
    who.post(reverse("desk:factor-change"), {"code": codes[2], "stop": "1"})
    assert not FactorSecret.objects.exists()


def test_wrong_codes_lock_the_account_and_a_right_password_between_them_does_not_help(account, settings):
    user = account("office")
    _, codes = set_up(come_in(Client(), user, factor=factors.NONE))
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"login": (0, 0, 60)}
    for _ in range(settings.ZUGONG_LOCK_ACCOUNT):
        log_in(user).post(FACTOR, {"code": "000000"})
    who = come_in(Client(), user, factor=factors.ASKED)
    assert "暂时不能登录" in who.post(FACTOR, {"code": codes[0]}).content.decode()
    assert who.get(reverse("desk:account")).url == FACTOR


def test_a_lost_phone_is_taken_away_by_somebody_else(account, door):
    user, admin = account("office"), door("security_administrator")
    who = come_in(Client(), user, factor=factors.NONE)
    UserSession.objects.create(user=user, ip="10.1.1.1", session_key=who.session.session_key)
    set_up(who)
    admin.post(reverse("desk:account-factor", args=[admin.user.pk]))
    admin.post(reverse("desk:account-factor", args=[user.pk]))
    assert not factors.has(user)
    assert verbs()[-1] == "base:withdraw_factor"
    assert who.get(reverse("desk:account")).url.startswith(LOGIN)
    again = Client()
    again.post(LOGIN, {"username": user.username, "password": PASSWORD})
    assert again.get(reverse("desk:account")).url == SET_UP


def test_recovery_codes_are_renewed_and_the_factor_stopped_only_with_a_code(account):
    who = come_in(Client(), account("office"), factor=factors.NONE)
    _, codes = set_up(who)
    change = reverse("desk:factor-change")
    assert "验证码不对" in who.post(change, {"code": "000000", "stop": "1"}).content.decode()
    fresh = who.post(change, {"code": codes[0]}).context["codes"]
    assert not set(fresh) & set(codes)
    assert "验证码不对" in who.post(change, {"code": codes[1]}).content.decode(), "old ones are void"
    who.post(change, {"code": fresh[0], "stop": "1"})
    assert who.get(reverse("desk:account")).url == SET_UP, "the role asks for one again at once"


def test_only_an_empty_home_becomes_a_demo(operator, account):
    there = account("office")
    with pytest.raises(Refused):
        actions.begin_demo(by=operator, on=IMPORT_DAY)
    with pytest.raises(Refused):
        department.settle(by=operator, on=IMPORT_DAY, values={"demo_home": "演示"})
    assert come_in(Client(), there, factor=factors.NONE).get(reverse("desk:home")).url == SET_UP


# ---- sessions ----


def test_a_session_ends_when_it_rests_too_long_or_lasts_too_long(account, monkeypatch, settings):
    user, real = account("branch"), staying.now
    for minutes, still in ((settings.ZUGONG_IDLE_MINUTES - 1, True), (settings.ZUGONG_IDLE_MINUTES + 1, False)):
        who = come_in(Client(), user)
        with monkeypatch.context() as later:
            later.setattr(staying, "now", lambda m=minutes: real() + timedelta(minutes=m))
            assert (who.get(reverse("desk:account")).status_code == 200) is still
    assert "没有操作" in who.get(LOGIN).content.decode()
    assert verbs()[-1] == "base:sign_out"
    who, step = come_in(Client(), user), settings.ZUGONG_IDLE_MINUTES - 1
    answers = []
    for minutes in range(0, settings.ZUGONG_SESSION_HOURS * 60 + step, step):
        with monkeypatch.context() as later:
            later.setattr(staying, "now", lambda m=minutes: real() + timedelta(minutes=m))
            answers.append((minutes, who.get(reverse("desk:account")).status_code == 200))
    assert answers == [(m, m < settings.ZUGONG_SESSION_HOURS * 60) for m, _ in answers], "however busy"


def test_ones_sessions_are_listed_and_ended(account):
    user = account("branch")
    here, there, third = (Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0"}) for _ in range(3))
    for one in (here, there, third):
        one.post(LOGIN, {"username": user.username, "password": PASSWORD})
    page = here.get(reverse("desk:account")).content.decode()
    assert page.count("Windows，Chrome") == 3
    assert page.count("就是这里") == 1
    ended = reverse("desk:session-end")
    other = UserSession.objects.get(session_key=there.session.session_key).pk
    stranger = come_in(Client(), account("branch", username="other"))
    stranger.post(ended, {"session": other})
    assert there.get(reverse("desk:account")).status_code == 200, "nobody ends another's"
    here.post(ended, {"session": other})
    assert there.get(reverse("desk:account")).status_code == 302
    here.post(ended)
    assert third.get(reverse("desk:account")).status_code == 302
    assert here.get(reverse("desk:account")).status_code == 200


@pytest.mark.parametrize("what", ["change", "reset", "close"])
def test_a_new_password_or_a_closed_account_ends_sessions(account, operator, what):
    user = account("branch")
    here, there = Client(), Client()
    for one in (here, there):
        one.post(LOGIN, {"username": user.username, "password": PASSWORD})
    if what == "change":
        given = {"old": PASSWORD, "new": NEW[0], "again": NEW[0]}
        assert here.post(reverse("desk:password"), given).status_code == 302
    else:
        fresh = User.objects.get(pk=user.pk)
        act = {"reset": accounts.reset_password, "close": accounts.set_active}[what]
        act(by=operator, on=IMPORT_DAY, user=fresh, **({"active": False} if what == "close" else {}))
    assert (here.get(reverse("desk:account")).status_code == 200) is (what == "change")
    assert there.get(reverse("desk:account")).status_code == 302
    assert UserSession.objects.filter(user=user).count() == (what == "change")


def test_dates_of_passwords_begin_with_the_next_login(account):
    user = account("branch")
    assert user.password_set_on is None
    Client().post(LOGIN, {"username": user.username, "password": PASSWORD})
    assert User.objects.get(pk=user.pk).password_set_on == today() >= date(2026, 1, 1)
