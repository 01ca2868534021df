"""What a person is owed about the data held of them (个人信息保护法 45—47): whose account is theirs, corrections they
ask for, data that is only stored, and data that was erased.

Here are the records; `people.models` names them, so that they are the room's.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q

from zugong.base.access import Permission, Privacy
from zugong.base.models import User
from zugong.base.sealing import SealedField, SealedFile
from zugong.organizations.models import PlacedQuerySet, PlacedRecord

if TYPE_CHECKING:
    from zugong.people.models import Person

I, P, X = Privacy.INTERNAL, Privacy.PERSONAL, Privacy.RESTRICTED
PERSON = "people.Person"


class ByPersonQuerySet(PlacedQuerySet):
    """Rows that belong where their person belongs, also while that person's data is only stored."""

    PLACE = "person"

    def _at(self, placements: models.QuerySet, day: date) -> Q:
        persons = self.model._meta.get_field("person").related_model.objects.all()
        return Q(person__in=persons.filter(persons._at(placements, day)).order_by().values("pk"))


class ByPerson(PlacedRecord):
    """A record about a person, which belongs where the person belongs."""

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        person: Person

    def path_on(self, day: date) -> str:
        """Where the person belongs."""
        return self.person.path_on(day)


class AccountLink(ByPerson):
    """Which account is a person's own. The security administrator opens the account, an office says whose it is."""

    PRIVACY = dict(person=I, user=I, linked_on=I)
    READ = Permission.PEOPLE_EDIT

    person = models.OneToOneField(PERSON, models.PROTECT, related_name="account_link", verbose_name="人员")
    user = models.OneToOneField(User, models.PROTECT, related_name="person_link", verbose_name="本人账号")
    linked_on = models.DateField("对应日")

    objects = ByPersonQuerySet.as_manager()

    class Meta:
        verbose_name = "本人账号"

    def __str__(self) -> str:
        return f"{self.person}：{self.user.username}"


class RestrictionQuerySet(ByPersonQuerySet):
    """Restrictions."""

    def persons(self, day: date) -> models.QuerySet:
        """The numbers of those whose data is only stored on a day."""
        return self.in_force(day).order_by().values("person_id")


class Restriction(ByPerson):
    """A person's data is stored and not used, from a day on, for a reason (个人信息保护法 47 ¶2)."""

    PRIVACY = dict(person=I, reason=P, valid_from=I, valid_to=I)
    READ = Permission.PEOPLE_ERASE

    person = models.ForeignKey(PERSON, models.PROTECT, related_name="restrictions", verbose_name="人员")
    reason = models.CharField("事由", max_length=200)
    valid_from = models.DateField("自")
    valid_to = models.DateField("至", null=True, blank=True)

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        verbose_name = "限制使用"

    def __str__(self) -> str:
        return f"{self.person}：限制使用"


class AboutPersons(models.QuerySet):
    """For records about persons: while a person's data is only stored, nobody is shown the rows about them.

    `SUBJECTS` are the ways from a row to the persons it is about. Stands before the room's own base among the bases.
    """

    SUBJECTS: ClassVar[tuple[str, ...]] = ("person",)

    def in_use(self, day: date) -> Self:
        """The rows about nobody whose data is only stored on a day."""
        aside = Restriction.objects.persons(day)
        rows = self
        for way in self.SUBJECTS:
            rows = rows.exclude(**{f"{way}__in": aside})
        return rows


class Outcome(models.TextChoices):
    """Where a request for a correction stands."""

    OPEN = "open", "待核实"
    CHANGED = "changed", "已更正"
    REFUSED = "refused", "不予更正"
    WITHDRAWN = "withdrawn", "本人撤回"


class Correction(ByPerson):
    """What a person says is wrong about what is held of them, what it should be and why; what became of it.

    `about` is the key of the record, `field` the field of it. What was said stays, whatever was decided.
    """

    PRIVACY = dict(
        person=I,
        user=I,
        about=I,
        field=I,
        title=I,
        held=X,
        wanted=X,
        reason=X,
        proof=P,
        proof_as=I,
        asked_on=I,
        due_on=I,
        state=I,
        answer=X,
        decided_by=I,
        decided_on=I,
    )
    READ = Permission.CORRECTIONS_DECIDE

    person = models.ForeignKey(PERSON, models.PROTECT, related_name="corrections", verbose_name="人员")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提出的账号")
    about = models.CharField("哪条记录", max_length=80)
    field = models.CharField("哪一项", max_length=60)
    title = models.CharField("事项", max_length=120)
    held = SealedField("当时的内容", blank=True)
    wanted = SealedField("应当是")
    reason = SealedField("理由")
    proof = models.CharField("证明材料", max_length=200, blank=True)
    proof_as = SealedFile("存放名", part="proof", max_length=80, blank=True)
    asked_on = models.DateField("提出日")
    due_on = models.DateField("办理期限")
    state = models.CharField("状态", max_length=12, choices=Outcome, default=Outcome.OPEN, db_index=True)
    answer = SealedField("答复", blank=True)
    decided_by = models.CharField("办理账号", max_length=60, blank=True)
    decided_on = models.DateField("办结日", null=True, blank=True)

    objects = ByPersonQuerySet.as_manager()

    class Meta:
        verbose_name = "更正申请"

    def __str__(self) -> str:
        return f"{self.person}：{self.title}"

    def words_on(self, day: date) -> str:
        """The state in words; an open one whose day has come is overdue."""
        late = self.state == Outcome.OPEN and self.due_on <= day
        return "超期" if late else str(Outcome(self.state).label)


class Stage(models.TextChoices):
    """Where an erasure stands."""

    ASKED = "asked", "待同意"
    DONE = "done", "已清除"
    DECLINED = "declined", "不同意"


class Erasure(ByPerson):
    """A person's data is to be erased, or was: who asked, who agreed, how many rows were emptied. The tombstone."""

    PRIVACY = dict(
        person=I, reason=P, asked_by=I, asked_on=I, stage=I, decided_by=I, decided_on=I, records=I, staged=I, files=I
    )
    READ = Permission.PEOPLE_ERASE

    person = models.ForeignKey(PERSON, models.PROTECT, related_name="erasures", verbose_name="人员")
    reason = models.CharField("事由", max_length=200)
    asked_by = models.CharField("提出账号", max_length=60)
    asked_on = models.DateField("提出日")
    stage = models.CharField("状态", max_length=12, choices=Stage, default=Stage.ASKED)
    decided_by = models.CharField("决定账号", max_length=60, blank=True)
    decided_on = models.DateField("决定日", null=True, blank=True)
    records = models.PositiveIntegerField("清除的记录", default=0)
    staged = models.PositiveIntegerField("清除的来件行", default=0)
    files = models.PositiveIntegerField("还留有他一行的原件", default=0)

    objects = ByPersonQuerySet.as_manager()

    class Meta:
        verbose_name = "清除"

    def __str__(self) -> str:
        return f"{self.person}：清除"
