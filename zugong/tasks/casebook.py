"""Running cases: a record goes through a procedure, step by step (办理中的事). `tasks.models` names them, so that they are the
room's; what they say is worked out by `running`, pure.

A case belongs where its record belongs, is seen by whoever sees the record, and is carried on by whoever may edit it.
"""

from __future__ import annotations

import functools
import operator
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from zugong.base.access import Permission, Privacy
from zugong.base.models import User
from zugong.base.periods import Scope
from zugong.base.records import Record, RecordQuerySet
from zugong.organizations.models import root_path
from zugong.regulations.models import ProcedureVersion
from zugong.regulations.procedures import shipped
from zugong.tasks.running import DID_WORDS, GOING, Did, Event, State

I, P = Privacy.INTERNAL, Privacy.PERSONAL


def kinds() -> list[type[Record]]:
    """The kinds of records there are procedures for, whose room is there."""
    found = {one.about: apps.get_model(one.about) for one in shipped().values() if _is_there(one.about)}
    return list(found.values())  # type: ignore[arg-type]


def _is_there(label: str) -> bool:
    room, _, name = label.partition(".")
    return name in apps.all_models.get(room, {})


def editing(kind: type[Record]) -> Permission:
    """The permission by which records of a kind are changed: of the same word as the one that shows them."""
    return Permission(kind.READ.replace(":read", ":edit"))


class CaseQuerySet(RecordQuerySet):
    """Cases."""

    def _along(self, rows: Any) -> Self:
        """The cases of the records that `rows` leaves of each kind."""
        found = Q(pk__in=[])
        for kind in kinds():
            found |= Q(kind=kind._meta.label_lower, number__in=rows(kind).order_by().values("pk"))
        return self.filter(found)

    def within(self, scope: Scope) -> Self:
        """The cases of records of an organization and everything below it."""
        return self if scope.whole else self._along(lambda kind: kind.objects.within(scope))

    def in_use(self, day: Any) -> Self:
        """The cases of records that are in use."""
        return self._along(lambda kind: kind.objects.all().in_use(day))

    def held_by(self, user: User, permission: Permission, privacy: Privacy | None = None) -> Self:
        """The cases whose record the user may see, or edit where more than seeing is asked; besides the permission itself."""
        if not user.codes(permission, privacy):
            return self.none()
        reads = permission == Permission.CASES_READ

        def rows(kind: type[Record]) -> Any:
            return kind.objects.all().held_by(user, kind.READ if reads else editing(kind), privacy)

        return self._along(rows)

    def covering(self, codes: frozenset[str], day: Any) -> frozenset[str]:
        """Of some codes, those at which a grant reaches the record of one of these cases."""
        found: set[str] = set()
        for kind in kinds():
            numbers = self.filter(kind=kind._meta.label_lower).order_by().values("number")
            found |= kind.objects.filter(pk__in=numbers).covering(codes, day)
        return frozenset(found)

    def going(self) -> Self:
        """The cases that are not over."""
        return self.filter(state__in=GOING)

    def going_on(self, day: date) -> Self:
        """The cases that were going on on a day."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day), opened_on__lte=day)

    def about(self, keys: Iterable[tuple[str, int]]) -> Self:
        """The cases of some records, each by its kind and number."""
        numbers = defaultdict(list)
        for kind, number in keys:
            numbers[kind].append(number)
        each = (Q(kind=kind, number__in=of_kind) for kind, of_kind in numbers.items())
        return self.filter(functools.reduce(operator.or_, each, Q(pk__in=[])))

    def of(self, record: Record) -> Self:
        """The cases of one record, the latest first."""
        return self.filter(kind=record._meta.label_lower, number=record.pk).order_by("-pk")


class Case(Record):
    """One record going through one version of a procedure. `state` and `step` say where it stands now; where it stood on
    another day, and when what is due, is worked out from its steps."""

    PRIVACY = dict(procedure=I, version=I, kind=I, number=I, opened_on=I, state=I, step=I, closed_on=I)
    READ = Permission.CASES_READ

    procedure = models.CharField("程序", max_length=40, db_index=True)
    version = models.ForeignKey(ProcedureVersion, models.PROTECT, related_name="+", verbose_name="按哪一版办")
    kind = models.CharField("记录的种类", max_length=60)
    number = models.BigIntegerField("记录的编号")
    opened_on = models.DateField("开启之日")
    state = models.CharField("状态", max_length=10, default=State.OPEN)
    step = models.CharField("现在的步骤", max_length=40, blank=True)
    closed_on = models.DateField("结束之日", null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "办理中的事"
        indexes = [models.Index(fields=["kind", "number"], name="cases_of_a_record")]
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "kind", "number"],
                condition=Q(state__in=GOING),
                name="one_case_going_for_a_record",
                violation_error_message="这条记录已经有一件正在办的，没有再开启。",
            )
        ]

    def __str__(self) -> str:
        return f"{shipped()[self.procedure].name if self.procedure in shipped() else self.procedure} 第 {self.pk} 件"

    @property
    def about(self) -> str:
        """The record's name in the house: cadres.secondment:12."""
        return f"{self.kind}:{self.number}"

    def record(self) -> Record | None:
        """The record the case is about; None once it is gone."""
        return next((one for one in records_of([self]).values()), None)

    def path_on(self, day: date) -> str:
        """Where the record belongs; the root's where it is gone."""
        record: Any = self.record()
        return record.path_on(day) if record is not None else root_path(day)


