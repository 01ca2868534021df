"""Rows chosen on a register's page (选中): numbers sent with the form, never kept; what the reader may not see is not there."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from django.db.models import QuerySet

from zugong.base.rules import Refused
from zugong.ui.filters import Asked, Chip
from zugong.ui.listing import Listing, described
from zugong.ui.registers import Register

MOST = 500


def numbers_in(sent: Iterable[str]) -> list[int]:
    """Records' numbers as they were sent, each once; what is no number is left aside. Raises Refused for too many."""
    numbers = list(dict.fromkeys(int(one) for one in sent if one.isdecimal() and len(one) < 19))
    if len(numbers) > MOST:
        raise Refused(f"一次最多选 {MOST} 条，没有办。请分几次选，或者用条件筛选后导出全部。")
    return numbers


class Selection(Listing):
    """Chosen rows instead of all that fit the filters; in the order the page had."""

    def __init__(self, register: Register, asked: Asked, numbers: Iterable[int]) -> None:
        super().__init__(register, asked)
        self.numbers = list(numbers)

    @cached_property
    def held(self) -> list[int]:
        """The numbers of those rows that are there and that the reader may see."""
        rows = self.register.model.objects.visible_to(self.asked.user).filter(pk__in=self.numbers)
        return list(rows.order_by("pk").values_list("pk", flat=True))

    def plain(self) -> QuerySet:
        """The chosen rows as they are kept."""
        return self.register.model.objects.filter(pk__in=self.held)

    def rows(self) -> QuerySet:
        """The chosen rows with what the columns need, unordered."""
        return self.register.rows(self.plain(), self.asked.frame).order_by()

    @cached_property
    def total(self) -> tuple[int, bool]:
        """How many."""
        return len(self.held), False

    def chips(self) -> list[Chip]:
        """What a printed or exported page says it holds."""
        return [Chip("选中", f"{len(self.held)} {self.register.unit}", ())]

    def told(self) -> dict[str, str]:
        """For the trail: which rows, too."""
        return {**described(self.chips()), "编号": "、".join(map(str, self.held))}
