"""The one door for what leaves the house, and what was looked at closely: entries on the trail that change no record.

Whatever leaves (a workbook, a Word file, rows on paper) is noted here before it is written, gets a number, and bears it as
a mark. More rows than a person may take out alone in a day need somebody else's agreement, which is asked for, given and
used up here, too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from zugong.base import parameters, trail
from zugong.base.access import Permission, Privacy
from zugong.base.actions import action, amend, create, entry
from zugong.base.marks import Mark, marked
from zugong.base.models import Export, ExportRequest, ExportState, User
from zugong.base.records import Record
from zugong.base.rules import NotAllowed, Refused
from zugong.base.sealing import digest

PARAMETERS = parameters.read(__package__)
SHORTEST_PURPOSE = 2
MOST_OPENED = 5000  # rows of which what is restricted leaves at once: the entry names each
NO_PURPOSE = "请写明用途，例如“核对任免材料”。没有导出。"
PERSONAL = (Privacy.PERSONAL, Privacy.RESTRICTED)


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to take out: of which register, under which filters, in which columns, how many rows."""

    register: str
    filters: dict[str, str]
    columns: tuple[str, ...]
    rows: int
    holds: str

    @property
    def digest(self) -> str:
        """What was asked for, whatever number of rows it has by now."""
        said = {name: value for name, value in asdict(self).items() if name != "rows"}
        return digest(json.dumps(said, ensure_ascii=False, sort_keys=True).encode())


@dataclass(frozen=True)
class Opened:
    """What is restricted and leaves in the clear: which columns, of which records, what for."""

    columns: tuple[str, ...]
    keys: Sequence[str]
    purpose: str

    def insist(self, by: User, read: Permission) -> None:
        """Raise NotAllowed where the account does not read that class, Refused without a purpose or for too many rows."""
        if not by.codes(read, Privacy.RESTRICTED):
            raise NotAllowed(f"账号“{by.username}”不能查看敏感信息，没有导出。")
        if len(self.purpose.strip()) < SHORTEST_PURPOSE:
            raise Refused(NO_PURPOSE)
        if len(self.keys) > MOST_OPENED:
            raise Refused(f"带敏感信息的，一次最多导出 {MOST_OPENED} 行，没有导出。请用条件缩小范围，或者导出＊＊＊代替的。")


class NeedsAgreement(Refused):
    """Too much for one person alone: it can be asked for."""

    def __init__(self, wanted: Wanted, most: int, taken: int) -> None:
        self.wanted = wanted
        today = f"，今天已经导出过 {taken} 行" if taken else ""
        super().__init__(
            f"这次有 {wanted.rows} 行{today}，超过了一人一天不经同意可以导出的 {most} 行，没有导出。"
            "请写明用途，申请由部领导同意。"
        )


@action(None)
def record_export(
    *,
    by: User,
    on: date,
    read: Permission,
    register: str,
    filters: Mapping[str, str],
    columns: Sequence[str],
    rows: int,
    holds: Privacy = Privacy.PERSONAL,
    free: bool = False,
    opened: Opened | None = None,
) -> Mark:
    """Note that something is taken out: of which register, under which filters, how many rows. Returns the mark it bears.

    Called before the file is written, so that nothing leaves unnoted. Whoever may read some of a register may take that
    much; the rows come from `visible_to`. `holds` is the strictest class among them. Raises NeedsAgreement beyond what one
    may take out alone in a day, unless somebody agreed to just this and it was not used yet. `free` is what never needs
    agreement: one's own record, the trail, words that are to be published. `opened` says what is restricted and not masked:
    the entry bears the purpose and names the records, so that each person finds it among who read about them.
    """
    if not by.may_somewhere(read):
        raise NotAllowed(f"账号“{by.username}”没有查看这份台账的权限（{read}），没有导出。")
    if opened is not None:
        opened.insist(by, read)
        filters, holds = {**filters, "敏感列": "、".join(opened.columns)}, Privacy.RESTRICTED
    wanted, at = Wanted(register, dict(filters), tuple(columns), rows, holds.value), trail.moment()
    agreed = None if free else _agreed(by, on, at, wanted)
    alone = not free and agreed is None
    kept = Export(user=by, at=at, register=register[:120], rows=rows, holds=holds.value, counted=alone)
    kept.save()
    draft = entry()
    draft.subject = register
    draft.note(number=kept.pk, register=register, filters=wanted.filters, columns=list(columns), rows=rows)
    purpose = opened.purpose.strip() if opened else agreed.purpose if agreed else ""
    if opened is not None:
        draft.note(fields=list(opened.columns), read=list(opened.keys))
    if agreed is not None:
        draft.note(agreed=agreed.pk)
        amend(agreed, state=ExportState.USED)
    if purpose:
        draft.note(purpose=purpose)
    return marked(by, kept.pk, at, purpose)


