"""Taking rows out, with what stands on them alone, and putting exactly those rows back.

A room's removing action hands its rows to `take_out`; the page that asked keeps their `packed` form for undo.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import CASCADE, ForeignKey, QuerySet

from zugong.base.actions import entry, written_fields
from zugong.base.records import Record
from zugong.base.rules import Reason, Refused


@dataclass(frozen=True)
class Going:
    """What a removal takes with it: the rows, those that stand on them alone, and what speaks against it."""

    rows: QuerySet
    along: tuple[QuerySet, ...]
    hindrances: tuple[Reason, ...]

    def every(self) -> Iterator[QuerySet]:
        """Everything that goes, in the order it can be put back."""
        yield self.rows
        yield from self.along


def going(rows: QuerySet) -> Going:
    """Look at what points at these rows: what goes along (CASCADE), and what is in the way (everything else)."""
    along: list[QuerySet] = []
    hindrances: list[Reason] = []
    for field in _pointers(rows.model):
        others = field.model.objects.filter(**{f"{field.name}__in": rows.order_by().values("pk")})
        if field.remote_field.on_delete is not CASCADE:
            hindrances += _in_the_way(others, field)
        elif others.exists():
            beyond = going(others)
            along += beyond.every()
            hindrances += beyond.hindrances
    return Going(rows, tuple(along), tuple(hindrances))


def _pointers(model: type[models.Model]) -> Iterator[Any]:
    """The fields of other records that point at this one, also those without a way back."""
    for relation in model._meta.get_fields(include_hidden=True):
        field = getattr(relation, "field", None)
        if relation.auto_created and isinstance(field, ForeignKey):
            yield field


def _in_the_way(others: QuerySet, field: Any) -> list[Reason]:
    n, first = others.count(), others.select_related(field.name).order_by("pk").first()
    if first is None:
        return []
    name, title = getattr(first, field.name), others.model._meta.verbose_name
    return [Reason(f"不能删除：还有 {n} 条{title}用着选中的记录，例如“{first}”用着“{name}”。请先处理这些{title}。")]


def take_out(rows: QuerySet) -> None:
    """Delete rows and what stands on them alone, with the last values on the trail. Raises Refused, and keeps all,
    when something else points at one of them. Called inside an action."""
    found = going(rows)
    if found.hindrances:
        raise Refused(*found.hindrances)
    for goes in found.every():
        for record in _whole(goes):
            names = written_fields(record)
            entry().note_change(record, {name: getattr(record, name) for name in names}, dict.fromkeys(names))
    rows.model.objects.filter(pk__in=list(rows.order_by().values_list("pk", flat=True))).delete()


def packed(found: Going) -> str:
    """Everything that goes, as text to be sealed and kept."""
    told = [
        [rows.model._meta.label_lower, [f.attname for f in _fields(rows.model)], list(_values(rows))] for rows in found.every()
    ]
    return json.dumps(told, ensure_ascii=False, default=str)


def put_back(text: str) -> list[QuerySet]:
    """Keep packed rows again under their own numbers, with their values on the trail. Raises Refused when what they
    rest on is gone, or their place is taken. Called inside an action."""
    found: list[QuerySet] = []
    for label, names, kept in json.loads(text):
        model: Any = apps.get_model(label)
        fields = {f.attname: f for f in _fields(model)}
        rows = [model(**{n: fields[n].to_python(v) for n, v in zip(names, values, strict=True)}) for values in kept]
        _insist_on_ground(rows, fields.values())
        try:
            with transaction.atomic():
                model.objects.bulk_create(rows)
        except IntegrityError:
            raise Refused("不能恢复：删除之后又登记了同样的记录，位置已经占了。没有改动任何数据。") from None
        again = model.objects.filter(pk__in=[row.pk for row in rows])
        for record in _whole(again):
            entry().note_change(record, {}, {name: getattr(record, name) for name in written_fields(record)})
        found.append(again)
    return found


def _insist_on_ground(rows: Sequence[Any], fields: Any) -> None:
    """Whatever the rows point at must still be there."""
    for field in fields:
        if isinstance(field, ForeignKey):
            wanted = {getattr(row, field.attname) for row in rows} - {None}
            held = field.related_model._base_manager.filter(pk__in=wanted).count()
            if held < len(wanted):
                title = field.related_model._meta.verbose_name
                raise Refused(f"不能恢复：这些记录所属的{title}已经不在了。没有改动任何数据。")


def _fields(model: type[models.Model]) -> list[Any]:
    return list(model._meta.concrete_fields)


def _values(rows: QuerySet) -> Iterator[list[Any]]:
    names = [f.attname for f in _fields(rows.model)]
    for values in rows.model.objects.filter(pk__in=rows.order_by().values("pk")).order_by("pk").values_list(*names):
        yield list(values)


def _whole(rows: QuerySet) -> Iterator[Record]:
    """The rows with everything they point at, so that their values can be told in one statement."""
    ways = [f.name for f in _fields(rows.model) if isinstance(f, ForeignKey)]
    plain = rows.model.objects.filter(pk__in=rows.order_by().values("pk")).order_by("pk")
    yield from plain.select_related(*ways) if ways else plain
