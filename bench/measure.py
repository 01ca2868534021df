"""A measured line, and the process's peak memory."""

from __future__ import annotations

import sys
from dataclasses import dataclass

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Line:
    """What was measured, against what, and the ratio (or, without a baseline, the value) it may have."""

    what: str
    measured: float
    baseline: float | None = None
    bound: float | None = None

    @property
    def ratio(self) -> float | None:
        """Measured over baseline."""
        return self.measured / self.baseline if self.baseline else None

    def text(self) -> str:
        """The line as it is printed."""
        bound = "" if self.bound is None else f"　上限 {self.bound:g}"
        if self.baseline is None:
            return f"{self.what}：{self.measured:.3g}{bound}"
        return f"{self.what}：{self.measured:.3f} 秒，基线 {self.baseline:.3f} 秒，比值 {self.ratio:.2f}{bound}"


def peak_memory() -> float:
    """The largest memory this process has held, in MiB."""
    if resource is None:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 if sys.platform != "darwin" else peak / 1024 / 1024
