"""Actions, the trail, sealing, periods, facets: what every office stands on."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from conftest import IMPORT_DAY
from zugong.base import department, sealing, trail
from zugong.base.access import Permission
from zugong.base.actions import action, amend, create, entry
from zugong.base.facets import Unresolved, plain, resolve
from zugong.base.models import Setting, TrailEntry, User
from zugong.base.periods import BadPeriod, Frame, Period
from zugong.base.rules import NotAllowed, Refused, Source, Standing, add_months, age_on
from zugong.base.trail import faults

DAY = IMPORT_DAY


@action(Permission.SETTINGS_CHANGE)
def tell_then_fail(*, by: User, on: date) -> None:
    """Write something, then refuse."""
    create(Setting(name="place", value="云溪县"))
    raise Refused("不行")


def test_an_action_that_refuses_leaves_nothing(operator):
    entries = TrailEntry.objects.count()
    with pytest.raises(Refused):
        tell_then_fail(by=operator, on=DAY)
    assert not Setting.objects.filter(name="place").exists()
    assert TrailEntry.objects.count() == entries


def test_an_action_needs_its_right(account):
    auditor = account("auditor")
    with pytest.raises(NotAllowed, match="没有办理此事的权限"):
        department.settle(by=auditor, on=DAY, values={"place": "云溪县"})


def test_an_action_must_be_keyword_only():
    with pytest.raises(TypeError):
        action(Permission.SETTINGS_CHANGE)(lambda by, on: None)


def test_a_change_is_on_the_trail_with_old_and_new(operator):
    department.settle(by=operator, on=DAY, values={"place": "云溪县"})
    department.settle(by=operator, on=DAY, values={"place": "云溪区"})
    last = TrailEntry.objects.order_by("-number").first()
    assert last.verb == "base:settle"
    assert last.account == "local"
    assert "云溪县" in last.values
    assert "云溪区" in last.values
    assert faults() == []


@pytest.mark.parametrize("column", ["values", "verb", "account", "at", "number", "previous", "mark", "via"])
def test_an_edited_entry_is_found(operator, column):
    for place in ("甲县", "乙县", "丙县"):
        department.settle(by=operator, on=DAY, values={"place": place})
    middle = TrailEntry.objects.order_by("-number")[1]
    wrong = {"number": 10_000, "at": "2001-01-01 00:00:00+00:00"}.get(column, "x")
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE base_trailentry SET "{column}" = %s WHERE id = %s', [wrong, middle.pk])
    assert faults()


def test_a_deleted_entry_is_found_also_the_last(operator):
    for place in ("甲县", "乙县"):
        department.settle(by=operator, on=DAY, values={"place": place})
    TrailEntry.objects.order_by("-number").first().delete()
    assert faults()


def test_somebody_elses_change_in_between_is_not_overwritten(operator):
    department.settle(by=operator, on=DAY, values={"place": "甲县"})
    mine, theirs = Setting.objects.get(name="place"), Setting.objects.get(name="place")

    @action(Permission.SETTINGS_CHANGE)
    def change(*, by, on, record, value):
        """Change one setting."""
        amend(record, value=value)

    change(by=operator, on=DAY, record=theirs, value="乙县")
    with pytest.raises(Refused, match="刚被别人改过"):
        change(by=operator, on=DAY, record=mine, value="丙县")


def test_what_is_no_action_is_noted_with_its_channel(operator):
    with trail.coming_by(trail.PAGES):
        department.settle(by=operator, on=DAY, values={"place": "甲县"})
        trail.note("base:fail_login", account="nobody", on=DAY, subject="x", reason="没有这个账号")
    trail.note("base:fail_login", account="nobody", on=DAY, via=trail.COMMANDS)
    *_, changed, failed, last = TrailEntry.objects.order_by("number")
    assert (changed.via, failed.via, last.via) == (trail.PAGES, trail.PAGES, trail.COMMANDS)
    assert (failed.verb, failed.account, failed.subject) == ("base:fail_login", "nobody", "x")
    assert "没有这个账号" in failed.values
    assert faults() == []


def test_entry_is_there_only_inside_an_action():
    with pytest.raises(RuntimeError):
        entry()


@given(st.text(max_size=80), st.sampled_from(["people.person.phone", "x.y.z"]))
def test_what_is_sealed_comes_back_and_only_as_its_own_field(text, field):
    hidden = sealing.sealed(text, field)
    assert sealing.unsealed(hidden, field) == text
    assert len(text) < 4 or text not in hidden
    with pytest.raises(sealing.BadSeal):
        sealing.unsealed(hidden, field + "2")
    assert sealing.sealed(text, field) != hidden


def test_the_blind_index_is_steady_and_belongs_to_its_field():
    assert sealing.index("a", "f") == sealing.index("a", "f")
    assert sealing.index("a", "f") != sealing.index("a", "g")
    assert sealing.index("a", "f") != sealing.index("b", "f")


def test_sm3_is_the_standards():
    assert sealing.digest(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


PERIODS = st.one_of(
    st.builds(lambda y: f"{y}", st.integers(1950, 2100)),
    st.builds(lambda y, h: f"{y}H{h}", st.integers(1950, 2100), st.integers(1, 2)),
    st.builds(lambda y, q: f"{y}Q{q}", st.integers(1950, 2100), st.integers(1, 4)),
    st.builds(lambda y, m: f"{y}-{m:02d}", st.integers(1950, 2100), st.integers(1, 12)),
    st.builds(
        lambda a, n: f"{a}/{date.fromordinal(a.toordinal() + n)}",
        st.dates(date(1950, 1, 2), date(2090, 1, 1)),
        st.integers(0, 400),
    ),
)


@given(PERIODS)
def test_a_period_is_read_and_written(text):
    period = Period.parse(text)
    assert Period.parse(period.code) == period
    assert period.previous().last < period.first
    assert period.next().first > period.last
    assert (period.first - period.previous().last).days == 1
    if period.months_long:
        assert period.previous().next() == period


@pytest.mark.parametrize(
    "text", ["", "2023H3", "2023Q5", "2023-13", "23H1", "2023-06-31/2023-07-01", "2023-07-01/2023-06-01", "上半年"]
)
def test_a_period_that_makes_no_sense_is_refused_in_words(text):
    with pytest.raises(BadPeriod, match=r"[一-鿿]"):
        Period.parse(text)


def test_a_running_period_is_seen_from_the_day():
    frame = Frame.of(Period.parse("2023H1"), date(2023, 3, 5))
    assert frame.day == date(2023, 3, 5)
    assert frame.days == (date(2023, 1, 1), date(2023, 3, 5))
    assert Frame.of(Period.parse("2023H1"), date(2026, 1, 1)).day == date(2023, 6, 30)


@given(st.dates(date(1950, 1, 1), date(2050, 1, 1)), st.integers(-60, 60))
def test_months_keep_the_day_or_the_months_end(day, months):
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (
        moved.day < day.day and add_months(moved.replace(day=1), 1).toordinal() - 1 == moved.toordinal()
    )


@given(st.dates(date(1930, 1, 1), date(2005, 1, 1)), st.dates(date(2006, 1, 1), date(2050, 1, 1)))
def test_age_is_in_completed_years(birth, day):
    age = age_on(birth, day)
    assert (
        (birth.year + age, birth.month, birth.day)
        <= (day.year, day.month, day.day)
        < (birth.year + age + 1, birth.month, birth.day)
    )


WAYS = ["公开招聘", "公开招录", "人才引进", "定向培养"]
KINDS = ["专项培训", "个性化培训", "网络培训", "主体班"]


@pytest.mark.parametrize(
    ("words", "values", "found"),
    [
        ("公开招录招聘", WAYS, ["公开招录", "公开招聘"]),
        ("专项培训等个性化培训", KINDS, ["个性化培训", "专项培训"]),
        ("急需紧缺", ["急需紧缺人才", "乡村振兴人才"], ["急需紧缺人才"]),
        ("人才工作座谈会", ["座谈会", "党课"], ["座谈会"]),
        ("联学共建主题党日", ["主题党日", "联学共建主题党日"], ["联学共建主题党日"]),
        ("“主题党日”", ["主题党日", "联学共建主题党日"], ["主题党日"]),
    ],
)
def test_words_find_their_values(words, values, found):
    assert sorted(resolve(words, values, {})) == sorted(found)


@pytest.mark.parametrize("words", ["培训", "擂台赛", ""])
def test_words_that_name_nothing_for_certain_stay_open(words):
    with pytest.raises(Unresolved):
        resolve(words, KINDS, {})


@given(st.sampled_from(KINDS), st.text(" “”《》", max_size=3))
def test_marks_and_spaces_do_not_matter(value, marks):
    assert resolve(marks.join(value), KINDS, {}) == [value]
    assert plain(marks.join(value)) == value


def test_an_unverified_article_is_not_printed():
    assert Source("中国共产党支部工作条例（试行）", "第十一条").cite() == "《中国共产党支部工作条例（试行）》（条款待核）"
    assert Source("公务员法", "第六十九条", Standing.VERIFIED).cite() == "《公务员法》第六十九条"
