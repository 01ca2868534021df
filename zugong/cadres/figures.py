"""What is counted of cadres."""

from __future__ import annotations

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from zugong.base.facets import Facet
from zugong.base.figures import AS_OF, FLOW, figure
from zugong.base.periods import Frame
from zugong.base.wording import words
from zugong.cadres.models import COMMENDED, DISCIPLINED, REASONS, RESERVE_KINDS, USED, Cadre, Merit, ReserveEntry, Secondment
from zugong.people.figures import age_band, education, sex
from zugong.people.models import Appointment

RANK_WORDS = {
    "乡科级副职": words("副科级 副科 科级副职 乡科级副职领导"),
    "乡科级正职": words("正科级 正科 科级正职 乡科级正职领导"),
    "县处级副职": words("副处级 副处 处级副职 副县级"),
    "县处级正职": words("正处级 正处 处级正职 正县级"),
    "一级科员及以下": ("科员", "一般干部"),
}
RANK = Facet("rank", "职务层次", "rank_then", synonyms=RANK_WORDS, kept_in="appointment__rank")
NOT_KEPT = Cadre.objects.none  # decisions on appointments and talks have no ledger yet: 缺数


def on_roster(frame: Frame) -> QuerySet:
    """The cadres on the roster on the frame's day, each with the rank of that day as `rank_then`."""
    then = (
        Appointment.objects.filter(person=OuterRef("person"))
        .filter(Q(valid_from__isnull=True) | Q(valid_from__lte=frame.day))
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=frame.day))
        .order_by(F("valid_from").desc(nulls_last=True), "-pk")
    )
    rows = Cadre.objects.within(frame.scope).in_force(frame.day)
    return rows.annotate(rank_then=Subquery(then.values("rank")[:1]))


@figure(
    "cadres.total",
    "干部",
    unit="名",
    time=AS_OF,
    kept=Cadre,
    measures=("名", "人"),
    facets=(RANK, sex("person__sex"), education("education"), age_band("person__birth_date")),
    also=words("在职干部 中层干部 中层管理人员 领导干部 科级干部 干部总数 两委成员 班子成员 公务员 管理人员"),
)
def total(frame: Frame) -> QuerySet:
    """期末在册的干部；年龄按当日周岁，职务层次按当日。"""
    return on_roster(frame).select_related("person", "appointment__unit")


@figure(
    "cadres.reserve_selected",
    "选入后备",
    unit="名",
    time=FLOW,
    kept=ReserveEntry,
    measures=("名", "人"),
    facets=(Facet("kind", "入库类别", "kind", synonyms=RESERVE_KINDS),),
    also=words("优秀年轻后备干部 后备干部 优秀年轻干部 年轻后备 入库 后备人才 储备 建立人才库 纳入后备 村级后备人才 年轻干部"),
)
def reserve_selected(frame: Frame) -> QuerySet:
    """期间内选入后备库的人次，以入库时间为准。"""
    rows = ReserveEntry.objects.within(frame.scope).filter(valid_from__range=frame.days)
    return rows.select_related("person", "unit")


@reserve_selected.seen(AS_OF)
def reserve_now(frame: Frame) -> QuerySet:
    """期末仍在后备库的人次。"""
    return ReserveEntry.objects.within(frame.scope).in_force(frame.day).select_related("person", "unit")


@figure(
    "cadres.reserve_used",
    "提拔和进一步使用",
    unit="名",
    time=FLOW,
    kept=ReserveEntry,
    measures=("名", "人"),
    facets=(Facet("reason", "使用方式", "left_because", synonyms={k: v for k, v in REASONS.items() if k in USED}),),
    also=words("提拔使用后备干部 从中提拔 起用 已使用 已起用 走上领导岗位 使用 补选进入 从中使用"),
)
def reserve_used(frame: Frame) -> QuerySet:
    """期间内因提拔或进一步使用而出库的后备。"""
    rows = ReserveEntry.objects.within(frame.scope).filter(valid_to__range=frame.days, left_because__in=USED)
    return rows.select_related("person", "unit")


@figure(
    "cadres.appointed",
    "选拔任用",
    unit="名",
    time=FLOW,
    kept=NOT_KEPT,
    measures=words("名 人 人次"),
    facets=(Facet("rank", "职务层次", "political_status"),),
    also=words("提拔 提任 提拔任用 提拔和进一步使用干部 调整干部 新提任 选拔中层干部 交流轮岗 任用干部 晋升职级"),
)
def appointed(frame: Frame) -> QuerySet:
    """期间内决定任用的干部（以任用决定为准，尚无台账）。"""
    return NOT_KEPT()


@figure(
    "cadres.interviewed",
    "谈心谈话",
    unit="人次",
    time=FLOW,
    kept=NOT_KEPT,
    measures=words("人次 人 次 名"),
    also=words("谈话 约谈 谈心 提醒谈话 廉政谈话 任前谈话 经常性谈话 谈心谈话 提醒 走访谈话"),
)
def interviewed(frame: Frame) -> QuerySet:
    """期间内谈心谈话的人次（尚无台账）。"""
    return NOT_KEPT()


@figure(
    "cadres.seconded",
    "选派挂职",
    unit="名",
    time=FLOW,
    kept=Secondment,
    measures=("名", "人"),
    also=words("挂职 跟班学习 跟班锻炼 选派干部 驻村 挂职锻炼 选派 挂职干部 顶岗锻炼 跟班 驻村干部 上派下挂"),
)
def seconded(frame: Frame) -> QuerySet:
    """期间内开始挂职的人。"""
    rows = Secondment.objects.within(frame.scope).filter(valid_from__range=frame.days)
    return rows.select_related("person", "unit", "host")


@figure(
    "cadres.secondments_running",
    "在挂人员",
    unit="名",
    time=AS_OF,
    kept=Secondment,
    measures=("名", "人"),
    also=words("在挂干部 正在挂职 现有挂职干部 在岗挂职干部"),
)
def secondments_running(frame: Frame) -> QuerySet:
    """期末仍在挂职的人。"""
    rows = Secondment.objects.within(frame.scope).filter(valid_from__isnull=False).in_force(frame.day)
    return rows.select_related("person", "unit", "host")


LEVEL = Facet("level", "级别", "level", synonyms={"县级": ("县", "区级"), "市级": ("市",), "省级": ("省",)})


@figure(
    "cadres.commended",
    "表彰奖励",
    unit="人次",
    time=FLOW,
    kept=Merit,
    facets=(LEVEL,),
    measures=words("人次 人 名 个"),
    also=words("表彰 奖励 通报表扬 记功 嘉奖 获表彰 表扬 评选表彰"),
)
def commended(frame: Frame) -> QuerySet:
    """期间内记录的表彰奖励。"""
    return merits(frame, COMMENDED)


@figure(
    "cadres.disciplined",
    "处分问责",
    unit="人次",
    time=FLOW,
    kept=Merit,
    facets=(LEVEL,),
    measures=words("人次 人 名"),
    also=words("处分 问责 诫勉 组织处理 党纪政务处分 提醒诫勉 免职 批评教育 第一种形态"),
)
def disciplined(frame: Frame) -> QuerySet:
    """期间内记录的处分问责。"""
    return merits(frame, DISCIPLINED)


def merits(frame: Frame, kind: str) -> QuerySet:
    """The merit records of a kind in the frame."""
    rows = Merit.objects.within(frame.scope).filter(kind=kind, recorded_on__range=frame.days)
    return rows.select_related("person")
