"""What is counted of elections, and of the organizations themselves."""

from __future__ import annotations

from django.db.models import QuerySet

from zugong.base.facets import Facet
from zugong.base.figures import FLOW, figure
from zugong.base.periods import Frame
from zugong.base.wording import words
from zugong.elections.models import Term
from zugong.organizations.figures import KIND_SYNONYMS
from zugong.organizations.models import KINDS


@figure(
    "elections.held",
    "完成换届",
    unit="个",
    time=FLOW,
    kept=Term,
    measures=("个", "家"),
    facets=(Facet("kind", "组织类别", "organization__kind", values=KINDS, synonyms=KIND_SYNONYMS),),
    also=words("换届 换届选举 完成换届选举 按期换届 如期换届 补选 到届换届 顺利换届"),
)
def held(frame: Frame) -> QuerySet:
    """期间内完成换届的党组织，以本届选举时间为准。"""
    return Term.objects.within(frame.scope).filter(elected_on__range=frame.days).select_related("organization")
