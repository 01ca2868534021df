"""Articles, and brands of Party building."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Case, Q, Value, When

from zugong.base.access import Permission, Privacy
from zugong.organizations.models import PartyOrganization, PlacedQuerySet, PlacedRecord
from zugong.tasks.models import DepartmentQuerySet

I = Privacy.INTERNAL


class ArticleQuerySet(DepartmentQuerySet):
    """Articles."""


class Article(PlacedRecord):
    """A published article."""

    PRIVACY = dict(title=I, column=I, office=I, platform=I, published_on=I, reads=I)
    READ = Permission.PUBLICITY_READ
    HAPPENED = ("published_on",)

    title = models.CharField("标题", max_length=200)
    column = models.CharField("栏目", max_length=60, blank=True)
    office = models.CharField("供稿科室", max_length=60, blank=True)
    platform = models.CharField("发布平台", max_length=60, blank=True)
    published_on = models.DateField("发布时间", null=True, blank=True, db_index=True)
    reads = models.PositiveIntegerField("阅读量", null=True, blank=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = "宣传稿件"

    def __str__(self) -> str:
        return self.title


class BrandQuerySet(PlacedQuerySet):
    """Brands, which belong to their organization."""

    def with_state(self, day: date) -> Self:
        """Each brand's `state` on a day: 已退出, 已命名 or 培育中."""
        left, named = Q(left_on__lte=day), Q(named_on__lte=day)
        state = Case(When(left, then=Value("已退出")), When(named, then=Value("已命名")), default=Value("培育中"))
        return self.annotate(state=state)


class Brand(PlacedRecord):
    """A brand of Party building (党建品牌) an organization nurtures: what it solved, since when it bears its name. Kept by
    whoever keeps the organizations."""

    PRIVACY = dict(organization=I, name=I, solved=I, begun_on=I, named_on=I, reviewed_on=I, left_on=I)
    READ = Permission.ORGANIZATIONS_READ
    HAPPENED = ("begun_on", "named_on", "reviewed_on", "left_on")

    organization = models.ForeignKey(PartyOrganization, models.PROTECT, related_name="brands", verbose_name="党组织")
    name = models.CharField("品牌名称", max_length=80)
    solved = models.CharField("解决了什么问题", max_length=500, blank=True)
    begun_on = models.DateField("开始培育", null=True, blank=True)
    named_on = models.DateField("命名时间", null=True, blank=True)
    reviewed_on = models.DateField("最近一次复核", null=True, blank=True)
    left_on = models.DateField("退出时间", null=True, blank=True)

    objects = BrandQuerySet.as_manager()

    class Meta:
        verbose_name = "党建品牌"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="one_brand_of_a_name",
                violation_error_message="这个党组织已经有一个同名的品牌。",
            )
        ]

    def __str__(self) -> str:
        return self.name
