"""What is counted of mentoring."""

from __future__ import annotations

from django.db.models import QuerySet

from zugong.base.figures import AS_OF, FLOW, figure
from zugong.base.periods import Frame
from zugong.base.wording import words
from zugong.mentoring.models import Pair


@figure(
    "mentoring.pairs",
    "帮带结对",
    unit="对",
    time=AS_OF,
    kept=Pair,
    measures=words("对 组 个"),
    also=words("帮带对子 师徒 结对子 师徒结对 名师带徒 以老带新 导师帮带 结成对子 传帮带"),
)
def pairs(frame: Frame) -> QuerySet:
    """期末仍在帮带的对子。"""
    return Pair.objects.within(frame.scope).in_force(frame.day)


@pairs.seen(FLOW)
def pairs_made(frame: Frame) -> QuerySet:
    """期间内结成的对子。"""
    return Pair.objects.within(frame.scope).filter(valid_from__range=frame.days)
