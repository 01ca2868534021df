"""Procedures as data: a YAML file says which steps a thing takes, who acts, by when, on what condition, and by which rule.

Pure: reads texts and answers questions, knows no database. What a file may say is written in docs/offices/cases.md; whatever
else it says is refused with a sentence that names the file, the step and the word.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import yaml

from zugong.base.access import ROLES
from zugong.base.rules import Source, Standing

FOLDER = "procedures"
OPENED, ENTERED, RECORD = "opened", "entered", "record."
COUNTED = {"working": "个工作日", "calendar": "天"}
END = "end"


class BadProcedure(ValueError):
    """A procedure's text that cannot be meant: which file, which step, what is wrong."""


@dataclass(frozen=True)
class Limit:
    """So many days from a start: the day the step was `entered`, the case `opened`, another step done, or a day the
    record itself holds (`record.valid_to`; there a negative number is before it)."""

    days: int
    working: bool
    start: str

    @property
    def counted(self) -> str:
        """How the days are counted, as the file writes it."""
        return "working" if self.working else "calendar"


@dataclass(frozen=True)
class Choice:
    """One outcome of a step, and the step it leads to (`end` closes the case)."""

    say: str
    to: str


@dataclass(frozen=True)
class Step:
    """One step: who acts, what paper it leaves, by when, on which conditions (names of pure rules), by which source.

    `fills` is the day of the record that the step enters; `back` the step it may be sent back to; `pause` says for which
    reasons its clock may stand still, "" for none.
    """

    id: str
    name: str
    who: str
    paper: str
    limit: Limit | None
    gates: tuple[str, ...]
    source: Source
    fills: str
    choices: tuple[Choice, ...]
    back: str
    pause: str

    @property
    def who_words(self) -> str:
        """Who acts, as the table of roles calls it."""
        return ROLES[self.who].title


@dataclass(frozen=True)
class Procedure:
    """One version of a procedure: for which record, from which day on cases begin under it, its steps in order."""

    code: str
    name: str
    about: str
    what: str
    since: date
    source: Source
    steps: tuple[Step, ...]

    def step(self, id: str) -> Step:
        """The step of that name. Raises KeyError."""
        return next((one for one in self.steps if one.id == id), None) or _no_step(id)

    def after(self, step: Step, choice: str = "") -> Step | None:
        """The step that follows, by the outcome chosen where there are outcomes; None at the end."""
        if step.choices:
            to = next(one.to for one in step.choices if one.say == choice)
            return None if to == END else self.step(to)
        place = self.steps.index(step) + 1
        return self.steps[place] if place < len(self.steps) else None

    def ends(self, step: Step, choice: str = "") -> bool:
        """Whether the case is over once the step is done."""
        return self.after(step, choice) is None

    @property
    def mark(self) -> str:
        """What tells one version from another: a digest over everything it says."""
        return hashlib.sha256(written(self).encode()).hexdigest()[:16]


def _no_step(id: str) -> Step:
    raise KeyError(id)


def written(procedure: Procedure) -> str:
    """A procedure as one text that reads back to the same procedure; how a version is kept."""
    return json.dumps(_document(procedure), ensure_ascii=False)


def _document(procedure: Procedure) -> dict[str, Any]:
    steps = [_step_document(one) for one in procedure.steps]
    names = ("name", "about", "what")
    told = {name: getattr(procedure, name) for name in names}
    return {**told, "since": procedure.since.isoformat(), "source": _source_document(procedure.source), "steps": steps}


def _step_document(step: Step) -> dict[str, Any]:
    told: dict[str, Any] = {n: v for n in ("name", "who", "paper", "fills", "back", "pause") if (v := getattr(step, n))}
    if step.limit:
        told["limit"] = {"days": step.limit.days, "count": step.limit.counted, "from": step.limit.start}
    if step.gates:
        told["gates"] = list(step.gates)
    if step.choices:
        told["choices"] = {one.say: one.to for one in step.choices}
    return {"step": step.id, **told, "source": _source_document(step.source)}


