"""The registers of classes and participants."""

from __future__ import annotations

from zugong.base.access import Privacy
from zugong.training import actions
from zugong.training.models import KINDS, StudyHours, Trainee, TrainingClass
from zugong.ui.filters import Choice, Days, Of
from zugong.ui.registers import Register
from zugong.ui.shown import Column

CLASSES = Register(
    model=TrainingClass,
    slug="classes",
    title="培训班次",
    office="干部教育",
    unit="期",
    what="办了什么班，什么类型，多少学时。",
    ledger="培训班次台账",
    order="-starts_on",
    columns=("name", "kind", "organizer", Column("starts_on", sort=True), "ends_on", Column("hours", sort=True)),
    filters=(Choice("kind", values=KINDS), Days("starts_on")),
    search=("name", "organizer"),
    search_words="搜索班次或主办单位",
    edit=actions.edit,
    remove=actions.remove,
    editable=("name", "kind", "organizer", "starts_on", "ends_on", "hours"),
    choices={"kind": tuple(KINDS)},
    hint=("starts_on",),
)

TRAINEES = Register(
    model=Trainee,
    slug="trainees",
    title="参训人员",
    linked_title="参训",
    office="干部教育",
    unit="人次",
    what="谁参加了哪个班。",
    ledger="参训人员名单",
    order="-pk",
    columns=(
        "person",
        Column("class_name", "班次"),
        Column("unit_label", "单位", privacy=Privacy.INTERNAL, needs=("unit",)),
        Column("training_class__starts_on", "开始日期"),
        Column("training_class__hours", "学时"),
        Column("training_class", "对应的班次", shown=False),
    ),
    filters=(Of("training_class", "班次"), Of("person"), Of("unit")),
    search=("person__name", "class_name", "unit_name"),
    search_words="搜索姓名、班次或单位",
    edit=actions.edit_trainee,
    editable=("training_class", "class_name", "unit", "unit_name"),
)

HOURS = Register(
    model=StudyHours,
    slug="hours",
    title="学时记录",
    office="干部教育",
    unit="条",
    what="班次以外认定的学时和网络学习，一次一条。网络学习另记，不算进脱产和集中培训的学时。",
    ledger="学时登记表",
    order="-studied_on",
    columns=("person", Column("studied_on", sort=True), "hours", "content", "online"),
    filters=(Days("studied_on"), Of("person")),
    search=("person__name", "content"),
    search_words="搜索姓名或内容",
    edit=actions.edit_hours,
    editable=("studied_on", "hours", "content", "online"),
    add=actions.record_hours,
    add_title="登记学时",
)
