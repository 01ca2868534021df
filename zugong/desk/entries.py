"""Which entries of the trail an auditor asks for, what one of them says, and how they are handed out to be verified."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TextIO

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils import timezone

from zugong.base import trail
from zugong.base.models import TrailEntry, TrailTouch
from zugong.base.records import Record
from zugong.intake.models import StagedRow
from zugong.ui.history import DENIED, subject_words, verb_words
from zugong.ui.shown import words

CHANNELS = (trail.PAGES, trail.COMMANDS, trail.BACKGROUND)
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a cell begins with that a spreadsheet runs
COLUMNS = (
    "number",
    "at",
    "account",
    "system_user",
    "via",
    "verb",
    "subject",
    "effective_on",
    "values",
    "previous",
    "mark",
    "seal",
)
TITLES = {
    "purpose": "用途",
    "page": "页面",
    "method": "方式",
    "status": "结果",
    "asked": "地址里的对象",
    "action": "被拒的动作",
    "why": "原因",
    "again": "之前一分钟内又有",
    "untold": "另有未逐条记的",
    "register": "列表",
    "filters": "条件",
    "columns": "栏目",
    "rows": "行数",
    "fields": "看的项目",
    "new": "新增",
    "changed": "变更",
    "digest": "摘要",
    "files": "文件",
    "number": "编号",
    "reason": "事由",
}


@dataclass(frozen=True)
class Sought:
    """What is asked for; empty parts ask nothing."""

    account: str = ""
    what: str = ""
    record: str = ""
    via: str = ""
    denied: bool = False
    first: date | None = None
    last: date | None = None

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Sought:
        """As the address says it; a day that is none asks nothing."""
        said = {name: " ".join(asked.get(name, "").split()) for name in ("account", "what", "record", "via")}
        first, last = _day(asked.get("first", "")), _day(asked.get("last", ""))
        return cls(**said, denied=asked.get("denied") == "1", first=first, last=last)

    def told(self) -> dict[str, str]:
        """In words, for the trail itself."""
        parts = {
            "账号": self.account,
            "动作": self.what,
            "对象": self.record,
            "途径": self.via,
            "从": self.first,
            "到": self.last,
        }
        return {title: said for title, said in parts.items() if said} | ({"结果": "被拒"} if self.denied else {})

    def rows(self) -> QuerySet[TrailEntry]:
        """The entries, newest first; each part is answered by an index."""
        rows = TrailEntry.objects.order_by("-number")
        if self.account:
            rows = rows.filter(account=self.account)
        if self.via:
            rows = rows.filter(via=self.via)
        if self.what or self.denied:
            rows = rows.filter(verb__in=self._verbs())
        if self.first:
            rows = rows.filter(at__gte=_midnight(self.first))
        if self.last:
            rows = rows.filter(at__lt=_midnight(self.last + timedelta(days=1)))
        return rows.filter(life_of(key_of(self.record))) if self.record else rows

    def _verbs(self) -> list[str]:
        known = TrailEntry.objects.order_by("verb").values_list("verb", flat=True).distinct()
        fitting = [verb for verb in known if not self.what or self.what == verb or self.what in verb_words(verb)]
        return [verb for verb in fitting if not self.denied or verb.partition(":")[2].startswith(DENIED)]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def key_of(said: str) -> str:
    """A record's key, also from its Chinese name and number ("人员 17")."""
    name, _, number = said.rpartition(" ")
    found = next((model for model in apps.get_models() if str(model._meta.verbose_name) == name), None)
    return f"{found._meta.label_lower}:{number}" if found and number.isdecimal() else said


def life_of(key: str) -> Q:
    """What touches one record: entries that name it, entries that changed it besides, and the import that brought it."""
    told = Q(subject=key) | Q(number__in=TrailTouch.objects.filter(key=key).values("number"))
    label, _, number = key.partition(":")
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return told
    if not issubclass(model, Record) or not number.isdecimal() or len(number) > 18:
        return told
    origins = model._base_manager.filter(pk=int(number)).values("origin")
    batches = StagedRow.objects.filter(pk__in=origins).values_list("sheet__file__batch", flat=True)
    return told | Q(subject__in=[f"intake.batch:{pk}" for pk in batches])


@dataclass(frozen=True)
class Line:
    """One thing an entry says: what it is called, what it was, what it is; sealed where nobody is shown it here."""

    title: str
    old: str
    new: str
    sealed: bool = False


def said_by(entry: TrailEntry) -> tuple[list[Line], list[tuple[str, list[Line]]]]:
    """What an entry says: in plain, and record by record what changed. Personal and restricted values stay sealed."""
    values = json.loads(entry.values)
    changes = values.pop("changes", {})
    plain = [Line(TITLES.get(name, name), "", _told(value)) for name, value in values.items()]
    return plain, [(subject_words(key), [_line(key, *pair) for pair in fields.items()]) for key, fields in changes.items()]


def _line(key: str, name: str, pair: list[Any]) -> Line:
    try:
        title = str(apps.get_model(key.partition(":")[0])._meta.get_field(name).verbose_name)
    except (LookupError, ValueError, AttributeError):
        title = name
    if any(isinstance(value, dict) for value in pair):
        return Line(title, "", "", sealed=True)
    old, new = (words(value) or "空" for value in pair)
    return Line(title, old, new)


def _told(value: Any) -> str:
    if isinstance(value, dict):
        return "；".join(f"{name}：{_told(one)}" for name, one in value.items())
    if isinstance(value, list):
        return "、".join(_told(one) for one in value)
    return words(value)


def inert(text: str) -> str:
    """A text as a cell of a .csv that no spreadsheet reckons with."""
    return f"'{text}" if text.startswith(FORMULA) else text


def write(rows: Iterable[TrailEntry], target: TextIO, mark: str) -> None:
    """Entries as they were marked, each cell the very text its mark was made of, so that anybody can check it; but for a '
    before what a spreadsheet would take for a formula."""
    out = csv.writer(target)
    out.writerow(COLUMNS)
    for entry in rows:
        out.writerow([inert(str(getattr(entry, name))) for name in COLUMNS])
    out.writerow([f"# {mark}"])
