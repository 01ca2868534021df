"""Every write is an action: one transaction, one permission check, one entry on the trail.

    @action(Permission.MEETINGS_EDIT, at="organization")
    def record(*, by: User, on: date, organization: PartyOrganization, …) -> Meeting: …

The outermost action opens the transaction and chains the entries of all actions it called at its end.
A set action takes many rows: it is called inside one action, writes in bulk and leaves one entry.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from zugong.base import refusals, trail
from zugong.base.access import Permission
from zugong.base.models import User
from zugong.base.numbers import insist_on_none
from zugong.base.records import Record, writing_allowed
from zugong.base.rules import NotAllowed, Reason, Refused

R = TypeVar("R", bound=Record)
T = TypeVar("T")


class Placed(Protocol):
    """Anything that belongs somewhere in the tree of organizations."""

    def path_on(self, day: date) -> str:
        """The place's path on a day: codes from the root, each ending in a dot."""


class PlacedRows(Protocol):
    """Rows of which each belongs somewhere in the tree."""

    def held_by(self, user: User, permission: Permission) -> PlacedRows:
        """Those of them that lie where the user holds a permission."""

    def count(self) -> int:
        """How many they are."""


@dataclass(frozen=True)
class Doing:
    """An action under way: its entry, who does it on which day, by which permission."""

    draft: trail.Draft
    permission: Permission | None
    by: User
    on: date


@dataclass
class Running:
    """What the outermost action has done so far."""

    drafts: list[trail.Draft] = field(default_factory=list)
    open: list[Doing] = field(default_factory=list)


_running: ContextVar[Running | None] = ContextVar("running", default=None)


