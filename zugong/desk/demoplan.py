"""What the demo shows of plans: what was planned for the reported half-year and became of it, what is planned for the next,
and two sentences of the old report tied to that."""

from __future__ import annotations

from datetime import date

from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.reports.actions import back
from zugong.reports.models import AdoptedText, Choice
from zugong.tasks.actions import assign, begin_plan, edit, move_deadline

BEGUN = date(2022, 12, 30)
LAST = (  # what was planned for the first half of 2023: whose, by when, done when
    ("轮训党支部书记", "组织科", date(2023, 3, 31), date(2023, 3, 24)),
    ("完成年轻干部调研摸底", "干部科", date(2023, 5, 31), date(2023, 5, 26)),
    ("建成人才公寓二期", "人才科", date(2023, 6, 20), None),
)
NEXT = (  # for the second half: the number of the sentence of the old report it stands for
    ("抓实基层党建工作，补齐组织生活的短板", "组织科", date(2023, 12, 15), 3),
    ("完善领导班子和干部队伍常态化调研机制", "干部科", date(2023, 11, 30), 4),
    ("落实人才激励政策，办好子女入学、配偶安置等保障", "人才科", date(2023, 10, 31), 0),
)


def show_plan(by: User, frame: Frame, text: AdoptedText) -> None:
    """Two plans with their tasks; one task of the first goes on with another deadline and the reason."""
    last = begin_plan(by=by, on=BEGUN, name="2023年上半年工作计划", year=2023)
    for title, office, deadline, done in LAST:
        task = assign(by=by, on=BEGUN, title=title, office=office, deadline=deadline, plan=last)
        if done:
            edit(by=by, on=done, task=task, changes={"done_on": done})
        else:
            move_deadline(by=by, on=date(2023, 6, 12), task=task, after=date(2023, 9, 30), reason="外墙保温返工，工期顺延")
    coming = begin_plan(by=by, on=frame.day, name="2023年下半年工作计划", year=2023)
    for title, office, deadline, number in NEXT:
        task = assign(by=by, on=frame.day, title=title, office=office, deadline=deadline, plan=coming)
        if number:
            tied = {"number": number, "choice": Choice.BOUND, "record": task.key}
            back(by=by, on=frame.day, text=text, frame=frame, **tied)
