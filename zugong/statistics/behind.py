"""The rows behind a number, as a page of the register they stand in: only those the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from zugong.base.figures import Figure
from zugong.ui.filters import Asked, Chip
from zugong.ui.listing import Listing, Page
from zugong.ui.registers import REGISTERS, Register
from zugong.ui.shown import Fact, field_of
from zugong.ui.views import Pages, asked, number_in


class Behind(Listing):
    """Given rows instead of all rows of the register; nothing else differs."""

    def __init__(self, rows: QuerySet, asked: Asked, chips: Sequence[Chip] = ()) -> None:
        self.given, self.said = rows, list(chips)
        super().__init__(REGISTERS[rows.model._meta.label_lower], asked)

    def rows(self) -> QuerySet:
        """The rows the reader may see, unordered."""
        return self.given.visible_to(self.asked.user).order_by()

    def seen(self, every: int | None) -> int:
        """How many of all the rows the reader may see."""
        mine = self.given.visible_to(self.asked.user)
        if every is not None and (mine is self.given or not every):
            return every
        return int(mine.order_by().values("pk").count())

    def chips(self) -> list[Chip]:
        """What the rows are narrowed by."""
        return self.said


@dataclass(frozen=True)
class Rows:
    """One page of rows ready to be shown, and how many the reader does not see of them; None where he is not told."""

    listing: Behind
    register: Register
    facts: tuple[Fact, ...]
    page: Page
    shown: list[Any]
    seen: int
    hidden: int | None
    readable: bool


def rows_shown(
    request: HttpRequest,
    rows: QuerySet,
    chips: Sequence[Chip] = (),
    *,
    whole: bool,
    wanted: str = "",
    every: int | None = None,
) -> Rows:
    """The page of rows the address asks for. `wanted` is a column that must be among those shown; `every` how many
    rows there are, where that is known. `whole` is False for who may not see every person there is: he is not told how
    many he does not see."""
    listing = Behind(rows, asked(request), chips)
    register, user = listing.register, request.user
    facts = Pages(register).chosen_facts(request)
    if wanted and wanted not in {fact.name for fact in facts}:
        facts = (*facts, *(fact for fact in register.facts if fact.name == wanted))
    readable = user.may_somewhere(register.read)
    if every is None and whole:
        every = rows.order_by().values("pk").count()
    every = every if whole else None
    seen = listing.seen(every) if readable else 0
    page = listing.page(number_in(request, "after"), number_in(request, "before")) if seen else Page([], None, None)
    shown = list(Pages(register).rows(page.records, facts, user))
    return Rows(listing, register, facts, page, shown, seen, None if every is None else every - seen, readable)


def made_of(figure: Figure) -> str:
    """How the number follows from its rows, in a sentence."""
    model = figure.records().model
    if figure.amount:
        return f"这个数是下面各条记录的“{field_of(model, figure.amount)[0].verbose_name}”之和。"
    if figure.of:
        return f"这个数是下面各条记录里不同“{field_of(model, figure.of)[0].verbose_name}”的个数，同一个只计一次。"
    return "这个数就是下面记录的条数。"
