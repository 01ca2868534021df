"""Every change a mentoring pair undergoes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from zugong.base.access import Permission
from zugong.base.actions import action, amend
from zugong.base.ledgers import Ledger, Row, Values
from zugong.base.models import User
from zugong.base.sets import SetWrite, set_action
from zugong.mentoring.models import Pair
from zugong.people.models import Person


@action(Permission.MENTORING_EDIT, at="pair")
def edit(*, by: User, on: date, pair: Pair, changes: dict[str, Any]) -> Pair:
    """Correct what is kept about a pair."""
    return amend(pair, **changes)


@set_action(Permission.MENTORING_EDIT)
def take_pairs(*, by: User, on: date, rows: Sequence[Row], write: SetWrite, ledger: Ledger) -> None:
    """Keep the rows of ledger 18; names are linked to persons where exactly one can be meant."""
    named = Person.objects.all().named(row.values[who] for row in rows for who in ("mentor", "mentee"))

    def fields(row: Row) -> Values:
        v = row.values
        return {
            "mentor_name": v["mentor"],
            "mentor_id": named.get(v["mentor"]),
            "mentee_name": v["mentee"],
            "mentee_id": named.get(v["mentee"]),
            "weakness": v["weakness"] or "",
            "goal": v["goal"] or "",
            "valid_from": v["valid_from"],
            "valid_to": v["valid_to"],
        }

    write.keep(rows, Pair, fields)
