"""What the demo shows of tasks: a plan, a task with its people and steps, how it stands, a follow-up, today's reminders. No
deadline moves and nothing is completed, so that the demo's figures stay those of its ledgers."""

from __future__ import annotations

from datetime import date, timedelta

from zugong.base.models import User
from zugong.desk.background.digest import assemble
from zugong.desk.clock import today
from zugong.desk.prepare import operator
from zugong.meetings.models import Meeting
from zugong.tasks import actions, followups
from zugong.tasks.models import Standing, Task
from zugong.tasks.reminders import keep_digests
from zugong.tasks.speaking import seat_speakers

WEEK = timedelta(days=7)


def show_tasks(clerk: User, head: User, secretary: User, day: date) -> None:
    """Give the earliest open task its people, steps and words; ask a branch how it stands; remind everybody."""
    task = Task.objects.filter(done_on=None, deadline__gt=day).order_by("deadline", "pk").first()
    meeting = Meeting.objects.filter(held_on__lte=day).order_by("-held_on", "-pk").first()
    if task is None or meeting is None:
        return
    plan = actions.begin_plan(by=clerk, on=day, name=f"{day.year}年度重点工作要点", year=day.year)
    actions.edit(by=clerk, on=day, task=task, changes={"plan": plan})
    steps = [(min(day + WEEK, task.deadline), "拿出初稿"), (task.deadline, "部务会审定")]
    actions.arrange(by=clerk, on=day, task=task, owner=clerk, helpers=[head], offices=["办公室"], milestones=steps)
    words = "已经征求各科室意见，正在汇总。"
    actions.tell(by=clerk, on=day, task=task, standing=Standing.ON_PLAN, words=words)
    actions.add_evidence(by=clerk, on=day, task=task, record=meeting, note="会上部署过")
    ask = "本支部对活动室改造还有什么意见？"
    followups.send_follow_up(by=clerk, on=day, subject=task, receiver=secretary, ask=ask, answer_by=day + WEEK, minutes=15)
    seat_speakers(by=clerk, on=day, users=[clerk, head])
    machine = operator()
    machine.day = today()
    keep_digests(by=machine, on=machine.day, told=assemble(day).news)
