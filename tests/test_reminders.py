"""The daily digest: to everybody what concerns them, what they may see, once; by mail to a real server, outside quiet hours."""

from __future__ import annotations

import datetime
import email
import email.policy
import socket

import pytest
from aiosmtpd.controller import Controller
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from zugong.base.access import ROLES
from zugong.base.duties import OPEN
from zugong.base.models import Grant
from zugong.base.records import writing_allowed
from zugong.desk import reminding
from zugong.desk.background import mails
from zugong.desk.background.digest import assemble
from zugong.desk.background.schedule import aware
from zugong.desk.dues import DUTIES, findings
from zugong.organizations.models import PartyOrganization
from zugong.statistics.frames import frame_of, widest
from zugong.tasks import actions, reminders
from zugong.tasks.models import Digest, Task

DAY = datetime.date(2023, 6, 30)
MORNING = aware(datetime.datetime(2023, 6, 30, 8, 30))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Kept:
    """A mail server's desk: what was delivered."""

    def __init__(self):
        self.mails, self.closed = [], False

    async def handle_DATA(self, server, session, envelope):
        if self.closed:
            return "451 later"
        self.mails.append(envelope)
        return "250 kept"

    def read(self):
        return [email.message_from_bytes(one.content, policy=email.policy.default) for one in self.mails]


