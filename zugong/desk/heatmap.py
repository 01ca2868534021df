"""The map of who owes what: organizations in the order of the tree × duties. Never sorted, never added up by unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode

from django.urls import reverse

from zugong.base.access import Permission
from zugong.base.duties import STATE_WORDS, Duty, Finding, State
from zugong.base.periods import BadPeriod, Frame, Period
from zugong.desk.dues import DUTIES
from zugong.desk.owing import OPEN, Owing, Place, missing_words, organization_of
from zugong.desk.remedies import satisfied_href
from zugong.organizations.models import PartyOrganization

UNITS = 40
PRINTED = 1000
DEEPEST = 4
COLUMNS = [duty for duty in DUTIES.values() if not duty.personal]
NUMERALS = "〇一二三四"
LONGEST = 16  # characters of what is missing that a square has room for


@dataclass(frozen=True)
class Square:
    """One duty of one organization: its state, what is open in few words, in full, and where that leads."""

    duty: Duty
    state: State | None
    words: str = ""
    full: str = ""
    href: str = ""


@dataclass(frozen=True)
class Strip:
    """One organization with its squares. `depth` is how far below the frame's organization it stands."""

    pk: int
    name: str
    kind: str
    depth: int
    under: str
    squares: list[Square]

    @property
    def clear(self) -> bool:
        """Whether nothing is overdue or near."""
        return not any(square.state in OPEN for square in self.squares)


@dataclass(frozen=True)
class Map:
    """One page of the map; `before` and `after` are organizations' numbers, None where there is no more."""

    strips: list[Strip]
    before: int | None
    after: int | None
    units: int
    columns: list[Duty]


def drawn(owing: Owing, *, gaps: bool = False, after: int | None = None, before: int | None = None, size: int = UNITS) -> Map:
    """The page of the map behind (or before) an organization; with `gaps` only organizations that owe something."""
    chosen = list(owing.places.values())
    if gaps:
        late = {organization_of(one) for one in owing.every if one.state in OPEN}
        chosen = [place for place in chosen if place.pk in late]
    backward = bool(before and not after)
    page, earlier, later = _page(chosen, owing.places.get(after or before or 0), size, backward=backward)
    ends = (page[0].pk if earlier else None, page[-1].pk if later else None) if page else (None, None)
    columns = columns_of(owing)
    return Map(_strips(owing, page, columns), *ends, len(chosen), columns)


def columns_of(owing: Owing) -> list[Duty]:
    """The duties that fall on any organization of the frame: a column in which nothing can be owed says nothing."""
    told = {one.duty for one in owing.every if one.state != State.EXEMPT}
    return [duty for duty in COLUMNS if duty.id in told]


def _page(chosen: list[Place], cursor: Place | None, size: int, *, backward: bool) -> tuple[list[Place], bool, bool]:
    """So many places from the cursor on, and whether there are more on either side."""
    if cursor is None:
        return chosen[:size], False, len(chosen) > size
    if backward:
        part = list(islice((p for p in reversed(chosen) if p.path < cursor.path), size + 1))
        return part[:size][::-1], len(part) > size, True
    part = list(islice((p for p in chosen if p.path > cursor.path), size + 1))
    return part[:size], True, len(part) > size


def _strips(owing: Owing, page: Sequence[Place], columns: Sequence[Duty]) -> list[Strip]:
    """Places as strips: one statement for their names and those of their superiors."""
    wanted = {place.pk for place in page}
    names = dict(_names(wanted | {place.parent for place in page if place.parent}))
    found = {(pk, one.duty): one for one in owing.every if (pk := organization_of(one)) in wanted}
    top, shown, under = owing.frame.scope.path.count("."), set(), None
    strips = []
    for place in page:
        name, kind = names[place.pk]
        superior = names.get(place.parent or 0, ("", ""))[0] if place.parent not in shown | {under} else ""
        depth = max(0, min(DEEPEST, place.path.count(".") - max(top, 1)))
        squares = [_square(duty, found.get((place.pk, duty.id)), owing) for duty in columns]
        strips.append(Strip(place.pk, name, kind, depth, superior, squares))
        shown, under = shown | {place.pk}, place.parent
    return strips


def _names(pks: set[int]) -> list[tuple[int, tuple[str, str]]]:
    rows = PartyOrganization.objects.filter(pk__in=pks).values_list("pk", "name", "kind")
    return [(pk, (name, kind)) for pk, name, kind in rows]


def _square(duty: Duty, one: Finding | None, owing: Owing) -> Square:
    """One square: open ones lead to what is missing, done ones to what was done, exempt ones to the reason."""
    if one is None:
        return Square(duty, None, full="没有这一项")
    dues = {"duty": duty.name, "organization": one.subject_code}
    href = f"{reverse('desk:dues')}?{urlencode(dues)}"
    if one.state in OPEN:
        full = f"{STATE_WORDS[one.state]}：{missing_words(one.missing)}"
        words = short(one.missing, owing.frame)
        return Square(duty, one.state, words if len(words) <= LONGEST else STATE_WORDS[one.state], full, href)
    if one.state == State.EXEMPT:
        full = f"{STATE_WORDS[one.state]}：{one.note}"
        return Square(duty, one.state, full=full, href=f"{href}&{urlencode({'state': STATE_WORDS[one.state]})}")
    done = satisfied_href(one, owing.frame) if owing.user.may_somewhere(_reads(duty)) else ""
    return Square(duty, one.state, full=STATE_WORDS[one.state], href=done)


def _reads(duty: Duty) -> Permission:
    return duty.evidence.model.READ if duty.evidence else Permission.DESK_READ  # type: ignore[attr-defined]


def short(missing: Sequence[str], frame: Frame) -> str:
    """What is open in a few characters: 1、3月 or 一、二季度 inside one year, else in full."""
    try:
        parts = [Period.parse(part) for part in missing]
    except BadPeriod:
        return missing_words(missing)
    one_year = {p.first.year for p in parts} == {frame.period.first.year} == {frame.period.last.year}
    if not one_year:
        return missing_words(missing)
    if all(p.months_long == 1 for p in parts):
        return f"{'、'.join(str(p.first.month) for p in parts)}月"
    if all(p.months_long == 3 for p in parts):
        return f"{'、'.join(NUMERALS[(p.first.month + 2) // 3] for p in parts)}季度"
    return missing_words(missing)
