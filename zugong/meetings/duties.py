"""What branches owe in meetings: 三会一课 and 主题党日."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet

from zugong.base import parameters
from zugong.base.duties import Asking, Duty, Evidence, Subject
from zugong.base.dutyforms import Audience, Cadence, Events
from zugong.base.periods import Frame
from zugong.meetings.models import COMMITTEE_MEETING, GENERAL_MEETING, PARTY_LECTURE, THEME_DAY, Meeting
from zugong.meetings.rules import must_have_committee
from zugong.organizations.duties import branches
from zugong.people.models import Membership

PARAMETERS = parameters.read(__package__)
MONTHLY, QUARTERLY = 1, 3


def full_members(asking: Asking) -> dict[int, int]:
    """How many full members each organization has."""
    return Membership.objects.full_members(asking.frame.day)


def branches_with_committee(asking: Asking) -> list[Subject]:
    """The branches; those with too few full members for a committee are exempt (they need not have one)."""
    threshold = asking.number(PARAMETERS["committee_from_full_members"])
    full = asking.once(full_members)

    def why_not(n: int) -> str:
        return "" if must_have_committee(n, threshold) else f"正式党员 {n} 人，不足 {threshold} 人，可不设支部委员会"

    return [one._replace(exempt=why_not(full.get(one.pk, 0))) for one in branches(asking)]


def held(kind: str) -> Callable[[Frame], QuerySet]:
    """The meetings of a kind, in any frame."""
    return lambda frame: Meeting.objects.within(frame.scope).filter(kind=kind)


def _cadence(months: int, kind: str, subjects: Audience = branches) -> Cadence:
    remind = PARAMETERS["remind_days_month" if months == MONTHLY else "remind_days_quarter"]
    return Cadence(months, subjects, (Events(held(kind)),), remind)


GENERAL = Duty(
    "meetings.general_meeting",
    "支部党员大会",
    "党支部",
    "每季度召开一次支部党员大会",
    PARAMETERS["general_meetings_a_quarter"],
    _cadence(QUARTERLY, GENERAL_MEETING),
    soft=True,
    evidence=Evidence(Meeting, {"kind": GENERAL_MEETING}),
)
COMMITTEE = Duty(
    "meetings.committee_meeting",
    "支部委员会会议",
    "设支部委员会的党支部",
    "每月召开一次支部委员会会议",
    PARAMETERS["committee_meetings_a_month"],
    _cadence(MONTHLY, COMMITTEE_MEETING, branches_with_committee),
    soft=True,
    evidence=Evidence(Meeting, {"kind": COMMITTEE_MEETING}),
)
THEME = Duty(
    "meetings.theme_day",
    "主题党日",
    "党支部",
    "每月开展一次主题党日",
    PARAMETERS["theme_days_a_month"],
    _cadence(MONTHLY, THEME_DAY),
    evidence=Evidence(Meeting, {"kind": THEME_DAY}),
)
LECTURE = Duty(
    "meetings.party_lecture",
    "党课",
    "党支部",
    "每季度上一次党课（本地规定，支部工作条例未规定次数）",
    PARAMETERS["party_lectures_a_quarter"],
    _cadence(QUARTERLY, PARTY_LECTURE),
    evidence=Evidence(Meeting, {"kind": PARTY_LECTURE}),
)
