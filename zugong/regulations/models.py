"""Lines entered in this house, and versions of procedures as cases began under them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models

from zugong.base.access import Permission, Privacy
from zugong.base.models import User
from zugong.base.parameters import Line
from zugong.base.records import Record, RecordQuerySet
from zugong.base.rules import Source, Standing
from zugong.base.sealing import SealedFile
from zugong.base.standards import Entered
from zugong.regulations.procedures import Procedure, read, shipped

I = Privacy.INTERNAL


class OpenQuerySet(RecordQuerySet):
    """What everybody who may read regulations anywhere reads whole: a rule is no secret from those it binds."""

    def held_by(self, user: Any, permission: Permission, privacy: Privacy | None = None) -> OpenQuerySet:
        """All of them, by whatever grant gives the permission to read; to change, where the code lies is asked."""
        if permission == self.model.READ:
            return self if user.codes(permission, privacy) else self.none()
        return super().held_by(user, permission, privacy)

    def covering(self, codes: frozenset[str], day: Any) -> frozenset[str]:
        """Every code reaches them."""
        return codes if self.exists() else frozenset()


class Kind(models.TextChoices):
    """What a line does."""

    REVISION = "revision", "修订"
    LOCAL = "local", "本地规定"
    CHECK = "check", "核对"


class State(models.TextChoices):
    """Where a line stands. Only one in force counts."""

    DRAFT = "draft", "拟定"
    IN_FORCE = "in_force", "生效"
    WITHDRAWN = "withdrawn", "撤回"


class StandardLineQuerySet(OpenQuerySet):
    """Lines entered."""

    def entered(self) -> Iterator[Entered]:
        """What counts, as the standards take it: one statement."""
        for one in self.filter(state=State.IN_FORCE).order_by("entered_on", "pk"):
            yield one.as_entered()


class StandardLine(Record):
    """A line of a parameter (`room.name`), and whoever entered it when and why.

    A revision holds everywhere, a local rule for the subtree of an organization's code. A check restates the line it is
    about (its day and value), with the article and the address at which the official text was read.
    """

    PRIVACY = dict(
        parameter=I, kind=I, organization_code=I, value=I, since=I, until=I, regulation=I, article=I, url=I, reason=I, state=I,
        entered_by=I, entered_on=I, decided_by=I, decided_on=I, ended_why=I,
    )  # fmt: skip
    READ = Permission.REGULATIONS_READ
    HAPPENED = ("entered_on", "decided_on")

    parameter = models.CharField("标准", max_length=80, db_index=True)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    organization_code = models.CharField("适用的党组织代码", max_length=40, blank=True)
    value = models.IntegerField("值", null=True, blank=True)
    since = models.DateField("施行日")
    until = models.DateField("失效日", null=True, blank=True)
    regulation = models.CharField("制度", max_length=120)
    article = models.CharField("条款", max_length=60, blank=True)
    url = models.URLField("官方网址", max_length=300, blank=True)
    reason = models.CharField("理由", max_length=300, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    entered_by = models.CharField("登记人", max_length=140)
    entered_on = models.DateField("登记日")
    decided_by = models.CharField("定的人", max_length=140, blank=True)
    decided_on = models.DateField("定的日期", null=True, blank=True)
    ended_why = models.CharField("撤回理由", max_length=300, blank=True)

    objects = StandardLineQuerySet.as_manager()

    class Meta:
        verbose_name = "标准条目"
        constraints = [
            models.CheckConstraint(
                name="standard_line_ends_after_it_begins",
                condition=models.Q(until__isnull=True) | models.Q(until__gt=models.F("since")),
                violation_error_message="失效日要晚于施行日。",
            ),
            models.CheckConstraint(
                name="standard_line_local_has_its_place",
                condition=~models.Q(kind="local") | ~models.Q(organization_code=""),
                violation_error_message="本地规定要写明适用的党组织。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.regulation}{self.article}，{self.since} 起"

    def as_entered(self) -> Entered:
        """The line as the standards take it."""
        local = self.kind == Kind.LOCAL
        source = Source(
            self.regulation,
            self.article,
            Standing.LOCAL if local else Standing.UNVERIFIED,
            checked_on=str(self.decided_on or self.entered_on),
            checked_by=self.entered_by if self.kind == Kind.CHECK else "",
            url=self.url,
        )
        line = Line(self.value, self.since, self.until, source, self.reason if local else "")
        return Entered(self.parameter, self.organization_code, line, checks=self.kind == Kind.CHECK)


class PaperKind(models.TextChoices):
    """What a paper of the house is."""

    RULE = "rule", "制度"
    TEMPLATE = "template", "模板"


class Paper(Record):
    """A rule or template of the house (制度汇编), with all its versions."""

    PRIVACY = dict(title=I, kind=I, office=I, entered_on=I, ended_on=I)
    READ = Permission.REGULATIONS_READ

    title = models.CharField("名称", max_length=120, unique=True)
    kind = models.CharField("类别", max_length=10, choices=PaperKind.choices)
    office = models.CharField("主办科室", max_length=60, blank=True)
    entered_on = models.DateField("登记日")
    ended_on = models.DateField("废止日", null=True, blank=True)

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = "本部门制度"

    def __str__(self) -> str:
        return self.title


class PaperVersion(Record):
    """One version of a paper: the file as it came, its words where they can be read, since when it holds."""

    PRIVACY = dict(
        paper=I, number=I, since=I, name=I, kept_as=Privacy.RESTRICTED, text=I, words=I, note=I, entered_by=I, entered_on=I
    )  # fmt: skip
    READ = Permission.REGULATIONS_READ
    HAPPENED = ("entered_on",)

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="versions", verbose_name="制度")
    number = models.PositiveIntegerField("版次号")
    since = models.DateField("施行日")
    name = models.CharField("文件名", max_length=160)
    kept_as = SealedFile("存放名", max_length=80, part="file")
    text = models.TextField("文字", blank=True)
    words = models.PositiveIntegerField("字数", default=0)
    note = models.CharField("修订说明", max_length=300, blank=True)
    entered_by = models.CharField("登记人", max_length=140)
    entered_on = models.DateField("登记日")

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = "本部门制度的版本"
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "number"], name="one_number_for_a_version", violation_error_message="这一版刚有人传过。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.paper}（第 {self.number} 版）"


def entered() -> Iterator[Entered]:
    """Every line in force, for whoever asks what holds: standards bind whoever may not see how they came about, too."""
    return StandardLine.objects.entered()


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
