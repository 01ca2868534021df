"""What the demo shows of procedures and problems: cases of all four in several steps, some of them late; problems with the
tasks that answer them, one of which had been solved before. No day that a report counts is changed."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.cadres.models import Secondment
from zugong.desk.problems import OVERDUE, UNANSWERED, about, proposals
from zugong.organizations.models import PartyOrganization
from zugong.publicity.actions import begin_brand, edit_brand
from zugong.publicity.models import Brand
from zugong.supervision.actions import accept_problem, close_problem
from zugong.supervision.models import Finding, Problem
from zugong.tasks.actions import add_evidence, assign, edit
from zugong.tasks.carrying import Said, do_step, open_cases, pause_case, send_back
from zugong.visits.models import Opinion

BRANDS = (
    ("红色网格", "中共云溪县青石镇东山社区支部委员会", "居民办事要跑几个部门，网格员上门代办"),
    ("先锋工地", "中共云溪县高桥乡委员会", ""),
    ("暖心窗口", "中共云溪县财政局机关支部委员会", "报销退回多，窗口一次告知"),
)
PLAN = date(2024, 3, 29)  # in the next year's list: the figures of the reported year stay as they are
MANY = {OVERDUE: 3, UNANSWERED: 2}


def show_cases(by: User, other: User, day: date) -> None:
    """Open cases of every kind on days before the demo's, and carry them on so far; `other` does what needs another hand."""
    _secondments(by, day)
    _rectifications(by, other)
    _opinions(by)
    _brands(by, other)


def _some(rows: QuerySet, many: int) -> QuerySet:
    return rows.model.objects.filter(pk__in=list(rows.order_by("pk").values_list("pk", flat=True)[:many]))


def _secondments(by: User, day: date) -> None:
    """Those still in their posts: the talks the ledger has are taken over, so each stands at the next one."""
    going = Secondment.objects.filter(valid_to__gt=day, valid_from__lte=date(2023, 4, 3), closing_on=None)
    if going.exists():
        open_cases(by=by, on=date(2023, 4, 3), code="secondment", records=_some(going, 8))


def _rectifications(by: User, other: User) -> None:
    """Handed out in April: some not yet, some mended and reported, one verified and one sent back."""
    findings = Finding.objects.filter(closed_on=None).exclude(measure="")
    cases = open_cases(by=by, on=date(2023, 4, 10), code="rectification", records=_some(findings, 8))
    papers = (("整改通知", date(2023, 4, 12)), ("整改措施清单", date(2023, 5, 8)), ("整改报告", date(2023, 5, 15)))
    for number, one in enumerate(cases):
        for paper, on in papers[: number // 2]:
            one = do_step(by=by, on=on, case=one, said=Said(paper=paper))
        if number == len(cases) - 1:
            send_back(by=other, on=date(2023, 5, 22), case=one, said=Said(reason="只改了制度，没有看到落实"))
        elif number == len(cases) - 2:
            do_step(by=other, on=date(2023, 5, 22), case=one, said=Said(paper="核验记录"))


def _opinions(by: User) -> None:
    """Heard in spring: one only collected, one whose clock stands, one answered."""
    opinions = Opinion.objects.filter(closed_on=None, status="办理中").exclude(office="")
    cases = open_cases(by=by, on=date(2023, 5, 8), code="opinion", records=_some(opinions, 5))
    steps = (("走访记录", date(2023, 5, 9)), ("交办单", date(2023, 5, 11)), ("答复意见", date(2023, 6, 12)))
    for number, one in enumerate(cases):
        for paper, on in steps[:number]:
            one = do_step(by=by, on=on, case=one, said=Said(paper=paper))
        if number == 2:
            pause_case(by=by, on=date(2023, 5, 25), case=one, said=Said(reason="等市里答复编制口径"))


def _brands(by: User, other: User) -> None:
    """One named, one waiting to be judged, one only nurtured."""
    names = PartyOrganization.objects.named(name for _, name, _ in BRANDS)
    places = PartyOrganization.objects.in_bulk(names.values())
    some = list(PartyOrganization.objects.order_by("pk")[: len(BRANDS)])
    for number, (title, place, solved) in enumerate(BRANDS):
        where = places.get(names.get(place, 0), some[number])
        brand = begin_brand(by=by, on=date(2022, 9, 1), organization=where, name=title)
        rows = Brand.objects.filter(pk=brand.pk)
        case = open_cases(by=by, on=date(2022, 9, 1), code="brand", records=rows)[0]
        if not solved:
            continue
        edit_brand(by=by, on=date(2023, 3, 1), brand=brand, changes={"solved": solved})
        case = do_step(by=by, on=date(2023, 3, 6), case=case, said=Said(paper="培育方案和小结"))
        case = do_step(by=by, on=date(2023, 4, 3), case=case, said=Said(paper="申报表"))
        if number == 0:
            case = do_step(by=other, on=date(2023, 4, 20), case=case, said=Said(paper="评审意见"))
            do_step(by=by, on=date(2023, 5, 5), case=case, said=Said(paper="云组发〔2023〕12号"))


def show_problems(by: User, frame: Frame) -> None:
    """Accept some of what the records propose, each with a task that answers it; the first returns after it was solved."""
    every, left = proposals(frame, by), dict(MANY)
    for one in every:
        if not left.get(one.kind):
            continue
        left[one.kind] -= 1
        given = {"kind": one.kind, "topic": one.topic, "grounds": one.grounds, "organization": about(one)}
        office = "组织科" if one.kind == OVERDUE else "办公室"
        if one.kind == OVERDUE and left[OVERDUE] == MANY[OVERDUE] - 1:
            _solved_before(accept_problem(by=by, on=date(2022, 7, 4), words=one.words, office=office, **given), by)
        problem = accept_problem(by=by, on=frame.day, words=one.words, office=office, **given)
        _task(problem, by, frame.day, "逐条督促整改到位" if one.kind == OVERDUE else "逐条答复并当面反馈", PLAN)


def _task(problem: Problem, by: User, on: date, title: str, deadline: date) -> object:
    return assign(
        by=by, on=on, title=f"{title}：{problem.words}"[:200], office=problem.office, deadline=deadline, basis=problem.key
    )


def _solved_before(problem: Problem, by: User) -> None:
    """It was solved once, by a task that showed its record."""
    done = date(2022, 9, 26)
    task = assign(
        by=by, on=problem.raised_on, title=f"督促整改：{problem.words}"[:200], office=problem.office,
        deadline=date(2022, 9, 30), basis=problem.key,
    )  # fmt: skip
    task = edit(by=by, on=done, task=task, changes={"done_on": done})
    record = Finding.objects.order_by("pk").first()
    if record is not None:
        add_evidence(by=by, on=done, task=task, record=record, note="整改台账")
        close_problem(by=by, on=done, problem=problem, task=task, words="逐条核对后当面督促，当时都已整改")
