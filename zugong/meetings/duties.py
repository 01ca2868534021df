"""What branches owe in meetings: 三会一课 and 主题党日."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db.models import QuerySet

from zugong.base import parameters
from zugong.base.duties import Cadence, Duty, Subject
from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.meetings.models import COMMITTEE_MEETING, GENERAL_MEETING, PARTY_LECTURE, THEME_DAY, Meeting
from zugong.meetings.rules import must_have_committee
from zugong.organizations.models import PartyOrganization
from zugong.people.models import Membership

PARAMETERS = parameters.read(__package__)
MONTHLY, QUARTERLY = 1, 3


def branches(frame: Frame, user: User) -> Iterator[Subject]:
    """The branches of the frame, with the days they existed."""
    rows = (
        PartyOrganization.objects.within(frame.scope)
        .visible_to(user)
        .in_force(frame.day)
        .filter(kind="党支部")
        .order_by("code")
        .values_list("pk", "name", "code", "valid_from", "valid_to")
    )
    for pk, name, code, since, until in rows.iterator(chunk_size=5000):
        yield Subject(pk, name, code, f"organizations.partyorganization:{pk}", since, until)


def branches_with_committee(frame: Frame, user: User) -> Iterator[Subject]:
    """The branches; those with too few full members for a committee are exempt (they need not have one)."""
    threshold = int(frame.standards.on(PARAMETERS["committee_from_full_members"], frame.day).value)
    full = Membership.objects.full_members(frame.day)
    for one in branches(frame, user):
        n = full.get(one.pk, 0)
        note = "" if must_have_committee(n, threshold) else f"正式党员 {n} 人，不足 {threshold} 人，可不设支部委员会"
        yield Subject(one.pk, one.name, one.code, one.key, one.since, one.until, note)


def held(kind: str) -> Callable[[Frame], QuerySet]:
    """The meetings of a kind, in any frame."""
    return lambda frame: Meeting.objects.filter(kind=kind)


def _cadence(months: int, kind: str, subjects: Callable[[Frame, User], Iterator[Subject]] = branches) -> Cadence:
    remind = PARAMETERS["remind_days_month" if months == MONTHLY else "remind_days_quarter"]
    return Cadence(months, subjects, held(kind), "organization_id", "held_on", remind)


GENERAL = Duty(
    "meetings.general_meeting",
    "支部党员大会",
    "党支部",
    "每季度召开一次支部党员大会",
    PARAMETERS["general_meetings_a_quarter"],
    _cadence(QUARTERLY, GENERAL_MEETING),
)
COMMITTEE = Duty(
    "meetings.committee_meeting",
    "支部委员会会议",
    "设支部委员会的党支部",
    "每月召开一次支部委员会会议",
    PARAMETERS["committee_meetings_a_month"],
    _cadence(MONTHLY, COMMITTEE_MEETING, branches_with_committee),
)
THEME = Duty(
    "meetings.theme_day",
    "主题党日",
    "党支部",
    "每月开展一次主题党日",
    PARAMETERS["theme_days_a_month"],
    _cadence(MONTHLY, THEME_DAY),
)
LECTURE = Duty(
    "meetings.party_lecture",
    "党课",
    "党支部",
    "每季度上一次党课（本地规定，支部工作条例未规定次数）",
    PARAMETERS["party_lectures_a_quarter"],
    _cadence(QUARTERLY, PARTY_LECTURE),
)
