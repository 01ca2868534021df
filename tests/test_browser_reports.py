"""The report in Chromium, in the demo's home: a text taken in, confirmed by keyboard, written, proven, handed out, signed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from docx import Document

from conftest import ROOT
from tests import chromium
from tests.chromium import WALKS, accessible

SEED = ROOT / "examples/2023H1-work-report.txt"
OPEN_TEXT = "2022年上半年，办理人才服务事项12件，走访调研30次，×××同志获评优秀。"
pytestmark = WALKS


@pytest.fixture(scope="module")
def sign_in(tmp_path_factory) -> Iterator:
    """Sign in by an account of the demo; what the pages complain about fails the test."""
    complaints: list[str] = []
    home = tmp_path_factory.mktemp("reports-home")
    with chromium.served(home, demo=True) as (address, _), chromium.chromium() as browser:

        def enter(account: str):
            page = chromium.new_page(browser, address, complaints)
            chromium.sign_in(page, account)
            return page

        yield enter
    assert complaints == []


def shown_slot(page, number: int | str) -> None:
    """Wait until the panel shows that slot, ready for the next step."""
    page.wait_for_selector(f'#side[data-slot="{number}"]')
    page.wait_for_selector(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added", state="detached")


def test_from_last_periods_text_to_the_report_that_left_the_house(sign_in, tmp_path):
    page = sign_in("keshi")
    page.goto("/reports/")
    accessible(page)
    page.click("text=收一份底稿")
    accessible(page)
    page.set_input_files("#id_file", SEED)
    page.click("main form button.btn-primary")
    page.wait_for_selector("article .fig")
    assert page.locator("article .t .fig[data-slot]").count() == 11
    accessible(page)
    decide(page)
    page.select_option("#write-period", "2023H1")
    page.click("text=写这一期的报告")
    page.wait_for_selector("text=报送前要看的地方")
    accessible(page)
    prove(page)
    with page.expect_download() as coming:
        page.click("text=下载 Word")
    assert coming.value.suggested_filename == "中共云溪县委组织部2023年上半年工作总结（内部版）.docx"
    coming.value.save_as(tmp_path / "report.docx")
    assert "引进急需紧缺人才18名" in "".join(p.text for p in Document(str(tmp_path / "report.docx")).paragraphs)
    submit(sign_in("buzhang"), page.url.partition("?")[0])


def decide(page) -> None:
    """Confirm the slots by keyboard; choose another figure for one."""
    page.locator("article .t .fig").first.click()
    shown_slot(page, 1)
    accessible(page)
    page.keyboard.press("ArrowRight")
    shown_slot(page, 2)
    page.keyboard.press("ArrowLeft")
    shown_slot(page, 1)
    page.focus("#accept")
    for number in range(2, 6):
        page.keyboard.press("Enter")
        shown_slot(page, number)
    assert page.locator("article .fig-done >> visible=true").count() >= 4
    assert page.locator("#slot-5[aria-current]").count() == 1
    page.click("text=接得不对，换一个")
    page.fill("#find", "培训")
    page.wait_for_selector("#found >> text=名称或别名里有“培训”")
    page.click("#found >> text=培训班次")
    page.wait_for_selector(".change-to >> text=培训班次")
    accessible(page)
    page.click("text=保存，看下一处")
    shown_slot(page, 6)
    page.focus("#accept")
    for number in (7, 8, 9, 10, 11, ""):
        page.keyboard.press("Enter")
        shown_slot(page, number)
    assert "都已确认" in page.inner_text("#side")


def prove(page) -> None:
    """Click a figure; its definition, the period before and its rows stand beside the text."""
    page.click("#slot-2")
    shown_slot(page, 2)
    side = page.inner_text("#side")
    assert all(words in side for words in ("期间内引进的人", "上一期", "18 行"))
    assert page.locator("#side .lines a").count() == 18
    assert page.evaluate("getComputedStyle(document.querySelector('#slot-2')).color") == "rgb(255, 255, 255)"
    accessible(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    page.wait_for_timeout(1500)  # the page scrolls smoothly
    assert 0 < page.evaluate("document.querySelector('#slot-2').getBoundingClientRect().bottom") < 844 * 0.42
    page.set_viewport_size({"width": 1440, "height": 900})


def submit(page, address: str) -> None:
    """The head reads what will be frozen, and submits."""
    page.goto(address)
    page.click("main a.btn-primary")
    page.wait_for_selector("text=一起定格")
    accessible(page)
    page.click("main form button.btn-primary")
    page.wait_for_selector("text=文字和数都已定格")
    assert page.locator("article .t .fig[data-slot]").count() == 11
    accessible(page)
    page.goto(f"{address}?rendition=public")
    assert page.locator(".fig").count() == 0
    accessible(page)


def test_what_is_open_keeps_the_report_in_the_house(sign_in):
    page = sign_in("buzhang")
    page.goto("/reports/adopt/")
    page.click("main form button.btn-primary")
    page.wait_for_selector("text=请选一个文件")
    accessible(page)
    page.fill("#id_pasted", OPEN_TEXT)
    page.click("main form button.btn-primary")
    page.click("text=写这一期的报告")
    page.wait_for_selector("text=2 处没有着落")
    accessible(page)
    address = page.url
    page.goto(f"{address}submit/")
    accessible(page)
    assert page.locator("text=还有 2 处没有着落，不能报送").count() == 1
    page.goto(f"{address}?slot=1")
    page.click("text=手填一个数")
    page.fill("#id_value", "83")
    page.click("text=用这个数")
    page.wait_for_selector("text=“理由”还没有填")
    accessible(page)
    page.click("#slot-2")  # the error page leads on as the report's own page does
    shown_slot(page, 2)
    page.click("#turn-before")
    shown_slot(page, 1)
    page.click("text=手填一个数")
    page.fill("#id_value", "83")
    page.fill("#id_reason", "人才科电话核实")
    page.click("text=用这个数")
    page.wait_for_selector(".fig-typed#slot-1")
    accessible(page)
