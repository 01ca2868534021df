"""Ledgers 07, 培训班次台账, 08, 参训人员名单, and 20, 学时登记表."""

from __future__ import annotations

from zugong.base import cells
from zugong.base.ledgers import Column, Ledger
from zugong.base.wording import words
from zugong.people.ledgers import AT_UNIT, NAME, RESIDENT_ID
from zugong.training.actions import take_classes, take_hours, take_trainees
from zugong.training.models import KINDS, StudyHours, Trainee, TrainingClass

CLASS_NAMES = words(
    "班次 培训班名称 培训班次 培训班 培训班次名称 培训名称 项目名称 培训项目 班名 班级名称 "
    "培训项目名称 参训班次 所在班次 班级 培训班次（项目）名称 参加班次 参加培训班次 "
    "参加培训班名称 参训班次名称 所在培训班"
)

CLASSES = Ledger(
    "classes",
    "07",
    "培训班次台账",
    also=words("培训班次 培训计划 班次台账 培训台账"),
    columns=(
        Column("name", "班次名称", cells.text, key=True, required=True, stored="name", also=CLASS_NAMES),
        Column(
            "kind",
            "班次类型",
            cells.choice(KINDS, KINDS),
            stored="kind",
            known=frozenset(KINDS),
            also=words("培训类型 培训类别 班次类别 类型 类别 培训形式 培训方式 班次性质 培训种类 班型 培训班类型 培训班类别"),
        ),
        Column(
            "organizer",
            "主办单位",
            cells.compact,
            stored="organizer",
            also=words("承办单位 举办单位 主办部门 培训机构 主办 组织单位 办班单位 主办方 举办部门"),
        ),
        Column(
            "starts_on",
            "开始日期",
            cells.day,
            stored="starts_on",
            also=words(
                "开始时间 开班时间 开班日期 培训开始时间 培训开始日期 起始时间 起始日期 开课时间 "
                "报到时间 培训时间 举办时间 开课日期 起"
            ),
        ),
        Column(
            "ends_on",
            "结束日期",
            cells.day,
            stored="ends_on",
            also=words(
                "结束时间 结业时间 结业日期 培训结束时间 培训结束日期 截止时间 终止时间 结课时间 结课日期 "
                "截止日期 止 结班时间 结班日期"
            ),
        ),
        Column(
            "hours",
            "学时",
            cells.number,
            stored="hours",
            also=words(
                "培训学时 学时数 总学时 课时 学时（个） 课时数 培训课时 计入学时 人均学时 时长（学时） "
                "培训时长（学时） 计划学时 培训时长"
            ),
        ),
    ),
    kept=lambda: TrainingClass.objects.all(),
    take=take_classes,
)

TRAINEES = Ledger(
    "trainees",
    "08",
    "参训人员名单",
    also=words("参训人员 学员名单 学员花名册 培训人员 参训学员"),
    identified=True,
    columns=(
        Column("class_name", "班次名称", cells.text, key=True, required=True, stored="class_name", also=CLASS_NAMES),
        NAME,
        RESIDENT_ID,
        AT_UNIT,
    ),
    kept=lambda: Trainee.objects.all(),
    take=take_trainees,
)

HOURS = Ledger(
    "hours",
    "20",
    "学时登记表",
    also=words("学时记录 学时台账 学时认定 学时统计 学习登记"),
    identified=True,
    columns=(
        NAME,
        RESIDENT_ID,
        Column(
            "studied_on",
            "学习日期",
            cells.day,
            key=True,
            required=True,
            happened=True,
            stored="studied_on",
            also=words("学习时间 学时日期 认定日期 认定时间 学习年月日"),
        ),
        Column(
            "content",
            "学习内容",
            cells.text,
            key=True,
            stored="content",
            also=words("学习名称 学习项目 学习课程 课程名称 学习主题 认定事项"),
        ),
        Column(
            "hours",
            "学时",
            cells.number,
            required=True,
            stored="hours",
            also=words("学时数 认定学时 学习学时 学时（个） 折算学时 获得学时"),
        ),
        Column(
            "online",
            "网络学习",
            cells.flag,
            stored="online",
            also=words("是否网络学习 是否网络 网络培训 是否线上 线上学习 是否网上学习"),
        ),
    ),
    kept=lambda: StudyHours.objects.all(),
    take=take_hours,
)