def _source_document(source: Source) -> dict[str, str]:
    told = {"regulation": source.regulation, "article": source.article, "status": source.status.value}
    return {name: value for name, value in {**told, "checked_on": source.checked_on}.items() if value}


@cache
def shipped() -> dict[str, Procedure]:
    """The procedures that come with the programme, by code."""
    files = resources.files(__package__).joinpath(FOLDER).iterdir()
    texts = {one.name.removesuffix(".yaml"): one.read_text("utf-8") for one in files if one.name.endswith(".yaml")}
    return {code: read(code, texts[code]) for code in sorted(texts)}


def in_force(versions: Iterable[Procedure], day: date) -> Procedure | None:
    """The version cases begin under on a day: the latest that holds by then; of one day the one given last. None before all."""
    begun = [one for one in versions if one.since <= day]
    return max(reversed(begun), key=lambda one: one.since) if begun else None


def changed(procedure: Procedure, since: date, limits: Mapping[str, Limit | None], who: Mapping[str, str]) -> Procedure:
    """A new version with other limits and other roles; everything else stays as it is."""
    steps = tuple(replace(s, limit=limits.get(s.id, s.limit), who=who.get(s.id, s.who)) for s in procedure.steps)
    return replace(procedure, since=since, steps=steps)


@dataclass(frozen=True)
class Difference:
    """What one version says otherwise than another, of one step."""

    step: str
    what: str
    old: str
    new: str


def differences(old: Procedure, new: Procedure) -> list[Difference]:
    """Everything two versions of a procedure say differently, step by step."""
    before, after = ({one.id: one for one in version.steps} for version in (old, new))
    found = [Difference(one.name, "步骤", "有", "没有") for id, one in before.items() if id not in after]
    for id, one in after.items():
        if id not in before:
            found.append(Difference(one.name, "步骤", "没有", "有"))
            continue
        told = zip(_sayings(before[id], old), _sayings(one, new), strict=True)
        found += [Difference(one.name, what, was or "无", now or "无") for (what, was), (_, now) in told if was != now]
    return found


def _sayings(step: Step, procedure: Procedure) -> list[tuple[str, str]]:
    outcomes = "；".join(f"{one.say}→{one.to}" for one in step.choices)
    said = [("名称", step.name), ("谁办", step.who_words), ("时限", limit_words(step, procedure)), ("材料", step.paper)]
    return [*said, ("条件", "、".join(step.gates)), ("去向", outcomes), ("可中止", step.pause), ("依据", step.source.cite())]


STARTS = {OPENED: "开启后", ENTERED: "转到这一步后"}


def limit_words(step: Step, procedure: Procedure, day: str = "记录所写之日") -> str:
    """The limit as people say it: 开启后 10 个工作日内; "" where there is none. `day`: what the record's day is called."""
    limit = step.limit
    if limit is None:
        return ""
    many = f"{abs(limit.days)} {COUNTED[limit.counted]}"
    if limit.start.startswith(RECORD):
        return f"{day}{f'前 {many}' if limit.days < 0 else f'后 {many}内' if limit.days else '以前'}"
    begin = STARTS.get(limit.start) or f"“{procedure.step(limit.start).name}”办完后"
    return f"{begin} {many}内"


# Reading, strictly

TOP = {"name": str, "about": str, "what": str, "since": date, "source": dict, "steps": list}
STEP = {
    "step": str, "name": str, "who": str, "paper": str, "limit": dict, "gates": list, "source": dict, "fills": str,
    "choices": dict, "back": str, "pause": str,
}  # fmt: skip
LIMIT = {"days": int, "count": str, "from": str}
SOURCE = {"regulation": str, "article": str, "status": str, "checked_on": date}
NEEDED = {"step", "name", "who", "source"}


def read(code: str, text: str) -> Procedure:
    """A procedure as its file writes it. Raises BadProcedure with a sentence about the first thing that cannot be meant."""
    try:
        said = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadProcedure(f"程序“{code}”不是能读的 YAML：{error}") from None
    where = f"程序“{code}”"
    body = _fields(said, TOP, set(TOP), where)
    steps = tuple(_step(one, n, where) for n, one in enumerate(body["steps"], 1))
    procedure = Procedure(code, body["name"], body["about"], body["what"], body["since"], _source(body["source"], where), steps)
    _insist_on_order(procedure, where)
    return procedure


