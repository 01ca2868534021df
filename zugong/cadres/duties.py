"""What is owed to cadres on secondment."""

from __future__ import annotations

from django.db.models import QuerySet

from zugong.base import parameters
from zugong.base.duties import Asking, Duty, Evidence
from zugong.base.dutyforms import Clock, Deadline
from zugong.cadres.models import Secondment
from zugong.people.models import Person

PARAMETERS = parameters.read(__package__)
PERSON = Person._meta.label_lower


def begun_secondments(asking: Asking) -> QuerySet:
    """The secondments that have begun."""
    rows = Secondment.objects.within(asking.frame.scope).visible_to(asking.user)
    return rows.filter(valid_from__lte=asking.frame.day)


MIDWAY = Duty(
    "cadres.secondment_midway",
    "挂职任中考察",
    "挂职干部",
    "挂职满半年（182 天）前完成任中考察（本地规定）",
    PARAMETERS["midway_talk_days"],
    Deadline(
        Clock(begun_secondments, "person_id", "person__name", PERSON, "{first} 起挂职，任中考察未进行"),
        "valid_from",
        PARAMETERS["midway_remind_days"],
        done="midway_on",
        length=PARAMETERS["midway_talk_days"],
    ),
    evidence=Evidence(Secondment),
    personal=True,
)
