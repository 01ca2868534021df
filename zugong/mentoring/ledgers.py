"""Ledger 18, 帮带结对台账."""

from __future__ import annotations

from zugong.base import cells
from zugong.base.ledgers import Column, Ledger
from zugong.base.wording import words
from zugong.mentoring.actions import take_pairs
from zugong.mentoring.models import Pair

MENTORING = Ledger(
    "mentoring",
    "18",
    "帮带结对台账",
    also=words("帮带 结对 师徒 导师帮带 传帮带"),
    columns=(
        Column(
            "mentor",
            "导师",
            cells.name,
            key=True,
            required=True,
            stored="mentor_name",
            refers="person",
            also=words(
                "导师姓名 帮带导师 帮带人 师傅 指导老师 帮带干部 指导教师 帮带老师 业务骨干 帮带导师姓名 师父 "
                "带教人 骨干姓名 指导人 帮带领导 带教老师 帮带责任人"
            ),
        ),
        Column(
            "mentee",
            "青年干部",
            cells.name,
            key=True,
            required=True,
            stored="mentee_name",
            refers="person",
            also=words(
                "青年干部姓名 帮带对象 徒弟 被帮带人 年轻干部 学员 结对对象 培养对象 被帮带干部 年轻干部姓名 "
                "帮带对象姓名 培养人 学徒 结对青年 被带人 被帮带对象 结对青年干部 青年干部（徒弟）"
            ),
        ),
        Column(
            "weakness",
            "短板弱项",
            cells.text,
            stored="weakness",
            also=words(
                "存在短板 短板 弱项 不足 短板不足 能力短板 存在不足 薄弱环节 主要短板 需提升方面 短板弱项情况 "
                "不足之处 弱项短板 需提升能力 弱项不足"
            ),
        ),
        Column(
            "goal",
            "培养目标",
            cells.text,
            stored="goal",
            also=words("目标 帮带目标 提升目标 培养方向 预期目标 帮带计划 提升方向 结对目标 成长目标 培养提升目标"),
        ),
        Column(
            "valid_from",
            "结对时间",
            cells.day,
            key=True,
            happened=True,
            stored="valid_from",
            also=words(
                "开始时间 结对日期 帮带开始时间 起始时间 帮带时间 开始日期 结对开始时间 建立时间 起始日期 "
                "签约时间 结对起始时间 签约日期 帮带起始时间"
            ),
        ),
        Column(
            "valid_to",
            "结束时间",
            cells.day,
            stored="valid_to",
            also=words(
                "结束日期 帮带结束时间 到期时间 终止时间 期满时间 截止时间 截止日期 出师时间 到期日期 "
                "解除时间 结对结束日期 结对期满时间 帮带期满时间 帮带截止时间"
            ),
        ),
    ),
    kept=lambda: Pair.objects.all(),
    take=take_pairs,
)
