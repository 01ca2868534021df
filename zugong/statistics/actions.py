"""Taking values for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zugong.base.access import Permission
from zugong.base.actions import action, entry
from zugong.base.models import User
from zugong.base.sealing import digest
from zugong.statistics.answers import Question, answer, rows
from zugong.statistics.models import FrozenValue


@action(Permission.STATISTICS_FREEZE)
def freeze(*, by: User, on: date, questions: Sequence[Question], taken_for: str) -> list[FrozenValue]:
    """Keep the values of figures as they are now, with the keys of their rows; unproven ones are left out."""
    taken = [_frozen(question, by, on, taken_for) for question in questions if answer(question).value is not None]
    kept = FrozenValue.objects.bulk_create(taken)
    entry().note(taken_for=taken_for, values=[[one.figure, one.value, one.digest] for one in kept])
    return kept


def _frozen(question: Question, by: User, on: date, taken_for: str) -> FrozenValue:
    label = rows(question).model._meta.label_lower
    keys = "\n".join(f"{label}:{pk}" for pk in rows(question).values_list("pk", flat=True))
    value = answer(question).value
    return FrozenValue(
        figure=question.figure,
        facets={name: list(words) for name, words in question.facets.items()},
        time=question.time,
        scope=question.frame.scope.code,
        period=question.frame.period.code,
        day=question.frame.day,
        value=float(value or 0),
        rows=keys,
        digest=digest(f"{question.figure} {value} {keys}".encode()),
        taken_on=on,
        taken_for=taken_for,
        account=by.username,
    )
