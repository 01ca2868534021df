"""For each figure the statement a careful person would write by hand, with its scope."""

from __future__ import annotations

DAY = "'2023-06-30'"
DURING = f"BETWEEN '2023-01-01' AND {DAY}"
OPEN = f"(valid_from IS NULL OR valid_from <= {DAY}) AND (valid_to IS NULL OR valid_to > {DAY})"
BELOW = f"(SELECT organization_id FROM organizations_placement WHERE path LIKE '1.10007.%' AND {OPEN})"
UNITS = f"(SELECT id FROM organizations_unit WHERE organization_id IN {BELOW})"
PERSONS = (
    f"(SELECT person_id FROM people_membership WHERE {OPEN} AND organization_id IN {BELOW}"
    f" UNION SELECT person_id FROM people_appointment WHERE {OPEN} AND unit_id IN {UNITS})"
)
MOVED_IN = (
    "NOT EXISTS (SELECT 1 FROM talents_tenancy e WHERE e.person_id = t.person_id AND e.valid_from < t.valid_from"
    " AND (e.valid_to IS NULL OR e.valid_to >= {thirty_days_before}))"
)

FOUND_ON = '(SELECT min(held_on) FROM supervision_session s WHERE s."group" = f."group" AND s.unit_name = f.unit_name)'

# figure: (select, from, condition, how the scope is reached)
STATEMENTS: dict[str, tuple[str, str, str, str]] = {
    "organizations.party_organizations": ("count(*)", "organizations_partyorganization", OPEN, f"id IN {BELOW}"),
    "people.persons": ("count(*)", "people_person", "1=1", f"id IN {PERSONS}"),
    "people.party_members": ("count(*)", "people_membership", OPEN, f"organization_id IN {BELOW}"),
    "people.members_developed": ("count(*)", "people_membership", f"joined_on {DURING}", f"organization_id IN {BELOW}"),
    "meetings.held": ("count(*)", "meetings_meeting", f"held_on {DURING}", f"organization_id IN {BELOW}"),
    "meetings.joint_study": (
        "count(*)",
        "meetings_meeting",
        f"held_on {DURING} AND kind = '联学共建主题党日'",
        f"organization_id IN {BELOW}",
    ),
    "meetings.attendance": ("sum(present)", "meetings_meeting", f"held_on {DURING}", f"organization_id IN {BELOW}"),
    "visits.made": ("count(*)", "visits_visit", f"visited_on {DURING}", f"organization_id IN {BELOW}"),
    "visits.organizations": ("count(DISTINCT visited)", "visits_visit", f"visited_on {DURING}", f"organization_id IN {BELOW}"),
    "visits.opinions": (
        "count(*)",
        "visits_opinion o JOIN visits_visit v ON v.id = o.visit_id",
        f"v.visited_on {DURING}",
        f"v.organization_id IN {BELOW}",
    ),
    "visits.research_reports": ("count(*)", "visits_researchtopic", f"finished_on {DURING} AND has_report", "1=0"),
    "training.classes": ("count(*)", "training_trainingclass", f"starts_on {DURING}", "1=0"),
    "training.trainees": (
        "count(*)",
        "training_trainee t JOIN training_trainingclass c ON c.id = t.training_class_id",
        f"c.starts_on {DURING}",
        f"t.unit_id IN {UNITS}",
    ),
    "training.hours": (
        "sum(c.hours)",
        "training_trainee t JOIN training_trainingclass c ON c.id = t.training_class_id",
        f"c.starts_on {DURING}",
        f"t.unit_id IN {UNITS}",
    ),
    "talents.introduced": ("count(*)", "talents_introduction", f"introduced_on {DURING}", f"unit_id IN {UNITS}"),
    "talents.posts": ("count(*)", "talents_post", "year = 2023", f"unit_id IN {UNITS}"),
    "talents.planned_headcount": ("sum(headcount)", "talents_post", "year = 2023", f"unit_id IN {UNITS}"),
    "talents.apartment_residents": (
        "count(DISTINCT t.person_id)",
        "talents_tenancy t",
        f"t.valid_from {DURING} AND {MOVED_IN}",
        f"t.unit_id IN {UNITS}",
    ),
    "cadres.total": (
        "count(*)",
        f"(SELECT * FROM cadres_cadre WHERE {OPEN}) c",
        "1=1",
        f"c.appointment_id IN (SELECT id FROM people_appointment WHERE unit_id IN {UNITS})",
    ),
    "cadres.reserve_selected": ("count(*)", "cadres_reserveentry", f"valid_from {DURING}", f"unit_id IN {UNITS}"),
    "cadres.reserve_used": (
        "count(*)",
        "cadres_reserveentry",
        f"valid_to {DURING} AND left_because IN ('提拔', '进一步使用')",
        f"unit_id IN {UNITS}",
    ),
    "cadres.seconded": ("count(*)", "cadres_secondment", f"valid_from {DURING}", f"unit_id IN {UNITS}"),
    "cadres.secondments_running": (
        "count(*)",
        "cadres_secondment",
        f"valid_from IS NOT NULL AND {OPEN}",
        f"unit_id IN {UNITS}",
    ),
    "cadres.commended": (
        "count(*)",
        "cadres_merit",
        f"kind = '表彰奖励' AND recorded_on {DURING}",
        f"person_id IN (SELECT person_id FROM people_appointment WHERE unit_id IN {UNITS})",
    ),
    "supervision.groups": ('count(DISTINCT "group")', "supervision_session", f"held_on {DURING}", f"unit_id IN {UNITS}"),
    "supervision.meetings": ("count(*)", "supervision_session", f"held_on {DURING}", f"unit_id IN {UNITS}"),
    "supervision.problems": (
        "count(*)",
        "supervision_finding f",
        f"{FOUND_ON} {DURING}",
        f"f.unit_id IN {UNITS}",
    ),
    "elections.held": ("count(*)", "elections_term", f"elected_on {DURING}", f"organization_id IN {BELOW}"),
    "mentoring.pairs": ("count(*)", "mentoring_pair", OPEN, "1=0"),
    "publicity.articles": ("count(*)", "publicity_article", f"published_on {DURING}", "1=0"),
    "publicity.reads": ("sum(reads)", "publicity_article", f"published_on {DURING}", "1=0"),
    "tasks.items": (
        "count(*)",
        "tasks_task",
        f"(deadline BETWEEN '2023-01-01' AND '2023-12-31' OR deadline < '2023-01-01' AND (done_on IS NULL OR done_on > {DAY}))",
        "1=0",
    ),
}


def statement(figure: str, scope: str, vendor: str = "sqlite") -> str | None:
    """The statement for a figure, over everything or over one committee; None for a figure without records."""
    if figure not in STATEMENTS:
        return None
    what, where, condition, within = STATEMENTS[figure]
    before = "date(t.valid_from, '-30 days')" if vendor == "sqlite" else "t.valid_from - 30"
    condition = condition.replace("{thirty_days_before}", before)
    return f"SELECT {what} FROM {where} WHERE {condition}" + (f" AND {within}" if scope else "")
