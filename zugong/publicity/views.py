"""The registers of articles and brands."""

from __future__ import annotations

from zugong.base.access import Privacy
from zugong.publicity import actions
from zugong.publicity.models import Article, Brand
from zugong.tasks.cases import OPEN_CASES, case_panel
from zugong.ui.filters import Choice, Days, Of
from zugong.ui.registers import Register
from zugong.ui.shown import Column, Kind

ARTICLES = Register(
    model=Article,
    slug="articles",
    title="宣传稿件",
    office="宣传",
    unit="篇",
    what="发了什么稿，在哪个平台，谁供的稿。",
    ledger="宣传稿件台账",
    order="-published_on",
    columns=("title", "column", "office", "platform", Column("published_on", sort=True), Column("reads", sort=True)),
    filters=(Days("published_on"), Choice("platform"), Choice("column"), Choice("office")),
    search=("title", "office"),
    search_words="搜索标题或科室",
    edit=actions.edit,
    remove=actions.remove,
    editable=("title", "column", "office", "platform", "published_on", "reads"),
)

BRANDS = Register(
    model=Brand,
    slug="brands",
    title="党建品牌",
    office="基层党建",
    unit="个",
    what="哪个党组织培育什么品牌，解决了什么问题，命名、复核、退出了没有。",
    order="-pk",
    rows=lambda rows, frame: rows.with_state(frame.day),
    columns=(
        "name",
        "organization",
        "solved",
        Column("named_on", sort=True),
        "reviewed_on",
        Column("state", "状态", Kind.STATE, Privacy.INTERNAL),
        Column("begun_on", shown=False),
        Column("left_on", shown=False),
    ),
    filters=(Choice("state", "状态", ("培育中", "已命名", "已退出")), Days("named_on"), Of("organization")),
    search=("name", "organization__name", "solved"),
    search_words="搜索品牌、党组织或解决的问题",
    edit=actions.edit_brand,
    remove=actions.remove_brands,
    editable=("name", "organization", "solved", "begun_on"),
    add=actions.begin_brand,
    add_title="列一个品牌",
    panels=(case_panel,),
    further=(OPEN_CASES,),
)
