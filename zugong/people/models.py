"""Persons, what ledgers state about them, Party memberships and appointments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Case, Count, F, Q, Value, When

from zugong.base.access import Permission, Privacy
from zugong.base.ledgers import Row
from zugong.base.rotating import older_keys
from zugong.base.sealing import BlindIndex, SealedField, index
from zugong.organizations.models import AtUnit, AtUnitQuerySet, PartyOrganization, PlacedQuerySet, PlacedRecord, root_path
from zugong.people.excusing import Exemption
from zugong.people.joining import Application
from zugong.people.rights import (
    AboutPersons,
    AccountLink,
    ByPerson,
    Correction,
    Erasure,
    Outcome,
    Restriction,
    Stage,
)

__all__ = [
    "AboutPersons",
    "AccountLink",
    "Application",
    "Appointment",
    "ByPerson",
    "Correction",
    "Erasure",
    "Exemption",
    "Membership",
    "Outcome",
    "Person",
    "Restriction",
    "Stage",
    "Statement",
    "id_index",
    "kept_forms",
    "mark_of",
]

I, P, X = Privacy.INTERNAL, Privacy.PERSONAL, Privacy.RESTRICTED
ID_FIELD = "people.person.resident_id"


class Mark(str):
    """A blind index, and what it is under the older keys while some are still kept under those."""

    older: tuple[str, ...] = ()


def id_index(resident_id: str) -> Mark:
    """The blind index a resident ID is found by; the whole number is needed."""
    mark = Mark(index(resident_id, ID_FIELD))
    if keys := older_keys():
        mark.older = tuple(index(resident_id, ID_FIELD, key) for key in keys)
    return mark


def mark_of(row: Row) -> str:
    """The blind index of a ledger row's resident ID, "" where it has none."""
    if not row.mark and row.values.get("resident_id"):
        row.mark = id_index(row.values["resident_id"])
    return row.mark


def kept_forms(marks: Iterable[str]) -> dict[str, str]:
    """Every form in which an index may be kept, with the one it is known by."""
    found = {mark: mark for mark in marks}
    return found | {form: mark for mark in found for form in getattr(mark, "older", ())}


class PersonQuerySet(AboutPersons, PlacedQuerySet):
    """Persons. One belongs to an organization through a membership or through the unit of an appointment, while it lasts:
    whoever has left is seen from there in the ended membership or appointment only."""

    SUBJECTS = ("pk",)

    def _at(self, placements: models.QuerySet, day: date) -> Q:
        places = placements.values("organization_id")
        members = Membership.objects.in_force(day).filter(organization__in=places).values("person_id")
        staff = Appointment.objects.in_force(day).filter(unit__organization__in=places).values("person_id")
        return Q(pk__in=members) | Q(pk__in=staff)

    def named(self, names: Iterable[str]) -> dict[str, int]:
        """Who bears a name: the only person with an appointment, else the only person. Names borne by several are left out."""
        wanted = list(set(names))
        found: dict[str, int] = {}
        for holders in (self, self.filter(pk__in=Appointment.objects.values("person_id"))):
            bearers: dict[str, list[int]] = {}
            for name, pk in holders.values_list("name", "pk").among("name", wanted):
                bearers.setdefault(name, []).append(pk)
            found |= {name: pks[0] for name, pks in bearers.items() if len(pks) == 1}
            for name in (name for name, pks in bearers.items() if len(pks) > 1):
                found.pop(name, None)
        return found

    def identified(self, indexes: Iterable[str]) -> Iterable[Person]:
        """Persons by the blind index of their resident ID, which they then bear as it was asked for."""
        forms = kept_forms(indexes)
        for person in self.among("resident_id_index", forms):
            person.resident_id_index = forms[person.resident_id_index]
            yield person


