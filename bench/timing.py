"""Timing."""

from __future__ import annotations

import time
from collections.abc import Callable


def best_of(measured: Callable[[], object], times: int = 3) -> tuple[float, object]:
    """The shortest of a few runs, and the result."""
    spent, result = [], None
    for _ in range(times):
        begun = time.perf_counter()
        result = measured()
        spent.append(time.perf_counter() - begun)
    return min(spent), result
