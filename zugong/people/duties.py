"""What branches and committees owe to their members and to those who ask to join."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from zugong.base import parameters
from zugong.base.access import Permission
from zugong.base.duties import Asking, Duty, Evidence
from zugong.base.dutyforms import Clock, Composition, Deadline, Order
from zugong.base.periods import Period
from zugong.organizations.duties import branches, lasting, told
from zugong.people.models import Application, Exemption, Membership, Person

PARAMETERS = parameters.read(__package__)
PERSON = Person._meta.label_lower
READ = Permission.PEOPLE_READ


def full_members(asking: Asking) -> dict[int, int]:
    """How many full members each organization of the frame has."""
    return Membership.objects.within(asking.frame.scope).full_members(asking.frame.day)


def members_throughout(asking: Asking, part: Period, duty: str) -> QuerySet:
    """The full members of the frame's organizations during a whole part, without those who joined or came in the middle of it
    and without those who are exempt from the duty on its last day."""
    day = min(part.last, asking.frame.day)
    rows = Membership.objects.within(asking.frame.scope).on(day).filter(category_then="正式党员")
    rows = rows.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=part.first))
    exempt = Exemption.objects.agreed().in_force(part.last).filter(duty=duty, person__isnull=False)
    return rows.exclude(person__in=exempt.values("person_id"))


def _full(asking: Asking) -> QuerySet:
    return Membership.objects.within(asking.frame.scope).on(asking.frame.day).filter(category_then="正式党员")


def _members(asking: Asking) -> QuerySet:
    return Membership.objects.within(asking.frame.scope).in_force(asking.frame.day)


def _lately(rows: QuerySet, asking: Asking, done: str) -> QuerySet:
    """Rows that are open on the frame's day, or were done in its period."""
    first, last = asking.frame.days
    still = Q(**{f"{done}__isnull": True}) | Q(**{f"{done}__gt": last})
    return rows.filter(still | Q(**{f"{done}__gte": first}))


def applications(asking: Asking) -> QuerySet:
    """The applications of the frame the reader may see that have not ended."""
    day = asking.frame.day
    rows = Application.objects.within(asking.frame.scope).visible_to(asking.user).filter(applied_on__lte=day)
    return rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def probationary(asking: Asking) -> QuerySet:
    """The probationary members of the frame's day, with the day they were admitted."""
    seen = Membership.objects.within(asking.frame.scope).visible_to(asking.user).on(asking.frame.day)
    return seen.filter(joined_on__isnull=False, category_then="预备党员")


def _clock(rows: str, words: str) -> Clock:
    return Clock(ROWS[rows], "person_id", "person__name", PERSON, words)


ROWS = {
    "talk": lambda asking: _lately(applications(asking), asking, "talked_on"),
    "review": lambda asking: (
        applications(asking)
        .filter(activist_on__lte=asking.frame.day, object_on__isnull=True)
        .annotate(since=Coalesce("reviewed_on", "activist_on"))
    ),
    "object": lambda asking: applications(asking).filter(object_on__isnull=False),
    "approval": lambda asking: _lately(applications(asking), asking, "approved_on").filter(reported_on__lte=asking.frame.day),
    "probation": probationary,
}
FEWEST = Duty(
    "people.fewest_members",
    "支部正式党员人数",
    "党支部",
    "党支部的正式党员不少于 3 人；不足的单位应与临近的联合设支部",
    PARAMETERS["fewest_full_members"],
    Composition(
        told(lasting(branches), READ), _full, "正式党员 {n} 人，不足 {low} 人", least=PARAMETERS["fewest_full_members"]
    ),
    evidence=Evidence(Membership),
    asleep=True,
    reads=READ,  # it says how many there are
)
MOST = Duty(
    "people.most_members",
    "支部党员人数",
    "党支部",
    "党支部的党员一般不超过 50 人",
    PARAMETERS["most_members"],
    Composition(told(lasting(branches), READ), _members, "党员 {n} 人，超过 {high} 人", most=PARAMETERS["most_members"]),
    soft=True,
    evidence=Evidence(Membership),
    asleep=True,
    reads=READ,
)
TALK = Duty(
    "people.application_talk",
    "同入党申请人谈话",
    "党支部",
    "收到入党申请书后一个月内派人同申请人谈话",
    PARAMETERS["application_talk_months"],
    Deadline(
        _clock("talk", "{first} 递交申请，还没有派人谈话"),
        "applied_on",
        PARAMETERS["remind_days_application"],
        "talked_on",
        PARAMETERS["application_talk_months"],
    ),
    evidence=Evidence(Application),
    asleep=True,
    reads=READ,
    personal=True,
)
REVIEW = Duty(
    "people.activist_review",
    "考察入党积极分子",
    "党支部",
    "每半年对入党积极分子考察一次",
    PARAMETERS["activist_review_months"],
    Deadline(
        _clock("review", "{first} 之后还没有考察"),
        "since",
        PARAMETERS["remind_days_application"],
        length=PARAMETERS["activist_review_months"],
    ),
    evidence=Evidence(Application),
    asleep=True,
    reads=READ,
    personal=True,
)
OBJECT = Duty(
    "people.activist_year",
    "积极分子培养一年以上",
    "党支部",
    "经过一年以上培养教育和考察，才能列为发展对象",
    PARAMETERS["activist_months"],
    Order(_clock("object", "{second} 列为发展对象，培养不满一年"), "activist_on", "object_on", PARAMETERS["activist_months"]),
    evidence=Evidence(Application),
    asleep=True,
    reads=READ,
    personal=True,
)
APPROVAL = Duty(
    "people.approval",
    "审批预备党员",
    "党委",
    "支部大会决议上报后三个月内审批",
    PARAMETERS["approval_months"],
    Deadline(
        _clock("approval", "{first} 上报，还没有审批"),
        "reported_on",
        PARAMETERS["remind_days_application"],
        "approved_on",
        PARAMETERS["approval_months"],
    ),
    evidence=Evidence(Application),
    asleep=True,
    reads=READ,
    personal=True,
)
PROBATION = Duty(
    "people.probation_end",
    "预备党员转正",
    "党支部",
    "预备期一年，期满及时讨论转正、延长或者取消",
    PARAMETERS["probation_months"],
    Deadline(
        _clock("probation", "{first} 接收为预备党员，预备期满"),
        "joined_on",
        PARAMETERS["remind_days_application"],
        length=PARAMETERS["probation_months"],
    ),
    evidence=Evidence(Membership),
    asleep=True,
    reads=READ,
    personal=True,
)
DUTIES = (FEWEST, MOST, TALK, REVIEW, OBJECT, APPROVAL, PROBATION)
