"""Ledger 16, 重点工作清单."""

from __future__ import annotations

from zugong.base import cells
from zugong.base.ledgers import Column, Ledger
from zugong.base.wording import words
from zugong.tasks.actions import insist_on_reason, take_tasks
from zugong.tasks.models import Task

TASKS = Ledger(
    "tasks",
    "16",
    "重点工作清单",
    also=words("重点任务 工作要点 任务清单 工作台账"),
    columns=(
        Column(
            "title",
            "重点任务",
            cells.text,
            key=True,
            required=True,
            stored="title",
            also=words(
                "任务 任务名称 重点工作 重点工作任务 工作任务 工作内容 任务内容 事项 重点事项 工作事项 "
                "工作要点 项目 重点工作内容 主要任务 工作任务名称 重点任务名称"
            ),
        ),
        Column(
            "office",
            "牵头科室",
            cells.compact,
            stored="office",
            also=words(
                "责任科室 牵头单位 责任单位 主办科室 牵头部门 责任部门 承办科室 负责科室 牵头处室 科室 "
                "主责科室 牵头责任科室 主要责任科室"
            ),
        ),
        Column(
            "deadline",
            "完成时限",
            cells.day,
            stored="deadline",
            also=words(
                "办理时限 时限 截止时间 截止日期 完成期限 时限要求 计划完成时间 要求完成时间 应完成时间 "
                "到期时间 计划完成日期 完成时限要求 限期 办结时限 时间节点 完成时间要求 计划时限"
            ),
        ),
        Column(
            "done_on",
            "完成时间",
            cells.day,
            happened=True,
            stored="done_on",
            also=words(
                "实际完成时间 完成日期 办结时间 办结日期 实际完成日期 销号时间 完成情况时间 落实时间 实际办结日期 实际办结时间"
            ),
        ),
        Column(
            "moved_because",
            "变更原因",
            cells.text,
            also=words(
                "改期事由 改期原因 改期理由 变更事由 变更理由 延期原因 延期事由 延期理由 时限变更原因 时限调整原因 调整原因 "
                "延期说明"
            ),
            unlike=words("未完成原因 滞后原因 存在困难"),
            extra=True,
        ),
    ),
    kept=lambda: Task.objects.all(),
    take=take_tasks,
    judge=insist_on_reason,
)
