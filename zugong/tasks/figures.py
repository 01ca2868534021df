"""What is counted of tasks."""

from __future__ import annotations

from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery

from zugong.base.facets import Facet
from zugong.base.figures import AS_OF, FLOW, PLAN, figure, names
from zugong.base.periods import Frame
from zugong.base.wording import words
from zugong.tasks.models import STATES, Extension, Task

STATE = Facet(
    "state",
    "办理状态",
    "state",
    values=STATES,
    synonyms={
        "完成": words("已完成 办结 已办结 销号 落实 按期完成 完结 如期完成"),
        "超期": words("逾期 超时限 未按期完成 滞后"),
        "进行中": words("推进中 正在推进 办理中 未完成 有序推进 在办"),
    },
    whole=words("列入 梳理 确定 部署 安排 明确 制定 排定 共"),
)


@figure(
    "tasks.items",
    "重点任务",
    unit="项",
    time=PLAN,
    kept=Task,
    facets=(STATE,),
    measures=words("项 件 条 个"),
    also=words("重点工作 重点事项 任务 工作任务 年度重点任务 整改清单 工作要点 督办事项 重点工作任务"),
)
def items(frame: Frame) -> QuerySet:
    """年度清单内的任务：时限在期间所在自然年内，或更早而仍未完成的；状态以期间末日为准。"""
    return Task.objects.within(frame.scope).of_year(frame.period.year, frame.day).with_state(frame.day)


def plan_items(frame: Frame) -> QuerySet:
    """What was planned: the tasks that serve a plan, or came out of a record (a problem, a meeting, a report), on the frame's
    day."""
    planned = Task.objects.within(frame.scope).exclude(Q(plan=None) & Q(basis=""))
    return planned.with_state(frame.day).order_by("pk")


@figure(
    "tasks.due",
    "计划到期的任务",
    unit="项",
    time=FLOW,
    kept=Task,
    facets=(STATE,),
    also=words("上期计划完成情况"),
)
def due(frame: Frame) -> QuerySet:
    """列入计划（年度要点、专项方案、报告的计划，或针对问题、会议决定列出）、时限原定在期间内的任务；期间内改期的仍计；状态以期间末日为准。"""
    days = (frame.period.first, frame.period.last)
    moved = Extension.objects.filter(before__range=days, changed_on__gte=days[0]).values("task_id")
    return plan_items(frame).filter(Q(deadline__range=days) | Q(pk__in=moved))


@due.seen(AS_OF)
def in_plans(frame: Frame) -> QuerySet:
    """列入计划的任务，不论时限；状态以期间末日为准。"""
    return plan_items(frame)


def _due_and_open(frame: Frame) -> QuerySet:
    """Of what was due, what is not done, with its `latest` progress and `why` it was put off."""
    changed = Extension.objects.filter(task=OuterRef("pk"), changed_on__lte=frame.day).order_by("-changed_on", "-pk")
    rows = due.rows(frame).exclude(state="完成").with_latest(frame.day)
    return rows.annotate(why=Subquery(changed.values("reason")[:1]))


@names("tasks.plan_kept", "上期计划中没有完成的任务", rows=_due_and_open)
def plan_kept(frame: Frame, rows: QuerySet) -> list[str]:
    """时限原定在期间内、到期间末日没有完成的计划任务：哪一项、为什么（改期的事由，没有改期的取最近一次进展）。"""
    return [f"{_bare(one.title)}（{_bare(one.why or one.latest or '没有写明原因')}）" for one in rows]


def _coming(frame: Frame) -> QuerySet:
    """What was planned, is not done, and has its deadline before the end of the next period, or none."""
    return plan_items(frame).exclude(state="完成").filter(Q(deadline=None) | Q(deadline__lte=frame.period.next().last))


@names("tasks.planned", "下一期计划", rows=_coming)
def planned(frame: Frame, rows: QuerySet) -> list[str]:
    """到下一期末要办的计划任务，期间末日已经完成的不计：任务、牵头科室、时限；本期没有办完的接着办。"""
    return [f"{_bare(one.title)}{_by_whom(one, frame.day)}" for one in rows]


def _by_whom(task: Task, day: date) -> str:
    """，由组织科牵头，12月31日前完成."""
    owner = f"，由{task.office}牵头" if task.office else ""
    if task.deadline is None:
        return owner
    year = f"{task.deadline.year}年" if task.deadline.year != day.year else ""
    by = f"{year}{task.deadline.month}月{task.deadline.day}日"
    return f"{owner}，{by}前完成" if task.deadline > day else f"{owner}，原定{by}前完成，抓紧办结"


def _bare(said: str) -> str:
    """Words that go into a sentence, without a full stop of their own."""
    return said.strip().rstrip("。；;")
