"""Asking the catalogue: the value of a figure with facets in a report's own words, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet

from zugong.base.facets import Unresolved
from zugong.base.figures import Figure, Number, Time
from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.statistics.catalogue import FIGURES, NAMES


class Status(StrEnum):
    """What a value is worth: proven, undecided, without data, or without any figure behind it; or that it is not told."""

    PROVEN = "已核"
    UNDECIDED = "待定"
    NO_DATA = "缺数"
    UNFOUNDED = "无据"
    WITHHELD = "不显示"


@dataclass(frozen=True)
class Question:
    """A figure, its facets as words, how it is looked at ("" is its own way), over a frame."""

    figure: str
    facets: Mapping[str, Sequence[str]]
    time: str
    frame: Frame


@dataclass(frozen=True)
class Answer:
    """The value and its worth, with one sentence where it is not proven."""

    value: Number
    status: Status
    note: str = ""


def answer(question: Question) -> Answer:
    """The value of a figure, or why there is none; never a guess."""
    figure = FIGURES.get(question.figure)
    if figure is None:
        return Answer(None, Status.UNFOUNDED, "没有对应的指标，这个数没有记录可依")
    if why := _cannot_be_seen(figure, question.time):
        return why
    try:
        value = figure.number(question.frame, question.facets, _time(figure, question.time))
    except Unresolved as words:
        if figure.number(question.frame) is None:  # without any record there are no values to name
            return Answer(None, Status.NO_DATA, f"“{figure.name}”从来没有收过记录")
        return Answer(None, Status.UNDECIDED, f"“{figure.name}”认不出这个限定：{words}")
    if value is None:
        return Answer(None, Status.NO_DATA, f"“{figure.name}”从来没有收过记录")
    return Answer(value, Status.PROVEN)


def _cannot_be_seen(figure: Figure, time: str) -> Answer | None:
    """A plan is no count of what happened, and what stands today is not what came in: such slots stay open."""
    if time == Time.PLAN and Time.PLAN not in figure.rows_by_time:
        return Answer(None, Status.UNFOUNDED, "这是计划数，没有可数的记录")
    if time == Time.AS_OF and figure.time == Time.FLOW and Time.AS_OF not in figure.rows_by_time:
        return Answer(None, Status.UNDECIDED, f"“{figure.name}”按期间计数，没有期末数")
    return None


def _time(figure: Figure, time: str) -> Time | None:
    return Time(time) if time else None


def rows(question: Question) -> QuerySet:
    """The rows behind a proven value, in a steady order."""
    figure = FIGURES[question.figure]
    return figure.rows(question.frame, question.facets, _time(figure, question.time)).order_by("pk")


def visible_rows(question: Question, user: User) -> tuple[QuerySet, int]:
    """The rows the reader may see, and how many more there are."""
    every = rows(question)
    seen = every.visible_to(user)
    return seen, every.count() - seen.count()


def names(figure: str, frame: Frame) -> list[str]:
    """The names a name figure stands for; empty when none are known."""
    return NAMES[figure].names(frame) if figure in NAMES else []


def told(figure: str, frame: Frame) -> list[tuple[str, str]]:
    """The words of a name figure that has some for each of its records, with the record's key."""
    of = NAMES[figure]
    rows = of.rows(frame) if of.rows else ()
    return [(words, row.key) for words, row in zip(of.said(frame, rows), rows, strict=True)]