@pytest.fixture
def server(settings, monkeypatch):
    kept = Kept()
    controller = Controller(kept, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.EMAIL_HOST_USER, settings.DEFAULT_FROM_EMAIL = "", "zugong@yunxi.example"
    settings.ZUGONG_MAIL, settings.ZUGONG_ADDRESS = True, "https://zugong.yunxi.example"
    monkeypatch.setattr(mails, "now", lambda: MORNING)
    monkeypatch.setattr(mails, "today", lambda: DAY)
    yield kept
    controller.stop()


@pytest.fixture
def secretary(yunxi, account):
    """A branch's secretary, on the county's last day."""
    branch = PartyOrganization.objects.filter(kind="党支部", meetings__isnull=False).order_by("pk").first()
    user = account("branch", branch.code)
    user.day = DAY
    return user


def keep(operator, day=DAY):
    operator.day = day
    return reminders.keep_digests(by=operator, on=day, told=assemble(day).news)


def test_each_is_reminded_of_just_what_is_open_under_own_grants_as_own_eyes_would_find_it(secretary, account):
    department = account("office")
    department.day = DAY
    found = assemble(DAY)
    for one in (secretary, department):
        frame = frame_of("2023H1", DAY)
        seen = [f for f in findings(frame, one) if f.state in OPEN and not (one is secretary and DUTIES[f.duty].personal)]
        told = [i for i in found.items[one.pk] if not i.record.startswith("tasks.") and i.key.partition("@")[0] in i.key]
        single = {(i.key.split()[0], i.record) for i in told if "@" not in i.key}
        summed = {i.key.partition("@")[0] for i in told if "@" in i.key}
        assert single == {(f.duty, f.subject_key) for f in seen if f.duty not in summed}
        assert single or summed
    assert "@" not in "".join(i.key for i in found.items[secretary.pk])
    assert widest(secretary, DAY).code


def test_whoever_lost_the_right_is_reminded_of_nothing(secretary):
    assert assemble(DAY).items[secretary.pk]
    with writing_allowed():
        Grant.objects.filter(user=secretary).update(valid_to=DAY)
    assert secretary.pk not in assemble(DAY).items


def test_a_role_that_does_not_read_a_record_is_not_told_of_it(yunxi, account):
    member, branch = account("supervision_member"), account("branch")
    found = assemble(DAY).items
    assert not any(i.key.startswith("meetings.") for i in found.get(member.pk, ()))
    assert not any(i.key.startswith("cadres.") for i in found[branch.pk]), "a branch does not read secondments"
    assert "people:read" in ROLES["branch"].permissions


def test_one_digest_a_day_nothing_again_within_the_days_and_again_when_it_has_become_late(yunxi, operator, account):
    owner, keeper = account("cadre_office"), account("general_office")
    task = actions.assign(by=keeper, on=DAY, title="发通知", office="人才科", deadline=datetime.date(2023, 7, 3), owner=owner)
    assert keep(operator) > 0
    assert keep(operator) == 0
    first = Digest.objects.get(user=owner, day=DAY)
    assert f"near {task.key}" in first.told()
    told = {}
    for n in (1, 3, 4, 10, 11):
        keep(operator, day := datetime.date(2023, 7, n))
        one = Digest.objects.filter(user=owner, day=day).first()
        told[n] = [key for key in (one.told() if one else ()) if task.key in key]
    assert told == {1: [], 3: [], 4: [f"late {task.key}"], 10: [], 11: [f"late {task.key}"]}


def test_the_bar_counts_what_was_not_looked_at_and_the_page_says_what_why_whose(yunxi, operator, door):
    who = door("office")
    today = who.user.day
    task = Task.objects.filter(done_on=None).first()
    operator.day = today
    reminders.keep_digests(by=operator, on=today, told={who.user.pk: [f"late {task.key}"]})
    address = reverse("desk:reminders")
    page = who.get(address)
    assert page.context["reminders"] == 1
    (line,) = page.context["fresh"]
    assert (line.item.whose, line.href) == (task.office, reverse("tasks:task", args=[task.pk]))
    assert "重点工作清单" in page.content.decode()
    who.post(address)
    assert who.get(address).context["reminders"] == 0


def test_what_a_text_only_commends_is_brought_up_and_never_called_late(secretary, door, monkeypatch):
    items = [i for i in assemble(DAY).items[secretary.pk] if i.due_on == datetime.date(2023, 1, 31)]
    assert {i.what.partition("（")[0] for i in items} == {"主题党日", "支部委员会会议"}
    monkeypatch.setattr(reminding, "own", lambda user, day: items)
    page = door("office").get(reverse("desk:reminders"))
    said = {line.item.what.partition("（")[0]: (line.word, line.tone) for line in page.context["rest"]}
    assert said["支部委员会会议"] == ("提醒", "advised")
    assert said["主题党日"][1] == "late"
    assert said["主题党日"][0].startswith("已过 ")
    assert '<span class="state state-advised"><span aria-hidden="true">△</span>提醒</span>' in page.content.decode()
    mail = mails.body(items, DAY)
    assert [mail.count(words) for words in ("2023-01-31 已到期", "2023-01-31 提醒（一般要求）")] == [1, 1]


def test_the_settings_are_ones_own_and_say_what_is_wrong(yunxi, door):
    who, address = door("office"), reverse("desk:reminders-settings")
    given = {"by_mail": "on", "address": "", "quiet_from": "18:00", "quiet_to": "08:00", "again_days": "7", "offices": ""}
    assert "要发邮件就得填邮箱" in who.post(address, given).content.decode()
    assert who.post(address, given | {"address": "li@yunxi.example", "again_days": "0"}).status_code == 200
    who.post(address, given | {"address": "li@yunxi.example", "offices": "人才科"})
    assert who.user.reminding.address == "li@yunxi.example"
    assert "li@yunxi.example" not in door("head").get(address).content.decode()


def mailing(user, operator, **values):
    wanted = {
        "by_mail": True,
        "address": f"{user.pk}@yunxi.example",
        "quiet_from": datetime.time(18),
        "quiet_to": datetime.time(8),
    }
    reminders.set_reminding(by=user, on=DAY, values=wanted | values)


def test_the_mail_tells_what_when_why_where_and_names_no_person(yunxi, operator, account, server):
    reader, other = account("cadre_office"), account("general_office")
    mailing(reader, operator)
    actions.assign(
        by=other, on=DAY, title="联系13812345678核对", office="干部科", deadline=datetime.date(2023, 7, 3), owner=reader
    )
    operator.day = DAY
    said = mails.remind(operator, MORNING)
    assert "1 批" in said
    assert DBTaskResult.objects.get().args_kwargs == {"args": ["2023-06-30"], "kwargs": {}}
    assert mails.send_mails.call("2023-06-30") == "发出 1 封"
    assert mails.send_mails.call("2023-06-30") == "发出 0 封"
    (mail,) = server.read()
    assert mail["To"] == f"{reader.pk}@yunxi.example"
    words = mail.get_content()
    assert "2023-07-03 到期" in words
    assert "依据：列入重点工作清单" in words
    assert f"https://zugong.yunxi.example{reverse('desk:reminders')}" in words
    assert "13812345678" not in words
    told = [i for i in assemble(DAY).items[reader.pk] if i.personal]
    assert told, "the county owes talks to cadres on secondment"
    assert not [i.whose for i in told if i.whose in words]


def test_no_mail_in_quiet_hours_and_what_the_server_refuses_is_kept_for_the_next_try(yunxi, operator, account, server):
    early, late = account("cadre_office"), account("head")
    mailing(early, operator)
    mailing(late, operator, quiet_from=datetime.time(8), quiet_to=datetime.time(14))
    operator.day = DAY
    mails.remind(operator, MORNING)
    after = {one.run_after for one in DBTaskResult.objects.all()}
    assert aware(datetime.datetime(2023, 6, 30, 14)) in after
    assert len(after) == 2
    server.closed = True
    with pytest.raises(mails.Refused, match="1 封没有发出"):
        mails.send_mails.call("2023-06-30")
    assert not Digest.objects.filter(mailed=True).exists()
    server.closed = False
    mails.send_mails.call("2023-06-30")
    assert [one["To"] for one in server.read()] == [f"{early.pk}@yunxi.example"]


def test_many_are_found_in_as_many_statements_as_one(yunxi, account, django_assert_num_queries, django_assert_max_num_queries):
    branches = PartyOrganization.objects.filter(kind="党支部").order_by("pk")[:80]
    account("branch", branches[0].code)
    with django_assert_max_num_queries(40) as few:
        assemble(DAY)
    for branch in branches[1:]:
        account("branch", branch.code)
    with django_assert_num_queries(len(few)):
        assert len(assemble(DAY).items) > 20
