"""What readers keep for themselves about registers: saved views, and what they took out and may put back."""

from __future__ import annotations

from typing import Self

from django.db import models

from zugong.base.access import Permission, Privacy
from zugong.base.models import User
from zugong.base.records import Record, RecordQuerySet
from zugong.base.sealing import SealedField

I, P, X = Privacy.INTERNAL, Privacy.PERSONAL, Privacy.RESTRICTED


class OwnQuerySet(RecordQuerySet):
    """Rows that are one account's own."""

    def visible_to(self, user: User) -> Self:
        """One's own rows, nobody else's."""
        return self.filter(user=user)


class SavedView(Record):
    """A register as its reader wants it again: filters, search, order and columns, under a name.

    The name and the query may hold a person's name (what was searched for), never a resident ID.
    """

    PRIVACY = dict(user=I, register=I, name=P, query=P)
    READ = Permission.DESK_READ

    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="账号")
    register = models.CharField("台账", max_length=80)
    name = models.CharField("名称", max_length=30)
    query = models.TextField("条件", blank=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = "保存的视图"
        constraints = [models.UniqueConstraint(fields=["user", "register", "name"], name="one_saved_view_of_a_name")]

    def __str__(self) -> str:
        return self.name


class Removal(Record):
    """Rows taken out of a register together, sealed as they were, until they are put back."""

    PRIVACY = dict(user=I, register=I, number=I, along=I, names=P, content=X, reach=I, removed_on=I, restored_on=I)
    READ = Permission.DESK_READ

    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="账号")
    register = models.CharField("台账", max_length=80)
    number = models.PositiveIntegerField("条数")
    along = models.CharField("一起删除的", max_length=200, blank=True)
    names = models.TextField("记录名称", blank=True)
    content = SealedField("原来的内容")
    reach = models.TextField("凭哪里的授权删除", blank=True)  # codes of organizations, a line each
    removed_on = models.DateField("删除日")
    restored_on = models.DateField("恢复日", null=True, blank=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = "删除"
        indexes = [models.Index(fields=["user", "register"], name="removal_by_owner")]

    def __str__(self) -> str:
        return f"{self.removed_on} 删除 {self.number} 条"

    def in_reach(self, codes: frozenset[str]) -> bool:
        """Whether grants at these codes still hold what the removal was made by, so that its names may be shown."""
        return "" in codes or codes >= set(self.reach.split("\n"))
