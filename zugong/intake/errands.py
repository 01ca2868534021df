"""What the pages ask to be done in the background: read files, write a batch, take it back. All through the actions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from zugong.base.models import User
from zugong.base.rules import Refused
from zugong.intake import actions, received, running
from zugong.intake.actions import Incoming, Progress
from zugong.intake.models import Batch, StagedSheet
from zugong.intake.running import Job


def read(user: User, files: Sequence[Incoming]) -> Job:
    """Read files into a batch to be looked at; the files are deleted afterwards, whatever came of them."""
    number, day, now = user.pk, user.day, user.now

    def work(progress: Progress) -> int:
        try:
            return actions.stage(by=_actor(number, day, now), on=day, files=files, progress=progress).pk
        finally:
            received.clear(files)

    title = f"读入“{files[0].name}”" if len(files) == 1 else f"读入“{files[0].name}”等 {len(files)} 个文件"
    try:
        return running.begin(work, account=user.username, title=title, steps=2 * len(files))
    except Refused:
        received.clear(files)
        raise


def write(user: User, batch: Batch) -> Job:
    """Write what was previewed."""
    number, day, now, pk = user.pk, user.day, user.now, batch.pk

    def work(progress: Progress) -> int:
        of = Batch.objects.get(pk=pk)
        return actions.commit(by=_actor(number, day, now), on=day, batch=of, progress=progress).pk

    sheets = StagedSheet.objects.filter(file__batch=batch).exclude(ledger="").count()
    return running.begin(work, account=user.username, title=f"写入批次 {pk}", subject=batch.key, steps=sheets)


def take_back(user: User, batch: Batch) -> Job:
    """Take a written batch back."""
    number, day, now, pk = user.pk, user.day, user.now, batch.pk

    def work(progress: Progress) -> int:
        progress("逐条撤回这一批写入的内容")
        return actions.undo(by=_actor(number, day, now), on=day, batch=Batch.objects.get(pk=pk)).pk

    return running.begin(work, account=user.username, title=f"撤销批次 {pk}", subject=batch.key)


def _actor(number: int, day: date, now: datetime | None) -> User:
    """The account as it is now, acting on the day and at the moment the request was made."""
    user = User.objects.get(pk=number)
    user.day, user.now = day, now
    return user
