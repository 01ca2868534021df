"""What is counted of supervision."""

from __future__ import annotations

from django.db.models import QuerySet

from zugong.base.facets import Facet
from zugong.base.figures import AS_OF, FLOW, figure, names
from zugong.base.periods import Frame
from zugong.base.wording import words
from zugong.supervision.models import DECLINED, OPEN, SOLVED, STATES, Finding, Problem, Session
from zugong.tasks.models import Task

STATE = Facet(
    "state",
    "整改状态",
    "state",
    values=STATES,
    synonyms={
        "已销号": words("销号 整改 已整改 完成整改 整改完成 整改到位 整改销号 立行立改 完成 已完成整改 解决 办结 转化"),
        "超期": words("逾期 超时限 未按期整改"),
        "整改中": words("正在整改 未整改 持续整改 推进中"),
    },
    whole=words("发现 查找 梳理 收集 点出 指出 查摆 排查 反馈 查出 检视 督促 提出 查找出 发现各类 交办 列出"),
)


@figure(
    "supervision.groups",
    "督导组",
    unit="个",
    time=FLOW,
    kept=Session,
    of="group",
    measures=("个", "支"),
    also=words("督查组 检查组 指导组 督导小组 督查小组 巡回督导组 组建督导组 督导检查组"),
)
def groups(frame: Frame) -> QuerySet:
    """期间内列席过民主生活会的督导组，一组只计一个。"""
    return Session.objects.within(frame.scope).filter(held_on__range=frame.days).select_related("unit")


@figure(
    "supervision.meetings",
    "督导民主生活会",
    unit="场",
    time=FLOW,
    kept=Session,
    measures=words("场 次 个 家 场次"),
    also=words("列席民主生活会 旁听组织生活会 督导民主生活会 列席 现场督导 督导组织生活会 旁听"),
)
def meetings(frame: Frame) -> QuerySet:
    """期间内督导组列席的民主生活会。"""
    return groups.rows(frame)


@figure(
    "supervision.problems",
    "发现问题",
    unit="个",
    time=FLOW,
    kept=Finding,
    facets=(STATE,),
    measures=words("个 条 项 处 类 件"),
    also=words("问题 整改问题 督导发现问题 反馈问题 问题整改 病灶 不足 短板 薄弱环节 整改"),
)
def problems(frame: Frame) -> QuerySet:
    """期间内督导发现的问题，以该组到该单位列席会议之日为准；整改状态以期间末日为准。"""
    rows = Finding.objects.within(frame.scope).with_day().filter(found_on__range=frame.days)
    return rows.with_state(frame.day).select_related("unit")


REGISTERED = Facet("state", "解决情况", "state", values=(OPEN, SOLVED))


@figure(
    "supervision.registered",
    "列入问题清单的问题",
    unit="个",
    time=FLOW,
    kept=Problem,
    facets=(REGISTERED,),
    measures=("个",),
    also=words("问题清单 存在的问题清单"),
)
def registered(frame: Frame) -> QuerySet:
    """期间内列入问题清单的问题，不采纳的不计；解决没有以期间末日为准。"""
    rows = Problem.objects.within(frame.scope).filter(raised_on__range=frame.days)
    return rows.with_state(frame.day).exclude(state=DECLINED).select_related("organization")


@registered.seen(AS_OF)
def registered_by(frame: Frame) -> QuerySet:
    """到期间末日列入过问题清单的问题。"""
    rows = Problem.objects.within(frame.scope).filter(raised_on__lte=frame.day)
    return rows.with_state(frame.day).exclude(state=DECLINED).select_related("organization")


def _still_open(frame: Frame) -> QuerySet:
    return registered_by(frame).filter(state=OPEN).order_by("pk")


@names("supervision.problems_told", "存在的问题", rows=_still_open)
def problems_told(frame: Frame, rows: QuerySet) -> list[str]:
    """问题清单里到期间末日还没有解决的问题，按列入的先后，用清单里的话。"""
    return [one.words.strip().rstrip("。；;") for one in rows]


@figure(
    "supervision.answers",
    "为解决问题列的任务",
    unit="项",
    time=FLOW,
    kept=Task,
    measures=("项",),
    also=words("针对问题的任务 问题对应的任务"),
)
def answers(frame: Frame) -> QuerySet:
    """期间内到期的、为问题清单里的问题列的重点任务。"""
    return Task.objects.within(frame.scope).filter(
        basis__startswith=f"{Problem._meta.label_lower}:", deadline__range=frame.days
    )
