"""Choosing a record by typing part of its name: the words a choice goes by, and the record behind the words.

A record chosen so has a `name` and perhaps a `code`; the words are 名称（代码）, or the name alone where it has no code.
"""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import QuerySet

MOST = 20
CODED = re.compile(r"^(?P<name>.*)（(?P<code>[^（）]+)）$")


def label_of(record: Any) -> str:
    """The words a record is chosen by."""
    code = getattr(record, "code", "")
    return f"{record.name}（{code}）" if code else str(record.name)


def found(rows: QuerySet, words: str) -> list[Any]:
    """The records the words mean among these rows: none, the one, or several of that name."""
    words = words.strip()
    if not words:
        return []
    coded = CODED.match(words)
    if coded and (by_code := list(_by_code(rows, coded["code"])[:2])):
        return by_code
    by_code = list(_by_code(rows, words)[:2])
    return by_code or list(rows.filter(name=words).order_by("pk")[:2])


def _by_code(rows: QuerySet, code: str) -> QuerySet:
    """Rows by their code; a record whose code is its own number with a letter before it (P12) is found by the number."""
    try:
        rows.model._meta.get_field("code")
    except FieldDoesNotExist:
        number = re.fullmatch(r"[A-Z](\d{1,18})", code)
        return rows.filter(pk=int(number[1])) if number and hasattr(rows.model, "code") else rows.none()
    return rows.filter(code=code)


def candidates(rows: QuerySet, typed: str) -> QuerySet:
    """The first records whose name holds what was typed so far."""
    coded = CODED.match(typed.strip())
    return rows.filter(name__icontains=coded["name"] if coded else typed.strip()).order_by("name", "pk")[:MOST]
