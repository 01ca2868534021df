"""The roles as one table: what each may do in which office, and which classes of data it reads. Made from base.access only."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zugong.base.access import OFFICES, ROLES, Permission, Privacy, Role

OFFICE_TITLES = dict(
    zip(
        OFFICES,
        ("制度", "党组织", "人员", "任务", "程序", "会议", "走访", "培训", "宣传", "换届", "帮带", "人才", "干部", "督导"),
        strict=True,
    )
)
P = Permission
SYSTEM_TITLES = {
    P.SETTINGS_CHANGE: "部门设置",
    P.SYSTEM_RUN: "运行",
    P.ACCOUNTS_MANAGE: "账号授权",
    P.GRANTS_APPROVE: "同意授权",
    P.TRAIL_READ: "留痕",
    P.EXPORTS_APPROVE: "同意导出",
    P.FOLLOW_UPS_APPROVE: "批准督办",
    P.OWN_READ: "看自己的",
    P.CORRECTIONS_DECIDE: "办更正",
    P.PEOPLE_ERASE: "清除",
    P.DUTIES_EXCUSE: "登记豁免",
    P.STATISTICS_READ: "看统计",
    P.STATISTICS_FREEZE: "定格",
    P.REPORTS_READ: "看报告",
    P.REPORTS_WRITE: "写报告",
    P.REPORTS_SUBMIT: "报送",
    P.INTAKE_READ: "看收件",
    P.INTAKE_COMMIT: "导入",
    P.DESK_READ: "工作台",
}
CLASS_TITLES = {
    Privacy.PUBLIC: "公开",
    Privacy.INTERNAL: "内部",
    Privacy.PERSONAL: "个人信息",
    Privacy.RESTRICTED: "敏感信息（看时要写用途）",
}


@dataclass(frozen=True)
class RoleLine:
    """One role: office by office 看 or 改, what else it may do, up to which class it reads, whether a second person agrees."""

    role: Role
    offices: tuple[str, ...]
    more: str
    reads: str
    second: str


def table() -> list[RoleLine]:
    """Every role there is."""
    return [_line(role) for role in ROLES.values()]


def _line(role: Role) -> RoleLine:
    offices = tuple(_in_office(role, office) for office in OFFICES)
    more = "、".join(title for permission, title in SYSTEM_TITLES.items() if permission in role.permissions)
    reads = "、".join(title for privacy, title in CLASS_TITLES.items() if privacy in role.reads)
    return RoleLine(role, offices, more, reads, "要" if role.sensitive else "不要")


def _in_office(role: Role, office: str) -> str:
    if Permission[f"{office}_EDIT"] in role.permissions:
        return "改"
    return "看" if Permission[f"{office}_READ"] in role.permissions else "—"


def markdown() -> str:
    """The table as the documentation has it; a test holds the two together."""
    heads = ("角色", *OFFICE_TITLES.values(), "还能", "看到哪一类", "第二人同意")
    rows = [(one.role.title, *one.offices, one.more or "—", one.reads, one.second) for one in table()]
    lines = ["| " + " | ".join(row) + " |" for row in (heads, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(heads), *lines[1:]])


def roles(request: HttpRequest) -> HttpResponse:
    """The table, for whoever is signed in: nobody's rights are a secret."""
    return render(request, "desk/roles.html", {"offices": OFFICE_TITLES.values(), "rows": table()})
