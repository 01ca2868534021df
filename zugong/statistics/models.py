"""Values taken for good: a number that left the house, with the rows it was made of."""

from __future__ import annotations

from collections.abc import Container

from django.db import models

from zugong.base.access import Permission, Privacy
from zugong.base.records import Kept, RecordQuerySet

I = Privacy.INTERNAL


class FrozenValueQuerySet(RecordQuerySet):
    """Frozen values."""

    def taken_from(self, keys: Container[str]) -> set[str]:
        """What values were taken for that rest on any of these rows; the rows themselves may be many, one value at a time."""
        kept = self.order_by("pk").values_list("taken_for", "rows").iterator(chunk_size=1)
        return {taken_for for taken_for, rows in kept if any(key in keys for key in rows.splitlines())}


class FrozenValue(Kept):
    """A figure's value as it was when a submitted report quoted it; never changed, only followed by another."""

    PRIVACY = dict(
        figure=I, facets=I, time=I, scope=I, period=I, day=I, value=I, rows=I, digest=I, taken_on=I, taken_for=I, account=I
    )
    READ = Permission.STATISTICS_READ

    figure = models.CharField("指标", max_length=60)
    facets = models.JSONField("限定", default=dict)
    time = models.CharField("时间口径", max_length=10)
    scope = models.CharField("范围", max_length=40, blank=True)
    period = models.CharField("期间", max_length=30)
    day = models.DateField("截至")
    value = models.FloatField("值")
    rows = models.TextField("各行键值")  # keys such as meetings.meeting:12, one a line: values stay in their records
    digest = models.CharField("摘要", max_length=64)
    taken_on = models.DateField("定格之日")
    taken_for = models.CharField("用于", max_length=80)
    account = models.CharField("账号", max_length=60)

    objects = FrozenValueQuerySet.as_manager()

    class Meta:
        verbose_name = "定格的数"
        indexes = [models.Index(fields=["taken_for", "id"])]

    def __str__(self) -> str:
        return f"{self.figure} {self.period} {self.value:g}"
