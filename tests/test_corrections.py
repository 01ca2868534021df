"""Corrections people ask for: verified, changed through the record's own edit or refused with a reason, in time."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conftest import IMPORT_DAY
from zugong.base.models import TrailEntry
from zugong.base.records import writing_allowed
from zugong.base.rules import NotAllowed, Refused
from zugong.desk.clock import today
from zugong.organizations.models import PartyOrganization
from zugong.people import actions, correcting, proofs
from zugong.people.models import Correction, Membership, Outcome, Person

PDF = b"%PDF-1.4\n1 0 obj << >> endobj\n%%EOF"


RIGHT = "研究生"


def word(text: str) -> bytes:
    """A Word file with one paragraph."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr(
            "word/document.xml", f"<w:document><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
        )
    return made.getvalue()


@pytest.fixture
def himself(yunxi, door, operator):
    """A member's own browser, linked by the office; with `person`."""
    who = door("oneself")
    who.person = Membership.objects.order_by("pk").first().person
    with writing_allowed():
        who.user.name = who.person.name
        who.user.save()
    actions.link_account(by=operator, on=IMPORT_DAY, person=who.person, username=who.user.username)
    return who


def ask(himself, field: str = "education", wanted: str = RIGHT, record=None, **more):
    """Hand a request in on the page; gives the answer and the request."""
    record = record or himself.person
    where = f"{reverse('desk:own-ask')}?about={record.key}&field={field}"
    answer = himself.post(where, {"wanted": wanted, "reason": "毕业证上写的是博士", **more})
    return answer, Correction.objects.order_by("-pk").first()


def test_what_is_asked_waits_at_the_office_with_a_day(himself, door):
    answer, asked = ask(himself)
    assert answer.status_code == 302
    assert (asked.state, asked.person, asked.user) == (Outcome.OPEN, himself.person, himself.user)
    assert asked.due_on == asked.asked_on + timedelta(days=15)
    clerk = door("organization_office")
    page = clerk.get(reverse("people:corrections")).content.decode()
    assert himself.person.name in page
    assert "件更正申请待办" in clerk.get(reverse("people:corrections")).content.decode()
    assert asked.words_on(asked.due_on - timedelta(days=1)) == "待核实"
    assert asked.words_on(asked.due_on) == "超期"
    mine = himself.get(reverse("desk:own")).content.decode()
    assert "待核实" in mine
    assert RIGHT in mine
    for text in (RIGHT, "毕业证上写的是博士"):
        row = TrailEntry.objects.filter(verb="people:ask_correction").get()
        assert text not in row.values


def test_the_office_sees_the_words_for_a_purpose_and_changes_through_the_records_own_edit(himself, door):
    ask(himself)
    asked, clerk = Correction.objects.get(), door("organization_office")
    where = reverse("people:correction", args=[asked.pk])
    before, old = Person.objects.get(pk=himself.person.pk), himself.person.education
    assert RIGHT not in clerk.get(where).content.decode()
    assert "毕业证" in clerk.post(where, {"purpose": "核对更正申请"}).content.decode()
    assert TrailEntry.objects.filter(verb="people:read_correction", subject=asked.key).count() == 1
    done = clerk.post(f"{where}decide/", {"do": "correct", "value": RIGHT, "answer": "已核对毕业证"})
    assert done.status_code == 302
    person = Person.objects.get(pk=before.pk)
    assert (person.education, person.revision) == (RIGHT, before.revision + 1)
    entry = TrailEntry.objects.filter(verb="people:edit", subject=person.key).order_by("-number").first()
    assert json.loads(entry.values)["changes"][person.key]["education"] == [old, RIGHT]
    asked.refresh_from_db()
    assert (asked.state, asked.answer, asked.decided_by) == (Outcome.CHANGED, "已核对毕业证", clerk.user.username)
    page = himself.get(reverse("desk:own")).content.decode()
    assert "已核对毕业证" in page
    assert "已更正" in page


