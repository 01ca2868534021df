"""Telling rows apart: which kept record a row is, and what about it is new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from zugong.base.ledgers import Ledger, Row
from zugong.base.sealing import SealedField
from zugong.base.sets import chunks
from zugong.people.models import kept_forms, mark_of

Key = tuple[Any, ...]


def key_of(ledger: Ledger, row: Row) -> Key:
    """What the row is known by; a resident ID stands as its blind index."""
    names = ledger.key
    if ledger.alternative_key and any(row.values[name] is None for name in names):
        names = ledger.alternative_key
    return tuple(_part(row, name) for name in names)


def _part(row: Row, name: str) -> Any:
    return (mark_of(row) or None) if name == "resident_id" else row.values[name]


def lookup_of(ledger: Ledger, name: str) -> str:
    """Where a key column stands on the kept record."""
    return "person__resident_id_index" if name == "resident_id" else ledger.column(name).stored


def _is_sealed(kind: type[Model], lookup: str) -> bool:
    return "__" not in lookup and isinstance(kind._meta.get_field(lookup), SealedField)


def plain(value: Any) -> Any:
    """Nothing is nothing, however it is kept: "" and None and False are the same."""
    return None if value == "" or value is False else value


@dataclass
class Comparer:
    """Finds the kept record of each row of one ledger, as it stands after the files read before.

    Where the key holds no ID or code, equal rows are several records: the second of a file meets the second kept.
    """

    ledger: Ledger
    remember: bool = False
    _overlay: dict[Key, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    _met: dict[Key, int] = field(default_factory=lambda: defaultdict(int))

    def begin_file(self) -> None:
        """Rows of another file meet the kept records from the first one again."""
        self._met.clear()

    def compare(self, rows: Sequence[Row]) -> None:
        """Set each row's state, and for kept ones the record's number and the old values that differ."""
        for chunk in chunks(rows):
            kept = self._kept(chunk)
            for row in chunk:
                self._compare(row, kept)

    def _compare(self, row: Row, kept: dict[Key, list[tuple[int, dict[str, Any]]]]) -> None:
        key = key_of(self.ledger, row)
        times = self._met[key]
        self._met[key] += 1
        there = kept.get(key, [])
        values = {c.name: plain(row.values[c.name]) for c in self.ledger.compared}
        if times < len(there):
            row.record, old = there[times]
            self._overlay_or(row, key, times, old, values)
            return
        added = self._overlay.get(key, [])
        if times - len(there) < len(added):
            self._judge(row, added[times - len(there)], values)
        else:
            row.state = "new"
            if self.remember:
                self._overlay[key].append(values)

    def _overlay_or(self, row: Row, key: Key, times: int, old: dict[str, Any], values: dict[str, Any]) -> None:
        """Compare with what an earlier file of the batch made of the record, else with what is kept."""
        changed = self._overlay.get((*key, "kept", times))
        self._judge(row, changed[0] if changed else old, values)
        if self.remember and row.state == "changed" and not row.refused:
            self._overlay[(*key, "kept", times)] = [{**old, **{n: v for n, v in values.items() if v is not None or n in old}}]

    def _judge(self, row: Row, old: dict[str, Any], values: dict[str, Any]) -> None:
        row.before = {n: old[n] for n, v in values.items() if old[n] != v and n in row.values}
        row.state = "changed" if row.before else "same"
        if row.before and self.ledger.judge:
            self.ledger.judge(row)

    def _kept(self, rows: Sequence[Row]) -> dict[Key, list[tuple[int, dict[str, Any]]]]:
        found: dict[Key, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
        seen: set[int] = set()
        names = [c.name for c in self.ledger.compared]
        for names_of_key, group in self._grouped(rows):
            asked = [lookup_of(self.ledger, name) for name in names_of_key]
            stored = [c.stored for c in self.ledger.compared]
            forms = kept_forms(mark_of(row) for row in group)
            query = self.ledger.kept().filter(**self._narrowed(names_of_key, asked, group)).order_by("pk")
            for pk, *values in query.values_list("pk", *asked, *stored):
                key = tuple(forms.get(v, v) if n == "resident_id" else v for n, v in zip(names_of_key, values, strict=False))
                if (pk, key) not in seen:
                    seen.add((pk, key))  # type: ignore[arg-type]
                    old = dict(zip(names, map(plain, values[len(asked) :]), strict=True))
                    found[tuple(None if part == "" else part for part in key)].append((pk, old))
        return found

    def _grouped(self, rows: Sequence[Row]) -> Iterator[tuple[tuple[str, ...], list[Row]]]:
        """Rows known by their key, and rows known by the other key because they lack it."""
        lacking = [r for r in rows if self.ledger.alternative_key and any(r.values[n] is None for n in self.ledger.key)]
        whole = [r for r in rows if r not in lacking] if lacking else list(rows)
        if whole:
            yield self.ledger.key, whole
        if lacking:
            yield self.ledger.alternative_key, lacking

    def _narrowed(self, names: Sequence[str], lookups: Sequence[str], rows: Sequence[Row]) -> dict[str, Any]:
        """Ask only for records whose first two key parts occur among the rows; what is sealed cannot be asked for."""
        narrowed, kind = {}, self.ledger.kept().model
        open_ones = [(n, at) for n, at in zip(names, lookups, strict=True) if not _is_sealed(kind, at)]
        for name, lookup in open_ones[:2]:
            values = {_part(row, name) for row in rows}
            if None not in values:
                narrowed[f"{lookup}__in"] = list(kept_forms(values)) if name == "resident_id" else list(values)
        return narrowed
