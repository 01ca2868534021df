"""Accounts, grants, the department's settings and the trail."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models

from zugong.base.access import ROLES, SYSTEM, Permission, Privacy, Role, path_part
from zugong.base.feeds import CalendarFeed as CalendarFeed  # a record of this room, kept in a file of its own
from zugong.base.jobs import JobRun as JobRun  # records of this room, kept in files of their own
from zugong.base.jobs import JobTime as JobTime
from zugong.base.jobs import WorkerSeen as WorkerSeen
from zugong.base.records import Kept, Record, RecordQuerySet
from zugong.base.sealing import SealedField
from zugong.base.specialdays import SpecialDay as SpecialDay

I, P = Privacy.INTERNAL, Privacy.PERSONAL


class UserQuerySet(RecordQuerySet):
    """Accounts."""


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Accounts by name; the login backend asks through it."""


class User(AbstractBaseUser, Record):
    """An account. It has no rights of its own: grants give them."""

    PRIVACY = dict(
        username=I,
        name=I,
        is_active=I,
        password=Privacy.RESTRICTED,
        must_change_password=I,
        password_set_on=I,
        provider_subject=I,
        last_login=I,
    )
    READ = Permission.ACCOUNTS_MANAGE
    USERNAME_FIELD = "username"

    username = models.CharField("账号", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须改密码", default=False)
    password_set_on = models.DateField("密码设于", null=True, blank=True)
    provider_subject = models.CharField("统一认证编号", max_length=255, blank=True, default="")

    objects = UserManager()
    day: date | None = None  # set by the outermost layer: the day it is while this person acts
    shown_day: date | None = None  # likewise: the one day that a demo home takes for today, for everybody; None in earnest
    now: datetime | None = None  # and the moment; without it what is on call does not hold

    class Meta:
        verbose_name = "账号"
        constraints = [
            models.UniqueConstraint(
                fields=["provider_subject"],
                condition=~models.Q(provider_subject=""),
                name="one_account_for_a_subject",
                violation_error_message="这个统一认证编号已经对应到另一个账号。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.username}）"

    def check_password(self, raw_password: str) -> bool:
        """Whether this is the account's password. Its hash stays as it is: one of older strength is renewed with the next
        password, because looking writes nothing."""
        return bool(check_password(raw_password, self.password))

    def grants_held(self) -> list[Grant]:
        """The agreed grants whose days include the acting day, each with `on_until`: until when an on-call one is switched
        on, if it is. Read once per request or command."""
        if "_grants" not in self.__dict__:
            if self.day is None:
                raise RuntimeError("the outermost layer must say which day it is")
            held = Grant.objects.filter(user=self, state=GrantState.AGREED).in_force(self.day).switched_on(self.now)
            self._grants = list(held) if self.is_active else []
        return self._grants

    def grants_in_force(self) -> list[Grant]:
        """The grants that hold now: those held that are not on call, and those on call that are switched on."""
        return [g for g in self.grants_held() if not g.on_call or g.on_until is not None]

    def forget_grants(self) -> None:
        """Read the grants anew when next asked: they were changed under way."""
        for known in ("_grants", "_codes"):
            self.__dict__.pop(known, None)

    def roles(self) -> list[Role]:
        """The roles this account holds, each once."""
        return list({g.role: ROLES[g.role] for g in self.grants_in_force() if g.role in ROLES}.values())

    def codes(self, permission: Permission, privacy: Privacy | None = None) -> frozenset[str]:
        """The organization codes under which `permission` is granted; "" stands for everything.

        With a privacy class: by grants that show fields of that class, too. Rights of different grants are never mixed.
        """
        known = self.__dict__.setdefault("_codes", {})
        if (permission, privacy) not in known:
            held = [(g.organization_code, ROLES[g.role]) for g in self.grants_in_force() if g.role in ROLES]
            found = {c for c, role in held if permission in role.permissions and (privacy is None or privacy in role.reads)}
            known[permission, privacy] = frozenset(found & {""} if permission in SYSTEM else found)
        return known[permission, privacy]

    def may(self, permission: Permission, path: str = "") -> bool:
        """Whether `permission` is granted at the place with `path` (codes from the root, each ending in a dot)."""
        codes = self.codes(permission)
        return "" in codes or not {path_part(code) for code in codes}.isdisjoint(path.split(".")[:-1])

    def may_somewhere(self, permission: Permission) -> bool:
        """Whether `permission` is granted anywhere at all."""
        return bool(self.codes(permission))

    def reads(self, privacy: Privacy, permission: Permission) -> bool:
        """Whether fields of this class are shown wherever `permission` holds, as a list of rows from everywhere needs it.
        Where some of the grants show them and others do not, each record says it for itself (`Kept.shows`)."""
        shown = self.codes(permission, privacy)
        return "" in shown or (bool(shown) and self.codes(permission) <= shown)


class GrantState(models.TextChoices):
    """Whether a grant may hold at all."""

    AGREED = "agreed", "有效"
    PROPOSED = "proposed", "等第二人同意"
    DECLINED = "declined", "不同意"
    WITHDRAWN = "withdrawn", "已撤回"
    OVER = "over", "永久终止"


class FormerPassword(Record):
    """A password an account used before, as its argon2 hash: it may not come again soon."""

    PRIVACY = dict(user=I, password=Privacy.RESTRICTED, until=I)
    READ = Permission.ACCOUNTS_MANAGE

    user = models.ForeignKey(User, models.CASCADE, related_name="former_passwords", verbose_name="账号")
    password = models.CharField("密码", max_length=128)
    until = models.DateField("用到")

    class Meta:
        verbose_name = "用过的密码"

    def __str__(self) -> str:
        return f"{self.user_id} {self.until}"


class FactorSecret(Record):
    """What an authenticator or recovery codes are computed from. django-allauth keeps its number in place of the secret, so
    that it lies in a sealed column of ours and is brought under a new key like everything sealed."""

    PRIVACY = dict(secret=Privacy.RESTRICTED)
    READ = Permission.ACCOUNTS_MANAGE

    secret = SealedField("密钥")

    class Meta:
        verbose_name = "验证器密钥"

    def __str__(self) -> str:
        return str(self.pk)


class GrantQuerySet(RecordQuerySet):
    """Grants."""

    def open(self, day: date) -> GrantQuerySet:
        """Those that hold on a day, will hold, or may come to hold when somebody agrees."""
        return self.filter(state__in=(GrantState.AGREED, GrantState.PROPOSED)).exclude(valid_to__lte=day)

    def switched_on(self, moment: datetime | None) -> GrantQuerySet:
        """With `on_until`: until when an on-call grant is switched on at a moment; None where it is not."""
        if moment is None:
            return self.annotate(on_until=models.Value(None, models.DateTimeField()))
        running = Elevation.objects.filter(grant=models.OuterRef("pk"), ended_at=None, begun_at__lte=moment, until__gt=moment)
        return self.annotate(on_until=models.Subquery(running.order_by("-until").values("until")[:1]))


class Grant(Record):
    """A role given to an account at an organization's code, for a time, with a reason.

    It holds while it is agreed, on its days, and, where it is on call, while its holder has switched it on.
    """

    PRIVACY = dict(
        user=I, role=I, organization_code=I, valid_from=I, valid_to=I, reason=I, on_call=I, state=I, proposed_by=I,
        decided_by=I, decided_on=I, decision=I, replaces=I,
    )  # fmt: skip
    READ = Permission.ACCOUNTS_MANAGE

    user = models.ForeignKey(User, models.PROTECT, related_name="grants", verbose_name="账号")
    role = models.CharField("角色", max_length=40)
    organization_code = models.CharField("党组织代码", max_length=40, blank=True, help_text="留空表示全部")
    valid_from = models.DateField("自", null=True)
    valid_to = models.DateField("至", null=True)
    reason = models.CharField("事由", max_length=200, blank=True)
    on_call = models.BooleanField("须启用", default=False)
    state = models.CharField("状态", max_length=10, choices=GrantState, default=GrantState.AGREED)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="提出人")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="第二人")
    decided_on = models.DateField("决定之日", null=True)
    decision = models.CharField("第二人的意见", max_length=200, blank=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="代替的授权")

    objects = GrantQuerySet.as_manager()
    on_until: datetime | None = None  # annotated by `switched_on`

    class Meta:
        verbose_name = "授权"

    def __str__(self) -> str:
        where = self.organization_code or "全部"
        return f"{ROLES[self.role].title if self.role in ROLES else self.role}（{where}）"


class Elevation(Record):
    """A time for which its holder switched an on-call grant on, and why."""

    PRIVACY = dict(grant=I, begun_at=I, until=I, ended_at=I, reason=I)
    READ = Permission.ACCOUNTS_MANAGE

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="elevations", verbose_name="授权")
    begun_at = models.DateTimeField("启用时间")
    until = models.DateTimeField("到")
    ended_at = models.DateTimeField("提前关闭", null=True, blank=True)
    reason = models.CharField("启用事由", max_length=200)

    class Meta:
        verbose_name = "授权启用"

    def __str__(self) -> str:
        return f"{self.grant}：{self.reason}"


