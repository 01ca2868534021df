"""What stands behind one figure of a report: its definition and facets, the values before it, the rows it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.apps import apps
from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse

from zugong.base.access import Permission, Privacy
from zugong.base.facets import Unresolved
from zugong.base.figures import Figure, Time
from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.base.records import Record
from zugong.reports.models import Report, ReportState
from zugong.reports.producing import Filled, number_of
from zugong.reports.reading import LOST, TIMES, TIMES_TOLD, Snippet, around
from zugong.statistics import answers
from zugong.statistics.answers import Question, Status
from zugong.statistics.catalogue import FIGURES
from zugong.statistics.models import FrozenValue
from zugong.ui.registers import REGISTERS
from zugong.ui.shown import cell, field_of, record_href, relations, words

ROWS = 20
FACTS = 4  # how many facts of a row fit on its line
WIDE = 40  # words on either side of the number in the text it came from
LOOKED_AT = 500  # of the rows a frozen value was made of
WHOLE_LIST = "statistics:figure"


@dataclass(frozen=True)
class Said:
    """A facet of a slot: its title, the report's words, the values they were taken for."""

    title: str
    words: str
    values: str = ""


@dataclass(frozen=True)
class Compared:
    """The same figure in another period."""

    title: str
    period: str
    value: str


@dataclass(frozen=True)
class Line:
    """A row as a reader may see it: its first fact leads to its page, the others stand behind."""

    href: str
    title: str
    rest: str


@dataclass(frozen=True)
class Rows:
    """The first rows behind a value, how many there are and how many more the reader may not see (None: not counted)."""

    lines: list[Line]
    total: int
    hidden: int | None
    how: str = ""
    whole: str = ""

    @property
    def more(self) -> int:
        """How many rows the reader may see beyond those shown."""
        return max(0, self.total - (self.hidden or 0) - len(self.lines))


@dataclass(frozen=True)
class Behind:
    """Everything the panel of a figure shows."""

    slot: Filled
    place: Snippet
    figure: Figure | None
    facets: list[Said]
    time: str
    frame: Frame | None
    compared: list[Compared]
    rows: Rows | None
    then: FrozenValue | None = None


def behind(slot: Filled, report: Report, user: User, then: FrozenValue | None = None) -> Behind:
    """What stands behind a slot of a report; `then` is what it was when the report was submitted.

    A slot that has been bound otherwise since has nothing behind it any more that speaks of the number submitted.
    """
    figure, asked = FIGURES.get(slot.figure), slot.question
    place = around(report.text.text, slot.start, slot.end, slot.written or LOST, WIDE)
    gone = report.state == ReportState.SUBMITTED and then is None and slot.typed is None
    if figure is None or asked is None or gone:
        return Behind(slot, place, None, [], "", None, [], None)
    proven = slot.answer.status == Status.PROVEN
    if then is not None:
        rows = frozen_rows(then, user, asked.frame)
    else:
        rows = rows_of(asked, user) if proven else None
    compared = list(_compared(asked)) if proven else []
    facets, time = said(figure, slot.facets), time_words(figure, slot.time)
    return Behind(slot, place, figure, facets, time, asked.frame, compared, rows, then)


def time_words(figure: Figure, time: str) -> str:
    """How a figure is looked at: 期间数（期间内发生的）."""
    looked = Time(time) if time else figure.time
    return f"{TIMES[looked]}（{TIMES_TOLD[looked]}）"


def said(figure: Figure, facets: dict[str, Sequence[str]]) -> list[Said]:
    """The facets of a slot with the values their words were taken for."""
    return [_said(figure, name, said) for name, said in facets.items()]


def _said(figure: Figure, name: str, chosen: Sequence[str]) -> Said:
    facet, told = figure.facets.get(name), "、".join(chosen)
    if facet is None:
        return Said(name, told, "认不出")
    try:
        values = facet.resolved(chosen, figure.records())
    except Unresolved:
        return Said(facet.title, told, "认不出")
    meant = "、".join(values) or "不作限制"
    return Said(facet.title, told, "" if meant == told else f"认作 {meant}")


