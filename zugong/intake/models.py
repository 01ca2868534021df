"""Batches on their way in: files, sheets, staged rows, and what a commit wrote."""

from __future__ import annotations

from django.db import models

from zugong.base.access import Permission, Privacy
from zugong.base.records import Kept, RecordQuerySet
from zugong.base.sealing import SealedField, SealedFile, SealedText
from zugong.intake import rights
from zugong.intake.catalogue import BY_ID

I, X = Privacy.INTERNAL, Privacy.RESTRICTED


class State(models.TextChoices):
    """Where a batch stands."""

    PREVIEW = "preview", "待写入"
    COMMITTED = "committed", "已写入"
    UNDONE = "undone", "已撤销"


class RowState(models.TextChoices):
    """What a row will do, or did."""

    NEW = "new", "新增"
    CHANGED = "changed", "变更"
    SAME = "same", "相同"
    REFUSED = "refused", "退回"


class BatchQuerySet(RecordQuerySet):
    """Batches."""

    def visible_to(self, user):  # type: ignore[no-untyped-def]
        """Batches belong to no organization, so only those who read intake for the whole house see them, and of those who
        read some offices only, the batches without a ledger of another."""
        if not user.may(Permission.INTAKE_READ):
            return self.none()
        foreign = set(BY_ID) - rights.readable(user)
        return self.exclude(pk__in=StagedSheet.objects.filter(ledger__in=foreign).values("file__batch")) if foreign else self


class Batch(Kept):
    """What one import brought: one command, or one drop of files on the page."""

    PRIVACY = dict(on=I, account=I, state=I, created_at=I, committed_at=I)
    READ = Permission.INTAKE_READ

    on = models.DateField("导入之日")
    account = models.CharField("账号", max_length=60)
    state = models.CharField("状态", max_length=12, choices=State, default=State.PREVIEW)
    created_at = models.DateTimeField("读入时间", auto_now_add=True)
    committed_at = models.DateTimeField("写入时间", null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = "批次"

    def __str__(self) -> str:
        return f"批次 {self.pk}"


class StagedFile(Kept):
    """A file of a batch, kept sealed as it came."""

    PRIVACY = dict(batch=I, name=I, digest=I, salt=X, kept_as=I)
    READ = Permission.INTAKE_READ

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="files", verbose_name="批次")
    name = models.CharField("文件名", max_length=255)
    digest = models.CharField("摘要", max_length=64)
    salt = SealedField("摘要的盐", blank=True)  # so that nobody finds out by trying what a digest is of
    kept_as = SealedFile("存放名", max_length=80)

    class Meta:
        verbose_name = "来件"

    def __str__(self) -> str:
        return self.name


class StagedSheet(Kept):
    """A sheet of a file: which ledger it is, where its headings stand, what its rows will do."""

    PRIVACY = dict(
        file=I,
        name=I,
        ledger=I,
        position=I,
        heading_row=I,
        headings=I,
        positions=I,
        unknown=I,
        guessed=I,
        new=I,
        changed=I,
        same=I,
        refused=I,
        warnings=I,
        skipped=I,
        digest=I,
    )
    READ = Permission.INTAKE_READ

    file = models.ForeignKey(StagedFile, models.CASCADE, related_name="sheets", verbose_name="来件")
    name = models.CharField("工作表", max_length=120, null=True)
    ledger = models.CharField("台账", max_length=40, blank=True)
    position = models.PositiveIntegerField("处理次序")
    heading_row = models.PositiveIntegerField("表头行", null=True)
    headings = models.JSONField("表头", default=list)
    positions = models.JSONField("列位", default=dict)
    unknown = models.JSONField("未识别的列", default=list)
    guessed = models.JSONField("推定的列", default=dict)
    new = models.PositiveIntegerField("新增", default=0)
    changed = models.PositiveIntegerField("变更", default=0)
    same = models.PositiveIntegerField("相同", default=0)
    refused = models.PositiveIntegerField("退回", default=0)
    warnings = models.PositiveIntegerField("提醒", default=0)
    skipped = models.PositiveIntegerField("非记录行", default=0)
    digest = models.CharField("摘要", max_length=64, blank=True)

    class Meta:
        verbose_name = "来件工作表"

    def __str__(self) -> str:
        return self.name or self.file.name


class StagedRow(Kept):
    """A row as it came: its state, the record it met, and (sealed) its values, problems and old values."""

    PRIVACY = dict(sheet=I, number=I, state=I, warned=I, record=I, content=X)
    READ = Permission.INTAKE_READ

    sheet = models.ForeignKey(StagedSheet, models.CASCADE, related_name="rows", verbose_name="工作表")
    number = models.PositiveIntegerField("行号")
    state = models.CharField("状态", max_length=8, choices=RowState)
    warned = models.BooleanField("有提醒", default=False)
    record = models.BigIntegerField("所对记录", null=True)
    content = SealedText("内容（密封）")

    class Meta:
        verbose_name = "待入行"
        indexes = [models.Index(fields=["sheet", "state", "number"])]

    def __str__(self) -> str:
        return f"第 {self.number} 行"


class BatchWrite(Kept):
    """What a commit wrote to one kind of record, in order; sealed, because it holds old values."""

    PRIVACY = dict(batch=I, position=I, model=I, content=X)
    READ = Permission.INTAKE_READ

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="writes", verbose_name="批次")
    position = models.PositiveIntegerField("次序")
    model = models.CharField("记录", max_length=80)
    content = SealedText("内容（密封）")

    class Meta:
        verbose_name = "批次写入"

    def __str__(self) -> str:
        return f"{self.batch} {self.model}"
