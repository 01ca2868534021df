"""What is owed to cadres: talks on secondment, exchange after ten years, the order of an appointment, archives."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from zugong.base import parameters
from zugong.base.access import Permission
from zugong.base.duties import Asking, Duty, Evidence, Form
from zugong.base.dutyforms import Clock, Deadline, Lasting, Order
from zugong.base.parameters import Parameter
from zugong.cadres.models import ArchiveMaterial, Posting, Secondment
from zugong.people.duties import PERSON
from zugong.people.models import Appointment
from zugong.training.duties import ABOVE, TOWNSHIP
from zugong.training.models import Trainee

PARAMETERS = parameters.read(__package__)
READ = Permission.CADRES_READ
ON_APPOINTMENT = "任职培训"
IN_POST = Evidence(Appointment, {"post_since__isnull": False})
POSTED, SECONDED = Evidence(Posting), Evidence(Secondment)


def begun_secondments(asking: Asking) -> QuerySet:
    """The secondments that have begun."""
    rows = Secondment.objects.within(asking.frame.scope).visible_to(asking.user)
    return rows.filter(valid_from__lte=asking.frame.day)


def ended_secondments(asking: Asking) -> QuerySet:
    """The secondments that ended in the period, or are over without the last talk."""
    first, last = asking.frame.days
    return begun_secondments(asking).filter(valid_to__range=(first, last))


def long_in_post(narrow: Q) -> Callable[[Asking], QuerySet]:
    """The posts held on the frame's day of which the beginning is known, of some ranks."""

    def rows(asking: Asking) -> QuerySet:
        held = Appointment.objects.within(asking.frame.scope).visible_to(asking.user).in_force(asking.frame.day)
        return held.filter(narrow, post_since__isnull=False)

    return rows


def postings(asking: Asking) -> QuerySet:
    """The proposals for posts the reader may see."""
    return Posting.objects.within(asking.frame.scope).visible_to(asking.user)


def on_probation(asking: Asking) -> QuerySet:
    """Those who have a year of probation in the post."""
    return postings(asking).filter(on_probation=True)


def appointed(asking: Asking) -> QuerySet:
    """Those whose appointment was told, with the first day of a class for new posts they began since the decision."""
    classes = Trainee.objects.filter(
        person=OuterRef("person"), training_class__kind=ON_APPOINTMENT, training_class__starts_on__gte=OuterRef("begun_on")
    )
    first = classes.order_by().values("person").annotate(day=Min("training_class__starts_on")).values("day")
    rows = postings(asking).filter(noticed_on__isnull=False).annotate(begun_on=Coalesce("decided_on", "noticed_on"))
    return rows.annotate(trained_on=Subquery(first))


def materials(asking: Asking) -> QuerySet:
    """The papers for archives the reader may see, made by the frame's day; those filed before its period are done with."""
    first, last = asking.frame.days
    rows = ArchiveMaterial.objects.within(asking.frame.scope).visible_to(asking.user).filter(made_on__lte=last)
    return rows.filter(Q(filed_on__isnull=True) | Q(filed_on__gte=first))


def _clock(rows: Callable[[Asking], QuerySet], words: str) -> Clock:
    return Clock(rows, "person_id", "person__name", PERSON, words)


def _duty(
    id: str,
    name: str,
    who: str,
    what: str,
    parameter: str,
    form: Form,
    evidence: Evidence,
    *,
    soft: bool = False,
) -> Duty:
    about = (f"cadres.{id}", name, who, what, PARAMETERS[parameter], form)
    return Duty(*about, soft=soft, evidence=evidence, asleep=True, reads=READ, personal=True)


def _p(name: str) -> Parameter:
    return PARAMETERS[name]


