"""Small numbers hold against a reader who solves for them, and who knows the rules by which they were held back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zugong.statistics.rules import cross_shown, parts_shown, stands_apart, tellable

FEWEST = 3  # the attacker tries every table there could be: a smaller number than in force keeps them few
Told = tuple[int | None, ...] | None
Rule = Callable[[Sequence[int], int], list[bool] | None]


def told(counts: Sequence[int], rule: Rule) -> Told:
    flags = rule(counts, FEWEST)
    return None if flags is None else tuple(n if flag else None for n, flag in zip(counts, flags, strict=True))


def worlds(total: int, size: int) -> list[tuple[int, ...]]:
    return [one for one in product(range(total + 1), repeat=size) if sum(one) == total]


def could_be(counts: Sequence[int], rule: Rule, *, knows: bool) -> list[tuple[int, ...]]:
    """Every table it could be for a reader of the total and the parts told, who may know the rule, too."""
    seen = told(counts, rule)
    return [
        other
        for other in worlds(sum(counts), len(counts))
        if (seen is None or all(n is None or n == there for n, there in zip(seen, other, strict=True)))
        and (not knows or told(other, rule) == seen)
    ]


def broken(counts: Sequence[int], rule: Rule, *, knows: bool) -> bool:
    """Whether a part not told is known more narrowly than it may be: a small one as anything that is small. That a table
    is withheld altogether says to who knows the rule that its small parts are few; one value is lost so."""
    seen, possible = told(counts, rule), could_be(counts, rule, knows=knows)
    lost = 1 if knows and seen is None else 0
    for i, n in enumerate(counts):
        values = {one[i] for one in possible}
        if seen is not None and seen[i] is not None:
            continue
        if len(values) < FEWEST - lost or (n < FEWEST and not set(range(FEWEST - lost)) <= values):
            return True
    return False


def only_the_small(counts: Sequence[int], fewest: int) -> list[bool]:
    return [n >= fewest for n in counts]


def the_smallest_beside(counts: Sequence[int], fewest: int) -> list[bool]:
    small = {i for i, n in enumerate(counts) if n < fewest}
    rest = [i for i in range(len(counts)) if i not in small]
    held = small | ({min(rest, key=lambda i: counts[i])} if small and rest else set())
    return [i not in held for i in range(len(counts))]


TABLES = [one for size in (2, 3) for total in range(FEWEST, 12) for one in worlds(total, size)]


@pytest.mark.parametrize("knows", [False, True])
def test_no_small_part_of_a_told_total_is_found_out(knows):
    assert not [one for one in TABLES if broken(one, parts_shown, knows=knows)]


@pytest.mark.parametrize("rule", [only_the_small, the_smallest_beside])
def test_the_attacker_breaks_weaker_rules(rule):
    assert any(broken(one, rule, knows=True) for one in TABLES)


def test_the_attacker_needs_no_rules_to_break_what_holds_back_the_small_alone():
    assert any(broken(one, only_the_small, knows=False) for one in TABLES)


@settings(suppress_health_check=[HealthCheck.too_slow])  # of a busy machine, not of the rules
@given(st.lists(st.integers(0, 40), min_size=1, max_size=12), st.integers(2, 6))
def test_what_is_told_is_never_small_and_what_is_not_leaves_room(counts, fewest):
    flags = parts_shown(counts, fewest)
    if flags is None:
        assert min(counts) < fewest
        return
    held = [n for n, flag in zip(counts, flags, strict=True) if not flag]
    assert all(n >= fewest for n, flag in zip(counts, flags, strict=True) if flag)
    assert not held or (len(held) >= 2 and sum(held) >= 2 * fewest - 1)
    assert bool(held) == (min(counts) < fewest)


def margins(cells: Sequence[int]) -> tuple[Told, Told]:
    a, b, c, d = cells
    return told((a + b, c + d), parts_shown), told((a + c, b + d), parts_shown)


def told_of_a_cross(cells: Sequence[int]) -> tuple[object, ...]:
    return (*margins(cells), tuple(cells) if cross_shown(cells, FEWEST) else None)


def test_no_cell_of_a_cross_table_is_found_out_from_its_margins():
    same: dict[tuple[object, ...], list[tuple[int, ...]]] = {}
    for total in range(FEWEST, 14):
        for cells in worlds_of_four(total):
            same.setdefault((total, *told_of_a_cross(cells)), []).append(cells)
    for (_, _, _, cells), possible in same.items():
        for i in range(4) if cells is None else ():
            assert len({one[i] for one in possible}) >= FEWEST


def worlds_of_four(total: int) -> list[tuple[int, ...]]:
    firsts = product(range(total + 1), repeat=3)
    return [(*one, total - sum(one)) for one in firsts if sum(one) <= total]


def test_nought_is_a_small_number_too():
    assert [tellable(n, 5) for n in (0, 4, 5)] == [False, False, True]
    assert parts_shown([0, 20, 30], 5) == [False, False, True]
    assert parts_shown([4, 5, 30], 5) == [False, False, True]
    assert parts_shown([3, 5, 30], 5) is None
    assert parts_shown([1, 2, 4], 5) is None


def nested_told(counts: Sequence[int]) -> tuple[int | None, ...]:
    """What is told of numbers each of which holds the next."""
    told: list[int] = []
    shown: list[int | None] = []
    for n in counts:
        tell = tellable(n, FEWEST) and stands_apart(n, told, FEWEST)
        told += [n] if tell else []
        shown.append(n if tell else None)
    return tuple(shown)


def test_no_difference_of_numbers_that_hold_each_other_is_found_out():
    """Each number holds the next: a difference that is small could be anything that is small, also to who knows the rules."""
    possible: dict[tuple[int | None, ...], list[tuple[int, ...]]] = {}
    for one in product(range(14), repeat=3):
        if one[0] >= one[1] >= one[2]:
            possible.setdefault(nested_told(one), []).append(one)
    for shown, there in possible.items():
        for i, j in ((0, 1), (1, 2), (0, 2)):
            if shown[i] is not None:
                small = {one[i] - one[j] for one in there} & set(range(FEWEST))
                assert small in (set(), set(range(FEWEST))), (shown, small)


def test_the_attacker_breaks_numbers_that_are_only_large_themselves():
    """10 and 9 of them: without standing apart, the one who is not among them is told."""
    assert tellable(9, FEWEST)
    assert not stands_apart(9, [10], FEWEST)
    assert nested_told((10, 9, 4)) == (10, None, 4)
