"""One human being, several ledgers: which statement about a person is kept. Decisions only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

AGE_BANDS = (
    ("30岁及以下", None, 30),
    ("31-35岁", 31, 35),
    ("36-40岁", 36, 40),
    ("41-45岁", 41, 45),
    ("46-50岁", 46, 50),
    ("51-54岁", 51, 54),
    ("55岁及以上", 55, None),
)


class Weighed(StrEnum):
    """What becomes of a statement about a person."""

    AGREES = "agrees"
    FILLS = "fills"
    UPDATES = "updates"
    DIFFERS = "differs"
    SETTLES = "settles"
    SILENT = "silent"


@dataclass(frozen=True)
class Held:
    """What is held about one fact: the value, the ledger that gave it, and what this ledger said otherwise before."""

    value: Any
    giver: str
    said_before: Any = None


def weigh(held: Held, stated: Any, ledger: str) -> Weighed:
    """What to do with a ledger's statement: two ledgers that differ are listed, never overwritten silently.

    An empty cell says nothing. The ledger that gave a value may correct it; any other only fills what is missing.
    """
    if stated is None or stated == "":
        return Weighed.SILENT
    if held.value in (None, ""):
        return Weighed.FILLS
    if held.value == stated:
        return Weighed.SETTLES if held.said_before is not None else Weighed.AGREES
    if held.giver == ledger:
        return Weighed.UPDATES
    return Weighed.DIFFERS
