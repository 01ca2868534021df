"""What an account sees and reaches: its own subtree, by the grant that covers it, on the day, to the letter."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from conftest import IMPORT_DAY, come_in
from zugong.base import accounts
from zugong.base.access import ROLES, Permission, Privacy
from zugong.base.grants import Given
from zugong.base.models import Grant, TrailEntry, User
from zugong.base.records import writing_allowed
from zugong.base.rules import NotAllowed, Refused
from zugong.cadres import actions as cadres
from zugong.cadres.models import Cadre
from zugong.desk.prepare import operator as local_operator
from zugong.intake import actions as intake
from zugong.intake.actions import Incoming
from zugong.intake.models import Batch, StagedSheet
from zugong.intake.staging import opened
from zugong.meetings import actions as meetings
from zugong.meetings.models import Meeting
from zugong.organizations import actions as organizations
from zugong.organizations.models import PartyOrganization, Placement, Unit
from zugong.people import actions as people
from zugong.people.models import Appointment, Membership, Person
from zugong.publicity.models import Article
from zugong.statistics.catalogue import FIGURES
from zugong.statistics.frames import frame_of, may_frame, scope_of, widest
from zugong.tasks.models import Task

DAY = date(2026, 11, 23)
HEADINGS = ["党组织代码", "党组织名称", "组织类别", "成立时间", "上级党组织", "所在单位", "单位性质"]
ROOT = ["100", "中共甲县委员会", "党委", "2000-01-01", "", "甲县县委", "机关"]
FRAMED = ("desk:home", "desk:dues", "statistics:figures", "statistics:structure", "people:person-list", "meetings:meeting-list")


def branch(code: str, superior: str, place: str) -> list[str]:
    """A row of the organizations' ledger."""
    return [code, f"中共甲县{place}支部委员会", "党支部", "2000-01-01", superior, place, "机关"]


@pytest.fixture
def take(empty, tmp_path):
    """Take organizations in from the sheets of one workbook; gives the batch."""

    def given(*sheets: list[list[str]]) -> Batch:
        book = Workbook()
        book.remove(book.active)
        for rows in sheets:
            sheet = book.create_sheet()
            for row in (HEADINGS, *rows):
                sheet.append(row)
        book.save(tmp_path / "01.xlsx")
        batch = intake.stage(by=empty, on=IMPORT_DAY, files=[Incoming(tmp_path / "01.xlsx", "01.xlsx")])
        return intake.commit(by=empty, on=IMPORT_DAY, batch=batch)

    return given


def warnings(batch: Batch) -> list[str]:
    """What the preview says is odd; nothing may be refused."""
    sheets = StagedSheet.objects.filter(file__batch=batch)
    assert sum(sheet.refused for sheet in sheets) == 0
    rows = [opened(row, intake.BY_ID["organizations"]) for sheet in sheets for row in sheet.rows.order_by("number")]
    return [problem.reason for row in rows for problem in row.problems]


def paths() -> dict[str, str]:
    return dict(Placement.objects.in_force(DAY).values_list("organization__code", "path"))


def seen(user: User) -> set[str]:
    """The codes of the organizations an account sees."""
    return set(PartyOrganization.objects.visible_to(user).values_list("code", flat=True))


@pytest.fixture
def own(yunxi) -> PartyOrganization:
    """The branch whose clerk acts."""
    return PartyOrganization.objects.get(name="中共云溪县财政局机关支部委员会")


@pytest.fixture
def foreign(own) -> PartyOrganization:
    """A branch somewhere else, with members."""
    others = Membership.objects.exclude(organization=own).filter(organization__kind="党支部").order_by("-organization_id")
    return others.first().organization


@pytest.fixture
def holding(account):
    """An account with several grants, each a role at a code, and its browser."""

    def make(*grants: tuple[str, str]) -> tuple[User, Client]:
        user = account(*grants[0], username=f"mixed-{User.objects.count()}")
        browser = Client()
        with writing_allowed():
            for role, code in grants[1:]:
                Grant.objects.create(user=user, role=role, organization_code=code)
        come_in(browser, user)
        return user, browser

    return make


# Everything, and a subtree


def test_an_organization_without_a_superior_is_not_the_county(take, holding):
    batch = take(
        [ROOT, branch("101", ROOT[1], "财政局"), branch("102", "", "城关村"), branch("103", "中共甲县直属机关工委", "水利局")]
    )
    assert [("另一个根" in said, "按原文收下" in said) for said in warnings(batch)] == [(True, False), (False, True)]
    for code in ("102", "103"):
        user, browser = holding(("branch", code))
        assert seen(user) == {code}
        assert widest(user, DAY).whole is scope_of(code, DAY).whole is False
        assert "财政局" not in browser.get(reverse("organizations:partyorganization-list"), {"scope": ""}).content.decode()
        assert browser.get(reverse("desk:home"), {"scope": "101"}).status_code == 404
        assert not user.may(Permission.MEETINGS_EDIT, PartyOrganization.objects.get(code="101").path_on(DAY))


