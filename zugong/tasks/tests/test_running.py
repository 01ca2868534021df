"""How a case runs: an officer's cases; and for any procedure, from any state that can be reached, no clock goes back."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from zugong.base.access import ROLES
from zugong.base.rules import Standing
from zugong.regulations.procedures import shipped
from zugong.tasks.clocks import GATE_WORDS, GATES, Attempt, Pause, clock, due_on, gates_hold
from zugong.tasks.running import (
    GOING,
    Did,
    Event,
    State,
    as_of,
    course,
    day_holds,
    due,
    may_do,
    may_pause,
    may_resume,
    may_return,
    may_withdraw,
    position,
    taken_over,
)

SAID = yaml.safe_load((Path(__file__).parent / "cases/cases.yaml").read_text("utf-8"))
AHEAD = 7


def works(day: date) -> bool:
    return day in SAID["worked_instead"] or (day.weekday() < 5 and day not in SAID["days_off"])


@pytest.mark.parametrize("case", SAID["cases"], ids=lambda c: c["case"])
def test_cases(case):
    events = [Event(Did(did), step, day, *more) for step, did, day, *more in case["did"]]
    at = position(shipped()[case["procedure"]], as_of(events, case["day"]))
    last_day = due(at, case.get("record", {}), works)
    assert (at.step and at.step.id, last_day, at.state) == (case["step"], case["due"], case.get("state", "办理中"))
    assert clock(last_day, case["day"], AHEAD) == case["clock"]


@pytest.mark.parametrize("case", SAID["tries"], ids=lambda c: c["case"])
def test_tries(case):
    step = shipped()[case["procedure"]].step(case["step"])
    attempt = Attempt(**{"account": "li", "source": step.source, **case["try"]})
    reasons = [*day_holds(attempt).reasons, *gates_hold(step.gates, attempt).reasons]
    assert len(reasons) == len(case["refused"])
    assert all(said in str(reason) for said, reason in zip(case["refused"], reasons, strict=True))


def test_every_shipped_procedure_names_what_there_is():
    """Gates are rules that are there, roles are roles, sources have a name and a status; nothing is named in vain."""
    gates = {gate for one in shipped().values() for step in one.steps for gate in step.gates}
    assert gates == set(GATES) == set(GATE_WORDS)
    for one in shipped().values():
        assert {step.who for step in one.steps} <= set(ROLES)
        for step in one.steps:
            assert step.source.regulation
            assert step.source.checked_on
            assert isinstance(step.source.status, Standing)
            assert step.source.status != Standing.VERIFIED, "nobody has read the text yet"
            assert "?" not in step.source.article


def test_a_record_proves_steps_only_in_order_and_only_up_to_today():
    procedure = shipped()["secondment"]
    taken = [(step.id, day) for step, day in taken_over(procedure, {"briefed_on": date(2026, 3, 2)}, date(2026, 6, 1))]
    assert taken == [("chosen", date(2026, 3, 2)), ("briefed", date(2026, 3, 2))]
    assert taken_over(procedure, {"briefed_on": None, "closing_on": date(2026, 5, 1)}, date(2026, 6, 1)) == []
    assert taken_over(procedure, {"briefed_on": date(2026, 6, 2)}, date(2026, 6, 1)) == []
    backwards = {"briefed_on": date(2026, 3, 2), "midway_on": date(2026, 3, 1)}
    assert len(taken_over(procedure, backwards, date(2026, 6, 1))) == 2


def test_the_course_shows_what_was_late_and_what_is_ahead():
    events = [Event(Did.OPENED, "collected", date(2026, 3, 2)), Event(Did.DONE, "collected", date(2026, 3, 9))]
    lines, at = course(shipped()["opinion"], events, {}, works)
    assert [(line.step.name, line.day, line.due, line.in_time) for line in lines[:3]] == [
        ("收集", date(2026, 3, 9), date(2026, 3, 5), False),
        ("交办", None, date(2026, 3, 16), True),
        ("答复", None, None, True),
    ]
    assert at.state == State.OPEN


# Any procedure, any state that can be reached

FIRST = date(2026, 1, 1)
RECORD = {"valid_from": FIRST, "valid_to": FIRST + timedelta(400), "deadline": FIRST + timedelta(90)}
RECORD |= {"measure": "有", "office": "组织科", "solved": "有"}
MOVES = {"do": may_do, "back": may_return, "pause": may_pause, "resume": may_resume, "withdraw": may_withdraw}
TRY = st.tuples(
    st.sampled_from([*["do"] * 5, *MOVES]), st.integers(0, 40), st.integers(-30, 5), st.booleans(), st.integers(0, 2)
)


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(sorted(shipped())), st.lists(TRY, max_size=25))
def test_from_any_state_clocks_are_monotone_and_nothing_is_back_dated(code, tries):
    procedure = shipped()[code]
    events, today = [Event(Did.OPENED, procedure.steps[0].id, FIRST)], FIRST
    for number, (move, later, shift, papers, hand) in enumerate(tries):
        today += timedelta(later)
        at = position(procedure, events)
        source = (at.step or procedure.steps[-1]).source
        words = {"paper": "甲、乙", "reason": "有原因"} if papers else {}
        day, account = today + timedelta(shift), f"hand{hand}"
        attempt = Attempt(day, today, account, at.last, source, at.hand, record=RECORD, **words)
        choice = at.step.choices[number % len(at.step.choices)].say if at.step and at.step.choices else ""
        verdict = may_do(at, attempt, choice) if move == "do" else MOVES[move](at, attempt)
        if verdict:
            insist_on_time(day, today, at, move, papers)
            before = due(at, RECORD, works)
            did = {"do": Did.DONE, "back": Did.RETURNED, "pause": Did.PAUSED, "resume": Did.RESUMED, "withdraw": Did.WITHDRAWN}
            events.append(
                Event(did[move], at.step.id, day, at.step.back if move == "back" else choice if move == "do" else "", account)
            )
            after = position(procedure, events)
            insist_on_clock(move, at, after, before)
    days = [one.day for one in events]
    assert days == sorted(days)
    for day in days:
        assert position(procedure, as_of(events, day)).last == day, "what happened later does not show on an earlier day"


def insist_on_time(day, today, at, move, papers):
    """What was allowed lies between the last thing done and today; earlier than today only with paper and reason."""
    assert at.last <= day <= today
    assert day == today or papers
    assert move != "pause" or day == today
    assert at.state in GOING


def insist_on_clock(move, at, after, before):
    """A step's last day never lies before it was entered (unless the record says so), and no pause brings it forward."""
    assert after.last >= at.last
    assert after.entered >= at.entered
    now = due(after, RECORD, works)
    limit = after.step.limit if after.step else None
    if now and limit and not limit.start.startswith("record."):
        start = {"opened": after.opened, "entered": after.entered}.get(limit.start) or after.done[limit.start]
        assert now > start
    if move in ("pause", "resume") and before and now:
        assert now >= before or move == "resume"


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 60), st.booleans(), st.lists(st.tuples(st.integers(0, 80), st.integers(1, 20)), max_size=4))
def test_a_pause_never_brings_a_day_forward(days, working, spans):
    pauses = [Pause(FIRST + timedelta(a), FIRST + timedelta(a + length)) for a, length in spans]
    counts = works if working else None
    plain, held = due_on(FIRST, days, (), counts), due_on(FIRST, days, pauses, counts)
    assert held >= plain
    longer = due_on(FIRST, days + 1, pauses, counts)
    assert longer > held
    assert not any(one.holds(held) for one in pauses)
