"""Adopting texts, deciding on their slots, writing reports, submitting them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from zugong.base import secrecy
from zugong.base.access import Permission
from zugong.base.actions import action, amend, create, entry, remove
from zugong.base.department import told
from zugong.base.facets import Unresolved
from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.base.rules import Reason, Refused
from zugong.base.sealing import digest
from zugong.reports import backing, moving, numerals, parts, weaving
from zugong.reports.binding import Proposal, propose
from zugong.reports.models import AdoptedText, Backing, Choice, Replacement, Report, ReportState, Slot
from zugong.reports.producing import SUBMITTED, Produced, Setting, Typed, produce
from zugong.reports.texts import LONGEST_TEXT, as_read, overlong, parse
from zugong.statistics.actions import freeze
from zugong.statistics.answers import Status
from zugong.statistics.catalogue import FIGURES

SHORTEST_REASON = 2


class NotSubmitted(Refused):
    """A report that may not leave the house yet; nothing was written."""

    exit_code = 4


@action(Permission.REPORTS_WRITE)
def adopt(*, by: User, on: date, name: str, text: str) -> AdoptedText:
    """Take a text as a template, with a proposal for each of its slots. The same text is taken once.

    Raises Refused for an empty or overlong text.
    """
    text = as_read(text)
    if not text.strip():
        raise Refused("稿子是空的，没有收下。")
    if len(text) > LONGEST_TEXT:
        raise Refused(f"稿子{overlong(text)}")
    if mark := secrecy.marked_paper(name, text):
        raise Refused(secrecy.refusal(name, mark))
    mark = digest(text.encode())
    if kept := AdoptedText.objects.filter(digest=mark).first():
        return kept
    structure = parse(text)
    own = moving.own_period(structure)
    title = structure.title.text if structure.title else ""
    adopted = create(
        AdoptedText(
            name=name[:200], title=title[:200], text=text, digest=mark, period=own.code if own else "", adopted_on=on,
            account=by.username,
        )
    )  # fmt: skip
    Slot.objects.bulk_create([_slot(adopted, number, one) for number, one in enumerate(propose(structure), start=1)])
    return adopted


def _slot(adopted: AdoptedText, number: int, one: Proposal) -> Slot:
    return Slot(
        text=adopted, number=number, start=one.slot.start, end=one.slot.end, written=one.slot.text, state=one.slot.state,
        unit=one.slot.unit, figure=one.figure, facets={name: [words] for name, words in one.facets.items()},
        time=str(one.period), prior=one.prior, reason=one.reason[:300],
        supported=one.supported,
    )  # fmt: skip


@action(Permission.REPORTS_WRITE)
def bind(
    *, by: User, on: date, slot: Slot, figure: str, facets: Mapping[str, Sequence[str]], time: str = "", prior: bool = False
) -> Slot:
    """Accept a slot's proposal or choose another figure. Raises Refused for a figure or facet there is not."""
    if figure != "other" and figure not in FIGURES:
        raise Refused(f"没有“{figure}”这个指标，没有改动。")
    if figure in FIGURES:
        unknown = set(facets) - set(FIGURES[figure].facets)
        if unknown:
            raise Refused(f"“{FIGURES[figure].name}”没有这样的限定：{'、'.join(sorted(unknown))}，没有改动。")
        for name, words in facets.items():
            _insist_on_value(figure, name, words)
    kept = {name: list(words) for name, words in facets.items() if words}
    return amend(slot, figure=figure, facets=kept, time=time, prior=prior, supported=True, decided_by=by.username)


def _insist_on_value(figure: str, name: str, words: Sequence[str]) -> None:
    of = FIGURES[figure]
    try:
        of.facets[name].resolved(words, of.records())
    except Unresolved:
        known = "、".join(of.facets[name].known(of.records())[:20])
        raise Refused(f"“{of.facets[name].title}”里没有“{'、'.join(words)}”，没有改动。可用的有：{known}。") from None


@action(Permission.REPORTS_WRITE)
def back(*, by: User, on: date, text: AdoptedText, frame: Frame, number: int, choice: str, record: str = "") -> Backing:
    """Decide on a sentence of a text's problems or plan: tie it to a record of the register, keep it without one, or write it
    no more. Raises Refused for a sentence there is not and for a record the register does not have or the user may not see."""
    item = next((one for one in parts.items(parse(text.text)) if one.number == number), None)
    if item is None:
        raise Refused(f"这份底稿的问题和计划里没有第 {number} 句，没有改动。")
    if choice == Choice.BOUND and record not in backing.visible(item.part, frame, by):
        raise Refused(
            f"登记的{backing.REGISTERS[item.part].kind}里没有这一条（或者不在您能看到的范围里），没有改动。请另选一条。"
        )
    decided = dict(end=item.end, choice=choice, decided_by=by.username, decided_on=on)
    decided["rests_on"] = record if choice == Choice.BOUND else ""
    if kept := Backing.objects.filter(text=text, start=item.start).first():
        return amend(kept, **decided)
    return create(Backing(text=text, start=item.start, **decided))


