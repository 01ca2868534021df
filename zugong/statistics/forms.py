"""What the address asks of the statistics room: a figure with facets, and a cross-table of one or two days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from zugong.base.facets import Words
from zugong.base.figures import Figure, NameFigure, Time
from zugong.base.periods import BadPeriod, Frame, day_said, within_reach
from zugong.base.rules import add_years
from zugong.statistics.answers import Question
from zugong.statistics.frames import scope_of
from zugong.statistics.structure import SUBJECTS, subject
from zugong.ui.filters import Chip
from zugong.ui.forms import DayInput, RegisterForm

TIME_WORDS = {Time.FLOW: "期间数", Time.AS_OF: "期末数", Time.PLAN: "年度数"}


def question_of(figure: Figure | NameFigure, get: QueryDict, frame: Frame) -> Question:
    """The question an address asks: the figure, its facets as words, how it is looked at."""
    if isinstance(figure, NameFigure):
        return Question(figure.id, {}, "", frame)
    facets = {name: words for name in figure.facets if (words := [w for w in get.getlist(name) if w.strip()])}
    time = get.get("time", "")
    return Question(figure.id, facets, time if time in figure.rows_by_time else "", frame)


def chips_of(question: Question, figure: Figure) -> Iterator[Chip]:
    """The conditions an address sets on a figure."""
    for name, words in question.facets.items():
        joint = "包含" if isinstance(figure.facets[name], Words) else ""
        yield Chip(figure.facets[name].title, f"{joint}{'、'.join(words)}", (name,))
    if question.time and question.time != figure.time:
        yield Chip("看法", TIME_WORDS[Time(question.time)], ("time",))


@dataclass(frozen=True)
class Cross:
    """A cross-table asked for: whose, by which facets, on which day, beside which other day."""

    subject: str
    by: tuple[str, ...]
    frame: Frame
    against: Frame | None = None

    @property
    def figure(self) -> Figure:
        """The figure that counts the subject."""
        return subject(self.subject)

    def query(self, against: date | None) -> str:
        """The query of the same table beside another day."""
        axes = dict(zip(("rows", "columns"), self.by, strict=False))
        other = {"against": against.isoformat()} if against else {}
        return urlencode({"subject": self.subject, **axes, "day": self.frame.day.isoformat(), **other})

    @property
    def quick(self) -> list[tuple[str, str]]:
        """Days often compared with: the same day a year before, the end of the year before."""
        day = self.frame.day
        days = {"去年同日": add_years(day, -1), "上年末": date(day.year - 1, 12, 31)}
        return [(title, self.query(other)) for title, other in days.items()]

    @property
    def alone(self) -> str:
        """The query of the same table without another day."""
        return self.query(None)

    @property
    def titles(self) -> list[str]:
        """What the facets are called."""
        return [self.figure.facets[one].title for one in self.by]


class CrossForm(RegisterForm):
    """The form above a cross-table; everything has a default, so that an empty address shows something."""

    def __init__(self, get: QueryDict, frame: Frame) -> None:
        self.subject = subject_of(get)
        self.frame = frame
        facets = [(name, one.title) for name, one in subject(self.subject).facets.items()]
        made: dict[str, forms.Field] = {
            "rows": forms.ChoiceField(label="行", choices=facets, required=False),
            "columns": forms.ChoiceField(label="列", choices=[("", "（不分列）"), *facets], required=False),
            "day": forms.DateField(label="截至日", widget=DayInput, required=False),
            "against": forms.DateField(label="对比日", widget=DayInput, required=False),
        }
        made["against"].help_text = "填了就并排比较两天"
        known = {"rows": "age_band", "day": frame.day.isoformat()}
        super().__init__(made, {**known, **{name: get[name] for name in made if name in get}})

    def clean(self) -> dict[str, object]:
        """Rows and columns are two different facets; the days can be looked at."""
        for name in ("day", "against"):
            try:
                within_reach(self.cleaned_data.get(name) or self.frame.day)
            except BadPeriod as bad:
                self.add_error(name, str(bad))
        if self.cleaned_data.get("columns") and self.cleaned_data["columns"] == self.cleaned_data.get("rows"):
            self.add_error("columns", "行和列选了同一项。请换一项，或选“不分列”。")
        return self.cleaned_data

    def cross(self) -> Cross:
        """What is asked for, with what is wrong left aside. Raises Refused when the organization was not there then."""
        if self.errors and "columns" in self.errors:
            self.cleaned_data["columns"] = ""
        chosen = self.cleaned_data
        by = tuple(filter(None, (chosen.get("rows") or "age_band", chosen.get("columns"))))
        against = on_day(self.frame, chosen["against"]) if chosen.get("against") else None
        return Cross(self.subject, by, on_day(self.frame, chosen.get("day") or self.frame.day), against)


@dataclass(frozen=True)
class PeopleAsked:
    """A cell of a cross-table: whose, on which day, with which value of each facet."""

    subject: str
    frame: Frame
    chosen: dict[str, str]

    @property
    def figure(self) -> Figure:
        """The figure that counts the subject."""
        return subject(self.subject)

    @property
    def back(self) -> str:
        """The query of the cross-table the cell is in."""
        axes = dict(zip(("rows", "columns"), self.chosen, strict=False))
        return urlencode({"subject": self.subject, "day": self.frame.day.isoformat(), **axes})

    def chips(self) -> Iterator[Chip]:
        """The values chosen."""
        for name, value in self.chosen.items():
            yield Chip(self.figure.facets[name].title, value, (name,))


def people_asked(get: QueryDict, frame: Frame) -> PeopleAsked:
    """The cell an address asks for; what it cannot mean is left aside. Raises Refused for an organization not there."""
    name = subject_of(get)
    chosen = {facet: get[facet] for facet in subject(name).facets if get.get(facet)}
    try:
        day = day_said(get.get("day", ""))
    except BadPeriod:
        day = frame.day
    return PeopleAsked(name, on_day(frame, day), chosen)


def subject_of(get: QueryDict) -> str:
    """The subject an address names, the first there is where it names none."""
    return get["subject"] if get.get("subject") in SUBJECTS else next(iter(SUBJECTS))


def on_day(frame: Frame, day: date) -> Frame:
    """The frame as of another day: the same organization, where it stood then. Raises Refused when it was not there."""
    if day == frame.day:
        return frame
    scope = scope_of(frame.scope.code, day) if frame.scope.code else replace(frame.scope, day=day)
    return frame.over(scope, day)
