"""What is counted of talents."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from zugong.base import parameters
from zugong.base.facets import Facet, Ladder
from zugong.base.figures import AS_OF, FLOW, PLAN, figure
from zugong.base.periods import Frame
from zugong.base.wording import words
from zugong.talents.models import EDUCATION_WORDS, EDUCATIONS, KINDS, PLAN_KINDS, WAYS, Introduction, Post, Tenancy

PARAMETERS = parameters.read(__package__)
EDUCATION = Ladder("education", "学历", "education", values=EDUCATIONS, synonyms=EDUCATION_WORDS)
WAY = Facet("way", "招引方式", "way", synonyms=WAYS)
NOT_KEPT = Introduction.objects.none  # benefits, services and projects have no ledger yet: 缺数


@figure(
    "talents.introduced",
    "引进人才",
    unit="名",
    time=FLOW,
    kept=Introduction,
    measures=words("名 人 个"),
    facets=(Facet("kind", "引进类别", "kind", synonyms=KINDS), EDUCATION),
    also=words("引进急需紧缺人才 引才 急需紧缺人才 引进各类人才 招引人才 新引进人才 引回人才 人才引进 高层次人才"),
)
def introduced(frame: Frame) -> QuerySet:
    """期间内引进的人，以引进时间为准。"""
    rows = Introduction.objects.within(frame.scope).filter(introduced_on__range=frame.days)
    return rows.select_related("person", "unit")


@figure(
    "talents.posts",
    "岗位",
    unit="个",
    time=PLAN,
    kept=Post,
    measures=("个",),
    facets=(WAY, Facet("kind", "计划类别", "kind", synonyms=PLAN_KINDS)),
    also=words("人才引进岗位 招聘岗位 需求岗位 招引岗位 引才岗位 岗位需求 引进岗位"),
)
def posts(frame: Frame) -> QuerySet:
    """期间所在年度人才需求计划的岗位，计划表一行为一个岗位。"""
    return Post.objects.within(frame.scope).filter(year=frame.period.last.year).select_related("unit")


@figure(
    "talents.planned_headcount",
    "计划招引人数",
    unit="名",
    time=PLAN,
    kept=Post,
    facets=(WAY,),
    amount="headcount",
    measures=words("名 人 个"),
    also=words("计划公开招录招聘 计划招聘 计划招录 计划引进 公开招录招聘各类人才 拟招聘 计划招引 公开招聘 招录招聘"),
)
def planned_headcount(frame: Frame) -> QuerySet:
    """期间所在年度计划招引的人数，按岗位的需求人数累加。"""
    return posts.rows(frame)


def _change_of_room_days(day: date) -> int:
    return int(PARAMETERS["change_of_room_days"].on(day).value)


@figure(
    "talents.apartment_residents",
    "入住人才公寓",
    unit="名",
    time=FLOW,
    kept=Tenancy,
    of="person",
    measures=words("名 人 户 位"),
    also=words("人才公寓 安排入住 拎包入住 人才公寓入住 青年人才公寓 搬进人才公寓 入住人才公寓"),
)
def apartment_residents(frame: Frame) -> QuerySet:
    """期间内入住人才公寓的人，一人只计一次；三十天内换房不算再次入住。"""
    rows = Tenancy.objects.within(frame.scope).filter(valid_from__range=frame.days)
    return rows.move_ins(_change_of_room_days(frame.day)).select_related("person", "unit")


@apartment_residents.seen(AS_OF)
def apartment_residents_now(frame: Frame) -> QuerySet:
    """期末住在人才公寓的人。"""
    return Tenancy.objects.within(frame.scope).in_force(frame.day).select_related("person", "unit")


@figure(
    "talents.services",
    "服务事项",
    unit="件",
    time=FLOW,
    kept=NOT_KEPT,
    measures=words("件 项 个 人次 条"),
    facets=(Facet("kind", "服务类别", "kind"), Facet("state", "办理状态", "kind")),
    also=words("子女入学 配偶就业 配偶安置 落户 代办 人才服务 服务事项 人才诉求 人才难题"),
)
def services(frame: Frame) -> QuerySet:
    """期间内为人才办理的服务事项（尚无台账）。"""
    return NOT_KEPT()


@figure(
    "talents.benefits_paid",
    "兑现资金",
    unit="万元",
    time=FLOW,
    kept=NOT_KEPT,
    measures=words("万元 元 亿元"),
    facets=(Facet("kind", "资金类别", "kind"),),
    also=words("补贴 津贴 安家费 安家补贴 人才补贴 奖补资金 兑现人才政策资金 人才奖励 生活补助 购房补贴 租房补贴"),
)
def benefits_paid(frame: Frame) -> QuerySet:
    """期间内兑现给人才的资金（尚无台账）。"""
    return NOT_KEPT()


@figure(
    "talents.projects",
    "人才项目",
    unit="个",
    time=FLOW,
    kept=NOT_KEPT,
    measures=("个", "项"),
    facets=(Facet("kind", "项目类别", "kind"), Facet("state", "项目状态", "kind")),
    also=words("人才工程项目 人才计划项目 申报人才项目 技改人才项目 人才工程 人才计划"),
)
def projects(frame: Frame) -> QuerySet:
    """期间内申报或立项的人才项目（尚无台账）。"""
    return NOT_KEPT()