def test_a_superior_nobody_knows_makes_no_second_root(take):
    batch = take([ROOT, branch("103", "中共甲县直属机关工委", "水利局")])
    assert len(warnings(batch)) == 1
    assert paths() == {"100": "100.", "103": "100.103."}
    assert PartyOrganization.objects.get(code="103").superior_name == "中共甲县直属机关工委"
    later = take([["200", "中共甲县直属机关工委", "党委", "2001-01-01", ROOT[1], "", ""]])
    assert warnings(later) == []
    assert paths() == {"100": "100.", "200": "100.200.", "103": "100.200.103."}  # it went home, as if it had always been there


def test_a_superior_may_stand_in_a_later_sheet(take, operator):
    works = ["200", "中共甲县直属机关工委", "党委", "2001-01-01", ROOT[1], "", ""]
    batch = take([branch("103", works[1], "水利局")], [works, ROOT])
    assert warnings(batch) == []
    assert paths() == {"100": "100.", "200": "100.200.", "103": "100.200.103."}
    intake.undo(by=operator, on=IMPORT_DAY, batch=batch)
    assert not Placement.objects.exists()


def test_the_only_roots_code_shows_what_belongs_to_no_organization_and_one_of_two_roots_does_not(yunxi, holding):
    root = PartyOrganization.objects.get(name="中共云溪县委员会")
    user, _ = holding(("office", root.code))
    assert widest(user, DAY).whole
    for kind in (Task, Article, Person, Meeting):
        assert kind.objects.visible_to(user).count() == kind.objects.count() > 0
    task = Task.objects.first()
    assert user.may(Permission.TASKS_EDIT, task.path_on(DAY))
    with writing_allowed():
        second = PartyOrganization.objects.create(code="900", name="中共乙县委员会", kind="党委")
        Placement.objects.create(organization=second, path="900.")
    again, _ = holding(("office", root.code))
    assert not widest(again, DAY).whole
    assert seen(again) == set(PartyOrganization.objects.exclude(code="900").values_list("code", flat=True))
    assert not Task.objects.visible_to(again).exists()
    assert not again.may(Permission.TASKS_EDIT, task.path_on(DAY))
    everything, _ = holding(("office", ""))
    assert Task.objects.visible_to(everything).exists()


def test_a_code_reaches_its_subtree_to_the_letter(take, holding):
    take([ROOT, *(branch(code, ROOT[1], place) for code, place in (("42", "甲"), ("42.1", "乙"), ("421", "丙")))])
    below = PartyOrganization.objects.get(code="42")
    with writing_allowed():  # a ledger's codes are capitals; what else makes organizations may differ in case only
        for code in ("ab", "AB"):
            one = PartyOrganization.objects.create(code=code, name=f"{code}支部", kind="党支部")
            Placement.objects.create(organization=one, parent=below, path=f"100.42.{code}.")
    for code, reach in (("42", {"42", "ab", "AB"}), ("42.1", {"42.1"}), ("421", {"421"}), ("ab", {"ab"}), ("AB", {"AB"})):
        user, _ = holding(("office", code))
        assert seen(user) == reach
        may = {o.code for o in PartyOrganization.objects.all() if user.may(Permission.ORGANIZATIONS_EDIT, o.path_on(DAY))}
        assert may == reach


# Rights of different grants


def test_a_grant_over_the_system_widens_no_frame(own, foreign, holding):
    user, browser = holding(("branch", own.code), ("system_administrator", ""))
    assert widest(user, DAY).code == own.code
    assert not may_frame(user, frame_of("2023H1", DAY, foreign.code))
    assert browser.get(reverse("desk:home"), {"scope": foreign.code}).status_code == 404
    page = browser.get(reverse("statistics:figure", args=["people.party_members"]), {"period": "2023H1"})
    assert page.context["answer"].value == Membership.objects.filter(organization=own).count()
    nobody, _ = holding(("system_administrator", ""))
    assert not PartyOrganization.objects.within(widest(nobody, DAY)).exists()


def test_whoever_reads_or_is_owed_anything_may_count(yunxi):
    for role in ROLES.values():
        offices = {p for p in role.permissions if p.endswith(":read")} - {Permission.TRAIL_READ}
        assert not offices or Permission.STATISTICS_READ in offices, role.code


