"""What is counted of meetings."""

from __future__ import annotations

from django.db.models import QuerySet

from zugong.base.facets import Facet, Words
from zugong.base.figures import FLOW, figure, names
from zugong.base.periods import Frame
from zugong.base.wording import words
from zugong.meetings.models import JOINT_THEME_DAY, KINDS, Meeting

KIND = Facet("kind", "活动类别", "kind", synonyms=KINDS)
TOPIC = Words("topic", "主题", "topic")
PARTNER = Words("partner", "共建单位", "partner")
SHOWN_PARTNERS = 3


@figure(
    "meetings.held",
    "会议和活动",
    unit="次",
    time=FLOW,
    kept=Meeting,
    facets=(KIND, TOPIC),
    measures=words("次 场 场次 堂 期 讲 个"),
    also=words("座谈会 业务大讲堂 专题交流研讨 主题党日 党课 会议 活动 党员大会 支委会 组织生活会 例会 研讨"),
)
def held(frame: Frame) -> QuerySet:
    """期间内召开的会议和开展的活动，台账一行为一次；类别和主题按报告的说法限定。"""
    return Meeting.objects.within(frame.scope).filter(held_on__range=frame.days)


@figure(
    "meetings.joint_study",
    "联学共建",
    unit="次",
    time=FLOW,
    kept=Meeting,
    facets=(PARTNER,),
    part_of="meetings.held",
    measures=words("次 场 场次 个"),
    also=words("联学共建主题党日 联学联建 共建活动 结对共建 联学活动 联建共建"),
)
def joint_study(frame: Frame) -> QuerySet:
    """期间内的联学共建主题党日，一次活动计一次。"""
    return held.rows(frame).filter(kind=JOINT_THEME_DAY)


@figure(
    "meetings.attendance",
    "参加人次",
    unit="人次",
    time=FLOW,
    kept=Meeting,
    facets=(KIND,),
    amount="present",
    measures=("人次", "人"),
    also=words("参加党员 参会人次 到会人次 参与人次 参加"),
)
def attendance(frame: Frame) -> QuerySet:
    """期间内会议和活动实到人数之和。"""
    return held.rows(frame)


@names("meetings.joint_study_partners", "联学共建单位", rows=joint_study.rows)
def joint_study_partners(frame: Frame, rows: QuerySet) -> list[str]:
    """期间内联学共建的单位，按活动时间先后，同一单位只列一次。"""
    ordered = rows.exclude(partner="").order_by("held_on", "pk").values_list("partner", flat=True)
    return list(dict.fromkeys(ordered))