def _agreed(by: User, on: date, at: datetime, wanted: Wanted) -> ExportRequest | None:
    """The agreement this needs, None where it needs none. Raises NeedsAgreement."""
    User.objects.select_for_update().get(pk=by.pk)  # two exports at once do not both count as the first
    most, taken = allowance(wanted.holds, on), taken_today(by, at, wanted.holds)
    if wanted.rows + taken <= most or _preparing(by):
        return None
    since = on - timedelta(days=PARAMETERS["export_agreement_days"].on(on).value)
    found = ExportRequest.objects.select_for_update().filter(
        user=by, state=ExportState.AGREED, digest=wanted.digest, rows__gte=wanted.rows, decided_on__gte=since
    )
    agreed = found.order_by("pk").first()
    if agreed is None:
        raise NeedsAgreement(wanted, most, taken)
    return agreed


def allowance(holds: str, on: date) -> int:
    """How many rows of a class a person may take out alone in a day."""
    return int(PARAMETERS["export_rows_personal" if holds in PERSONAL else "export_rows_internal"].on(on).value)


def taken_today(by: User, at: datetime, holds: str) -> int:
    """How many rows of the kind a person took out alone since midnight: many small exports are one large one."""
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Export.objects.filter(user=by, at__gte=midnight, counted=True)
    rows = rows.filter(holds__in=PERSONAL) if holds in PERSONAL else rows.exclude(holds__in=PERSONAL)
    return int(rows.aggregate(total=Sum("rows"))["total"] or 0)


def _preparing(by: User) -> bool:
    """Whether the house is still being prepared: the operator's role holds until the three administrators are there."""
    return any(role.code == "operator" for role in by.roles())


@action(None)
def ask_export(*, by: User, on: date, wanted: Wanted, purpose: str, again: Mapping[str, Any]) -> ExportRequest:
    """Ask for the agreement that an export needs. `again` says how it is taken out once it was agreed to: the address and
    what is sent there, or the command. Raises Refused without a purpose or where the same already waits."""
    if len(purpose.strip()) < SHORTEST_PURPOSE:
        raise Refused("请写明用途，例如“换届摸底，报市委组织部”。没有提出申请。")
    if ExportRequest.objects.filter(user=by, state=ExportState.WAITING, digest=wanted.digest).exists():
        raise Refused("同样的申请已经提出，正等部领导答复，不用再提。")
    asked = json.dumps({"filters": wanted.filters, "columns": wanted.columns, "again": dict(again)}, ensure_ascii=False)
    request = ExportRequest(
        user=by, register=wanted.register[:120], rows=wanted.rows, holds=wanted.holds, purpose=purpose.strip()[:200],
        digest=wanted.digest, asked=asked, asked_on=on,
    )  # fmt: skip
    return create(request)


@action(Permission.EXPORTS_APPROVE)
def agree_export(*, by: User, on: date, request: ExportRequest) -> ExportRequest:
    """Agree that somebody else takes out what was asked for: once, within some days, no more rows than were asked for."""
    _insist_on_another(by, request)
    return amend(request, state=ExportState.AGREED, decided_by=str(by), decided_on=on)


@action(Permission.EXPORTS_APPROVE)
def refuse_export(*, by: User, on: date, request: ExportRequest, reason: str) -> ExportRequest:
    """Refuse a request, with a reason the asker reads."""
    _insist_on_another(by, request)
    if len(reason.strip()) < SHORTEST_PURPOSE:
        raise Refused("请写明不同意的理由，申请人要看。没有答复。")
    return amend(request, state=ExportState.REFUSED, decided_by=str(by), decided_on=on, reason=reason.strip()[:200])


def _insist_on_another(by: User, request: ExportRequest) -> None:
    if request.user_id == by.pk:
        raise NotAllowed("不能答复自己的申请，没有改动。请由另一位有权的人办理。")
    if request.state != ExportState.WAITING:
        raise Refused(f"这份申请的状态是“{request.get_state_display()}”，已经答复过了，没有改动。")


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
