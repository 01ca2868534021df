"""Posts of the demand plan, introductions and tenancies of talent apartments."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef

from zugong.base.access import Permission, Privacy
from zugong.base.sealing import BlindIndex, SealedField
from zugong.base.wording import words
from zugong.organizations.models import AtUnit, AtUnitQuerySet
from zugong.people.models import AboutPersons, Person

I, P = Privacy.INTERNAL, Privacy.PERSONAL
WAYS = {
    "人才引进": words("引进 引才 人才引进岗位"),
    "公开招聘": ("招聘", "公招"),
    "公开招录": words("招录 考录 公务员招录"),
    "定向培养": words("定向 定向委培 定向培养招录"),
}
KINDS = {
    "急需紧缺人才": words("急需紧缺 紧缺人才 急需紧缺专业人才 高层次急需紧缺人才"),
    "乡村振兴人才": ("乡村振兴",),
    "公开招录": ("招录",),
    "高层次人才": ("高层次",),
}
PLAN_KINDS = {"高学历急需紧缺": words("急需紧缺 高学历 高学历急需紧缺人才"), "乡村振兴": ("乡村振兴人才",)}
EDUCATIONS = ("大专", "大学本科", "硕士研究生", "博士研究生")
EDUCATION_WORDS = {
    "大专": ("专科", "大学专科"),
    "大学本科": words("本科 大学 学士"),
    "硕士研究生": ("硕士", "研究生（硕士）"),
    "博士研究生": ("博士", "研究生（博士）"),
}


def room_mark(room: str | None) -> str:
    """The blind index a room is found by; the whole number is needed."""
    return str(Tenancy._meta.get_field("room_index").marks(room)[0]) if room else ""


class PostQuerySet(AtUnitQuerySet):
    """Posts."""


class Post(AtUnit):
    """A post of the year's plan: unit, way of recruiting, kind of plan, how many, which education."""

    PRIVACY = dict(year=I, unit=I, unit_name=I, title=I, way=I, kind=I, headcount=I, education=I)
    READ = Permission.TALENTS_READ

    year = models.PositiveSmallIntegerField("年度", db_index=True)
    title = models.CharField("岗位名称", max_length=120)
    way = models.CharField("招引方式", max_length=40, blank=True)
    kind = models.CharField("计划类别", max_length=40, blank=True)
    headcount = models.PositiveIntegerField("需求人数", null=True, blank=True)
    education = models.CharField("学历要求", max_length=40, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = "人才岗位"

    def __str__(self) -> str:
        return f"{self.year}年 {self.unit_label} {self.title}"


class IntroductionQuerySet(AboutPersons, AtUnitQuerySet):
    """Introductions."""


class Introduction(AtUnit):
    """A person brought in: kind, education at that time, unit, day."""

    PRIVACY = dict(person=I, unit=I, unit_name=I, education=I, kind=I, introduced_on=I)
    READ = Permission.TALENTS_READ
    HAPPENED = ("introduced_on",)

    person = models.ForeignKey(Person, models.PROTECT, related_name="introductions", verbose_name="人员")
    education = models.CharField("学历", max_length=40, blank=True)
    kind = models.CharField("引进类别", max_length=40, blank=True)
    introduced_on = models.DateField("引进时间", null=True, blank=True, db_index=True)

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        verbose_name = "人才引进"
        constraints = [models.UniqueConstraint(fields=["person"], name="a_person_is_introduced_once")]

    def __str__(self) -> str:
        return f"{self.person} {self.kind}"


class TenancyQuerySet(AboutPersons, AtUnitQuerySet):
    """Tenancies."""

    def move_ins(self, days_between: int) -> Self:
        """The tenancies that begin a stay: the person's last one did not run until at most so many days before.

        A tenancy that follows another within those days is a change of room.
        """
        until = ExpressionWrapper(F("valid_to") + timedelta(days=days_between), output_field=models.DateField())
        still_there = models.Q(valid_to__isnull=True) | models.Q(until__gte=OuterRef("valid_from"))
        same_person = Tenancy.objects.filter(person=OuterRef("person"), valid_from__lt=OuterRef("valid_from"))
        earlier = same_person.annotate(until=until).filter(still_there)
        return self.filter(~Exists(earlier))


class Tenancy(AtUnit):
    """A person in a room of a talent apartment, from a day to a day."""

    PRIVACY = dict(person=I, unit=I, unit_name=I, room=P, room_index=P, valid_from=I, valid_to=I)
    READ = Permission.TALENTS_READ
    HAPPENED = ("valid_from",)

    person = models.ForeignKey(Person, models.PROTECT, related_name="tenancies", verbose_name="人员")
    room = SealedField("房号", blank=True)
    room_index = BlindIndex("房号索引", of="room", blank=True, editable=False, db_index=True)
    valid_from = models.DateField("入住时间", null=True, blank=True, db_index=True)
    valid_to = models.DateField("退出时间", null=True, blank=True)

    objects = TenancyQuerySet.as_manager()

    class Meta:
        verbose_name = "人才公寓入住"

    def __str__(self) -> str:
        return f"{self.person} {self.room}"
