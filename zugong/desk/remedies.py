"""Where what is owed is done: for each finding the one button that does it, or leads to the place where it is done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from zugong.base.access import Permission
from zugong.base.duties import STATE_WORDS, Duty, Finding, State
from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.cadres.duties import MIDWAY
from zugong.cadres.models import Secondment
from zugong.desk.dues import DUTIES
from zugong.desk.owing import day_words, missing_words, organization_of
from zugong.elections.duties import TERM
from zugong.elections.models import Term
from zugong.meetings.duties import COMMITTEE, GENERAL, LECTURE, THEME
from zugong.meetings.models import COMMITTEE_MEETING, GENERAL_MEETING, PARTY_LECTURE, THEME_DAY
from zugong.tasks.duties import STEP

MEETINGS = {
    GENERAL.id: GENERAL_MEETING,
    COMMITTEE.id: COMMITTEE_MEETING,
    THEME.id: THEME_DAY,
    LECTURE.id: PARTY_LECTURE,
}
"""The kind of meeting that satisfies a duty."""

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
    days: str
    subject_href: str
    recorded_href: str
    button: Button | None

    @property
    def late(self) -> bool:
        """Whether its day has come."""
        return self.finding.state in (State.MISSED, State.ADVISED)

    @property
    def word(self) -> str:
        """The state in a word."""
        return STATE_WORDS[self.finding.state]

    @property
    def why(self) -> str:
        """The document behind it, as a reader may see it."""
        return self.finding.source.cite()


def lines(findings: Sequence[Finding], frame: Frame, user: User) -> list[Line]:
    """Findings ready to be shown; at most two statements, however many there are."""
    records = _records(findings, frame, user)
    made = []
    for one in findings:
        button = _button(one, records, frame, user)
        missing, days = missing_words(one.missing), day_words(one, frame)
        subject, recorded = _subject_href(one, user), _recorded_href(one, frame, user)
        made.append(Line(one, DUTIES[one.duty], missing, days, subject, recorded, button))
    return made


def _records(findings: Iterable[Finding], frame: Frame, user: User) -> dict[Finding, int]:
    """The numbers of the terms and secondments that findings are about."""
    found: dict[Finding, int] = {}
    terms = {organization_of(one): one for one in findings if one.duty == TERM.id}
    if terms:
        rows = Term.objects.latest(frame.day).visible_to(user).filter(organization__in=terms)
        found |= {terms[organization]: pk for organization, pk in rows.values_list("organization_id", "pk")}
    talks = [one for one in findings if one.duty == MIDWAY.id]
    if talks:
        begun = Secondment.objects.visible_to(user).filter(person__in=[_number(one) for one in talks])
        rows = begun.order_by("valid_from", "pk").values_list("person_id", "valid_from", "pk")
        by_start = {(person, str(start)): pk for person, start, pk in rows}
        found |= {one: pk for one in talks if (pk := by_start.get((_number(one), "".join(one.missing)[:10])))}
    return found


def _number(one: Finding) -> int:
    return int(one.subject_key.partition(":")[2])


def _button(one: Finding, records: dict[Finding, int], frame: Frame, user: User) -> Button | None:
    """The one button for a finding; none where the reader may not go there, or nothing is left to do."""
    if one.duty in MEETINGS:
        return _meeting(one, frame, user)
    if one.duty == TERM.id and one in records:
        return Button("看这一届", reverse("elections:term", args=[records[one]]))
    if one.duty == STEP.id:
        return Button("办下一步", reverse("tasks:case", args=[one.record]))
    if one.duty == MIDWAY.id and one in records:
        return Button("看挂职情况", reverse("cadres:secondment", args=[records[one]]))
    return None


def _meeting(one: Finding, frame: Frame, user: User) -> Button | None:
    """Record the meeting, with its kind and organization filled in; whoever may not record sees those held."""
    if one.missing and user.may_somewhere(P.MEETINGS_EDIT):
        known = urlencode({"kind": MEETINGS[one.duty], "organization": organization_of(one)})
        return Button("记录会议", f"{reverse('meetings:record')}?{known}")
    if user.may_somewhere(P.MEETINGS_READ):
        return Button("看已开的会", satisfied_href(one, frame))
    return None


def satisfied_href(one: Finding, frame: Frame) -> str:
    """The register narrowed to what satisfies the duty: the meetings of its kind in the period, or the terms."""
    if one.duty in MEETINGS:
        return _meetings_href(one, frame, kind=MEETINGS[one.duty])
    return f"{reverse('elections:term-list')}?{urlencode({'organization': organization_of(one)})}"


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
