"""The workbench: what to do today, the period's figures beside the last period's, and the map of what is owed."""

from __future__ import annotations

from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.statistics.catalogue import FIGURES
from zugong.statistics.guarded import told
from zugong.statistics.numbers import Change

TODAY = 10
TELLING = (
    "organizations.party_organizations",
    "people.party_members",
    "people.members_developed",
    "elections.held",
    "meetings.held",
    "visits.made",
    "visits.opinions",
    "supervision.problems",
    "cadres.total",
    "training.trainees",
    "talents.introduced",
    "publicity.articles",
)
"""The dozen figures of the first page."""
FOR_FEWER_RIGHTS = ("meetings.attendance", "meetings.joint_study", "visits.organizations")


def telling(frame: Frame, user: User) -> list[Change]:
    """The dozen figures whose records the reader may see, each beside the last period's, as far as the reader may be told."""
    chosen = [FIGURES[id] for id in (*TELLING, *FOR_FEWER_RIGHTS)]
    mine = [one for one in chosen if user.may_somewhere(one.records().model.READ)][: len(TELLING)]
    last = frame.during(frame.period.previous())
    found = told(user, [(one, at) for at in (frame, last) for one in mine])
    return [Change.of(*three) for three in zip(mine, found[: len(mine)], found[len(mine) :], strict=True)]