class Setting(Record):
    """One thing the department says about itself, by key (see `base.department`)."""

    PRIVACY = dict(name=I, value=I)
    READ = Permission.SETTINGS_CHANGE

    name = models.CharField("设置项", max_length=40, unique=True)
    value = models.CharField("值", max_length=500, blank=True)

    class Meta:
        verbose_name = "设置"

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


class TrailEntry(models.Model):
    """One thing that was done, in values, chained to the one before it by SM3."""

    number = models.PositiveBigIntegerField("序号", unique=True)
    at = models.DateTimeField("时间")
    account = models.CharField("账号", max_length=60)
    system_user = models.CharField("系统用户", max_length=60)
    via = models.CharField("途径", max_length=10, blank=True)
    verb = models.CharField("动作", max_length=80)
    subject = models.CharField("对象", max_length=120, blank=True)
    effective_on = models.DateField("生效日", null=True)
    values = models.TextField("内容")
    previous = models.CharField("上一条摘要", max_length=64)
    mark = models.CharField("摘要", max_length=64)
    seal = models.CharField("封印", max_length=64, blank=True)  # of the mark, by a key outside the database

    class Meta:
        verbose_name = "留痕"
        indexes = [
            models.Index(fields=["subject", "number"]),
            models.Index(fields=["verb", "number"]),
            models.Index(fields=["account", "number"]),
            models.Index(fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.verb} {self.subject}"

    def sealed_form(self) -> dict[str, Any]:
        """What the mark is computed over."""
        names = ("number", "at", "account", "system_user", "verb", "subject", "effective_on", "values", "previous")
        told = {name: str(getattr(self, name)) for name in names}
        return {**told, "via": self.via} if self.via else told  # entries older than the channel keep the mark they have


class TrailTouch(models.Model):
    """A record that an entry changed besides the one it names: an index, made from the entry and verified against it."""

    number = models.PositiveBigIntegerField(db_index=True)
    key = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["key", "number"])]


