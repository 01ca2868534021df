"""Every change a task undergoes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from zugong.base.access import Permission
from zugong.base.actions import action, amend, create
from zugong.base.ledgers import Ledger, Row, Values
from zugong.base.models import User
from zugong.base.removing import take_out
from zugong.base.sets import SetWrite, set_action
from zugong.tasks.models import Task


@action(Permission.TASKS_EDIT)
def assign(*, by: User, on: date, title: str, office: str, deadline: date) -> Task:
    """Put a task on the list."""
    return create(Task(title=title, office=office, deadline=deadline))


@action(Permission.TASKS_EDIT, at="task")
def edit(*, by: User, on: date, task: Task, changes: dict[str, Any]) -> Task:
    """Correct or complete a task."""
    return amend(task, **changes)


@action(Permission.TASKS_EDIT, at="tasks")
def remove(*, by: User, on: date, tasks: QuerySet) -> None:
    """Take tasks off the list."""
    take_out(tasks)


@set_action(Permission.TASKS_EDIT)
def take_tasks(*, by: User, on: date, rows: Sequence[Row], write: SetWrite, ledger: Ledger) -> None:
    """Keep the rows of ledger 16."""

    def fields(row: Row) -> Values:
        v = row.values
        return {"title": v["title"], "office": v["office"] or "", "deadline": v["deadline"], "done_on": v["done_on"]}

    write.keep(rows, Task, fields)
