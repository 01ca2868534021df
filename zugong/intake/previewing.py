"""A batch as it is looked at: what each sheet was recognised as, and its rows cell by cell, masked where need be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from zugong.base import cells
from zugong.base.access import Privacy
from zugong.base.ledgers import Column, Ledger, Problem, Row
from zugong.base.likeness import SERIAL, tidy
from zugong.base.models import User
from zugong.intake import rights, staging
from zugong.intake.catalogue import BY_ID
from zugong.intake.models import Batch, RowState, StagedRow, StagedSheet, State
from zugong.intake.reading import cell_name
from zugong.ui.shown import MASK, SHORT, record_href, words

SAID = re.compile(r"“[^”]*”|\d[\d\-./年月]{3,}日?")
ID = re.compile(r"(?<!\d)\d{14,17}[\dXx]?(?!\d)")
FIRST_SHOWN = 20


@dataclass(frozen=True)
class Heading:
    """A heading of the sheet: its column in Excel, as written, the ledger's column it was taken for, and how."""

    letter: str
    written: str
    taken_for: str
    how: str


@dataclass(frozen=True)
class Shown:
    """A cell as it is shown: `old` is what it replaces; `mark` says that it is changed, bad, or odd."""

    title: str
    text: str
    old: str | None = None
    mark: str = ""
    masked: bool = False
    day: bool = False

    @property
    def css(self) -> str:
        """The classes of its place in a table."""
        short = "is-short" if self.day or (len(self.text) <= SHORT and len(self.old or "") <= SHORT) else ""
        empty = "" if self.text or self.old or self.mark else "is-empty"
        return " ".join(filter(None, (short, empty, {"bad": "table-danger", "odd": "table-warning"}.get(self.mark, ""))))


@dataclass(frozen=True)
class Told:
    """Something wrong with a cell, in words: where, what stands there, why, and how to mend it. `reveals`: what stands
    there is an ID or a phone number, shown because it must be mended."""

    place: str
    column: str
    value: str
    reason: str
    hint: str
    refuses: bool
    reveals: bool = False

    @property
    def sentence(self) -> str:
        """Why, and how to mend it."""
        return f"{self.reason}。{self.hint}" if self.hint else f"{self.reason}。"


@dataclass(frozen=True)
class ShownRow:
    """A staged row ready to be shown."""

    pk: int
    number: int
    state: str
    cells: tuple[Shown, ...]
    told: tuple[Told, ...]
    href: str
    about_person: bool

    @property
    def speaks(self) -> bool:
        """Whether there is something to say about the row."""
        return bool(self.told) or self.about_person


@dataclass(frozen=True)
class ShownRows:
    """A page of rows and its columns; `emptied` are columns the sheet lacks whose kept values would go."""

    columns: list[Column]
    rows: list[ShownRow]
    emptied: list[str]


@dataclass(frozen=True)
class SheetCard:
    """A sheet of a batch: which ledger it is, which heading became which column, what its rows do."""

    sheet: StagedSheet
    alone: bool = False

    @property
    def ledger(self) -> Ledger | None:
        """The ledger it was recognised as."""
        return BY_ID.get(self.sheet.ledger)

    @property
    def name(self) -> str:
        """The file, and the sheet where the file has several."""
        sheet = "" if self.alone else self.sheet.name
        return f"{self.sheet.file.name}／{sheet}" if sheet else self.sheet.file.name

    @property
    def to_write(self) -> int:
        """How many rows a commit changes something by."""
        return self.sheet.new + self.sheet.changed

    @property
    def rows(self) -> int:
        """How many records were read."""
        return self.to_write + self.sheet.same + self.sheet.refused

    @property
    def first_state(self) -> str:
        """The rows to look at first: those refused, else those that change something."""
        return next((s for s in ("refused", "changed", "new") if getattr(self.sheet, s)), "same")

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """State, word and number for each kind of row."""
        found = [(s.value, s.label, getattr(self.sheet, s.value)) for s in RowState]
        return [*found, ("warned", "有提醒", self.sheet.warnings)]

    @cached_property
    def headings(self) -> list[Heading]:
        """The heading row as found, column after column."""
        if self.ledger is None:
            return []
        taken = {position: name for name, position in self.sheet.positions.items()}
        found = []
        for i, written in enumerate(self.sheet.headings):
            column = self.ledger.column(taken[i]).heading if i in taken else ""
            if written or column:
                found.append(Heading(cell_name(0, i).removesuffix("0"), written, column, self._how(i, written, taken)))
        return found

    def _how(self, position: int, written: str, taken: Mapping[int, str]) -> str:
        if position in taken:
            return "推定" if taken[position] in self.sheet.guessed else ""
        return "序号" if tidy(written) in SERIAL else "未识别"

    @property
    def guessed(self) -> list[Heading]:
        """Columns told by their cells."""
        return [h for h in self.headings if h.how == "推定"]

    @property
    def lacking(self) -> list[str]:
        """Columns of the ledger the sheet does not have."""
        return [c.heading for c in self.ledger.usual if c.name not in self.sheet.positions] if self.ledger else []

    @property
    def to_check(self) -> list[str]:
        """What a person should look at before writing, in a few words each."""
        lacking = len(self.lacking) if self.sheet.changed else 0
        counted = ((len(self.guessed), "列是推定的"), (len(self.sheet.unknown), "列未识别"), (lacking, "列表里没有"))
        return [f"{n} {said}" for n, said in counted if n]


def cards(batch: Batch) -> list[SheetCard]:
    """The batch's sheets in the order of their files."""
    sheets = StagedSheet.objects.filter(file__batch=batch).select_related("file__batch").order_by("file_id", "position", "pk")
    of_file = Counter(sheet.file_id for sheet in sheets)
    return [SheetCard(sheet, alone=of_file[sheet.file_id] == 1) for sheet in sheets]


