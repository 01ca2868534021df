"""Classes and who took part in them."""

from __future__ import annotations

from django.db import models

from zugong.base.access import Permission, Privacy
from zugong.base.wording import words
from zugong.organizations.models import AtUnit, AtUnitQuerySet, PlacedRecord
from zugong.people.models import AboutPersons, ByPerson, OfPersonQuerySet, Person
from zugong.tasks.models import DepartmentQuerySet

I = Privacy.INTERNAL
KINDS = {
    "主体班": words("主体班次 党校主体班 主体培训班"),
    "专项培训": ("专项培训班", "专项班"),
    "个性化培训": words("个性化 个性化培训班 菜单式培训"),
    "网络培训": words("网络班 网络学习 在线培训 网络专题班 网络培训班"),
    "任职培训": ("任职班",),
    "初任培训": ("初任班",),
    "专题培训": words("专题班 专题培训班 专题研讨班"),
    "轮训": ("轮训班",),
    "调训": ("上级调训", "外出培训"),
}


class TrainingClassQuerySet(DepartmentQuerySet):
    """Classes."""


class TrainingClass(PlacedRecord):
    """A class: what it is called, its kind, who holds it, when, and its hours for each participant."""

    PRIVACY = dict(name=I, kind=I, organizer=I, starts_on=I, ends_on=I, hours=I)
    READ = Permission.TRAINING_READ

    name = models.CharField("班次名称", max_length=200, db_index=True)
    kind = models.CharField("班次类型", max_length=40, blank=True)
    organizer = models.CharField("主办单位", max_length=120, blank=True)
    starts_on = models.DateField("开始日期", null=True, blank=True, db_index=True)
    ends_on = models.DateField("结束日期", null=True, blank=True)
    hours = models.DecimalField("学时", max_digits=7, decimal_places=1, null=True, blank=True)

    objects = TrainingClassQuerySet.as_manager()

    class Meta:
        verbose_name = "培训班次"

    def __str__(self) -> str:
        return self.name


class TraineeQuerySet(AboutPersons, AtUnitQuerySet):
    """Participants."""


class Trainee(AtUnit):
    """A person who took part in a class."""

    PRIVACY = dict(training_class=I, class_name=I, person=I, unit=I, unit_name=I)
    READ = Permission.TRAINING_READ

    training_class = models.ForeignKey(
        TrainingClass, models.PROTECT, null=True, blank=True, related_name="trainees", verbose_name="班次"
    )
    class_name = models.CharField("班次（原文）", max_length=200)
    person = models.ForeignKey(Person, models.PROTECT, related_name="classes", verbose_name="人员")

    objects = TraineeQuerySet.as_manager()

    class Meta:
        verbose_name = "参训人员"
        constraints = [models.UniqueConstraint(fields=["person", "class_name"], name="a_person_once_in_a_class")]

    def __str__(self) -> str:
        return f"{self.person} {self.class_name}"


class StudyHoursQuerySet(OfPersonQuerySet):
    """Hours of study."""


class StudyHours(ByPerson):
    """Hours a person studied outside the classes kept here: recognised by the organization office, or online."""

    PRIVACY = dict(person=I, studied_on=I, hours=I, content=I, online=I)
    READ = Permission.TRAINING_READ
    HAPPENED = ("studied_on",)

    person = models.ForeignKey(Person, models.PROTECT, related_name="study_hours", verbose_name="人员")
    studied_on = models.DateField("日期", db_index=True)
    hours = models.DecimalField("学时", max_digits=7, decimal_places=1)
    content = models.CharField("内容", max_length=200, blank=True)
    online = models.BooleanField("网络学习", default=False)

    objects = StudyHoursQuerySet.as_manager()

    class Meta:
        verbose_name = "学时记录"

    def __str__(self) -> str:
        return f"{self.person} {self.studied_on} {self.hours} 学时"
