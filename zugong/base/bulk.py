"""Inserting many new rows at once.

`QuerySet.bulk_create` writes out one SQL expression for each value; for a roster of a hundred thousand people that
costs more than everything else together. Here the values go to the driver's `executemany` as they are (docs/adr).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, connections, models

CHUNK = 5_000


def insert(rows: Sequence[models.Model]) -> None:
    """Keep new rows of one kind and give them their numbers, in their order. Runs inside the caller's transaction."""
    if not rows:
        return
    kind = type(rows[0])
    fields = kind._meta.concrete_fields
    alias = connection.alias
    for row, number in zip(rows, _fresh_numbers(kind, len(rows)), strict=True):
        row.pk = number
        row._state.adding, row._state.db = False, alias
    names = ", ".join(connection.ops.quote_name(f.column) for f in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {connection.ops.quote_name(kind._meta.db_table)} ({names}) VALUES ({marks})"  # noqa: S608
    with connection.cursor() as cursor:
        for start in range(0, len(rows), CHUNK):
            cursor.executemany(statement, list(_values(rows[start : start + CHUNK], fields)))


def _values(rows: Sequence[models.Model], fields: Sequence[models.Field]) -> Iterator[tuple[Any, ...]]:
    ready = [(f.attname, f.get_db_prep_save) for f in fields]
    plain = connections[connection.alias]  # not the proxy, which looks the connection up at each of millions of questions
    for row in rows:
        held = row.__dict__
        yield tuple(prepared(held[name], plain) for name, prepared in ready)


def _fresh_numbers(kind: type[models.Model], many: int) -> list[int]:
    """Numbers never used before, also not by rows since deleted: the trail names rows by them."""
    table = kind._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
            cursor.execute(sequence, [f'"{table}"', kind._meta.pk.column, many])
            return [number for (number,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
    return list(range(last + 1, last + 1 + many))
