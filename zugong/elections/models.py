"""Terms of office of Party organizations."""

from __future__ import annotations

from django.db import models

from zugong.base.access import Permission, Privacy
from zugong.organizations.models import PartyOrganization, PlacedQuerySet, PlacedRecord

I = Privacy.INTERNAL


class TermQuerySet(PlacedQuerySet):
    """Terms."""

    def latest(self, day: object) -> TermQuerySet:
        """Each organization's last term that had begun by a day."""
        begun = self.filter(elected_on__lte=day)
        later = Term.objects.filter(
            organization=models.OuterRef("organization"), elected_on__gt=models.OuterRef("elected_on"), elected_on__lte=day
        )
        return begun.filter(~models.Exists(later))


class Term(PlacedRecord):
    """One term of a Party organization: elected when, for how many years, until when."""

    PRIVACY = dict(organization=I, elected_on=I, years=I, expires_on=I)
    READ = Permission.ELECTIONS_READ
    HAPPENED = ("elected_on",)

    organization = models.ForeignKey(PartyOrganization, models.PROTECT, related_name="terms", verbose_name="党组织")
    elected_on = models.DateField("换届时间", db_index=True)
    years = models.PositiveSmallIntegerField("任期（年）", null=True, blank=True)
    expires_on = models.DateField("届满时间", null=True, blank=True, db_index=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = "届"
        constraints = [models.UniqueConstraint(fields=["organization", "elected_on"], name="one_term_from_a_day")]

    def __str__(self) -> str:
        return f"{self.organization} {self.elected_on}"
