"""The pages of the intake: files in, each row looked at, written or taken back; what a page costs."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from conftest import YUNXI, ledgers
from zugong.base.models import TrailEntry
from zugong.intake import forms, results, running, views
from zugong.intake.models import Batch, StagedRow
from zugong.intake.tests.dropping import ID, csv, rows_page, sheet_of, text_of, upload
from zugong.meetings.models import Meeting
from zugong.organizations.models import PartyOrganization
from zugong.people.models import Membership
from zugong.tasks.models import Task

MOST_QUERIES = 15
ONE_ENTRY = 5  # a page that shows IDs to be mended puts that on the trail
DROP = "/intake/"


def test_files_are_read_looked_at_written_and_taken_back(empty, clerk, incoming):
    answer = upload(clerk, *(one.path for one in ledgers()))
    batch = Batch.objects.get(state="preview")
    assert answer.redirect_chain == [(reverse("intake:batch", args=[batch.pk]), 302)]
    page = text_of(answer)
    assert "写入 4,410 行" in page
    assert "6 行不会写入" in page
    assert list(incoming.iterdir()) == []
    assert Meeting.objects.count() == 0
    page = text_of(clerk.post(reverse("intake:commit", args=[batch.pk]), follow=True))
    batch.refresh_from_db()
    assert results.sentence(batch) in page
    assert "新增 4410 行" in page
    assert Meeting.objects.count() == 1385
    goes = text_of(clerk.get(reverse("intake:undo", args=[batch.pk])))
    assert "人员：新增的 1,816 条删去</li>" in goes
    page = text_of(clerk.post(reverse("intake:undo", args=[batch.pk]), follow=True))
    assert "数据回到写入之前" in page
    assert Meeting.objects.count() == 0
    assert (
        TrailEntry.objects.filter(verb__in=["intake:stage", "intake:commit", "intake:undo"], account="office-all").count() == 3
    )


def test_a_file_nobody_knows_is_said_and_nothing_is_kept(empty, clerk, incoming):
    answer = upload(clerk, YUNXI / "16重点工作清单.xlsx", csv("菜单.csv", "菜名,价格", "豆腐,3"))
    page = text_of(answer)
    assert "没有办成" in page
    assert "“菜单.csv”里没有认得出的台账" in page
    assert not Batch.objects.filter(state="preview").exists()
    assert list(incoming.iterdir()) == []


def test_a_refused_row_shows_its_cell_the_reason_and_how_to_mend_it(yunxi, door):
    page = text_of(door("office").get(reverse("intake:batch", args=[yunxi])))
    for words in ("I323", "入党时间", "2031年7月1日", "还没有发生", "请核对日期，多半是年份写错了。"):
        assert words in page
    rows = rows_page(door("office"), yunxi, "members", "refused")
    assert rows.count("第 856 行") == 1
    faulty = r'<td data-title="公民身份号码" class="[^"]*table-danger[^>]*> ?<[^>]*>✕ </span><[^>]*>有误：</span>'
    assert re.search(faulty, rows)
    assert "E856 公民身份号码：</strong>证件号码校验不符" in rows


def test_the_preview_shows_old_and_new(yunxi, clerk):
    upload(
        clerk, csv("清单.csv", "重点任务,牵头科室,完成时限,完成时间,群众评价", "开展主题教育,组织科,2023-08-03,2023-08-01,好")
    )
    batch = Batch.objects.order_by("-pk").first()
    page = rows_page(clerk, batch.pk, "tasks")
    assert re.search(r'<span class="old">空</span> <[^>]*>→</span><[^>]*>改为</span> <strong>2023-08-01</strong>', page)
    assert "未识别的列，没有读入：</strong>群众评价" in page
    assert "表头在第 1 行" in page
    clerk.post(reverse("intake:commit", args=[batch.pk]))
    assert str(Task.objects.get(title="开展主题教育").done_on) == "2023-08-01"


def test_a_preview_that_no_longer_holds_says_so_and_stays(yunxi, clerk):
    rows = ("重点任务,牵头科室,完成时限,完成时间", "新任务,组织科,2023-09-01,")
    upload(clerk, csv("一.csv", *rows))
    first = Batch.objects.order_by("-pk").first()
    upload(clerk, csv("二.csv", rows[0], "新任务,组织科,2023-10-01,"))
    second = Batch.objects.order_by("-pk").first()
    clerk.post(reverse("intake:commit", args=[second.pk]))
    page = text_of(clerk.post(reverse("intake:commit", args=[first.pk]), follow=True))
    assert "没有办成" in page
    assert "预览之后" in page
    assert f"回到批次 {first.pk}" in page
    assert Task.objects.filter(title="新任务").count() == 1


def test_a_batch_without_anything_to_write_can_be_closed(yunxi, clerk):
    page = text_of(upload(clerk, YUNXI / "16重点工作清单.xlsx"))
    assert "没有要写的，了结这一批" in page
    batch = Batch.objects.order_by("-pk").first()
    assert "已写入" in text_of(clerk.post(reverse("intake:commit", args=[batch.pk]), follow=True))


def test_what_the_files_no_longer_have_is_listed_and_stays(yunxi, clerk, tmp_path):
    book = load_workbook(YUNXI / "02党员花名册.xlsx")
    for merged in list(book.active.merged_cells.ranges):
        book.active.unmerge_cells(str(merged))
    gone = [book.active.cell(row, 2).value for row in range(100, 115)]
    book.active.delete_rows(100, 15)
    book.save(tmp_path / "党员.xlsx")
    page = text_of(upload(clerk, tmp_path / "党员.xlsx"))
    batch = Batch.objects.order_by("-pk").first()
    assert ">15 条</a>" in page, "neither the refused rows nor anything else is missing"
    listed = text_of(clerk.get(reverse("intake:absent", args=[batch.pk]), {"ledger": "members"}))
    assert "没有的 15 条" in listed
    assert all("".join(name.split()) in listed for name in gone)
    clerk.post(reverse("intake:commit", args=[batch.pk]))
    assert Membership.objects.count() == 1654
    assert clerk.get(reverse("intake:absent", args=[batch.pk]), {"ledger": "x"}).status_code == 302


def test_what_came_in_with_a_batch_or_later_is_not_missing_from_it(yunxi, clerk):
    assert "本次未出现" not in text_of(clerk.get(reverse("intake:batch", args=[yunxi])))
    line = "张三丰,429901199107286292,男,1991-07-28,2001-01-01,正式党员,中共云溪县财政局机关支部委员会"
    upload(clerk, csv("新来的.csv", "姓名,身份证号,性别,出生日期,入党时间,党员类别,所在党支部", line))
    clerk.post(reverse("intake:commit", args=[Batch.objects.order_by("-pk").first().pk]))
    assert "本次未出现" not in text_of(clerk.get(reverse("intake:batch", args=[yunxi])))


def test_a_record_leads_to_the_row_it_came_from(yunxi, door):
    member = Membership.objects.order_by("pk").first()
    page = text_of(door("office").get(reverse("intake:origin", args=[member.origin])))
    assert "02党员花名册.xlsx" in page
    assert member.person.name in page
    assert reverse("people:membership", args=[member.pk]) in page
    assert not ID.search(page)
    assert door("office").get(reverse("intake:origin", args=[10**9])).status_code == 404


def test_pages_of_rows_hold_each_row_once(yunxi, door):
    who = door("office")
    for ledger, state, total in (("organizations", "all", 111), ("visits", "new", 70), ("members", "refused", 4)):
        sheet = sheet_of(yunxi, ledger)
        query: dict[str, object] = {"sheet": sheet.pk, "state": state}
        seen: list[int] = []
        page = who.get(reverse("intake:batch", args=[yunxi]), query).context
        while True:
            seen += [row.number for row in page["shown"].rows]
            if not page["page"].after:
                break
            page = who.get(reverse("intake:batch", args=[yunxi]), {**query, "after": page["page"].after}).context
        assert len(seen) == len(set(seen)) == total
        assert seen == sorted(seen)
        if page["page"].before:
            back = who.get(reverse("intake:batch", args=[yunxi]), {**query, "before": page["page"].before}).context
            numbers = [row.number for row in back["shown"].rows]
            assert numbers == seen[seen.index(numbers[0]) : seen.index(numbers[-1]) + 1]
            assert numbers[-1] == seen[seen.index(page["page"].before) - 1]
    assert "第 856 行" in rows_page(who, yunxi, "members", "all", row=856)


@pytest.mark.parametrize("committed", [False, True])
def test_a_page_of_four_thousand_rows_asks_few_questions(yunxi, clerk, committed, django_assert_max_num_queries):
    lines = [f"任务{n},组织科,2023-09-{n % 28 + 1:02},{'2023-02-30' if n % 400 == 0 else ''}" for n in range(4000)]
    upload(clerk, csv("清单.csv", "重点任务,牵头科室,完成时限,完成时间", *lines), YUNXI / "02党员花名册.xlsx")
    batch = Batch.objects.order_by("-pk").first()
    if committed:
        clerk.post(reverse("intake:commit", args=[batch.pk]))
    address = reverse("intake:batch", args=[batch.pk])
    clerk.get(address)
    queries = [{}, *({"sheet": sheet_of(batch.pk, "tasks").pk, "state": s} for s in ("new", "refused", "warned", "all"))]
    for query in [*queries, {**queries[1], "after": 2000}, {"sheet": sheet_of(batch.pk, "members").pk, "state": "same"}]:
        with django_assert_max_num_queries(MOST_QUERIES + (0 if query else ONE_ENTRY)):
            assert clerk.get(address, query).status_code == 200
    for other in (reverse("intake:drop"), reverse("intake:origin", args=[StagedRow.objects.last().pk])):
        with django_assert_max_num_queries(MOST_QUERIES):
            assert clerk.get(other).status_code == 200


def test_the_list_of_batches_turns_by_key_newest_first(yunxi, clerk, monkeypatch):
    monkeypatch.setattr(views.paging, "BATCHES", 2)
    for n in range(4):
        upload(clerk, csv(f"{n}.csv", "重点任务,牵头科室,完成时限", f"任务{n},组织科,2023-09-01"))
    page = clerk.get(DROP).context["page"]
    pages = [page]
    while page.after:
        page = clerk.get(DROP, {"after": page.after}).context["page"]
        pages.append(page)
    numbers = [b.pk for p in pages for b in p.records]
    assert numbers == sorted(Batch.objects.values_list("pk", flat=True), reverse=True)
    back = clerk.get(DROP, {"before": pages[-1].before}).context["page"]
    assert [b.pk for b in back.records] == [b.pk for b in pages[-2].records]


def test_strangers_and_roles_without_the_right_stay_outside(yunxi, door):
    row = StagedRow.objects.order_by("pk").first()
    addresses = [DROP, reverse("intake:batch", args=[yunxi]), reverse("intake:origin", args=[row.pk])]
    for address in addresses:
        assert "/login/" in Client().get(address).url
        for role in ("branch", "auditor", "system_administrator"):
            assert door(role).get(address).status_code == 403
    part = door("office", PartyOrganization.objects.filter(kind="党委").last().code)  # a clerk for a part of the county
    assert "只管一部分党组织" in text_of(part.get(DROP))
    assert [part.get(address).status_code for address in addresses[1:]] == [404, 404]


def test_an_empty_house_says_what_to_put_in(empty, door):
    page = text_of(door("office").get(DROP))
    assert "把 Excel 台账拖到这里" in page
    assert "最多 60 个，每个不超过 50 MB" in page
    assert "党组织基本信息表" in page
    assert "台账由科室干部导入" in text_of(door("head").get(DROP))


def test_files_that_cannot_be_taken_get_a_sentence_each(yunxi, clerk, monkeypatch):
    monkeypatch.setattr(forms, "MOST_MEGABYTES", 0.0001)
    before = Batch.objects.count()
    answer = upload(clerk, csv("说明.docx", "x"), csv("空的.csv"), csv("大的.csv", "x" * 500), csv("~$开着.xlsx", "x"))
    assert answer.status_code == 400
    page = text_of(answer)
    for words in ("“说明.docx”不是", "“空的.csv”是空文件", "“大的.csv”有", "“~$开着.xlsx”是 Excel 打开着文件"):
        assert words in page
    assert "还没有选文件" in text_of(clerk.post(reverse("intake:receive"), {}))
    assert Batch.objects.count() == before


def test_too_many_files_get_a_sentence_and_nothing_is_read(yunxi, clerk):
    many = [csv(f"{n}.csv", "x") for n in range(61)]
    answer = upload(clerk, *many)
    assert answer.status_code == 400
    assert "一次最多 60 个文件" in text_of(answer)


def test_taking_files_in_is_protected_against_forged_forms(yunxi, door):
    who = Client(enforce_csrf_checks=True)
    who.cookies = door("office").cookies
    assert upload(who, csv("清单.csv", "重点任务", "甲")).status_code == 403
    assert who.post(reverse("intake:commit", args=[yunxi])).status_code == 403


def test_the_page_follows_a_job_and_says_what_became_of_it(yunxi, door, monkeypatch):
    monkeypatch.setattr(views, "PATIENCE", 0)
    monkeypatch.setattr(running, "launch", lambda job, work: None)  # it goes on
    clerk = door("office")
    answer = upload(clerk, YUNXI / "16重点工作清单.xlsx")
    job = running.under_way()[-1]
    address = reverse("intake:running", args=[job.key])
    assert answer.redirect_chain == [(address, 302)]
    assert "正在读入“16重点工作清单.xlsx”" in text_of(answer)
    assert "看进度" in text_of(clerk.get(DROP))
    job.progress("读取 16重点工作清单.xlsx")
    polled = clerk.get(address, headers={"hx-request": "true"})
    assert "读取 16重点工作清单.xlsx" in text_of(polled)
    assert "<html" not in text_of(polled)
    assert "已经不在办了" in text_of(clerk.get(reverse("intake:running", args=["gone"])))
    assert clerk.get(reverse("intake:running", args=["gone"]), headers={"hx-request": "true"})["HX-Redirect"].endswith("/gone/")
    job.batch = yunxi
    job.finished.set()
    done = clerk.get(address, headers={"hx-request": "true"})
    assert (done.status_code, done["HX-Redirect"]) == (204, reverse("intake:batch", args=[yunxi]))
    assert clerk.get(address).url == reverse("intake:batch", args=[yunxi])


def test_columns_told_by_their_cells_and_columns_nobody_knows_are_pointed_out(yunxi, clerk):
    members = Membership.objects.select_related("person", "organization").order_by("pk")[:3]
    lines = [f"{m.person.name},{m.person.resident_id},{m.joined_on},{m.organization.name},{m.category},无" for m in members]
    upload(clerk, csv("党员.csv", "姓名,身份证号,入党时间,所在党支部,甲乙丙,爱好", *lines))
    batch = Batch.objects.order_by("-pk").first().pk
    page = rows_page(clerk, batch, "members", "all")
    assert "推定的列，请核对：</strong>E 列“甲乙丙”按里面的内容认作“党员类别”" in page
    assert "未识别的列，没有读入：</strong>爱好" in page
    assert "1 列是推定的，1 列未识别" in text_of(clerk.get(reverse("intake:batch", args=[batch])))


def test_a_sheet_without_a_column_says_that_its_kept_values_go(yunxi, clerk):
    held = Membership.objects.exclude(party_post="").select_related("person", "organization").first()
    line = f"{held.person.name},{held.person.resident_id},{held.joined_on},{held.category},{held.organization.name}"
    upload(clerk, csv("党员.csv", "姓名,身份证号,入党时间,党员类别,所在党支部", line))
    sheet = sheet_of(Batch.objects.order_by("-pk").first().pk, "members")
    assert sheet.changed == 1
    assert "写入后已存的内容会变成空的" in rows_page(clerk, sheet.file.batch_id, "members", "changed")
