"""Every change terms undergo; and the keeping of ledger 01, which carries them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from zugong.base.access import Permission
from zugong.base.actions import action, amend, create
from zugong.base.ledgers import Ledger, Row
from zugong.base.models import User
from zugong.base.sets import SetWrite, set_action
from zugong.elections.models import Term
from zugong.elections.rules import term_expires_on
from zugong.organizations.actions import keep_organizations
from zugong.organizations.models import PartyOrganization


@action(Permission.ELECTIONS_EDIT, at="organization")
def begin_term(*, by: User, on: date, organization: PartyOrganization, elected_on: date, years: int) -> Term:
    """Keep a new term of an organization."""
    return create(_term(organization.pk, elected_on, years))


@action(Permission.ELECTIONS_EDIT, at="term")
def edit(*, by: User, on: date, term: Term, changes: dict[str, Any]) -> Term:
    """Correct a term; its expiry follows."""
    elected_on, years = changes.get("elected_on", term.elected_on), changes.get("years", term.years)
    expires = term_expires_on(elected_on, years) if years else None
    return amend(term, **{**changes, "expires_on": expires})


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
