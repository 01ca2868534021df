"""Every change to what the house goes by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from zugong.base.access import ROLES, Permission
from zugong.base.actions import action, amend, create
from zugong.base.models import User
from zugong.base.parameters import Line, Parameter
from zugong.base.rules import Leeway, NotAllowed, Reason, Refused, Standing
from zugong.base.standards import Standards
from zugong.regulations import rules
from zugong.regulations.models import Kind, ProcedureVersion, StandardLine, State, entered
from zugong.regulations.procedures import Limit, Procedure, changed, differences, in_force, written
from zugong.regulations.resting import About, Resting


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


class Place(Protocol):
    """Where a local rule holds: an organization, by its code. (The room of organizations lies further in.)"""

    code: str

    def path_on(self, day: date) -> str:
        """Its path on a day."""


@dataclass(frozen=True)
class Wording:
    """What somebody wants to enter about a number: the value, its days, and where it is written."""

    value: int
    since: date
    regulation: str
    article: str = ""
    url: str = ""
    reason: str = ""
    until: date | None = None


@action(Permission.REGULATIONS_EDIT, at="place")
def draft_line(*, by: User, on: date, parameter: Parameter, wording: Wording, place: Place | None = None) -> StandardLine:
    """Draft a revision of a number, or with a place a rule for the organizations below it. It holds nothing yet: it can be
    tried. Raises Refused where the national rule leaves no room for it."""
    code = place.code if place is not None else ""
    rules.may_draft(wording.value, wording.regulation, _taken(parameter, code, wording.since)).or_refuse()
    if wording.url and not rules.is_address(wording.url):
        raise Refused("官方网址：请写刊登原文的网页，以 http:// 或 https:// 开头。没有保存。")
    line = StandardLine(
        parameter=parameter.key, kind=Kind.LOCAL if code else Kind.REVISION, organization_code=code, value=wording.value,
        since=wording.since, until=wording.until, regulation=wording.regulation.strip(), article=wording.article.strip(),
        url=wording.url.strip(), reason=wording.reason.strip(), entered_by=str(by), entered_on=on,
    )  # fmt: skip
    if code:
        _insist_on_room(line, parameter)
    return create(line)


@action(Permission.REGULATIONS_EDIT, at="place")
def put_in_force(
    *, by: User, on: date, line: StandardLine, parameter: Parameter, reason: str = "", place: Place | None = None
) -> StandardLine:
    """Let a draft hold from its day on. Raises Refused for a day that has passed without the official text saying so, and for
    one that has got a line of its own since it was drafted."""
    _insist_on_place(line, place)
    if line.state != State.DRAFT:
        raise Refused(f"这一条已经{line.get_state_display()}，不能再定。")
    said = reason.strip() or line.reason
    rules.may_put_in_force(line.since, on, reason, _taken(parameter, line.organization_code, line.since)).or_refuse()
    if line.kind == Kind.LOCAL:
        _insist_on_room(line, parameter)
    return amend(line, state=State.IN_FORCE, reason=said, decided_by=str(by), decided_on=on)


@action(Permission.REGULATIONS_EDIT, at="place")
def withdraw_line(*, by: User, on: date, line: StandardLine, why: str, place: Place | None = None) -> StandardLine:
    """Take back a draft, or a line in force that was entered wrongly; what was before it holds again."""
    _insist_on_place(line, place)
    if line.state == State.WITHDRAWN:
        raise Refused("这一条已经撤回。")
    if len(why.strip()) < rules.SHORTEST_REASON:
        raise Refused("撤回理由：还没有写清楚，没有撤回。")
    return amend(line, state=State.WITHDRAWN, ended_why=why.strip(), decided_by=str(by), decided_on=on)


@action(Permission.REGULATIONS_EDIT, at="place")
def end_line(*, by: User, on: date, line: StandardLine, until: date, place: Place | None = None) -> StandardLine:
    """Let a line in force hold until a day, today or later; the days before it stay as they are."""
    _insist_on_place(line, place)
    if line.state != State.IN_FORCE:
        raise Refused("只有生效的才能定失效日。")
    if until < on:
        raise Refused(f"失效日 {until} 早于今天 {on}：已经过去的日子不改。登记错了的，用“撤回”。")
    if line.until is not None and line.until < on:
        raise Refused(f"这一条 {line.until} 起已经失效：已经过去的日子不改。要再执行，请另拟一条。")
    return amend(line, until=until)


@action(Permission.REGULATIONS_EDIT)
def check(*, by: User, on: date, about: About, article: str, url: str, text_read: bool) -> list[StandardLine]:
    """Say that one has read the official text of a clause: its article and where it stands. Every number that rests on the
    clause and awaits checking is confirmed as it is now. Raises Refused without the article or the address."""
    resting = Resting(Standards(entered))
    rules.may_check(resting.source(about).status, article, url, text_read).or_refuse()
    given = dict(article=article.strip(), url=url.strip(), entered_by=str(by), entered_on=on, decided_by=str(by), decided_on=on)
    lines = [(about.key, None, about.instrument.day)] if resting.standards.read(about.key) is None else []
    lines += [(number.key, line.value, line.since) for number, line in resting.unread(about)]
    return [
        create(
            StandardLine(
                parameter=key, kind=Kind.CHECK, value=value, since=since, regulation=about.instrument.name,
                state=State.IN_FORCE, **given,
            )
        )
        for key, value, since in lines
    ]  # fmt: skip


@action(Permission.REGULATIONS_EDIT)
def withdraw_check(*, by: User, on: date, about: About, why: str) -> None:
    """Take back that a clause was read: it awaits checking again, with every number that rests on it."""
    if len(why.strip()) < rules.SHORTEST_REASON:
        raise Refused("撤回理由：还没有写清楚，没有撤回。")
    keys = [about.key, *(number.key for number, _ in Resting(Standards(entered)).lines(about))]
    held = StandardLine.objects.filter(
        kind=Kind.CHECK, state=State.IN_FORCE, parameter__in=keys, regulation=about.instrument.name
    )
    rows = list(held)
    if not rows:
        raise Refused("这一条还没有人核对过，没有可撤回的。")
    for row in rows:
        amend(row, state=State.WITHDRAWN, ended_why=why.strip(), decided_by=str(by), decided_on=on)


def _taken(parameter: Parameter, code: str, since: date) -> bool:
    """Whether a line in force begins on that day already, everywhere or at the place of the code."""
    lines = StandardLine.objects.filter(parameter=parameter.key, organization_code=code, state=State.IN_FORCE)
    return lines.exclude(kind=Kind.CHECK).filter(since=since).exists()


def _insist_on_place(line: StandardLine, place: Place | None) -> None:
    if (place.code if place is not None else "") != line.organization_code:
        raise NotAllowed("这一条不是这个党组织的，未作任何改动。")


def _insist_on_room(line: StandardLine, parameter: Parameter) -> None:
    national: Line = Standards(entered).on(parameter, line.since)
    leeway = parameter.leeway or Leeway.NONE
    rules.may_set_local(leeway, parameter.leeway_why, national.value, line.value or 0, national.source, line.reason).or_refuse()
