"""Uploaded files on their way to the reader: in a folder of their own under the home, gone once they have been read."""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from zugong.intake.actions import Incoming

ABANDONED = 2 * 3600  # seconds after which a folder was left by a process that died


def keep(files: Sequence[UploadedFile]) -> list[Incoming]:
    """Put the files where the reader finds them, under numbers; their names are kept beside."""
    _sweep()
    folder = root() / secrets.token_hex(8)
    folder.mkdir(mode=0o700, parents=True)
    try:
        return [_written(folder, number, one) for number, one in enumerate(files)]
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def clear(files: Sequence[Incoming]) -> None:
    """Delete the files of one drop."""
    for folder in {one.path.parent for one in files}:
        shutil.rmtree(folder, ignore_errors=True)


def root() -> Path:
    """Where uploaded files wait to be read."""
    return Path(settings.ZUGONG_HOME) / "incoming"


def _written(folder: Path, number: int, one: UploadedFile) -> Incoming:
    path = folder / f"{number}{Path(one.name).suffix.lower()}"
    with path.open("wb") as target:
        for chunk in one.chunks():
            target.write(chunk)
    return Incoming(path, one.name)


def _sweep() -> None:
    waiting = root()
    for folder in waiting.iterdir() if waiting.is_dir() else ():
        if time.time() - folder.stat().st_mtime > ABANDONED:
            shutil.rmtree(folder, ignore_errors=True)
