"""The register of mentoring pairs."""

from __future__ import annotations

from zugong.base.access import Privacy
from zugong.mentoring import actions
from zugong.mentoring.models import Pair
from zugong.ui.filters import Choice, Days
from zugong.ui.registers import Group, Register, validity
from zugong.ui.shown import Column, Kind

PAIRS = Register(
    model=Pair,
    slug="pairs",
    title="帮带对子",
    office="组工队伍",
    unit="对",
    what="谁带谁，补什么短板，朝什么目标。",
    ledger="帮带结对台账",
    order="-valid_from",
    rows=validity("帮带中", "已结束"),
    columns=(
        "mentor_name",
        "mentee_name",
        "weakness",
        "goal",
        Column("valid_from", sort=True),
        Column("valid_to", sort=True),
        Column("state", "状态", Kind.STATE, Privacy.INTERNAL),
    ),
    filters=(Choice("state", "状态", ("帮带中", "已结束")), Days("valid_from")),
    search=("mentor_name", "mentee_name", "goal"),
    search_words="搜索姓名或目标",
    groups=(
        Group("对子", ("mentor_name", "mentor", "mentee_name", "mentee", "valid_from", "valid_to")),
        Group("培养", ("weakness", "goal")),
    ),
    edit=actions.edit,
    editable=("mentor_name", "mentor", "mentee_name", "mentee", "weakness", "goal", "valid_from", "valid_to"),
)
