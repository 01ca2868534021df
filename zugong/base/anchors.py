"""What the trail's end was, day by day, in a signed file outside the database.

`anchors.txt` has a line for the first entry of each day, each signed together with the line before it; `head.txt` is the
end as it is now, written anew after each commit. Who rolls the database back, or cuts the trail's end off, has these
against him. The folder may lie on another disk (ZUGONG_ANCHORS). A line that cannot be written never stops an action:
the auditor's page and `zugong audit verify` say that it is missing.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from zugong.base import attesting, keyfiles
from zugong.base.models import TrailEntry, TrailHead

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

BEGIN, DAY, RESTORED, HEAD = "begin", "day", "restored", "head"
PARTS = 6
_anchored: dict[Path, str] = {}  # the last day this process knows to be anchored
_turn = threading.Lock()


@dataclass(frozen=True)
class Anchor:
    """A line: on which day, what for, the number and the mark of the trail's end, by which key."""

    day: str
    kind: str
    number: int
    mark: str
    key: str
    signature: str = ""

    def told(self) -> str:
        """What is signed, together with the signature of the line before."""
        return f"{self.day} {self.kind} {self.number} {self.mark} {self.key}"

    def after(self, before: str) -> Anchor:
        """The line with its signature."""
        return Anchor(self.day, self.kind, self.number, self.mark, self.key, attesting.sign(f"{before}\n{self.told()}"))

    def holds(self, before: str) -> bool:
        """Whether the signature is right, after the line whose signature was `before`."""
        return attesting.signed(f"{before}\n{self.told()}", self.signature, self.key)


def folder() -> Path:
    """Where the anchors lie."""
    return Path(settings.ZUGONG_ANCHORS)


def lines_file() -> Path:
    """The file of the daily lines."""
    return folder() / "anchors.txt"


def head_file() -> Path:
    """The file that says where the trail ends now."""
    return folder() / "head.txt"


def day_of(moment: datetime) -> str:
    """The day of a moment, as people here count it."""
    return timezone.localtime(moment).date().isoformat()


def parsed(text: str) -> Anchor | None:
    """A line read back; None when it is none."""
    parts = text.split()
    if len(parts) != PARTS or not parts[2].isdecimal():
        return None
    return Anchor(parts[0], parts[1], int(parts[2]), *parts[3:])


def read() -> list[Anchor | None]:
    """Every daily line in order, None for one that cannot be read; empty where there is no file."""
    try:
        return [parsed(line) for line in lines_file().read_text("utf-8", "replace").splitlines() if line.strip()]
    except OSError:
        return []


def read_head() -> Anchor | None:
    """The end as it was last written down; None where that is missing."""
    try:
        return parsed(head_file().read_text("utf-8", "replace"))
    except OSError:
        return None


def keep(number: int, mark: str, at: datetime) -> None:
    """Write down an entry that was just committed: as the end, and as the day's line where it is the first of its day."""
    with contextlib.suppress(OSError), _alone():
        known = read_head()
        if known is None or known.number < number:  # another process may have been faster with a later entry
            _write_head(number, mark, day_of(at))
        if _anchored.get(lines_file()) != day_of(at):
            last = _last()
            if last is None or last.day < day_of(at):
                _append(DAY, number, mark, day_of(at))
            _anchored[lines_file()] = day_of(at)


def _append(kind: str, number: int, mark: str, day: str) -> Anchor:
    before = _last()
    line = Anchor(day, kind, number, mark, attesting.public_key()).after(before.signature if before else "")
    with lines_file().open("a", encoding="utf-8") as file:
        file.write(f"{line.told()} {line.signature}\n")
        file.flush()
        os.fsync(file.fileno())
    return line


def begin(day: date) -> None:
    """Begin the file where the seals begin: what the trail holds now is older than they are. Raises OSError."""
    if not lines_file().exists():
        anchor(day, BEGIN)


def anchor(day: date, kind: str = DAY) -> Anchor:
    """Write down the trail's end now, in a line of its own; RESTORED says that a backup was put back, so that lines of
    before which tell of later entries no longer hold. Raises OSError."""
    head = TrailHead.objects.get(pk=1)
    with _alone():
        _write_head(head.number, head.mark, day.isoformat())
        return _append(kind, head.number, head.mark, day.isoformat())


def of_today(day: date) -> None:
    """Write the day's line where there is none yet, whether anything was done or not; said elsewhere where it cannot be."""
    with contextlib.suppress(OSError):
        last = _last()
        if last is None or last.day < day.isoformat():
            anchor(day)


def complaints() -> list[str]:
    """What keeps the anchors from being up to date, in sentences; empty when all is well. Cheap: reads the files' ends."""
    newest = TrailEntry.objects.order_by("-number").first()
    if newest is None:
        return []
    last, head = _last(), read_head()
    found = []
    if last is None:
        found.append(f"留痕没有锚定：文件“{lines_file()}”不在。请看这个文件夹能不能写，再运行 zugong audit anchor。")
    elif last.day < day_of(newest.at):
        found.append(
            f"{day_of(newest.at)} 的留痕还没有锚定，最近一次是 {last.day}：文件“{lines_file()}”写不进去。"
            "请看磁盘满没满、文件夹能不能写，再运行 zugong audit anchor。"
        )
    if last is not None and (head is None or head.number < newest.number):
        found.append(f"链尾没有记到最新一条（第 {newest.number} 条）：文件“{head_file()}”写不进去。请看磁盘和文件夹的权限。")
    return found


def _last() -> Anchor | None:
    """The last daily line, found from the file's end."""
    try:
        with lines_file().open("rb") as file:
            file.seek(max(0, lines_file().stat().st_size - 2000))
            ends = file.read().decode("utf-8", "replace").split("\n")
    except OSError:
        return None
    return next((found for line in reversed(ends) if (found := parsed(line))), None)


def _write_head(number: int, mark: str, day: str) -> None:
    line = Anchor(day, HEAD, number, mark, attesting.public_key()).after("")
    handle, draft = tempfile.mkstemp(dir=folder())
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{line.told()} {line.signature}\n")
        os.replace(draft, head_file())
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise


@contextmanager
def _alone() -> Iterator[None]:
    """One at a time: two at once would sign after the same line. Where the system knows no such lock (Windows) threads of
    one process wait for each other, which is all that `zugong serve` has."""
    keyfiles.private(folder())
    with _turn, (folder() / "anchoring.lock").open("a") as file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
