"""Whose turn it is to speak on Mondays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zugong.base.access import Permission
from zugong.base.actions import action, amend, create
from zugong.base.actions import remove as drop
from zugong.base.models import User
from zugong.base.rules import Refused
from zugong.tasks.models import Speaker
from zugong.tasks.rules import Turn, next_speakers


def row_of_speakers(day: date) -> list[Speaker]:
    """The speakers in the order of their turns, those away on the day left out."""
    seats = {one.pk: one for one in Speaker.objects.select_related("user")}
    turns = [Turn(one.pk, one.position, one.spoke_on, one.away_until) for one in seats.values()]
    return [seats[pk] for pk in next_speakers(turns, day)]


@action(Permission.TASKS_EDIT)
def seat_speakers(*, by: User, on: date, users: Sequence[User]) -> None:
    """Set who takes turns and in which order; who stays keeps the day on which he last spoke."""
    held = {one.user_id: one for one in Speaker.objects.select_related("user")}
    for gone in held.keys() - {user.pk for user in users}:
        drop(held[gone])
    for position, user in enumerate(users, 1):
        if user.pk in held:
            amend(held[user.pk], position=position)
        else:
            create(Speaker(user=user, position=position))


@action(Permission.TASKS_EDIT)
def note_speech(
    *, by: User, on: date, speaker: Speaker, spoke_on: date | None = None, away_until: date | None = None
) -> Speaker:
    """Note that somebody spoke on a day, or is away until one. Raises Refused."""
    if spoke_on is not None and spoke_on > on:
        raise Refused(f"{spoke_on} 还没有到，没有记下。")
    changes = {"spoke_on": spoke_on} if spoke_on else {}
    return amend(speaker, **changes, away_until=away_until)
