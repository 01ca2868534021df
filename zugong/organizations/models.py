"""Party organizations, units, and where an organization stands in the tree on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q, QuerySet, Value
from django.db.models.lookups import StartsWith

from zugong.base.access import Permission, Privacy, path_part
from zugong.base.models import User
from zugong.base.periods import Scope
from zugong.base.records import Record, RecordQuerySet

I = Privacy.INTERNAL
KINDS = ("党委", "党总支", "党支部")
TOGETHER = 50  # codes asked about in one statement


class PlacedQuerySet(RecordQuerySet):
    """Rows that belong to a Party organization through the lookup `PLACE`; without one they belong to the root.

    The empty code stands for everything, any other code for its own subtree. While there is one root its subtree is
    everything, so its code shows what belongs to no organization, too; among several roots nobody can say whose such
    rows are, and only the empty code shows them.
    """

    PLACE: ClassVar[str] = "organization"

    def within(self, scope: Scope) -> Self:
        """The rows of an organization and everything below it on the scope's day."""
        if scope.whole:
            return self
        return self.filter(self._at(Placement.objects.below([scope.path], scope.day), scope.day))

    def held_by(self, user: User, permission: Permission, privacy: Privacy | None = None) -> Self:
        """The rows under the organizations for which the user holds a permission (see `User.codes`)."""
        paths = held_paths(user, user.codes(permission, privacy))
        if paths is None:
            return self
        return self.filter(self._at(Placement.objects.below(paths, user.day), user.day)) if paths else self.none()

    def covering(self, codes: frozenset[str], day: date) -> frozenset[str]:
        """The same question the other way round (see `held_by`), many codes to a statement."""
        paths = paths_by_code(codes, day)
        found = {code for code, held in paths.items() if held is None}
        found = found if found and self.exists() else set()
        asked = [code for code, held in paths.items() if held]
        for start in range(0, len(asked), TOGETHER):
            arms = [
                self.order_by()
                .filter(self._at(Placement.objects.below(paths[asked[n]] or [], day), day))
                .annotate(asked_as=Value(n, models.IntegerField()))
                .values_list("asked_as", flat=True)
                for n in range(start, min(start + TOGETHER, len(asked)))
            ]
            found |= {asked[n] for n in arms[0].union(*arms[1:])}
        return frozenset(found)

    def _at(self, placements: QuerySet, day: date) -> Q:
        """The condition that a row belongs to one of these places of a day."""
        return Q(**{f"{self.PLACE}__in": placements.values("organization_id")})


def paths_by_code(codes: frozenset[str], day: date) -> dict[str, list[str] | None]:
    """The paths each code stands for on a day; None means everything: the empty code, or the only root's."""
    found: dict[str, list[str]] = {code: [] for code in codes}
    placed = Placement.objects.in_force(day).filter(organization__code__in=codes)
    for code, path in placed.values_list("organization__code", "path"):
        found[code].append(path)
    root = root_path(day) if any(p.count(".") == 1 for paths in found.values() for p in paths) else ""
    return {code: None if code == "" or (root and root in paths) else paths for code, paths in found.items()}


def held_paths(user: User, codes: frozenset[str]) -> list[str] | None:
    """The paths of some of the user's codes on the acting day; None means everything: the empty code, or the only root's."""
    known = user.__dict__.setdefault("_held_paths", {})
    if codes not in known:
        by_code = {"": None} if "" in codes else paths_by_code(codes, user.day)
        paths = [path for held in by_code.values() for path in held or ()]
        known[codes] = None if None in by_code.values() else paths
    return known[codes]


class PlacedRecord(Record):
    """A record that belongs to a Party organization, as its QuerySet's PLACE says."""

    class Meta:
        abstract = True

    def path_on(self, day: date) -> str:
        """The path of the organization the record belongs to; the root's when it belongs to none."""
        place = self
        for step in type(self).objects.all().PLACE.split("__"):
            place = getattr(place, step, None)
        return place.path_on(day) if isinstance(place, PartyOrganization) else root_path(day)


class PartyOrganizationQuerySet(PlacedQuerySet):
    """Party organizations."""

    PLACE = "pk"

    def named(self, names: Iterable[str]) -> dict[str, int]:
        """Organizations by full name or code: what was asked → its number."""
        wanted, found = set(names), {}
        rows = self.values_list("pk", "name", "code")
        for pk, name, code in [*rows.among("code", wanted), *rows.among("name", wanted)]:
            found[name] = found[code] = pk
        return {name: found[name] for name in wanted if name in found}


