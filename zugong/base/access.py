"""Who may do what: every permission, every role, and which classes of data a role reads.

A grant gives a person a role at an organization's code; the code stands for the whole subtree below it,
and the empty code for everything. What concerns the house as a whole (SYSTEM) is granted for everything or not at all.
A permission is `room:verb`, the same word the trail uses.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Privacy(StrEnum):
    """How far a field may be shown. Every field of every record has one."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    RESTRICTED = "restricted"


class Permission(StrEnum):
    """Everything a person can be allowed to do."""

    SETTINGS_CHANGE = "base:settings"
    ACCOUNTS_MANAGE = "base:accounts"
    TRAIL_READ = "base:trail"
    ORGANIZATIONS_READ = "organizations:read"
    ORGANIZATIONS_EDIT = "organizations:edit"
    PEOPLE_READ = "people:read"
    PEOPLE_EDIT = "people:edit"
    TASKS_READ = "tasks:read"
    TASKS_EDIT = "tasks:edit"
    MEETINGS_READ = "meetings:read"
    MEETINGS_EDIT = "meetings:edit"
    VISITS_READ = "visits:read"
    VISITS_EDIT = "visits:edit"
    TRAINING_READ = "training:read"
    TRAINING_EDIT = "training:edit"
    PUBLICITY_READ = "publicity:read"
    PUBLICITY_EDIT = "publicity:edit"
    ELECTIONS_READ = "elections:read"
    ELECTIONS_EDIT = "elections:edit"
    MENTORING_READ = "mentoring:read"
    MENTORING_EDIT = "mentoring:edit"
    TALENTS_READ = "talents:read"
    TALENTS_EDIT = "talents:edit"
    CADRES_READ = "cadres:read"
    CADRES_EDIT = "cadres:edit"
    SUPERVISION_READ = "supervision:read"
    SUPERVISION_EDIT = "supervision:edit"
    STATISTICS_READ = "statistics:read"
    STATISTICS_FREEZE = "statistics:freeze"
    REPORTS_READ = "reports:read"
    REPORTS_WRITE = "reports:write"
    REPORTS_SUBMIT = "reports:submit"
    INTAKE_READ = "intake:read"
    INTAKE_COMMIT = "intake:commit"
    DESK_READ = "desk:read"


def path_part(code: str) -> str:
    """A code as a part of a path, each of which ends in a dot: a dot inside the code is written wide."""
    return code.replace(".", "．")


@dataclass(frozen=True)
class Role:
    """What a kind of person does here, in words an auditor can read."""

    code: str
    title: str
    description: str
    permissions: frozenset[Permission]
    reads: frozenset[Privacy]


P = Permission
OFFICES = [
    "ORGANIZATIONS",
    "PEOPLE",
    "TASKS",
    "MEETINGS",
    "VISITS",
    "TRAINING",
    "PUBLICITY",
    "ELECTIONS",
    "MENTORING",
    "TALENTS",
    "CADRES",
    "SUPERVISION",
]
READ_RECORDS = frozenset(getattr(P, f"{office}_READ") for office in OFFICES)
EDIT_RECORDS = frozenset(getattr(P, f"{office}_EDIT") for office in OFFICES)
READ_ALL = READ_RECORDS | {P.STATISTICS_READ, P.REPORTS_READ, P.INTAKE_READ, P.DESK_READ}
BRANCH = frozenset(
    {P.ORGANIZATIONS_READ, P.PEOPLE_READ, P.MEETINGS_READ, P.MEETINGS_EDIT, P.VISITS_READ, P.ELECTIONS_READ}
    | {P.STATISTICS_READ, P.DESK_READ}
)

SYSTEM = frozenset({P.SETTINGS_CHANGE, P.ACCOUNTS_MANAGE, P.TRAIL_READ})

OPEN = frozenset({Privacy.PUBLIC, Privacy.INTERNAL})
PEOPLE = OPEN | {Privacy.PERSONAL}
EVERYTHING = PEOPLE | {Privacy.RESTRICTED}

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role(
            "operator",
            "本机操作员",
            "在服务器上用命令行准备数据的人：能办全部业务，也能改设置和开通账号。",
            READ_ALL
            | EDIT_RECORDS
            | {P.SETTINGS_CHANGE, P.ACCOUNTS_MANAGE, P.TRAIL_READ, P.STATISTICS_FREEZE}
            | {P.REPORTS_WRITE, P.REPORTS_SUBMIT, P.INTAKE_COMMIT},
            EVERYTHING,
        ),
        Role(
            "head",
            "部领导",
            "看全部业务，签发总结报告，改部门设置；不录入台账。",
            READ_ALL | {P.SETTINGS_CHANGE, P.STATISTICS_FREEZE, P.REPORTS_WRITE, P.REPORTS_SUBMIT},
            PEOPLE,
        ),
        Role(
            "office",
            "科室干部",
            "导入台账、维护记录、起草报告；报送须由部领导办理。",
            READ_ALL | EDIT_RECORDS | {P.REPORTS_WRITE, P.INTAKE_COMMIT},
            EVERYTHING,
        ),
        Role("branch", "支部书记", "看本支部的记录，录入本支部的会议和活动。", BRANCH, PEOPLE),
        Role(
            "system_administrator",
            "系统管理员",
            "管设置和账号，不看业务记录。",
            frozenset({P.SETTINGS_CHANGE, P.ACCOUNTS_MANAGE}),
            OPEN,
        ),
        Role("auditor", "审计管理员", "看留痕，不改任何东西，不看业务记录。", frozenset({P.TRAIL_READ}), OPEN),
    )
}
