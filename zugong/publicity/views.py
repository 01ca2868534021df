"""The register of articles."""

from __future__ import annotations

from zugong.publicity import actions
from zugong.publicity.models import Article
from zugong.ui.filters import Choice, Days
from zugong.ui.registers import Register
from zugong.ui.shown import Column

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
