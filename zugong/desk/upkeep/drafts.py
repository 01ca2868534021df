"""A place beside the target to write in, that vanishes with whoever writes: killed, it leaves nothing that looks finished.

The folder is locked while its owner lives; what an owner that died has left is swept by the next one.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows keeps open files from being deleted, which is lock enough
    fcntl = None  # type: ignore[assignment]

PREFIX, LOCK = ".zugong-draft-", "lock"


@contextmanager
def draft(beside: Path) -> Iterator[Path]:
    """A folder of our own beside a target, mode 700; gone afterwards."""
    sweep(beside)
    folder = beside / f"{PREFIX}{secrets.token_hex(8)}"
    folder.mkdir(mode=0o700)
    try:
        with (folder / LOCK).open("w") as lock:
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def left(beside: Path) -> list[Path]:
    """Drafts whose owner is no more."""
    return [one for one in sorted(beside.glob(f"{PREFIX}*")) if one.is_dir() and not _alive(one)]


def sweep(beside: Path) -> None:
    """Delete what owners that died have left."""
    for one in left(beside):
        shutil.rmtree(one, ignore_errors=True)


def _alive(folder: Path) -> bool:
    if fcntl is None:
        return False
    try:
        with (folder / LOCK).open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False  # killed between making the folder and the lock; an owner that lives makes it at once
    except OSError:
        return True
    return False


def finish(made: Path, target: Path) -> None:
    """Give the finished file its name, once it is safely on the disk. Whoever sees the name sees all of it."""
    with made.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(made, target)
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
