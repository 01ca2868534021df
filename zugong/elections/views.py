"""The register of terms."""

from __future__ import annotations

from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When

from zugong.base.access import Privacy
from zugong.base.periods import Frame
from zugong.elections import actions
from zugong.elections.models import POSTS, CommitteeMember, Term
from zugong.ui.filters import Choice, Days, Of
from zugong.ui.registers import Register, validity
from zugong.ui.shown import Column, Kind

STATES = ("已届满", "任期内", "已换届")


def with_state(rows: QuerySet, frame: Frame) -> QuerySet:
    """Each term's `state` on the frame's day: 已换届 once a later term has begun, 已届满 past its end, else 任期内."""
    later = Term.objects.filter(
        organization=OuterRef("organization"), elected_on__gt=OuterRef("elected_on"), elected_on__lte=frame.day
    )
    return rows.ending().annotate(
        state=Case(
            When(Exists(later), then=Value("已换届")),
            When(ends_on__lte=frame.day, then=Value("已届满")),
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
        Column("extended_to", shown=False),
        Column("extension_basis", shown=False),
        Column("state", "状态", Kind.STATE, Privacy.INTERNAL),
    ),
    filters=(Choice("state", "状态", STATES), Days("expires_on"), Days("elected_on"), Of("organization")),
    search=("organization__name",),
    search_words="搜索党组织名称",
    edit=actions.edit,
    editable=("elected_on", "years", "extended_to", "extension_basis"),
    add=actions.begin_term,
    add_title="登记新一届",
)

MEMBERS = Register(
    model=CommitteeMember,
    slug="members",
    title="委员会成员",
    office="基层党建",
    unit="人",
    what="各党组织的书记、副书记和委员，现在是谁，任到什么时候。",
    order="organization__code",
    rows=validity("现任", "已离任"),
    columns=(
        "organization",
        "post",
        "person",
        Column("valid_from", sort=True),
        Column("valid_to", shown=False),
        Column("state", "状态", Kind.STATE, Privacy.INTERNAL),
    ),
    filters=(Choice("post", values=POSTS), Choice("state", "状态", ("现任", "已离任")), Of("organization"), Of("person")),
    search=("person__name", "organization__name"),
    search_words="搜索姓名或党组织",
    edit=actions.edit_member,
    editable=("post", "valid_from", "valid_to"),
    choices={"post": POSTS},
    add=actions.record_member,
    add_title="登记委员会成员",
)
