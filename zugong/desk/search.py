"""The search of the top bar: people, organizations, units and other records by name, office by office."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from zugong.base.access import Privacy
from zugong.base.models import User
from zugong.base.periods import Frame, Scope
from zugong.ui.filters import Asked
from zugong.ui.listing import Listing
from zugong.ui.registers import REGISTERS
from zugong.ui.shown import Cell, Fact, cell, record_href

SEARCHED = ("people.person", "organizations.partyorganization", "organizations.unit", "training.trainingclass", "tasks.task")
SHOWN, COLUMNS = 8, 4


@dataclass(frozen=True)
class Found:
    """What one register holds of the words."""

    title: str
    facts: list[Fact]
    rows: list[tuple[str, list[Cell]]]
    more: str


def search(words: str, user: User, frame: Frame) -> list[Found]:
    """The first rows of each register that hold the words and that the reader may see, wherever they belong."""
    query = QueryDict(mutable=True)
    query["q"] = words
    everywhere = frame.over(Scope(day=frame.day))
    found = []
    for label in SEARCHED:
        register = REGISTERS[label]
        if not user.may_somewhere(register.read):
            continue
        page = Listing(register, Asked(query, user, everywhere), SHOWN).page()
        facts = [f for f in register.facts if f.shown][:COLUMNS]
        rows = [(record_href(r), [cell(r, f, user, closed=(Privacy.RESTRICTED,)) for f in facts]) for r in page.records]
        if rows:
            more = f"{register.href()}?{query.urlencode()}&scope=" if page.after else ""
            found.append(Found(register.title, facts, rows, more))
    return found
