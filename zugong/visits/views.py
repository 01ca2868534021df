"""The registers of visits, opinions and research topics."""

from __future__ import annotations

from django.urls import reverse

from zugong.base.access import Permission, Privacy
from zugong.base.models import User
from zugong.base.records import Record
from zugong.tasks.cases import OPEN_CASES, case_panel
from zugong.tasks.evidence import followed_up
from zugong.ui.filters import Choice, Days, Of
from zugong.ui.registers import Beside, Register
from zugong.ui.shown import Column, Kind
from zugong.visits import actions
from zugong.visits.forms import visit_fields
from zugong.visits.models import STATES, Opinion, ResearchTopic, Visit

VISITS = Register(
    model=Visit,
    slug="visits",
    title="走访调研",
    office="基层党建",
    unit="次",
    what="什么时候、谁、走访了哪里。",
    ledger="走访调研台账",
    order="-visited_on",
    columns=("visited", Column("visited_on", sort=True), "visitor", "organization"),
    filters=(Days("visited_on"), Of("organization")),
    search=("visited", "visitor"),
    search_words="搜索走访对象或走访人",
    edit=actions.edit,
    remove=actions.remove,
    editable=("visited_on", "visited", "visitor", "organization"),
    add=actions.record,
    add_fields=visit_fields,
    add_title="记一次走访",
)


def opinion_beside(opinion: Record, user: User) -> list[Beside]:
    """The way to make a problem of an opinion, where the page says whether it is one already; and its follow-ups."""
    if not user.may_somewhere(Permission.SUPERVISION_EDIT):
        return followed_up(opinion, user)
    begin, said = f"{reverse('desk:problem')}?ground={opinion.key}", "反映的是工作中的问题，可以列入。列入过的，点开就看得到。"
    return [Beside("存在的问题", (), begin, "列为存在的问题", said), *followed_up(opinion, user)]


OPINIONS = Register(
    model=Opinion,
    slug="opinions",
    title="意见建议",
    office="基层党建",
    unit="条",
    what="走访中听到的意见建议：哪个科室办，办结没有。",
    ledger="走访调研台账",
    order="-pk",
    rows=lambda rows, frame: rows.with_state(frame.day),
    columns=(
        "text",
        Column("visit__visited_on", "提出时间"),
        Column("visit__visited", "提出的地方"),
        "office",
        Column("state", "状态", Kind.STATE, Privacy.INTERNAL),
        Column("status", shown=False),
        Column("closed_on", sort=True),
        Column("visit", "走访", shown=False),
    ),
    filters=(Choice("state", "状态", STATES), Choice("office"), Days("visit__visited_on", "提出时间"), Days("closed_on")),
    search=("text", "visit__visited"),
    search_words="搜索意见内容或提出的地方",
    edit=actions.edit_opinion,
    editable=("text", "office", "status", "closed_on"),
    touched_by=("visits:record",),
    beside=opinion_beside,
    panels=(case_panel,),
    further=(OPEN_CASES,),
)

TOPICS = Register(
    model=ResearchTopic,
    slug="topics",
    title="调研课题",
    office="基层党建",
    unit="个",
    what="立了什么课题，谁牵头，完成没有，有没有形成报告。",
    ledger="调研课题台账",
    order="-finished_on",
    columns=("title", "office", Column("finished_on", sort=True), "has_report"),
    filters=(Choice("office"), Days("finished_on")),
    search=("title", "office"),
    search_words="搜索课题或科室",
    edit=actions.edit_topic,
    editable=("title", "office", "finished_on", "has_report"),
)
