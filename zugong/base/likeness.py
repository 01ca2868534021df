"""Which heading is which column: by its own names, by names it contains, by likeness, and by what stands below it.

Every way but the first also asks the cells: a column of dates is not taken for a name, however alike the headings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from zugong.base import cells
from zugong.base.cells import BadCell
from zugong.base.ledgers import Column, Ledger
from zugong.base.wording import words

BRACKETED = re.compile(r"[（(\[【].*?[）)\]】]")
DECORATION = re.compile(r"[\s\u3000\u200b\ufeff*＊:：、,，。;；_/／]+")
SERIAL = frozenset(words("序号 编号 no no. 序 行号 顺序号 排序 序列 №"))
TOO_COMMON = frozenset(words("时间 日期 单位 名称 类别 内容 级别 编号 人员 情况 主题 类型 状态 对象 数量 人数 标题 领导 起 止"))
NEVER = frozenset(
    words(
        "备注 说明 填报日期 填报时间 填表日期 填表时间 登记日期 登记时间 更新日期 更新时间 录入日期 录入时间 上传时间 "
        "上报日期 上报时间 审核日期 审核时间 制表日期 制表时间 填报单位 填报人 填表人 审核人 登记人 录入人 经办人 "
        "联系人 联系方式 联系电话 籍贯 年龄 附件 毕业院校 专业 职称 记录人 主持人 地点 会议地点 活动地点 培训地点"
    )
)
INSIDE = re.compile(r"[(\[【](.*?)[)\]】]")
ORGANIZATION = re.compile(r"中共|党支部|支部委员会|党总支|党委|支部$|总支$")
NUMBERED = re.compile(r"^\d{1,2}[.)]?(?=\D)")
PLANNED = re.compile("计划|预计|预期|拟|应")
ALIKE = 0.5
SAME_WORDS = (("年月日", "时间"), ("日期", "时间"), ("年月", "时间"), ("号码", "号"), ("名称", "名"), ("编码", "代码"))


def tidy(heading: Any) -> str:
    """A heading without spaces, line breaks, stars and colons."""
    return DECORATION.sub("", unicodedata.normalize("NFKC", cells.written(heading))).lower()


def forms(heading: Any) -> tuple[str, ...]:
    """The heading as written and without its number and what stands in brackets: 任期(年), 任期."""
    whole = tidy(heading)
    bare = NUMBERED.sub("", tidy(BRACKETED.sub("", unicodedata.normalize("NFKC", cells.written(heading)))))
    return (whole, bare) if bare and bare != whole else (whole,)


def likeness(one: str, other: str) -> float:
    """How alike two headings are, 0 to 1: shared pairs of characters, and shared characters."""
    letters, pairs = _parts(one)
    others, other_pairs = _parts(other)
    if not pairs or not other_pairs or letters.isdisjoint(others):
        return 0.0
    by_pairs = 2 * len(pairs & other_pairs) / (len(pairs) + len(other_pairs))
    by_letters = 2 * len(letters & others) / (len(letters) + len(others))
    return 0.6 * by_pairs + 0.4 * by_letters


@lru_cache(maxsize=20_000)
def _parts(heading: str) -> tuple[frozenset[str], frozenset[str]]:
    """Its characters and its pairs of characters, the same words written the same way."""
    for word, same in SAME_WORDS:
        heading = heading.replace(word, same)
    return frozenset(heading), frozenset(heading[i : i + 2] for i in range(len(heading) - 1))


@dataclass
class Matched:
    """Columns by position, how well they match, and those found by what stands below their heading."""

    positions: dict[str, int] = field(default_factory=dict)
    score: float = 0.0
    guessed: set[str] = field(default_factory=set)

    def give(self, column: str, position: int, score: float) -> None:
        """Settle a column, unless it or the position is taken."""
        if column not in self.positions and position not in self.positions.values():
            self.positions[column] = position
            self.score += score


@dataclass(frozen=True)
class Matcher:
    """Matches the headings of one sheet to the columns of one ledger.

    `candidates` are the forms of each heading, `below` some cells under each. Likeness is asked once `own` headings were
    known by name.
    """

    ledger: Ledger
    names: Mapping[str, str]
    candidates: Sequence[tuple[str, ...]]
    below: Sequence[Sequence[Any]]
    own: int = 2
    _judged: dict[tuple[str, int], bool] = field(default_factory=dict)

    def match(self) -> Matched:
        """Exact names over cells that fit, then near ones, then what the cells say, then exact names all the same. Only days,
        IDs, numbers and words of a list can be so far from their heading that a like one is looked for."""
        found = Matched()
        exact = sorted(self._exact())
        for unfit, *_, i, name in exact:
            if not unfit or _kind(self.ledger.column(name)) in ("text", "name", "organization"):
                found.give(name, i, self._worth(name))
        if len({name for *_, name in exact}) >= self.own:
            for score, i, name in sorted(self._near(found), key=lambda n: (-n[0], n[1])):
                found.give(name, i, score)
            self._by_cells(found)
        for *_, i, name in exact:
            found.give(name, i, self._worth(name))
        headings = sum(1 for given in self.candidates if given and given[0] not in SERIAL | NEVER)
        found.score -= 0.2 * (headings - len(found.positions)) + 0.1 * (len(self.ledger.usual) - len(found.positions))
        return found

    def _exact(self) -> Iterator[tuple[bool, int, float, int, str]]:
        """Headings known by name: whether the cells do not fit, how far the form is from what is written, how unlike the
        column's own heading it is, position, column."""
        for i, given in enumerate(self.candidates):
            for rank, form in enumerate(given):
                if name := self.names.get(form):
                    column = self.ledger.column(name)
                    yield not self._suited(column, i), rank, -_closeness(form, column), i, name

    def _suited(self, column: Column, position: int) -> bool:
        key = (column.name, position)
        if key not in self._judged:
            self._judged[key] = _suits(column, _filled(self.below[position]))
        return self._judged[key]

    def _worth(self, name: str) -> float:
        return 2.0 if self.ledger.column(name).key else 1.0

    def _near(self, found: Matched) -> Iterator[tuple[float, int, str]]:
        """Headings that contain a column's name or are like one, and whose cells fit."""
        lost = {c.name for c in self.ledger.columns if c.name not in found.positions}
        known = [(name, column) for name, column in self.names.items() if column in lost and name not in TOO_COMMON]
        for i, given in self._free(found):
            best: dict[str, float] = {}
            for form in given:
                for name, column in known:
                    best[column] = max(best.get(column, 0.0), _nearness(form, name))
            for column, score in best.items():
                if score and self._fits(self.ledger.column(column), i, given):
                    yield score, i, column

    def _by_cells(self, found: Matched) -> None:
        """A column nobody named, where one free column of cells and no other reads like it."""
        for column in self.ledger.columns:
            if column.name in found.positions:
                continue
            telling = [i for i, given in self._free(found) if self._tells(column, i, given)]
            rivals = [c for c in self.ledger.columns if c.name not in found.positions and _kind(c) == _kind(column)]
            if len(telling) == 1 and len(rivals) == 1:
                found.give(column.name, telling[0], 0.3)
                found.guessed.add(column.name)

    def _free(self, found: Matched) -> Iterator[tuple[int, tuple[str, ...]]]:
        taken = set(found.positions.values())
        for i, given in enumerate(self.candidates):
            if given and i not in taken and not (set(given) & (SERIAL | NEVER)):
                yield i, given

    def _fits(self, column: Column, position: int, given: tuple[str, ...]) -> bool:
        """Whether the cells may be this column's; an empty column may be anything. A day that is planned is another day than
        the one it came to."""
        if any(form in {tidy(h) for h in column.unlike} for form in given):
            return False
        if _kind(column) == "day" and any(map(PLANNED.match, given)) and not any(map(PLANNED.match, column.headings)):
            return False
        return self._suited(column, position)

    def _tells(self, column: Column, position: int, given: tuple[str, ...]) -> bool:
        """Whether the cells can only be this column's: enough of them, and of a kind that tells."""
        filled = _filled(self.below[position])
        if len(filled) < 3 or not self._fits(column, position, given):
            return False
        return bool(column.known) or _kind(column) in ("day", "id", "organization")


