"""Follow-ups: the burden is seen before, a month has room for so many, beyond it another approves; the Monday agenda."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from zugong.base.records import writing_allowed
from zugong.base.rules import NotAllowed, Refused
from zugong.meetings.models import Meeting
from zugong.organizations.models import PartyOrganization
from zugong.supervision.models import Finding
from zugong.tasks import followups
from zugong.tasks.models import FollowUp, Speaker, Task

SOON = datetime.timedelta(days=5)


@pytest.fixture
def task(yunxi):
    return Task.objects.filter(done_on=None).order_by("pk").first()


def given(receiver, day, **more):
    return {
        "receiver": receiver.username,
        "ask": "办到哪一步",
        "answer_by": str(day + SOON),
        "people": "3",
        "minutes": "20",
        **more,
    }


def test_it_is_sent_with_the_burden_in_view_answered_by_its_receiver_alone_and_closed(task, door):
    sender, branch = door("office"), PartyOrganization.objects.filter(kind="党支部").first()
    receiver, day = door("branch", branch.code), door("office").user.day
    address = f"{reverse('tasks:followup-send')}?of={task.key}"
    assert "本月您已督办 <strong>0</strong> 次" in sender.get(address).content.decode()
    sender.post(address, given(receiver.user, day))
    one = FollowUp.objects.get()
    assert "<strong>60</strong> 人·分钟" in sender.get(address).content.decode()
    page = reverse("tasks:followup", args=[one.pk])
    seen = receiver.get(page).content.decode()
    assert "办到哪一步" in seen
    assert task.title not in seen, "a branch does not read the list of key work"
    assert "办到哪一步" in receiver.get(reverse("tasks:received")).content.decode()
    assert receiver.get(reverse("tasks:followup-list")).status_code == 403
    with pytest.raises(NotAllowed):
        followups.answer_follow_up(by=sender.user, on=day, follow_up=one, answer="代答")
    receiver.post(reverse("tasks:followup-answer", args=[one.pk]), {"answer": "已经开过会"})
    assert "已经开过会" in sender.get(reverse("tasks:task", args=[task.pk])).content.decode()
    sender.post(reverse("tasks:followup-close", args=[one.pk]))
    assert FollowUp.objects.get().state == "已办结"
    assert door("cadre_office").get(page).status_code == 200
    assert door("supervision_member").get(page).status_code == 404


def test_beyond_the_quota_it_is_refused_with_the_reason_or_waits_for_the_head(task, door):
    sender, head = door("office"), door("head")
    receiver, day = door("cadre_office").user, sender.user.day
    quota = int(followups.quota(day).value)
    address = f"{reverse('tasks:followup-send')}?of={task.key}"
    for _ in range(quota):
        sender.post(address, given(receiver, day))
    refused = sender.post(address, given(receiver, day)).content.decode()
    assert f"本月已经收到 {quota} 次督办" in refused
    assert "由部领导批准" in refused
    assert "督办限额（本地规定）" in refused
    assert FollowUp.objects.count() == quota
    sender.post(address, given(receiver, day, beyond="省里来电催办"))
    one = FollowUp.objects.get(state="待批准")
    assert door("cadre_office").get(reverse("tasks:received")).content.decode().count("办到哪一步") == quota
    with pytest.raises(NotAllowed):
        followups.decide_follow_up(by=sender.user, on=day, follow_up=one, agreed=True)
    assert "省里来电催办" in head.get(reverse("tasks:followups-waiting")).content.decode()
    head.post(reverse("tasks:followup-decide", args=[one.pk]), {"do": "agree"})
    one.refresh_from_db()
    assert (one.state, one.decided_by) == ("待答复", head.user)
    with pytest.raises(Refused, match="已经定过"):
        followups.decide_follow_up(by=head.user, on=day, follow_up=one, agreed=False, decision="不必")


def test_the_quota_begins_anew_with_the_month_and_a_finding_can_be_followed_up_too(yunxi, account):
    sender, receiver, finding = account("office"), account("branch"), Finding.objects.first()
    last = datetime.date(2026, 10, 31)

    def send(day):
        return followups.send_follow_up(
            by=sender, on=day, subject=finding, receiver=receiver, ask="整改到哪一步", answer_by=day + SOON
        )

    for _ in range(int(followups.quota(last).value)):
        send(last)
    with pytest.raises(Refused, match="上限"):
        send(last)
    assert send(datetime.date(2026, 11, 1)).subject == finding.key
    assert followups.burden(last, receiver=receiver).minutes == 10 * int(followups.quota(last).value)


def test_monday_has_its_agenda_speakers_in_turn_and_decisions_that_become_tasks(yunxi, door, account):
    who = door("office")
    first, second = account("cadre_office"), account("talent_office")
    monday = datetime.date(2023, 7, 3)
    root = PartyOrganization.objects.order_by("pk").first()
    meeting = {"organization": root, "held_on": monday, "kind": "周一例会"}
    who.post(reverse("desk:weekly-speaker"), {"do": "seat", "row": f"{first.username}、{second.username}"})
    assert [one.user for one in Speaker.objects.order_by("position")] == [first, second]
    address = f"{reverse('desk:weekly')}?week=2023-07-05"
    page = who.get(address)
    assert [one.user for one in page.context["speakers"]] == [first, second]
    due = {one.title for one in Task.objects.filter(deadline__range=(monday, "2023-07-09"))}
    assert {one.title for one in page.context["is_due"]} == due
    assert all(one.deadline < datetime.date(2023, 6, 26) and one.done_on is None for one in page.context["late"])
    seat = Speaker.objects.get(user=first)
    who.post(reverse("desk:weekly-speaker"), {"do": "spoke", "speaker": seat.pk, "day": "2023-07-03"})
    assert [one.user for one in who.get(address).context["speakers"]] == [second, first]
    with writing_allowed():
        held = Meeting.objects.create(**meeting)
    begin = f"{reverse('tasks:begin')}?basis={held.key}"
    assert begin.replace("&", "&amp;") in who.get(address).content.decode()
    who.post(begin, {"title": "印发例会纪要", "office": "办公室", "deadline": "2026-12-31", "owner": "", "plan": ""})
    assert "印发例会纪要" in who.get(f"{address}&print=1").content.decode()
