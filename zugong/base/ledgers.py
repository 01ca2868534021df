"""What a ledger is: its columns with the headings they go by, its key, and the set action that keeps its rows.

A ledger is declared in the room it feeds. This module is pure: it reads rows into clean values and says what is
wrong with them; comparing with what is kept, staging and committing are the intake's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from zugong.base import cells
from zugong.base.access import Permission, Privacy
from zugong.base.cells import BadCell, Reader

Values = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One column of a ledger.

    `also` are other headings it goes by. `key` columns make the row's natural key. `required`: without it the row is
    refused. `happened`: the day must not lie after the day of import. `known`: other words are taken as written, with
    a warning. `stored`: where the value stands on the kept record ("" when it is not compared). `fact`: what it says
    about the person. `refers`: the column names something kept elsewhere (organization, unit, person; a member of the row's
    organization, without whom the row is refused). `unlike`: headings that look like this column's and mean something
    else. `guarded` tells by a row's values whether the cell is restricted in that row, where `privacy` alone is less.
    `extra`: a sheet need not have it, and is not told by it.
    """

    name: str
    heading: str
    read: Reader
    also: tuple[str, ...] = ()
    key: bool = False
    required: bool = False
    happened: bool = False
    known: frozenset[str] = frozenset()
    stored: str = ""
    fact: str = ""
    refers: str = ""
    unlike: tuple[str, ...] = ()
    privacy: Privacy = Privacy.INTERNAL
    hint: str = ""
    guarded: Callable[[Values], bool] | None = None
    extra: bool = False

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading the column goes by, the standard one first."""
        return (self.heading, *self.also)

    def class_in(self, values: Values) -> Privacy:
        """The class of the cell in a row with these values."""
        return Privacy.RESTRICTED if self.guarded and self.guarded(values) else self.privacy


@dataclass
class Problem:
    """Something wrong with one cell (or, without a column, with the row)."""

    column: str
    reason: str
    hint: str = ""
    refuses: bool = True


@dataclass
class Row:
    """One data row on its way in. `mark` is the blind index of its resident ID, once worked out."""

    number: int
    values: Values
    cells: tuple[Any, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    origin: int | None = None
    state: str = ""
    before: Values | None = None
    record: Any = None
    touches_person: bool = False
    mark: str = ""

    @property
    def refused(self) -> bool:
        """Whether any problem keeps the row out."""
        return any(p.refuses for p in self.problems)

    def refuse(self, column: str, reason: str, hint: str) -> None:
        """Keep the row out because of a cell."""
        self.problems.append(Problem(column, reason, hint))

    def warn(self, column: str, reason: str, hint: str = "") -> None:
        """Take the row, and say what is odd about a cell."""
        self.problems.append(Problem(column, reason, hint, refuses=False))


@dataclass(frozen=True)
class Ledger:
    """A ledger: what arrives in it, how its rows are told apart, and the set action that keeps them.

    `identified`: the key holds an ID or a code, so it may not repeat inside a file; otherwise equal rows are two
    records. `kept` gives the ledger's own records with their stored values; `take` is the set action.
    `also_needs` are rights of other offices whose records it keeps, too. `judge` may refuse a change of what is kept, whose
    old values stand in the row's `before`.
    `title` names the ledger; `also` are words that its title line may hold.
    """

    id: str
    number: str
    title: str
    columns: tuple[Column, ...]
    kept: Callable[[], Any]
    take: Callable[..., None]
    identified: bool = False
    also: tuple[str, ...] = ()
    alternative_key: tuple[str, ...] = ()
    also_needs: frozenset[Permission] = frozenset()
    judge: Callable[[Row], None] | None = None

    @property
    def needs(self) -> frozenset[Permission]:
        """What an account must be allowed to do to take this ledger in: the set action's right, and that of every other
        office whose records it keeps as its own."""
        return frozenset({self.take.permission}) | self.also_needs  # type: ignore[attr-defined]

    def column(self, name: str) -> Column:
        """The column of that name."""
        return self._by_name[name]

    @property
    def _by_name(self) -> Mapping[str, Column]:
        return {c.name: c for c in self.columns}

    @property
    def key(self) -> tuple[str, ...]:
        """The names of the key columns."""
        return tuple(c.name for c in self.columns if c.key)

    @property
    def usual(self) -> tuple[Column, ...]:
        """The columns every sheet of the ledger should have."""
        return tuple(c for c in self.columns if not c.extra)

    @property
    def compared(self) -> tuple[Column, ...]:
        """The columns whose values stand on the ledger's own record."""
        return tuple(c for c in self.columns if c.stored)


@dataclass(frozen=True)
class Placement:
    """Where a ledger's columns stand in a sheet: position by column name; headings as written; what was not known.

    `guessed` columns were told by their cells; `lines` are the heading rows, tidied, to know them again further down.
    """

    ledger: Ledger
    positions: Mapping[str, int]
    headings: tuple[str, ...]
    heading_row: int
    unknown: tuple[str, ...] = ()
    guessed: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[tuple[str, ...], ...] = ()


class Cleaner:
    """Reads the rows of one sheet into clean values; remembers cells it has read before."""

    def __init__(self, placement: Placement, today: date) -> None:
        self.placement, self.today = placement, today
        self._columns: list[tuple[Column, int | None, dict[Any, Any]]] = [
            (c, placement.positions.get(c.name), {}) for c in placement.ledger.columns
        ]

    def clean(self, number: int, row: Sequence[Any]) -> Row:
        """One row: values by column name, and what is wrong with its cells."""
        found = Row(number, {}, tuple(row))
        for column, position, seen in self._columns:
            cell = row[position] if position is not None and position < len(row) else None
            found.values[column.name] = self._read(column, cell, seen, found)
        return found

    def _read(self, column: Column, cell: Any, seen: dict[Any, Any], row: Row) -> Any:
        if cell in seen:
            value = seen[cell]
        else:
            try:
                value = column.read(_sound(cell))
            except BadCell as bad:
                row.problems.append(Problem(column.name, bad.reason, bad.hint, refuses=_must_be_read(column)))
                return None
            if len(seen) < 20_000:
                seen[cell] = value
        self._judge(column, value, row)
        return value

    def _judge(self, column: Column, value: Any, row: Row) -> None:
        if value is None:
            if column.required:
                row.refuse(column.name, f"“{column.heading}”是空的", column.hint or f"请填写{column.heading}。")
        elif column.happened and value > self.today:
            reason = f"{value} 晚于导入之日（{self.today}），还没有发生"
            row.refuse(column.name, reason, "请核对日期，多半是年份写错了。")
        elif column.known and value not in column.known:
            row.warn(column.name, f"“{value}”不在常用取值之内，按原文收下")


def _sound(cell: Any) -> Any:
    """The cell itself; raises BadCell where a formula came to nothing."""
    if isinstance(cell, str) and cell.strip().upper() in cells.ERRORS:
        raise BadCell(f"单元格里是公式错误 {cell.strip()}，不是内容", "请改正公式，或者直接填写内容。")
    return cell


def _must_be_read(column: Column) -> bool:
    """A date that cannot be read, or anything the row is known by, keeps the row out; other cells are left empty."""
    return column.required or column.key or column.read in (cells.day, cells.day_or_month)
