"""Whether the trail is as it was written: every entry against its mark, its seal, its neighbour and the anchors outside.

Nothing of what an entry says is told here, only its number, so that whoever runs the system may verify it, too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db.models import Subquery

from zugong.base import anchors, attesting, sealing
from zugong.base.models import TrailEntry, TrailHead, TrailTouch
from zugong.base.outside import Fault, Outside

START = "0" * 64
CHUNK = 2000
LOOKED_AT = 64  # entries at fault that are looked at closely, each against each
TOLD = 5000  # ranges at fault that are told one by one


@dataclass
class Verdict:
    """How many entries were looked at, what is wrong with them, and what is to be known besides."""

    entries: int
    faults: list[Fault]
    remarks: list[str]


def mark_of(entry: TrailEntry) -> str:
    """The SM3 mark an entry must bear."""
    return sealing.digest(json.dumps(entry.sealed_form(), ensure_ascii=False, sort_keys=True).encode())


def keys_touched(subject: str, values: str) -> set[str]:
    """The records an entry changed besides its subject, or took out with what is restricted of them, as the index must
    hold them."""
    if '"changes"' not in values and '"read"' not in values:
        return set()
    told = json.loads(values)
    return {key[:120] for key in (*told.get("changes", {}), *told.get("read", ()))} - {subject}


def verify(*, anchored: bool = True, progress: Callable[[str], None] = lambda text: None) -> Verdict:
    """Look at every entry, in bounded memory, while others go on writing. `anchored` compares with the files outside the
    database, too; they are read first, so that what is written meanwhile is no fault."""
    outside = Outside.read() if anchored else Outside()
    walk = Walk(outside)
    while walk.go_on():
        progress(f"已核对到第 {walk.number} 条")
    told = [*walk.named(), *outside.faults, *outside.against(walk.number, walk.seen, walk.days, walk.blamed)]
    remarks = [*outside.remarks, *([f"还有 {walk.untold} 处没有一一列出。"] if walk.untold else [])]
    return Verdict(walk.entries, list({(fault.kind, fault.first, fault.detail): fault for fault in told}.values()), remarks)


@dataclass
class Walk:
    """The entries one after the other, up to the head as it is when they are through."""

    outside: Outside
    number: int = -1
    mark: str = START
    doubtful: bool = False
    entries: int = 0
    untold: int = 0
    faults: list[Fault] = field(default_factory=list)
    suspects: dict[int, TrailEntry] = field(default_factory=dict)
    seen: dict[int, str] = field(default_factory=lambda: {0: START})
    days: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.wanted = self.outside.marks()

    def go_on(self) -> bool:
        """Look at the next entries; False at the end."""
        chunk = list(TrailEntry.objects.filter(number__gt=self.number).order_by("number")[:CHUNK])
        touched = _touched(chunk)
        for entry in chunk:
            self._look(entry, touched.get(entry.number, set()))
        return bool(chunk) or self._go_on_after_the_end()

    def _look(self, entry: TrailEntry, touched: set[str]) -> None:
        gap = entry.number > max(self.number, 0) + 1
        if gap:
            self._miss(entry.number)
        right = mark_of(entry)
        kind = self._kind(entry, right, linked=gap or self.doubtful or entry.previous == self.mark)
        if kind:
            self._fault(Fault(kind, entry.number, entry.number))
            if kind == "edited" and len(self.suspects) < LOOKED_AT:
                self.suspects[entry.number] = entry
        elif touched != keys_touched(entry.subject, entry.values):
            self._fault(Fault("index", entry.number, entry.number))
        self.number, self.mark, self.doubtful, self.entries = entry.number, entry.mark, bool(kind), self.entries + 1
        if entry.number in self.wanted:
            self.seen[entry.number] = right
        if not kind and entry.number > self.outside.sealed_after:
            day = anchors.day_of(entry.at)
            self.days[day] = (self.days.get(day, (entry.number, 0))[0], entry.number)

    def _kind(self, entry: TrailEntry, right: str, *, linked: bool) -> str:
        if entry.mark != right:
            return "edited"
        if entry.seal != attesting.seal(right) and (entry.seal or entry.number > self.outside.sealed_after):
            return "forged"
        return "" if linked else "unlinked"

    def _miss(self, before: int) -> None:
        """Entries that should stand before this one do not; an entry far behind the end was put there."""
        head, first = TrailHead.objects.filter(pk=1).first(), max(self.number, 0) + 1
        last = min(before - 1, max([head.number if head else before, *self.wanted]))
        if first <= last:
            self._fault(Fault("missing", first, last))

    def _fault(self, fault: Fault) -> None:
        end = self.faults[-1] if self.faults else None
        if end and end.kind == fault.kind and end.last + 1 == fault.first:
            self.faults[-1] = Fault(fault.kind, end.first, fault.last)
        elif len(self.faults) < TOLD:
            self.faults.append(fault)
        else:
            self.untold += 1

    def blamed(self, number: int) -> bool:
        """Whether an entry is at fault already."""
        return any(fault.first <= number <= fault.last for fault in self.faults)

    def _go_on_after_the_end(self) -> bool:
        newest = TrailEntry.objects.order_by("-number").values("number")[:1]
        head = TrailHead.objects.filter(pk=1).annotate(newest=Subquery(newest)).first()  # one statement: one moment
        if head is None:
            self.faults.append(Fault("head", detail="链尾的记录没有了"))
            return False
        last = head.newest or 0
        if last > max(self.number, 0):
            return True  # somebody went on writing
        if head.number > last:
            self.faults.append(Fault("cut", last + 1, head.number, f"链尾记到第 {head.number} 条"))
        elif not self.doubtful and (head.number, head.mark) != (last, self.mark):
            self.faults.append(Fault("head", detail=f"链尾应为第 {last} 条，记的却是另一条（第 {head.number} 条）"))
        return False

    def named(self) -> list[Fault]:
        """The faults, where an entry stands in another's place by that name."""
        places = {n for fault in self.faults for n in range(fault.first, min(fault.last, fault.first + LOOKED_AT) + 1)}
        moved = {number: _came_from(entry, places) for number, entry in self.suspects.items()}
        told: list[Fault] = []
        for fault in self.faults:
            if fault.kind != "edited" or fault.last - fault.first > LOOKED_AT or not any(moved.values()):
                told.append(fault)
                continue
            for number in range(fault.first, fault.last + 1):
                old = moved.get(number)
                told.append(Fault("moved", number, number, f"原是第 {old} 条") if old else Fault("edited", number, number))
        return told


def _came_from(entry: TrailEntry, places: Iterable[int]) -> int | None:
    """The number under which an entry's mark is right."""
    stands = entry.number
    try:
        for number in sorted(places)[: 2 * LOOKED_AT]:
            entry.number = number
            if number != stands and mark_of(entry) == entry.mark:
                return number
    finally:
        entry.number = stands
    return None


def _touched(chunk: list[TrailEntry]) -> dict[int, set[str]]:
    if not chunk:
        return {}
    found: dict[int, set[str]] = {}
    rows = TrailTouch.objects.filter(number__gte=chunk[0].number, number__lte=chunk[-1].number)
    for number, key in rows.values_list("number", "key"):
        found.setdefault(number, set()).add(key)
    return found