def test_a_grant_elsewhere_reveals_nothing_here(own, foreign, holding):
    user, browser = holding(("branch", own.code), ("office", foreign.code))
    here, there = (Person.objects.filter(memberships__organization=one).first() for one in (own, foreign))
    assert not user.reads(Privacy.RESTRICTED, Permission.PEOPLE_READ)
    assert user.reads(Privacy.PERSONAL, Permission.PEOPLE_READ)
    for person, shown in ((here, False), (there, True)):
        assert ('name="purpose"' in browser.get(reverse("people:person", args=[person.pk])).content.decode()) is shown
        page = browser.post(reverse("people:person-reveal", args=[person.pk]), {"purpose": "核对"})
        assert (person.resident_id in page.content.decode()) is shown
        assert TrailEntry.objects.filter(verb="base:record_reading").exists() is shown
    everywhere, _ = holding(("branch", own.code), ("office", ""))
    assert everywhere.reads(Privacy.RESTRICTED, Permission.PEOPLE_READ)


def test_what_concerns_the_whole_house_is_granted_for_all_of_it(own, operator, holding):
    for role in ("auditor", "system_administrator", "head"):
        with pytest.raises(Refused, match="只能授全部"):
            accounts.create_account(by=operator, on=IMPORT_DAY, username=f"u-{role}", name="某", given=Given(role, own.code))
    for role, page in (("auditor", "desk:trail"), ("security_administrator", "desk:accounts"), ("head", "desk:settings")):
        user, browser = holding((role, own.code))  # given before that was so
        assert browser.get(reverse(page)).status_code == 403
        assert not User.objects.visible_to(user).exists()


def test_the_local_account_is_on_the_trail(db):
    with writing_allowed():
        Grant.objects.filter(user__username="local").delete()
        User.objects.filter(username="local").delete()
    user = local_operator()
    entry = TrailEntry.objects.get(verb="base:open_local_account", subject=user.key)
    assert entry.account == "local"
    changes = json.loads(entry.values)["changes"]
    grant = Grant.objects.get(user=user)
    assert changes[grant.key]["role"] == [None, "operator"]
    assert user.key in changes
    assert local_operator() == user
    assert Grant.objects.filter(user=user).count() == 1


# Time


def test_a_branch_younger_than_the_day_sees_empty_pages(own, door, account, capsys):
    root = PartyOrganization.objects.get(name="中共云溪县委员会")
    with writing_allowed():
        young = PartyOrganization.objects.create(code="999", name="新支部", kind="党支部", valid_from=date(2026, 1, 1))
        Placement.objects.create(organization=young, parent=root, path=f"{root.code}.999.", valid_from=date(2026, 1, 1))
    who = door("branch", "999")
    for page in FRAMED:
        answer = who.get(reverse(page), {"period": "2023H1", "on": "2023-06-30"})
        assert answer.status_code == 200, page
        assert not answer.context["frame"].scope.whole
    assert not PartyOrganization.objects.within(answer.context["frame"].scope).exists()
    account("branch", "999", username="xin")
    call_command("figure", "people.party_members", "--period", "2023H1", "--on", "2023-06-30", "--as", "xin", "--json")
    assert json.loads(capsys.readouterr().out)["value"] is None  # nothing was ever taken in there


def test_whoever_has_left_is_seen_in_their_own_row_only(own, foreign, operator, holding):
    row = Membership.objects.filter(organization=own).exclude(person__in=Appointment.objects.values("person")).first()
    person = row.person
    clerk, _ = holding(("branch", own.code))
    assert person in Person.objects.visible_to(clerk)
    left = {"valid_to": date(2023, 1, 1)}
    people.edit_membership(by=operator, on=DAY, membership=row, changes=left)
    with writing_allowed():
        Membership.objects.create(person=person, organization=foreign, valid_from=left["valid_to"])
    for rows in (Person, Appointment):
        mine = rows.objects.visible_to(clerk)
        assert not mine.filter(**({"pk": person.pk} if rows is Person else {"person": person})).exists()
    assert list(Membership.objects.visible_to(clerk).filter(person=person)) == [row]
    there, _ = holding(("branch", foreign.code))
    assert person in Person.objects.visible_to(there)


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "1920-12-31", "2101-01-01", "昨天"])
def test_a_day_nobody_can_look_from_is_said_and_not_kept(yunxi, door, text, capsys):
    who = door("office")
    answer = who.get(reverse("desk:account"), {"on": text})
    assert answer.status_code == 200
    assert ("只能看 1921 年到 2100 年" in answer.content.decode()) or text == "昨天"
    assert "请写成 2023-06-30" in answer.content.decode() or text != "昨天"
    assert "on" not in who.session.get("frame", {})
    for page in FRAMED:
        assert who.get(reverse(page)).status_code == 200
    assert who.get(reverse("desk:home"), {"period": f"{text}/{text}"}).status_code == 200
    for name in ("day", "against"):
        assert who.get(reverse("statistics:structure"), {name: text}).status_code == 200
        assert who.get(reverse("statistics:structure-people"), {"subject": "cadres", name: text}).status_code == 200
    with pytest.raises(SystemExit):
        call_command("figures", "--period", "2023", "--on", text)
    assert "命令写得不对：--on" in capsys.readouterr().err


