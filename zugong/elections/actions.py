"""Every change terms undergo; and the keeping of ledger 01, which carries them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from zugong.base import parameters
from zugong.base.access import Permission
from zugong.base.actions import action, amend, create
from zugong.base.ledgers import Ledger, Row
from zugong.base.models import User
from zugong.base.sets import SetWrite, set_action
from zugong.elections import rules
from zugong.elections.models import CommitteeMember, Term
from zugong.elections.rules import term_expires_on
from zugong.organizations.actions import keep_organizations
from zugong.organizations.models import PartyOrganization
from zugong.people.models import Person

STANDARDS = parameters.read(__package__)


@action(Permission.ELECTIONS_EDIT, at="organization")
def begin_term(*, by: User, on: date, organization: PartyOrganization, elected_on: date, years: int) -> Term:
    """Keep a new term of an organization."""
    return create(_term(organization.pk, elected_on, years))


@action(Permission.ELECTIONS_EDIT, at="term")
def edit(*, by: User, on: date, term: Term, changes: dict[str, Any]) -> Term:
    """Correct a term, or enter the approval that lets it run on; its expiry follows. Raises Refused for an extension without
    a day or an approval, or beyond the longest."""
    names = ("elected_on", "years", "extended_to", "extension_basis")
    elected_on, years, extended_to, basis = (changes.get(name, getattr(term, name)) for name in names)
    expires = term_expires_on(elected_on, years) if years else None
    if extended_to or basis:
        longest = STANDARDS["extension_months"].on(on)
        rules.may_be_extended(expires, extended_to, int(longest.value), basis, longest.source).or_refuse()
    return amend(term, **{**changes, "expires_on": expires})


@action(Permission.ELECTIONS_EDIT, at="organization")
def record_member(
    *,
    by: User,
    on: date,
    organization: PartyOrganization,
    person: Person,
    post: str,
    valid_from: date | None = None,
) -> CommitteeMember:
    """Keep a member of a committee, or a branch's secretary."""
    return create(CommitteeMember(organization=organization, person=person, post=post, valid_from=valid_from))


@action(Permission.ELECTIONS_EDIT, at="member")
def edit_member(*, by: User, on: date, member: CommitteeMember, changes: dict[str, Any]) -> CommitteeMember:
    """Correct what is kept about a member of a committee, or end it."""
    return amend(member, **changes)


@set_action(Permission.ELECTIONS_EDIT)
def take_organizations(*, by: User, on: date, rows: Sequence[Row], write: SetWrite, ledger: Ledger) -> None:
    """Keep ledger 01: organizations, units, places, and each organization's present term."""
    keep_organizations(rows=rows, write=write, on=on)
    latest: dict[int, Term] = {}
    for term in Term.objects.order_by("elected_on").among("organization_id", [row.record.pk for row in rows]):
        latest[term.organization_id] = term
    new, corrected = [], []
    for row in rows:
        elected_on, years = row.values["elected_on"], row.values["years"]
        if elected_on is None:
            continue
        known = latest.get(row.record.pk)
        fresh = _term(row.record.pk, elected_on, years, row.origin)
        if known is None or (elected_on - known.elected_on).days >= SOONEST_NEXT_TERM:
            new.append(fresh)
        elif (known.elected_on, known.years) != (elected_on, years):
            values = {"elected_on": elected_on, "years": years, "expires_on": fresh.expires_on}
            corrected.append((known, {n: v for n, v in values.items() if getattr(known, n) != v}))
    write.create(new)
    write.change(corrected)


# A later election day in the ledger is a new term when it lies at least a year after the last one, else a correction.
SOONEST_NEXT_TERM = 365


def _term(organization: int, elected_on: date, years: int | None, origin: int | None = None) -> Term:
    expires = term_expires_on(elected_on, years) if years else None
    return Term(organization_id=organization, elected_on=elected_on, years=years, expires_on=expires, origin=origin)
