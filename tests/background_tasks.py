"""What the proofs of the background enqueue: a task that lingers the first time it is tried, and is quick the second time."""

from __future__ import annotations

import os
import time
from pathlib import Path

from django_tasks import task


@task()
def linger(folder: str) -> str:
    """Say which process is at it, and stay at it; whoever comes after a first one is done at once."""
    first = Path(folder) / "first"
    if first.exists():
        return "again"
    first.write_text(str(os.getpid()), "utf-8")
    time.sleep(120)
    return "first"
