"""The words of a PDF, read in a process of its own that gets so much time and memory and no more: a file may be made to take
both without end."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

READER = Path(__file__).with_name("pdfreader.py")
PATIENCE = 10  # seconds; what was read by then is what there is
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def words(content: bytes) -> str:
    """The words of a PDF, as far as they can be read; "" for a scan, and for one that is locked or broken."""
    command = [sys.executable, "-I", str(READER)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603
        said = done.stdout
    except subprocess.TimeoutExpired as late:
        said = late.stdout or b""
    return CONTROLS.sub("", said.decode("utf-8", "ignore"))
