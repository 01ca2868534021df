"""The shop window: the example county in its own home, as of 2023-06-30, with accounts, what is due, and its report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from zugong.base import department
from zugong.base.access import ADMINISTRATORS
from zugong.base.duties import OPEN, STATE_WORDS, Finding
from zugong.base.models import User
from zugong.base.rules import Refused
from zugong.desk import demoduties
from zugong.desk.actions import begin_demo, open_demo_account
from zugong.desk.clock import today
from zugong.desk.democases import show_cases, show_problems
from zugong.desk.demoplan import show_plan
from zugong.desk.demorules import show_rules
from zugong.desk.demotasks import show_tasks
from zugong.desk.dues import DUTIES, findings
from zugong.intake import actions as intake
from zugong.intake.actions import Incoming
from zugong.organizations.models import PartyOrganization
from zugong.people.actions import link_account
from zugong.people.models import Person
from zugong.reports import actions as reports
from zugong.reports import handing, texts
from zugong.reports.models import AdoptedText
from zugong.reports.producing import INTERNAL
from zugong.statistics.frames import frame_of

EXAMPLES = settings.CHECKOUT / "examples"
DAY = date(2023, 6, 30)
PERIOD = "2023H1"
PASSWORD = "Zugong-demo-2023"  # noqa: S105  known to everybody, in a home that says it is a demo


@dataclass(frozen=True)
class Account:
    """A demo account: who, in which role, where."""

    username: str
    name: str
    role: str
    branch: str = ""


ACCOUNTS = (
    Account("keshi", "李科员（组织科）", "office"),
    Account("zuzhi", "周科员（组织科）", "organization_office"),
    Account("buzhang", "王部长", "head"),
    Account("shuji", "张书记（财政局机关支部）", "branch", "中共云溪县财政局机关支部委员会"),
    Account("benren", "曾慧云", "oneself"),
    Account("guanli", "系统管理员", "system_administrator"),
    Account("anquan", "安全管理员", "security_administrator"),
    Account("shenji", "审计管理员", "auditor"),
)


@dataclass(frozen=True)
class Shown:
    """What the demo has to show: the report's files and what is owed."""

    report: Path
    evidence: Path
    owed: Counter[tuple[str, str]]


def build(by: User, on: date, progress: Callable[[str], None]) -> Shown:
    """Build the example county in an empty home; in a home that is a demo already, only show it again."""
    if not EXAMPLES.is_dir():
        raise Refused("没有 examples 文件夹。演示要在完整的源码目录里运行。")
    if department.told(department.DEMO):
        return _shown()
    begin_demo(by=by, on=on)
    files = [Incoming(p, p.name) for p in sorted((EXAMPLES / "yunxi").iterdir()) if p.suffix in (".xlsx", ".xls", ".csv")]
    batch = intake.stage(by=by, on=on, files=files, progress=progress)
    intake.commit(by=by, on=on, batch=batch, progress=progress)
    progress("补登几条应办事项用到的记录")
    demoduties.add(by, DAY, PartyOrganization.objects.get(name=next(one.branch for one in ACCOUNTS if one.branch)))
    progress("开通演示账号")
    told = {"department": "中共云溪县委组织部", "demo_day": DAY.isoformat()}
    department.settle(by=by, on=on, values=told)
    codes = PartyOrganization.objects.named(a.branch for a in ACCOUNTS if a.branch)
    by_pk = {o.pk: o.code for o in PartyOrganization.objects.all().among("pk", codes.values())}
    for one in sorted(ACCOUNTS, key=lambda a: a.role in ADMINISTRATORS):  # with them the local operator's time is over
        where = by_pk[codes[one.branch]] if one.branch else ""
        open_demo_account(
            by=by, on=DAY, username=one.username, name=one.name, role=one.role, password=PASSWORD, organization_code=where
        )
    own = next(one for one in ACCOUNTS if one.role == "oneself")
    link_account(by=by, on=DAY, person=Person.objects.get(name=own.name), username=own.username)
    progress("列出任务和提醒")
    by_role = {one.role: n for n, one in reversed(list(enumerate(ACCOUNTS)))}
    clerk, head, secretary = (_clerk(by_role[role]) for role in ("office", "head", "branch"))
    show_tasks(clerk, head, secretary, DAY)
    progress("写出报告")
    show_rules(_clerk(), DAY, EXAMPLES / "papers")
    show_cases(_clerk(), _clerk(1), DAY)
    show_problems(_clerk(), frame_of(PERIOD, DAY))
    show_plan(_clerk(), frame_of(PERIOD, DAY), _adopted(_clerk()))
    return _shown()


def _clerk(number: int = 0) -> User:
    by = User.objects.get(username=ACCOUNTS[number].username)
    by.day = today()
    return by


def _adopted(by: User) -> AdoptedText:
    """The text the demo's report is made from; the same one is taken once."""
    return reports.adopt(
        by=by, on=DAY, name="2023年上半年工作总结（底稿）", text=texts.read(EXAMPLES / "2023H1-work-report.txt")
    )


def _shown() -> Shown:
    by = _clerk()
    folder = Path(settings.ZUGONG_HOME) / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    frame = frame_of(PERIOD, DAY)
    report = reports.draft(by=by, on=DAY, text=_adopted(by), frame=frame)
    word, rows = folder / "2023年上半年工作总结.docx", folder / "2023年上半年工作总结-数据依据.xlsx"
    word.write_bytes(handing.word_file(report, frame, INTERNAL, by, DAY).content)
    rows.write_bytes(handing.evidence_file(report, frame, INTERNAL, by).content)
    owed = Counter((DUTIES[f.duty].name, STATE_WORDS[f.state]) for f in _open(by))
    return Shown(word, rows, owed)


def _open(by: User) -> list[Finding]:
    return [f for f in findings(frame_of(PERIOD, DAY), by) if f.state in OPEN]
