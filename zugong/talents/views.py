"""The registers of posts, introductions and tenancies."""

from __future__ import annotations

from zugong.base.access import Privacy
from zugong.talents import actions
from zugong.talents.models import EDUCATIONS, KINDS, PLAN_KINDS, WAYS, Introduction, Post, Tenancy
from zugong.ui.filters import Choice, Days, Of
from zugong.ui.registers import Register, validity
from zugong.ui.shown import Column, Kind

UNIT = Column("unit_label", "单位", privacy=Privacy.INTERNAL, needs=("unit",))

POSTS = Register(
    model=Post,
    slug="posts",
    title="人才需求岗位",
    office="人才",
    unit="个",
    what="年度人才需求计划里的岗位：哪个单位，怎么招，要几个人。",
    ledger="人才需求计划表",
    order="-year",
    columns=(
        "title",
        UNIT,
        Column("year", kind=Kind.TEXT, sort=True),
        "way",
        "kind",
        Column("headcount", sort=True),
        "education",
    ),
    filters=(Choice("way", values=WAYS), Choice("kind", values=PLAN_KINDS), Choice("education"), Of("unit")),
    search=("title", "unit_name", "unit__name"),
    search_words="搜索岗位或单位",
    edit=actions.edit_post,
    editable=("year", "unit", "unit_name", "title", "way", "kind", "headcount", "education"),
    choices={"way": tuple(WAYS), "kind": tuple(PLAN_KINDS)},
)

INTRODUCTIONS = Register(
    model=Introduction,
    slug="introductions",
    title="人才引进",
    office="人才",
    unit="人",
    what="引进了谁，什么类别，到了哪个单位。",
    ledger="人才引进台账",
    order="-introduced_on",
    columns=("person", UNIT, "education", "kind", Column("introduced_on", sort=True)),
    filters=(Choice("kind", values=KINDS), Choice("education", values=EDUCATIONS), Days("introduced_on"), Of("unit")),
    search=("person__name", "unit_name", "unit__name"),
    search_words="搜索姓名或单位",
    edit=actions.edit_introduction,
    editable=("unit", "unit_name", "education", "kind", "introduced_on"),
    choices={"education": EDUCATIONS, "kind": tuple(KINDS)},
)

TENANCIES = Register(
    model=Tenancy,
    slug="tenancies",
    title="人才公寓入住",
    office="人才",
    unit="条",
    what="谁住哪一间，什么时候入住、退出。",
    ledger="人才公寓入住台账",
    order="-valid_from",
    rows=validity("在住", "已退出"),
    columns=(
        "person",
        UNIT,
        "room",
        Column("valid_from", sort=True),
        Column("valid_to", sort=True),
        Column("state", "状态", Kind.STATE, Privacy.INTERNAL),
    ),
    filters=(Choice("state", "状态", ("在住", "已退出")), Days("valid_from"), Days("valid_to"), Of("unit")),
    search=("person__name", "unit_name", "room_index"),
    search_words="搜索姓名、单位，或完整的房号",
    edit=actions.edit_tenancy,
    editable=("unit", "unit_name", "room", "valid_from", "valid_to"),
)
