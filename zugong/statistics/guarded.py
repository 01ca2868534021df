"""Which numbers about persons a reader may be told. Whatever shows one asks here first (docs/adr/0012).

Whose right to read a kind of record reaches everywhere is told everything, and so is who holds it where the frame is and
of whose rows none has left. Whoever else is told what lies beyond him for one scope, in one way and by one grid of time,
so that nothing told is the difference of two others; and there only what is not small.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import product

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When

from zugong.base import parameters
from zugong.base.facets import Facet, Unresolved
from zugong.base.figures import Facets, Figure, Time
from zugong.base.models import User
from zugong.base.periods import Frame, Period
from zugong.statistics import answers
from zugong.statistics.answers import Answer, Question, Status
from zugong.statistics.catalogue import FIGURES
from zugong.statistics.frames import widest
from zugong.statistics.numbers import Asked, Told, Withheld, numbers
from zugong.statistics.rules import cross_shown, parts_shown, stands_apart, tellable
from zugong.statistics.structure import UNSAID, Cell, subject, table
from zugong.statistics.unseen import Look, Unseen, guards, held, persons, unseen

PARAMETERS = parameters.read(__package__)
OTHERS = "其他"  # the values of a facet that are not declared: which there are would say that somebody has them


CONDITIONS = Withheld("不细分", "这里有您看不到的人，这个数不能再按条件细分。请去掉限定。")
OWN_WAY = Withheld("不换看法", "这里有您看不到的人，这个数只按它自己的看法显示。请去掉看法。")
SCOPE = Withheld("只看最大范围", "这里有您看不到的人，这个数只显示您能看的最大范围的。请把范围清空再看。")
THEN = Withheld("换到那期看", "这里有您看不到的人，别的期间的数不并排显示，因为那时的范围可能不一样。请把期间换成那一期。")
HALF_YEARS = Withheld("只看半年", "这里有您看不到的人，这个数只显示整个半年的。请把期间换成半年，从今天看。")
TODAY = Withheld("只看今天", "这里有您看不到的人，期末数只显示今天的，因为与过去的数相减会露出几个人。请把期间换成本半年。")
DAYS = Withheld("不比较两天", "这里有您看不到的人，两天相减会露出几个人，所以不并排比较。请去掉对比日。")
CELLS = Withheld("整表不显示", "分成两项以后，有的格里您看不到的人太少，整张表不显示。请把“列”换成“不分列”。")
HELD = "其中您看不到的人太少，或者从合计里一减就露出太少的；一名没有时也这样写。"


@dataclass(frozen=True)
class Standing:
    """How a reader stands to a number: he may see every row of it, is told it, or is not told it."""

    whole: bool = False
    withheld: Withheld | None = None


WHOLE = Standing(whole=True)


def fewest_shown(day: date | None) -> int:
    """The least number of unseen persons that is told."""
    return int(PARAMETERS["fewest_shown"].on(day).value)


def few(fewest: int) -> Withheld:
    """What is said of a number that is small, or would give a small one away beside another."""
    small = f"其中您看不到的人不足{fewest}名，或者与别的数相减不足{fewest}名，一名没有时也这样写。"
    why = f"{small}要准确的数，请找管这些记录的科室。"
    return Withheld(f"不足{fewest}人，不显示", why)


class Reader:
    """An account, with what holds for it whatever figure is asked."""

    def __init__(self, user: User) -> None:
        self.user, self.today = user, user.shown_day or user.day
        self.fewest, self.few = fewest_shown(user.day), few(fewest_shown(user.day))
        self._guarded: dict[str, bool] = {}

    @cached_property
    def now(self) -> Frame:
        """The widest frame of today."""
        first = self.today.replace(month=1 if self.today.month <= 6 else 7, day=1)
        return Frame(widest(self.user, self.today), Period.of_months(first, 6), self.today)

    def guarded(self, figure: Figure | None) -> bool:
        """Whether there may be persons behind a figure whom the reader may not see."""
        if figure is None:
            return False
        if figure.id not in self._guarded:
            self._guarded[figure.id] = guards(self.user, figure.records())
        return self._guarded[figure.id]

    def holds(self, look: Look) -> bool:
        """Whether the reader may read the figure's rows at the frame's own place."""
        return self.user.may(look.counted.records().model.READ, look.frame.scope.path)

    def unfit(self, question: Question, look: Look) -> Withheld | None:
        """Why a number is not told however large it is: it could be taken from another that is."""
        if any(question.facets.values()):
            return CONDITIONS
        if look.time != look.counted.time:
            return OWN_WAY
        frame = look.frame
        if look.time == Time.AS_OF:
            if frame.day != self.today:
                return TODAY
        elif not _is_half_year(frame.period) or frame.day != min(frame.period.last, self.today):
            return HALF_YEARS
        if not frame.scope.whole and frame.scope.day != frame.day:
            return THEN  # an organization as it stands on one day, over the rows of another
        wide = widest(self.user, frame.day)
        return None if wide == frame.scope or (wide.whole and frame.scope.whole) else SCOPE

    def line(self, look: Look) -> list[Look]:
        """A number with all that may be told before it and hold it; what stands as of today comes first. A sum counts no
        persons and stands alone."""
        own = look.counted
        if own.amount:
            return [look]
        before = []
        for one in FAMILY:
            if one is own:
                break
            if _akin(one, own) and self.guarded(one):
                before.append(Look(one.id, one.time, self.now if one.time == Time.AS_OF else look.frame))
        return [*before, Look(own.id, own.time, self.now) if own.time == Time.AS_OF else look]

    def told(self, line: Sequence[Look], found: Mapping[Look, Unseen]) -> bool:
        """Whether the last of a line is told, each of the others being told where it may."""
        told: list[int] = []
        last = False
        for look in line:
            there = found[look]
            shown = there.persons if look.counted.of else there.rows
            last = tellable(there.persons, self.fewest) and stands_apart(shown, told, self.fewest)
            told += [shown] if last else []
        return last


FAMILY = sorted((one for one in FIGURES.values() if not one.amount), key=lambda one: one.time != Time.AS_OF)
PERSONS = {one.id for one in FAMILY if getattr(one.records(), "SUBJECTS", ()) == ("pk",)}  # the records are the persons


def _akin(one: Figure, other: Figure) -> bool:
    """Whether the persons of one figure may be among those of the other by what they are: records of one office, or the
    persons themselves, among whom everybody is."""
    return one.id in PERSONS or one.id.partition(".")[0] == other.id.partition(".")[0]


def leads(figure: Figure) -> bool:
    """Whether a figure is the first of its kind of record: only its parts are told to who may not see everybody."""
    return figure is next((one for one in FAMILY if one.records().model is figure.records().model), None)


def _is_half_year(period: Period) -> bool:
    return period.months_long == 6 and period.first.month in (1, 7)


def look_of(question: Question) -> Look:
    """A question without its conditions."""
    figure = FIGURES[question.figure]
    return Look(figure.id, figure.supported(Time(question.time) if question.time else None), question.frame)


def standings(user: User, questions: Sequence[Question]) -> list[Standing]:
    """How the reader stands to each of many numbers: at most two statements, none for who may see everything."""
    reader, found = Reader(user), dict[int, Standing]()
    looks = {i: look_of(q) for i, q in enumerate(questions) if reader.guarded(FIGURES.get(q.figure))}
    at_home = {i: look for i, look in looks.items() if reader.holds(look)}
    missing = unseen(user, at_home.values())
    beyond = {i: look for i, look in looks.items() if i not in at_home or missing[look].rows}
    lines: dict[int, list[Look]] = {}
    for i, look in beyond.items():
        if unfit := reader.unfit(questions[i], look):
            found[i] = Standing(withheld=unfit)
        else:
            lines[i] = reader.line(look)
    counts = unseen(user, (look for line in lines.values() for look in line))
    for i, line in lines.items():
        found[i] = Standing(withheld=None if reader.told(line, counts) else reader.few)
    return [found.get(i, WHOLE) for i in range(len(questions))]


def standing(user: User, question: Question) -> Standing:
    """How the reader stands to one number."""
    return standings(user, [question])[0]


def told(user: User, asked: Sequence[Asked]) -> list[Told]:
    """Many figures' numbers as the reader may be told them."""
    stand = standings(user, [Question(figure.id, {}, "", frame) for figure, frame in asked])
    values = iter(numbers([one for one, held in zip(asked, stand, strict=True) if not held.withheld]))
    return [Told(None, one.withheld) if one.withheld else Told(next(values)) for one in stand]


