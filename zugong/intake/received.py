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

ABANDONED = 2 * 3600  # seconds after which a folder was left by another process that died
BEGAN = time.time()  # what lies here from before was left by a process that is no more

_waiting: set[Path] = set()  # the folders of this process that are still to be read


def keep(files: Sequence[UploadedFile]) -> list[Incoming]:
    """Put the files where the reader finds them, under numbers; their names are kept beside."""
    sweep()
    folder = root() / secrets.token_hex(8)
    _waiting.add(folder)
    try:
        root().mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
        return [_written(folder, number, one) for number, one in enumerate(files)]
    except BaseException:
        _delete(folder)
        raise


def clear(files: Sequence[Incoming]) -> None:
    """Delete the files of one drop, and whatever was left behind before."""
    for folder in {one.path.parent for one in files}:
        _delete(folder)
    sweep()


def sweep() -> None:
    """Delete uploads nobody will read any more: they lie there in plain text. Done when the service starts, before
    files are taken in and after they were read."""
    for one in root().iterdir() if root().is_dir() else ():
        try:
            left = one.stat().st_mtime
        except FileNotFoundError:
            continue
        if one not in _waiting and (left < BEGAN or time.time() - left > ABANDONED):
            _delete(one)


def root() -> Path:
    """Where uploaded files wait to be read."""
    return Path(settings.ZUGONG_INCOMING)


def _delete(one: Path) -> None:
    _waiting.discard(one)
    if one.is_dir():
        shutil.rmtree(one, ignore_errors=True)
    else:
        one.unlink(missing_ok=True)


def _written(folder: Path, number: int, one: UploadedFile) -> Incoming:
    path = folder / f"{number}{Path(one.name).suffix.lower()}"
    with path.open("wb") as target:
        for chunk in one.chunks():
            target.write(chunk)
    return Incoming(path, one.name)