class Person(PlacedRecord):
    """A human being, once. `facts_from` says which ledger gave which fact ("*" for the rest)."""

    PRIVACY = dict(
        name=I,
        sex=P,
        ethnicity=P,
        birth_date=P,
        resident_id=X,
        resident_id_index=X,
        phone=X,
        education=I,
        degree=I,
        work_started_on=P,
        facts_from=I,
    )
    READ = Permission.PEOPLE_READ
    HAPPENED = ("birth_date", "work_started_on")

    name = models.CharField("姓名", max_length=60, db_index=True, blank=True)
    sex = models.CharField("性别", max_length=4, blank=True)
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    birth_date = models.DateField("出生日期", null=True, blank=True)
    resident_id = SealedField("公民身份号码", blank=True)
    resident_id_index = BlindIndex("号码索引", of="resident_id", unique=True, null=True, editable=False)
    phone = SealedField("手机号", blank=True)
    education = models.CharField("学历", max_length=20, blank=True)
    degree = models.CharField("学位", max_length=20, blank=True)
    work_started_on = models.DateField("参加工作时间", null=True, blank=True)
    facts_from = models.JSONField("事实来源", default=dict, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "人员"

    def __str__(self) -> str:
        return self.name or "（姓名未填）"

    @property
    def code(self) -> str:
        """What the person is called in lists that must not hold an ID."""
        return f"P{self.pk}"

    def path_on(self, day: date) -> str:
        """The path of the membership's organization on that day, else of the appointment's unit, else the root's."""
        membership = self.memberships.in_force(day).select_related("organization").first()
        if membership:
            return membership.organization.path_on(day)
        appointment = self.appointments.in_force(day).select_related("unit__organization").first()
        return appointment.path_on(day) if appointment else root_path(day)

    def giver(self, fact: str) -> str:
        """The ledger that gave a fact."""
        return self.facts_from.get(fact) or self.facts_from.get("*", "")


class OfPersonQuerySet(AboutPersons, PlacedQuerySet):
    """Rows about a person, who belong where the person belongs."""

    PLACE = "person"

    def _at(self, placements: models.QuerySet, day: date) -> Q:
        return Q(person__in=Person.objects.filter(Person.objects.all()._at(placements, day)).values("pk"))


class StatementQuerySet(OfPersonQuerySet):
    """What ledgers state otherwise."""


class Statement(PlacedRecord):
    """What a ledger states about a person otherwise than what is held (说法不一), until someone decides."""

    PRIVACY = dict(person=I, fact=I, ledger=I, stated=X, settled_on=I)
    READ = Permission.PEOPLE_READ

    person = models.ForeignKey(Person, models.CASCADE, related_name="statements", verbose_name="人员")
    fact = models.CharField("事项", max_length=40)
    ledger = models.CharField("台账", max_length=40)
    stated = SealedField("该台账的说法")
    settled_on = models.DateField("处理日", null=True, blank=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = "不一致的说法"
        constraints = [
            models.UniqueConstraint(fields=["person", "fact", "ledger"], name="one_statement_of_a_ledger_about_a_fact")
        ]

    def __str__(self) -> str:
        return f"{self.person}：{self.fact}"


class MembershipQuerySet(AboutPersons, PlacedQuerySet):
    """Party memberships."""

    def on(self, day: date) -> Self:
        """Memberships in force on a day, with the category of that day as `category_then`."""
        then = Case(
            When(full_on__gt=day, then=Value("预备党员")),
            When(full_on__lte=day, then=Value("正式党员")),
            default=F("category"),
        )
        return self.in_force(day).annotate(category_then=then)

    def full_members(self, day: date) -> dict[int, int]:
        """How many full members each organization has on a day."""
        rows = self.on(day).filter(category_then="正式党员").order_by().values_list("organization_id")
        return dict(rows.annotate(n=Count("pk")))

    def bearing(self, names: Iterable[str]) -> dict[tuple[int, str], set[int]]:
        """Who bears each of these names in each organization, today or before: organization and name → persons."""
        found: dict[tuple[int, str], set[int]] = defaultdict(set)
        rows = self.order_by().values_list("organization_id", "person__name", "person_id")
        for place, name, person in rows.among("person__name", names):
            found[place, name].add(person)
        return found


class Membership(PlacedRecord):
    """A person's Party membership in one organization (党籍、组织关系所在). Education as this roster has it."""

    PRIVACY = dict(
        person=I,
        organization=I,
        joined_on=P,
        full_on=P,
        category=I,
        party_post=I,
        education=I,
        degree=I,
        valid_from=I,
        valid_to=I,
    )
    READ = Permission.PEOPLE_READ
    HAPPENED = ("joined_on",)

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships", verbose_name="人员")
    organization = models.ForeignKey(PartyOrganization, models.PROTECT, related_name="memberships", verbose_name="所在党支部")
    joined_on = models.DateField("入党时间", null=True, blank=True, db_index=True)
    full_on = models.DateField("转正时间", null=True, blank=True)
    category = models.CharField("党员类别", max_length=20, blank=True)
    party_post = models.CharField("党内职务", max_length=60, blank=True)
    education = models.CharField("学历", max_length=20, blank=True)
    degree = models.CharField("学位", max_length=20, blank=True)
    valid_from = models.DateField("自", null=True, blank=True)
    valid_to = models.DateField("至", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "党籍"
        indexes = [models.Index(fields=["organization", "valid_from"])]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(valid_to__isnull=True), name="one_open_membership_for_each_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.category}"


class AppointmentQuerySet(AboutPersons, AtUnitQuerySet):
    """Appointments."""


class Appointment(AtUnit):
    """A person in a post of a unit, with rank (任职). A date of rank dates the rank only; what clocks on the post run from is
    `post_since`, which a person enters."""

    PRIVACY = dict(person=I, unit=I, unit_name=I, title=I, rank=I, rank_since=P, post_since=P, valid_from=I, valid_to=I)
    READ = Permission.PEOPLE_READ
    HAPPENED = ("rank_since", "post_since")

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments", verbose_name="人员")
    title = models.CharField("职务", max_length=120, blank=True)
    rank = models.CharField("职务层次", max_length=40, blank=True, db_index=True)
    rank_since = models.DateField("任现职务层次时间", null=True, blank=True)
    post_since = models.DateField("任现职务时间", null=True, blank=True)
    valid_from = models.DateField("自", null=True, blank=True)
    valid_to = models.DateField("至", null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = "任职"

    def __str__(self) -> str:
        return f"{self.person} {self.unit_label}{self.title}"
