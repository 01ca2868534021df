"""What organizations owe in meetings: 三会一课, 主题党日, the yearly ones, talks, and a team's democratic-life meeting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db.models import Case, DateField, Exists, F, OuterRef, Q, QuerySet, Value, When

from zugong.base import parameters
from zugong.base.duties import Asking, Duty, Evidence, Subject
from zugong.base.dutyforms import Audience, Cadence, Covering, Events
from zugong.base.periods import Frame, Period
from zugong.meetings.models import (
    APPRAISAL,
    COMMITTEE_MEETING,
    DEMOCRATIC_LIFE,
    GENERAL_MEETING,
    GROUP_MEETING,
    ORGANIZATION_LIFE,
    PARTY_LECTURE,
    REPORTING,
    THEME_DAY,
    Meeting,
    Talk,
)
from zugong.meetings.rules import must_have_committee
from zugong.organizations.duties import branches, committees, groups, lasting, places_held, told
from zugong.organizations.models import PartyGroup
from zugong.people.duties import full_members, members_throughout
from zugong.people.models import Membership

PARAMETERS = parameters.read(__package__)
MONTHLY, QUARTERLY, YEARLY = 1, 3, 12
REMIND = {MONTHLY: "remind_days_month", QUARTERLY: "remind_days_quarter", YEARLY: "remind_days_year"}

LECTURED = Q(kind=THEME_DAY) & ~Q(lecturer="") & ~Q(topic="")
CONVENED = Q(as_assembly=True, due__isnull=False, present__isnull=False)
CRITICISED = Q(kind=APPRAISAL, criticised__gte=1)
OPINED = Q(kind=ORGANIZATION_LIFE, criticised__gte=1, balloted__gte=1) & (
    Q(appraised__gte=F("present")) | Q(present__isnull=True, appraised__gte=1)
)
"""What makes a meeting of one kind another as well: each element must be recorded in it."""


def branches_with_committee(asking: Asking) -> list[Subject]:
    """The branches; those with too few full members for a committee are exempt (they need not have one)."""
    threshold = asking.number(PARAMETERS["committee_from_full_members"])
    full, known = asking.once(full_members), asking.once(places_held(Membership.READ))

    def why_not(pk: int) -> str:
        n = full.get(pk, 0)
        there = f"正式党员 {n} 人，" if known is None or pk in known else "正式党员"
        return "" if must_have_committee(n, threshold) else f"{there}不足 {threshold} 人，可不设支部委员会"

    return [one._replace(exempt=why_not(one.pk)) for one in branches(asking)]


def branches_with_groups(asking: Asking) -> list[Subject]:
    """The branches, each owing as many group meetings as it has groups; those without groups owe none."""
    many = asking.once(groups)
    return [
        one._replace(times=many[one.pk]) if one.pk in many else one._replace(exempt="没有划分党小组")
        for one in branches(asking)
    ]


def held(kind: str, also: Q | None = None) -> Callable[[Frame], QuerySet]:
    """The meetings of a kind, and those of another that were this as well."""
    wanted = Q(kind=kind) | also if also else Q(kind=kind)
    return lambda frame: Meeting.objects.within(frame.scope).filter(wanted)


def lectures_of_secretaries(frame: Frame) -> QuerySet:
    """The lectures a secretary gave."""
    return held(PARTY_LECTURE, LECTURED)(frame).filter(by_secretary=True)


def valid_sessions(frame: Frame) -> QuerySet:
    """The yearly democratic-life meetings at which two thirds were present, each counted in the year it was due for: one
    held in January with consent counts on the last day of the year before, and not in its own."""
    years = range(frame.period.first.year - 1, frame.period.last.year + 2)
    moved = [
        When(Q(session_year=y) & outside, then=Value(day))
        for y in years
        for outside, day in (
            (Q(held_on__gt=date(y, 12, 31)), date(y, 12, 31)),
            (Q(held_on__lt=date(y, 1, 1)), date(y, 1, 1)),
        )
    ]
    rows = Meeting.objects.within(frame.scope).filter(kind=DEMOCRATIC_LIFE, special=False, held_on__lte=frame.day)
    rows = rows.annotate(three=F("present") * 3, two=F("due") * 2)
    enough = Q(due__isnull=True) | Q(present__isnull=True) | Q(three__gte=F("two"))
    return rows.filter(enough).annotate(counted_on=Case(*moved, default=F("held_on"), output_field=DateField()))


def without_talk(asking: Asking, part: Period) -> QuerySet:
    """The members of the frame who took part in no talk in a part of the year."""
    talks = Talk.objects.filter(held_on__range=(part.first, min(part.last, asking.frame.day)))
    mine = talks.filter(Q(person=OuterRef("person")) | Q(other=OuterRef("person")))
    return members_throughout(asking, part, TALK.id).filter(~Exists(mine))


def _cadence(months: int, events: Callable[[Frame], QuerySet], subjects: Audience = branches, day: str = "held_on") -> Cadence:
    return Cadence(months, subjects, (Events(events, day=day),), PARAMETERS[REMIND[months]])


GENERAL = Duty(
    "meetings.general_meeting",
    "支部党员大会",
    "党支部",
    "每季度召开一次支部党员大会",
    PARAMETERS["general_meetings_a_quarter"],
    _cadence(QUARTERLY, held(GENERAL_MEETING, CONVENED)),
    soft=True,
    evidence=Evidence(Meeting, {"kind": GENERAL_MEETING}),
)
COMMITTEE = Duty(
    "meetings.committee_meeting",
    "支部委员会会议",
    "设支部委员会的党支部",
    "每月召开一次支部委员会会议",
    PARAMETERS["committee_meetings_a_month"],
    _cadence(MONTHLY, held(COMMITTEE_MEETING), branches_with_committee),
    soft=True,
    evidence=Evidence(Meeting, {"kind": COMMITTEE_MEETING}),
)
GROUP = Duty(
    "meetings.group_meeting",
    "党小组会",
    "划分党小组的党支部",
    "每个党小组每月召开一次党小组会，按会议次数核对",
    PARAMETERS["group_meetings_a_month"],
    _cadence(MONTHLY, held(GROUP_MEETING), branches_with_groups),
    soft=True,
    evidence=Evidence(PartyGroup),
    asleep=True,
)
THEME = Duty(
    "meetings.theme_day",
    "主题党日",
    "党支部",
    "每月开展一次主题党日",
    PARAMETERS["theme_days_a_month"],
    _cadence(MONTHLY, held(THEME_DAY)),
    evidence=Evidence(Meeting, {"kind": THEME_DAY}),
)
LECTURE = Duty(
    "meetings.party_lecture",
    "党课",
    "党支部",
    "每季度上一次党课（本地规定，支部工作条例未规定次数）；主题党日上讲了党课的，要记讲课人和主题才算",
    PARAMETERS["party_lectures_a_quarter"],
    _cadence(QUARTERLY, held(PARTY_LECTURE, LECTURED)),
    evidence=Evidence(Meeting, {"kind": PARTY_LECTURE}),
)
SECRETARY_LECTURE = Duty(
    "meetings.secretary_lecture",
    "书记讲党课",
    "党委",
    "党委书记每年至少讲一次党课",
    PARAMETERS["secretary_lectures_a_year"],
    _cadence(YEARLY, lectures_of_secretaries, committees),
    evidence=Evidence(Meeting, {"by_secretary": True}),
    asleep=True,
)
LIFE = Duty(
    "meetings.organization_life",
    "组织生活会",
    "党支部",
    "每年至少召开一次组织生活会；和民主评议党员一起开的，要记个人对照检查才算",
    PARAMETERS["organization_life_a_year"],
    _cadence(YEARLY, held(ORGANIZATION_LIFE, CRITICISED), lasting(branches)),
    evidence=Evidence(Meeting, {"kind": ORGANIZATION_LIFE}),
    asleep=True,
)
APPRAISE = Duty(
    "meetings.appraisal",
    "民主评议党员",
    "党支部",
    "每年开展一次民主评议党员；和组织生活会一起开的，要记对照检查、测评票和每名党员的评定意见才算",
    PARAMETERS["appraisals_a_year"],
    _cadence(YEARLY, held(APPRAISAL, OPINED), lasting(branches)),
    soft=True,
    evidence=Evidence(Meeting, {"kind": APPRAISAL}),
    asleep=True,
)
TALK = Duty(
    "meetings.talks",
    "谈心谈话",
    "党支部",
    "每名党员每年至少参加一次谈心谈话",
    PARAMETERS["talks_a_year"],
    Covering(
        YEARLY, told(lasting(branches), Membership.READ), without_talk, PARAMETERS["remind_days_year"], unit="名党员没有谈过"
    ),
    soft=True,
    evidence=Evidence(Talk),
    asleep=True,
    reads=Membership.READ,  # it says how many there are
)
REPORT = Duty(
    "meetings.secretary_report",
    "书记述职",
    "党支部",
    "党支部书记每年向上级党组织和党员大会述职",
    PARAMETERS["secretary_reports_a_year"],
    _cadence(YEARLY, held(REPORTING), lasting(branches)),
    evidence=Evidence(Meeting, {"kind": REPORTING}),
    asleep=True,
)
SESSION = Duty(
    "meetings.democratic_life",
    "民主生活会",
    "党委",
    "领导班子每年召开一次民主生活会，到会三分之二以上才算；专题民主生活会不代替年度的",
    PARAMETERS["democratic_life_a_year"],
    _cadence(YEARLY, valid_sessions, committees, "counted_on"),
    evidence=Evidence(Meeting, {"kind": DEMOCRATIC_LIFE}),
    asleep=True,
)
DUTIES = (GENERAL, COMMITTEE, GROUP, THEME, LECTURE, SECRETARY_LECTURE, LIFE, APPRAISE, TALK, REPORT, SESSION)
