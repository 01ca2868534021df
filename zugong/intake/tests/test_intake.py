"""Ledgers in: twice changes nothing, undo takes everything back, refused rows come back marked and can be mended."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook

from conftest import IMPORT_DAY, ledgers
from zugong.base.models import User
from zugong.base.records import writing_allowed
from zugong.base.rules import Refused
from zugong.base.trail import faults
from zugong.intake import actions, results, returned
from zugong.intake.actions import Incoming, UnusableFile
from zugong.intake.models import Batch, StagedFile
from zugong.meetings.models import Meeting, Talk
from zugong.organizations.models import PartyOrganization, Placement, Unit
from zugong.people.models import Membership, Person, Statement
from zugong.tasks.actions import move_deadline
from zugong.tasks.models import Extension, Task
from zugong.training.models import StudyHours

DAY = IMPORT_DAY


def take(by, *files: Incoming) -> Batch:
    """Stage and commit."""
    return actions.commit(by=by, on=DAY, batch=actions.stage(by=by, on=DAY, files=files))


def sheet(tmp_path, name: str, *rows: list[object]) -> Incoming:
    """A workbook with these rows."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    path = tmp_path / name
    book.save(path)
    return Incoming(path, name)


def sent_back(kept: StagedFile) -> bytes:
    """What goes back to the account that sent the file."""
    user = User.objects.get(username=kept.batch.account)
    user.day = DAY
    return returned.hand_over(kept, user).content


def totals(batch: Batch) -> dict[str, int]:
    document = results.document(batch)
    return {n: sum(f[n] for f in document["files"]) for n in ("new", "changed", "same", "refused")}


def test_importing_twice_changes_nothing(yunxi, operator):
    people, meetings = Person.objects.count(), Meeting.objects.count()
    again = take(operator, *ledgers())
    assert totals(again) == {"new": 0, "changed": 0, "same": 4410, "refused": 6}
    assert (Person.objects.count(), Meeting.objects.count()) == (people, meetings)


def test_the_order_of_the_files_does_not_matter(empty):
    batch = take(empty, *reversed(ledgers()))
    assert totals(batch) == {"new": 4410, "changed": 0, "same": 0, "refused": 6}
    assert Meeting.objects.count() == 1385


def test_undo_takes_everything_back(yunxi, operator):
    actions.undo(by=operator, on=DAY, batch=results.batch(yunxi, operator))
    for kind in (Person, Membership, Meeting, PartyOrganization, Placement, Unit, Statement, Task):
        assert kind.objects.count() == 0
    assert faults() == []


def test_undo_is_refused_when_a_later_change_rests_on_it(yunxi, operator, tmp_path):
    changed = sheet(
        tmp_path,
        "清单.xlsx",
        ["重点任务", "牵头科室", "完成时限", "完成时间"],
        ["开展主题教育", "组织科", "2023-08-03", "2023-08-01"],
    )
    take(operator, changed)
    before = Task.objects.get(title="开展主题教育").done_on
    with pytest.raises(Refused, match="不能撤销"):
        actions.undo(by=operator, on=DAY, batch=results.batch(yunxi, operator))
    assert before == date(2023, 8, 1)
    assert Task.objects.count() == 12


def test_a_change_shows_old_and_new_and_can_be_undone(yunxi, operator, tmp_path):
    changed = sheet(
        tmp_path,
        "清单.xlsx",
        ["重点任务", "牵头科室", "完成时限", "完成时间"],
        ["开展主题教育", "组织科", "2023-08-03", "2023-08-01"],
    )
    batch = actions.stage(by=operator, on=DAY, files=[changed])
    assert totals(batch) == {"new": 0, "changed": 1, "same": 0, "refused": 0}
    assert Task.objects.get(title="开展主题教育").done_on is None
    actions.commit(by=operator, on=DAY, batch=batch)
    assert Task.objects.get(title="开展主题教育").done_on == date(2023, 8, 1)
    actions.undo(by=operator, on=DAY, batch=batch)
    assert Task.objects.get(title="开展主题教育").done_on is None


