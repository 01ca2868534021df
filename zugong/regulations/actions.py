"""Every change to what the house goes by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from zugong.base.access import ROLES, Permission
from zugong.base.actions import action, create
from zugong.base.models import User
from zugong.base.rules import Reason, Refused, Standing
from zugong.regulations.models import ProcedureVersion
from zugong.regulations.procedures import Limit, Procedure, changed, differences, in_force, written


@action(Permission.REGULATIONS_EDIT)
def change_procedure(
    *, by: User, on: date, code: str, since: date, limits: Mapping[str, Limit], who: Mapping[str, str], reason: str
) -> ProcedureVersion:
    """Make a new version of a procedure with other limits and roles: from `since` on, today or later. Cases under way keep
    theirs. Raises Refused where a limit stands in a national text, nothing differs, or no reason is given."""
    now = in_force(ProcedureVersion.objects.of(code), since)
    if now is None:
        raise Refused(f"没有“{code}”这个程序。没有改动。")
    if since < on:
        raise Refused(f"施行之日：{since} 已经过去。新的版本只能从今天或以后施行，在办的事不受影响。")
    if not reason.strip():
        raise Refused("理由：还没有写为什么要改。没有改动。")
    new = changed(now, since, limits, who)
    _insist_on_local(now, new)
    if not differences(now, new):
        raise Refused("和现在的版本没有不同，没有改动。")
    return create(_kept(new, on=on, by=by.username, reason=reason.strip()))


def _insist_on_local(old: Procedure, new: Procedure) -> None:
    """Only what the house fixed itself may it change; nobody acts who is no role."""
    pairs = list(zip(old.steps, new.steps, strict=True))
    fixed = [was for was, now in pairs if was.limit != now.limit and was.source.status != Standing.LOCAL]
    bad = [now for _, now in pairs if now.limit and now.limit.days < 1 and not now.limit.start.startswith("record.")]
    unknown = [now for _, now in pairs if now.who not in ROLES]
    reasons = [Reason(f"“{one.name}”的时限不是本地定的，不能在这里改", one.source) for one in fixed]
    reasons += [Reason(f"“{one.name}”的时限：天数要从 1 起。") for one in bad]
    reasons += [Reason(f"“{one.name}”：没有“{one.who}”这个角色。") for one in unknown]
    if reasons:
        raise Refused(*reasons)


def _kept(procedure: Procedure, *, on: date, by: str = "", reason: str = "", shipped: bool = False) -> ProcedureVersion:
    return ProcedureVersion(
        code=procedure.code, mark=procedure.mark, since=procedure.since, content=written(procedure), shipped=shipped,
        made_on=on, made_by=by, reason=reason,
    )  # fmt: skip


def version_for(code: str, on: date) -> ProcedureVersion:
    """The version a case begins under on a day, kept from now on as it is. Called inside an action; raises Refused where no
    version holds yet."""
    procedure = in_force(ProcedureVersion.objects.of(code), on)
    if procedure is None:
        raise Refused(f"{on} 还没有施行中的“{code}”程序，没有开启。")
    held = ProcedureVersion.objects.filter(code=code, mark=procedure.mark).first()
    return held or create(_kept(procedure, on=on, shipped=True))
