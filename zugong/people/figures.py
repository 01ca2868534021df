"""What is counted of persons and Party members."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from zugong.base.facets import Banded, Facet, Ladder
from zugong.base.figures import AS_OF, FLOW, figure
from zugong.base.periods import Frame
from zugong.base.rules import add_years
from zugong.base.wording import words
from zugong.people.ledgers import EDUCATION_WORDS, EDUCATIONS
from zugong.people.models import Membership, Person
from zugong.people.rules import AGE_BANDS

BAND_NAMES = tuple(name for name, _, _ in AGE_BANDS)
SEX_SYNONYMS = {"女": words("女性 女党员 女干部 妇女 女同志"), "男": words("男性 男党员 男同志")}
LADDER = tuple(reversed(EDUCATIONS))
LADDER_WORDS = {**EDUCATION_WORDS, "研究生": (*EDUCATION_WORDS["研究生"], "硕士", "博士", "硕士研究生", "博士研究生")}


def born_for(band: str, frame: Frame, field: str) -> Q:
    """The births of an age band on the frame's day: completed years, both ends included."""
    _, youngest, oldest = next(row for row in AGE_BANDS if row[0] == band)
    condition = Q(**{f"{field}__isnull": False})
    if youngest is not None:
        condition &= Q(**{f"{field}__lte": add_years(frame.day, -youngest)})
    if oldest is not None:
        condition &= Q(**{f"{field}__gt": add_years(frame.day, -oldest - 1)})
    return condition


def age_band(field: str) -> Banded:
    """The facet of age bands over a birth date kept in `field`."""
    return Banded("age_band", "年龄段", field, values=BAND_NAMES, bands=lambda band, frame: born_for(band, frame, field))


def sex(field: str) -> Facet:
    """The facet of sex kept in `field`."""
    return Facet("sex", "性别", field, values=("男", "女"), synonyms=SEX_SYNONYMS)


def education(field: str) -> Ladder:
    """The facet of education kept in `field`, from low to high."""
    return Ladder("education", "学历", field, values=LADDER, synonyms=LADDER_WORDS)


CATEGORY = Facet(
    "category",
    "党员类别",
    "category_then",
    values=("正式党员", "预备党员"),
    synonyms={"正式党员": ("正式",), "预备党员": ("预备",)},
)
OF_MEMBERS = (CATEGORY, sex("person__sex"), education("education"), age_band("person__birth_date"))


@figure("people.persons", "人员", unit="名", time=AS_OF, kept=Person, measures=("名", "人"), also=("在册人员", "登记人员"))
def persons(frame: Frame) -> QuerySet:
    """范围内登记在册的人，一人只计一次。"""
    return Person.objects.within(frame.scope)


@figure(
    "people.party_members",
    "党员",
    unit="名",
    time=AS_OF,
    kept=Membership,
    facets=OF_MEMBERS,
    measures=("名", "人"),
    also=words("中共党员 在册党员 党员总数 预备党员 正式党员 女党员 流动党员"),
)
def party_members(frame: Frame) -> QuerySet:
    """期末在册的党员，正式和预备以当日为准。"""
    return Membership.objects.within(frame.scope).on(frame.day).select_related("person", "organization")


@figure(
    "people.members_developed",
    "发展党员",
    unit="名",
    time=FLOW,
    kept=Membership,
    facets=OF_MEMBERS[1:],
    measures=("名", "人"),
    also=words("新发展党员 接收预备党员 吸收党员 新党员 发展新党员 已发展 新吸收党员"),
)
def members_developed(frame: Frame) -> QuerySet:
    """期间内入党的人，以入党时间为准。"""
    rows = Membership.objects.within(frame.scope).filter(joined_on__range=frame.days)
    return rows.select_related("person", "organization")
