"""Figures and duties over a province, against hand-written SQL with the same scope and visibility."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date

from django.db import connection

from bench.measure import Line, peak_memory
from zugong.base.periods import Frame
from zugong.desk.dues import findings
from zugong.desk.prepare import operator
from zugong.statistics.catalogue import FIGURES
from zugong.statistics.frames import frame_of

TODAY = date(2026, 11, 22)
A, B = "2023-01-01", "2023-06-30"
BELOW = (
    "(SELECT organization_id FROM organizations_placement WHERE path LIKE '1.10007.%%'"
    " AND (valid_from IS NULL OR valid_from <= '2023-06-30') AND (valid_to IS NULL OR valid_to > '2023-06-30'))"
)
OPEN = "(valid_from IS NULL OR valid_from <= '2023-06-30') AND (valid_to IS NULL OR valid_to > '2023-06-30')"
# For each figure a statement a careful person would write; {where} is the scope.
BY_HAND = {
    "organizations.party_organizations": f"SELECT count(*) FROM organizations_partyorganization o WHERE {OPEN} {{where:o.id}}",
    "people.persons": "SELECT count(*) FROM people_person p WHERE 1=1 {persons}",
    "people.party_members": f"SELECT count(*) FROM people_membership m WHERE {OPEN} {{where:m.organization_id}}",
    "people.members_developed": f"SELECT count(*) FROM people_membership m WHERE joined_on BETWEEN '{A}' AND '{B}' {{where:m.organization_id}}",
    "meetings.held": f"SELECT count(*) FROM meetings_meeting m WHERE held_on BETWEEN '{A}' AND '{B}' {{where:m.organization_id}}",
    "meetings.attendance": f"SELECT sum(present) FROM meetings_meeting m WHERE held_on BETWEEN '{A}' AND '{B}' {{where:m.organization_id}}",
    "elections.held": f"SELECT count(*) FROM elections_term t WHERE elected_on BETWEEN '{A}' AND '{B}' {{where:t.organization_id}}",
}
SCOPES = {"": "全省", "10007": "一个党委"}


def statement(figure: str, scope: str) -> str:
    """The hand-written statement for a scope."""
    text = BY_HAND[figure]
    while "{where:" in text:
        before, _, rest = text.partition("{where:")
        column, _, after = rest.partition("}")
        text = before + (f"AND {column} IN {BELOW}" if scope else "") + after
    persons = (
        f"AND (p.id IN (SELECT person_id FROM people_membership WHERE organization_id IN {BELOW}) OR p.id IN (SELECT a.person_id"
        f" FROM people_appointment a JOIN organizations_unit u ON u.id = a.unit_id WHERE u.organization_id IN {BELOW}))"
    )
    return text.replace("{persons}", persons if scope else "")


def best_of(measured: Callable[[], object], times: int = 3) -> tuple[float, object]:
    """The shortest of a few runs, and the result."""
    spent, result = [], None
    for _ in range(times):
        begun = time.perf_counter()
        result = measured()
        spent.append(time.perf_counter() - begun)
    return min(spent), result


def by_hand(sql: str) -> object:
    """One number by hand-written SQL."""
    with connection.cursor() as cursor:
        cursor.execute(sql % () if not sql.count("%%") else sql.replace("%%", "%"))
        return cursor.fetchone()[0]


def figures(frame: Frame, scope: str) -> Iterator[Line]:
    """Each figure against its statement."""
    for figure in BY_HAND:
        hand, expected = best_of(lambda f=figure: by_hand(statement(f, scope)))
        ours, value = best_of(lambda f=figure: FIGURES[f].number(frame))
        assert value == expected, (figure, scope, value, expected)
        bound = 1.3 if hand >= 0.02 else (hand + 0.005) / hand
        yield Line(f"{SCOPES[scope]} {figure}", ours, hand, bound)


def run() -> Iterator[Line]:
    """All lines over a database that `province.build` filled."""
    by = operator()
    by.day = TODAY
    for scope in SCOPES:
        yield from figures(frame_of("2023H1", TODAY, scope), scope)
    frame = frame_of("2023H1", TODAY)
    begun = time.perf_counter()
    missed = sum(1 for one in findings(frame, by) if one.state == "missed")
    yield Line(f"半年全部应办事项（{missed} 项逾期），秒", time.perf_counter() - begun, None, 5)
    yield Line("　内存峰值 MiB", peak_memory(), None, 1024)
