"""The registers of Party organizations and units."""

from __future__ import annotations

from zugong.base.access import Privacy
from zugong.organizations import actions
from zugong.organizations.models import KINDS, PartyGroup, PartyOrganization, Unit
from zugong.ui.filters import Choice, Days, Of
from zugong.ui.registers import Group, Register, validity
from zugong.ui.shown import Column, Kind

STATE = Column("state", "状态", Kind.STATE, Privacy.INTERNAL)

ORGANIZATIONS = Register(
    model=PartyOrganization,
    slug="organizations",
    title="党组织",
    office="基层党建",
    unit="个",
    what="党委、党总支、党支部，各在什么单位、上级是谁。",
    ledger="党组织基本信息表",
    order="code",
    rows=validity("现有", "已撤销"),
    columns=(
        Column("name", sort=True),
        Column("code", sort=True),
        Column("kind", sort=True),
        "superior_name",
        "unit",
        "founded_on",
        STATE,
        Column("valid_from", shown=False),
        Column("valid_to", shown=False),
    ),
    filters=(Choice("kind", values=KINDS), Choice("state", "状态", ("现有", "已撤销")), Days("founded_on"), Of("unit")),
    search=("name", "code"),
    search_words="搜索名称或代码",
    groups=(
        Group("基本情况", ("name", "code", "kind", "temporary", "founded_on")),
        Group("隶属和存续", ("superior_name", "unit", "valid_from", "valid_to")),
    ),
    edit=actions.edit,
    editable=("name", "kind", "temporary", "founded_on", "unit", "valid_from", "valid_to"),
    choices={"kind": KINDS},
    hint=("superior_name",),
)

GROUPS = Register(
    model=PartyGroup,
    slug="groups",
    title="党小组",
    office="基层党建",
    unit="个",
    what="哪些党支部划分了党小组。划分了的，每个小组每月开一次党小组会。",
    order="organization__code",
    rows=validity("现有", "已撤销"),
    columns=("name", "organization", Column("valid_from", sort=True), Column("valid_to", shown=False), STATE),
    filters=(Choice("state", "状态", ("现有", "已撤销")), Of("organization")),
    search=("name", "organization__name"),
    search_words="搜索小组或党支部",
    edit=actions.edit_group,
    editable=("name", "valid_from", "valid_to"),
    add=actions.record_group,
    add_title="登记党小组",
)

UNITS = Register(
    model=Unit,
    slug="units",
    title="单位",
    office="基层党建",
    unit="个",
    what="机关、乡镇、学校、企业、村：人在哪里工作。单位归与它对应的最高一级党组织。",
    ledger="党组织基本信息表",
    order="name",
    columns=(Column("name", sort=True), "nature", "organization"),
    filters=(Choice("nature"), Of("organization")),
    search=("name", "organization__name"),
    search_words="搜索单位或党组织名称",
    edit=actions.edit_unit,
    editable=("name", "nature", "organization"),
    hint=("nature",),
)
