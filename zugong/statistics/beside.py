"""What stands beside a figure's value on its page: the same figure earlier, and its parts by each facet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict

from zugong.base.facets import Facet, Unresolved, Words
from zugong.base.figures import Figure, Time
from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.statistics import guarded
from zugong.statistics.answers import Answer, Question
from zugong.statistics.guarded import Standing
from zugong.statistics.numbers import Change, parts


@dataclass(frozen=True)
class Earlier:
    """The figure in an earlier frame."""

    title: str
    answer: Answer
    change: Change


@dataclass(frozen=True)
class Part:
    """One value of a facet: its share of the number (None where nobody counts it), whether it is chosen, how to choose it,
    and whether its share is withheld."""

    value: str
    number: int | float | None
    chosen: bool
    href: str
    withheld: bool = False


@dataclass(frozen=True)
class Offer:
    """A facet on the figure's page: values to choose among, or words to look for."""

    facet: Facet
    by_words: bool
    said: str
    parts: list[Part]


def time_of(figure: Figure, question: Question) -> Time:
    """How the figure is looked at."""
    return figure.supported(Time(question.time) if question.time else None)


def frame_words(frame: Frame, time: Time) -> str:
    """Which period or day a value is of."""
    if time == Time.AS_OF:
        return f"截至 {frame.day}"
    return f"{frame.period.last.year}年" if time == Time.PLAN else frame.period.title


def before(question: Question, figure: Figure) -> list[Question]:
    """The same question of the last period and of that a year before, each once."""
    frame, time = question.frame, time_of(figure, question)
    periods = [frame.period.a_year_before()]
    if time != Time.PLAN and frame.period.previous() != periods[0]:
        periods.insert(0, frame.period.previous())
    return [replace(question, frame=frame.during(period)) for period in periods]


def earlier(user: User, asked: Sequence[tuple[Question, Standing]], answer: Answer, figure: Figure) -> list[Earlier]:
    """Earlier values as the reader may be told them."""
    found = []
    for question, stand in asked:
        then = guarded.answer(user, question, stand)
        title = frame_words(question.frame, time_of(figure, question))
        found.append(Earlier(title, then, Change(figure, answer.value, then.value, before_withheld=stand.withheld)))
    return found


def told_parts(question: Question, figure: Figure, user: User) -> Iterator[Offer]:
    """The parts by each facet that a reader may be told who may not see every row; nothing to choose by."""
    for facet in figure.facets.values():
        if facet.field and not isinstance(facet, Words):
            told = guarded.parts(user, figure, facet, question.frame)
            yield Offer(facet, False, "", [Part(value, n, False, "", n is None) for value, n in told])


def offered(question: Question, answer: Answer, figure: Figure, get: QueryDict, user: User) -> Iterator[Offer]:
    """Each facet with what can be chosen; numbers are those of the other facets chosen. Where nothing can be counted, the
    values are those of the rows the reader sees."""
    seen = figure.records().visible_to(user)
    for name, facet in figure.facets.items():
        words = question.facets.get(name, ())
        if isinstance(facet, Words):
            yield Offer(facet, True, "　".join(words), [])
            continue
        try:
            chosen = facet.resolved(words, figure.records())
        except Unresolved:
            chosen = []
        numbers = _numbers(question, answer, figure, facet)
        if numbers is None:
            numbers = [(value, None) for value in facet.known(seen)]
        shown = [Part(value, n, value in chosen, _href(get, name, value, value in chosen)) for value, n in numbers]
        yield Offer(facet, False, "、".join(words), shown)


def _numbers(
    question: Question, answer: Answer, figure: Figure, facet: Facet
) -> Sequence[tuple[str, int | float | None]] | None:
    """The values of a facet with their part of the number; None where they cannot be counted."""
    others = {name: words for name, words in question.facets.items() if name != facet.name}
    if facet.field and answer.value is not None:
        rows = figure.rows(question.frame, others, time_of(figure, question))
        return parts(figure, rows, facet, question.frame)
    return None


def _href(get: QueryDict, name: str, value: str, chosen: bool) -> str:
    """The address with this value chosen, or with the choice lifted; "" for what has no value."""
    query = get.copy()
    for gone in (name, "after", "before"):
        query.pop(gone, None)
    if not chosen:
        query[name] = value
    return f"?{query.urlencode()}" if value else ""