# Where a change leads


def test_a_change_may_not_lead_out_of_the_right_nor_pull_anything_in(own, holding, operator):
    root = PartyOrganization.objects.get(name="中共云溪县委员会")
    cadre = Cadre.objects.exclude(appointment__unit__organization=root).filter(appointment__unit__organization__isnull=False)[0]
    unit = cadre.appointment.unit
    own = unit.organization
    clerk, _ = holding(("office", own.code))
    meeting, row = Meeting.objects.visible_to(clerk).first(), Membership.objects.visible_to(clerk).first()
    foreign = PartyOrganization.objects.exclude(code__in=seen(clerk)).exclude(pk=root.pk).first()
    elsewhere = Unit.objects.exclude(pk__in=Unit.objects.visible_to(clerk)).exclude(organization=root).first()
    stranger = Person.objects.exclude(pk__in=Person.objects.visible_to(clerk)).first()
    by = {"by": clerk, "on": DAY}
    before = TrailEntry.objects.order_by("-number").first().number
    for act in (
        lambda: meetings.edit(**by, meeting=meeting, changes={"organization": foreign}),
        lambda: people.edit_membership(**by, membership=row, changes={"organization": foreign}),
        lambda: people.edit_membership(**by, membership=row, changes={"person": stranger}),
        lambda: organizations.edit_unit(**by, unit=unit, changes={"organization": foreign}),
        lambda: organizations.edit_unit(**by, unit=unit, changes={"organization": None}),
        lambda: cadres.edit(**by, cadre=cadre, changes={"unit": elsewhere}),
        lambda: organizations.move(**by, organization=own, parent=foreign),
    ):
        with pytest.raises(NotAllowed):
            act()
    since = TrailEntry.objects.filter(number__gt=before)
    assert set(since.values_list("verb", flat=True)) == {"base:not_allowed"}, "nothing but that it was refused"
    meeting = Meeting.objects.get(pk=meeting.pk)
    assert meeting.organization != foreign
    meetings.edit(**by, meeting=meeting, changes={"topic": "改过的主题"})
    meetings.edit(by=operator, on=DAY, meeting=meeting, changes={"organization": foreign})
    assert Meeting.objects.get(pk=meeting.pk).organization == foreign


# Names of values


def test_the_values_offered_are_those_of_rows_the_reader_sees(own, door):
    for figure, narrowed in (("cadres.reserve_used", ()), ("publicity.articles", {"period": "1950"})):
        offered = FIGURES[figure].facets.values()
        kept = {v for facet in offered if not facet.values for v in facet.known(FIGURES[figure].records())}
        kept -= {v for facet in offered for v in facet.synonyms}  # our own words are no secret
        for page in ("figure-facets", "figure"):
            where = reverse(f"statistics:{page}", args=[figure])
            every, clerk = (who.get(where, narrowed).content.decode() for who in (door("office"), door("branch", own.code)))
            assert any(value in every for value in kept) or page == "figure"
            assert not any(value in clerk for value in kept), (figure, page)


SECRET = "11010519491231002X"  # the sample number of GB 11643-1999; nobody's


@pytest.mark.parametrize(
    ("method", "page"),
    [
        ("get", f"/people/persons/?q={SECRET}"),
        ("get", f"/people/memberships/?organization={SECRET}"),
        ("post", f"/people/memberships/export/?organization={SECRET}"),
        ("post", f"/people/persons/export/?q=张 {SECRET}"),
        ("post", "/people/persons/export/?q=110105 19491231 002X"),
        ("post", f"/dues/export/?organization={SECRET}"),
        ("get", f"/search/?q={SECRET}"),
    ],
)
def test_a_resident_id_in_an_address_is_not_used_nor_kept(yunxi, door, method, page):
    who = door("office")
    before = TrailEntry.objects.count()
    answer = getattr(who, method)(page)
    assert (answer.status_code, answer.url) == (302, page.partition("?")[0])
    assert TrailEntry.objects.count() == before
    assert "证件号码和手机号不写进地址" in who.get("/search/").content.decode()


def test_a_code_of_an_organization_is_no_resident_id(yunxi, door):
    assert door("office").get("/search/?q=429901001002003").status_code == 302  # fifteen digits: an old number
    assert door("office").get("/search/?q=42990100100200").status_code == 200


def test_rows_on_paper_are_on_the_trail_as_rows_in_a_file_are(yunxi, door):
    page = door("office").get("/people/memberships/?print=1")
    entry = TrailEntry.objects.order_by("-number").first()
    assert entry.verb == "base:record_export"
    assert f'"rows": {page.content.decode().count("<tr>") - 1}' in entry.values