def _compared(asked: Question) -> Iterator[Compared]:
    """The period before and the same one a year ago; a plan is a year's, so the year before."""
    period = asked.frame.period
    if asked.time == Time.PLAN:
        before = {"上年": period.a_year_before()}
    else:
        before = {"上一期": period.previous(), "去年同期": period.a_year_before()}
    seen = set()
    for title, other in before.items():
        if other not in seen:
            seen.add(other)
            found = answers.answer(Question(asked.figure, asked.facets, asked.time, asked.frame.during(other)))
            value = found.status.value if found.value is None else words(number_of(found.value))
            yield Compared(title, (other.year if asked.time == Time.PLAN else other).title, value)


def rows_of(asked: Question, user: User) -> Rows:
    """The rows a value is made of, as far as the reader may see them."""
    seen, hidden = answers.visible_rows(asked, user)
    total = seen.count() + hidden
    lines = list(_lines(seen[:ROWS].values_list("pk", flat=True), seen.model, user, asked.frame))
    return Rows(lines, total, hidden, how(FIGURES[asked.figure], seen.model), whole_list(asked, user))


def how(figure: Figure, model: type[Record]) -> str:
    """How the number comes from the rows, where it is not simply their count."""
    if not (figure.amount or figure.of):
        return ""
    field, _ = field_of(model, figure.amount or figure.of)
    name = str(field.verbose_name) if field is not None else ""
    if figure.amount:
        return f"数是这些行的“{name}”之和" if name else "数是这些行相加的和"
    return f"同一个“{name}”只算一次" if name else "重复的只算一次"


def whole_list(asked: Question, user: User) -> str:
    """The address where a figure and all its rows can be looked through, "" while there is none."""
    if not user.may_somewhere(Permission.STATISTICS_READ):
        return ""
    query = [("period", asked.frame.period.code), ("scope", asked.frame.scope.code), ("time", asked.time)]
    if asked.frame.day != asked.frame.period.last:
        query.append(("on", asked.frame.day.isoformat()))
    query += [(name, word) for name, chosen in asked.facets.items() for word in chosen]
    try:
        return f"{reverse(WHOLE_LIST, args=[asked.figure])}?{urlencode(query)}"
    except NoReverseMatch:
        return ""


def frozen_rows(then: FrozenValue, user: User, frame: Frame) -> Rows:
    """The rows a value was made of when it was frozen, as far as the reader may see them and they are still there."""
    return rows_at(then.rows.split(), user, frame)


def rows_at(keys: Sequence[str], user: User, frame: Frame) -> Rows:
    """Records of one kind by their keys, as far as the reader may see them and they are still there."""
    if not keys:
        return Rows([], 0, 0)
    model = apps.get_model(keys[0].partition(":")[0])
    numbers = [int(key.partition(":")[2]) for key in keys[:LOOKED_AT]]
    seen = list(model.objects.filter(pk__in=numbers).visible_to(user).order_by("pk").values_list("pk", flat=True))
    hidden = len(numbers) - len(seen) if len(keys) <= LOOKED_AT else None
    return Rows(list(_lines(seen[:ROWS], model, user, frame)), len(keys), hidden)


def records_at(keys: Iterable[str], user: User) -> dict[str, Record]:
    """Records by their keys, of any kinds, those the reader may see; one statement a kind."""
    numbers: dict[str, set[int]] = {}
    for key in keys:
        label, _, number = key.partition(":")
        numbers.setdefault(label, set()).add(int(number))
    kinds = [apps.get_model(label).objects.filter(pk__in=some) for label, some in numbers.items()]
    return {row.key: row for rows in kinds for row in rows.visible_to(user)}


def _lines(numbers: QuerySet | Sequence[int], model: type[Record], user: User, frame: Frame) -> Iterator[Line]:
    """Rows by their numbers, in that order, with the first facts of their register."""
    numbers = list(numbers)
    register = REGISTERS.get(model._meta.label_lower)
    if register is None:
        for record in model.objects.filter(pk__in=numbers).order_by("pk"):
            yield Line(record_href(record), str(record), "")
        return
    facts = [fact for fact in register.facts if fact.shown][:FACTS]
    rows = register.rows(model.objects.filter(pk__in=numbers), frame)
    ways = relations(facts)
    for record in (rows.select_related(*ways) if ways else rows).order_by("pk"):
        told = [cell(record, fact, user, closed=(Privacy.RESTRICTED,)) for fact in facts]
        rest = "　".join(c.text for c in told[1:] if c.text and not c.masked)
        yield Line(record_href(record), told[0].text or str(record), rest)
