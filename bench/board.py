"""The whole board of duties at 10,000 branches, against the statements a careful person would write by hand for what is awake,
and the board of one branch."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from bench.measure import Line, peak_memory
from bench.scale import TODAY
from bench.timing import best_of
from zugong.desk.dues import board
from zugong.desk.prepare import operator
from zugong.organizations.models import PartyOrganization
from zugong.statistics.frames import frame_of

MONTHS = ("2023-01-31", "2023-02-28", "2023-03-31", "2023-04-30", "2023-05-31", "2023-06-30")
PART = " ".join(f"WHEN held_on <= '{day}' THEN {n}" for n, day in enumerate(MONTHS))
HELD = (
    f"SELECT organization_id, CASE {PART} END AS part, count(*) FROM meetings_meeting"
    " WHERE kind = '{kind}' AND held_on BETWEEN '2023-01-01' AND '2023-06-30' GROUP BY 1, 2"
)
BY_HAND = (
    *(HELD.replace("{kind}", kind) for kind in ("主题党日", "支部委员会会议", "支部党员大会", "党课")),
    "SELECT organization_id, category, count(*) FROM people_membership WHERE valid_to IS NULL GROUP BY 1, 2",
    "SELECT organization_id, max(elected_on), max(expires_on) FROM elections_term GROUP BY 1",
    "SELECT person_id, valid_from, valid_to, briefed_on, midway_on, closing_on FROM cadres_secondment",
    "SELECT id, name, code, valid_from, valid_to FROM organizations_partyorganization WHERE kind = '党支部'",
)


def by_hand() -> int:
    """Every row of every statement, fetched."""
    with connection.cursor() as cursor:
        return sum(len(cursor.execute(sql).fetchall()) for sql in BY_HAND)


def theme_days_missed() -> int:
    """How many branches missed a Theme Party Day in some month, by hand."""
    held = f"SELECT count(*) FROM ({BY_HAND[0]}) x WHERE x.organization_id = o.id"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM organizations_partyorganization o WHERE kind = '党支部' AND ({held}) < 6")
        return cursor.fetchone()[0]


def run() -> Iterator[Line]:
    """All lines over a database that `province.build` filled."""
    by = operator()
    by.day = TODAY
    frame = frame_of("2023H1", TODAY)
    hand, _ = best_of(by_hand)
    ours, found = best_of(lambda: list(board(frame, by).findings()))
    late = sum(one.duty == "meetings.theme_day" and one.state == "missed" for one in found)
    assert late == theme_days_missed(), late
    yield Line(f"一万个党支部的全部应办事项（{len(found)} 条）", ours, hand, 10)
    code = PartyOrganization.objects.filter(kind="党支部").order_by("pk").values_list("code", flat=True)[7]
    one = frame_of("2023H1", TODAY, code)
    alone, _ = best_of(lambda: list(board(one, by).findings()))
    yield Line("一个党支部的全部应办事项，秒", alone, None, 0.05)
    yield Line("　内存峰值 MiB", peak_memory(), None, 1024)
