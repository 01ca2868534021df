"""Who sees ID numbers and phone numbers of rows on their way in, what goes back to whom, and what the trail says of it."""

from __future__ import annotations

import io
import json
import re

from django.urls import reverse
from openpyxl import load_workbook

from conftest import YUNXI
from zugong.base.models import TrailEntry
from zugong.intake.models import Batch, StagedFile, StagedRow
from zugong.intake.tests.dropping import ID, csv, rows_page, sheet_of, text_of, upload
from zugong.people.models import Membership, Person

FAULTY = "429901196707092450"  # one of the two cells of the example that hold an ID to be mended


def test_an_id_to_be_mended_is_shown_to_who_sent_it_and_that_is_on_the_trail(yunxi, clerk, door):
    upload(clerk, YUNXI / "02党员花名册.xlsx")
    batch = Batch.objects.order_by("-pk").first()
    row = StagedRow.objects.get(sheet__file__batch=batch, number=856)
    asked = ({}, {"sheet": row.sheet_id, "state": "refused"}, None)
    for query in asked:
        before = TrailEntry.objects.count()
        address = reverse("intake:batch", args=[batch.pk]) if query is not None else reverse("intake:origin", args=[row.pk])
        assert FAULTY in text_of(clerk.get(address, query))
        (noted,) = TrailEntry.objects.filter(number__gt=before)
        assert (noted.verb, noted.account, noted.subject) == ("intake:note_reading", "office-all", batch.key)
        assert "E856" in noted.values
        assert FAULTY not in noted.values
        other = text_of(door("operator").get(address, query))
        assert not ID.search(other)
        assert not re.search(r"\d{14}", other)
        assert TrailEntry.objects.count() == before + 1
    before = TrailEntry.objects.count()
    rows_page(clerk, batch.pk, "members", "same")
    assert TrailEntry.objects.count() == before, "nothing was shown that would have to be noted"


def test_an_id_in_a_wrong_column_is_no_more_open_than_in_its_own(empty, clerk, door):
    upload(clerk, csv("清单.csv", "重点任务,牵头科室,完成时限", f"任务,组织科,{FAULTY}"))
    batch = Batch.objects.order_by("-pk").first()
    query = {"sheet": sheet_of(batch.pk, "tasks").pk, "state": "refused"}
    for where in ({}, query):
        address = reverse("intake:batch", args=[batch.pk])
        assert FAULTY in text_of(clerk.get(address, where))
        assert FAULTY not in text_of(door("head").get(address, where))


def test_ids_and_phones_are_masked_except_where_they_must_be_mended(yunxi, door):
    known = set(Person.objects.values_list("pk", flat=True)[:5])
    phones = {p.phone for p in Person.objects.filter(pk__in=known)}
    for state in ("new", "all", "warned"):
        page = rows_page(door("office"), yunxi, "cadres", state)
        assert not ID.search(page), state
        assert "＊＊＊" in page
    page = rows_page(door("office"), yunxi, "members", "all")
    assert not ID.search(page)
    assert not any(phone in page for phone in phones)
    assert not ID.search(rows_page(door("office"), yunxi, "members", "refused")), "another account sent it"


def test_who_may_not_see_ids_sees_none_and_writes_nothing(yunxi, door):
    head = door("head")
    overview = text_of(head.get(reverse("intake:batch", args=[yunxi])))
    rows = rows_page(head, yunxi, "members", "refused")
    for page in (overview, rows):
        assert not ID.search(page)
        assert "2031年7月1日" in page  # personal, and a leader reads that
    assert "整批撤销" not in overview
    assert "下载" not in overview
    kept = StagedFile.objects.get(batch=yunxi, name__startswith="02")
    for name, number in (("commit", yunxi), ("undo", yunxi), ("refused", kept.pk)):
        assert head.post(reverse(f"intake:{name}", args=[number])).status_code == 403
    assert head.post(reverse("intake:receive")).status_code == 403


def test_a_reason_does_not_give_away_what_its_cell_hides(yunxi, door, clerk):
    person = Membership.objects.order_by("pk").first().person
    lines = ("姓名,身份证号,性别,出生日期,入党时间,党员类别,所在党支部,手机号",)
    other = f"{person.name},{person.resident_id},{person.sex},{person.birth_date},2001-01-01,正式党员,没有的支部,123"
    upload(clerk, csv("党员.csv", *lines, other))
    batch = Batch.objects.order_by("-pk").first().pk
    assert person.resident_id not in rows_page(clerk, batch, "members", "all")
    row = StagedRow.objects.get(sheet__file__batch=batch)
    assert person.resident_id not in text_of(clerk.get(reverse("intake:origin", args=[row.pk])))


def test_refused_rows_are_handed_back_marked_and_that_is_on_the_trail(yunxi, clerk, door):
    upload(clerk, YUNXI / "02党员花名册.xlsx")
    kept = StagedFile.objects.order_by("-pk").first()
    address = reverse("intake:refused", args=[kept.pk])
    assert clerk.get(address).url == reverse("intake:batch", args=[kept.batch_id])
    answer = clerk.post(address)
    assert "filename*=utf-8''02%E5%85%9A%E5%91%98" in answer["Content-Disposition"]
    page = load_workbook(io.BytesIO(answer.getvalue())).active
    assert "请核对日期" in page["I323"].comment.text
    entry = TrailEntry.objects.order_by("-number").first()
    assert (entry.verb, entry.account) == ("base:record_export", "office-all")
    told = json.loads(entry.values)
    assert (told["filters"]["文件"], told["filters"]["交出"]) == ("02党员花名册.xlsx", "本人交来的原表")
    assert told["rows"] == 1658, "the whole workbook was handed over, not only the rows that go back"
    assert told["filters"]["敏感列"] == "公民身份号码、手机号"
    other = load_workbook(io.BytesIO(door("operator").post(address).getvalue())).active
    assert [other.max_row, other["A2"].value, other["E2"].value] == [6, "序号", "公民身份号码"]
    told = json.loads(TrailEntry.objects.order_by("-number").first().values)
    assert (told["rows"], told["filters"]["交出"]) == (4, "退回的行")
    whole = StagedFile.objects.get(batch=yunxi, name__startswith="16")
    assert clerk.post(reverse("intake:refused", args=[whole.pk])).status_code == 302
