"""A task from where it is decided to where it is done: basis, owner, steps, progress, evidence, other deadlines."""

from __future__ import annotations

import datetime
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from zugong.base.rules import NotAllowed, Refused
from zugong.meetings.models import Meeting
from zugong.reports import actions as reports
from zugong.tasks import actions
from zugong.tasks.models import Extension, Task

DAY = datetime.date(2026, 11, 22)


@pytest.fixture
def task(yunxi):
    return Task.objects.filter(done_on=None).order_by("pk").first()


def test_a_deadline_moves_with_a_reason_only_and_the_page_tells_every_one_it_had(task, door):
    who, was = door("office"), task.deadline
    with pytest.raises(Refused, match="用“改时限”"):
        actions.edit(by=who.user, on=DAY, task=task, changes={"deadline": datetime.date(2027, 3, 1)})
    address = reverse("tasks:task-move", args=[task.pk])
    assert "要写清为什么改" in who.post(address, {"after": "2027-03-01", "reason": "拖"}).content.decode()
    assert Task.objects.get(pk=task.pk).deadline == was
    assert Extension.objects.count() == 0
    who.post(address, {"after": "2027-03-01", "reason": "等省里文件下发"})
    who.post(address, {"after": "2027-06-01", "reason": "文件推迟到四月"})
    page = who.get(reverse("tasks:task", args=[task.pk])).content.decode()
    for said in (str(was), "2027-03-01", "2027-06-01", "等省里文件下发", "文件推迟到四月"):
        assert said in page
    assert Task.objects.get(pk=task.pk).deadline == datetime.date(2027, 6, 1)


def test_a_meeting_decides_on_a_task_and_each_leads_to_the_other(yunxi, door):
    who, meeting = door("office"), Meeting.objects.first()
    page = who.get(reverse("meetings:meeting", args=[meeting.pk])).content.decode()
    begin = f"{reverse('tasks:begin')}?basis={meeting.key}"
    assert begin in page
    given = {"title": "修好活动室", "office": "组织科", "deadline": "2027-01-31", "owner": who.user.username, "plan": ""}
    who.post(begin, given)
    made = Task.objects.get(title="修好活动室")
    assert (made.basis, made.owner) == (meeting.key, who.user)
    assert reverse("meetings:meeting", args=[meeting.pk]) in who.get(reverse("tasks:task", args=[made.pk])).content.decode()
    assert "修好活动室" in who.get(reverse("meetings:meeting", args=[meeting.pk])).content.decode()


def test_owner_and_helpers_tell_progress_others_do_not(task, account):
    keeper, owner, helper = account("office"), account("cadre_office"), account("talent_office")
    for one in (owner, helper):
        with pytest.raises(NotAllowed, match="不是这项任务的责任人"):
            actions.tell(by=one, on=DAY, task=task, standing="按计划推进", words="已发通知")
    steps = [(task.deadline, "上会")]
    actions.arrange(by=keeper, on=DAY, task=task, owner=owner, helpers=[helper], offices=["人才科"], milestones=steps)
    actions.tell(by=owner, on=DAY, task=task, standing="遇到困难", words="经费没有落实")
    step = task.milestone_rows.get()
    actions.reach(by=helper, on=DAY, task=task, milestone=step)
    actions.tell(by=helper, on=DAY, task=task, standing="已完成", words="已经上会通过")
    assert Task.objects.with_state(DAY).with_latest(DAY).get(pk=task.pk).latest == "已经上会通过"
    assert (Task.objects.get(pk=task.pk).done_on, task.milestone_rows.get().done_on) == (DAY, DAY)
    actions.arrange(by=keeper, on=DAY, task=task, owner=None, helpers=[], offices=[], milestones=[])
    assert not task.helper_rows.exists()
    assert task.milestone_rows.count() == 1, "a step that is done stays"


def test_evidence_is_seen_by_whoever_sees_the_record_it_points_at(task, door):
    keeper, other, meeting = door("office"), door("talent_office"), Meeting.objects.first()
    address = reverse("tasks:task-evidence", args=[task.pk])
    assert "看不出是哪条记录" in keeper.post(address, {"record": "照片三张"}).content.decode()
    assert "没有这条记录" in keeper.post(address, {"record": "meetings.meeting:999999"}).content.decode()
    keeper.post(address, {"record": f"http://127.0.0.1:8000{reverse('meetings:meeting', args=[meeting.pk])}", "note": "已传达"})
    assert task.evidence_rows.get().record == meeting.key
    assert "已经挂在这项任务上" in keeper.post(address, {"record": meeting.key}).content.decode()
    page = reverse("tasks:task", args=[task.pk])
    assert meeting.topic in keeper.get(page).content.decode()
    unseen = other.get(page).content.decode()
    assert meeting.topic not in unseen
    assert "另有 1 条您看不到的记录" in unseen


def test_steps_are_read_line_by_line_and_a_bad_line_is_named(task, door):
    who, address = door("office"), reverse("tasks:task-arrange", args=[task.pk])
    given = {"owner": "", "helpers": "谁也不是", "offices": "", "milestones": f"{task.deadline} 完成\n月底 上会"}
    page = who.post(address, given).content.decode()
    assert "第 2 行“月底 上会”看不懂" in page
    assert "没有找到“谁也不是”" in page
    assert not task.milestone_rows.exists()
    who.post(address, given | {"helpers": "", "offices": "人才科，办公室", "milestones": f"{task.deadline} 完成"})
    assert sorted(task.helper_rows.values_list("office", flat=True)) == ["人才科", "办公室"]


def test_a_task_taken_out_comes_back_with_all_that_is_its_own(task, door):
    who = door("office")
    steps = [(task.deadline, "上会")]
    actions.arrange(by=who.user, on=DAY, task=task, owner=None, helpers=[], offices=["人才科"], milestones=steps)
    who.post(reverse("tasks:task-selected"), {"row": task.pk, "do": "removed"})
    assert not Task.objects.filter(pk=task.pk).exists()
    number = who.get(reverse("tasks:task-removed")).context["removals"][0][0].pk
    who.post(reverse("tasks:task-removed"), {"removal": number})
    back = Task.objects.get(pk=task.pk)
    assert (back.milestone_rows.get().title, back.helper_rows.get().office) == ("上会", "人才科")


def test_a_sentence_of_a_reports_plan_becomes_a_task_that_leads_back_to_it(yunxi, door):
    who = door("office")
    said = "加快人才工程项目平台建设，持续提升人才服务水平。"
    words = f"工作总结\n一、工作情况\n建成支部三个。\n二、下半年工作计划\n一是抓实基层党建工作。{said}\n"
    text = reports.adopt(by=who.user, on=DAY, name="总结", text=words)
    plan = reverse("reports:adoptedtext", args=[text.pk])
    page = who.get(plan)
    assert page.context["sentences"] == ["一是抓实基层党建工作。", said], "what was done is no plan"
    begin = f"{reverse('tasks:begin')}?{urlencode({'basis': text.key, 'words': said})}"
    assert who.get(begin).context["form"]["title"].value() == said
    who.post(begin, {"title": "建平台", "office": "人才科", "deadline": "2027-01-31", "owner": "", "plan": ""})
    made = Task.objects.get(title="建平台")
    shown = who.get(reverse("tasks:task", args=[made.pk])).content.decode()
    assert plan in shown
    assert said in shown