def _step(said: Any, number: int, where: str) -> Step:
    where = f"{where}第 {number} 步"
    body = _fields(said, STEP, NEEDED, where)
    if body["who"] not in ROLES:
        raise BadProcedure(f"{where}：没有“{body['who']}”这个角色。角色见 base/access.py。")
    choices = tuple(Choice(str(say), str(to)) for say, to in body.get("choices", {}).items())
    limit = _limit(body["limit"], where) if "limit" in body else None
    texts = {name: body.get(name, "") for name in ("paper", "fills", "back", "pause")}
    gates, source = tuple(body.get("gates", ())), _source(body["source"], where)
    return Step(
        id=body["step"], name=body["name"], who=body["who"], limit=limit, gates=gates, source=source, choices=choices, **texts
    )


def _limit(said: Any, where: str) -> Limit:
    body = _fields(said, LIMIT, set(LIMIT), f"{where}的时限")
    if body["count"] not in COUNTED:
        raise BadProcedure(f"{where}的时限：count 只能写 working（工作日）或 calendar（自然日），现在是“{body['count']}”。")
    of_record = body["from"].startswith(RECORD)
    if not of_record and body["days"] < 1:
        raise BadProcedure(f"{where}的时限：天数要从 1 起，现在是 {body['days']}。")
    if of_record and body["days"] < 0 and body["count"] == "working":
        raise BadProcedure(f"{where}的时限：往前数只能数自然日。")
    return Limit(body["days"], body["count"] == "working", body["from"])


def _source(said: Any, where: str) -> Source:
    body = _fields(said, SOURCE, {"regulation", "status"}, f"{where}的依据")
    if body["status"] not in set(Standing):
        raise BadProcedure(f"{where}的依据：status 只能写 {'、'.join(Standing)}，现在是“{body['status']}”。")
    checked = str(body.get("checked_on", ""))
    return Source(body["regulation"], body.get("article", ""), Standing(body["status"]), checked)


def _fields(said: Any, known: Mapping[str, type], needed: set[str], where: str) -> dict[str, Any]:
    """A mapping with known names and kinds of values only, and all that is needed."""
    if not isinstance(said, dict):
        raise BadProcedure(f"{where}：这里要写成“名称: 值”的样子。")
    for name, value in said.items():
        if name not in known:
            raise BadProcedure(f"{where}：不认识“{name}”。能写的有：{'、'.join(known)}。")
        kind = known[name]
        value = date.fromisoformat(value) if kind is date and isinstance(value, str) and _is_day(value) else value
        if not isinstance(value, kind) or isinstance(value, bool):
            raise BadProcedure(f"{where}：“{name}”的值“{value}”不是要写的样子。")
        said = {**said, name: value}
    if missing := sorted(needed - set(said)):
        raise BadProcedure(f"{where}：少了“{'、'.join(missing)}”。")
    return said


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _insist_on_order(procedure: Procedure, where: str) -> None:
    """Names are used once, every way leads to a step, every limit starts at something that comes before."""
    ids = [one.id for one in procedure.steps]
    if not ids or len(set(ids)) < len(ids):
        raise BadProcedure(f"{where}：一步也没有，或者有两步用了同一个名字。")
    for place, step in enumerate(procedure.steps):
        ways = {one.to for one in step.choices} - {END} | ({step.back} if step.back else set())
        if unknown := sorted(ways - set(ids)):
            raise BadProcedure(f"{where}“{step.name}”：没有“{unknown[0]}”这一步。")
        if step.back and ids.index(step.back) >= place:
            raise BadProcedure(f"{where}“{step.name}”：只能退回前面的步骤。")
        start = step.limit.start if step.limit else ENTERED
        if start not in (OPENED, ENTERED, *ids[:place]) and not start.startswith(RECORD):
            raise BadProcedure(f"{where}“{step.name}”：时限从“{start}”算起，前面没有这一步。")