def _closeness(form: str, column: Column) -> float:
    """How near a name is to the column's own heading."""
    return 2.0 if form in forms(column.heading) else likeness(form, tidy(column.heading))


def _filled(below: Sequence[Any]) -> list[Any]:
    """The cells that say anything."""
    return [cell for cell in below if cells.compact(cell) is not None]


def _nearness(form: str, name: str) -> float:
    """0.6 and more when one ends with the other, 0.5 and more when it contains it, up to 0.5 when they are alike, 0 otherwise:
    the last word of a heading says what it is."""
    if min(len(form), len(name)) < 2 or form in TOO_COMMON:
        return 0.0
    if name in INSIDE.findall(form):
        return 0.62
    short, long = (name, form) if len(name) <= len(form) else (form, name)
    if form.endswith(name) or (len(short) >= 3 and short in long):
        return (0.6 if long.endswith(short) else 0.5) + len(short) / 100
    like = likeness(form, name)
    return like / 2 if like >= ALIKE else 0.0


def _kind(column: Column) -> str:
    """What a column's cells look like."""
    if column.read in (cells.day, cells.day_or_month):
        return "day"
    if column.read is cells.resident_id:
        return "id"
    if column.read in (cells.whole, cells.number):
        return "number"
    if column.read is cells.name:
        return "name"
    if column.refers == "organization":
        return "organization"
    return "choice:" + column.name if column.known else "text"


def _suits(column: Column, filled: Sequence[Any]) -> bool:
    """Whether filled cells may stand in a column of this kind."""
    if not filled:
        return True
    kind = _kind(column)
    if kind in ("day", "id", "number"):
        return _share(filled, lambda cell: column.read(cell) is not None) >= 0.7
    if kind == "name":
        return _share(filled, _is_name) >= 0.8
    if kind == "organization":
        return _share(filled, lambda cell: ORGANIZATION.search(cells.written(cell))) >= 0.5
    if kind.startswith("choice:"):
        return _share(filled, lambda cell: column.read(cell) in column.known) >= 0.5
    return _share(filled, lambda cell: _is_day(cell) or cells.resident_id(cell) is not None) < 0.5


def _share(filled: Sequence[Any], holds: Any) -> float:
    good = 0
    for cell in filled:
        try:
            good += bool(holds(cell))
        except BadCell:
            continue
    return good / len(filled)


def _is_name(cell: Any) -> bool:
    return bool(re.fullmatch(r"[一-鿿㐀-䶿]{2,4}|[一-鿿]+(·[一-鿿]+)+", cells.name(cell) or ""))


def _is_day(cell: Any) -> bool:
    """Whether a cell can only be a date: 20103 may be a room."""
    written = isinstance(cell, str) and not cell.strip().isdigit()
    return (written or isinstance(cell, date)) and cells.day(cell) is not None
