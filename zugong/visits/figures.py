"""What is counted of visits, opinions and research."""

from __future__ import annotations

from django.db.models import QuerySet

from zugong.base.facets import Facet, Words
from zugong.base.figures import FLOW, figure
from zugong.base.periods import Frame
from zugong.base.wording import words
from zugong.visits.models import STATES, Opinion, ResearchTopic, Visit

STATE = Facet(
    "state",
    "办理状态",
    "state",
    values=STATES,
    synonyms={
        "已办结": words("办结 办 已办 答复 解决 已解决 化解 已答复 办理 协调解决 反馈 落实"),
        "办理中": words("在办 正在办理 未办结 推进中 待办"),
    },
    whole=words("收集 梳理 发现 查找 收 征求 征集 听取 汇总 归集 整理 摸排 提出 收到 收集到"),
)


@figure(
    "visits.made",
    "走访调研",
    unit="次",
    time=FLOW,
    kept=Visit,
    measures=words("次 人次 户次 户 人 名 场 回 趟"),
    also=words("走访 调研 走村入户 走村入企 入户走访 慰问 走访慰问 下沉 调研走访 实地调研 蹲点调研 走访座谈"),
)
def made(frame: Frame) -> QuerySet:
    """期间内的走访调研，台账一行为一次。"""
    return Visit.objects.within(frame.scope).filter(visited_on__range=frame.days)


@figure(
    "visits.organizations",
    "走访单位",
    unit="个",
    time=FLOW,
    kept=Visit,
    of="visited",
    measures=words("个 家 处"),
    also=words("到访 走访党组织 走访基层党组织 走访企业 到访基层党组织 走访支部 调研单位 走访单位"),
)
def organizations(frame: Frame) -> QuerySet:
    """期间内走访过的单位和党组织，去过多次只计一个。"""
    return made.rows(frame)


@figure(
    "visits.opinions",
    "收集意见建议",
    unit="条",
    time=FLOW,
    kept=Opinion,
    facets=(STATE,),
    measures=words("条 件 个 项"),
    also=words("意见建议 意见 建议 诉求 意见和建议 群众诉求 问题建议 民生诉求"),
)
def opinions(frame: Frame) -> QuerySet:
    """期间内走访时提出的意见建议；办理状态以期间末日为准。"""
    rows = Opinion.objects.within(frame.scope).filter(visit__visited_on__range=frame.days)
    return rows.select_related("visit").with_state(frame.day)


@figure(
    "visits.research_reports",
    "调研报告",
    unit="篇",
    time=FLOW,
    kept=ResearchTopic,
    facets=(Words("topic", "课题", "title"),),
    measures=words("篇 份 个"),
    also=words("调研文章 调研成果 分析报告 专题报告 课题报告 研究报告 调研课题报告"),
)
def research_reports(frame: Frame) -> QuerySet:
    """期间内完成并形成报告的调研课题。"""
    return ResearchTopic.objects.within(frame.scope).filter(finished_on__range=frame.days, has_report=True)
