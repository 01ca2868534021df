"""Every page there is: who may open it, that nobody else can, and that it asks no other host and holds no inline code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from conftest import IMPORT_DAY, PASSWORD, ROOT
from tests.headers import insist_on_headers
from tests.no_ledger import begin_what_no_ledger_brings
from zugong.base.access import READ_RECORDS, ROLES, Permission
from zugong.base.accounts import create_account
from zugong.base.department import settle
from zugong.base.grants import Given
from zugong.base.models import Grant, TrailEntry, User
from zugong.base.records import writing_allowed
from zugong.desk.demorules import show_rules
from zugong.desk.offices import OFFICES, holding
from zugong.organizations.models import PartyOrganization
from zugong.people import actions as people
from zugong.people.models import Person
from zugong.publicity.actions import begin_brand
from zugong.reports import texts
from zugong.reports.actions import adopt, draft
from zugong.statistics.frames import frame_of
from zugong.supervision.actions import accept_problem
from zugong.tasks.actions import arrange
from zugong.tasks.carrying import open_cases
from zugong.tasks.models import Task
from zugong.ui.pages import Audience
from zugong.ui.registers import REGISTERS

INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>|\sstyle\s*=|\son[a-z]+\s*=|hx-on|javascript:", re.IGNORECASE
)
ELSEWHERE = re.compile(r"""(?:src|href|action|hx-get|hx-post|content)\s*=\s*["']?(?:https?:)?//""", re.IGNORECASE)


