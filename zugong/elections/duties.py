"""What organizations owe in elections: a new one before the term expires, a committee of the right size, a secretary."""

from __future__ import annotations

from django.db.models import QuerySet

from zugong.base import parameters
from zugong.base.duties import Asking, Duty, Evidence, Subject
from zugong.base.dutyforms import Audience, Clock, Composition, Deadline
from zugong.elections.models import CommitteeMember, Term
from zugong.meetings.duties import branches_with_committee
from zugong.organizations.duties import LABEL, branches, lasting, told
from zugong.organizations.models import PartyOrganization

PARAMETERS = parameters.read(__package__)
SECRETARY = "书记"
UNKNOWN = "还没有登记委员会成员，没有核对"


def present_terms(asking: Asking) -> QuerySet:
    """Each organization's present term, with the day it ends: extended where that was approved."""
    frame = asking.frame
    organizations = PartyOrganization.objects.within(frame.scope).visible_to(asking.user).in_force(frame.day)
    rows = Term.objects.latest(frame.day).ending().filter(ends_on__isnull=False)
    return rows.filter(organization__in=organizations.filter(temporary=False).values("pk"))


def in_committees(asking: Asking) -> QuerySet:
    """The members of committees on the frame's day."""
    return CommitteeMember.objects.within(asking.frame.scope).in_force(asking.frame.day)


def secretaries(asking: Asking) -> QuerySet:
    """The secretaries among them."""
    return in_committees(asking).filter(post=SECRETARY)


def recorded(asking: Asking) -> set[int]:
    """The organizations of whose committee anybody was recorded: of the others nobody can say that it is too small."""
    return set(in_committees(asking).values_list("organization_id", flat=True).distinct())


def _known(audience: Audience) -> Audience:
    def narrowed(asking: Asking) -> list[Subject]:
        known = asking.once(recorded)
        return [one if one.pk in known or one.exempt else one._replace(exempt=UNKNOWN) for one in audience(asking)]

    return narrowed


TERM = Duty(
    "elections.term",
    "换届选举",
    "党组织",
    "任期届满前完成换届，届满前六个月提醒；经批准延期的，按延期后的日期",
    PARAMETERS["reminder_months"],
    Deadline(
        Clock(present_terms, "organization_id", "organization__name", LABEL, "{first} 届满", "organization__code"),
        "ends_on",
        PARAMETERS["reminder_months"],
    ),
    evidence=Evidence(Term),
)
COMMITTEE = Duty(
    "elections.committee",
    "设立支部委员会",
    "正式党员 7 人以上的党支部",
    "设立支部委员会，委员不少于 3 人",
    PARAMETERS["committee_least"],
    Composition(
        _known(told(lasting(branches_with_committee), CommitteeMember.READ)),
        in_committees,
        "委员 {n} 人，不足 {low} 人",
        least=PARAMETERS["committee_least"],
    ),
    evidence=Evidence(CommitteeMember),
    asleep=True,
    reads=CommitteeMember.READ,
)
LARGEST = Duty(
    "elections.committee_most",
    "支部委员人数",
    "党支部",
    "支部委员会一般不超过 7 人",
    PARAMETERS["committee_most"],
    Composition(
        told(lasting(branches), CommitteeMember.READ),
        in_committees,
        "委员 {n} 人，超过 {high} 人",
        most=PARAMETERS["committee_most"],
    ),
    soft=True,
    evidence=Evidence(CommitteeMember),
    asleep=True,
    reads=CommitteeMember.READ,
)
LED = Duty(
    "elections.secretary",
    "配备支部书记",
    "党支部",
    "党支部要有书记，空缺及时补选",
    PARAMETERS["secretaries"],
    Composition(_known(branches), secretaries, "没有书记", least=PARAMETERS["secretaries"]),
    evidence=Evidence(CommitteeMember),
    asleep=True,
)
DUTIES = (TERM, COMMITTEE, LARGEST, LED)
