"""The left rail: one entry for each office, the registers and pages behind it, and what waits there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from zugong.base.access import Permission
from zugong.desk.framing import KEPT
from zugong.desk.waiting import counts

P = Permission
DIGEST_TITLE = "今天的提醒"


@dataclass(frozen=True)
class Entry:
    """A page behind an office, by the name of its address; a page that does not exist is not shown."""

    title: str
    name: str
    permission: Permission
    also: tuple[str, ...] = ()

    def holds(self, here: str) -> bool:
        """Whether a page, by the name of its address, is this one, one below it, or one of those it holds besides."""
        stem = self.name.removesuffix("-list")
        return here in (stem, *self.also) or here.startswith(f"{stem}-")


@dataclass(frozen=True)
class Office:
    """An office and its pages."""

    title: str
    entries: tuple[Entry, ...]

    @property
    def rooms(self) -> set[str]:
        """The rooms whose pages are this office's: those of its entries; of the workbench, which leads everywhere, none."""
        rooms = [entry.name.partition(":")[0] for entry in self.entries]
        return set(rooms) - {"desk"} if rooms[0] != "desk" else set()


OFFICES = (
    Office(
        "工作台",
        (
            Entry("工作台", "desk:home", P.DESK_READ),
            Entry("部领导一页", "desk:head", P.REPORTS_SUBMIT),
            Entry("应办事项", "desk:dues", P.DESK_READ),
            Entry("应办日历", "desk:calendar", P.DESK_READ),
            Entry("豁免和说明", "desk:excuses", P.DUTIES_EXCUSE),
            Entry(DIGEST_TITLE, "desk:reminders", P.DESK_READ),
            Entry("请我答复的", "tasks:received", P.DESK_READ),
            Entry("周一例会", "desk:weekly", P.TASKS_READ),
        ),
    ),
    Office("我的记录", (Entry("我的记录", "desk:own", P.OWN_READ),)),
    Office(
        "基层党建",
        (
            Entry("党组织", "organizations:partyorganization-list", P.ORGANIZATIONS_READ),
            Entry("党小组", "organizations:partygroup-list", P.ORGANIZATIONS_READ),
            Entry("单位", "organizations:unit-list", P.ORGANIZATIONS_READ),
            Entry("党建品牌", "publicity:brand-list", P.ORGANIZATIONS_READ),
            Entry("会议和活动", "meetings:meeting-list", P.MEETINGS_READ),
            Entry("谈心谈话", "meetings:talk-list", P.MEETINGS_READ),
            Entry("走访调研", "visits:visit-list", P.VISITS_READ),
            Entry("意见建议", "visits:opinion-list", P.VISITS_READ),
            Entry("调研课题", "visits:researchtopic-list", P.VISITS_READ),
            Entry("换届选举", "elections:term-list", P.ELECTIONS_READ),
            Entry("委员会成员", "elections:committeemember-list", P.ELECTIONS_READ),
            Entry("督导民主生活会", "supervision:session-list", P.SUPERVISION_READ),
            Entry("督导发现的问题", "supervision:finding-list", P.SUPERVISION_READ),
            Entry("存在的问题", "supervision:problem-list", P.SUPERVISION_READ, also=("desk:problems", "desk:problem")),
        ),
    ),
    Office(
        "人员",
        (
            Entry("人员", "people:person-list", P.PEOPLE_READ),
            Entry("党员", "people:membership-list", P.PEOPLE_READ),
            Entry("任职", "people:appointment-list", P.PEOPLE_READ),
            Entry("入党申请", "people:application-list", P.PEOPLE_READ),
            Entry("说法不一", "people:statement-list", P.PEOPLE_READ),
            Entry("更正申请", "people:corrections", P.CORRECTIONS_DECIDE),
            Entry("本人账号", "people:links", P.PEOPLE_EDIT),
            Entry("限制使用", "people:restrictions", P.PEOPLE_ERASE),
            Entry("清除", "desk:erasures", P.PEOPLE_ERASE),
            Entry("同意清除", "desk:erasures-agree", P.EXPORTS_APPROVE),
        ),
    ),
    Office(
        "干部",
        (
            Entry("干部花名册", "cadres:cadre-list", P.CADRES_READ),
            Entry("年轻干部库", "cadres:reserveentry-list", P.CADRES_READ),
            Entry("挂职干部", "cadres:secondment-list", P.CADRES_READ),
            Entry("干部实绩", "cadres:merit-list", P.CADRES_READ),
            Entry("任用公示", "cadres:posting-list", P.CADRES_READ),
            Entry("归档材料", "cadres:archivematerial-list", P.CADRES_READ),
        ),
    ),
    Office(
        "干部教育",
        (
            Entry("培训班次", "training:trainingclass-list", P.TRAINING_READ),
            Entry("参训人员", "training:trainee-list", P.TRAINING_READ),
            Entry("学时记录", "training:studyhours-list", P.TRAINING_READ),
        ),
    ),
    Office(
        "人才",
        (
            Entry("人才需求岗位", "talents:post-list", P.TALENTS_READ),
            Entry("人才引进", "talents:introduction-list", P.TALENTS_READ),
            Entry("人才公寓入住", "talents:tenancy-list", P.TALENTS_READ),
        ),
    ),
    Office("组工队伍", (Entry("帮带对子", "mentoring:pair-list", P.MENTORING_READ),)),
    Office(
        "重点工作",
        (
            Entry("重点任务", "tasks:task-list", P.TASKS_READ),
            Entry("工作计划", "tasks:plan-list", P.TASKS_READ),
            Entry("督办", "tasks:followup-list", P.TASKS_READ),
            Entry("督办审批", "tasks:followups-waiting", P.FOLLOW_UPS_APPROVE),
            Entry("办理中的事", "tasks:cases", P.CASES_READ, also=("tasks:case", "tasks:case-open")),
        ),
    ),
    Office("宣传", (Entry("宣传稿件", "publicity:article-list", P.PUBLICITY_READ),)),
    Office(
        "统计分析",
        (
            Entry("指标", "statistics:figures", P.STATISTICS_READ),
            Entry("结构分析", "statistics:structure", P.STATISTICS_READ),
        ),
    ),
    Office("总结报告", (Entry("总结报告", "reports:list", P.REPORTS_READ),)),
    Office(
        "制度",
        (
            Entry("制度登记册", "regulations:list", P.REGULATIONS_READ, also=("desk:instrument", "desk:check")),
            Entry("执行标准", "desk:standards", P.REGULATIONS_READ),
            Entry("程序", "regulations:procedures", P.REGULATIONS_READ),
            Entry("制度汇编", "regulations:papers", P.REGULATIONS_READ),
            Entry("保存期限", "desk:retention", P.DESK_READ),
        ),
    ),
    Office("收件", (Entry("导入台账", "intake:drop", P.INTAKE_READ),)),
    Office(
        "系统",
        (
            Entry("部门设置", "desk:settings", P.SETTINGS_CHANGE),
            Entry("工作日历", "desk:workdays", P.SETTINGS_CHANGE),
            Entry("账号和授权", "desk:accounts", P.ACCOUNTS_MANAGE),
            Entry("等我同意的授权", "desk:grants-waiting", P.GRANTS_APPROVE),
            Entry("导出审批", "desk:exports-waiting", P.EXPORTS_APPROVE),
            Entry("后台作业", "desk:schedule", P.SYSTEM_RUN),
            Entry("留痕", "desk:trail", P.TRAIL_READ),
        ),
    ),
)


