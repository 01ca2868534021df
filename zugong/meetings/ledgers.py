"""Ledgers 04, 组织生活台账, and 21, 谈心谈话登记表."""

from __future__ import annotations

from zugong.base import cells
from zugong.base.ledgers import Column, Ledger
from zugong.base.wording import words
from zugong.meetings.actions import take_meetings, take_talks
from zugong.meetings.models import KINDS, TALKS, Meeting, Talk

MEETINGS = Ledger(
    "meetings",
    "04",
    "组织生活台账",
    also=words("组织生活 三会一课 主题党日 活动台账 会议台账"),
    columns=(
        Column(
            "held_on",
            "时间",
            cells.day,
            key=True,
            required=True,
            happened=True,
            stored="held_on",
            also=words(
                "活动时间 召开时间 会议时间 开展时间 日期 活动日期 召开日期 会议日期 开展日期 "
                "举办时间 举办日期 活动（会议）时间 会议召开时间 实际召开时间 "
                "实际会议时间 实际活动时间 实际时间 实际召开日期 实际开展时间 召开会议时间 开会时间"
            ),
        ),
        Column(
            "organization",
            "党组织",
            cells.compact,
            key=True,
            required=True,
            refers="organization",
            stored="organization__name",
            also=words(
                "支部 主办支部 开展党支部 党组织名称 所在党组织 支部名称 "
                "党支部 党支部名称 所在党支部 召开党组织 组织单位 主办党组织 "
                "开展党组织 活动党组织 所属党组织 召开支部 所属支部 所在支部 承办党组织 开展支部 "
                "召开单位（党组织） 开展活动的党组织 组织名称"
            ),
        ),
        Column(
            "kind",
            "活动类别",
            cells.choice(KINDS, KINDS),
            key=True,
            known=frozenset(KINDS),
            stored="kind",
            also=words(
                "活动类型 会议类型 会议类别 类别 类型 活动形式 组织生活类别 组织生活类型 组织生活形式 "
                "活动种类 会议种类 会议名称 活动（会议）类别 会议（活动）类型 会议形式 形式 会议（活动）形式 "
                "活动（会议）类型"
            ),
        ),
        Column(
            "topic",
            "主题",
            cells.text,
            key=True,
            stored="topic",
            also=words(
                "活动主题 会议主题 议题 会议议题 活动内容 内容 会议内容 主题内容 主要内容 学习内容 活动名称 "
                "会议（活动）主题 主题（议题） 主要议题 学习主题 主要议题或内容 学习（活动）主题"
            ),
        ),
        Column(
            "partner",
            "共建单位",
            cells.compact,
            key=True,
            stored="partner",
            also=words(
                "共建党组织 联建单位 结对单位 合作单位 参与单位 联学共建单位 联学单位 共建对象 共建部门 "
                "联建党组织 合办单位 协作单位 结对共建单位 参与共建单位 共建（联学）单位 联合单位"
            ),
        ),
        Column(
            "due",
            "应到",
            cells.whole,
            stored="due",
            also=words(
                "应到人数 应到会人数 应参加人数 应参会人数 应到会 应到数 应参加 应参人数 应出席人数 应到党员数 应参加党员数"
            ),
        ),
        Column(
            "present",
            "实到",
            cells.whole,
            stored="present",
            also=words(
                "实到人数 实到会人数 实参加人数 实际参加人数 参加人数 参会人数 实到会 实到数 出席人数 "
                "实际到会人数 实参会人数 实参加 实到党员数 实际到会党员数 实际到会"
            ),
        ),
    ),
    kept=lambda: Meeting.objects.all(),
    take=take_meetings,
)

TALKED = Ledger(
    "talks",
    "21",
    "谈心谈话登记表",
    also=words("谈心谈话 谈话登记 谈话记录 谈话台账"),
    columns=(
        Column(
            "held_on",
            "谈话时间",
            cells.day,
            key=True,
            required=True,
            happened=True,
            stored="held_on",
            also=words("谈话日期 谈心时间 谈心谈话时间 时间 日期"),
        ),
        Column(
            "organization",
            "党支部",
            cells.compact,
            key=True,
            required=True,
            refers="organization",
            stored="organization__name",
            also=words("所在党支部 党支部名称 支部 支部名称 党组织 党组织名称 所在支部"),
        ),
        Column(
            "person",
            "谈话人",
            cells.name,
            key=True,
            required=True,
            refers="member",
            stored="person__name",
            also=words("谈话人姓名 谈话者 主谈人"),
        ),
        Column(
            "other",
            "谈话对象",
            cells.name,
            key=True,
            required=True,
            refers="member",
            stored="other__name",
            also=words("谈话对象姓名 被谈话人 被谈话人姓名 被谈人"),
        ),
        Column(
            "kind",
            "谁与谁谈",
            cells.choice(TALKS),
            stored="kind",
            known=frozenset(TALKS),
            also=words("谈话类别 谈话类型 谈话范围"),
        ),
    ),
    kept=lambda: Talk.objects.all(),
    take=take_talks,
)
