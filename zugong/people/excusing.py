"""Why an organization or a person is not held to a duty for a time: by a lawful exemption, or by a reason where the text
leaves room for one (一般、原则上)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from zugong.base.access import Permission, Privacy
from zugong.base.actions import action, amend, create
from zugong.base.models import User
from zugong.base.rules import Refused
from zugong.organizations.models import PartyOrganization, PlacedQuerySet, PlacedRecord
from zugong.people.rights import PERSON, AboutPersons

I, P = Privacy.INTERNAL, Privacy.PERSONAL
SHORTEST = 4


class ExemptionQuerySet(AboutPersons, PlacedQuerySet):
    """Exemptions: of organizations, or of persons, who belong where the person belongs."""

    def _at(self, placements: models.QuerySet, day: date) -> Q:
        persons = self.model._meta.get_field("person").related_model.objects.all()
        there = persons.filter(persons._at(placements, day)).order_by().values("pk")
        return Q(organization__in=placements.values("organization_id")) | Q(person__in=there)

    def in_use(self, day: date) -> ExemptionQuerySet:
        """AboutPersons, but most are about no person at all."""
        return self.filter(Q(person__isnull=True) | Q(pk__in=super().in_use(day).filter(person__isnull=False).values("pk")))

    def agreed(self) -> ExemptionQuerySet:
        """Those that hold."""
        return self.filter(agreed_on__isnull=False)


class Exemption(PlacedRecord):
    """One subject is not held to one duty from a day until another. Where the duty is an 应当, a document must allow it and a
    second account must agree; where the text says 一般, a reason is enough."""

    PRIVACY = dict(
        duty=I,
        organization=I,
        person=I,
        reason=P,
        basis=I,
        valid_from=I,
        valid_to=I,
        proposed_by=I,
        agreed_by=I,
        agreed_on=I,
    )
    READ = Permission.DUTIES_EXCUSE

    duty = models.CharField("事项编号", max_length=60, db_index=True)
    organization = models.ForeignKey(
        PartyOrganization, models.PROTECT, null=True, blank=True, related_name="exemptions", verbose_name="党组织"
    )
    person = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="exemptions", verbose_name="人员")
    reason = models.CharField("理由", max_length=200)
    basis = models.CharField("依据（条文或批准文件）", max_length=200, blank=True)
    valid_from = models.DateField("自")
    valid_to = models.DateField("至（不含）", null=True, blank=True)
    proposed_by = models.CharField("登记账号", max_length=60)
    agreed_by = models.CharField("同意账号", max_length=60, blank=True)
    agreed_on = models.DateField("生效日", null=True, blank=True)

    objects = ExemptionQuerySet.as_manager()

    class Meta:
        verbose_name = "豁免和说明"
        constraints = [
            models.CheckConstraint(
                name="exemption_of_one_subject",
                condition=Q(organization__isnull=False, person__isnull=True)
                | Q(organization__isnull=True, person__isnull=False),
            ),
            models.CheckConstraint(
                name="exemption_ends_after_it_begins", condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization or self.person}：{self.duty}"

    def path_on(self, day: date) -> str:
        """Where the subject belongs."""
        return (self.organization or self.person).path_on(day)  # type: ignore[union-attr]

    @property
    def words(self) -> str:
        """What a list says of it: the reason; of a person only that and by which document, for a reason may be an illness."""
        return f"{self.basis or '已说明理由'}" if self.person_id else "；".join(filter(None, (self.reason, self.basis)))


@action(Permission.DUTIES_EXCUSE, at="about")
def excuse(
    *,
    by: User,
    on: date,
    about: PartyOrganization | PlacedRecord,
    duty: str,
    soft: bool,
    reason: str,
    basis: str,
    valid_from: date,
    valid_to: date | None,
) -> Exemption:
    """Enter why a subject is not held to a duty. Where the duty is soft it holds at once; else it waits for another account.
    Raises Refused when the reason is too short, or an 应当 has no document behind the exemption."""
    if len(reason.strip()) < SHORTEST:
        raise Refused("理由：没有写清楚，没有保存。请写明具体情况。")
    if not soft and not basis.strip():
        raise Refused("依据（条文或批准文件）：这是“应当”办的事，不适用要有条文或上级批准，没有保存。")
    if valid_to is not None and valid_to <= valid_from:
        raise Refused("至（不含）：要晚于开始的那一天，没有保存。")
    whose = {"organization": about} if isinstance(about, PartyOrganization) else {"person": about}
    agreed = {"agreed_by": by.username, "agreed_on": on} if soft else {}
    return create(
        Exemption(
            duty=duty, reason=reason.strip(), basis=basis.strip(), valid_from=valid_from, valid_to=valid_to,
            proposed_by=by.username, **whose, **agreed,
        )
    )  # fmt: skip


@action(Permission.DUTIES_EXCUSE, at="exemption")
def agree_excuse(*, by: User, on: date, exemption: Exemption) -> Exemption:
    """Agree to an exemption somebody else entered; from then on it holds. Raises Refused for one's own, or a second time."""
    if exemption.agreed_on is not None:
        raise Refused("这一条已经生效了，没有改动。")
    if exemption.proposed_by == by.username:
        raise Refused("不能同意自己登记的豁免，没有改动。请另一位同事办理。")
    return amend(exemption, agreed_by=by.username, agreed_on=on)


@action(Permission.DUTIES_EXCUSE, at="exemption")
def end_excuse(*, by: User, on: date, exemption: Exemption) -> Exemption:
    """End an exemption today; what it covered before stays covered."""
    if exemption.valid_to is not None and exemption.valid_to <= on:
        raise Refused(f"这一条到 {exemption.valid_to} 已经结束了，没有改动。")
    return amend(exemption, valid_to=max(on, exemption.valid_from + timedelta(days=1)))