class PartyOrganization(Record):
    """A Party committee, general branch or branch (党委、党总支、党支部)."""

    PRIVACY = dict(code=I, name=I, kind=I, founded_on=I, superior_name=I, unit=I, temporary=I, valid_from=I, valid_to=I)
    READ = Permission.ORGANIZATIONS_READ
    HAPPENED = ("founded_on",)

    code = models.CharField("党组织代码", max_length=40, unique=True)
    name = models.CharField("党组织名称", max_length=120, db_index=True)
    kind = models.CharField("组织类别", max_length=20, db_index=True)
    founded_on = models.DateField("成立时间", null=True, blank=True)
    superior_name = models.CharField("上级党组织", max_length=120, blank=True)
    unit = models.ForeignKey("Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所在单位")
    temporary = models.BooleanField("临时党组织", default=False)
    valid_from = models.DateField("设立日", null=True, blank=True)
    valid_to = models.DateField("撤销日", null=True, blank=True)

    objects = PartyOrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = "党组织"
        constraints = [
            models.CheckConstraint(
                name="organization_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")) | Q(valid_from__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def path_on(self, day: date) -> str:
        """The organization's path on a day; the root's where it has no place then."""
        path = Placement.objects.in_force(day).filter(organization=self).values_list("path", flat=True).first()
        return path or root_path(day)


class PartyGroup(PlacedRecord):
    """A Party group of a branch (党小组): its members meet by themselves once a month."""

    PRIVACY = dict(organization=I, name=I, valid_from=I, valid_to=I)
    READ = Permission.ORGANIZATIONS_READ
    HAPPENED = ("valid_from",)

    organization = models.ForeignKey(PartyOrganization, models.PROTECT, related_name="groups", verbose_name="党支部")
    name = models.CharField("党小组名称", max_length=60)
    valid_from = models.DateField("划分日", null=True, blank=True)
    valid_to = models.DateField("撤销日", null=True, blank=True)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = "党小组"

    def __str__(self) -> str:
        return f"{self.organization} {self.name}"


class AtUnitQuerySet(PlacedQuerySet):
    """Rows that belong where their unit belongs, reached through the lookup `UNIT`."""

    PLACE = "unit__organization"
    UNIT: ClassVar[str] = "unit"

    def _at(self, placements: QuerySet, day: date) -> Q:
        """By the units of these places: they are few, and a join over all rows would not see that."""
        units = Unit.objects.filter(organization__in=placements.values("organization_id"))
        return Q(**{f"{self.UNIT}__in": units.values("pk")})


class UnitQuerySet(PlacedQuerySet):
    """Units."""

    def named(self, names: Iterable[str]) -> dict[str, int]:
        """Units by name: name → its number."""
        return dict(self.values_list("name", "pk").among("name", names))


class Unit(Record):
    """A place where people work: an organ, a town, a school, an enterprise, a village (单位).

    `organization` is the highest Party organization linked to it; without one the unit belongs to the root.
    """

    PRIVACY = dict(name=I, nature=I, organization=I)
    READ = Permission.ORGANIZATIONS_READ

    name = models.CharField("单位名称", max_length=120, unique=True)
    nature = models.CharField("单位性质", max_length=20, blank=True)
    organization = models.ForeignKey(
        PartyOrganization, models.PROTECT, null=True, blank=True, related_name="units", verbose_name="党组织"
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"

    def __str__(self) -> str:
        return self.name

    def path_on(self, day: date) -> str:
        """The path of its Party organization, or the root's."""
        return self.organization.path_on(day) if self.organization else root_path(day)


class AtUnit(PlacedRecord):
    """A record of a unit: linked where the unit is known, and named as the ledger wrote it."""

    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位")
    unit_name = models.CharField("单位（原文）", max_length=120, blank=True)

    objects = AtUnitQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def unit_label(self) -> str:
        """The unit's name as shown; 未对应 units keep the ledger's words."""
        return self.unit.name if self.unit else self.unit_name


@models.CharField.register_lookup
class Beneath(models.Lookup):
    """`path__beneath=p`: the path begins with p to the letter, found along the index. SQLite's LIKE takes a for A and
    uses no index, so there it is the range of texts that begin with p."""

    lookup_name = "beneath"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Sequence[Any]]:
        return StartsWith(self.lhs, self.rhs).as_sql(compiler, connection)

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, Sequence[Any]]:
        """From p itself to the first text that no longer begins with it."""
        path, given = self.process_lhs(compiler, connection)
        beyond = self.rhs[:-1] + chr(ord(self.rhs[-1]) + 1)
        return f"({path} >= %s AND {path} < %s)", [*given, self.rhs, *given, beyond]


class PlacementQuerySet(RecordQuerySet):
    """Places in the tree."""

    def below(self, paths: Iterable[str], day: date) -> Self:
        """The places on a day at or under any of the paths; none for no path."""
        anywhere = Q(pk__in=[])
        for path in paths:
            anywhere |= Q(path__beneath=path)
        return self.in_force(day).filter(anywhere)


class Placement(Record):
    """Where an organization stands from a day on: under which parent, with which path of stable codes."""

    PRIVACY = dict(organization=I, parent=I, path=I, valid_from=I, valid_to=I)
    READ = Permission.ORGANIZATIONS_READ

    organization = models.ForeignKey(PartyOrganization, models.PROTECT, related_name="placements", verbose_name="党组织")
    parent = models.ForeignKey(
        PartyOrganization, models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级党组织"
    )
    path = models.CharField("路径", max_length=400, db_index=True)
    valid_from = models.DateField("自", null=True, blank=True)
    valid_to = models.DateField("至", null=True, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = "隶属关系"
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(valid_to__isnull=True), name="one_open_place_for_each_organization"
            )
        ]

    def __str__(self) -> str:
        return self.path

    @staticmethod
    def under(parent_path: str, code: str) -> str:
        """The path of the organization with that code under a parent's path ("" for none)."""
        return f"{parent_path}{path_part(code)}."


def roots_on(day: date) -> QuerySet:
    """The organizations without a superior on a day, the earliest placed first."""
    return PartyOrganization.objects.filter(
        pk__in=Placement.objects.in_force(day).filter(parent__isnull=True).values("organization_id")
    ).order_by("pk")


def root_path(day: date) -> str:
    """The path of the only root on a day; "" while there is none, or more than one."""
    found = Placement.objects.in_force(day).filter(parent__isnull=True).values_list("path", flat=True)[:2]
    return found[0] if len(found) == 1 else ""
