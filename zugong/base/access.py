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
    SYSTEM_RUN = "base:run"
    ACCOUNTS_MANAGE = "base:accounts"
    GRANTS_APPROVE = "base:approve_grants"
    TRAIL_READ = "base:trail"
    EXPORTS_APPROVE = "base:approve_exports"
    REGULATIONS_READ = "regulations:read"
    REGULATIONS_EDIT = "regulations:edit"
    ORGANIZATIONS_READ = "organizations:read"
    ORGANIZATIONS_EDIT = "organizations:edit"
    PEOPLE_READ = "people:read"
    PEOPLE_EDIT = "people:edit"
    OWN_READ = "people:own"
    CORRECTIONS_DECIDE = "people:corrections"
    PEOPLE_ERASE = "people:erase"
    DUTIES_EXCUSE = "people:excuse"
    TASKS_READ = "tasks:read"
    TASKS_EDIT = "tasks:edit"
    FOLLOW_UPS_APPROVE = "tasks:approve"
    CASES_READ = "tasks:cases"
    CASES_EDIT = "tasks:carry"
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

    @property
    def second_factor(self) -> bool:
        """Whether a password alone is not enough: who runs, grants, watches or approves, and who reads restricted fields."""
        return bool(self.permissions & (SYSTEM | APPROVE)) or Privacy.RESTRICTED in self.reads

    @property
    def sensitive(self) -> bool:
        """Whether a second person must agree before a grant of it holds (GB/T 22239-2019 8.1.4.2)."""
        return self.second_factor


