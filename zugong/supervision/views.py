"""The registers of supervised meetings and of findings."""

from __future__ import annotations

from zugong.base.access import Privacy
from zugong.supervision import actions
from zugong.supervision.models import STATES, Finding, Session
from zugong.tasks.cases import OPEN_CASES, case_panel
from zugong.ui.filters import Choice, Days, Of
from zugong.ui.registers import Group, Register
from zugong.ui.shown import Column, Kind

UNIT = Column("unit_label", "单位", privacy=Privacy.INTERNAL, needs=("unit",))

SESSIONS = Register(
    model=Session,
    slug="sessions",
    title="督导民主生活会",
    office="基层党建",
    unit="场",
    what="哪个督导组督导了哪个单位的民主生活会。",
    ledger="民主生活会督导安排",
    order="-held_on",
    columns=(UNIT, "group", "leader_name", "member_names", Column("held_on", sort=True), Column("leader", shown=False)),
    filters=(Choice("group"), Days("held_on"), Of("unit")),
    search=("group", "leader_name", "member_names", "unit_name"),
    search_words="搜索督导组、成员或单位",
    edit=actions.edit_session,
    editable=("group", "leader_name", "leader", "member_names", "unit", "unit_name", "held_on"),
)

FINDINGS = Register(
    model=Finding,
    slug="findings",
    title="督导发现的问题",
    office="基层党建",
    unit="个",
    what="督导组发现了什么问题，怎么改，销号没有。",
    ledger="督导整改台账",
    order="deadline",
    rows=lambda rows, frame: rows.with_day().with_state(frame.day),
    columns=(
        "problem",
        UNIT,
        "group",
        "responsible",
        Column("deadline", sort=True),
        Column("closed_on", sort=True),
        Column("state", "状态", Kind.STATE, Privacy.INTERNAL),
        Column("measure", shown=False),
        Column("found_on", "发现时间", Kind.DAY, Privacy.INTERNAL, shown=False),
    ),
    filters=(Choice("state", "状态", STATES), Choice("group"), Days("deadline"), Days("closed_on"), Of("unit")),
    search=("problem", "measure", "unit_name", "responsible"),
    search_words="搜索问题、措施或单位",
    groups=(
        Group("问题", ("problem", UNIT, "group", Column("found_on", "发现时间", Kind.DAY, Privacy.INTERNAL))),
        Group("整改", ("measure", "responsible", "deadline", "closed_on")),
    ),
    edit=actions.edit,
    editable=("unit", "unit_name", "group", "problem", "measure", "responsible", "deadline", "closed_on"),
    panels=(case_panel,),
    further=(OPEN_CASES,),
)
