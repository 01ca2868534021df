"""Files that hold a secret: readable by their owner only, made on first use, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from zugong.base.rules import Refused


def kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """What the file holds. Where there is none yet, `make` fills it: of several processes the first, and a process
    killed on the way leaves nothing behind that another would take for the secret."""
    if not path.exists():
        private(path.parent)
        with _draft(path, make) as draft:
            _name(draft, path)
    return path.read_bytes()


def written(path: Path, content: bytes) -> None:
    """Put something else into the file: whoever reads meanwhile finds the old or the new, and so does a crash."""
    with _draft(path, lambda: content) as draft:
        os.replace(draft, path)
        with contextlib.suppress(OSError):  # a folder cannot be opened on Windows
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def insist_on_privacy(path: Path) -> None:
    """Raises Refused for a file that others than its owner may read; only POSIX says so by the mode."""
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise Refused(
            f"密钥文件“{path}”除了您还有别人能读，没有打开，也没有读写任何加密的内容。"
            f"请运行 chmod 600 {path}；要是可能已经被抄走，改好之后再运行 zugong keys rotate 换一把。"
        )


@contextlib.contextmanager
def _draft(path: Path, make: Callable[[], bytes]) -> Iterator[Path]:
    """The content in a file of its own beside the path, mode 600, on the disk; gone afterwards unless it was moved."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def private(folder: Path) -> None:
    """Make a folder that nobody but its owner may look into; one that is there already stays as it is."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _name(draft: Path, path: Path) -> None:
    """Give the finished file its name, unless another process was first."""
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