def test_the_records_own_checks_hold_and_nothing_is_decided_then(himself, door):
    other = Person.objects.exclude(pk=himself.person.pk).first()
    ask(himself, "resident_id", other.resident_id)
    asked, clerk = Correction.objects.get(), door("organization_office")
    where = reverse("people:correction-decide", args=[asked.pk])
    for value, why in ((other.resident_id, "已经登记在另一个人名下"), ("12345", "没有办结"), ("", "没有办结")):
        page = clerk.post(where, {"do": "correct", "value": value, "answer": ""})
        assert page.status_code == 200
        assert why in page.content.decode()
        assert Correction.objects.get(pk=asked.pk).state == Outcome.OPEN
    assert Person.objects.get(pk=himself.person.pk).resident_id == himself.person.resident_id


def test_a_refusal_needs_its_reason_and_what_was_said_stays(himself, door):
    ask(himself)
    asked, clerk = Correction.objects.get(), door("organization_office")
    where = reverse("people:correction-decide", args=[asked.pk])
    assert "要说明理由" in clerk.post(where, {"do": "refuse", "answer": " "}).content.decode()
    assert clerk.post(where, {"do": "refuse", "answer": "档案里没有这份学历"}).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.wanted, asked.reason) == (Outcome.REFUSED, RIGHT, "毕业证上写的是博士")
    assert Person.objects.get(pk=himself.person.pk).education == himself.person.education
    assert "档案里没有这份学历" in himself.get(reverse("desk:own")).content.decode()
    with pytest.raises(Refused, match="不能再办理"):
        actions.correct(by=clerk.user, on=IMPORT_DAY, correction=asked, edit=None, values={}, answer="又改主意了")
    assert ask(himself)[0].status_code == 302  # it may be asked again


def test_what_cannot_be_mended_here_says_where_it_was_mended(himself, door):
    row = himself.person.memberships.first()
    ask(himself, "linked_on", "2020-01-01", record=himself.person.account_link)
    assert row is not None
    asked, clerk = Correction.objects.get(), door("organization_office")
    where = reverse("people:correction-decide", args=[asked.pk])
    assert "写明已经在哪里改了" in clerk.post(where, {"do": "correct", "answer": ""}).content.decode()
    assert clerk.post(where, {"do": "correct", "answer": "已重新对应账号"}).status_code == 302


def test_nobody_decides_their_own_request(himself, door, operator):
    ask(himself)
    asked = Correction.objects.get()
    with writing_allowed():
        himself.user.grants.create(user=himself.user, role="office", organization_code="")
    himself.user.__dict__.pop("_grants", None)
    himself.user.__dict__.pop("_codes", None)
    himself.user.day = IMPORT_DAY
    for act in (
        lambda: actions.refuse_correction(by=himself.user, on=IMPORT_DAY, correction=asked, answer="自己不同意"),
        lambda: actions.correct(by=himself.user, on=IMPORT_DAY, correction=asked, edit=None, values={}, answer="自己同意"),
    ):
        with pytest.raises(NotAllowed, match="不能自己办理"):
            act()
    page = himself.post(reverse("people:correction", args=[asked.pk]), {"purpose": "看看自己的"}).content.decode()
    assert "不予更正</button>" not in page


def test_a_request_is_withdrawn_by_its_person_only_and_while_open(himself, door, account, operator):
    ask(himself)
    asked = Correction.objects.get()
    other = account("oneself", username="other")
    stranger = Membership.objects.exclude(person=himself.person).order_by("-pk").first().person
    with writing_allowed():
        other.name = stranger.name
        other.save()
    actions.link_account(by=operator, on=IMPORT_DAY, person=stranger, username="other")
    with pytest.raises(NotAllowed):
        actions.withdraw_correction(by=other, on=IMPORT_DAY, correction=asked)
    himself.post(reverse("desk:own-withdraw", args=[asked.pk]))
    assert Correction.objects.get().state == Outcome.WITHDRAWN
    himself.post(reverse("desk:own-withdraw", args=[asked.pk]))
    assert TrailEntry.objects.filter(verb="people:withdraw_correction").count() == 1


