"""The ledgers there are, in the order they are taken in: what others refer to comes first."""

from __future__ import annotations

from zugong.base.headings import Lexicon
from zugong.base.ledgers import Ledger
from zugong.cadres.ledgers import CADRES, MERITS, RESERVE, SECONDMENTS
from zugong.elections.ledgers import ORGANIZATIONS
from zugong.meetings.ledgers import MEETINGS, TALKED
from zugong.mentoring.ledgers import MENTORING
from zugong.people.ledgers import MEMBERS
from zugong.publicity.ledgers import ARTICLES
from zugong.supervision.ledgers import FINDINGS, SESSIONS
from zugong.talents.ledgers import INTRODUCTIONS, POSTS, TENANCIES
from zugong.tasks.ledgers import TASKS
from zugong.training.ledgers import CLASSES, HOURS, TRAINEES
from zugong.visits.ledgers import RESEARCH, VISITS

LEDGERS: tuple[Ledger, ...] = (
    ORGANIZATIONS,
    MEMBERS,
    CADRES,
    MEETINGS,
    TALKED,
    VISITS,
    RESEARCH,
    CLASSES,
    TRAINEES,
    HOURS,
    POSTS,
    INTRODUCTIONS,
    TENANCIES,
    RESERVE,
    SECONDMENTS,
    SESSIONS,
    FINDINGS,
    TASKS,
    MERITS,
    MENTORING,
    ARTICLES,
)
BY_ID = {ledger.id: ledger for ledger in LEDGERS}
ORDER = {ledger.id: number for number, ledger in enumerate(LEDGERS)}
LEXICON = Lexicon(LEDGERS)
