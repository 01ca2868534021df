"""Cases: records of four rooms go through procedures; refused by name, seen by whoever sees the record, never set back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from conftest import IMPORT_DAY
from zugong.base.models import TrailEntry
from zugong.base.periods import Frame, Period
from zugong.base.records import writing_allowed
from zugong.base.rules import NotAllowed, Refused
from zugong.base.standards import SHIPPED
from zugong.cadres.models import Secondment
from zugong.organizations.models import PartyOrganization, Unit
from zugong.people.actions import link_account
from zugong.people.models import Person
from zugong.publicity.actions import begin_brand
from zugong.regulations.actions import change_procedure
from zugong.regulations.procedures import Limit
from zugong.supervision.models import Finding
from zugong.tasks.carrying import Said, close_case, do_step, open_cases, pause_case, resume_case, send_back, withdraw_case
from zugong.tasks.casebook import Case, CaseStep
from zugong.tasks.cases import seen
from zugong.tasks.clocks import LATE, NEAR
from zugong.tasks.duties import STEP
from zugong.visits.models import Opinion, Visit

MONDAY = date(2026, 3, 2)


@pytest.fixture
def finding(operator) -> Finding:
    with writing_allowed():
        unit = Unit.objects.create(name="县教育局（试）")
        return Finding.objects.create(unit=unit, unit_name=unit.name, problem="征求意见范围偏窄", deadline=date(2026, 3, 20))


@pytest.fixture
def opinion(operator) -> Opinion:
    with writing_allowed():
        visit = Visit.objects.create(visited_on=MONDAY, visited="东山村支部")
        return Opinion.objects.create(visit=visit, text="建议简化台账", office="组织科")


def opened(by, record, on=MONDAY, code=""):
    code = code or {"finding": "rectification", "opinion": "opinion"}[record._meta.model_name]
    return open_cases(by=by, on=on, code=code, records=type(record).objects.filter(pk=record.pk))[0]


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_an_opinion_is_collected_handed_on_answered_told_and_closed(operator, opinion):
    case, day = opened(operator, opinion), MONDAY
    for paper in ("走访记录", "交办单", "答复意见", "电话回访"):
        case = do_step(by=operator, on=day, case=case, said=Said(paper=paper))
        day += timedelta(1)
    assert (case.state, case.step) == ("办理中", "closed")
    case = close_case(by=operator, on=day, case=case, said=Said(paper="办结单"))
    opinion.refresh_from_db()
    assert (case.state, case.closed_on, opinion.closed_on) == ("已办结", day, day)
    assert CaseStep.objects.filter(case=case).count() == 6
    last = TrailEntry.objects.latest("number")
    assert (last.verb, last.effective_on) == ("tasks:close_case", day)
    with pytest.raises(Refused, match="已办结，没有下一步"):
        do_step(by=operator, on=day, case=case, said=Said())


@pytest.mark.parametrize(
    ("act", "said", "why"),
    [
        (do_step, Said(day=date(2026, 3, 9)), "晚于今天"),
        (do_step, Said(day=date(2026, 2, 27), paper="单子", reason="忘了"), r"时间不能倒着走.*五个工作日内交办（本地规定）"),
        (do_step, Said(day=MONDAY), "早于今天的是补记"),
        (send_back, Said(reason="不清楚"), r"“交办”不能退回.*（本地规定）"),
        (pause_case, Said(reason="等等看"), "“交办”的计时不能中止"),
        (withdraw_case, Said(), "还没有写为什么撤回"),
        (resume_case, Said(), "计时没有中止"),
        (close_case, Said(), "不是最后一步，还不能办结"),
    ],
)
def test_what_may_not_be_is_refused_by_name_and_nothing_is_kept(operator, finding, act, said, why):
    case = opened(operator, finding)
    with pytest.raises(Refused, match=why):
        act(by=operator, on=date(2026, 3, 4), case=case, said=said)
    assert CaseStep.objects.filter(case=case).count() == 1
    assert fresh(case).revision == case.revision


def test_a_finding_is_not_mended_without_a_measure_nor_verified_by_the_reporting_hand(operator, account, finding):
    case = do_step(by=operator, on=MONDAY, case=opened(operator, finding), said=Said())
    with pytest.raises(Refused, match="还没有写整改措施"):
        do_step(by=operator, on=MONDAY, case=case, said=Said(paper="通知"))
    with writing_allowed():
        Finding.objects.filter(pk=finding.pk).update(measure="扩大范围")
    for paper in ("措施", "整改报告"):
        case = do_step(by=operator, on=MONDAY, case=case, said=Said(paper=paper))
    with pytest.raises(Refused, match="要由另一个人办"):
        do_step(by=operator, on=MONDAY, case=case, said=Said(paper="核验记录"))
    other = account("supervision_member")
    case = send_back(by=other, on=MONDAY, case=case, said=Said(reason="只改了一半"))
    assert case.step == "mended"
    assert seen_on(case, MONDAY)[0].lines[-5].choice == "mended"


def test_a_pause_stops_the_clock_and_cannot_be_entered_for_a_time_that_is_over(operator, opinion):
    case = do_step(by=operator, on=MONDAY, case=opened(operator, opinion), said=Said())
    case = do_step(by=operator, on=MONDAY, case=case, said=Said())
    with pytest.raises(Refused, match="过去的日子不能补成中止"):
        pause_case(by=operator, on=date(2026, 4, 20), case=case, said=Said(date(2026, 3, 10), "请示", "等省里答复"))
    paused = pause_case(by=operator, on=date(2026, 3, 10), case=case, said=Said(reason="等省里答复"))
    with pytest.raises(Refused, match="请先恢复计时"):
        do_step(by=operator, on=date(2026, 3, 10), case=paused, said=Said(paper="答复"))
    resume_case(by=operator, on=date(2026, 3, 17), case=paused, said=Said())
    days = {day: one.due for day in (date(2026, 3, 9), date(2026, 3, 12), date(2026, 3, 17)) for one in seen_on(case, day)}
    assert days == {date(2026, 3, 9): date(2026, 3, 30), date(2026, 3, 12): None, date(2026, 3, 17): date(2026, 4, 7)}, (
        "twenty working days from 2 March; five of them stood still; 6 April is a holiday"
    )


def test_a_pause_does_not_make_what_was_late_look_as_if_it_was_not(operator, opinion):
    case = opened(operator, opinion)
    for paper in ("走访记录", "交办单"):
        case = do_step(by=operator, on=MONDAY, case=case, said=Said(paper=paper))
    pause_case(by=operator, on=date(2026, 4, 20), case=case, said=Said(reason="等省里答复"))
    one = seen_on(case, date(2026, 4, 21))[0]
    assert (one.due, one.clock) == (date(2026, 3, 30), LATE)
    found = STEP.findings(Frame.of(Period.parse("2026Q2"), date(2026, 4, 21)), operator)
    assert [(one.state.value, one.due_on) for one in found] == [("missed", date(2026, 3, 30))]


def seen_on(case, day):
    return seen(Case.objects.filter(pk=case.pk), day, SHIPPED)


def test_a_case_keeps_the_version_it_began_under(operator, opinion):
    old = opened(operator, opinion)
    limits = {"collected": Limit(1, True, "opened")}
    change_procedure(by=operator, on=MONDAY, code="opinion", since=date(2026, 3, 3), limits=limits, who={}, reason="要当天记清")
    with writing_allowed():
        visit = Visit.objects.create(visited_on=MONDAY, visited="西山村支部")
        other = Opinion.objects.create(visit=visit, text="少开会", office="组织科")
    new = opened(operator, other, on=date(2026, 3, 3))
    assert [seen_on(one, date(2026, 3, 3))[0].due for one in (old, new)] == [date(2026, 3, 5), date(2026, 3, 4)]


def test_a_record_without_two_cases_and_a_closed_one_without_any(operator, finding):
    case = opened(operator, finding)
    with pytest.raises(Refused, match="已经有一件正在办的督导整改"):
        opened(operator, finding)
    withdraw_case(by=operator, on=MONDAY, case=case, said=Said(reason="问题不实"))
    opened(operator, finding)
    with writing_allowed():
        closed = Finding.objects.create(unit_name="某局", problem="某事", closed_on=MONDAY)
    with pytest.raises(Refused, match="已经办完"):
        opened(operator, closed)


def test_a_secondment_takes_over_the_talks_the_roster_has_the_days_of(operator):
    with writing_allowed():
        person = Person.objects.create(name="曾试用")
        days = {"valid_from": date(2026, 1, 5), "valid_to": date(2027, 1, 5), "briefed_on": date(2026, 1, 4)}
        secondment = Secondment.objects.create(person=person, **days)
    case = opened(operator, secondment, on=date(2026, 7, 10), code="secondment")
    one = seen_on(case, date(2026, 7, 10))[0]
    assert (one.at.step.id, one.due, one.clock, case.opened_on) == ("midway", date(2026, 7, 6), LATE, date(2026, 1, 4))
    do_step(by=operator, on=date(2026, 7, 10), case=case, said=Said(paper="考察材料"))
    secondment.refresh_from_db()
    assert secondment.midway_on == date(2026, 7, 10)
    assert seen_on(case, date(2026, 7, 9))[0].at.step.id == "midway", "as of the day before it had not been done"


def test_a_brand_is_reviewed_every_year_until_it_leaves(operator, account):
    with writing_allowed():
        where = PartyOrganization.objects.create(code="B1", name="东山村党支部", kind="党支部")
    brand = begin_brand(by=operator, on=MONDAY, organization=where, name="红色网格")
    case = do_step(by=operator, on=MONDAY, case=opened(operator, brand, code="brand"), said=Said(paper="方案"))
    with pytest.raises(Refused, match="还没有写解决了什么问题"):
        do_step(by=operator, on=MONDAY, case=case, said=Said(paper="申报表"))
    with writing_allowed():
        type(brand).objects.filter(pk=brand.pk).update(solved="办事要跑三趟")
    case = do_step(by=operator, on=MONDAY, case=case, said=Said(paper="申报表"))
    case = do_step(by=account("office"), on=MONDAY, case=case, said=Said(paper="评审意见"))
    case = do_step(by=operator, on=MONDAY, case=case, said=Said(paper="命名文件"))
    with pytest.raises(Refused, match="请从“合格”“不合格”里选"):
        do_step(by=operator, on=MONDAY, case=case, said=Said(paper="意见"))
    for year in (2027, 2028):
        case = do_step(by=operator, on=date(year, 2, 26), case=case, said=Said(paper="复核意见", choice="合格"))
    case = do_step(by=operator, on=date(2029, 2, 26), case=case, said=Said(paper="复核意见", choice="不合格"))
    close_case(by=operator, on=date(2029, 3, 5), case=case, said=Said(paper="退出决定"))
    brand.refresh_from_db()
    assert (brand.named_on, brand.reviewed_on, brand.left_on) == (MONDAY, date(2029, 2, 26), date(2029, 3, 5))


def test_opening_many_is_all_or_none_in_as_many_statements_as_one(yunxi, operator, django_assert_max_num_queries):
    open_ones = Finding.objects.filter(closed_on=None)
    with pytest.raises(Refused, match="已经办完"):
        open_cases(by=operator, on=IMPORT_DAY, code="rectification", records=Finding.objects.all())
    assert not Case.objects.exists()
    with django_assert_max_num_queries(40):
        made = open_cases(by=operator, on=IMPORT_DAY, code="rectification", records=open_ones)
    assert len(made) == open_ones.count() > 10
    with django_assert_max_num_queries(8):
        late = [one for one in seen(Case.objects.all(), IMPORT_DAY + timedelta(30), SHIPPED) if one.late]
    assert len(late) == len(made)


def test_a_case_is_seen_with_its_record_and_carried_on_by_whoever_edits_it(operator, account, opinion, finding):
    opened(operator, opinion), opened(operator, finding)
    of = {role: Case.objects.visible_to(account(role)) for role in ("cadre_office", "supervision_member", "general_office")}
    assert {role: [one.procedure for one in rows] for role, rows in of.items()} == {
        "cadre_office": [],
        "supervision_member": ["rectification"],
        "general_office": ["opinion"],
    }
    case = Case.objects.get(procedure="opinion")
    for role, error in (("supervision_member", NotAllowed), ("general_office", NotAllowed)):
        with pytest.raises(error):
            do_step(by=account(role, username=f"again-{role}"), on=MONDAY, case=case, said=Said())


def test_whom_a_case_is_about_sees_its_steps_and_what_was_said(yunxi, operator, account, door):
    secondment = Secondment.objects.filter(closing_on=None, valid_to__gt=date(2023, 6, 30)).order_by("pk").first()
    case = opened(operator, secondment, on=date(2023, 6, 30), code="secondment")
    withdraw_case(by=operator, on=date(2023, 6, 30), case=case, said=Said(reason="本人申请回原单位"))
    who = door("oneself")
    with writing_allowed():
        who.user.name = secondment.person.name
        who.user.save()
    link_account(by=operator, on=IMPORT_DAY, person=secondment.person, username=who.user.username)
    page = who.get(reverse("desk:own")).content.decode()
    assert "挂职管理：" in page
    assert "本人申请回原单位" in page


def test_somebody_else_was_quicker(operator, opinion):
    case = opened(operator, opinion)
    stale = fresh(case)
    do_step(by=operator, on=MONDAY, case=case, said=Said())
    with pytest.raises(Refused, match="刚被别人办过"):
        do_step(by=operator, on=MONDAY, case=stale, said=Said())


def test_a_late_step_is_owed_on_the_workbench_with_its_source_and_its_button(yunxi, operator, door):
    record = Finding.objects.filter(closed_on=None).order_by("pk").first()
    frame = Frame.of(Period.parse("2026H2"), date(2026, 11, 30))
    assert list(STEP.findings(frame, operator)) == [], "nothing is asked before the first case"
    case = opened(operator, record, on=IMPORT_DAY)
    states = {}
    for day in (date(2026, 11, 23), date(2026, 11, 27), IMPORT_DAY - timedelta(1)):
        found = list(STEP.findings(Frame.of(Period.parse("2026H2"), day), operator))
        states[day] = [(one.state.value, one.due_on, one.missing, one.source.cite()) for one in found]
    last, why = date(2026, 11, 27), "督导问题五个工作日内交办（本地规定）"
    assert states == {
        date(2026, 11, 23): [("due", last, ("督导整改“交办”未办",), why)],
        last: [("missed", last, ("督导整改“交办”未办",), why)],
        IMPORT_DAY - timedelta(1): [],
    }
    page = door("office").get(reverse("desk:dues"), {"duty": "程序步骤", "period": "2026H2"}).content.decode()
    assert reverse("tasks:case", args=[case.pk]) in page
    assert not list(STEP.findings(frame, door("cadre_office").user))


# Pages


def test_from_the_register_to_the_next_step_in_three_pages(clerk):
    record = Finding.objects.filter(closed_on=None).order_by("pk").first()
    led = clerk.post(reverse("supervision:finding-selected"), {"do": "cases", "row": record.pk})
    asks = clerk.get(led["Location"]).content.decode()
    assert "开启督导整改：1 件" in asks
    made = clerk.post(
        reverse("tasks:case-open"), {"of": "supervision.finding", "procedure": "rectification", "row": record.pk}, follow=True
    )
    page = made.content.decode()
    assert "下一步：交办" in page
    assert "已开启 1 件督导整改" in page
    case = Case.objects.get()
    where = reverse("tasks:case", args=[case.pk])
    refused = clerk.post(where, {"do": "step", "day": "2020-01-01", "revision": case.revision}).content.decode()
    assert "时间不能倒着走" in refused
    assert 'value="2020-01-01"' in refused, "what was typed is kept"
    done = clerk.post(where, {"do": "step", "paper": "整改通知", "revision": case.revision}, follow=True).content.decode()
    assert "办完了“交办”" in done
    assert "下一步：整改" in done
    assert "办下一步：整改" in clerk.get(reverse("supervision:finding", args=[record.pk])).content.decode()
    assert str(record) in clerk.get(reverse("tasks:cases")).content.decode()


def test_the_list_the_rail_and_the_duty_tell_of_the_same_cases_as_of_the_frames_day(yunxi, operator, door):
    open_ones = iter(Finding.objects.filter(closed_on=None).order_by("pk"))
    days = (date(2023, 4, 10), date(2023, 4, 10), date(2023, 6, 28), date(2023, 7, 5))
    late, withdrawn, near, later = (opened(operator, next(open_ones), on=day) for day in days)
    withdraw_case(by=operator, on=date(2023, 7, 10), case=withdrawn, said=Said(reason="问题不实"))
    frame = Frame.of(Period.parse("2023H1"), date(2023, 6, 30))
    assert [one.record for one in STEP.findings(frame, operator) if one.state == "missed"] == [late.pk, withdrawn.pk]

    def told(**asked):
        page = door("office").get(reverse("tasks:cases"), {"period": "2023H1", **asked})
        entries = [entry for office in page.context["navigation"] for entry in office["entries"]]
        waits = next(entry["waiting"] for entry in entries if entry["title"] == "办理中的事")
        return {one.case.pk for one, _ in page.context["rows"]}, page.context["clocks"], waits

    assert told() == ({late.pk, withdrawn.pk, near.pk}, [(LATE, 2), (NEAR, 1)], 3)
    assert told(state="已撤回") == (set(), [], 3)
    assert told(state="已撤回", period="2023Q3") == ({withdrawn.pk}, [], 3)
    assert told(period="2023Q3")[0] == {late.pk, near.pk, later.pk}


def test_a_new_version_is_made_on_its_page_and_shown_with_what_differs(head, door):
    where = reverse("regulations:procedure", args=["opinion"])
    assert "定一个新的版本" not in door("cadre_office").get(where).content.decode()
    held = head.get(where).context["form"].initial
    sent = {**held, "days_handed": 3, "since": "2027-01-04", "reason": "交办要快"}
    past = head.post(where, {**sent, "since": "2020-01-01"}).content.decode()
    assert "已经过去" in past
    shown = head.post(where, sent, follow=True).content.decode()
    assert '<span class="old">转到这一步后 5 个工作日内</span> → 转到这一步后 3 个工作日内' in shown
    assert "交办要快" in shown
