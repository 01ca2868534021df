"""Ledgers 05, 走访调研台账, and 06, 调研课题台账."""

from __future__ import annotations

from zugong.base import cells
from zugong.base.ledgers import Column, Ledger
from zugong.base.wording import words
from zugong.visits.actions import take_research, take_visits
from zugong.visits.models import STATES, ResearchTopic, Visit

STATUS = cells.choice(
    STATES,
    {
        "已办结": words("办结 已办理 已完成 已解决 已答复 已办 办理完毕 已落实"),
        "办理中": words("正在办理 未办结 在办 推进中 未办 正在推进 待办 待办理"),
    },
)

VISITS = Ledger(
    "visits",
    "05",
    "走访调研台账",
    also=words("走访 调研走访 走访慰问 意见建议"),
    columns=(
        Column(
            "visited_on",
            "走访时间",
            cells.day,
            key=True,
            required=True,
            happened=True,
            stored="visited_on",
            also=words(
                "走访日期 调研时间 调研日期 走访调研时间 走访调研日期 时间 日期 入户时间 访问时间 下访时间 走访日期及时间"
            ),
        ),
        Column(
            "visited",
            "走访对象",
            cells.compact,
            key=True,
            required=True,
            stored="visited",
            refers="organization?",
            also=words(
                "走访单位 调研单位 走访党组织 调研对象 走访调研单位 走访调研对象 被走访单位 调研点 走访地点 "
                "走访支部 被走访党组织 受访单位 走访基层党组织 调研地点 走访的党组织 受访党组织 走访点"
            ),
        ),
        Column(
            "visitor",
            "走访人",
            cells.text,
            key=True,
            stored="visitor",
            also=words("走访人员 调研人 调研人员 走访领导 带队领导 走访调研人 走访调研人员 走访干部 带队人 参加人员 调研领导"),
        ),
        Column(
            "opinion",
            "意见建议",
            cells.text,
            key=True,
            stored="opinion__text",
            also=words(
                "收集意见建议 收集的意见建议 反映问题 意见 建议 诉求 问题建议 收集意见 意见和建议 "
                "反映的意见建议 收集问题 主要意见建议 问题及建议 群众诉求 反映的问题 收集到的意见建议 "
                "群众意见建议 提出的意见建议 困难和建议 意见建议内容 困难问题"
            ),
        ),
        Column(
            "office",
            "责任科室",
            cells.compact,
            stored="opinion__office",
            also=words("承办科室 办理科室 责任单位 责任部门 承办单位 牵头科室 办理单位 答复科室 承办部门 主办科室 交办科室"),
        ),
        Column(
            "status",
            "办理情况",
            STATUS,
            stored="opinion__status",
            known=frozenset(STATES),
            also=words(
                "办理状态 办理进展 办理结果 办结情况 状态 答复情况 落实情况 是否办结 进展情况 处理情况 "
                "办理进度 进展 办理落实情况"
            ),
        ),
        Column(
            "closed_on",
            "办结时间",
            cells.day,
            happened=True,
            stored="opinion__closed_on",
            also=words("办结日期 完成时间 答复时间 完成日期 答复日期 办理时间 办理完成时间 反馈时间 办结销号时间 办结完成时间"),
        ),
    ),
    kept=lambda: Visit.objects.all(),
    take=take_visits,
)

RESEARCH = Ledger(
    "research",
    "06",
    "调研课题台账",
    also=words("调研课题 课题调研 课题"),
    columns=(
        Column(
            "title",
            "课题名称",
            cells.text,
            key=True,
            required=True,
            stored="title",
            also=words("调研课题 课题 调研题目 课题题目 调研主题 调研课题名称 调研项目 题目 调研内容 研究课题名称 研究课题"),
        ),
        Column(
            "office",
            "牵头科室",
            cells.compact,
            key=True,
            stored="office",
            also=words(
                "责任科室 承担科室 牵头单位 承办科室 负责科室 课题组 牵头部门 承担单位 责任单位 主办科室 调研科室 课题承担科室"
            ),
        ),
        Column(
            "finished_on",
            "完成时间",
            cells.day,
            happened=True,
            stored="finished_on",
            also=words(
                "完成日期 结题时间 结题日期 办结时间 报告完成时间 形成时间 成果时间 报送时间 结项时间 "
                "报告完成日期 成果完成时间 结项日期"
            ),
        ),
        Column(
            "has_report",
            "是否形成报告",
            cells.flag,
            stored="has_report",
            also=words(
                "形成报告 是否形成调研报告 调研报告 是否有报告 是否成文 成果 成果形式 报告 是否形成成果 "
                "形成调研报告 是否出报告 有无调研报告 调研报告形成情况 是否成稿 形成调研报告情况 有无报告"
            ),
        ),
    ),
    kept=lambda: ResearchTopic.objects.all(),
    take=take_research,
)