def action(permission: Permission | None, *, at: str = "") -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Make a function the one door to a change.

    `permission` is checked at the place given in the argument named `at` (an organization or anything with `path_on`;
    or rows, each of which must lie where it is granted); without `at` it must be granted for the whole house. None means
    the function itself decides who may, because that depends on what is asked (one's own account, an export of some
    register). The function is keyword-only and takes `by`, the acting account, and `on`, the effective day. Raises
    NotAllowed or Refused; nothing is written then.
    """

    def wrap(function: Callable[..., T]) -> Callable[..., T]:
        verb = f"{function.__module__.split('.')[-2]}:{function.__name__}"
        _insist_on_keywords(function, verb)

        @functools.wraps(function)
        def act(*, by: User, on: date, **given: Any) -> T:
            with _entry(Doing(trail.Draft(verb, by.username, on), permission, by, on)):
                if permission is not None:
                    _authorise(permission, by, on, given.get(at) if at else None)
                return function(by=by, on=on, **given)

        act.permission = permission  # type: ignore[attr-defined]
        act.verb = verb  # type: ignore[attr-defined]
        return act

    return wrap


def _insist_on_keywords(function: Callable[..., Any], verb: str) -> None:
    parameters = inspect.signature(function).parameters
    if not {"by", "on"} <= set(parameters) or any(p.kind != p.KEYWORD_ONLY for p in parameters.values()):
        raise TypeError(f"{verb}: an action takes keywords only, by= and on= among them")


def _authorise(permission: Permission, by: User, on: date, place: Placed | PlacedRows | None) -> None:
    if isinstance(place, QuerySet):
        allowed = place.held_by(by, permission).count() == place.count()  # type: ignore[attr-defined]
    else:
        allowed = by.may(permission, place.path_on(on) if place is not None else "")  # type: ignore[union-attr]
    if not allowed:
        raise NotAllowed(Reason(f"账号“{by.username}”没有办理此事的权限（{permission}），未作任何改动。"))


@contextmanager
def _entry(doing: Doing) -> Iterator[None]:
    outer = _running.get()
    if outer is not None:
        with transaction.atomic(), _opened(outer, doing):
            yield
        return
    running = Running()
    token = _running.set(running)
    try:
        with transaction.atomic(), writing_allowed():
            with _opened(running, doing):
                yield
            trail.write(running.drafts)
    except NotAllowed as refusal:
        if not refusal.noted:
            refusal.noted = True
            refusals.action_not_allowed(doing.draft.verb, account=doing.by.username, on=doing.on, why=str(refusal))
        raise
    finally:
        _running.reset(token)


@contextmanager
def _opened(running: Running, doing: Doing) -> Iterator[None]:
    mark = len(running.drafts)
    running.drafts.append(doing.draft)
    running.open.append(doing)
    try:
        yield
    except BaseException:
        del running.drafts[mark:]
        raise
    finally:
        running.open.pop()


def _doing() -> Doing:
    running = _running.get()
    if running is None or not running.open:
        raise RuntimeError("no action is running")
    return running.open[-1]


def entry() -> trail.Draft:
    """The entry of the action now running."""
    return _doing().draft


def insist_there(place: Placed) -> None:
    """Insist that the acting account holds the running action's permission where a change leads, too. Raises NotAllowed.
    An action without a permission of its own decides for itself."""
    doing = _doing()
    if doing.permission is not None:
        _authorise(doing.permission, doing.by, doing.on, place)


def create(record: R) -> R:
    """Check and keep a new record, with its values on the trail."""
    names = written_fields(record)
    insist_on_none(record, names)  # before it is written: what is rolled back still lies on the disk
    _insist_it_happened(record, names)
    _check(record)
    record.save()
    entry().note_change(record, {}, {name: getattr(record, name) for name in names})
    return record


def amend(record: R, **changes: Any) -> R:
    """Change fields of a record, check it, and put old and new values on the trail. Equal values change nothing.

    A record that is pointed at something else must lie within the action's right afterwards, too, and what it then
    points at must be something the account may see. Raises NotAllowed or Refused.
    """
    fresh = type(record)._base_manager.select_for_update().get(pk=record.pk)
    if fresh.revision != record.revision:
        raise Refused("这条记录刚被别人改过，请刷新后再改；您填的内容没有保存。")
    real = {name: value for name, value in changes.items() if getattr(record, name) != value}
    before = {name: getattr(record, name) for name in real}
    for name, value in real.items():
        setattr(record, name, value)
    if real:
        insist_on_none(record, real)
        _insist_on_destination(record, real)
        _insist_it_happened(record, real)
        _check(record)
        record.revision += 1
        record.save()
        entry().note_change(record, before, real)
    return record


def _insist_on_destination(record: Record, changed: Iterable[str]) -> None:
    fields = [record._meta.get_field(name) for name in changed]
    pointed = [getattr(record, field.name) for field in fields if field.is_relation]
    if not pointed or _doing().permission is None:
        return
    if hasattr(record, "path_on"):
        insist_there(record)
    by = _doing().by
    for target in pointed:
        if isinstance(target, User):
            continue  # naming a colleague reads nothing of the account; who may be named is the action's own question
        if target is not None and not type(target).objects.filter(pk=target.pk).visible_to(by).exists():
            raise NotAllowed(Reason(f"“{target}”不在账号“{by.username}”能看到的范围里，未作任何改动。"))


def _insist_it_happened(record: Record, names: Iterable[str]) -> None:
    on = entry().on
    late = [name for name in getattr(record, "HAPPENED", ()) if name in names and (getattr(record, name) or on) > on]
    if late:
        titles = {name: record._meta.get_field(name).verbose_name for name in late}
        raise Refused(
            *(Reason(f"{title}：{getattr(record, name)} 晚于今天，还没有发生。请核对日期。") for name, title in titles.items())
        )


def remove(record: Record) -> None:
    """Delete a record, with its last values on the trail."""
    names = written_fields(record)
    entry().note_change(record, {name: getattr(record, name) for name in names}, dict.fromkeys(names))
    record.delete()


def written_fields(record: Record) -> list[str]:
    """The fields the trail tells of; not a record's number, its bookkeeping, or a password."""
    skipped = {"id", "revision", "origin", "password"}
    return [f.name for f in record._meta.concrete_fields if f.name not in skipped and not f.many_to_many]


def _check(record: Record) -> None:
    try:
        record.full_clean()
    except ValidationError as error:
        raise Refused(*(Reason(m) for m in _sentences(record, error))) from None


def _sentences(record: Record, error: ValidationError) -> list[str]:
    titles = {f.name: str(f.verbose_name) for f in record._meta.concrete_fields}
    return [
        f"{titles[name]}：{message}" if name in titles else message
        for name, messages in error.message_dict.items()
        for message in messages
    ]
