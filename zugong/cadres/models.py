"""The roster of cadres, the reserve, secondments and merit records."""

from __future__ import annotations

from datetime import date

from django.db import models

from zugong.base.access import Permission, Privacy
from zugong.base.wording import words
from zugong.organizations.models import AtUnit, AtUnitQuerySet, PlacedQuerySet, PlacedRecord, Unit
from zugong.people.models import AboutPersons, Appointment, ByPerson, OfPersonQuerySet, Person

I, P = Privacy.INTERNAL, Privacy.PERSONAL

RESERVE_KINDS = {
    "优秀年轻后备干部": words("优秀年轻干部 年轻后备干部 后备干部 优秀年轻后备 年轻干部 优秀年轻"),
    "专业型干部": words("专业型 专业干部 专业化干部"),
}
REASONS = {
    "提拔": words("提拔使用 提任 提拔任职 晋升"),
    "进一步使用": ("进一步使用干部", "重用"),
    "交流": ("交流轮岗",),
    "不适宜继续培养": ("不适宜", "不宜继续培养"),
}
USED = ("提拔", "进一步使用")
COMMENDED, DISCIPLINED = "表彰奖励", "处分问责"
MERIT_KINDS = {
    COMMENDED: words("表彰 奖励 表彰奖励情况"),
    DISCIPLINED: words("处分 问责 处分问责情况"),
    "重点工作完成": ("重点工作",),
    "急难险重任务": ("急难险重",),
}
LEVELS = ("国家级", "省级", "市级", "县级")


class CadreQuerySet(AboutPersons, AtUnitQuerySet):
    """The roster."""

    PLACE = "appointment__unit__organization"
    UNIT = "appointment__unit"


class Cadre(PlacedRecord):
    """A person on the roster of cadres, with the appointment held. Education as the roster has it."""

    PRIVACY = dict(person=I, appointment=I, political_status=P, education=I, degree=I, valid_from=I, valid_to=I)
    READ = Permission.CADRES_READ

    person = models.ForeignKey(Person, models.PROTECT, related_name="cadre_entries", verbose_name="人员")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+", verbose_name="任职")
    political_status = models.CharField("政治面貌", max_length=20, blank=True)
    education = models.CharField("学历", max_length=20, blank=True)
    degree = models.CharField("学位", max_length=20, blank=True)
    valid_from = models.DateField("自", null=True, blank=True)
    valid_to = models.DateField("至", null=True, blank=True)

    objects = CadreQuerySet.as_manager()

    class Meta:
        verbose_name = "干部"

    def __str__(self) -> str:
        return str(self.person)


class ReserveEntryQuerySet(AboutPersons, AtUnitQuerySet):
    """Entries of the reserve."""


class ReserveEntry(AtUnit):
    """A person in the reserve of young cadres: kind, from when, until when and why they left it."""

    PRIVACY = dict(person=I, unit=I, unit_name=I, title=I, kind=I, valid_from=I, valid_to=I, left_because=P)
    READ = Permission.CADRES_READ
    HAPPENED = ("valid_from",)

    person = models.ForeignKey(Person, models.PROTECT, related_name="reserve_entries", verbose_name="人员")
    title = models.CharField("职务", max_length=120, blank=True)
    kind = models.CharField("入库类别", max_length=40, blank=True)
    valid_from = models.DateField("入库时间", null=True, blank=True, db_index=True)
    valid_to = models.DateField("出库时间", null=True, blank=True, db_index=True)
    left_because = models.CharField("出库原因", max_length=60, blank=True)

    objects = ReserveEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "年轻干部库"

    def __str__(self) -> str:
        return f"{self.person} {self.kind}"


class SecondmentQuerySet(AboutPersons, AtUnitQuerySet):
    """Secondments."""


class Secondment(AtUnit):
    """A post for a time in another unit (挂职): home unit, host unit, the three talks."""

    PRIVACY = dict(
        person=I,
        unit=I,
        unit_name=I,
        host=I,
        host_name=I,
        title=I,
        valid_from=I,
        valid_to=I,
        briefed_on=I,
        midway_on=I,
        closing_on=I,
    )
    READ = Permission.CADRES_READ
    HAPPENED = ("valid_from", "briefed_on", "midway_on", "closing_on")

    person = models.ForeignKey(Person, models.PROTECT, related_name="secondments", verbose_name="人员")
    host = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="挂职单位")
    host_name = models.CharField("挂职单位（原文）", max_length=120, blank=True)
    title = models.CharField("挂任职务", max_length=120, blank=True)
    valid_from = models.DateField("挂职开始时间", null=True, blank=True, db_index=True)
    valid_to = models.DateField("挂职结束时间", null=True, blank=True)
    briefed_on = models.DateField("任前座谈时间", null=True, blank=True)
    midway_on = models.DateField("任中考察时间", null=True, blank=True)
    closing_on = models.DateField("期满交流时间", null=True, blank=True)

    objects = SecondmentQuerySet.as_manager()

    class Meta:
        verbose_name = "挂职"

    def __str__(self) -> str:
        return f"{self.person} {self.host.name if self.host else self.host_name}"


