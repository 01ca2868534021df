"""Ledger 01, 党组织基本信息表: declared here because it carries terms."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery

from zugong.base import cells
from zugong.base.access import Permission
from zugong.base.ledgers import Column, Ledger
from zugong.base.wording import words
from zugong.elections.actions import take_organizations
from zugong.elections.models import Term
from zugong.organizations.models import PartyOrganization

KINDS = {
    "党委": words("党的委员会 基层党委 委员会 党工委"),
    "党总支": words("总支 总支部 党总支部 总支部委员会 党总支部委员会"),
    "党支部": words("支部 支部委员会 党支部委员会"),
}
NATURES = frozenset(words("机关 事业单位 国有企业 村 社区 乡镇 街道 非公企业 社会组织 学校 医院 其他"))


def kept() -> QuerySet:
    """Organizations with the present term of each."""
    last = Term.objects.filter(organization=OuterRef("pk")).order_by("-elected_on")
    return PartyOrganization.objects.annotate(
        term_elected_on=Subquery(last.values("elected_on")[:1]), term_years=Subquery(last.values("years")[:1])
    )


ORGANIZATIONS = Ledger(
    "organizations",
    "01",
    "党组织基本信息表",
    also=words("党组织信息 党组织基本情况 党组织名册 党组织台账 党组织花名册 基层党组织"),
    identified=True,
    alternative_key=("name",),
    columns=(
        Column(
            "name",
            "党组织名称",
            cells.compact,
            required=True,
            stored="name",
            also=words("党组织 党组织全称 名称 组织名称 党支部名称 基层党组织名称 党组织名称（全称） 支部名称"),
        ),
        Column(
            "code",
            "党组织代码",
            cells.code,
            key=True,
            stored="code",
            also=words(
                "组织代码 党组织编码 代码 编码 党组织编号 组织编码 党组织机构代码 党内统计代码 机构代码 "
                "组织编号 党组织统一编码 组织机构编码 党组织统一代码"
            ),
        ),
        Column(
            "kind",
            "组织类别",
            cells.choice(KINDS, KINDS),
            stored="kind",
            known=frozenset(KINDS),
            also=words(
                "党组织类别 党组织类型 组织类型 类别 类型 党组织性质 组织形式 党组织形式 党组织设置类型 "
                "党组织层级 党组织设置形式"
            ),
        ),
        Column(
            "superior_name",
            "上级党组织",
            cells.compact,
            stored="superior_name",
            also=words(
                "上级党组织名称 隶属党组织 所隶属党组织 所隶属的党组织 "
                "上级组织 所属上级党组织 隶属上级党组织 上一级党组织 隶属关系 "
                "所属党委 上级党委 上级单位 所属党组织 主管党组织 直接上级党组织 上级党组织全称 隶属上级党委 "
                "上级党组织（全称）"
            ),
        ),
        Column(
            "unit_name",
            "所在单位",
            cells.compact,
            stored="unit__name",
            also=words(
                "单位名称 所在单位名称 单位 所属单位 党组织所在单位 依托单位 覆盖单位 建立党组织单位 "
                "所在单位全称 建立党组织的单位 单位全称"
            ),
        ),
        Column(
            "nature",
            "单位性质",
            cells.compact,
            stored="unit__nature",
            known=NATURES,
            also=words(
                "单位类别 单位类型 所在单位性质 性质 单位性质类别 单位属性 所在单位类别 所在单位属性 行业类别 单位隶属性质"
            ),
        ),
        Column(
            "founded_on",
            "成立时间",
            cells.day_or_month,
            happened=True,
            stored="founded_on",
            also=words(
                "成立日期 设立时间 建立时间 组建时间 批准成立时间 批复成立时间 设立日期 建立日期 组建日期 "
                "党组织成立时间 党组织建立时间 批准建立时间 党组织成立日期 批准设立日期 成立年月 批准成立日期"
            ),
        ),
        Column(
            "elected_on",
            "本届换届时间",
            cells.day,
            happened=True,
            stored="term_elected_on",
            also=words(
                "换届时间 最近换届时间 换届日期 上次换届时间 本届选举时间 最近一次换届时间 本届当选时间 "
                "选举时间 换届选举时间 本届换届日期 最近换届日期 本届任期起始时间 本届起始时间 "
                "本届班子选举时间 选举日期 当选时间 最近一次换届选举时间 本届委员会选举时间 实际换届时间 "
                "换届选举日期 最近换届年月日 现任班子当选时间 最近一次换届日期 本届选举日期"
            ),
            unlike=words("应换届时间 届满时间 任期届满时间 下次换届时间 应换届日期 届满日期 到期时间 下届换届时间"),
        ),
        Column(
            "years",
            "任期(年)",
            cells.whole,
            stored="term_years",
            also=words(
                "任期 任期年限 届期 任期年数 每届任期 届期（年） 本届任期 任期时长 任期（年） 规定任期 班子任期 任期届限"
            ),
        ),
    ),
    kept=kept,
    take=take_organizations,
    also_needs=frozenset({Permission.ORGANIZATIONS_EDIT}),
)
