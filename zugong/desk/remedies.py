"""Where what is owed is done: for each finding the one button that does it, or leads to the place where it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from zugong.base.access import Permission
from zugong.base.duties import OPEN, STATE_WORDS, Duty, Finding, State
from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.cadres.duties import MIDWAY
from zugong.desk.dues import DUTIES, ORGANIZATION, PERSON
from zugong.desk.owing import day_words, missing_words, organization_of
from zugong.elections.duties import TERM
from zugong.meetings.models import PARTY_LECTURE, Meeting
from zugong.tasks.duties import STEP
from zugong.ui.registers import REGISTERS

MEETINGS = {
    duty.id: duty.evidence.narrow.get("kind", PARTY_LECTURE)
    for duty in DUTIES.values()
    if duty.evidence and duty.evidence.model is Meeting
}
"""The kind of meeting that satisfies a duty."""
TONES = {
    State.MISSED: "late",
    State.ADVISED: "advised",
    State.DUE: "open",
    State.MET: "done",
    State.EXEMPT: "over",
}
WORDS = {TERM.id: "看这一届", MIDWAY.id: "看挂职情况"}

P = Permission


@dataclass(frozen=True)
class Button:
    """What to press, and where it leads."""

    words: str
    href: str


@dataclass(frozen=True)
class Line:
    """One thing owed, ready to be shown: what, for whom, by when, why, and the button."""

    finding: Finding
    duty: Duty
    missing: str
    word: str
    subject_href: str
    recorded_href: str
    button: Button | None
    excuse_href: str = ""

    @property
    def tone(self) -> str:
        """The shape of the state."""
        return TONES[self.finding.state]

    @property
    def why(self) -> str:
        """The document behind it, as a reader may see it."""
        return self.finding.source.cite()


def lines(findings: Sequence[Finding], frame: Frame, user: User) -> list[Line]:
    """Findings ready to be shown; no statement, however many there are."""
    made = []
    for one in findings:
        missing, word = missing_words(one.missing), state_words(one.state, one.due_on, frame.day)
        subject, recorded, excused = _subject_href(one, user), _recorded_href(one, frame, user), _excuse_href(one, user)
        made.append(Line(one, DUTIES[one.duty], missing, word, subject, recorded, _button(one, frame, user), excused))
    return made


def state_words(state: State, due_on: date | None, day: date) -> str:
    """Where something owed stands: how far off its day is where it is owed, else the state in a word. What a soft duty
    brings up is never overdue."""
    return (day_words(due_on, day) if state in (State.MISSED, State.DUE) else "") or STATE_WORDS[state]


def _number(one: Finding) -> int:
    return int(one.subject_key.partition(":")[2])


def _button(one: Finding, frame: Frame, user: User) -> Button | None:
    """The one button for a finding; none where the reader may not go there."""
    if one.duty in MEETINGS:
        return _meeting(one, frame, user)
    if one.duty == STEP.id:
        return Button("办下一步", reverse("tasks:case", args=[one.record]))
    evidence = DUTIES[one.duty].evidence
    register = REGISTERS.get(evidence.model._meta.label_lower) if evidence else None
    if register is None or not user.may_somewhere(register.read):
        return None
    if one.record:
        return Button(WORDS.get(one.duty, f"看{register.title}"), register.href("", one.record))
    return Button(f"看{register.title}", satisfied_href(one, frame))


def _excuse_href(one: Finding, user: User) -> str:
    """Where it is said why the subject need not do it; "" for whoever may not say so, and where nothing is open."""
    known = one.subject_key.partition(":")[0] in (ORGANIZATION, PERSON)
    if one.state not in OPEN or not known or not user.may_somewhere(P.DUTIES_EXCUSE):
        return ""
    about = {"duty": one.duty, "about": one.subject_key, "from": one.due_on.isoformat() if one.due_on else ""}
    return f"{reverse('desk:excuse')}?{urlencode(about)}"


def _meeting(one: Finding, frame: Frame, user: User) -> Button | None:
    """Record the meeting, with its kind and organization filled in; whoever may not record sees those held."""
    if one.missing and user.may_somewhere(P.MEETINGS_EDIT):
        known = urlencode({"kind": MEETINGS[one.duty], "organization": organization_of(one)})
        return Button("记录会议", f"{reverse('meetings:record')}?{known}")
    if user.may_somewhere(P.MEETINGS_READ):
        return Button("看已开的会", satisfied_href(one, frame))
    return None


def satisfied_href(one: Finding, frame: Frame) -> str:
    """The register narrowed to what satisfies the duty: the meetings of its kind in the period, or the subject's records."""
    if one.duty in MEETINGS:
        return _meetings_href(one, frame, kind=MEETINGS[one.duty])
    evidence = DUTIES[one.duty].evidence
    register = REGISTERS.get(evidence.model._meta.label_lower) if evidence else None
    whose = "person" if DUTIES[one.duty].personal else "organization"
    return f"{register.list_href}?{urlencode({whose: _number(one)})}" if register else ""


def _recorded_href(one: Finding, frame: Frame, user: User) -> str:
    """Every meeting of the branch in the period, of whatever kind: was it held, and entered as something else?"""
    if one.duty in MEETINGS and one.missing and user.may_somewhere(P.MEETINGS_READ):
        return _meetings_href(one, frame)
    return ""


def _meetings_href(one: Finding, frame: Frame, **more: str) -> str:
    first, last = frame.days
    asked = {"organization": organization_of(one), **more, "held_on_from": first.isoformat(), "held_on_to": last.isoformat()}
    return f"{reverse('meetings:meeting-list')}?{urlencode(asked)}"


def _subject_href(one: Finding, user: User) -> str:
    """The page of whom it is about."""
    if one.duty == STEP.id:
        return reverse("tasks:case", args=[one.record])
    person = organization_of(one) is None
    if not user.may_somewhere(P.PEOPLE_READ if person else P.ORGANIZATIONS_READ):
        return ""
    return reverse("people:person" if person else "organizations:partyorganization", args=[_number(one)])