def answer(user: User, question: Question, stand: Standing) -> Answer:
    """The value of a figure as the reader may be told it."""
    if stand.withheld:
        return Answer(None, Status.WITHHELD, stand.withheld.why)
    figure = FIGURES.get(question.figure)
    try:
        insist_on_known(user, figure, question.facets)
    except Unresolved as words:
        return Answer(None, Status.UNDECIDED, f"“{figure.name if figure else ''}”认不出这个限定：{words}")
    return answers.answer(question)


def insist_on_known(user: User, figure: Figure | None, facets: Facets) -> None:
    """Raise Unresolved for words that mean no value among the records the reader sees: that somebody unseen bears it is
    not to be told by taking it."""
    if figure is not None and facets and guards(user, figure.records()):
        known = figure.records().visible_to(user)
        for name, words in facets.items():
            if name in figure.facets:
                figure.facets[name].resolved(words, known)


Values = tuple[str, ...]


def parts(user: User, figure: Figure, facet: Facet, frame: Frame) -> list[tuple[str, int | None]]:
    """The parts, by a facet, of a number that is told but whose rows the reader may not all see; None for what is held
    back. Values that nobody has are among them, those not declared stand together. Nothing for a figure whose parts are
    parts of another's."""
    if not leads(figure):
        return []
    found = _cells(user, figure, (facet,), frame)
    shown = parts_shown([unseen for _, unseen in found.values()], fewest_shown(user.day)) or [False] * len(found)
    return [(value, n if told else None) for ((value,), (n, _)), told in zip(found.items(), shown, strict=True)]


