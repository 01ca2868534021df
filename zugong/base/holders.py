"""Where sealed values lie: found by going over all models, so that a new sealed column is never forgotten.

A table that is not ours but holds sealed values says so here; a test that looks through a whole home finds what does not.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models

from zugong.base.providers import ID_SIZE
from zugong.base.sealing import HEAD, VERSION, BlindIndex, Sealed, SealedFile, key_of, ring, text_head

HEAD_TEXT = 8  # characters a sealed text's key is told by
AT_ONCE, AT_ONCE_LENGTH = 200, 8 << 20  # rows and characters of one small transaction


@dataclass(frozen=True)
class Holder:
    """A table with sealed columns: texts, names of sealed files, blind indexes."""

    model: type[models.Model]
    texts: tuple[Any, ...]
    files: tuple[Any, ...]
    indexes: tuple[BlindIndex, ...]

    @property
    def label(self) -> str:
        """The model's name in the house."""
        return self.model._meta.label_lower

    @property
    def title(self) -> str:
        """What the table is called in a sentence."""
        return str(self.model._meta.verbose_name)

    def table(self) -> str:
        """The quoted name of the table."""
        return connection.ops.quote_name(self.model._meta.db_table)

    def key(self) -> str:
        """The quoted name of the column that numbers the rows."""
        return connection.ops.quote_name(self.model._meta.pk.column)

    def not_under(self, current: str) -> tuple[str, list[str]]:
        """The condition that some text or index of a row is not under a key, and what it is filled in with."""
        said = [(column(f), HEAD_TEXT, text_head(current)) for f in self.texts]
        said += [(column(f), len(current) + 1, f"{current}:") for f in self.indexes]
        each = [f"({name} <> '' AND substr({name}, 1, {length}) <> %s)" for name, length, _ in said]
        return " OR ".join(each), [head for _, _, head in said]

    def left(self, current: str, after: int = 0) -> list[int]:
        """The numbers of the next rows that are not under a key, as many as one small transaction takes."""
        where, filled = self.not_under(current)
        sizes = " + ".join(f"coalesce(length({column(f)}), 0)" for f in (*self.texts, *self.indexes))
        statement = (
            f"SELECT {self.key()}, {sizes} FROM {self.table()} WHERE {self.key()} > %s AND ({where}) "  # noqa: S608
            f"ORDER BY {self.key()} LIMIT {AT_ONCE}"
        )
        found: list[int] = []
        length = 0
        for pk, size in rows(statement, [after, *filled]):
            length += size
            if found and length > AT_ONCE_LENGTH:
                break
            found.append(pk)
        return found

    def under(self, key_id: str) -> int:
        """How many texts and indexes are under a key."""
        return sum(self._counted(f"substr({column(f)}, 1, {len(head)}) = %s", head) for f, head in self._heads(key_id))

    def keys(self) -> set[str]:
        """The keys that something of it is under, whether they are in the ring or not; the first version says none."""
        found = set()
        for field in self.texts:
            name = column(field)
            heads = rows(f"SELECT DISTINCT substr({name}, 1, {HEAD_TEXT}) FROM {self.table()} WHERE {name} <> ''")  # noqa: S608
            found |= {key_told(head) for (head,) in heads}
        for field in self.indexes:
            name = column(field)
            marks = rows(f"SELECT DISTINCT substr({name}, 1, {2 * ID_SIZE}) FROM {self.table()} WHERE {name} <> ''")  # noqa: S608
            found |= {mark for (mark,) in marks}
        return (found | set(files_by_key(self))) - {""}

    def held(self) -> int:
        """How many texts and indexes there are."""
        return sum(self._counted(f"{column(f)} <> ''") for f in (*self.texts, *self.indexes))

    def _heads(self, key_id: str) -> Iterator[tuple[Any, str]]:
        yield from ((f, text_head(key_id)) for f in self.texts)
        yield from ((f, f"{key_id}:") for f in self.indexes)

    def _counted(self, where: str, *filled: str) -> int:
        return int(rows(f"SELECT count(*) FROM {self.table()} WHERE {where}", filled)[0][0])  # noqa: S608

    def names(self, after: int = 0) -> list[tuple[int, str, Any]]:
        """The files of the next rows: the row's number, the file's name, the field."""
        kept = self.model._base_manager.filter(pk__gt=after).order_by("pk")
        found = kept.values_list("pk", *(f.attname for f in self.files))[:AT_ONCE] if self.files else ()
        return [(pk, name, f) for pk, *given in found for f, name in zip(self.files, given, strict=True) if name]


def key_told(head: str) -> str:
    """The key that the first characters of a sealed text tell; "" for the first version, and for what is no sealed text."""
    try:
        raw = base64.b64decode(head, validate=True)
    except ValueError:
        return ""
    return raw[len(VERSION) :].hex() if raw[:1] == VERSION and len(raw) == HEAD else ""


def column(field: Any) -> str:
    """The quoted name of a field's column."""
    return connection.ops.quote_name(field.column)


def rows(statement: str, filled: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """What a statement finds, as it is kept."""
    with connection.cursor() as cursor:
        cursor.execute(statement, filled)
        return cursor.fetchall()


def holders() -> list[Holder]:
    """Every table with sealed columns."""
    found = []
    for model in apps.get_models():
        fields = model._meta.concrete_fields
        files = tuple(f for f in fields if isinstance(f, SealedFile))
        texts = tuple(f for f in fields if isinstance(f, Sealed) and f not in files)
        indexes = tuple(f for f in fields if isinstance(f, BlindIndex))
        if texts or files:
            found.append(Holder(model, texts, files, indexes))
    return found


def file_path(name: str) -> Path:
    """Where a sealed file lies."""
    return Path(settings.ZUGONG_FILES) / name


def file_key(name: str) -> str:
    """The key a file is sealed under, "" where there is no such file."""
    try:
        with file_path(name).open("rb") as file:
            return key_of(file.read(HEAD))
    except FileNotFoundError:
        return ""


def files_by_key(holder: Holder) -> dict[str, int]:
    """How many files of a table are under each key."""
    found: dict[str, int] = {}
    after = 0
    while names := holder.names(after):
        after = names[-1][0]
        for _, name, _ in names:
            if key := file_key(name):
                found[key] = found.get(key, 0) + 1
    return found


def needed() -> dict[str, dict[str, int]]:
    """For each key of the ring how much of each table is under it; what is of the first version is under the first key."""
    keys = ring(again=True).keys
    found: dict[str, dict[str, int]] = {key: {} for key in keys}
    for holder in holders():
        by_key = {key: holder.under(key) for key in keys}
        by_key[keys[0]] += holder.held() - sum(by_key.values())
        for key, n in files_by_key(holder).items():
            by_key[key] = by_key.get(key, 0) + n
        for key, n in by_key.items():
            if n:
                found.setdefault(key, {})[holder.title] = found.setdefault(key, {}).get(holder.title, 0) + n
    return found
