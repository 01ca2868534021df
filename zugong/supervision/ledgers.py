"""Ledgers 14, 民主生活会督导安排, and 15, 督导整改台账."""

from __future__ import annotations

from typing import Any

from zugong.base import cells
from zugong.base.ledgers import Column, Ledger
from zugong.base.wording import words
from zugong.supervision.actions import take_findings, take_sessions
from zugong.supervision.models import Finding, Session


def listed(cell: Any) -> str | None:
    """Names in one cell, joined in one way."""
    found = cells.names(cell)
    return "、".join(found) if found else None


GROUP_HEADINGS = words("督导组别 组别 督导小组 督导组名称 所在督导组 组名 检查组 督查组 督导组次 小组 分组 组次 督导组编号")

SESSIONS = Ledger(
    "supervision_groups",
    "14",
    "民主生活会督导安排",
    also=words("督导安排 民主生活会 督导组"),
    columns=(
        Column("group", "督导组", cells.compact, key=True, required=True, stored="group", also=GROUP_HEADINGS),
        Column(
            "leader",
            "组长",
            cells.name,
            stored="leader_name",
            refers="person",
            also=words("督导组长 组长姓名 带队领导 负责人 督导组组长 带队人 牵头领导 领队 牵头人 组长（领队）"),
        ),
        Column(
            "members",
            "成员",
            listed,
            stored="member_names",
            also=words("督导组成员 组员 成员名单 组成人员 成员姓名 督导成员 参加人员 督导人员 工作人员 小组成员 组员姓名"),
        ),
        Column(
            "unit",
            "督导单位",
            cells.compact,
            key=True,
            required=True,
            refers="unit",
            stored="unit_name",
            also=words(
                "被督导单位 督导对象 督导单位名称 单位 单位名称 所督导单位 联系单位 召开单位 受督导单位 "
                "会议单位 督导党组织 被督导党组织"
            ),
        ),
        Column(
            "held_on",
            "会议时间",
            cells.day,
            key=True,
            stored="held_on",
            also=words(
                "民主生活会时间 召开时间 督导时间 会议日期 召开日期 督导日期 民主生活会召开时间 时间 "
                "民主生活会日期 开会时间 列席时间 拟召开时间 计划召开时间"
            ),
        ),
    ),
    kept=lambda: Session.objects.all(),
    take=take_sessions,
)

FINDINGS = Ledger(
    "rectifications",
    "15",
    "督导整改台账",
    also=words("整改台账 问题整改 整改清单 问题台账"),
    columns=(
        Column(
            "unit",
            "督导单位",
            cells.compact,
            key=True,
            required=True,
            refers="unit",
            stored="unit_name",
            also=words("被督导单位 督导对象 问题单位 单位名称 所在单位 单位 整改单位 受督导单位 涉及单位"),
        ),
        Column("group", "督导组", cells.compact, key=True, stored="group", also=(*GROUP_HEADINGS, "发现督导组", "反馈督导组")),
        Column(
            "problem",
            "存在问题",
            cells.text,
            key=True,
            required=True,
            stored="problem",
            also=words(
                "问题 发现问题 存在的问题 问题描述 督导发现问题 反馈问题 主要问题 问题内容 问题表现 具体问题 "
                "发现的问题 存在的突出问题 督导发现的问题 具体问题表现 查找出的问题"
            ),
        ),
        Column(
            "measure",
            "整改措施",
            cells.text,
            stored="measure",
            also=words("措施 整改办法 整改举措 整改方案 整改落实措施 具体措施 整改要求 拟采取整改措施 拟整改措施"),
        ),
        Column(
            "responsible",
            "责任单位",
            cells.compact,
            stored="responsible",
            also=words(
                "负责单位 整改负责单位 整改责任单位 责任部门 整改责任主体 "
                "责任主体 牵头单位 责任人 整改责任人 责任领导 整改主体 "
                "牵头整改单位 责任单位（人）"
            ),
        ),
        Column(
            "deadline",
            "整改时限",
            cells.day,
            key=True,
            stored="deadline",
            also=words(
                "完成时限 整改期限 时限 整改截止时间 整改完成时限 限期 整改截止日期 截止时间 计划完成时间 "
                "整改限期 截止日期 期限 要求完成时间 整改完成期限 限期完成时间 整改到位时限"
            ),
        ),
        Column(
            "closed_on",
            "销号时间",
            cells.day,
            happened=True,
            stored="closed_on",
            also=words(
                "销号日期 完成时间 整改完成时间 完成日期 办结时间 整改销号时间 验收时间 整改完成日期 办结日期 "
                "验收销号时间 实际完成时间 整改销号日期 验收销号日期"
            ),
        ),
    ),
    kept=lambda: Finding.objects.all(),
    take=take_findings,
)