def cells(user: User, name: str, by: Sequence[str], frame: Frame) -> tuple[list[Cell], Withheld | None]:
    """The cells of a cross-table as the reader may be told them, or why he is told none. Raises Refused as `table` does."""
    stand, figure = standing(user, Question(subject(name).id, {}, "", frame)), subject(name)
    if stand.whole or stand.withheld:
        every = table(name, by, frame)  # what there is no facet for is refused either way
        return ([], stand.withheld) if stand.withheld else (every, None)
    if len(by) == 1 and by[0] in figure.facets:
        return [Cell((value,), n) for value, n in parts(user, figure, figure.facets[by[0]], frame)], None
    table(name, by, frame)
    found = _cells(user, figure, [figure.facets[one] for one in by], frame)
    if not cross_shown([unseen for _, unseen in found.values()], fewest_shown(user.day)):
        return [], CELLS
    return [Cell(values, n) for values, (n, _) in found.items()], None


def _cells(user: User, figure: Figure, by: Sequence[Facet], frame: Frame) -> dict[Values, tuple[int, int]]:
    """For every combination of values: how many there are, and how many of them the reader may not see."""
    rows = figure.rows(frame)
    every, mine = (_grouped(some, by, frame) for some in (rows, held(user, rows)))
    found = {}
    for values in product(*([*_declared(facet), OTHERS, UNSAID] for facet in by)):
        (n, people), (_, seen) = every.get(values, (0, 0)), mine.get(values, (0, 0))
        found[values] = (n, people - seen)
    return found


def _declared(facet: Facet) -> Values:
    return tuple(facet.values or facet.synonyms)


def _grouped(rows: QuerySet, by: Sequence[Facet], frame: Frame) -> dict[Values, tuple[int, int]]:
    """Rows and persons by the values of facets."""
    raw = {f"raw_{i}": facet.expression(frame) for i, facet in enumerate(by)}
    named = {f"by_{i}": _among_declared(facet, f"raw_{i}") for i, facet in enumerate(by)}
    counted = rows.order_by().annotate(**raw).annotate(**named).values_list(*named)
    counted = counted.annotate(rows_there=Count("pk"), persons_there=persons(rows))
    return {tuple(values): (n, people) for *values, n, people in counted}


def _among_declared(facet: Facet, raw: str) -> Case:
    """The declared value, or what stands for the others and for none."""
    none = Q(**{raw: ""}) | Q(**{f"{raw}__isnull": True})
    declared = When(**{f"{raw}__in": _declared(facet)}, then=F(raw))
    return Case(When(none, then=Value(UNSAID)), declared, default=Value(OTHERS), output_field=CharField())
