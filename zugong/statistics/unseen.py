"""Behind a figure's rows: how many lie beyond what a reader may see, and how many persons are seen in none of his."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Aggregate, BigIntegerField, Count, F, IntegerField, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest

from zugong.base.figures import Figure, Time
from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.statistics.catalogue import FIGURES
from zugong.statistics.numbers import together


@dataclass(frozen=True)
class Look:
    """A figure looked at in one way, over a frame, narrowed by nothing."""

    figure: str
    time: Time
    frame: Frame

    @property
    def counted(self) -> Figure:
        """The figure itself."""
        return FIGURES[self.figure]


@dataclass(frozen=True)
class Unseen:
    """What a reader may not see of a figure: rows, and persons of whom he sees no row."""

    rows: int
    persons: int


def guards(user: User, records: QuerySet) -> bool:
    """Whether there may be persons among these records whom the account may not see: the records are about persons,
    something is kept of their kind, and the right to read them does not reach everywhere. What is set aside changes no
    right: nobody is shown it, and totals stay."""
    about_persons = hasattr(records, "SUBJECTS") and not records.query.is_empty()
    return about_persons and held(user, records) is not records


def held(user: User, rows: QuerySet) -> QuerySet:
    """The rows the account's rights reach; the very same rows where they reach all."""
    return rows.held_by(user, rows.model.READ)


def persons(rows: QuerySet) -> Aggregate | Greatest:
    """How many persons rows are about; one whom nobody has named yet is counted with each row."""
    ways = [Count(Coalesce(F(way), -F("pk"), output_field=BigIntegerField()), distinct=True) for way in rows.SUBJECTS]
    return Greatest(*ways) if len(ways) > 1 else ways[0]


def unseen(user: User, looks: Iterable[Look]) -> dict[Look, Unseen]:
    """What the account may not see of each, in one statement."""
    asked = list(dict.fromkeys(looks))
    arms = []
    for place, look in enumerate(asked):
        rows = look.counted.rows(look.frame, None, look.time)
        arms.append(_counted(rows, 2 * place))
        if user.may_somewhere(rows.model.READ):
            arms.append(_counted(held(user, rows), 2 * place + 1))
    found = {place: (n, people) for place, n, people in together(arms)}
    none = (0, 0)
    both = [(look, found.get(2 * i, none), found.get(2 * i + 1, none)) for i, look in enumerate(asked)]
    return {look: Unseen(every[0] - mine[0], every[1] - mine[1]) for look, every, mine in both}


def _counted(rows: QuerySet, place: int) -> QuerySet:
    named = rows.order_by().annotate(place=Value(place, IntegerField())).values("place")
    return named.annotate(rows_there=Count("pk"), persons_there=persons(rows)).values_list(
        "place", "rows_there", "persons_there"
    )
