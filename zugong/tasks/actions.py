"""Every change a task undergoes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from zugong.base.access import Permission
from zugong.base.actions import action, amend, create
from zugong.base.actions import remove as drop
from zugong.base.ledgers import Ledger, Row, Values
from zugong.base.models import User
from zugong.base.removing import take_out
from zugong.base.rules import NotAllowed, Reason, Refused
from zugong.base.sets import SetWrite, set_action
from zugong.tasks.colleagues import accounts_with
from zugong.tasks.models import Evidence, Extension, Helper, Milestone, Plan, Progress, Standing, Task
from zugong.tasks.rules import may_move_deadline, may_set_milestones


@action(Permission.TASKS_EDIT)
def assign(
    *,
    by: User,
    on: date,
    title: str,
    office: str,
    deadline: date,
    plan: Plan | None = None,
    owner: User | None = None,
    basis: str = "",
    basis_words: str = "",
) -> Task:
    """Put a task on the list: of the year's plan, out of a meeting, or out of a sentence of a report (`basis`)."""
    _insist_they_see([owner] if owner else [], on)
    task = Task(title=title, office=office, deadline=deadline, plan=plan, owner=owner, basis=basis, basis_words=basis_words)
    return create(task)


@action(Permission.TASKS_EDIT, at="task")
def edit(*, by: User, on: date, task: Task, changes: dict[str, Any]) -> Task:
    """Correct or complete a task. Its deadline moves by `move_deadline` alone, which asks why. Raises Refused."""
    if "deadline" in changes and changes["deadline"] != task.deadline:
        raise Refused("完成时限：改时限要写明事由，请打开这项任务，用“改时限”。没有改动。")
    return amend(task, **changes)


@action(Permission.TASKS_EDIT, at="task")
def move_deadline(*, by: User, on: date, task: Task, after: date, reason: str) -> Task:
    """Set another deadline, and keep the old one with the reason. Raises Refused."""
    may_move_deadline(task.deadline, after, reason, task.done_on).or_refuse()
    create(Extension(task=task, before=task.deadline, after=after, reason=reason.strip(), changed_on=on, by=by))
    return amend(task, deadline=after)


@action(Permission.TASKS_EDIT, at="task")
def arrange(
    *,
    by: User,
    on: date,
    task: Task,
    owner: User | None,
    helpers: Sequence[User],
    offices: Sequence[str],
    milestones: Sequence[tuple[date, str]],
) -> Task:
    """Say who does a task, who helps, and by which steps. A step that is done stays as it is. Raises Refused."""
    may_set_milestones([day for day, _ in milestones], task.deadline).or_refuse()
    _insist_they_see([*([owner] if owner else []), *helpers], on)
    amend(task, owner=owner)
    wanted = {(user.pk, "") for user in helpers} | {(None, office) for office in offices}
    held = {(one.user_id, one.office): one for one in task.helper_rows.select_related("user")}
    for gone in held.keys() - wanted:
        drop(held[gone])
    by_pk = {user.pk: user for user in helpers}
    for pk, office in sorted(wanted - held.keys(), key=str):
        create(Helper(task=task, user=by_pk.get(pk), office=office))
    open_steps = {(one.due_on, one.title): one for one in task.milestone_rows.filter(done_on__isnull=True)}
    for step in open_steps.keys() - set(milestones):
        drop(open_steps[step])
    for day, title in milestones:
        if (day, title) not in open_steps:
            create(Milestone(task=task, due_on=day, title=title))
    return task


@action(Permission.TASKS_READ, at="task")
def reach(*, by: User, on: date, task: Task, milestone: Milestone) -> Milestone:
    """Say that a milestone is reached. Raises NotAllowed for whoever has no part in the task."""
    _insist_on_part(task, by, on)
    return amend(milestone, done_on=on)


