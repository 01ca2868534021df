"""The evidence workbook: every figure of a report with its definition, scope, period and value, and a sheet of its rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from zugong.base.figures import Figure
from zugong.base.marks import Mark
from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.base.sheets import Writer
from zugong.reports.behind import records_at
from zugong.reports.producing import Filled, Produced, number_of
from zugong.reports.weaving import UNSEEN, part_of
from zugong.statistics import answers
from zugong.statistics.answers import Question, Status
from zugong.statistics.catalogue import FIGURES

OVERVIEW = ("序号", "所在的话", "指标", "限定", "口径", "范围", "期间", "截至", "数", "写作", "状态", "说明", "上一期")
SAID = ("序号", "部分", "文中的话", "状态", "键值", "记录")
ROWS = ("序号", "键值", "内容")


def write(made: Produced, frame: Frame, user: User, path: Path, mark: Mark) -> None:
    """Write the workbook; rows the reader may not see are counted, not shown."""
    book = Writer(path, mark)
    note = f"{frame.period.title}，截至 {frame.day}；范围：{frame.scope.name or '全部'}"
    widths = (6, 60, 16, 30, 40, 16, 12, 12, 10, 10, 8, 40, 10)
    book.sheet("数据位", OVERVIEW, _overview(made), title=made.title, note=note, widths=widths)
    if any(quote.keys for quote in made.quotes):
        told = tuple(_said(made, user))
        book.sheet("问题和计划", SAID, iter(told), title="问题、计划和上期计划的完成", note=note, widths=(6, 16, 60, 8, 28, 50))
    for slot in made.slots:
        if slot.question and slot.answer.status == Status.PROVEN:
            _rows(book, slot, slot.question, user)
    book.close()


def _overview(made: Produced) -> Iterator[tuple[object, ...]]:
    for slot in made.slots:
        figure = FIGURES.get(slot.figure)
        asked = slot.question.frame if slot.question else None
        yield (
            slot.number, slot.phrase, figure.name if figure else "（目录外）", facets_in_words(slot, figure),
            figure.definition if figure else "", (asked.scope.name or "全部") if asked else "",
            asked.period.title if asked else "", asked.day if asked else "", number_of(slot.answer.value), slot.text,
            slot.answer.status.value, _note(slot), last_value(slot),
        )  # fmt: skip


def facets_in_words(slot: Filled, figure: Figure | None) -> str:
    """A slot's facets as readers say them: 引进类别：急需紧缺."""
    titles = {name: facet.title for name, facet in figure.facets.items()} if figure else {}
    return "；".join(f"{titles.get(name, name)}：{'、'.join(words)}" for name, words in slot.facets.items())


def _note(slot: Filled) -> str:
    said = [slot.answer.note]
    if slot.rounded:
        said.append(f"按原稿写法取整，准确数 {slot.answer.value}")
    if slot.typed:
        said.append(f"手填 {slot.typed.value}：{slot.typed.reason}（{slot.typed.account}）")
    return "；".join(part for part in said if part)


def last_value(slot: Filled) -> object:
    """The same figure in the period before, None where there is none."""
    if slot.question is None:
        return None
    before = slot.question.frame.during(slot.question.frame.period.previous())
    asked = Question(slot.question.figure, slot.question.facets, slot.question.time, before)
    return number_of(answers.answer(asked).value)


def _rows(book: Writer, slot: Filled, question: Question, user: User) -> None:
    seen, hidden = answers.visible_rows(question, user)
    rows = ((n, row.key, str(row)) for n, row in enumerate(seen.iterator(chunk_size=2000), start=1))
    note = f"写作“{slot.text}”；" + (f"另有 {hidden} 行不在您能看到的范围里" if hidden else "全部行如下")
    book.sheet(f"{slot.number} {FIGURES[slot.figure].name}", ROWS, rows, title=slot.phrase[:100], note=note, widths=(6, 28, 60))


def _said(made: Produced, user: User) -> Iterator[tuple[object, ...]]:
    """The sentences of the problems and the plan, a row for each record behind one; what the reader may not see is said."""
    seen = records_at([key for quote in made.quotes for key in quote.keys], user)
    for number, quote in enumerate(made.quotes, 1):
        head = (number, part_of(quote), made.text[slice(*quote.at)], quote.state.value)
        for key in quote.keys or ("",):
            yield (*head, key, (str(seen[key]) if key in seen else UNSEEN) if key else "")
