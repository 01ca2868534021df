"""What may be wrong with what is kept: in the database, on the trail, behind the seals, among the files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Length

from zugong.base import chain, holders, sealing, trail
from zugong.base.grants import APART
from zugong.base.models import Grant, TrailEntry
from zugong.base.records import Kept
from zugong.base.sealing import Sealed, SealedFile
from zugong.desk.upkeep.snapshot import naming_files

SAMPLE = 200  # rows opened of each sealed column in the everyday examination
CLOCKS_APART = timedelta(minutes=5)
YOUNG = timedelta(hours=2)  # a file without a row may belong to an import that goes on
SEALED_IN_TRAIL = re.compile(r'\{"sealed": "([^"]+)"\}')


def _ours() -> list[Any]:
    return [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]


def _kept() -> list[Any]:
    return [model for model in _ours() if issubclass(model, Kept)]


def broken() -> Iterator[str]:
    """What the database itself finds wrong: SQLite's own examination; on PostgreSQL every row of every table is read."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check(20)")
            yield from (row[0] for row in cursor.fetchall() if row[0] != "ok")
            return
        for model in _ours():
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT count(length(t::text)) FROM {table} t")  # noqa: S608 our own names


def dangling() -> Iterator[str]:
    """Rows that point at a row that is not there."""
    for model in _ours():
        for field in model._meta.concrete_fields:
            if field.is_relation and field.db_constraint:
                there = field.related_model._base_manager.filter(**{field.target_field.name: OuterRef(field.attname)})
                lost = model._base_manager.filter(~Exists(there), **{f"{field.name}__isnull": False}).count()
                if lost:
                    yield f"{model._meta.verbose_name}有 {lost} 条的“{field.verbose_name}”不在"


def unlawful() -> Iterator[str]:
    """Rows the pages would refuse to keep: a text too long or empty, a choice there is not, an end before its beginning."""
    for model in _kept():
        for field in model._meta.concrete_fields:
            wrong = _refused(field)
            if wrong is not None:
                rows = model._base_manager.alias(_length=Length(field.attname)) if field.max_length else model._base_manager
                if count := rows.filter(wrong).count():
                    yield f"{model._meta.verbose_name}有 {count} 条的“{field.verbose_name}”不合规定"
        names = {field.name for field in model._meta.concrete_fields}
        ended = Q(valid_to__lt=F("valid_from")) if {"valid_from", "valid_to"} <= names else None
        if ended and (count := model._base_manager.filter(ended).count()):
            yield f"{model._meta.verbose_name}有 {count} 条的截止日早于开始日"


def _refused(field: Any) -> Q | None:
    """What a field's own rules refuse and the database does not."""
    if isinstance(field, Sealed) or field.is_relation:
        return None
    wrong = Q()
    if isinstance(field, models.CharField):
        if field.max_length:
            wrong |= Q(_length__gt=field.max_length)
        if field.choices:
            known = ["", *(value for value, _ in field.flatchoices)]
            wrong |= Q(**{f"{field.name}__isnull": False}) & ~Q(**{f"{field.name}__in": known})
    return wrong or None


def unguarded() -> Iterator[str]:
    """Constraints our records declare that the database does not have (any more)."""
    with connection.cursor() as cursor:
        for model in _kept():
            declared = {one.name for one in [*model._meta.constraints, *model._meta.indexes]}
            there = connection.introspection.get_constraints(cursor, model._meta.db_table)
            for name in sorted(declared - set(there)):
                yield f"{model._meta.verbose_name}的约束 {name} 不在"


def chain_faults() -> Iterator[str]:
    """What the trail's verification finds, compared with the anchors outside the database."""
    yield from map(str, chain.verify().faults)


def unopened(thorough: bool) -> Iterator[str]:
    """Sealed values that the keys do not open: of each column a sample spread over its rows, or all of them."""
    sealing.unsealed(sealing.sealed("", "doctor"), "doctor")  # the keys can be reached, and nothing is kept of it
    strange = list(under_no_key())
    yield from strange
    if strange:
        return  # none of these opens, and it is not the values that are broken
    for model in _ours():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedFile):
                yield from _closed_files(model, field, thorough)
            elif isinstance(field, Sealed):
                yield from _closed(model, field, thorough)
    yield from _closed_on_trail(thorough)


