"""What the pages of a text and of a report show, put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse

from zugong.base.models import User
from zugong.base.periods import Frame, Period
from zugong.reports import moving, reading, sayings, wording
from zugong.reports.behind import behind
from zugong.reports.deciding import Deciding
from zugong.reports.frozen import frozen_values, standing
from zugong.reports.models import AdoptedText, Report, ReportState, Slot
from zugong.reports.pointing import in_report, in_text, level_of, since_submitted
from zugong.reports.producing import PUBLIC, RENDITIONS, SUBMITTED, Filled
from zugong.reports.reading import around, state_of, tone_of
from zugong.reports.texts import parse
from zugong.reports.weaving import outside
from zugong.statistics.catalogue import FIGURES


def text_page(
    one: AdoptedText, slots: Sequence[Slot], frame: Frame, decision: Deciding | None, user: User, part: int | None = None
) -> dict[str, Any]:
    """An adopted text: its words with the marks in them, what is wrong with it, the slots and sentences beside it; `part` is
    the sentence that is being decided on, unless a slot is."""
    structure, level, base = parse(one.text), level_of(frame), reverse("reports:text", args=[one.pk])
    wrong = wording.contradictions(one.text, level) if level else []
    chosen = decision.slot.number if decision else None
    backed, records = sayings.backed_of(one, structure, frame)
    found = None if decision else next((said for said in backed if said.item.number == part), None)
    marks = [
        *reading.slots_marked(slots, base, chosen),
        *reading.parts_marked(backed, base, part if found else None),
        *reading.names_marked(wording.names(structure)),
        *reading.periods_marked(moving.period_words(structure)),
        *reading.levels_marked(wrong),
    ]
    numbers = [slot.number for slot in slots]
    return {
        "text": titled([one])[0],
        "base": base,
        "blocks": reading.laid_out(structure, marks),
        "pointers": in_text(one.text, slots, wrong, level),
        "rows": [_row_of_slot(one.text, slot) for slot in slots],
        "marks": {mark.number: mark for mark in marks if mark.kind == reading.SLOT},
        "wrong": wrong[0].text if wrong else "",
        "confirmed": sum(bool(slot.decided_by) for slot in slots),
        "deciding": decision,
        "saying": sayings.deciding(found, records[found.item.part], frame, user) if found else None,
        "said": sayings.rows_of_text(backed),
        "unsaid": sayings.undecided(backed),
        "reports": titled(one.reports.order_by("-pk").defer("produced")[:6]),
        **_neighbours(numbers, chosen),
    }


def _row_of_slot(text: str, slot: Slot) -> dict[str, Any]:
    figure = FIGURES.get(slot.figure)
    place = around(text, slot.start, slot.end, slot.written or reading.LOST, 9)
    facets = "、".join(word for words in slot.facets.values() for word in words)
    return {"slot": slot, "place": place, "figure": figure.name if figure else "没有指标可接", "facets": facets}


def _neighbours(numbers: Sequence[int], chosen: int | None) -> dict[str, Any]:
    """Which slot comes before the chosen one and which after; the first, where none is chosen."""
    at = numbers.index(chosen) if chosen in numbers else -1
    return {
        "before": numbers[at - 1] if at > 0 else None,
        "after": numbers[at + 1] if at + 1 < len(numbers) else None,
        "many": len(numbers),
    }


def report_page(
    one: Report, frame: Frame, rendition: str, number: int | None, user: User, part: int | None = None
) -> dict[str, Any]:
    """A report: its words with the figures in them, what to look at, and the figures beside it."""
    made = standing(one, frame, rendition)
    clean = rendition == SUBMITTED
    chips = f"{reverse('reports:report', args=[one.pk])}?" + (f"rendition={rendition}&" if clean else "")
    draft = one.state == ReportState.DRAFT
    then = {} if draft else frozen_values(one, made.slots)
    level = level_of(frame) if draft else ""
    pointers = in_report(made, level) if draft else since_submitted(made, then)
    chosen = next((slot for slot in made.slots if slot.number == number), None)
    marks = [
        *reading.filled_marked(made.slots, chips, chosen.number if chosen else None, clean, draft),
        *reading.puts_marked(made.names, made.periods),
        *reading.quotes_marked(made.text, made.quotes, chips, part, clean),
        *(reading.levels_marked(wording.contradictions(made.text, level)) if level else ()),
    ]
    return {
        **_common(one, frame, rendition),
        "made": made,
        "blocks": reading.laid_out(parse(made.text), marks),
        "pointers": pointers,
        "blocking": sum(pointer.blocks for pointer in pointers),
        "undecided": one.text.slots.filter(decided_by="").count() if draft else 0,
        "rows": [_row_of_figure(slot, draft) for slot in made.slots],
        "said": sayings.rows_of_report(made),
        "saying": None if chosen else sayings.behind_words(made, part, user, frame),
        "placed": any(mark.kind == reading.SLOT for mark in marks),
        "tones": {mark.tone for mark in marks},
        "wrong": next((mark.text for mark in marks if mark.kind == reading.LEVEL), ""),
        "behind": behind(chosen, one, user, then.get(chosen.number)) if chosen else None,
        **_neighbours([slot.number for slot in made.slots], chosen.number if chosen else None),
    }


def panel(one: Report, frame: Frame, rendition: str, number: int | None, user: User, part: int | None = None) -> dict[str, Any]:
    """What stands beside a report: one figure, one sentence, or their list."""
    draft = one.state == ReportState.DRAFT
    made = standing(one, frame, rendition, only=number if draft else None) if number else None
    chosen = next((slot for slot in made.slots if slot.number == number), None) if made else None
    if made is None or chosen is None:
        return report_page(one, frame, rendition, None, user, part)
    then = {} if draft else frozen_values(one, made.slots)
    here = outside(made.pieces)
    numbers = [slot.number for slot in (one.text.slots.all() if draft else made.slots) if here(slot)]
    found = behind(chosen, one, user, then.get(chosen.number))
    return {**_common(one, frame, rendition), "behind": found, **_neighbours(numbers, chosen.number)}


def _common(one: Report, frame: Frame, rendition: str) -> dict[str, Any]:
    return {
        "report": one,
        "base": reverse("reports:report", args=[one.pk]),
        "of": frame,
        "rendition": rendition,
        "renditions": RENDITIONS,
        "is_draft": one.state == ReportState.DRAFT,
        "public": PUBLIC,
    }


def _row_of_figure(slot: Filled, draft: bool) -> dict[str, Any]:
    figure = FIGURES.get(slot.figure)
    state, tone = (state_of(slot), tone_of(slot)) if draft or slot.typed else ("已核", "done")
    facets = "、".join(word for words in slot.facets.values() for word in words)
    return {
        "slot": slot, "figure": figure.name if figure else "没有指标可接", "facets": facets, "state": state, "tone": tone,
    }  # fmt: skip


def leaving(one: Report, frame: Frame) -> dict[str, Any]:
    """What is frozen when a report is submitted, and what still keeps it back."""
    made = standing(one, frame, SUBMITTED)
    pointers = in_report(made, level_of(frame))
    return {
        **_common(one, frame, SUBMITTED),
        "made": made,
        "blocking": [pointer for pointer in pointers if pointer.blocks],
        "noted": [pointer for pointer in pointers if not pointer.blocks],
        "proven": sum(1 for slot in made.slots if slot.answer.value is not None),
        "typed": [slot for slot in made.slots if slot.typed],
        "unnamed": any(name.text is None for name in made.names),
        "undecided": one.text.slots.filter(decided_by="").count(),
    }


def public_page(one: Report, frame: Frame) -> dict[str, Any]:
    """The public rendition: its words, and nothing of what was masked."""
    made = standing(one, frame, PUBLIC)
    return {"report": {"pk": one.pk}, "renditions": RENDITIONS, "blocks": reading.laid_out(parse(made.text), ())}


def titled(rows: Iterable[Any]) -> list[Any]:
    """Texts or reports with the title of their period."""
    rows = list(rows)
    for row in rows:
        row.period_title = Period.parse(row.period).title if row.period else ""
    return rows
