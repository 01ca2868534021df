"""Terms of office of Party organizations."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Coalesce, Greatest

from zugong.base.access import Permission, Privacy
from zugong.organizations.models import PartyOrganization, PlacedQuerySet, PlacedRecord
from zugong.people.models import AboutPersons, Person

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

    def ending(self) -> TermQuerySet:
        """With the day each term ends as `ends_on`: later than its years say where that was approved, never earlier."""
        extended = Coalesce("extended_to", "expires_on")
        return self.annotate(ends_on=Greatest("expires_on", extended))


class Term(PlacedRecord):
    """One term of a Party organization: elected when, for how many years, until when."""

    PRIVACY = dict(organization=I, elected_on=I, years=I, expires_on=I, extended_to=I, extension_basis=I)
    READ = Permission.ELECTIONS_READ
    HAPPENED = ("elected_on",)

    organization = models.ForeignKey(PartyOrganization, models.PROTECT, related_name="terms", verbose_name="党组织")
    elected_on = models.DateField("换届时间", db_index=True)
    years = models.PositiveSmallIntegerField("任期（年）", null=True, blank=True)
    expires_on = models.DateField("届满时间", null=True, blank=True, db_index=True)
    extended_to = models.DateField("经批准延期至", null=True, blank=True)
    extension_basis = models.CharField("延期批准依据", max_length=120, blank=True, default="")

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = "届"
        constraints = [models.UniqueConstraint(fields=["organization", "elected_on"], name="one_term_from_a_day")]

    def __str__(self) -> str:
        return f"{self.organization} {self.elected_on}"


POSTS = ("书记", "副书记", "组织委员", "宣传委员", "纪检委员", "统战委员", "群工委员", "委员")


class CommitteeMemberQuerySet(AboutPersons, PlacedQuerySet):
    """Members of committees."""


class CommitteeMember(PlacedRecord):
    """A person in the committee of a Party organization, or the secretary of a branch that has none."""

    PRIVACY = dict(organization=I, person=I, post=I, valid_from=I, valid_to=I)
    READ = Permission.ELECTIONS_READ
    HAPPENED = ("valid_from",)

    organization = models.ForeignKey(PartyOrganization, models.PROTECT, related_name="committee_members", verbose_name="党组织")
    person = models.ForeignKey(Person, models.PROTECT, related_name="committee_posts", verbose_name="人员")
    post = models.CharField("党内职务", max_length=20)
    valid_from = models.DateField("任职日", null=True, blank=True)
    valid_to = models.DateField("离任日", null=True, blank=True)

    objects = CommitteeMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "委员会成员"

    def __str__(self) -> str:
        return f"{self.organization} {self.post} {self.person}"