def under_no_key() -> Iterator[str]:
    """Keys by which something is sealed or marked and that are not in the ring. The trail outlives its keys."""
    known = set(sealing.ring(again=True).keys)
    for holder in holders.holders():
        if holder.model is TrailEntry:
            continue
        for key in sorted(holder.keys() - known):
            yield f"{holder.title}用的密钥 {key} 不在密钥环里（现有 {'、'.join(sorted(known))}）"


def _closed(model: Any, field: Any, thorough: bool) -> Iterator[str]:
    raw = models.functions.Cast(F(field.attname), models.TextField())
    rows = model._base_manager.annotate(_raw=raw).exclude(_raw="").values_list("_raw", flat=True)
    if closed := sum(not _opens(one, field.bound_to()) for one in _some(rows, thorough) if one):
        yield f"{model._meta.verbose_name}有 {closed} 条的“{field.verbose_name}”打不开"


def _closed_files(model: Any, field: Any, thorough: bool) -> Iterator[str]:
    rows = model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)
    paths = (Path(settings.ZUGONG_FILES) / name for name in _some(rows, thorough))
    if closed := sum(not _file_opens(path, field.bound_to()) for path in paths if path.is_file()):
        yield f"{model._meta.verbose_name}有 {closed} 个文件打不开"


def _closed_on_trail(thorough: bool) -> Iterator[str]:
    told = _some(TrailEntry.objects.filter(values__contains='{"sealed": ').values_list("values", flat=True), thorough)
    closed = sum(not all(_opens(raw, trail.WHERE) for raw in SEALED_IN_TRAIL.findall(values)) for values in told)
    if closed:
        yield f"留痕有 {closed} 条的加密内容打不开"


def _some(rows: Any, thorough: bool) -> Iterator[Any]:
    """All of them, or a sample that is spread over the whole table and over the days."""
    if thorough:
        yield from rows.order_by("pk").iterator(chunk_size=2000)
        return
    ends = rows.aggregate(first=models.Min("pk"), last=models.Max("pk"))
    if ends["first"] is not None:
        step = (ends["last"] - ends["first"]) // SAMPLE + 1
        yield from rows.alias(_at=(F("pk") - ends["first"]) % step).filter(_at=0).order_by("pk")


def _opens(raw: str, bound: str) -> bool:
    try:
        sealing.unsealed(raw, bound)
    except (sealing.BadSeal, ValueError):
        return False
    return True


def _file_opens(path: Path, bound: str) -> bool:
    try:
        sealing.unseal(path.read_bytes(), bound)
    except sealing.BadSeal:
        return False
    return True


def lost_files() -> Iterator[str]:
    """Files that rows name and that are not there."""
    folder = Path(settings.ZUGONG_FILES)
    there = {one.name for one in folder.iterdir()} if folder.is_dir() else set()
    for model, field in naming_files():
        named = model._base_manager.exclude(**{field.name: ""}).values_list("pk", field.name).order_by("pk")
        yield from (f"{model._meta.verbose_name} {pk} 的文件不在" for pk, name in named.iterator() if name not in there)


def stray_files(now: datetime) -> Iterator[str]:
    """Files no row names, but for those so young that their rows may be on the way."""
    folder = Path(settings.ZUGONG_FILES)
    there = sorted(folder.iterdir()) if folder.is_dir() else []
    named: set[str] = set()
    for model, field in naming_files():
        named |= set(model._base_manager.values_list(field.name, flat=True))
    for one in there:
        if one.name not in named and one.stat().st_mtime < (now - YOUNG).timestamp():
            yield one.name


def in_the_future(now: datetime) -> Iterator[str]:
    """Entries of the trail that were written later than it is now."""
    late = TrailEntry.objects.filter(at__gt=now + CLOCKS_APART)
    if count := late.count():
        yield f"留痕有 {count} 条的时间晚于现在，第一条是第 {late.order_by('number').first().number} 条"


def together(day: date) -> Iterator[str]:
    """Accounts that hold two of the three administrators' roles on a day."""
    held: dict[str, set[str]] = {}
    for username, role in Grant.objects.in_force(day).values_list("user__username", "role"):
        held.setdefault(username, set()).add(role)
    for username, roles in sorted(held.items()):
        if any({one, other} <= roles for one, other in APART):
            yield f"账号“{username}”兼了两种管理员"