def test_an_office_elsewhere_does_not_see_the_request(himself, door):
    ask(himself)
    asked = Correction.objects.get()
    own = himself.person.memberships.first().organization
    elsewhere = PartyOrganization.objects.filter(kind="党支部").exclude(pk=own.pk).order_by("-pk").first()
    clerk = door("organization_office", elsewhere.code)
    for page in ("correction", "correction-decide", "correction-proof"):
        assert clerk.post(reverse(f"people:{page}", args=[asked.pk])).status_code == 404
    assert himself.person.name not in clerk.get(reverse("people:corrections")).content.decode()
    assert door("organization_office", own.code).get(reverse("people:correction", args=[asked.pk])).status_code == 200


def test_the_same_is_not_asked_twice_at_once_and_not_without_end(himself, monkeypatch):
    assert ask(himself)[0].status_code == 302
    again, _ = ask(himself)
    assert again.status_code == 200
    assert "已经提过更正" in again.content.decode()
    monkeypatch.setattr(correcting, "MOST_OPEN", 1)
    more, _ = ask(himself, "degree")
    assert "请等答复后再提" in more.content.decode()
    assert Correction.objects.count() == 1


# Proofs


def test_a_proof_lies_sealed_and_comes_back_to_its_person_and_the_office_as_an_attachment(himself, door):
    ask(himself, proof=SimpleUploadedFile("毕业证.exe", PDF))
    asked = Correction.objects.get()
    assert asked.proof == "毕业证.pdf"  # by its content, whatever it was called
    raw = (Path(settings.ZUGONG_FILES) / asked.proof_as).read_bytes()
    assert b"%PDF" not in raw
    mine = himself.get(reverse("desk:own-proof", args=[asked.pk]))
    theirs = door("organization_office").post(reverse("people:correction-proof", args=[asked.pk]))
    for answer in (mine, theirs):
        assert b"".join(answer.streaming_content) == PDF
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["X-Content-Type-Options"] == "nosniff"
    assert TrailEntry.objects.filter(verb="people:read_correction", subject=asked.key).count() == 1


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("证明.pdf", b"MZ\x90 a program", "不是 PDF、JPG、PNG"),
        ("证明.html", b"<script>alert(1)</script>", "不是 PDF、JPG、PNG"),
        ("证明.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不是 PDF、JPG、PNG"),
        ("证明.docx", b"PK\x03\x04 not whole", "不是 PDF、JPG、PNG"),
        ("空.pdf", b"", "不是 PDF、JPG、PNG"),
        ("大.pdf", PDF + b"0" * proofs.LARGEST, "超过 10 MB"),
        ("任免文件（机密）.pdf", PDF, "只处理非涉密信息"),
        ("秘密★1年 说明.png", b"\x89PNG\r\n\x1a\n", "只处理非涉密信息"),
        ("说明.docx", word("绝密★长期"), "只处理非涉密信息"),
    ],
)
def test_what_is_no_proof_is_turned_away_and_nothing_is_left(himself, name, content, why):
    before = set(Path(settings.ZUGONG_FILES).iterdir())
    answer, asked = ask(
        himself, proof=SimpleUploadedFile("x.bin", content) if not content else SimpleUploadedFile(name, content)
    )
    assert asked is None
    assert why in answer.content.decode() or (not content and "空" in answer.content.decode())
    assert set(Path(settings.ZUGONG_FILES).iterdir()) == before


def test_a_word_file_is_taken_as_it_came(himself):
    paper = word("工作说明")  # made once: a package says when it was made
    ask(himself, proof=SimpleUploadedFile("说明.docx", paper))
    assert proofs.opened(Correction.objects.get().proof_as) == paper


def test_the_day_of_the_request_is_the_day_it_is(himself):
    ask(himself)
    assert Correction.objects.get().asked_on == today()
