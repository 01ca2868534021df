"""Small numbers: which parts of a total may be told to somebody who may not see the people counted.

Counts in, what may be shown out. The counts are of those the reader may not see: what he sees he can count himself.
The proof, also against a reader who knows these rules, is in docs/adr and is tried on every small table by a test.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def tellable(count: float, fewest: int) -> bool:
    """Whether one number may be told: none below `fewest`, 0 included."""
    return count >= fewest


def parts_shown(counts: Sequence[int], fewest: int) -> list[bool] | None:
    """Which parts of a total that is told may be told beside it; None where none may.

    Those below `fewest` are held back, and with them the first of the others, whatever its size, so that they cannot be
    taken from the total. What is held back must leave room: with the one from the others at `fewest` at least, each small
    part could still be anything below `fewest`. Which other part is taken must not depend on sizes, or it would tell them.
    """
    small = {i for i, n in enumerate(counts) if n < fewest}
    if not small:
        return [True] * len(counts)
    other = next((i for i in range(len(counts)) if i not in small), None)
    if other is None or sum(counts[i] for i in {*small, other}) < 2 * fewest - 1:
        return None
    told = [i not in small and i != other for i in range(len(counts))]
    return told if any(told) else None


def cross_shown(counts: Iterable[int], fewest: int) -> bool:
    """Whether the cells of a cross-table may be told: all or none, because its margins are tables of their own."""
    return all(n >= fewest for n in counts)


def stands_apart(count: int, told: Iterable[int], fewest: int) -> bool:
    """Whether a number may be told beside others, any of which may hold all of it or be held by it: no difference is small."""
    return all(abs(count - other) >= fewest for other in told)