def shown_rows(staged: Sequence[StagedRow], sheet: StagedSheet, user: User) -> ShownRows:
    """A page of rows: in the columns the sheet has, and those something is said about."""
    ledger = BY_ID[sheet.ledger]
    opened = [(one, staging.opened(one, ledger)) for one in staged]
    changed = {name for _, row in opened for name in row.before or ()}
    spoken = changed | {p.column for _, row in opened for p in row.problems}
    columns = [c for c in ledger.columns if c.name in sheet.positions or c.name in spoken]
    hrefs = _hrefs(ledger, sheet.file.batch, staged, user)
    return ShownRows(
        columns,
        [_shown(row, one, sheet, columns, user, hrefs.get(one.pk, "")) for one, row in opened],
        [c.heading for c in columns if c.name in changed and c.name not in sheet.positions],
    )


def _shown(row: Row, staged: StagedRow, sheet: StagedSheet, columns: Sequence[Column], user: User, href: str) -> ShownRow:
    return ShownRow(
        pk=staged.pk,
        number=row.number,
        state=RowState(staged.state).label,
        cells=tuple(_cell(row, column, sheet, user) for column in columns),
        told=tuple(told(row, sheet, user)),
        href=href,
        about_person=staged.state == RowState.CHANGED and not row.before,
    )


def told(row: Row, sheet: StagedSheet, user: User) -> Iterable[Told]:
    """What is wrong with a row, cell by cell; what the reader may not see is left out of the sentence."""
    ledger = BY_ID[sheet.ledger]
    for problem in row.problems:
        column, position = ledger.column(problem.column), sheet.positions.get(problem.column)
        privacy = column.class_in(row.values)
        masked = _masked(privacy, user, sheet, problem.refuses)
        heading = sheet.headings[position] if position is not None else column.heading
        yield Told(
            place=cell_name(row.number, position) if position is not None else f"第 {row.number} 行",
            column=" ".join(heading.split()),
            value=MASK if masked else _as_written(row, position, sheet, user),
            reason=SAID.sub(MASK, problem.reason) if masked else _without_ids(problem.reason, sheet, user),
            hint=problem.hint,
            refuses=problem.refuses,
            reveals=privacy == Privacy.RESTRICTED and not masked,
        )


def _cell(row: Row, column: Column, sheet: StagedSheet, user: User) -> Shown:
    problems = [p for p in row.problems if p.column == column.name]
    bad, mark = any(p.refuses for p in problems), _mark(row, column, problems)
    if _masked(column.class_in(row.values), user, sheet, bad):
        return Shown(column.heading, MASK, mark=mark, masked=True)
    value = words(row.values[column.name], grouped=False)
    if bad:
        value = _as_written(row, sheet.positions.get(column.name), sheet, user) or value
    old = words(row.before[column.name], grouped=False) if mark == "changed" else None
    return Shown(column.heading, value, old, mark, day=isinstance(row.values[column.name], date))


def _mark(row: Row, column: Column, problems: Sequence[Problem]) -> str:
    """What is to be seen at a glance: a fault before a change, a change before something odd."""
    if any(p.refuses for p in problems):
        return "bad"
    if row.before and column.name in row.before:
        return "changed"
    return "odd" if problems else ""


def _masked(privacy: Privacy, user: User, sheet: StagedSheet, bad: bool) -> bool:
    """IDs and phone numbers are shown only where they are what must be mended, to whoever sent them, if they may see them."""
    mendable = bad and is_sender(sheet, user)
    return not rights.shows(user, sheet.ledger, privacy) or (privacy == Privacy.RESTRICTED and not mendable)


def is_sender(sheet: StagedSheet, user: User) -> bool:
    """Whether this account handed the file in."""
    return sheet.file.batch.account == user.username


def _as_written(row: Row, position: int | None, sheet: StagedSheet, user: User) -> str:
    said = cells.written(row.cells[position]).strip() if position is not None and position < len(row.cells) else ""
    return _without_ids(said, sheet, user)


def _without_ids(said: str, sheet: StagedSheet, user: User) -> str:
    """IDs stand in the wrong column, too: nobody but the sender reads them there."""
    return said if is_sender(sheet, user) else ID.sub(MASK, said)


def _hrefs(ledger: Ledger, batch: Batch, staged: Sequence[StagedRow], user: User) -> dict[int, str]:
    """Addresses of the records the rows met, or became once the batch was written."""
    kind = ledger.kept().model
    if not user.may_somewhere(kind.READ):
        return {}
    met = {one.pk: one.record for one in staged if one.record is not None}
    new = [one.pk for one in staged if one.state == RowState.NEW]
    if new and batch.state == State.COMMITTED:
        met |= dict(kind._base_manager.filter(origin__in=new).values_list("origin", "pk"))
    return {pk: record_href(kind(pk=number)) for pk, number in met.items()}


def first_refused(shown: Sequence[SheetCard], user: User) -> list[tuple[SheetCard, int, Told]]:
    """The faulty cells of the first refused rows of a batch, over all its sheets."""
    by_pk = {card.sheet.pk: card for card in shown if card.sheet.refused}
    refused = StagedRow.objects.filter(sheet__in=by_pk, state=RowState.REFUSED).order_by("sheet_id", "number")
    first = StagedRow.objects.in_bulk(list(refused.values_list("pk", flat=True)[:FIRST_SHOWN]))
    found = []
    for one in sorted(first.values(), key=lambda row: (row.sheet_id, row.number)):
        card = by_pk[one.sheet_id]
        row = staging.opened(one, BY_ID[card.sheet.ledger])
        found += [(card, one.pk, t) for t in told(row, card.sheet, user) if t.refuses]
    return found
