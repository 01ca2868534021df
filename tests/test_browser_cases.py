"""A finding taken through its procedure in Chromium, in a demo home of its own: opened, refused by name, done, seen as late."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.chromium import WALKS, chromium, new_page, served, sign_in, sound

pytestmark = WALKS
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Iterator:
    """A page of the demo county signed in as the clerk; what the browser complains about is kept."""
    with served(tmp_path_factory.mktemp("cases-home"), demo=True) as (address, _), chromium() as browser:
        complaints: list[str] = []
        page = new_page(browser, address, complaints)
        page.complaints = complaints
        sign_in(page, "keshi")
        yield page


def test_from_a_finding_to_its_next_step_and_from_the_data_to_a_problem(page):
    page.set_viewport_size(WIDE)
    page.goto("/supervision/findings/?state=超期")
    page.locator("tbody .pick input").last.check()
    page.click("button:has-text('开启程序')")
    page.click("button:has-text('开启这 1 件')")
    page.wait_for_url("**/tasks/cases/**")
    assert "下一步：交办" in page.inner_text("main")
    page.fill("[name=day]", "2023-01-03")
    page.click("button:has-text('办完“交办”')")
    assert "时间不能倒着走" in page.inner_text(".error-summary")
    page.goto(page.url)
    page.fill("[name=paper]", "云组督〔2026〕3号")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=下一步：整改")
    page.click("text=看记录")
    assert "云组督〔2026〕3号" in page.inner_text("main")
    page.click("text=办下一步：整改")
    for size, name in ((PHONE, "phone"), (WIDE, "wide")):
        page.set_viewport_size(size)
        sound(page, name)
    page.goto("/supervision/problems/")
    assert page.locator("table.rows tbody tr").count() >= 5
    page.click("text=从数据看问题")
    page.click("main .form-card a >> nth=0")
    assert "依据" in page.inner_text("main")
    sound(page, "wide")
    assert page.complaints == []
