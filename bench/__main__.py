"""`make bench`: every measurement in its own process and home, printed, and kept in docs/bench.md with --keep.

python -m bench              all of them
python -m bench roster       a members' roster of 100,000 rows
python -m bench guarded      the same roster with sealing and trail, and without
python -m bench digest       the daily digest of 20,000 branch secretaries
python -m bench province     25,000 branches, 1,000,000 meetings, 500,000 members
python -m bench board        every duty of 10,000 branches
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import django
from django.db import connection

PARTS = ("roster", "guarded", "digest", "province", "board")
KEPT_IN = Path(__file__).resolve().parent.parent / "docs" / "bench.md"


def part(name: str) -> None:
    """Measure one part in this process, whose home is new."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "zugong.settings"
    django.setup()
    from bench import board, digest, guarded, province, roster, scale  # noqa: PLC0415  (records exist after setup)
    from zugong.desk.prepare import home_ready  # noqa: PLC0415

    home_ready()
    print(f"### {name}（{connection.vendor}）\n", flush=True)
    if name == "roster":
        with tempfile.TemporaryDirectory() as folder:
            lines = roster.run(Path(folder))
            print("\n".join(f"- {line.text()}" for line in lines))
    elif name == "guarded":
        print("\n".join(f"- {line.text()}" for line in guarded.run()))
    elif name == "digest":
        digest.build()
        print("\n".join(f"- {line.text()}" for line in digest.run()))
    elif name == "board":
        province.build(branches=10_000, meetings=400_000, members=200_000)
        print("\n".join(f"- {line.text()}" for line in board.run()))
    else:
        province.build()
        for line in scale.run():
            print(f"- {line.text()}", flush=True)
    print()


def everything(names: list[str], keep: bool) -> None:
    """Each part in a process and home of its own, so that memory and caches are its own, too."""
    said = [
        "# Benchmarks",
        "",
        f"`make bench` on {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{datetime.now(UTC):%Y-%m-%d}. Ratios are against a baseline measured in the same run; times are only printed.",
        "",
    ]
    for name in names:
        with tempfile.TemporaryDirectory(prefix="zugong-bench-") as home:
            command = [sys.executable, "-m", "bench", "--here", name]
            done = subprocess.run(
                command, env={**os.environ, "ZUGONG_HOME": home}, stdout=subprocess.PIPE, text=True, check=True
            )
        print(done.stdout, flush=True)
        said.append(done.stdout.strip() + "\n")
    if keep:
        KEPT_IN.write_text("\n".join(said), "utf-8")


if __name__ == "__main__":
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    if "--here" in sys.argv:
        part(arguments[0])
    else:
        everything(arguments or list(PARTS), "--keep" in sys.argv)