class TrailHead(models.Model):
    """The end of the chain; locked for the moment an entry is added."""

    number = models.PositiveBigIntegerField(default=0)
    mark = models.CharField(max_length=64, default="0" * 64)


class Export(Kept):
    """Something that left the house. Its number stands on the paper, so that a sheet found leads to its entry."""

    PRIVACY = dict(user=I, at=I, register=I, rows=I, holds=I, counted=I)
    READ = Permission.TRAIL_READ

    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="账号")
    at = models.DateTimeField("时间")
    register = models.CharField("台账", max_length=120)
    rows = models.PositiveIntegerField("行数")
    holds = models.CharField("最高一级", max_length=20)
    counted = models.BooleanField("计入当天的限额", default=True)

    class Meta:
        verbose_name = "导出"
        indexes = [models.Index(fields=["user", "at"], name="export_of_a_day")]

    def __str__(self) -> str:
        return f"第 {self.pk} 号"


class ExportState(models.TextChoices):
    """Where a request to export stands."""

    WAITING = "waiting", "待同意"
    AGREED = "agreed", "已同意"
    REFUSED = "refused", "不同意"
    USED = "used", "已导出"


class ExportRequestQuerySet(RecordQuerySet):
    """Requests to export."""

    def visible_to(self, user: Any) -> ExportRequestQuerySet:
        """One's own; everybody's for whoever may agree."""
        return self if user.may(Permission.EXPORTS_APPROVE) else self.filter(user=user)


class ExportRequest(Record):
    """Somebody asks to take out more rows than one may alone: which, how many, what for; and what was answered.

    `digest` is that of what was asked; `asked` holds it, sealed: the conditions may name people.
    """

    PRIVACY = dict(
        user=I, register=I, rows=I, holds=I, purpose=I, digest=I, asked=P, asked_on=I, state=I, decided_by=I, decided_on=I,
        reason=I,
    )  # fmt: skip
    READ = Permission.EXPORTS_APPROVE

    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="申请人")
    register = models.CharField("台账", max_length=120)
    rows = models.PositiveIntegerField("行数")
    holds = models.CharField("最高一级", max_length=20)
    purpose = models.CharField("用途", max_length=200)
    digest = models.CharField("摘要", max_length=64)
    asked = SealedField("条件和列")
    asked_on = models.DateField("申请日")
    state = models.CharField("状态", max_length=10, choices=ExportState.choices, default=ExportState.WAITING)
    decided_by = models.CharField("答复人", max_length=140, blank=True)
    decided_on = models.DateField("答复日", null=True, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)

    objects = ExportRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "导出申请"
        indexes = [models.Index(fields=["user", "state"], name="export_request_of_one")]

    def __str__(self) -> str:
        return f"{self.user} 申请导出 {self.rows} 行"


class KeyRotation(models.Model):
    """How far everything sealed has come under a new key; kept so that it can be stopped, killed and taken up again."""

    key = models.CharField("新密钥", max_length=10)
    place = models.CharField("正在换的表", max_length=80, blank=True)
    position = models.BigIntegerField("换到第几条", default=0)
    done = models.PositiveBigIntegerField("已换", default=0)
    begun_at = models.DateTimeField("开始时间", auto_now_add=True)
    ended_at = models.DateTimeField("换完时间", null=True)

    class Meta:
        verbose_name = "密钥更换"

    def __str__(self) -> str:
        return self.key
