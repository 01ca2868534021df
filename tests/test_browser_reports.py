"""The report in Chromium, in the demo's home: a text taken in, confirmed by keyboard, written, proven, handed out, signed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document

from conftest import ROOT

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
AXE = ROOT / "front-end/node_modules/axe-core/axe.min.js"
ZUGONG = Path(sys.executable).with_name("zugong")
PASSWORD = "Zugong-demo-2023"
SEED = ROOT / "examples/2023H1-work-report.txt"
SIZES = {"wide": (1440, 900), "phone": (390, 844)}
OPEN_TEXT = "2022年上半年，办理人才服务事项12件，走访调研30次，×××同志获评优秀。"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here"),
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed (npm ci in front-end)"),
]


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[str]:
    """The demo county, served by a process of its own: its address."""
    home = tmp_path_factory.mktemp("reports-home")
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if name != "ZUGONG_DATABASE_URL"} | {"ZUGONG_HOME": str(home)}
    subprocess.run([ZUGONG, "demo", "--no-serve"], env=env, check=True, capture_output=True, timeout=300)
    said = (home / "said.txt").open("w+")
    process = subprocess.Popen([ZUGONG, "serve", "--port", str(port)], env=env, stdout=said, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(20)
        said.close()


def wait_for(address: str, process: subprocess.Popen) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/health/", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the house did not open")


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM)
        yield started
        started.close()


@pytest.fixture(scope="module")
def sign_in(house, browser):
    """Sign in by an account of the demo; what the pages complain about on the console fails the test."""
    complaints: list[str] = []

    def enter(account: str):
        context = browser.new_context(base_url=house, locale="zh-CN", viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto("/login/")
        page.fill("[name=username]", account)
        page.fill("[name=password]", PASSWORD)
        page.click("button.btn-primary")
        page.wait_for_load_state()
        return page

    yield enter
    assert complaints == []


def accessible(page) -> None:
    """No serious finding by axe, nothing wider than the screen, wide and on a phone."""
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
        serious = [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]
        assert serious == [], (page.url, name)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (page.url, name)
    page.set_viewport_size(dict(zip(("width", "height"), SIZES["wide"], strict=True)))


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
    assert page.locator("article .t .fig").count() == 11
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
    assert page.locator("article .t .fig").count() == 11
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
