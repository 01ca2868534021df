"""A clerk's Monday morning, in Chromium, in a demo home of its own: what to do, the figures, the map, the structure, the
regulations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.chromium import SIZES, WALKS, chromium, new_page, served, sign_in, sound

PAGES = (
    "/",
    "/?gaps=1",
    "/?print=1",
    "/dues/",
    "/reminders/",
    "/reminders/settings/",
    "/weekly/",
    "/weekly/?print=1",
    "/tasks/followups/",
    "/statistics/",
    "/statistics/meetings.held/",
    "/statistics/meetings.held/?kind=没有的会",
    "/statistics/meetings.joint_study_partners/",
    "/statistics/structure/",
    "/statistics/structure/?rows=age_band&columns=sex&against=2022-12-31",
    "/statistics/structure/people/?subject=cadres&sex=女",
    "/regulations/instruments/branch_2018/",
    "/regulations/standards/1/",
)
BETWEEN = (
    "/",
    "/statistics/",
    "/tasks/followups/",
)  # the frame is the same on every page: on a middling screen a few are enough
SAYS = "支部委员会会议每月召开一次"
pytestmark = WALKS


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Iterator:
    """A page of the demo county signed in as the clerk; what the browser complains about is kept."""
    with served(tmp_path_factory.mktemp("workbench-home"), demo=True) as (address, _), chromium() as browser:
        complaints: list[str] = []
        page = new_page(browser, address, complaints)
        page.complaints = complaints
        sign_in(page, "keshi")
        page.wait_for_url(f"{address}/")
        yield page


def number_in(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def test_from_what_is_due_to_the_people_behind_a_number(page):
    page.goto("/")
    assert page.locator("#today").is_visible()
    lines = page.locator(".due-lines tbody tr")
    assert lines.count() == 10
    assert lines.locator(".btn").count() == 10

    figure = page.locator(".figure-grid a", has_text="会议和活动")
    value = number_in(figure.locator(".figure-value").inner_text())
    figure.click()
    page.wait_for_url("**/statistics/meetings.held/**")
    assert number_in(page.locator(".value-number").inner_text()) == value
    assert number_in(page.locator(".total").inner_text()) == value
    page.click(".facet-list a:has-text('座谈会')")
    page.wait_for_load_state()
    assert page.locator(".chip").inner_text().startswith("活动类别")
    narrowed = number_in(page.locator(".value-number").inner_text())
    assert page.locator("table.rows tbody tr").count() == narrowed < value

    page.goto("/?gaps=1")
    square = page.locator(".square-missed a").first
    name = square.locator("xpath=ancestor::tr").locator(".row-link").inner_text()
    square.click()
    page.wait_for_url("**/dues/**")
    assert name in page.locator(".due-lines tbody").inner_text()
    assert "依据" in page.locator(".due-lines tbody").inner_text()

    page.click(".rail >> text=统计分析")
    page.click(".rail >> text=结构分析")
    page.wait_for_url("**/statistics/structure/**")
    assert page.locator(".chart svg").is_visible()
    cell = page.locator("table.cross tbody tr:first-child a").first
    people = number_in(cell.inner_text())
    cell.click()
    page.wait_for_url("**/structure/people/**")
    assert number_in(page.locator(".total").inner_text()) == people
    page.click("table.rows tbody tr:first-child a")
    page.wait_for_load_state()
    assert "/cadres/" in page.url
    assert page.complaints == []


def test_a_definition_is_unfolded_where_it_stands(page):
    page.goto("/statistics/")
    row = page.locator("tr", has=page.get_by_role("link", name="会议和活动", exact=True))
    row.locator("summary").click()
    row.locator(".facet-list a", has_text="业务大讲堂").click()
    page.wait_for_url("**/statistics/meetings.held/**")
    assert page.locator(".value-number").inner_text() == "30"


def test_two_days_are_compared_by_one_click(page):
    page.goto("/statistics/structure/?subject=members&rows=sex")
    page.click("text=上年末")
    page.wait_for_load_state()
    assert page.locator("table.cross thead").inner_text().split() == ["性别", "2023年6月30日", "2022年12月31日", "增减"]
    assert page.locator(".chart svg").count() == 1


def test_the_keyboard_reaches_the_first_thing_to_do(page):
    page.goto("/")
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.due-lines') !== null"):
            return
    raise AssertionError("the first line is not among the first stops")


@pytest.mark.parametrize(("path", "size"), [(p, s) for p in PAGES for s in SIZES if s != "middle" or p in BETWEEN])
def test_no_page_has_a_serious_fault(page, path, size):
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(path)
    page.wait_for_load_state("networkidle")
    for details in page.locator("details.basis, .catalogue details").all()[:3]:
        details.evaluate("one => { one.open = true }")
    sound(page, size)


def test_on_paper_states_need_no_colour(page):
    page.goto("/?print=1")
    page.emulate_media(media="print")
    grounds = page.eval_on_selector_all(
        ".map tbody td", "all => [...new Set(all.map(one => getComputedStyle(one).backgroundColor))]"
    )
    assert grounds == ["rgb(255, 255, 255)"]
    assert page.locator(".switch").first.is_hidden()
    assert page.locator(".map tbody tr").count() == 111
    assert "▲" in page.locator(".map .square-missed").first.inner_text()
    page.emulate_media(media="screen")
    assert urlsplit(page.url).query == "print=1"


def test_an_article_is_signed_and_named_where_it_is_used(page):
    page.goto("/regulations/?q=支部委员会会议")
    page.click("table.rows tbody a")
    clause = page.locator(".clause", has_text=SAYS)
    assert "条款待核" in clause.inner_text()
    clause.locator("a.btn").click()
    page.fill("#id_article", "第十二条")
    page.fill("#id_url", "https://www.12371.cn/")
    page.click("text=签注 >> nth=-1")
    assert "我读过原文" in page.locator(".error-summary").inner_text()  # not ticked: nothing kept, what was typed is there
    assert page.input_value("#id_article") == "第十二条"
    page.check("#id_text_read")
    page.click("form button.btn-primary")
    page.wait_for_url("**/regulations/instruments/branch_2018/")
    assert "已核" in page.locator(".clause", has_text=SAYS).inner_text()
    page.goto("/dues/?duty=支部委员会会议&state=已完成&state=已逾期&state=提醒")
    assert "《中国共产党支部工作条例（试行）》第十二条" in page.locator(".due-lines").inner_text()


def test_a_revision_is_tried_before_it_holds(page):
    page.goto("/regulations/standards/")
    row = page.locator("tbody tr", has_text="主题党日")
    row.locator("a.btn", has_text="拟修订").click()
    page.fill("#id_value", "2")
    page.fill("#id_since", "2027-01-01")
    page.click("form button.btn-primary")
    page.wait_for_url("**/regulations/standards/*/")
    assert "没有改动任何记录" in page.locator("main").inner_text()
    assert page.locator("table.rows tbody tr").count() == 50
    page.click("text=下一页")
    page.wait_for_load_state()
    assert "第 2 页" in page.locator(".pager").inner_text()
    page.click("button[name=decide]")
    page.wait_for_load_state()
    assert "有效" in page.locator(".page-head").inner_text()
    assert page.complaints == []


def test_from_a_reminder_to_the_words_on_the_task(page):
    page.goto("/reminders/")
    page.click("text=拿出初稿")
    page.wait_for_url("**/tasks/tasks/*/")
    page.click("text=记进展")
    page.fill("[name=words]", "初稿已经送部长看")
    page.click("main form button.btn-primary")
    page.wait_for_url("**/tasks/tasks/*/")
    assert page.locator(".timeline-change", has_text="初稿已经送部长看").is_visible()
