"""What is counted of training."""

from __future__ import annotations

from django.db.models import QuerySet

from zugong.base.facets import Facet
from zugong.base.figures import FLOW, figure
from zugong.base.periods import Frame
from zugong.base.wording import words
from zugong.training.models import KINDS, Trainee, TrainingClass

KIND = Facet("kind", "班次类型", "kind", synonyms=KINDS)
KIND_ATTENDED = Facet("kind", "班次类型", "training_class__kind", synonyms=KINDS)


@figure(
    "training.classes",
    "培训班次",
    unit="期",
    time=FLOW,
    kept=TrainingClass,
    facets=(KIND,),
    measures=words("期 次 场 讲 批 个 班次 场次 班"),
    also=words("培训班 培训 班次 专题班 轮训班 读书班 研修班 主体班 专项培训 个性化培训 轮训 送教 培训活动"),
)
def classes(frame: Frame) -> QuerySet:
    """期间内开班的培训班次，以开始日期为准。"""
    return TrainingClass.objects.within(frame.scope).filter(starts_on__range=frame.days)


@figure(
    "training.trainees",
    "培训人次",
    unit="人次",
    time=FLOW,
    kept=Trainee,
    facets=(KIND_ATTENDED,),
    measures=words("人次 人 名 余人次"),
    also=words("参训人次 培训干部 参训 培训党员干部 累计培训 覆盖 轮训干部 参训人员 听课"),
)
def trainees(frame: Frame) -> QuerySet:
    """期间内开班的班次的参训人次，一人参加一个班计一次。"""
    rows = Trainee.objects.within(frame.scope).filter(training_class__starts_on__range=frame.days)
    return rows.select_related("person", "training_class")


@figure(
    "training.hours",
    "学时",
    unit="学时",
    time=FLOW,
    kept=Trainee,
    facets=(KIND_ATTENDED,),
    amount="training_class__hours",
    measures=("学时", "课时"),
    also=words("培训学时 集中学习 学习时长 累计学时"),
)
def hours(frame: Frame) -> QuerySet:
    """期间内开班的班次的学时，按参训人次累加（人·学时）。"""
    return trainees.rows(frame)
