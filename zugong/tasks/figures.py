"""What is counted of tasks."""

from __future__ import annotations

from django.db.models import QuerySet

from zugong.base.facets import Facet
from zugong.base.figures import PLAN, figure
from zugong.base.periods import Frame
from zugong.base.wording import words
from zugong.tasks.models import STATES, Task

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
