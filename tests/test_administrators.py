"""The three administrators: opened together, never in one hand, and the end of the operator who could do everything."""

from __future__ import annotations

import getpass
import json
from datetime import date, timedelta
from importlib import import_module
from itertools import combinations

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import call_command, get_commands
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import IMPORT_DAY
from zugong.base import accounts, factors, grants
from zugong.base.access import ADMINISTRATORS, ROLES, Permission
from zugong.base.administrators import missing, open_administrators
from zugong.base.grants import Given
from zugong.base.models import Grant, GrantState, TrailEntry, User
from zugong.base.records import writing_allowed
from zugong.base.rules import NotAllowed, Refused
from zugong.base.trail import faults
from zugong.desk import commands
from zugong.desk.clock import today
from zugong.desk.prepare import operator as local_operator

DATA = {p for p in Permission if not p.startswith("base:")}


def acting(user: User, day: date = IMPORT_DAY) -> User:
    """The account as it stands, acting on a day."""
    found = User.objects.get(pk=user.pk)
    found.day = day
    return found


@pytest.fixture
def three(operator) -> dict[str, User]:
    """The three administrators, by role."""
    made = open_administrators(by=operator, on=IMPORT_DAY, names={})
    return {role: acting(user) for user, role, _ in made}


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    """A command's exit code and what it printed, in this process."""
    code = 0
    try:
        call_command(*arguments)
    except SystemExit as ended:
        code = int(ended.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_opening_them_ends_the_operator_for_good(operator):
    before = {p for p in Permission if operator.may_somewhere(p)}
    made = open_administrators(by=operator, on=IMPORT_DAY, names={})
    assert [user.username for user, _, _ in made] == ["xitong", "anquan", "shenji"]
    assert len({password for _, _, password in made}) == 3
    assert all(user.check_password(password) and user.must_change_password for user, _, password in made)
    others = {Permission.OWN_READ, Permission.CORRECTIONS_DECIDE, Permission.PEOPLE_ERASE, Permission.FOLLOW_UPS_APPROVE}
    assert before >= DATA - others
    for day in (IMPORT_DAY, IMPORT_DAY - timedelta(days=900), IMPORT_DAY + timedelta(days=9000), date.min, today()):
        later = acting(operator, day)
        assert not {p for p in DATA if later.may_somewhere(p)}, "no day brings it back"
        assert not later.may_somewhere(Permission.ACCOUNTS_MANAGE)
        assert not later.may_somewhere(Permission.TRAIL_READ)
    assert acting(operator).may(Permission.SYSTEM_RUN)
    entry = TrailEntry.objects.get(verb="base:open_administrators")
    changes = json.loads(entry.values)["changes"]
    ended = Grant.objects.get(user=operator, role="operator")
    assert changes[ended.key]["state"] == ["agreed", "over"]
    assert entry.effective_on == IMPORT_DAY
    assert not any(password in entry.values for _, _, password in made)
    assert faults() == []


def test_all_three_or_none(operator):
    with pytest.raises(Refused, match="三个不同的账号"):
        open_administrators(by=operator, on=IMPORT_DAY, names={"auditor": "Xitong"})
    accounts.create_account(by=operator, on=IMPORT_DAY, username="shenji", name="占了名字的人", given=Given("head"))
    with pytest.raises(Refused, match="已经有“shenji”"):
        open_administrators(by=operator, on=IMPORT_DAY, names={})
    assert missing(IMPORT_DAY) == list(ADMINISTRATORS)
    assert not User.objects.filter(username="xitong").exists()
    assert acting(operator).may(Permission.PEOPLE_EDIT), "still preparing"


def test_a_second_time_opens_only_whom_nobody_holds(operator, three):
    local = acting(operator)
    with pytest.raises(Refused, match="都已开通"):
        open_administrators(by=local, on=IMPORT_DAY, names={})
    accounts.set_active(by=three["security_administrator"], on=IMPORT_DAY, user=three["auditor"], active=False)
    [(user, role, _)] = open_administrators(by=local, on=IMPORT_DAY, names={"auditor": "shenji2"})
    assert (user.username, role) == ("shenji2", "auditor")


def test_one_by_one_they_end_the_operator_too(operator):
    for i, role in enumerate(ADMINISTRATORS):
        assert acting(operator).may(Permission.PEOPLE_EDIT)
        accounts.create_account(by=operator, on=IMPORT_DAY, username=f"one-{i}", name="某", given=Given(role))
    assert not acting(operator).may(Permission.PEOPLE_EDIT)
    assert grants.established()


def test_nobody_is_made_operator(operator, three, account):
    user = account("branch", "1")
    for by in (operator, three["security_administrator"]):
        with pytest.raises(Refused, match="不能授给任何人"):
            grants.give_grant(by=by, on=IMPORT_DAY, user=user, given=Given("operator", reason="方便"))
    given = Given("office", reason="方便")
    with pytest.raises(Refused, match="不能另外授权"):
        grants.give_grant(by=three["security_administrator"], on=IMPORT_DAY, user=acting(operator), given=given)
    with pytest.raises(Refused, match="留给服务器上的命令行"):
        accounts.create_account(
            by=three["security_administrator"], on=IMPORT_DAY, username="LOCAL", name="某", given=Given("branch", "1")
        )


def test_a_home_that_had_them_makes_no_operator_of_a_lost_local_account(three):
    three_held = Grant.objects.filter(role__in=ADMINISTRATORS).count()
    assert three_held == 4  # the three, and the local account that runs the house
    with writing_allowed():
        Grant.objects.update(proposed_by=None)
        Grant.objects.filter(user__username="local").delete()
        User.objects.filter(username="local").delete()
    again = local_operator()
    assert {g.role for g in Grant.objects.filter(user=again)} == {"system_administrator"}


STEPS = st.lists(
    st.tuples(st.sampled_from(["give", "agree", "end", "change", "close"]), st.integers(0, 2), st.sampled_from(sorted(ROLES))),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_no_account_ever_holds_two_of_the_three(three, account, steps):
    security, system = three["security_administrator"], three["system_administrator"]
    stamp = User.objects.count()
    users = [account("partner", "", username=f"p{stamp}-{i}") for i in range(3)]
    for step, who, role in steps:
        user = User.objects.get(pk=users[who].pk)
        latest = Grant.objects.filter(user=user).order_by("-pk").first()
        on = IMPORT_DAY
        given = Given(role, reason="调整", valid_from=on + timedelta(days=who))
        try:
            match step:
                case "give":
                    grants.give_grant(by=security, on=on, user=user, given=given)
                case "change":
                    grants.change_grant(by=security, on=on, grant=latest, given=given)
                case "agree":
                    grants.decide_grant(by=system, on=on, grant=latest, agreed=True)
                case "end":
                    grants.end_grant(by=security, on=on, grant=latest)
                case "close":
                    accounts.set_active(by=security, on=on, user=user, active=not user.is_active)
        except Refused:
            pass
        for day in (on, on + timedelta(days=1), on + timedelta(days=400)):
            for one in users:
                held = {g.role for g in acting(one, day).grants_in_force()}
                assert not any({a, b} <= held for a, b in combinations(ADMINISTRATORS, 2))
                assert "operator" not in held


# On the command line


def test_the_local_operator_runs_the_house_and_reads_nothing(yunxi, three, capsys):
    code, out, err = run(capsys, "figure", "meetings.held", "--period", "2023H1", "--rows")
    assert (code, out) == (1, "")
    assert "--as" in err
    assert "科室干部" in err
    code, out, _ = run(capsys, "settings", "place=云溪县", "--json")
    assert code == 0
    entry = TrailEntry.objects.get(verb="base:settle")
    assert (entry.account, entry.system_user, entry.via) == ("local", getpass.getuser(), "命令行")


def test_as_an_account_names_both_and_keeps_to_its_right(yunxi, three, account, capsys):
    clerk = account("office", username="keyuan")
    ask = ("figure", "visits.made", "--period", "2023H1", "--rows", "--json")
    code, out, _ = run(capsys, *ask, "--as", "keyuan")
    assert code == 0
    assert json.loads(out)["value"] == len(json.loads(out)["rows"]) > 0
    entry = TrailEntry.objects.order_by("-number").first()
    assert (entry.verb, entry.account, entry.system_user, entry.via) == (
        "base:record_export", "keyuan", getpass.getuser(), "命令行",
    )  # fmt: skip
    for name in ("xitong", "anquan", "shenji"):
        code, out, err = run(capsys, *ask, "--as", name)
        assert (code, out) == (1, "")
        assert f"账号“{name}”" in err
        assert "没有办理此事的权限" in err
    accounts.set_active(by=three["security_administrator"], on=IMPORT_DAY, user=clerk, active=False)
    code, out, err = run(capsys, *ask, "--as", "keyuan")
    assert (code, out) == (1, "")
    assert "已停用" in err


def test_a_day_said_gives_no_right_back(yunxi, three, account, capsys):
    clerk = account("office", username="keyuan")
    accounts.set_active(by=three["security_administrator"], on=today(), user=clerk, active=False)
    accounts.set_active(by=three["security_administrator"], on=today(), user=acting(clerk), active=True)
    ask = ("figure", "meetings.held", "--period", "2023H1", "--on", "2023-06-30", "--rows")
    for who in (("--as", "local"), ("--as", "keyuan")):
        code, out, _ = run(capsys, *ask, *who)
        assert (code, out) == (1, "")


def test_every_command_says_whose_it_is():
    names = [name for name, app in get_commands().items() if app == "zugong.desk"]
    assert len(names) > 10
    for name in names:
        command = import_module(f"zugong.desk.management.commands.{name}").Command
        needed = command.permission if isinstance(command.permission, tuple) else (command.permission,)
        assert needed, name
        assert all(isinstance(one, Permission) for one in needed), name
        assert issubclass(command, commands.ZugongCommand)


def test_the_administrators_command_opens_and_refuses(db, operator, capsys):
    code, out, err = run(capsys, "administrators", "--system", "yi", "--security", "er", "--auditor", "yi")
    assert (code, out) == (1, "")
    assert "三个不同的账号" in err
    code, out, _ = run(capsys, "administrators", "--json")
    made = json.loads(out)
    assert {one["role"] for one in made} == set(ADMINISTRATORS)
    assert User.objects.get(username="anquan").check_password(made[1]["password"])
    code, _, err = run(capsys, "administrators")
    assert code == 1
    code, out, _ = run(capsys, "administrators", "--reset", "anquan", "--json")
    assert User.objects.get(username="anquan").check_password(json.loads(out)[0]["password"])
    code, _, err = run(capsys, "administrators", "--reset", "shenji")
    assert code == 1
    assert "不是在用的安全管理员" in err
    assert GrantState.OVER in Grant.objects.values_list("state", flat=True)


# On the pages


def test_an_administrator_who_lost_phone_and_codes_is_helped_on_the_machine_only(three, account, capsys):
    """The only security administrator: nobody else could take the factor away. Others are the security administrator's."""
    lost, other = three["security_administrator"], account("head")
    for one in (lost, other):
        with writing_allowed():
            TOTP.activate(one, generate_totp_secret())
    code, _, said = run(capsys, "administrators", "--new-factor", other.username)
    assert (code, factors.has(other)) == (1, True)
    assert "安全管理员在网页上取消" in said
    code, _, said = run(capsys, "administrators", "--new-factor", lost.username, "--as", "xitong")
    assert (code, factors.has(lost)) == (1, True), "not by an account: only on the machine"
    code, out, _ = run(capsys, "administrators", "--new-factor", lost.username)
    assert (code, factors.has(lost)) == (0, False)
    assert "下次登录" in out
    told = TrailEntry.objects.latest("number")
    assert (told.verb, told.subject, told.account) == ("base:renew_administrators_factor", lost.key, "local")
    assert told.system_user == getpass.getuser()
    assert run(capsys, "administrators", "--new-factor", lost.username)[0] == 1, "there is none any more"
    assert run(capsys, "administrators", "--new-factor", "nobody")[0] == 1


def test_they_see_no_records_and_each_only_its_own_page(yunxi, door):
    own = {"system_administrator": "desk:settings", "security_administrator": "desk:accounts", "auditor": "desk:trail"}
    for role in ADMINISTRATORS:
        browser = door(role)
        for other, page in own.items():
            assert browser.get(reverse(page)).status_code == (200 if other == role else 403)
        for page in ("people:person-list", "meetings:meeting-list", "intake:drop", "statistics:figures", "reports:list"):
            assert browser.get(reverse(page)).status_code == 403


def test_only_security_grants(yunxi, door, account):
    user = account("partner", "")
    with pytest.raises(NotAllowed):
        grants.give_grant(by=door("system_administrator").user, on=IMPORT_DAY, user=user, given=Given("branch", reason="x"))
