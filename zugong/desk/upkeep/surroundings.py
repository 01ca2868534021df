"""What may be wrong around what is kept: keys others can read, what a crash left behind, a disk that fills up."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

from zugong.desk.upkeep import taking

OLD = 2 * 3600  # seconds: no command holds a lock, no page waits for an upload that long


def open_keys() -> Iterator[str]:
    """Keys that others on this machine could read (systems that know no such modes are left out)."""
    folder = Path(settings.ZUGONG_KEYS)
    if os.name == "nt" or not folder.is_dir():
        return
    for one in (folder, *sorted(folder.iterdir())):
        if one.stat().st_mode & 0o077:
            yield f"“{one}”别人也能读"


def leftovers(now: datetime) -> Iterator[str]:
    """Uploads, locks and drafts older than anything that could still be at work on them."""
    home = Path(settings.ZUGONG_HOME)
    incoming = Path(settings.ZUGONG_INCOMING)
    found = [home / "preparing.lock", *home.glob(".zugong-draft-*"), *Path(settings.ZUGONG_KEYS).glob("tmp*")]
    found += list(incoming.iterdir()) if incoming.is_dir() else []
    for one in sorted(found):
        if one.exists() and now.timestamp() - one.stat().st_mtime > OLD:
            yield f"“{one}”"


def short_of_room() -> Iterator[str]:
    """Whether there is room for a backup beside what is kept."""
    free, needed = shutil.disk_usage(settings.ZUGONG_HOME).free, 2 * taking.stored() + taking.ROOM
    if free < needed:
        yield f"只剩 {free >> 20} MB，放不下一份备份（约 {needed >> 20} MB）"