def pages(resolver: Any = None, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    """Every address by its full name, from the URL tree."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from pages(entry, (*spaces, entry.namespace) if entry.namespace else spaces)
        else:
            yield ":".join([*spaces, entry.name or str(entry.pattern)]), entry


PAGES = dict(pages())
EXAMPLES = {
    "desk": "base.user",
    "tasks:case": "tasks.case",
    "regulations": "regulations.paper",
    "regulations:paper-file": "regulations.paperversion",
    "desk:standards-line": "regulations.standardline",
    "desk:standards-decide": "regulations.standardline",
    "people:link-end": "people.accountlink",
    "people:correction": "people.correction",
    "people:correction-decide": "people.correction",
    "people:correction-proof": "people.correction",
    "people:restriction-lift": "people.restriction",
    "intake": "intake.batch",
    "intake:refused": "intake.stagedfile",
    "intake:origin": "intake.stagedrow",
    "reports": "reports.report",
    "reports:text": "reports.adoptedtext",
    "reports:adoptedtext": "reports.adoptedtext",
    "reports:bind": "reports.adoptedtext",
    "reports:draft": "reports.adoptedtext",
}
KEYS = {  # what an address names by words
    "desk:instrument": "branch_2018",
    "desk:check": "branch_2018.group_monthly",
    "desk:check-withdraw": "branch_2018.group_monthly",
    "desk:standards-add": "meetings.theme_days_a_month",
}
OWN = {"desk:own-ask", "desk:own-withdraw", "desk:own-proof"}  # name what is the reader's own; these readers own nothing
# Addresses of what nobody here has: a piece of work that has ended, an on-call grant of one's own; and who sees a record,
# which opens by the record itself (tests/test_seeing.py); a follow-up of
# one's own (tests/test_follow_ups.py); a calendar by its secret address; an exemption from nothing in particular
GONE = {
    "desk:calendar-file",
    "desk:excuse",
    "desk:excuse-decide",
    "tasks:followup",
    "tasks:followup-answer",
    "desk:who",
    "intake:running",
    "desk:switch-on",
    "desk:switch-off",
    "desk:provider",
    "desk:provider-back",
}


EVERY_DAY = ("office", "head", "branch", "oneself", "security_administrator", "auditor")


def permission_of(name: str) -> Any:
    return getattr(PAGES[name].callback, "permission", None)


def address(name: str) -> str:
    """The address of a page, with the number of a record that exists where it wants one."""
    pattern = PAGES[name].pattern
    given = {key: number_for(name, key) for key in pattern.converters}
    return reverse(name, kwargs=given)


def number_for(name: str, key: str) -> Any:
    room, _, rest = name.partition(":")
    label = f"{room}.{rest.partition('-')[0]}" if key == "pk" else ""
    if label in REGISTERS:
        return REGISTERS[label].model.objects.order_by("pk").values_list("pk", flat=True).first() or 1
    if name in ("desk:grant-end", "desk:grant-change", "desk:grant-decide"):
        return Grant.objects.order_by("pk").values_list("pk", flat=True).first()
    if name == "desk:trail-entry":
        return TrailEntry.objects.order_by("number").values_list("number", flat=True).first()
    if name in KEYS:
        return KEYS[name]
    if key == "code":
        return "opinion"
    if name == "desk:schedule-time":
        return "anchor"
    if key == "register":
        return "people.person"
    if key == "figure":
        return "meetings.held"
    kept = EXAMPLES.get(name, EXAMPLES.get(room))
    return (kept and apps.get_model(kept).objects.order_by("pk").values_list("pk", flat=True).first()) or 1


@pytest.fixture
def busy(yunxi, operator, account) -> int:
    """The example county with a report begun, so that every page has a record to show."""
    settle(by=operator, on=IMPORT_DAY, values={"department": "中共云溪县委组织部"})
    text = adopt(by=operator, on=IMPORT_DAY, name="稿子", text=texts.read(ROOT / "examples/2023H1-work-report.txt"))
    draft(by=operator, on=IMPORT_DAY, text=text, frame=frame_of("2023H1", IMPORT_DAY))
    begin_case(operator)
    show_rules(operator, IMPORT_DAY, ROOT / "examples/papers")
    grounds = [(first_of("supervision.finding").key, "还没有整改")]
    accept_problem(by=operator, on=IMPORT_DAY, words="整改拖延", office="组织科", kind="其他", topic="试", grounds=grounds)
    begin_what_no_ledger_brings(operator)
    first = Task.objects.order_by("pk").first()
    arrange(by=operator, on=IMPORT_DAY, task=first, owner=None, helpers=(), offices=(), milestones=[(first.deadline, "初稿")])
    asked_for(account("oneself", username="of-somebody"), account("office", username="of-the-office"), operator)
    return yunxi


def first_of(label: str) -> Any:
    return apps.get_model(label).objects.order_by("pk").first()


def begin_case(operator: User) -> None:
    """A brand, which has no ledger, and the case it goes through."""
    where = PartyOrganization.objects.order_by("pk").first()
    brand = begin_brand(by=operator, on=IMPORT_DAY, organization=where, name="红色网格")
    open_cases(by=operator, on=IMPORT_DAY, code="brand", records=type(brand).objects.filter(pk=brand.pk))


def asked_for(own: User, office: User, operator: User) -> None:
    """A person with an account, who asked for a correction; and another whose data is set aside."""
    first, last = Person.objects.order_by("pk").first(), Person.objects.order_by("-pk").first()
    with writing_allowed():
        own.name = first.name
        own.save()
    people.link_account(by=operator, on=IMPORT_DAY, person=first, username=own.username)
    said = {"field": "education", "title": "学历", "held": first.education, "wanted": "大学", "reason": "毕业证在此"}
    people.ask_correction(by=own, on=IMPORT_DAY, person=first, record=first, **said)
    people.restrict(by=office, on=IMPORT_DAY, person=last, reason="离开本县，保存期未满")


def test_every_page_says_who_may_open_it():
    for name, pattern in PAGES.items():
        assert isinstance(getattr(pattern.callback, "permission", None), Permission | Audience), name


def test_every_page_has_a_name_and_no_name_is_used_twice():
    names = [name for name, _ in pages()]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z_]+:[a-z_-]+", name) for name in names)


def test_open_to_everybody_are_the_login_and_a_sign_of_life():
    assert {name for name in PAGES if permission_of(name) == Audience.EVERYBODY} == {
        "desk:login",
        "desk:health",
        "desk:calendar-file",  # who holds the address of a subscription
        "desk:provider",
        "desk:provider-back",
    }


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_gets_the_login_everywhere(yunxi, name):
    answers = [
        Client().get(address(name)),
        Client().post(address(name)),
        Client().get(address(name), headers={"hx-request": "true"}),
    ]
    for answer in answers:
        insist_on_headers(answer, name)
        if permission_of(name) == Audience.EVERYBODY:
            assert answer.status_code in (200, 404, 405), "the provider's pages are there only where one is set"
        else:
            assert answer.status_code in (302, 204)
            assert "/login/" in (answer.get("Location") or answer.get("HX-Redirect"))


def roles_asked() -> list[Any]:
    """A few roles of each kind every day; all of them with the long proofs."""
    return [role if role in EVERY_DAY else pytest.param(role, marks=pytest.mark.long) for role in ROLES]


@pytest.mark.usefixtures("rail_uncounted")
@pytest.mark.parametrize("role", roles_asked())
def test_every_page_answers_every_role_as_its_permission_says(busy, door, role):
    """And holds no inline code and asks no other host."""
    who = door(role)
    for name in PAGES.keys() - GONE:
        asked, answer = permission_of(name), who.get(address(name))
        status = answer.status_code
        insist_on_plain(answer, name)
        if isinstance(asked, Permission) and asked not in ROLES[role].permissions:
            assert status == 403, name
        else:
            whole = ROLES[role].permissions >= READ_RECORDS
            hidden = name in OWN or (takes_a_batch(name) and not whole)
            if name == "intake:origin" and not whole:
                continue  # a row of a batch is shown by its own ledger: tests/test_grants_hold.py
            assert status in ((404,) if hidden else (200, 302, 405, *((404,) if lacks_record(name) else ()))), (name, status)


def lacks_record(name: str) -> bool:
    """Whether a page is about a record of a kind of which the county has none."""
    converters = PAGES[name].pattern.converters
    room, _, rest = name.partition(":")
    register = REGISTERS.get(f"{room}.{rest.partition('-')[0]}")
    return "milestone" in converters or ("pk" in converters and register is not None and not register.model.objects.exists())


def takes_a_batch(name: str) -> bool:
    """Whether a page is about a batch: the one there brought ledgers of every office, so only who reads them all sees it."""
    return name.startswith("intake:") and "<int:" in str(PAGES[name].pattern)


@pytest.mark.usefixtures("rail_uncounted")
def test_a_branch_sees_its_own_and_nothing_else(yunxi, door):
    branch = PartyOrganization.objects.filter(kind="党支部").order_by("pk").first()
    who = door("branch", branch.code)
    for name in PAGES:
        asked, status = permission_of(name), who.get(address(name)).status_code
        allowed = not isinstance(asked, Permission) or asked in ROLES["branch"].permissions
        assert status in ((200, 302, 404, 405) if allowed else (403,)), (name, status)


def insist_on_plain(answer: Any, name: str) -> None:
    """Fails where an answer lacks a header, and where a page holds inline code or asks another host."""
    insist_on_headers(answer, name)
    if not answer.streaming and "html" in answer["Content-Type"]:
        text = answer.content.decode()
        assert not INLINE.search(text), (name, INLINE.search(text))
        assert not ELSEWHERE.search(text), (name, ELSEWHERE.search(text))


def test_pages_nobody_has_are_as_plain(busy, door):
    for name in GONE:
        insist_on_plain(door("operator").get(address(name)), name)


def test_every_register_stands_behind_an_office():
    shown = {entry.name for office in OFFICES for entry in office.entries}
    assert {register.name("list") for register in REGISTERS.values()} <= shown
    for office in OFFICES:
        for entry in office.entries:
            if entry.name in PAGES and entry.name != "desk:home":
                assert permission_of(entry.name) == entry.permission, entry.name


@pytest.mark.django_db
def test_a_page_stands_in_one_office_of_the_rail(yunxi, door):
    pages = {
        "tasks:case": "重点工作", "tasks:followup": "重点工作", "tasks:received": "工作台", "publicity:brand": "基层党建",
        "publicity:article-edit": "宣传", "desk:problems": "基层党建", "desk:instrument": "制度", "regulations:paper": "制度",
        "desk:dues-export": "工作台",
    }  # fmt: skip
    assert {name: holding(name).title for name in pages} == pages
    assert holding("desk:search") is None
    rail = door("office").get(reverse("tasks:cases")).context["navigation"]
    assert [office["title"] for office in rail if office["active"]] == ["重点工作"]
    assert [entry["title"] for office in rail for entry in office["entries"] if entry["active"]] == ["办理中的事"]


def test_login_by_password_goes_on_the_trail_and_logout_ends_it(yunxi, account):
    account("branch")
    client = Client()
    assert "账号或密码不对" in client.post(reverse("desk:login"), {"username": "branch-all", "password": "x"}).content.decode()
    wanted = reverse("meetings:meeting-list")
    answer = client.post(
        f"{reverse('desk:login')}?next={wanted}", {"username": "branch-all", "password": PASSWORD, "next": wanted}
    )
    assert answer.url == wanted
    assert TrailEntry.objects.order_by("-number").first().verb == "base:sign_in"
    assert client.get(wanted).status_code == 200
    client.post(reverse("desk:logout"))
    assert client.get(wanted).status_code == 302


def test_the_trail_tells_what_for_and_how_many(yunxi, door):
    office, auditor = door("office"), door("auditor")
    office.post(reverse("visits:visit-export"))
    office.post(reverse("tasks:task-edit", args=[Task.objects.first().pk]), {})
    page = auditor.get(reverse("desk:trail"), {"what": "导出"}).content.decode()
    assert "共 70 行" in page
    assert page.count("<tr>") == 2
    registered = auditor.get(reverse("desk:trail"), {"what": "登记"}).context["rows"]
    assert "base:record_export" in TrailEntry.objects.values_list("verb", flat=True)
    assert {what for _, what, _, _ in registered} <= {"登记"}, "found by the name the page shows, not by a part of the code"
    assert "没有找到" in auditor.get(reverse("desk:trail"), {"what": "打卡"}).content.decode()


def test_a_one_time_password_opens_nothing_but_its_change(yunxi, operator):
    user, password = create_account(by=operator, on=IMPORT_DAY, username="新来的", name="新来的", given=Given("branch"))
    client = Client()
    client.post(reverse("desk:login"), {"username": user.username, "password": password})
    assert client.get(reverse("meetings:meeting-list")).url == reverse("desk:password")
    weak = {"old": password, "new": "12345678901", "again": "12345678901"}
    assert "数字" in client.post(reverse("desk:password"), weak).content.decode()
    changed = {"old": password, "new": "Qingshan-Lushui-9", "again": "Qingshan-Lushui-9"}
    assert client.post(reverse("desk:password"), changed).url == reverse("desk:home")
    assert client.get(reverse("meetings:meeting-list")).status_code == 200


def test_error_pages_speak_chinese(yunxi, door):
    assert "没有这一页" in door("office").get("/nowhere/").content.decode()
    assert "没有这一页" in Client().get("/nowhere/").content.decode()
    stranger = Client().get("/login/", headers={"host": "10.1.2.3:8000"})
    assert stranger.status_code == 400
    assert "ZUGONG_HOSTS" in stranger.content.decode()
    assert "没有打开这一页的权限" in door("auditor").get(reverse("meetings:meeting-list")).content.decode()
    careful = Client(enforce_csrf_checks=True)
    assert "页面已过期" in careful.post(reverse("desk:login"), {}).content.decode()


def test_a_view_that_says_nothing_is_closed_to_everybody(yunxi, door, monkeypatch):
    monkeypatch.delattr(PAGES["tasks:task-list"].callback, "permission")
    assert door("operator").get(reverse("tasks:task-list")).status_code == 403


def test_the_frame_is_in_the_address_and_remembered(yunxi, door):
    who = door("office")
    branch = PartyOrganization.objects.filter(kind="党支部").order_by("pk").first()
    answer = who.get(reverse("meetings:meeting-list"), {"scope_name": branch.name, "period": "2023Q2", "on": "2023-05-31"})
    assert f"scope={branch.code}" in answer.url
    who.get(answer.url)
    frame = who.get(reverse("visits:visit-list")).context["frame"]
    assert (frame.scope.code, frame.period.code, str(frame.day)) == (branch.code, "2023Q2", "2023-05-31")
    frame = who.get(reverse("visits:visit-list"), {"scope": "", "period": "", "on": ""}).context["frame"]
    assert frame.scope.whole
    assert "看不懂的期间" in who.get(reverse("visits:visit-list"), {"period": "去年"}).content.decode()


def test_a_scope_out_of_reach_is_not_there(yunxi, door):
    first, second = PartyOrganization.objects.filter(kind="党支部").order_by("pk")[:2]
    who = door("branch", first.code)
    assert who.get(reverse("meetings:meeting-list"), {"scope": second.code}).status_code == 404
    assert who.get(reverse("meetings:meeting-list"), {"scope": "没有的代码"}).status_code == 404
    assert who.get(reverse("meetings:meeting-list")).context["frame"].scope.code == first.code


def test_the_first_steps_are_shown_until_they_are_done(empty, door):
    who = door("operator")
    assert who.get(reverse("desk:home")).url == reverse("desk:first")
    assert who.post(reverse("desk:first"), {"department": "中共云溪县委组织部"}).status_code == 302
    page = who.get(reverse("desk:first")).content.decode()
    assert page.count("完成") == 1
    assert "这里还没有记录" in who.get(reverse("meetings:meeting-list")).content.decode()


def test_accounts_are_opened_and_closed_by_another(yunxi, door):
    who = door("security_administrator")
    given = {"username": "liu", "name": "刘科员", "role": "office", "reason": "新到岗"}
    page = who.post(reverse("desk:account-add"), given)
    assert re.search(r"[a-z0-9]{4}(-[a-z0-9]{4}){3}", page.content.decode())
    assert "已经有" in who.post(reverse("desk:account-add"), given).content.decode()
    made = page.context["of"]
    grant = made.grants.get()
    assert grant.state == "proposed"
    who.post(reverse("desk:grant-end", args=[grant.pk]))
    grant.refresh_from_db()
    assert grant.valid_to is not None
    assert grant.state == "withdrawn"
    own = reverse("desk:account-one", args=[who.user.pk])
    assert "不能给自己授权" in who.post(own, {"role": "office", "reason": "自己用"}).content.decode()
    other = reverse("desk:account-one", args=[made.pk])
    who.post(other, {"role": "auditor", "reason": "兼审计"})
    assert "不能由同一个人担任" in who.post(other, {"role": "system_administrator", "reason": "兼管理"}).content.decode()