def test_a_preview_that_no_longer_holds_is_not_committed(yunxi, operator, tmp_path):
    rows = ["重点任务", "牵头科室", "完成时限", "完成时间"]
    first = actions.stage(by=operator, on=DAY, files=[sheet(tmp_path, "一.xlsx", rows, ["新任务", "组织科", "2023-09-01", ""])])
    take(operator, sheet(tmp_path, "二.xlsx", rows, ["新任务", "组织科", "2023-10-01", ""]))
    with pytest.raises(Refused, match="预览之后"):
        actions.commit(by=operator, on=DAY, batch=first)
    assert Task.objects.filter(title="新任务").count() == 1


def test_a_batch_is_committed_once(yunxi, operator):
    with pytest.raises(Refused, match="不能再写入"):
        actions.commit(by=operator, on=DAY, batch=results.batch(yunxi, operator))


def test_refused_rows_come_back_marked_in_the_senders_own_workbook(yunxi):
    kept = StagedFile.objects.get(batch=yunxi, name__startswith="02")
    page = load_workbook(io.BytesIO(sent_back(kept))).active
    assert page["A1"].value == "云溪县党员花名册"
    for cell in ("I323", "L649", "E757", "E856"):
        assert page[cell].fill.start_color.rgb.endswith("FFC7CE")
        assert "请" in page[cell].comment.text
    assert page["I324"].comment is None


def test_a_mended_workbook_takes_just_the_mended_rows(yunxi, operator, tmp_path):
    kept = StagedFile.objects.get(batch=yunxi, name__startswith="02")
    book = load_workbook(io.BytesIO(sent_back(kept)))
    book.active["I323"] = "2013年7月1日"
    path = tmp_path / "改好.xlsx"
    book.save(path)
    batch = take(operator, Incoming(path, "改好.xlsx"))
    assert totals(batch) == {"new": 1, "changed": 0, "same": 1654, "refused": 3}


def test_a_csv_comes_back_as_a_new_workbook_with_its_headings(empty, tmp_path):
    path = tmp_path / "任务.csv"
    path.write_bytes("清单\n重点任务;完成时限\n甲;2023-02-30\n乙;2023-03-01\n".encode("gb18030"))
    batch = take(empty, Incoming(path, "任务.csv"))
    kept = StagedFile.objects.get(batch=batch)
    page = load_workbook(io.BytesIO(sent_back(kept))).active
    assert page["A1"].value.startswith("内部资料 · 本机操作员（local）")
    assert [c.value for c in page[2]] == ["重点任务", "完成时限"]
    assert [c.value for c in page[3]] == ["甲", "2023-02-30"]
    assert page.max_row == 3
    assert "原第 3 行" in page["B3"].comment.text


def test_a_file_nobody_knows_keeps_the_whole_batch_out(empty, tmp_path):
    unknown = sheet(tmp_path, "菜单.xlsx", ["菜名", "价格"], ["豆腐", "3"])
    with pytest.raises(UnusableFile, match="菜单"):
        actions.stage(by=empty, on=DAY, files=[*ledgers()[:1], unknown])
    assert Batch.objects.filter(state="preview").count() == 0


def test_two_ledgers_that_differ_are_listed_and_nothing_is_overwritten(yunxi):
    said = Statement.objects.select_related("person").order_by("pk")
    assert [(s.fact, s.ledger, s.stated, s.person.ethnicity) for s in said] == [("ethnicity", "cadres", "回族", "汉族")] * 2


def test_the_ledger_that_gave_a_fact_may_correct_it(yunxi, operator, tmp_path):
    person = Person.objects.filter(memberships__isnull=False, cadre_entries__isnull=True).first()
    membership = person.memberships.get()
    rows = [
        "姓名",
        "性别",
        "民族",
        "公民身份号码",
        "出生日期",
        "学历",
        "学位",
        "入党时间",
        "转正时间",
        "党员类别",
        "所在党支部",
        "党内职务",
        "手机号",
    ]
    same = [
        person.name,
        person.sex,
        "满族",
        person.resident_id,
        str(person.birth_date),
        membership.education,
        membership.degree,
        str(membership.joined_on),
        str(membership.full_on or ""),
        membership.category,
        membership.organization.name,
        membership.party_post,
        person.phone,
    ]
    batch = take(operator, sheet(tmp_path, "党员.xlsx", rows, same))
    assert totals(batch) == {"new": 0, "changed": 1, "same": 0, "refused": 0}
    person.refresh_from_db()
    assert person.ethnicity == "满族"


