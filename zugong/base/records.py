"""What every record shares: a privacy class for each field, a revision, its origin, and the refusal to
be written outside an action."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar, Self

from django.db import models

from zugong.base.access import Permission, Privacy

_writing: ContextVar[bool] = ContextVar("writing", default=False)


class OutsideAction(RuntimeError):
    """Code tried to write a record without an action: a defect of ours, never of the user's."""


@contextmanager
def writing_allowed() -> Iterator[None]:
    """Let records be written; used by `base.actions` only."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def _must_be_in_an_action() -> None:
    if not _writing.get():
        raise OutsideAction("records change through actions only")


class RecordQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows of a record. Rooms whose rows belong somewhere add `within(scope)` and say what is held where."""

    def visible_to(self, user: Any) -> Self:
        """The rows the user may read, of those that are in use."""
        return self.in_use(user.day).held_by(user, self.model.READ)

    def in_use(self, day: Any) -> Self:
        """The rows that may be used on a day: a room leaves out here what is only to be stored (个人信息保护法 47)."""
        return self

    def held_by(self, user: Any, permission: Permission, privacy: Privacy | None = None) -> Self:
        """The rows for which the user holds a permission, by grants that show fields of a class where one is said.
        Rows without a place are for whoever holds it everywhere."""
        return self if "" in user.codes(permission, privacy) else self.none()

    def covering(self, codes: frozenset[str], day: Any) -> frozenset[str]:
        """Of some codes, those at which a grant reaches one of these rows on a day."""
        return codes & {""} if self.exists() else frozenset()

    def update(self, **values: Any) -> int:
        _must_be_in_an_action()
        return super().update(**values)

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        _must_be_in_an_action()
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, *args: Any, **options: Any) -> list[Any]:
        _must_be_in_an_action()
        return super().bulk_create(*args, **options)

    def bulk_update(self, *args: Any, **options: Any) -> int:
        _must_be_in_an_action()
        return super().bulk_update(*args, **options)

    def among(self, field: str, values: Iterable[Any]) -> Iterator[Any]:
        """The rows whose `field` is one of many values, asked for in pieces a statement can hold."""
        wanted = list(dict.fromkeys(values))
        for start in range(0, len(wanted), 500):
            yield from self.filter(**{f"{field}__in": wanted[start : start + 500]})

    def in_force(self, day: Any) -> Self:
        """Rows whose half-open validity contains `day`; an open end or beginning holds for ever. Said by what does not hold,
        so that SQLite finds rows by what they belong to and not, almost all of them, along an index of days."""
        return self.exclude(valid_from__gt=day).exclude(valid_to__lte=day)


class Kept(models.Model):
    """Anything kept. `PRIVACY` classes every field; `READ` is the permission that shows it."""

    PRIVACY: ClassVar[dict[str, Privacy]] = {}
    READ: ClassVar[Permission]

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def key(self) -> str:
        """The record's name on the trail and in evidence: room.record:number."""
        return f"{self._meta.label_lower}:{self.pk}"

    def shows(self, user: Any, privacy: Privacy) -> bool:
        """Whether a grant that covers this record shows the user its fields of a class. The user may see the record."""
        if user.reads(privacy, self.READ):
            return True
        if not user.codes(self.READ, privacy):
            return False
        return type(self).objects.filter(pk=self.pk).held_by(user, self.READ, privacy).exists()

    def save(self, *args: Any, **options: Any) -> None:
        _must_be_in_an_action()
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        _must_be_in_an_action()
        return super().delete(*args, **options)

    @classmethod
    def privacy_of(cls, field: str) -> Privacy:
        """The class of a field; identity and bookkeeping are internal."""
        if field in ("id", "revision", "origin"):
            return Privacy.INTERNAL
        return cls.PRIVACY[field]

    def class_of(self, field: str) -> Privacy:
        """The class of a field in this very record: its kind's, unless the room says that some records are more open."""
        return self.privacy_of(field)


class Record(Kept):
    """A kept fact that may be corrected: with its revision and the staged row it came from.

    `HAPPENED` names the days of what has happened: none of them may lie after the day the change is made.
    """

    HAPPENED: ClassVar[tuple[str, ...]] = ()

    revision = models.PositiveIntegerField("版次", default=1, editable=False)
    origin = models.BigIntegerField("来源行", null=True, editable=False)

    class Meta:
        abstract = True
