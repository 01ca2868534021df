"""Versions of procedures, as cases began under them."""

from __future__ import annotations

from django.db import models

from zugong.base.access import Permission, Privacy
from zugong.base.models import User
from zugong.base.records import Record, RecordQuerySet
from zugong.regulations.procedures import Procedure, read, shipped

I = Privacy.INTERNAL


class ProcedureVersionQuerySet(RecordQuerySet):
    """Versions of procedures: the house's own, not any organization's."""

    def held_by(self, user: User, permission: Permission, privacy: Privacy | None = None) -> ProcedureVersionQuerySet:
        """What the house goes by is for everybody who works in it."""
        return self if user.codes(permission, privacy) else self.none()

    def of(self, code: str) -> list[Procedure]:
        """Every version of a procedure there is: what comes with the programme first, then the house's own as made."""
        own = [one.procedure for one in self.filter(code=code, shipped=False).order_by("pk")]
        return [*([shipped()[code]] if code in shipped() else []), *own]


class ProcedureVersion(Record):
    """One version of a procedure, kept as it was: by whom and why it was made, or that it came with the programme."""

    PRIVACY = dict(code=I, mark=I, since=I, content=I, shipped=I, made_on=I, made_by=I, reason=I)
    READ = Permission.REGULATIONS_READ

    code = models.CharField("程序", max_length=40)
    mark = models.CharField("摘要", max_length=16)
    since = models.DateField("施行之日")
    content = models.TextField("内容")
    shipped = models.BooleanField("随程序发布", default=False)
    made_on = models.DateField("制定之日")
    made_by = models.CharField("制定人", max_length=60, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)

    objects = ProcedureVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "程序的版本"
        constraints = [
            models.UniqueConstraint(
                fields=["code", "mark"], name="one_row_for_a_version", violation_error_message="已经有一个版本和这个完全一样。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.procedure.name}（{self.since} 起）"

    @property
    def procedure(self) -> Procedure:
        """What the version says."""
        return read(self.code, self.content)
