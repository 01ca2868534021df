"""One of each record that no ledger of the example county brings, for tests that look at every register."""

from __future__ import annotations

from zugong.base.models import User
from zugong.base.records import writing_allowed
from zugong.tasks.models import Plan


def begin_what_no_ledger_brings(by: User) -> None:
    """A plan of work, as a ledger would bring it: nothing of its own on the trail."""
    with writing_allowed():
        Plan.objects.create(name="云溪县年度工作要点", year=2023)
