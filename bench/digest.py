"""The daily digest of 20,000 branch secretaries, against hand-written SQL that finds the branches without a theme day in one
month, joins their secretaries and keeps a line for each. The digest looks at every duty and task, and what was told before."""

from __future__ import annotations

import time
from datetime import date

from django.db import connection, transaction

from bench.measure import Line, peak_memory
from bench.province import Builder
from zugong.base import bulk
from zugong.base.models import Grant, User
from zugong.base.records import writing_allowed
from zugong.desk.background.digest import assemble
from zugong.desk.prepare import operator
from zugong.tasks.models import Digest
from zugong.tasks.reminders import keep_digests

DAY, PEOPLE, MEETINGS, MEMBERS = date(2023, 6, 30), 20_000, 400_000, 100_000
SECONDS, TIMES_AS_LONG = 60, 120
BY_HAND = """
INSERT INTO by_hand (user_id, words)
SELECT g.user_id, o.name FROM organizations_partyorganization o
JOIN base_grant g ON g.organization_code = o.code AND g.state = 'agreed' AND (g.valid_to IS NULL OR g.valid_to > '2023-06-30')
WHERE o.kind = '党支部' AND NOT EXISTS (
  SELECT 1 FROM meetings_meeting m WHERE m.organization_id = o.id AND m.kind = '主题党日'
  AND m.held_on BETWEEN '2023-06-01' AND '2023-06-30')
"""


def build() -> None:
    """The branches with their meetings and members, and a secretary for each."""
    builder = Builder(PEOPLE, MEETINGS, MEMBERS)
    with transaction.atomic(), writing_allowed():
        builder.organizations()
        builder.meetings()
        builder.members()
        users = [User(username=f"shuji{n}", name=f"书记{n}", password="!") for n in range(PEOPLE)]
        bulk.insert(users)
        bulk.insert(
            [Grant(user=u, role="branch", organization_code=b.code) for u, b in zip(users, builder.branches, strict=True)]
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def run() -> list[Line]:
    """Both in one process, the hand-written one first and last, its longer time taken."""
    by_hand = [_by_hand()]
    by = operator()
    by.day = DAY
    begun, processor = time.perf_counter(), time.process_time()
    many = keep_digests(by=by, on=DAY, told=assemble(DAY).news)
    spent, processor = time.perf_counter() - begun, time.process_time() - processor
    by_hand.append(_by_hand())
    return [
        Line(f"每日提醒 {PEOPLE} 人（有的提醒的 {many} 人）：秒", spent, None, SECONDS),
        Line("　其中处理器：秒", processor, None, SECONDS),
        Line("　对手写的一条 SQL（一种应办、一个月）", spent, max(by_hand), TIMES_AS_LONG),
        Line("　提醒的行数", Digest.objects.count()),
        Line("　内存峰值 MiB", peak_memory()),
    ]


def _by_hand() -> float:
    begun = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE by_hand (user_id bigint, words varchar(120))")
        cursor.execute(BY_HAND)
        cursor.execute("DROP TABLE by_hand")
    return time.perf_counter() - begun
