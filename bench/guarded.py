"""What sealing and the trail cost: a roster of 100,000 rows taken in with them, and the same without, in processes of their
own. Without means: nothing is encrypted or marked by a keyed digest, and no entry is chained or kept; switched off here
only, in the process that measures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.measure import Line

ROWS, TIMES, BOUND = 100_000, 3, 1.25


def switch_off() -> None:
    """Seal nothing, mark plainly, chain nothing."""
    from zugong.base import sealing, trail  # noqa: PLC0415  (records exist after setup)

    sealing.seal = lambda value, field: value
    sealing.unseal = lambda sealed, field: sealed
    sealing.sealed = lambda text, field: text
    sealing.unsealed = lambda text, field: text
    sealing.index = lambda value, field, key_id="": value
    sealing.Digest.update = lambda self, part: None
    trail.write = lambda drafts: None
    from zugong.people import models  # noqa: PLC0415

    models.index = sealing.index


def taken_in(rows: int) -> dict[str, float]:
    """Processor time and clock of preview and commit of a roster, in this process and home."""
    from bench import roster  # noqa: PLC0415
    from zugong.desk.prepare import operator  # noqa: PLC0415
    from zugong.intake import actions  # noqa: PLC0415
    from zugong.intake.actions import Incoming  # noqa: PLC0415

    by = operator()
    by.day = roster.TODAY
    with tempfile.TemporaryDirectory() as folder:
        organizations, members = roster.write_files(Path(folder), rows)
        for path in (organizations, members):
            clock, processor = time.perf_counter(), time.process_time()
            batch = actions.stage(by=by, on=roster.TODAY, files=[Incoming(path, path.name)])
            actions.commit(by=by, on=roster.TODAY, batch=batch)
    return {"clock": time.perf_counter() - clock, "processor": time.process_time() - processor}


def run(rows: int = ROWS, times: int = TIMES) -> list[Line]:
    """Both ways in turn, each time in a new process and home; the shortest of each counts."""
    spent: dict[str, list[dict[str, float]]] = {"with": [], "without": []}
    for _ in range(times):
        for how, found in spent.items():
            with tempfile.TemporaryDirectory(prefix="zugong-bench-") as home:
                done = subprocess.run(
                    [sys.executable, "-m", "bench.guarded", how, str(rows)],
                    env={**os.environ, "ZUGONG_HOME": home}, stdout=subprocess.PIPE, text=True, check=True,
                )  # fmt: skip
            found.append(json.loads(done.stdout.splitlines()[-1]))

    def best(how: str, what: str) -> float:
        return min(one[what] for one in spent[how])

    return [
        Line(
            f"导入 {rows} 行，加密和留痕对不加密不留痕：处理器", best("with", "processor"), best("without", "processor"), BOUND
        ),
        Line("　同上：钟表", best("with", "clock"), best("without", "clock"), BOUND),
    ]


if __name__ == "__main__":
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "zugong.settings"
    django.setup()
    from zugong.desk.prepare import home_ready

    home_ready()
    if sys.argv[1] == "without":
        switch_off()
    print(json.dumps(taken_in(int(sys.argv[2]))))
