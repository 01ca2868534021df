"""Ledgers 09, 人才需求计划表, 10, 人才引进台账, and 11, 人才公寓入住台账."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from zugong.base import cells
from zugong.base.cells import BadCell
from zugong.base.ledgers import Column, Ledger
from zugong.base.wording import words
from zugong.people.ledgers import AT_UNIT, NAME, RESIDENT_ID, SEX
from zugong.talents.actions import take_introductions, take_posts, take_tenancies
from zugong.talents.models import EDUCATION_WORDS, EDUCATIONS, KINDS, WAYS, Introduction, Post, Tenancy

EDUCATION_HEADINGS = words(
    "学历要求 学历 学历层次 最高学历 文化程度 学历条件 学历学位要求 学历学位 学历（学位）要求 "
    "最低学历 学历及以上要求 学历情况 学历水平 全日制学历 最低学历要求 学历层次要求 要求学历"
)
READ_EDUCATION = cells.choice(EDUCATIONS, EDUCATION_WORDS)


def year(cell: Any) -> int | None:
    """A year: 2023, 2023年, 2023年度."""
    found = cells.compact(cell)
    if found is None:
        return None
    if m := re.fullmatch(r"((?:19|20)\d{2})(?:年|年度)?", found):
        return int(m[1])
    raise BadCell(f"“{found}”不是年份", "请写成 2023。")


POSTS = Ledger(
    "talent_posts",
    "09",
    "人才需求计划表",
    also=words("人才需求 需求计划 招引计划 引才计划 岗位计划 岗位表"),
    columns=(
        Column(
            "year",
            "年度",
            year,
            key=True,
            required=True,
            stored="year",
            also=words("年份 计划年度 所属年度 需求年度 年 计划年份"),
        ),
        replace(
            AT_UNIT,
            heading="用人单位",
            also=(
                *AT_UNIT.also,
                "工作单位",
                "需求单位",
                "招聘单位",
                "引进单位",
                "招引单位",
                "用人主体",
                "岗位所在单位",
                "用工单位",
            ),
            key=True,
        ),
        Column(
            "title",
            "岗位名称",
            cells.text,
            key=True,
            required=True,
            stored="title",
            also=words(
                "岗位 需求岗位 招聘岗位 引进岗位 职位名称 岗位（职位） 职位 招引岗位 需求岗位名称 招聘职位 "
                "引才岗位 岗位（职位）名称"
            ),
        ),
        Column(
            "way",
            "招引方式",
            cells.choice(WAYS, WAYS),
            stored="way",
            known=frozenset(WAYS),
            also=words(
                "引进方式 招聘方式 招录方式 方式 招引途径 引才方式 招引渠道 补充方式 招聘渠道 招录渠道 "
                "引进渠道 招聘途径 引进途径 拟引进方式 选人方式 拟招聘方式"
            ),
        ),
        Column(
            "kind",
            "计划类别",
            cells.compact,
            stored="kind",
            also=words(
                "类别 计划类型 需求类别 人才类别 计划名称 需求类型 岗位类别 所属计划 计划种类 人才类型 人才计划 计划项目"
            ),
        ),
        Column(
            "headcount",
            "需求人数",
            cells.whole,
            stored="headcount",
            also=words(
                "计划人数 招聘人数 人数 需求数量 招引人数 招录人数 引进人数 计划数 拟招人数 需求数 岗位人数 "
                "计划招引人数 招聘计划 名额 岗位数量 招聘名额 计划引进人数 数量（人） 拟引进人数 需求数（人）"
            ),
        ),
        Column("education", "学历要求", READ_EDUCATION, stored="education", also=EDUCATION_HEADINGS),
    ),
    kept=lambda: Post.objects.all(),
    take=take_posts,
)

EMPLOYER = replace(
    AT_UNIT,
    heading="用人单位",
    also=(
        "工作单位",
        *AT_UNIT.also,
        "引进单位",
        "到岗单位",
        "接收单位",
        "引才单位",
        "聘用单位",
        "录用单位",
        "入职单位",
        "安排单位",
    ),
)

INTRODUCTIONS = Ledger(
    "introductions",
    "10",
    "人才引进台账",
    also=words("人才引进 引进人才 引才台账 引进台账"),
    identified=True,
    columns=(
        NAME,
        SEX,
        RESIDENT_ID,
        Column("education", "学历", READ_EDUCATION, stored="education", known=frozenset(EDUCATIONS), also=EDUCATION_HEADINGS),
        Column(
            "kind",
            "引进类别",
            cells.choice(KINDS, KINDS),
            stored="kind",
            known=frozenset(KINDS),
            also=words(
                "人才类别 类别 引进类型 人才类型 引才类别 招引类别 引进方式 引才类型 人才分类 人才种类 "
                "人才引进类别 引进人才类别 引进人才类型"
            ),
        ),
        EMPLOYER,
        Column(
            "introduced_on",
            "引进时间",
            cells.day,
            happened=True,
            stored="introduced_on",
            also=words(
                "引进日期 到岗时间 到岗日期 报到时间 报到日期 入职时间 入职日期 引才时间 上岗时间 聘用时间 "
                "签约时间 上岗日期 引进到岗时间 录用时间 入编时间 到岗报到时间 签订合同时间 正式到岗时间 "
                "实际到岗时间"
            ),
        ),
    ),
    kept=lambda: Introduction.objects.all(),
    take=take_introductions,
)

TENANCIES = Ledger(
    "tenancies",
    "11",
    "人才公寓入住台账",
    also=words("人才公寓 公寓入住 公寓台账"),
    identified=True,
    columns=(
        Column(
            "room",
            "房号",
            cells.compact,
            key=True,
            stored="room",
            also=words(
                "房间号 房间 公寓房号 入住房号 住房编号 公寓房间号 房屋编号 房源 室号 公寓号 公寓 房间编号 "
                "住房地址 入住房间 房源编号 门牌号 楼栋房号 房间号码 楼栋及房号"
            ),
        ),
        NAME,
        RESIDENT_ID,
        AT_UNIT,
        Column(
            "valid_from",
            "入住时间",
            cells.day,
            key=True,
            happened=True,
            stored="valid_from",
            also=words(
                "入住日期 起租时间 起租日期 入住起始时间 开始时间 办理入住时间 租住开始时间 入住起始日期 "
                "起始时间 起始日期 安排入住时间 迁入时间 租住起始时间 办理入住日期 租住开始日期"
            ),
        ),
        Column(
            "valid_to",
            "退出时间",
            cells.day,
            stored="valid_to",
            also=words(
                "退出日期 退房时间 退租时间 退房日期 退租日期 搬离时间 结束时间 腾退时间 到期时间 腾退日期 "
                "搬离日期 退住时间 迁出时间 退住日期 租住截止时间 租住结束时间 退住（腾退）时间"
            ),
        ),
    ),
    kept=lambda: Tenancy.objects.all(),
    take=take_tenancies,
)