MIDWAY = Duty(
    "cadres.secondment_midway",
    "挂职任中考察",
    "挂职干部",
    "挂职满半年（182 天）前完成任中考察（本地规定）",
    PARAMETERS["midway_talk_days"],
    Deadline(
        _clock(begun_secondments, "{first} 起挂职，任中考察未进行"),
        "valid_from",
        PARAMETERS["midway_remind_days"],
        done="midway_on",
        length=PARAMETERS["midway_talk_days"],
    ),
    evidence=Evidence(Secondment),
    personal=True,
)
BRIEFED = _duty(
    "secondment_briefing", "挂职任前座谈", "挂职干部", "挂职开始以前进行任前座谈（本地规定）", "briefing_before",
    Order(_clock(begun_secondments, "{second} 起挂职，此前没有任前座谈"), "briefed_on", "valid_from"), SECONDED, soft=True,
)  # fmt: skip
CLOSED = _duty(
    "secondment_closing", "挂职期满交流", "挂职干部", "挂职期满后 30 天内进行期满交流（本地规定）", "closing_days",
    Deadline(
        _clock(ended_secondments, "{first} 期满，期满交流未进行"), "valid_to", _p("midway_remind_days"), "closing_on",
        _p("closing_days"),
    ), SECONDED, soft=True,
)  # fmt: skip
EXCHANGE = _duty(
    "exchange", "十年必须交流", "县处级以上领导干部", "在同一职位上任职满十年的，必须交流；提前一年提示", "exchange_years",
    Deadline(
        _clock(long_in_post(ABOVE), "{first} 任现职"), "post_since", _p("exchange_remind_months"), length=_p("exchange_years")
    ), IN_POST,
)  # fmt: skip
ROTATION = _duty(
    "rotation", "十年应当转任", "内设机构领导职务", "在同一职位上任职满十年的，应当转任；提前一年提示", "rotation_years",
    Deadline(
        _clock(long_in_post(Q(rank__startswith=TOWNSHIP)), "{first} 任现职"), "post_since", _p("exchange_remind_months"),
        length=_p("rotation_years"),
    ), IN_POST,
)  # fmt: skip
ARCHIVE_FIRST = _duty(
    "archive_before", "任前审核档案", "拟任人选", "干部人事档案审核在讨论决定以前", "archive_review",
    Order(_clock(postings, "{second} 讨论决定，此前没有审核档案"), "archive_on", "decided_on"), POSTED,
)  # fmt: skip
DECIDED_FIRST = _duty(
    "posting_after_decision", "先决定后公示", "拟任人选", "任前公示在党委讨论决定以后", "posting_days",
    Order(_clock(postings, "{second} 开始公示，早于讨论决定"), "decided_on", "posted_from"), POSTED,
)  # fmt: skip
POSTED_LONG = _duty(
    "posting_length", "公示满五个工作日", "拟任人选", "任前公示不少于五个工作日，按国家公布的放假调休安排计算", "posting_days",
    Lasting(
        _clock(postings, "公示 {first} 至 {second}，不足五个工作日"), "posted_from", "posted_to", _p("posting_count_first")
    ), POSTED,
)  # fmt: skip
NOTICED_LAST = _duty(
    "notice_after_posting", "公示期满再任职", "拟任人选", "公示期满的次日起才发任职通知", "notice_gap",
    Order(_clock(postings, "{second} 发任职通知，公示还没有满"), "posted_to", "noticed_on", _p("notice_gap")), POSTED,
)  # fmt: skip
ASSESSED = _duty(
    "office_probation", "任职试用期满考核", "有试用期的干部", "任职试用期一年，期满考核合格的正式任职",
    "office_probation_months",
    Deadline(
        _clock(on_probation, "{first} 决定任职，试用期满考核未进行"), "decided_on", _p("midway_remind_days"), "assessed_on",
        _p("office_probation_months"),
    ), POSTED,
)  # fmt: skip
TRAINED = _duty(
    "training_after_promotion", "任职培训", "新任职干部", "提任后一年内完成任职培训", "training_months",
    Deadline(
        _clock(appointed, "{first} 任职，还没有参加任职培训"), "begun_on", _p("midway_remind_days"), "trained_on",
        _p("training_months"),
    ), POSTED,
)  # fmt: skip
FILED = _duty(
    "archive_filing", "材料归档", "干部人事档案", "材料形成后一个月内归入档案", "filing_months",
    Deadline(
        _clock(materials, "{first} 形成，还没有归档"), "made_on", _p("filing_remind_days"), "filed_on", _p("filing_months")
    ), Evidence(ArchiveMaterial),
)  # fmt: skip
DUTIES = (
    MIDWAY, BRIEFED, CLOSED, EXCHANGE, ROTATION, ARCHIVE_FIRST, DECIDED_FIRST, POSTED_LONG, NOTICED_LAST, ASSESSED, TRAINED,
    FILED,
)  # fmt: skip
