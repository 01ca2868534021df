"""Files that hold a secret: readable by their owner only, made on first use, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """What the file holds. Where there is none yet, `make` fills it: of several processes the first, and a process
    killed on the way leaves nothing behind that another would take for the secret."""
    if not path.exists():
        private(path.parent)
        handle, draft = tempfile.mkstemp(dir=path.parent)  # mode 600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(make())
                file.flush()
                os.fsync(file.fileno())
            _name(Path(draft), path)
        finally:
            os.unlink(draft)
    return path.read_bytes()


def private(folder: Path) -> None:
    """Make a folder that nobody but its owner may look into; one that is there already stays as it is."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _name(draft: Path, path: Path) -> None:
    """Give the finished file its name, unless another process was first."""
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
