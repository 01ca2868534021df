"""Articles."""

from __future__ import annotations

from django.db import models

from zugong.base.access import Permission, Privacy
from zugong.organizations.models import PlacedRecord
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
