"""What is counted of articles."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from zugong.base.facets import Facet
from zugong.base.figures import FLOW, figure
from zugong.base.periods import Frame
from zugong.base.wording import words
from zugong.publicity.models import Article


@dataclass(frozen=True)
class ColumnOrPlatform(Facet):
    """A kind of article is said by its column (政策精神) or by where it appeared (微信公众号)."""

    def known(self, records: QuerySet) -> list[str]:
        rows = records.order_by()
        columns = rows.values_list("column", flat=True).distinct()
        platforms = rows.values_list("platform", flat=True).distinct()
        return sorted({value for value in [*columns, *platforms] if value})

    def condition(self, values: object, frame: Frame) -> Q:
        return Q(column__in=values) | Q(platform__in=values)


KIND = ColumnOrPlatform("kind", "栏目或平台", synonyms={"微信公众号": ("公众号", "微信")})


@figure(
    "publicity.articles",
    "稿件",
    unit="篇",
    time=FLOW,
    kept=Article,
    facets=(KIND,),
    measures=words("篇 条 期 件 则 份"),
    also=words("信息 推文 宣传稿件 党建信息 简报 报道 文章 编发 刊发 推送 作品 组工信息 工作信息"),
)
def articles(frame: Frame) -> QuerySet:
    """期间内发布的稿件。"""
    return Article.objects.within(frame.scope).filter(published_on__range=frame.days)


@figure(
    "publicity.reads",
    "阅读量",
    unit="次",
    time=FLOW,
    kept=Article,
    facets=(KIND,),
    amount="reads",
    measures=("次", "人次"),
    also=words("阅读 点击量 播放 浏览量 总阅读量 点击 播放量 累计阅读"),
)
def reads(frame: Frame) -> QuerySet:
    """期间内发布的稿件的阅读量之和。"""
    return articles.rows(frame)