def navigation(request: HttpRequest, *, counting: bool = True) -> list[dict[str, Any]]:
    """The offices this account may enter, with what waits there and where the reader is."""
    waiting = counts(request.user, request.frame) if counting else {}
    frame = urlencode(request.session.get(KEPT, {}))
    here = request.resolver_match.view_name if request.resolver_match else ""
    at = holding(here)
    made = [_office(request, office, here if office is at else "", waiting, frame) for office in OFFICES]
    return [shown for shown in made if shown]


def holding(here: str) -> Office | None:
    """The one office a page belongs to, by the name of its address: the one that names it, else the one whose room it is."""
    named = (office for office in OFFICES if any(entry.holds(here) for entry in office.entries))
    return next(named, None) or next((office for office in OFFICES if here.partition(":")[0] in office.rooms), None)


def _office(
    request: HttpRequest, office: Office, here: str, waiting: dict[str, tuple[int, str]], frame: str
) -> dict[str, Any] | None:
    """One office as the rail shows it; its links carry the frame, so that an address passed on shows the same."""
    entries = []
    for entry in office.entries:
        href = _href(entry.name) if request.user.may_somewhere(entry.permission) else ""
        if href:
            href = f"{href}?{frame}" if frame else href
            n, words = waiting.get(entry.name, (0, ""))
            shown = {"title": entry.title, "href": href, "active": entry.holds(here)}
            entries.append({**shown, "waiting": n, "waiting_words": words})
    if not entries:
        return None
    return {
        "title": office.title,
        "href": entries[0]["href"],
        "active": bool(here),
        "entries": entries if len(entries) > 1 else [],
        "waiting": sum(e["waiting"] for e in entries),
        "waiting_words": "；".join(e["waiting_words"] for e in entries if e["waiting"]),
    }


def _href(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