@action(Permission.TASKS_READ, at="task")
def tell(*, by: User, on: date, task: Task, standing: str, words: str) -> Progress:
    """Tell of a task's progress; 已完成 completes the task today. Raises NotAllowed for whoever has no part in it."""
    _insist_on_part(task, by, on)
    told = create(Progress(task=task, told_on=on, standing=standing, words=words, by=by))
    if standing == Standing.DONE and task.done_on is None:
        amend(task, done_on=on)
    return told


@action(Permission.TASKS_READ, at="task")
def add_evidence(*, by: User, on: date, task: Task, record: Any, note: str = "") -> Evidence:
    """Point from a task at a record that the account may see. Raises NotAllowed for whoever has no part in the task."""
    _insist_on_part(task, by, on)
    return create(Evidence(task=task, record=record.key, note=note, added_on=on, by=by))


def _insist_they_see(users: Sequence[User], on: date) -> None:
    able = set(accounts_with(Permission.TASKS_READ, on).among("pk", {user.pk for user in users}))
    blind = [user.name for user in users if user not in able]
    if blind:
        raise Refused(f"{'、'.join(blind)}的账号看不到重点工作，任务不能交给他。请先由安全管理员授权，或者换一位同事。")


def has_part(task: Task, user: User, day: date) -> bool:
    """Whether somebody keeps the list, or owns or helps with the task."""
    if user.may(Permission.TASKS_EDIT, task.path_on(day)):
        return True
    return task.owner_id == user.pk or task.helper_rows.filter(user=user).exists()


def _insist_on_part(task: Task, by: User, on: date) -> None:
    if not has_part(task, by, on):
        raise NotAllowed(Reason("您不是这项任务的责任人或协办人，也不管重点工作清单，没有记下。请告诉责任人。"))


@action(Permission.TASKS_EDIT, at="tasks")
def remove(*, by: User, on: date, tasks: QuerySet) -> None:
    """Take tasks off the list."""
    take_out(tasks)


@action(Permission.TASKS_EDIT)
def begin_plan(*, by: User, on: date, name: str, year: int, note: str = "") -> Plan:
    """Begin a plan of work."""
    return create(Plan(name=name, year=year, note=note))


@action(Permission.TASKS_EDIT, at="plan")
def edit_plan(*, by: User, on: date, plan: Plan, changes: dict[str, Any]) -> Plan:
    """Correct what is kept about a plan."""
    return amend(plan, **changes)


def insist_on_reason(row: Row) -> None:
    """Refuse a row of ledger 16 that moves a deadline without a reason, or of what is done, or to no day at all. A deadline set
    for the first time does not move."""
    kept, after = row.before or {}, row.values["deadline"]
    if (before := kept.get("deadline")) is None:
        return
    if after is None:
        row.refuse(
            "deadline", f"完成时限原来是 {before}，这里是空的", "时限不能去掉。不改的照原来的写，改的写新的时限和变更原因。"
        )
        return
    done_on = kept.get("done_on", row.values["done_on"])
    if not (verdict := may_move_deadline(before, after, row.values["moved_because"] or "", done_on)):
        why = "".join(map(str, verdict.reasons))
        row.refuse("deadline", f"完成时限从 {before} 改为 {after}，改期要写原因", f"在“变更原因”一列写。{why}")


@set_action(Permission.TASKS_EDIT)
def take_tasks(*, by: User, on: date, rows: Sequence[Row], write: SetWrite, ledger: Ledger) -> None:
    """Keep the rows of ledger 16; a deadline that moved stands with its reason among those the task had."""
    moved = [
        Extension(
            task=row.record, before=row.record.deadline, after=row.values["deadline"], changed_on=on, by=by, origin=row.origin,
            reason=row.values["moved_because"][:200],
        )
        for row in rows
        if row.state == "changed" and row.record.deadline not in (None, row.values["deadline"])
    ]  # fmt: skip
    write.create(moved)

    def fields(row: Row) -> Values:
        v = row.values
        return {"title": v["title"], "office": v["office"] or "", "deadline": v["deadline"], "done_on": v["done_on"]}

    write.keep(rows, Task, fields)
