"""What leaves the house, and what was looked at closely: entries on the trail that change no record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from zugong.base.access import Permission
from zugong.base.actions import action, entry
from zugong.base.models import User
from zugong.base.records import Record
from zugong.base.rules import NotAllowed, Refused

SHORTEST_PURPOSE = 2


@action(None)
def record_export(
    *, by: User, on: date, read: Permission, register: str, filters: Mapping[str, str], columns: Sequence[str], rows: int
) -> None:
    """Note that rows of a register were taken out as a file: which, under which filters, how many.

    Whoever may read some of a register may export that much; the rows themselves come from `visible_to`.
    """
    if not by.may_somewhere(read):
        raise NotAllowed(f"账号“{by.username}”没有查看这份台账的权限（{read}），没有导出。")
    draft = entry()
    draft.subject = register
    draft.note(register=register, filters=dict(filters), columns=list(columns), rows=rows)


@action(None)
def record_reading(*, by: User, on: date, record: Record, fields: Sequence[str], purpose: str) -> None:
    """Note that restricted fields of a record were shown, to whom and what for. The page fetched the record for the reader."""
    if not by.may_somewhere(type(record).READ):
        raise NotAllowed(f"账号“{by.username}”没有查看这条记录的权限，没有显示。")
    if not all(record.shows(by, type(record).privacy_of(name)) for name in fields):
        raise NotAllowed(f"账号“{by.username}”不能查看敏感信息，没有显示。")
    if len(purpose.strip()) < SHORTEST_PURPOSE:
        raise Refused("请写明用途，例如“核对任免材料”。写明之后才显示。")
    draft = entry()
    draft.subject = record.key
    draft.note(fields=list(fields), purpose=purpose.strip())


@action(None)
def record_lookup(
    *, by: User, on: date, read: Permission, register: str, by_what: str, mark: str, found: Record | None
) -> None:
    """Note that somebody was looked for by what identifies them: by which field, its blind index, and who was found."""
    if not by.may_somewhere(read):
        raise NotAllowed(f"账号“{by.username}”没有查看这份台账的权限（{read}），没有查找。")
    draft = entry()
    draft.subject = found.key if found else register
    draft.note(register=register, field=by_what, index=mark, found=found is not None)
