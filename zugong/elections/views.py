"""The register of terms."""

from __future__ import annotations

from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When

from zugong.base.access import Privacy
from zugong.base.periods import Frame
from zugong.elections import actions
from zugong.elections.models import Term
from zugong.ui.filters import Choice, Days, Of
from zugong.ui.registers import Register
from zugong.ui.shown import Column, Kind

STATES = ("已届满", "任期内", "已换届")


def with_state(rows: QuerySet, frame: Frame) -> QuerySet:
    """Each term's `state` on the frame's day: 已换届 once a later term has begun, 已届满 past its end, else 任期内."""
    later = Term.objects.filter(
        organization=OuterRef("organization"), elected_on__gt=OuterRef("elected_on"), elected_on__lte=frame.day
    )
    return rows.annotate(
        state=Case(
            When(Exists(later), then=Value("已换届")),
            When(expires_on__lte=frame.day, then=Value("已届满")),
            default=Value("任期内"),
        )
    )


TERMS = Register(
    model=Term,
    slug="terms",
    title="换届选举",
    office="基层党建",
    unit="届",
    what="每个党组织这一届什么时候选的，任期几年，什么时候届满。",
    ledger="党组织基本信息表",
    order="expires_on",
    rows=with_state,
    columns=(
        "organization",
        Column("elected_on", sort=True),
        "years",
        Column("expires_on", sort=True),
        Column("state", "状态", Kind.STATE, Privacy.INTERNAL),
    ),
    filters=(Choice("state", "状态", STATES), Days("expires_on"), Days("elected_on"), Of("organization")),
    search=("organization__name",),
    search_words="搜索党组织名称",
    edit=actions.edit,
    editable=("elected_on", "years"),
    add=actions.begin_term,
    add_title="登记新一届",
)
