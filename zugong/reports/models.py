"""Adopted texts with their slots, and the reports made from them."""

from __future__ import annotations

from django.db import models

from zugong.base.access import Permission, Privacy
from zugong.base.models import User
from zugong.base.periods import Period
from zugong.base.records import Record, RecordQuerySet

I = Privacy.INTERNAL


class DepartmentOnlyQuerySet(RecordQuerySet):
    """Rows of the department itself: whoever reads reports for the whole house sees them."""

    def visible_to(self, user: User) -> DepartmentOnlyQuerySet:
        return self if user.may(Permission.REPORTS_READ) else self.none()


class AdoptedText(Record):
    """A report taken as a template: its words as read, and the period they speak of."""

    PRIVACY = dict(name=I, title=I, text=I, digest=I, period=I, adopted_on=I, account=I)
    READ = Permission.REPORTS_READ

    name = models.CharField("名称", max_length=200)
    title = models.CharField("标题", max_length=200, blank=True)
    text = models.TextField("正文")
    digest = models.CharField("摘要", max_length=64, unique=True)
    period = models.CharField("所述期间", max_length=30, blank=True)
    adopted_on = models.DateField("收下之日")
    account = models.CharField("账号", max_length=60)

    objects = DepartmentOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "底稿"

    def __str__(self) -> str:
        return self.name


class Slot(Record):
    """The place of a figure in an adopted text: what is proposed for it and why, or what a person chose."""

    PRIVACY = dict(
        text=I,
        number=I,
        start=I,
        end=I,
        written=I,
        state=I,
        unit=I,
        figure=I,
        facets=I,
        time=I,
        prior=I,
        reason=I,
        supported=I,
        decided_by=I,
    )
    READ = Permission.REPORTS_READ

    text = models.ForeignKey(AdoptedText, models.CASCADE, related_name="slots", verbose_name="底稿")
    number = models.PositiveIntegerField("次序")
    start = models.PositiveIntegerField("起")
    end = models.PositiveIntegerField("止")
    written = models.CharField("原文", max_length=60, blank=True)
    state = models.CharField("状态", max_length=10)
    unit = models.CharField("量词", max_length=20, blank=True)
    figure = models.CharField("指标", max_length=60)
    facets = models.JSONField("限定", default=dict, blank=True)
    time = models.CharField("时间口径", max_length=10, blank=True)
    prior = models.BooleanField("上期数", default=False)
    reason = models.CharField("理由", max_length=300, blank=True)
    supported = models.BooleanField("指标数得出", default=True, help_text="指标能数出这句话说的东西，否则须由人定")
    decided_by = models.CharField("确认人", max_length=60, blank=True)

    objects = DepartmentOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "数据位"
        constraints = [models.UniqueConstraint(fields=["text", "number"], name="slots_of_a_text_are_numbered")]
        ordering = ["text", "number"]

    def __str__(self) -> str:
        return f"{self.text} 第 {self.number} 处"


class Choice(models.TextChoices):
    """What a person decided on a sentence of the problems or the plan."""

    BOUND = "bound", "接上记录"
    KEPT = "kept", "没有记录，留着"
    DROPPED = "dropped", "不再写"


class Backing(Record):
    """What a person decided on one sentence of an adopted text's problems or plan: the record behind it, none, or that it
    is not to be written any more."""

    PRIVACY = dict(text=I, start=I, end=I, choice=I, rests_on=I, decided_by=I, decided_on=I)
    READ = Permission.REPORTS_READ

    text = models.ForeignKey(AdoptedText, models.CASCADE, related_name="backings", verbose_name="底稿")
    start = models.PositiveIntegerField("起")
    end = models.PositiveIntegerField("止")
    choice = models.CharField("决定", max_length=10, choices=Choice)
    rests_on = models.CharField("记录", max_length=120, blank=True)
    decided_by = models.CharField("确认人", max_length=60)
    decided_on = models.DateField("确认之日")

    objects = DepartmentOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "一句话的依据"
        constraints = [models.UniqueConstraint(fields=["text", "start"], name="one_backing_for_a_sentence")]
        ordering = ["text", "start"]

    def __str__(self) -> str:
        return f"{self.text} {self.get_choice_display()}"


class ReportState(models.TextChoices):
    """Where a report stands."""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已报送"


class Report(Record):
    """A report of a period made from an adopted text. Once submitted it keeps its words and its frozen values."""

    PRIVACY = dict(text=I, period=I, scope=I, day=I, state=I, title=I, produced=I, parts=I, submitted_on=I, account=I)
    READ = Permission.REPORTS_READ

    text = models.ForeignKey(AdoptedText, models.PROTECT, related_name="reports", verbose_name="底稿")
    period = models.CharField("期间", max_length=30)
    scope = models.CharField("范围", max_length=40, blank=True)
    day = models.DateField("截至")
    state = models.CharField("状态", max_length=10, choices=ReportState, default=ReportState.DRAFT)
    title = models.CharField("标题", max_length=200, blank=True)
    produced = models.TextField("报送文本", blank=True)
    parts = models.JSONField("引用的记录", default=dict, blank=True, help_text="问题和计划里哪句话引自哪些记录，报送时定格")
    submitted_on = models.DateField("报送之日", null=True, blank=True)
    account = models.CharField("账号", max_length=60)

    objects = DepartmentOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "总结报告"

    def __str__(self) -> str:
        return self.title or f"{Period.parse(self.period).title}工作总结"


class Replacement(Record):
    """A number written by hand in place of a figure's, with the reason; shown as such in every internal view."""

    PRIVACY = dict(report=I, slot=I, value=I, reason=I, account=I)
    READ = Permission.REPORTS_READ

    report = models.ForeignKey(Report, models.CASCADE, related_name="replacements", verbose_name="报告")
    slot = models.ForeignKey(Slot, models.CASCADE, related_name="+", verbose_name="数据位")
    value = models.CharField("手填的数", max_length=40)
    reason = models.CharField("理由", max_length=200)
    account = models.CharField("账号", max_length=60)

    objects = DepartmentOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "手填的数"
        constraints = [models.UniqueConstraint(fields=["report", "slot"], name="one_replacement_for_a_slot")]

    def __str__(self) -> str:
        return f"{self.slot}：{self.value}"
