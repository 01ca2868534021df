"""How many hours cadres and members owe to study."""

from __future__ import annotations

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from zugong.base import parameters
from zugong.base.access import Permission
from zugong.base.duties import Asking, Duty, Evidence, Subject
from zugong.base.dutyforms import Audience, Cadence, Covering, Events
from zugong.base.periods import Frame, Period
from zugong.organizations.duties import branches, lasting, told
from zugong.people.duties import PERSON, members_throughout
from zugong.people.models import Appointment, Membership
from zugong.training.models import StudyHours, Trainee

PARAMETERS = parameters.read(__package__)
ONLINE_CLASS = "网络培训"
YEARLY, FIVE_YEARS = 12, 60
COUNTY, TOWNSHIP = "县处级", "乡科级"
ABOVE = Q(rank__startswith=COUNTY) | Q(rank__startswith="厅局级") | Q(rank__startswith="省部级") | Q(rank__contains="调研员")
BELOW = Q(rank__startswith=TOWNSHIP) | Q(rank__contains="主任科员") | Q(rank__contains="科员")


def cadres(narrow: Q) -> Audience:
    """The persons in posts of some ranks whom the reader may see, since they hold the rank."""

    def audience(asking: Asking) -> list[Subject]:
        rows = Appointment.objects.within(asking.frame.scope).visible_to(asking.user).in_force(asking.frame.day).filter(narrow)
        found: dict[int, Subject] = {}
        for person, name, since in rows.order_by("pk").values_list("person_id", "person__name", "rank_since"):
            found.setdefault(person, Subject(person, name or "（姓名未填）", f"P{person}", f"{PERSON}:{person}", since))
        return list(found.values())

    return audience


def in_classes(frame: Frame) -> QuerySet:
    """Who took part in classes that are not online: those count by themselves (14 ¶3)."""
    return Trainee.objects.exclude(training_class__kind=ONLINE_CLASS)


def recognised(frame: Frame) -> QuerySet:
    """Hours recognised otherwise, not online."""
    return StudyHours.objects.filter(online=False)


HOURS = (
    Events(in_classes, "person_id", "training_class__starts_on", "training_class__hours"),
    Events(recognised, "person_id", "studied_on", "hours"),
)


def short_of_hours(asking: Asking, part: Period) -> QuerySet:
    """The members who studied fewer hours than asked in a part of the year."""
    days = (part.first, min(part.last, asking.frame.day))
    needed = asking.number(PARAMETERS["member_hours_a_year"])
    classes = Trainee.objects.filter(training_class__starts_on__range=days)
    alone = StudyHours.objects.filter(studied_on__range=days)
    rows = members_throughout(asking, part, MEMBERS.id)
    rows = rows.annotate(taught=_sum(classes, "training_class__hours"), alone=_sum(alone, "hours"))
    return rows.annotate(studied=F("taught") + F("alone")).filter(studied__lt=needed)


def _sum(rows: QuerySet, amount: str) -> Coalesce:
    """What a member's rows add up to."""
    mine = rows.filter(person=OuterRef("person")).order_by().values("person").annotate(total=Sum(amount)).values("total")
    decimal = DecimalField(max_digits=9, decimal_places=1)
    return Coalesce(Subquery(mine, output_field=decimal), Value(0, decimal), output_field=decimal)


YEAR = Duty(
    "training.hours_a_year",
    "干部年度培训学时",
    "乡科级及以下干部",
    "每年脱产和认定的集中培训累计不少于 12 天或 90 学时，这里按学时核对，网络学时另计",
    PARAMETERS["hours_a_year"],
    Cadence(YEARLY, cadres(BELOW), HOURS, PARAMETERS["remind_days_hours"]),
    evidence=Evidence(Trainee),
    asleep=True,
    reads=Permission.TRAINING_READ,
    personal=True,
)
FIVE = Duty(
    "training.hours_five_years",
    "干部五年培训学时",
    "县处级以上干部",
    "每五年脱产和认定的集中培训累计不少于 3 个月或 550 学时，这里按学时、按五年规划期核对，网络学时另计",
    PARAMETERS["hours_five_years"],
    Cadence(FIVE_YEARS, cadres(ABOVE), HOURS, PARAMETERS["remind_days_five_years"]),
    evidence=Evidence(Trainee),
    asleep=True,
    reads=Permission.TRAINING_READ,
    personal=True,
)
MEMBERS = Duty(
    "training.member_hours",
    "党员集中学习培训学时",
    "党支部",
    "党员每年集中学习培训一般不少于 32 学时；年老体弱等有正当理由的，登记理由即可",
    PARAMETERS["member_hours_a_year"],
    Covering(
        YEARLY, told(lasting(branches), Membership.READ), short_of_hours, PARAMETERS["remind_days_hours"], unit="名党员不足学时"
    ),
    soft=True,
    evidence=Evidence(StudyHours),
    asleep=True,
    reads=Membership.READ,  # it says how many there are
)
DUTIES = (YEAR, FIVE, MEMBERS)