def test_a_row_may_not_repeat_an_id_inside_a_file_even_over_sheets(empty, tmp_path):
    book = Workbook()
    for page in (book.active, book.create_sheet("续")):
        page.append(["班次名称", "姓名", "身份证号", "工作单位"])
        page.append(["一班", "张三", "429901199107286292", "某局"])
    path = tmp_path / "学员.xlsx"
    book.save(path)
    document = results.document(take(empty, Incoming(path, "学员.xlsx")))
    assert [(r["sheet"], r["row"]) for r in document["refused"]] == [("续", 2)]


def test_rows_without_id_may_be_alike(empty, tmp_path):
    rows = [["任务", "责任科室", "时限"], ["甲", "办公室", "2023-05-01"], ["甲", "办公室", "2023-05-01"]]
    assert totals(take(empty, sheet(tmp_path, "清单.xlsx", *rows)))["new"] == 2
    assert totals(take(empty, sheet(tmp_path, "清单.xlsx", *rows))) == {"new": 0, "changed": 0, "same": 2, "refused": 0}


def test_a_deadline_moves_by_ledger_only_with_a_reason(yunxi, operator, tmp_path):
    head = ["重点任务", "牵头科室", "完成时限", "完成时间", "变更原因"]
    open_task = Task.objects.filter(done_on=None).exclude(deadline=None).order_by("pk").first()
    done = Task.objects.exclude(done_on=None).exclude(deadline=None).order_by("pk").first()
    late = date(2023, 12, 20)

    def row(task: Task, deadline: object, why: str = "") -> list[object]:
        return [task.title, task.office, str(deadline or ""), str(task.done_on or ""), why]

    def refusals(*rows: list[object]) -> str:
        batch = actions.stage(by=operator, on=DAY, files=[sheet(tmp_path, "清单.xlsx", head, *rows)])
        assert totals(batch)["refused"] == len(rows)
        kept = actions.refused_rows(batch.files.get().sheets.get())
        return "".join(problem.reason + problem.hint for one in kept for problem in one.problems)

    said = refusals(row(open_task, late))
    assert f"完成时限从 {open_task.deadline} 改为 {late}，改期要写原因" in said
    assert "时限不能去掉" in refusals(row(open_task, None))
    assert "已经完成" in refusals(row(done, late, "等省里文件下发"))
    assert not Extension.objects.exists()

    batch = take(operator, sheet(tmp_path, "清单.xlsx", head, row(open_task, late, "等省里文件下发")))
    assert totals(batch) == {"new": 0, "changed": 1, "same": 0, "refused": 0}
    kept = Extension.objects.get()
    assert (kept.task, kept.before, kept.after) == (open_task, open_task.deadline, late)
    assert (kept.reason, kept.by) == ("等省里文件下发", operator)
    assert totals(take(operator, sheet(tmp_path, "清单.xlsx", head, row(open_task, late))))["same"] == 1
    actions.undo(by=operator, on=DAY, batch=batch)
    assert Task.objects.get(pk=open_task.pk).deadline == open_task.deadline
    assert not Extension.objects.exists()


def test_a_deadline_moved_on_the_page_since_the_preview_is_not_put_back(yunxi, operator, tmp_path):
    task = Task.objects.filter(done_on=None).exclude(deadline=None).order_by("pk").first()
    rows = ["重点任务", "牵头科室", "完成时限"], [task.title, "办公室", str(task.deadline)]
    batch = actions.stage(by=operator, on=DAY, files=[sheet(tmp_path, "清单.xlsx", *rows)])
    assert totals(batch)["changed"] == 1
    move_deadline(by=operator, on=DAY, task=task, after=date(2023, 12, 20), reason="等省里文件下发")
    with pytest.raises(Refused, match="预览之后"):
        actions.commit(by=operator, on=DAY, batch=batch)
    assert Task.objects.get(pk=task.pk).deadline == date(2023, 12, 20)


