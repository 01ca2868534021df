"""Every change classes and their participants undergo."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from zugong.base.access import Permission
from zugong.base.actions import action, amend, create
from zugong.base.ledgers import Ledger, Row, Values
from zugong.base.models import User
from zugong.base.removing import take_out
from zugong.base.sets import SetWrite, set_action
from zugong.organizations.models import Unit
from zugong.people.actions import recognise
from zugong.people.models import Person, mark_of
from zugong.training.models import StudyHours, Trainee, TrainingClass


@action(Permission.TRAINING_EDIT, at="training_class")
def edit(*, by: User, on: date, training_class: TrainingClass, changes: dict[str, Any]) -> TrainingClass:
    """Correct what is kept about a class."""
    return amend(training_class, **changes)


@action(Permission.TRAINING_EDIT, at="classes")
def remove(*, by: User, on: date, classes: QuerySet) -> None:
    """Take out classes that should not have been recorded. Refused while somebody is recorded in one of them."""
    take_out(classes)


@action(Permission.TRAINING_EDIT, at="trainee")
def edit_trainee(*, by: User, on: date, trainee: Trainee, changes: dict[str, Any]) -> Trainee:
    """Correct what is kept about a participant."""
    return amend(trainee, **changes)


@action(Permission.TRAINING_EDIT, at="person")
def record_hours(
    *, by: User, on: date, person: Person, studied_on: date, hours: Decimal, content: str = "", online: bool = False
) -> StudyHours:
    """Keep hours a person studied."""
    return create(StudyHours(person=person, studied_on=studied_on, hours=hours, content=content, online=online))


@action(Permission.TRAINING_EDIT, at="study")
def edit_hours(*, by: User, on: date, study: StudyHours, changes: dict[str, Any]) -> StudyHours:
    """Correct hours that were kept."""
    return amend(study, **changes)


@set_action(Permission.TRAINING_EDIT)
def take_classes(*, by: User, on: date, rows: Sequence[Row], write: SetWrite, ledger: Ledger) -> None:
    """Keep the rows of ledger 07; participants who were waiting for the class are joined to it."""

    def fields(row: Row) -> Values:
        v = row.values
        return {
            "name": v["name"],
            "kind": v["kind"] or "",
            "organizer": v["organizer"] or "",
            "starts_on": v["starts_on"],
            "ends_on": v["ends_on"],
            "hours": v["hours"],
        }

    new = write.keep(rows, TrainingClass, fields)
    by_name = {one.name: one.pk for one in reversed(new)}
    waiting = Trainee.objects.filter(training_class__isnull=True).among("class_name", by_name)
    write.change((trainee, {"training_class_id": by_name[trainee.class_name]}) for trainee in list(waiting))


@set_action(Permission.TRAINING_EDIT)
def take_trainees(*, by: User, on: date, rows: Sequence[Row], write: SetWrite, ledger: Ledger) -> None:
    """Keep the rows of ledger 08."""
    persons = recognise(rows=rows, ledger=ledger, write=write, on=on)
    units = Unit.objects.named(row.values["unit"] for row in rows if row.values["unit"])
    names = {row.values["class_name"] for row in rows}
    classes = dict(TrainingClass.objects.order_by("-pk").values_list("name", "pk").among("name", names))

    def fields(row: Row) -> Values:
        v = row.values
        return {
            "class_name": v["class_name"],
            "training_class_id": classes.get(v["class_name"]),
            "person_id": persons[mark_of(row)],
            "unit_name": v["unit"] or "",
            "unit_id": units.get(v["unit"]),
        }

    write.keep(rows, Trainee, fields)


@set_action(Permission.TRAINING_EDIT)
def take_hours(*, by: User, on: date, rows: Sequence[Row], write: SetWrite, ledger: Ledger) -> None:
    """Keep the rows of ledger 20."""
    persons = recognise(rows=rows, ledger=ledger, write=write, on=on)

    def fields(row: Row) -> Values:
        v = row.values
        return {
            "person_id": persons[mark_of(row)],
            "studied_on": v["studied_on"],
            "content": v["content"] or "",
            "hours": v["hours"],
            "online": bool(v["online"]),
        }

    write.keep(rows, StudyHours, fields)
