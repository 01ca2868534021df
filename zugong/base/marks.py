"""The mark (标记) on whatever leaves the house: who took it, when, and the number under which the house knows of it.

Only `exports` makes marks; whatever writes a file asks for one, so nothing is written that the trail does not know of.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from zugong.base.department import told
from zugong.base.models import User

MOST_IN_A_HEADER = 200  # characters; a workbook allows 255 with its own codes
MOST_OF_A_PURPOSE = 40


@dataclass(frozen=True)
class Mark:
    """Who took something out of the house, and when. `number` is the export's; 0 on a page that only is looked at."""

    number: int
    name: str
    username: str
    department: str
    at: datetime
    purpose: str = ""

    @property
    def who(self) -> str:
        """The reader by name and account: 王科员（keshi）."""
        return f"{self.name}（{self.username}）"

    @property
    def moment(self) -> str:
        """The minute, as it is here."""
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M}"

    @property
    def words(self) -> str:
        """The mark in one line: 内部资料 · 王科员（keshi） · … · 2023-06-30 10:20 · 第 17 号."""
        purpose = f"用途：{self.purpose[:MOST_OF_A_PURPOSE]}" if self.purpose else ""
        parts = ("内部资料", self.who, self.department, self.moment, purpose, f"第 {self.number} 号" if self.number else "")
        return " · ".join(part for part in parts if part)

    @property
    def short(self) -> str:
        """The mark for behind a text, where little fits: name, account, day, number."""
        return f"{self.who} {timezone.localtime(self.at):%Y-%m-%d} 第{self.number}号"

    @property
    def header(self) -> str:
        """The mark as the header of a printed page of a workbook, where & begins a code."""
        return self.words[:MOST_IN_A_HEADER].replace("&", "&&")


def marked(by: User, number: int, at: datetime, purpose: str = "") -> Mark:
    """The mark of an account at a moment: what for, the department's name, the organizations its grants are for."""
    codes = sorted({grant.organization_code for grant in by.grants_in_force()} - {""})
    places = f"党组织 {'、'.join(codes[:3])}" if codes else ""
    return Mark(number, by.name, by.username, " ".join(filter(None, (told("department"), places))), at, purpose)
