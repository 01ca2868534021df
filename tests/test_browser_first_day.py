"""The main job, in Chromium, from a house just opened to the Word file in hand: one walk, one browser, real files."""

from __future__ import annotations

from docx import Document

from conftest import ROOT, YUNXI
from tests.chromium import WALKS, accessible, chromium, first_day, served

HALF_YEAR = "?period=2023H1&on=2023-06-30"
pytestmark = WALKS


def test_from_the_first_page_to_the_report(tmp_path):
    home, complaints = tmp_path / "home", []
    home.mkdir()
    with served(home, demo=False) as (address, said), chromium() as browser:
        page = first_day(browser, address, said, complaints, walked=accessible)
        the_ledgers_go_in(page)
        what_is_due_leads_to_its_remedy(page)
        the_report_is_written(page)
        its_figures_open(page)
        its_paper_is_handed_over(page, tmp_path)
    assert complaints == []


def the_ledgers_go_in(page):
    accessible(page)
    page.goto("/first/")
    accessible(page)
    page.click("main a:has-text('导入台账')")
    page.set_input_files("[data-files]", sorted(p for p in YUNXI.iterdir() if p.suffix != ".json"))
    page.click("[data-drop-button]")
    page.click("button:has-text('写入 4,410 行')", timeout=60_000)
    page.wait_for_selector("text=已写入：新增 4410 行", timeout=60_000)
    page.click("main >> text=看工作台")


def what_is_due_leads_to_its_remedy(page):
    page.goto(f"/{HALF_YEAR}")
    page.wait_for_selector("text=已逾期 37 件，提醒 20 件，临近 16 件")
    line = page.locator(".due-lines tbody tr", has_text="主题党日").first
    branch = line.locator("a").first.inner_text()
    line.locator("a.btn").click()
    page.wait_for_load_state()
    assert page.locator(f"main >> text={branch}").count() or branch in page.content()
    accessible(page)


def the_report_is_written(page):
    page.goto("/reports/adopt/")
    page.set_input_files("#id_file", ROOT / "examples/2023H1-work-report.txt")
    page.click("main form button.btn-primary")
    page.wait_for_selector("article .fig")
    page.select_option("#write-period", "2023H1")
    page.click("text=写这一期的报告")
    page.wait_for_selector("text=报送前要看的地方")
    assert page.inner_text("h1") == "中共云溪县委组织部2023年上半年工作总结"


def its_figures_open(page):
    page.click("#slot-2")
    page.wait_for_selector('#side[data-slot="2"]')
    page.locator("#side .lines a").first.click()
    page.wait_for_load_state()
    assert "/talents/" in page.url
    page.go_back()


def its_paper_is_handed_over(page, tmp_path):
    with page.expect_download() as coming:
        page.click("text=下载 Word")
    coming.value.save_as(tmp_path / "report.docx")
    assert "引进急需紧缺人才18名" in "".join(p.text for p in Document(str(tmp_path / "report.docx")).paragraphs)
