"""The catalogue: every figure there is, as an import list read from top to bottom."""

from __future__ import annotations

from zugong.base.figures import Figure, NameFigure, catalogue
from zugong.cadres import figures as cadres
from zugong.elections import figures as elections
from zugong.meetings import figures as meetings
from zugong.mentoring import figures as mentoring
from zugong.organizations import figures as organizations
from zugong.people import figures as people
from zugong.publicity import figures as publicity
from zugong.supervision import figures as supervision
from zugong.talents import figures as talents
from zugong.tasks import figures as tasks
from zugong.training import figures as training
from zugong.visits import figures as visits

CATALOGUE: dict[str, Figure | NameFigure] = catalogue(
    organizations.party_organizations,
    organizations.brands_recognized,
    organizations.place,
    organizations.level,
    organizations.superior,
    people.persons,
    people.party_members,
    people.members_developed,
    meetings.held,
    meetings.joint_study,
    meetings.attendance,
    meetings.joint_study_partners,
    visits.made,
    visits.organizations,
    visits.opinions,
    visits.research_reports,
    training.classes,
    training.trainees,
    training.hours,
    talents.introduced,
    talents.posts,
    talents.planned_headcount,
    talents.apartment_residents,
    talents.services,
    talents.benefits_paid,
    talents.projects,
    cadres.total,
    cadres.reserve_selected,
    cadres.reserve_used,
    cadres.appointed,
    cadres.interviewed,
    cadres.seconded,
    cadres.secondments_running,
    cadres.commended,
    cadres.disciplined,
    supervision.groups,
    supervision.meetings,
    supervision.problems,
    supervision.registered,
    supervision.problems_told,
    supervision.answers,
    elections.held,
    mentoring.pairs,
    publicity.articles,
    publicity.reads,
    tasks.items,
    tasks.due,
    tasks.plan_kept,
    tasks.planned,
)

FIGURES: dict[str, Figure] = {id: one for id, one in CATALOGUE.items() if isinstance(one, Figure)}
NAMES: dict[str, NameFigure] = {id: one for id, one in CATALOGUE.items() if isinstance(one, NameFigure)}