class MeritQuerySet(AboutPersons, PlacedQuerySet):
    """Merit records, which belong where the person's appointment is on the day."""

    PLACE = "person__appointments__unit__organization"

    def _at(self, placements: models.QuerySet, day: date) -> models.Q:
        placed = Appointment.objects.in_force(day).filter(unit__organization__in=placements.values("organization_id"))
        return models.Q(person__in=placed.values("person_id"))


class Merit(PlacedRecord):
    """One recorded fact about a cadre's work: commendation, sanction, key work, hard task; who provided it.

    What a sanction was for is restricted; what else was achieved is personal only.
    """

    PRIVACY = dict(person=I, kind=P, recorded_on=P, level=P, content=Privacy.RESTRICTED, provider=I)
    READ = Permission.CADRES_READ
    HAPPENED = ("recorded_on",)

    person = models.ForeignKey(Person, models.PROTECT, related_name="merits", verbose_name="人员")
    kind = models.CharField("类别", max_length=40, blank=True, db_index=True)
    recorded_on = models.DateField("时间", null=True, blank=True, db_index=True)
    level = models.CharField("级别", max_length=20, blank=True)
    content = models.CharField("内容", max_length=500, blank=True)
    provider = models.CharField("提供单位", max_length=120, blank=True)

    objects = MeritQuerySet.as_manager()

    class Meta:
        verbose_name = "实绩"

    def __str__(self) -> str:
        return f"{self.person} {self.kind}"

    def path_on(self, day: date) -> str:
        """Where the person belongs."""
        return self.person.path_on(day)

    def class_of(self, field: str) -> Privacy:
        """The content of a sanction is restricted, of everything else personal."""
        return P if field == "content" and self.kind != DISCIPLINED else self.privacy_of(field)


class Posting(ByPerson):
    """A person proposed for a post, with the days that rules run by: archive reviewed, decided, posted (任前公示), told
    (任职通知), and the year of probation where the post has one. A post decided on but not yet posted is nobody else's news."""

    PRIVACY = dict(
        person=I,
        title=P,
        archive_on=P,
        decided_on=P,
        posted_from=P,
        posted_to=P,
        noticed_on=P,
        on_probation=I,
        assessed_on=P,
    )
    READ = Permission.CADRES_READ
    HAPPENED = ("archive_on", "decided_on", "posted_from", "noticed_on", "assessed_on")

    person = models.ForeignKey(Person, models.PROTECT, related_name="postings", verbose_name="人员")
    title = models.CharField("拟任职务", max_length=120)
    archive_on = models.DateField("档案审核时间", null=True, blank=True)
    decided_on = models.DateField("讨论决定时间", null=True, blank=True, db_index=True)
    posted_from = models.DateField("公示开始时间", null=True, blank=True)
    posted_to = models.DateField("公示结束时间", null=True, blank=True)
    noticed_on = models.DateField("任职通知时间", null=True, blank=True)
    on_probation = models.BooleanField("有试用期", default=False)
    assessed_on = models.DateField("试用期满考核时间", null=True, blank=True)

    objects = OfPersonQuerySet.as_manager()

    class Meta:
        verbose_name = "任用公示"

    def __str__(self) -> str:
        return f"{self.person} {self.title}"


class ArchiveMaterial(ByPerson):
    """A paper for a person's archive (干部人事档案): when it was made, when it was filed. Not the paper itself."""

    PRIVACY = dict(person=I, title=P, made_on=I, filed_on=I)
    READ = Permission.CADRES_READ
    HAPPENED = ("made_on", "filed_on")

    person = models.ForeignKey(Person, models.PROTECT, related_name="archive_materials", verbose_name="人员")
    title = models.CharField("材料名称", max_length=120)
    made_on = models.DateField("形成时间", db_index=True)
    filed_on = models.DateField("归档时间", null=True, blank=True)

    objects = OfPersonQuerySet.as_manager()

    class Meta:
        verbose_name = "归档材料"

    def __str__(self) -> str:
        return f"{self.person} {self.title}"
