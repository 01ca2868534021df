"""What is owed to cadres on secondment."""

from __future__ import annotations

from collections.abc import Iterator

from zugong.base import parameters
from zugong.base.duties import ByDay, Due, Duty, Subject
from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.cadres.models import Secondment
from zugong.cadres.rules import midway_talk_due_on

PARAMETERS = parameters.read(__package__)


def midway_talks(frame: Frame, user: User) -> Iterator[Due]:
    """The talk midway of each secondment that has begun; held when it has a day on or before the frame's."""
    days = int(frame.standards.on(PARAMETERS["midway_talk_days"], frame.day).value)
    rows = (
        Secondment.objects.within(frame.scope)
        .visible_to(user)
        .filter(valid_from__lte=frame.day)
        .order_by("valid_from", "pk")
        .values_list("person_id", "person__name", "valid_from", "midway_on")
    )
    for person, name, started_on, midway_on in rows.iterator(chunk_size=5000):
        subject = Subject(person, name, f"P{person}", f"people.person:{person}")
        due_on = midway_talk_due_on(started_on, days)
        held = midway_on is not None and midway_on <= frame.day
        yield Due(subject, due_on, open=not held, missing=(f"{started_on} 起挂职，任中考察未进行",))


MIDWAY = Duty(
    "cadres.secondment_midway",
    "挂职任中考察",
    "挂职干部",
    "挂职满半年（182 天）前完成任中考察（本地规定）",
    PARAMETERS["midway_talk_days"],
    ByDay(midway_talks, PARAMETERS["midway_remind_days"]),
)