@action(Permission.REPORTS_WRITE)
def draft(*, by: User, on: date, text: AdoptedText, frame: Frame) -> Report:
    """Begin the report of a period from an adopted text; a draft of the same text, period and scope is taken up again."""
    wanted = dict(text=text, period=frame.period.code, scope=frame.scope.code, state=ReportState.DRAFT)
    if kept := Report.objects.filter(**wanted).first():
        return amend(kept, day=frame.day)
    return create(Report(**wanted, day=frame.day, account=by.username))


@action(Permission.REPORTS_WRITE)
def replace_number(*, by: User, on: date, report: Report, slot: Slot, value: str, reason: str) -> Replacement:
    """Put a number in by hand, with the reason. Raises Refused without one, or for what is no number."""
    _insist_on_draft(report)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused("手填的数必须写明理由，没有改动。")
    if numerals.parse(value.strip()) is None:
        raise Refused(f"“{value}”不是数字，没有改动。")
    kept = Replacement.objects.filter(report=report, slot=slot).first()
    if kept:
        return amend(kept, value=value.strip(), reason=reason.strip(), account=by.username)
    return create(Replacement(report=report, slot=slot, value=value.strip(), reason=reason.strip(), account=by.username))


@action(Permission.REPORTS_WRITE)
def withdraw_number(*, by: User, on: date, replacement: Replacement) -> None:
    """Take a hand-written number back; the figure's own stands again."""
    _insist_on_draft(replacement.report)
    remove(replacement)


@action(Permission.REPORTS_SUBMIT)
def submit(*, by: User, on: date, report: Report, frame: Frame) -> Report:
    """Submit a report: its words are kept and its figures frozen with the keys of their rows.

    Raises NotSubmitted, naming each open slot, while any is open; nothing is written then.
    """
    _insist_on_draft(report)
    weave = woven(report, frame)
    made = produced(report, frame, SUBMITTED, weave)
    if made.held_back:
        raise NotSubmitted(*_why_not(made))
    questions = [slot.question for slot in made.slots if slot.question and slot.answer.status == Status.PROVEN]
    questions += weave.questions
    freeze(by=by, on=on, questions=questions, taken_for=report.key)
    entry().note(digest=digest(made.text.encode()))
    held = weaving.to_keep(made.pieces, made.quotes)
    return amend(report, state=ReportState.SUBMITTED, title=made.title, produced=made.text, parts=held, submitted_on=on)


def _why_not(made: Produced) -> list[Reason]:
    open_slots, names = made.open_slots, [n for n in made.names if n.text is None]
    reasons = [Reason(f"还有 {made.held_back} 处没有着落，不能报送，什么也没写")]
    reasons += [Reason(f"{s.answer.status}：{_around(s.phrase)}（{s.answer.note}）") for s in open_slots[:10]]
    reasons += [Reason(f"名称未填：{n.note}") for n in names[:5]]
    reasons += [Reason(f"这一段待写：{piece.note}") for piece in made.unwritten]
    unfounded = made.unfounded[:10] if made.strict else ()
    reasons += [Reason(f"{one.state}：{_around(made.text[slice(*one.at)])}（没有接上记录）") for one in unfounded]
    return reasons


def _around(phrase: str) -> str:
    return f"“{phrase[:40]}{'…' if len(phrase) > 40 else ''}”"


def _insist_on_draft(report: Report) -> None:
    """What counts is the record as it is kept now, not as the caller read it: another may have submitted it since."""
    if Report.objects.select_for_update().values_list("state", flat=True).get(pk=report.pk) != ReportState.DRAFT:
        raise Refused("这份报告已经报送，不能再改。需要更正时请另起一份。")


def produced(report: Report, frame: Frame, rendition: str, weave: weaving.Weave | None = None) -> Produced:
    """A report as it stands now, in one rendition; `weave` are its problems and its plan where they are at hand."""
    slots, typed = report.text.slots.all(), hand_written(report)
    return produce(report.text.text, slots, frame, setting(), rendition, typed, weave or woven(report, frame))


def hand_written(report: Report) -> dict[int, Typed]:
    """The numbers written by hand, by slot."""
    kept = Replacement.objects.filter(report=report).select_related("slot")
    return {one.slot.number: Typed(one.value, one.reason, one.account) for one in kept}


def woven(report: Report, frame: Frame) -> weaving.Weave:
    """The problems and the plan of a report as the registers have them."""
    return weaving.weave(parse(report.text.text), frame, report.text.backings.all())


def setting() -> Setting:
    """The department's settings as reports need them."""
    shown = frozenset(part.strip() for part in told("public_shows").replace("，", ",").split(",") if part.strip())
    return Setting(told("department"), shown)
