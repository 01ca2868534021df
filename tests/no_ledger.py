"""One of each record that no ledger of the example county brings, for tests that look at every register."""

from __future__ import annotations

from conftest import IMPORT_DAY
from zugong.base.models import User
from zugong.base.records import writing_allowed
from zugong.tasks.models import FollowUp, Plan, Task


def begin_what_no_ledger_brings(by: User) -> None:
    """A plan of work and a follow-up, as a ledger would bring them: nothing of their own on the trail."""
    with writing_allowed():
        FollowUp.objects.create(
            subject=Task.objects.first().key, ask="办到哪一步", receiver=by, sender=by, sent_on=IMPORT_DAY, answer_by=IMPORT_DAY
        )
        Plan.objects.create(name="云溪县年度工作要点", year=2023)
