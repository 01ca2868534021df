"""The registers of cadres, the reserve, secondments and merit records."""

from __future__ import annotations

from zugong.base.access import Privacy
from zugong.cadres import actions
from zugong.cadres.models import (
    LEVELS,
    MERIT_KINDS,
    REASONS,
    RESERVE_KINDS,
    ArchiveMaterial,
    Cadre,
    Merit,
    Posting,
    ReserveEntry,
    Secondment,
)
from zugong.tasks.cases import OPEN_CASES, case_panel
from zugong.ui.filters import Choice, Days, Of
from zugong.ui.registers import Group, Register, validity
from zugong.ui.shown import Column, Kind

I = Privacy.INTERNAL
UNIT = Column("unit_label", "单位", privacy=I, needs=("unit",))
CADRE_UNIT = Column("appointment__unit_label", "单位", privacy=I, needs=("appointment__unit",))
STATE = Column("state", "状态", Kind.STATE, I)

CADRES = Register(
    model=Cadre,
    slug="cadres",
    title="干部花名册",
    office="干部",
    unit="人",
    what="在册干部：单位、职务、职务层次、学历。",
    ledger="干部花名册",
    order="pk",
    rows=validity("在册", "已离任"),
    columns=(
        "person",
        "person__sex",
        Column("person__birth_date", sort=True),
        CADRE_UNIT,
        "appointment__title",
        "appointment__rank",
        Column("appointment__rank_since", shown=False, sort=True),
        "political_status",
        "education",
        Column("degree", shown=False),
        STATE,
    ),
    filters=(
        Choice("appointment__rank"),
        Choice("education"),
        Choice("political_status"),
        Choice("state", "状态", ("在册", "已离任")),
        Of("person"),
    ),
    search=("person__name", "appointment__title", "appointment__unit_name"),
    search_words="搜索姓名、职务或单位",
    groups=(
        Group("本人", ("person", "person__sex", "person__ethnicity", "person__birth_date", "person__work_started_on")),
        Group("任职", (CADRE_UNIT, "appointment__title", "appointment__rank", "appointment__rank_since", "appointment")),
        Group("在册情况", ("political_status", "education", "degree", "valid_from", "valid_to")),
    ),
    edit=actions.edit,
    editable=(
        "appointment__unit",
        "appointment__unit_name",
        "appointment__title",
        "appointment__rank",
        "appointment__rank_since",
        "political_status",
        "education",
        "degree",
        "valid_from",
        "valid_to",
    ),
)

RESERVE = Register(
    model=ReserveEntry,
    slug="reserve",
    title="年轻干部库",
    office="干部",
    unit="人",
    what="哪些年轻干部入了库，为什么出库。",
    ledger="年轻干部人才库",
    order="-valid_from",
    rows=validity("在库", "已出库"),
    columns=(
        "person",
        UNIT,
        "title",
        "kind",
        Column("valid_from", sort=True),
        Column("valid_to", sort=True),
        "left_because",
        STATE,
    ),
    filters=(
        Choice("state", "状态", ("在库", "已出库")),
        Choice("kind", values=RESERVE_KINDS),
        Choice("left_because", values=REASONS),
        Days("valid_from"),
        Days("valid_to"),
        Of("unit"),
    ),
    search=("person__name", "title", "unit_name"),
    search_words="搜索姓名、职务或单位",
    edit=actions.edit_reserve,
    editable=("unit", "unit_name", "title", "kind", "valid_from", "valid_to", "left_because"),
    choices={"kind": tuple(RESERVE_KINDS), "left_because": tuple(REASONS)},
)

SECONDMENTS = Register(
    model=Secondment,
    slug="secondments",
    title="挂职干部",
    office="干部",
    unit="人次",
    what="谁到哪里挂职，任前、任中、期满三次谈话谈了没有。",
    ledger="挂职干部台账",
    order="-valid_from",
    rows=validity("在挂", "已结束"),
    columns=(
        "person",
        UNIT,
        Column("host_name", "挂职单位"),
        "title",
        Column("valid_from", sort=True),
        Column("valid_to", sort=True),
        Column("briefed_on", shown=False),
        "midway_on",
        Column("closing_on", shown=False),
        STATE,
    ),
    filters=(Choice("state", "状态", ("在挂", "已结束")), Days("valid_from"), Days("valid_to"), Of("unit"), Of("host")),
    search=("person__name", "unit_name", "host_name", "title"),
    search_words="搜索姓名、单位或职务",
    groups=(
        Group("挂职", ("person", UNIT, "host_name", "host", "title", "valid_from", "valid_to")),
        Group("三次谈话", ("briefed_on", "midway_on", "closing_on")),
    ),
    edit=actions.edit_secondment,
    editable=(
        "unit",
        "unit_name",
        "host",
        "host_name",
        "title",
        "valid_from",
        "valid_to",
        "briefed_on",
        "midway_on",
        "closing_on",
    ),
    panels=(case_panel,),
    further=(OPEN_CASES,),
)

MERITS = Register(
    model=Merit,
    slug="merits",
    title="干部实绩",
    office="干部",
    unit="条",
    what="表彰奖励、处分问责、重点工作完成情况，每条都写明由谁提供。只列事实，不打分。",
    ledger="干部实绩台账",
    order="-recorded_on",
    columns=("person", "kind", "content", "level", Column("recorded_on", sort=True), "provider"),
    filters=(Choice("kind", values=MERIT_KINDS), Choice("level", values=LEVELS), Days("recorded_on"), Of("person")),
    search=("person__name", "provider"),  # not the content: what a sanction was for is read with a purpose only
    search_words="搜索姓名或提供单位",
    edit=actions.edit_merit,
    editable=("kind", "recorded_on", "level", "content", "provider"),
    choices={"kind": tuple(MERIT_KINDS), "level": LEVELS},
    sensitive=("content",),
)

POSTINGS = Register(
    model=Posting,
    slug="postings",
    title="任用公示",
    office="干部",
    unit="人次",
    what="拟任人选的档案审核、讨论决定、任前公示、任职通知和试用期考核各在哪天。",
    order="-decided_on",
    columns=(
        "person",
        "title",
        Column("archive_on", shown=False),
        Column("decided_on", sort=True),
        "posted_from",
        "posted_to",
        "noticed_on",
        Column("on_probation", shown=False),
        Column("assessed_on", shown=False),
    ),
    filters=(Days("decided_on"), Days("posted_from"), Of("person")),
    search=("person__name",),
    search_words="搜索姓名",
    edit=actions.edit_posting,
    editable=(
        "title",
        "archive_on",
        "decided_on",
        "posted_from",
        "posted_to",
        "noticed_on",
        "on_probation",
        "assessed_on",
    ),
    add=actions.record_posting,
    add_title="登记任用公示",
)

MATERIALS = Register(
    model=ArchiveMaterial,
    slug="materials",
    title="归档材料",
    office="干部",
    unit="份",
    what="应归入干部人事档案的材料，哪天形成、哪天归档。只记有没有归，不存材料。",
    order="-made_on",
    columns=("person", "title", Column("made_on", sort=True), "filed_on"),
    filters=(Days("made_on"), Days("filed_on"), Of("person")),
    search=("person__name",),
    search_words="搜索姓名",
    edit=actions.edit_material,
    editable=("title", "made_on", "filed_on"),
    add=actions.record_material,
    add_title="登记归档材料",
)