def records_of(cases: list[Case]) -> dict[str, Record]:
    """The records that cases are about, by their names in the house: one statement a kind."""
    wanted: dict[str, set[int]] = {}
    for one in cases:
        wanted.setdefault(one.kind, set()).add(one.number)
    return {record.key: record for kind in kinds() for record in _rows(kind, wanted.get(kind._meta.label_lower, set()))}


def _rows(kind: type[Record], numbers: set[int]) -> Iterator[Record]:
    """Rows by their numbers, with what their names are made of."""
    if numbers:
        ways = [f.name for f in kind._meta.concrete_fields if f.is_relation]
        yield from kind.objects.select_related(*ways).among("pk", sorted(numbers))


class CaseStepQuerySet(CaseQuerySet):
    """What happened to cases; seen with its case."""

    def _along(self, rows: Any) -> Self:
        return self.filter(case__in=Case.objects.all()._along(rows))

    def covering(self, codes: frozenset[str], day: Any) -> frozenset[str]:
        """As the cases they belong to."""
        return Case.objects.filter(pk__in=self.order_by().values("case_id")).covering(codes, day)


class CaseStep(Record):
    """One thing that happened to a case, never changed afterwards: on which day, entered when, by which account, with which
    paper and reason. `choice` is the outcome, or the step it was sent back to."""

    PRIVACY = dict(case=I, step=I, did=I, day=I, entered_on=I, account=I, choice=I, paper=I, reason=P)
    READ = Permission.CASES_READ
    HAPPENED = ("day",)

    case = models.ForeignKey(Case, models.CASCADE, related_name="steps", verbose_name="办理中的事")
    step = models.CharField("步骤", max_length=40)
    did = models.CharField("办了什么", max_length=10)
    day = models.DateField("办理之日")
    entered_on = models.DateField("录入之日")
    account = models.CharField("经办账号", max_length=60)
    choice = models.CharField("结果", max_length=40, blank=True)
    paper = models.CharField("材料", max_length=200, blank=True)
    reason = models.CharField("理由", max_length=300, blank=True)

    objects = CaseStepQuerySet.as_manager()

    class Meta:
        verbose_name = "办理的步骤"

    def __str__(self) -> str:
        return f"{self.day} {DID_WORDS[Did(self.did)]}"

    @property
    def event(self) -> Event:
        """The step as the pure rules take it."""
        return Event(Did(self.did), self.step, self.day, self.choice, self.account)