P = Permission
OFFICES = [
    "REGULATIONS",
    "ORGANIZATIONS",
    "PEOPLE",
    "TASKS",
    "CASES",
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


def _read(*offices: str) -> frozenset[Permission]:
    return frozenset(getattr(P, f"{office}_READ") for office in offices)


def _edit(*offices: str) -> frozenset[Permission]:
    return frozenset(getattr(P, f"{office}_EDIT") for office in offices)


READ_RECORDS, EDIT_RECORDS = _read(*OFFICES), _edit(*OFFICES)
READ_ALL = READ_RECORDS | {P.STATISTICS_READ, P.REPORTS_READ, P.INTAKE_READ, P.DESK_READ}
DESK = frozenset({P.STATISTICS_READ, P.DESK_READ, P.REGULATIONS_READ})
PAPERS = DESK | {P.REPORTS_READ, P.REPORTS_WRITE, P.INTAKE_READ, P.INTAKE_COMMIT}

SYSTEM = frozenset({P.SETTINGS_CHANGE, P.SYSTEM_RUN, P.ACCOUNTS_MANAGE, P.TRAIL_READ})
APPROVE = frozenset({P.GRANTS_APPROVE, P.EXPORTS_APPROVE})

OPEN = frozenset({Privacy.PUBLIC, Privacy.INTERNAL})
PEOPLE = OPEN | {Privacy.PERSONAL}
EVERYTHING = PEOPLE | {Privacy.RESTRICTED}

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role(
            "operator",
            "本机操作员",
            "在服务器上用命令行准备数据的人：三名管理员开通之前，能办全部业务；开通之后不再有效。",
            READ_ALL
            | EDIT_RECORDS
            | {P.SETTINGS_CHANGE, P.SYSTEM_RUN, P.ACCOUNTS_MANAGE, P.TRAIL_READ, P.STATISTICS_FREEZE}
            | {P.REPORTS_WRITE, P.REPORTS_SUBMIT, P.INTAKE_COMMIT, P.DUTIES_EXCUSE},
            EVERYTHING,
        ),
        Role(
            "head",
            "部领导",
            "看全部业务，签发总结报告，审批敏感授权和大批导出，改部门设置，定制度的修订和本地规定，批准超额的督办；不录入台账。",
            READ_ALL
            | {P.REGULATIONS_EDIT, P.SETTINGS_CHANGE, P.STATISTICS_FREEZE, P.REPORTS_WRITE, P.REPORTS_SUBMIT}
            | {P.DUTIES_EXCUSE, P.FOLLOW_UPS_APPROVE}
            | APPROVE,
            PEOPLE,
        ),
        Role(
            "office",
            "科室干部（综合）",
            "不分科室的部门用：导入台账、维护全部记录、起草报告；报送须由部领导办理。",
            READ_ALL | EDIT_RECORDS | {P.REPORTS_WRITE, P.INTAKE_COMMIT, P.CORRECTIONS_DECIDE, P.PEOPLE_ERASE, P.DUTIES_EXCUSE},
            EVERYTHING,
        ),
        Role(
            "organization_office",
            "组织科干部",
            "管党组织、党员、组织生活、走访调研、换届、督导和制度，办理党员的更正申请。",
            PAPERS
            | _read("ORGANIZATIONS", "PEOPLE", "TASKS", "MEETINGS", "VISITS", "ELECTIONS", "SUPERVISION")
            | _edit("REGULATIONS", "ORGANIZATIONS", "PEOPLE", "MEETINGS", "VISITS", "ELECTIONS", "SUPERVISION")
            | {P.CASES_READ, P.CASES_EDIT, P.CORRECTIONS_DECIDE, P.DUTIES_EXCUSE},
            EVERYTHING,
        ),
        Role(
            "cadre_office",
            "干部科干部",
            "管干部花名册、年轻干部库、挂职和实绩，办理干部的更正申请。",
            PAPERS
            | _read("ORGANIZATIONS", "PEOPLE", "TASKS", "TRAINING", "MENTORING", "CADRES")
            | _edit("PEOPLE", "CADRES", "MENTORING")
            | {P.CASES_READ, P.CASES_EDIT, P.CORRECTIONS_DECIDE, P.DUTIES_EXCUSE},
            EVERYTHING,
        ),
        Role(
            "education_office",
            "干部教育科干部",
            "管培训班次和参训人员；不看证件号码和处分。",
            PAPERS | _read("ORGANIZATIONS", "PEOPLE", "TASKS", "TRAINING") | _edit("TRAINING"),
            PEOPLE,
        ),
        Role(
            "talent_office",
            "人才科干部",
            "管人才需求、引进和人才公寓。",
            PAPERS | _read("ORGANIZATIONS", "PEOPLE", "TASKS", "TALENTS") | _edit("TALENTS"),
            EVERYTHING,
        ),
        Role(
            "general_office",
            "办公室干部",
            "管重点任务、宣传稿件、帮带结对，起草报告；不看证件号码和处分。",
            PAPERS
            | _read("ORGANIZATIONS", "PEOPLE", "TASKS", "CASES", "MEETINGS", "VISITS", "PUBLICITY", "MENTORING")
            | _edit("TASKS", "PUBLICITY", "MENTORING"),
            PEOPLE,
        ),
        Role(
            "branch",
            "支部书记",
            "看本支部的记录，录入本支部的会议和活动。",
            DESK | _read("ORGANIZATIONS", "PEOPLE", "MEETINGS", "VISITS", "ELECTIONS") | _edit("MEETINGS"),
            PEOPLE,
        ),
        Role(
            "supervision_member",
            "督导组成员",
            "只看分给自己的单位、只在督导期间：记督导民主生活会和发现的问题。",
            DESK | _read("ORGANIZATIONS", "SUPERVISION", "CASES") | _edit("SUPERVISION", "CASES"),
            OPEN,
        ),
        Role(
            "oneself",
            "干部、党员、人才本人",
            "只看关于自己的记录和谁看过，提出更正，要一份副本。",
            frozenset({P.OWN_READ}),
            OPEN,
        ),
        Role(
            "partner",
            "协作单位",
            "只交来要他交的事实；收集事实的页面还没有做，现在登录后只能管自己的账号。",
            frozenset(),
            OPEN,
        ),
        Role(
            "system_administrator",
            "系统管理员",
            "管运行：部门设置、备份、恢复、体检、密钥；不看业务记录，不提授权，只作敏感授权的第二人（第一天还没有部领导时要靠他）。",
            frozenset({P.SETTINGS_CHANGE, P.SYSTEM_RUN, P.GRANTS_APPROVE}),
            OPEN,
        ),
        Role(
            "security_administrator",
            "安全管理员",
            "管账号和授权、解锁；敏感授权须另一人同意；不看业务记录，不看留痕。",
            frozenset({P.ACCOUNTS_MANAGE, P.GRANTS_APPROVE}),
            OPEN,
        ),
        Role("auditor", "审计管理员", "看留痕，不改任何东西，不看业务记录。", frozenset({P.TRAIL_READ}), OPEN),
    )
}
ADMINISTRATORS = ("system_administrator", "security_administrator", "auditor")  # no account holds two (三员分立)
