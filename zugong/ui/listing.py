"""One page of a long list: the rows a reader may see, narrowed and in order, found by key and never by counting off.

A page is asked for by the number of the record it follows (`after`) or precedes (`before`), so the thousandth page
costs what the first does, and the address holds no value of anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

from zugong.base.access import Privacy
from zugong.base.numbers import is_secret
from zugong.base.records import Record
from zugong.base.rotating import older_keys
from zugong.base.sealing import BlindIndex, ring
from zugong.ui.filters import Asked, Chip, Choice, Filter, kept_values
from zugong.ui.registers import Register
from zugong.ui.shown import Fact, field_of, relations, sealed_fields

PAGE = 50
COUNTED = 10_000


@dataclass(frozen=True)
class Page:
    """Some rows, and whether there are more on either side."""

    records: list[Any]
    before: int | None
    after: int | None


class Listing:
    """A register asked by a reader: which rows, in which order."""

    def __init__(self, register: Register, asked: Asked, size: int = PAGE) -> None:
        self.register, self.asked, self.size, self.opened = register, asked, size, False
        self.key, self.descending = self._sort_key()
        field, _ = field_of(register.model, self.key)
        self.nullable = self.key != "pk" and (field is None or field.null or "__" in self.key)

    def _sort_key(self) -> tuple[str, bool]:
        said = self.asked.get.get("sort", "")
        allowed = {f.name for f in self.register.facts if f.sort and f.reads(self.asked.user)}
        order = said if said.removeprefix("-") in allowed else self.register.order
        return order.removeprefix("-"), order.startswith("-")

    @property
    def sort(self) -> str:
        """The order in force, as the address says it."""
        return f"-{self.key}" if self.descending else self.key

    def rows(self) -> QuerySet:
        """Every row asked for that the reader may see, unordered."""
        rows = self.register.model.objects.visible_to(self.asked.user).within(self.asked.frame.scope)
        rows = self.register.rows(rows, self.asked.frame)
        for one in self.filters():
            rows = one.narrow(rows, self.asked)
        return self._searched(rows).order_by()

    def filters(self) -> list[Filter]:
        """The filters this reader may use: none over what is masked for them."""
        user, model = self.asked.user, self.register.model
        return [f for f in self.register.every_filter if user.reads(field_of(model, f.name)[1], model.READ)]

    def words(self) -> list[str]:
        """The words searched for; a resident ID is none."""
        said = self.asked.get.get("q", "")
        return [] if is_secret(said) else said.split()[:6]

    def _searched(self, rows: QuerySet) -> QuerySet:
        model, user = self.register.model, self.asked.user
        lookups = [name for name in self.register.search if user.reads(field_of(model, name)[1], model.READ)]
        for word in self.words() if lookups else ():
            anywhere = Q()
            for lookup in lookups:
                anywhere |= self._holds(lookup, word)
            rows = rows.filter(anywhere)
        return rows

    def _holds(self, lookup: str, word: str) -> Q:
        """The condition that a field holds a word; over a relation as a set of its rows, which is asked for once."""
        way, _, last = lookup.rpartition("__")
        field, _ = field_of(self.register.model, lookup)
        if isinstance(field, BlindIndex):  # what is sealed is found by the whole of it only
            return Q(**{f"{lookup}__in": field.marks(word, (*older_keys(), ring().current))})
        if not way:
            return Q(**{f"{lookup}__icontains": word})
        related, _ = field_of(self.register.model, way)
        matches = related.related_model._default_manager.filter(**{f"{last}__icontains": word})
        return Q(**{f"{way}__in": matches.values("pk")})

    def chips(self) -> list[Chip]:
        """The conditions in force."""
        found: list[Chip] = []
        for one in self.filters():
            found += one.chips(self.asked, self.register.filter_title(one), self.register.model)
        if self.words():
            found.append(Chip("搜索", " ".join(self.words()), ("q",)))
        return found

    def told(self) -> dict[str, str]:
        """The conditions in words, as the trail notes them."""
        return described(self.chips())

    def panels(self) -> list[dict[str, Any]]:
        """What to offer for narrowing."""
        model, asked = self.register.model, self.asked
        shown = [f for f in self.filters() if not getattr(f, "hidden", False)]
        open_ones = [f.name for f in shown if isinstance(f, Choice) and not f.values]
        kept = kept_values(asked, model, open_ones) if open_ones else {}
        found = []
        for one in shown:
            offer = one.offer(asked, model, kept.get(one.name, ())) if isinstance(one, Choice) else one.offer(asked, model)
            found.append({"kind": one.kind, "name": one.name, "title": self.register.filter_title(one), **offer})
        return found

    @cached_property
    def total(self) -> tuple[int, bool]:
        """How many rows, exact up to ten thousand; and whether there are more than were counted."""
        n = self.rows().values("pk")[: COUNTED + 1].count()
        return min(n, COUNTED), n > COUNTED

    @cached_property
    def sort_expression(self) -> F | Coalesce:
        """What rows are ordered by. Few rows with a word among very many are found faster by one reading of the table
        than along the index of the sort key, so the index is then kept out of it."""
        key = F(self.key)
        return Coalesce(key, key) if self.words() and self.key != "pk" and not self.total[1] else key

    def page(self, after: int | None = None, before: int | None = None) -> Page:
        """The rows after (or before) a record; from the beginning when that record is not there any more."""
        cursor = self._cursor(after or before)
        forward = cursor is None or after is not None
        pks = list(islice(self._keys(forward, cursor), self.size + 1))
        more, pks = len(pks) > self.size, pks[: self.size]
        if not forward:
            pks.reverse()
        has_before, has_after = (cursor is not None, more) if forward else (more, True)
        if not has_before and not has_after:
            self.__dict__["total"] = len(pks), False  # all of it is on this page, so it need not be counted
        records = self.fetched(pks, self.register.facts)
        return Page(records, pks[0] if pks and has_before else None, pks[-1] if pks and has_after else None)

    def _cursor(self, pk: int | None) -> tuple[Any, int] | None:
        if pk is None:
            return None
        rows = self.register.rows(self.register.model.objects.visible_to(self.asked.user), self.asked.frame)
        return rows.filter(pk=pk).values_list(self.key, "pk").first()

    def _keys(self, forward: bool, cursor: tuple[Any, int] | None) -> Iterator[int]:
        """Numbers of rows in order from the cursor on: first those with a sort key, then those without."""
        rows = self.rows()
        parts: Sequence[bool] = (True, False) if self.nullable else (True,)
        for keyed in parts if forward else tuple(reversed(parts)):
            in_part = cursor is not None and (cursor[0] is not None) == keyed
            passed = cursor is not None and not in_part and (cursor[0] is not None) != forward
            if passed:
                continue
            part = rows.filter(**{f"{self.key}__isnull": not keyed}) if self.nullable else rows
            if in_part:
                part = part.filter(self._beyond(cursor, keyed, forward))
            yield from self._ordered(part, keyed, forward).values_list("pk", flat=True)[: self.size + 1]

    def _beyond(self, cursor: tuple[Any, int], keyed: bool, forward: bool) -> Q:
        """After the cursor in the direction asked for; written so that an index on the key bounds the search."""
        up = forward != self.descending
        side = "gt" if up else "lt"
        further = Q(**{f"pk__{side}": cursor[1]})
        if not keyed or self.key == "pk":
            return further
        return Q(**{f"{self.key}__{side}e": cursor[0]}) & (Q(**{f"{self.key}__{side}": cursor[0]}) | further)

    def _ordered(self, rows: QuerySet, keyed: bool, forward: bool) -> QuerySet:
        down = forward == self.descending
        by = [self.sort_expression, F("pk")] if keyed and self.key != "pk" else [F("pk")]
        return rows.order_by(*(OrderBy(one, descending=down) for one in by))

    def fetched(self, pks: Sequence[int], facts: Sequence[Fact]) -> list[Record]:
        """The records with these numbers, in this order, with what the facts need; sealed fields of which a list never
        shows anything stay closed."""
        ways = relations(facts)
        rows = self.register.rows(self.register.model.objects.filter(pk__in=pks), self.asked.frame)
        rows = rows.select_related(*ways) if ways else rows
        shown = {f.name for f in facts if self.opened or f.privacy != Privacy.RESTRICTED}
        closed = [name for name in sealed_fields(self.register.model, ways) if name not in shown]
        by_pk = {r.pk: r for r in rows.defer(*closed)}
        return [by_pk[pk] for pk in pks if pk in by_pk]

    def every(self, facts: Sequence[Fact], most: int | None = None) -> Iterator[Record]:
        """All rows in order, fetched in pieces."""
        pks = self._every_key()
        keys = islice(pks, most) if most else pks
        while piece := list(islice(keys, 500)):
            yield from self.fetched(piece, facts)

    def _every_key(self) -> Iterator[int]:
        rows = self.rows()
        if not self.nullable:
            yield from self._ordered(rows, True, True).values_list("pk", flat=True).iterator()
            return
        for keyed in (True, False):
            part = rows.filter(**{f"{self.key}__isnull": not keyed})
            yield from self._ordered(part, keyed, True).values_list("pk", flat=True).iterator()


def described(chips: Iterable[Chip]) -> dict[str, str]:
    """The conditions in words, for the trail and for the head of an exported file."""
    return {chip.title: chip.words for chip in chips}