def test_hours_studied_outside_the_classes_come_in_by_a_ledger_of_their_own(yunxi, operator, tmp_path):
    person = Membership.objects.order_by("pk").first().person
    head = ["姓名", "身份证号", "学习时间", "学习内容", "认定学时", "是否网络学习"]
    rows = [
        [person.name, person.resident_id, "2023-03-10", "主题教育读书班", "7.5学时", "否"],
        [person.name, person.resident_id, "2023-03-10", "干部网络学院", "4", "是"],
        [person.name, person.resident_id, "2023-03-10", "干部网络学院", "6", "是"],
        [person.name, person.resident_id, "2099-03-10", "还没有学的", "4", ""],
    ]
    first = take(operator, sheet(tmp_path, "学时.xlsx", head, *rows))
    assert totals(first) == {"new": 2, "changed": 0, "same": 0, "refused": 2}
    kept = StudyHours.objects.filter(person=person).order_by("pk").values_list("content", "hours", "online")
    assert list(kept) == [("主题教育读书班", Decimal("7.5"), False), ("干部网络学院", 4, True)]
    assert totals(take(operator, sheet(tmp_path, "学时.xlsx", head, *rows)))["same"] == 2
    in_a_class = ["班次名称", "姓名", "身份证号", "工作单位", "培训时间", "学时"]
    attended = ["青干班", person.name, person.resident_id, "财政局", "2023-03-10", "16"]
    batch = actions.stage(by=operator, on=DAY, files=[sheet(tmp_path, "名单.xlsx", in_a_class, attended)])
    assert [one.ledger for one in batch.files.get().sheets.all()] == ["trainees"], "a list of a class stays one"


def test_talks_come_in_by_the_names_of_a_branch_s_members(yunxi, operator, tmp_path):
    branch = PartyOrganization.objects.filter(kind="党支部", memberships__isnull=False).order_by("pk").first()
    here = [one.person for one in Membership.objects.filter(organization=branch).select_related("person").order_by("pk")]
    alike = Counter(one.name for one in here)
    first, second = [one for one in here if alike[one.name] == 1][:2]
    stranger = Membership.objects.exclude(person__name__in=alike).first().person
    head = ["支部名称", "谈话日期", "谈话类别", "谈话人", "被谈话人"]
    rows = [
        [branch.name, "2023-03-10", "党员之间", first.name, second.name],
        [branch.name, "2023-03-10", "党员之间", first.name, stranger.name],
        [branch.name, "2023-03-10", "党员之间", first.name, first.name],
        [branch.name, "2099-03-10", "党员之间", first.name, second.name],
    ]
    batch = actions.stage(by=operator, on=DAY, files=[sheet(tmp_path, "谈话.xlsx", head, *rows)])
    assert totals(batch) == {"new": 1, "changed": 0, "same": 0, "refused": 3}
    said = "".join(p.reason for row in actions.refused_rows(batch.files.get().sheets.get()) for p in row.problems)
    assert f"“{branch.name}”的党员里没有人叫“{stranger.name}”" in said
    assert "写的是同一个人" in said
    actions.commit(by=operator, on=DAY, batch=batch)
    talk = Talk.objects.get()
    assert (talk.organization, talk.person, talk.other, talk.kind) == (branch, first, second, "党员之间")
    assert totals(take(operator, sheet(tmp_path, "谈话.xlsx", head, rows[0])))["same"] == 1
    later = actions.stage(
        by=operator, on=DAY, files=[sheet(tmp_path, "谈话.xlsx", head, [branch.name, "2023-03-11", *rows[0][2:]])]
    )
    with writing_allowed():
        Membership.objects.filter(organization=branch, person=second).update(
            organization=stranger.memberships.first().organization
        )
    with pytest.raises(Refused, match="预览之后"):
        actions.commit(by=operator, on=DAY, batch=later)


def test_talks_of_members_who_come_with_the_same_batch(empty, tmp_path):
    branch = "中共云溪县财政局机关支部委员会"
    roll = sheet(
        tmp_path,
        "名册.xlsx",
        ["姓名", "公民身份号码", "党员类别", "所在党支部"],
        ["马刚", "429901199107286292", "正式党员", branch],
        ["胡超海", "429901196710111223", "正式党员", branch],
    )
    talks = sheet(tmp_path, "谈话.xlsx", ["党支部", "谈话时间", "谈话人", "谈话对象"], [branch, "2023-03-10", "马刚", "胡超海"])
    assert totals(take(empty, talks, roll, ledgers()[0]))["refused"] == 0
    talk = Talk.objects.get()
    assert (talk.person.name, talk.other.name, talk.organization.name) == ("马刚", "胡超海", branch)
