"""A clerk's first day with the intake, in Chromium, in a home of its own: files in, looked at, written, taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from conftest import ROOT, YUNXI, ledgers
from tests.chromium import WALKS, accessible, chromium, first_day, served, sync_api

BATCH = re.compile(r"/intake/\d+/$")
RUNNING = re.compile(r"/intake/running/")
pytestmark = WALKS


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Iterator:
    """A house just opened, and a browser signed in as its clerk."""
    with served(tmp_path_factory.mktemp("intake-home"), demo=False) as (address, said), chromium() as browser:
        yield first_day(browser, address, said, [])


def drop(page, *paths: Path) -> None:
    """Drop files onto the page, as from a folder beside it."""
    files = [{"name": path.name, "body": list(path.read_bytes())} for path in paths]
    held = page.evaluate_handle(
        """files => { const held = new DataTransfer();
           for (const one of files) held.items.add(new File([new Uint8Array(one.body)], one.name, {lastModified: 1}));
           return held; }""",
        files,
    )
    page.dispatch_event("[data-drop-zone]", "dragover", {"dataTransfer": held})
    page.dispatch_event("[data-drop-zone]", "drop", {"dataTransfer": held})


def an_empty_house_says_what_to_do(page):
    page.goto("/intake/")
    assert page.locator("text=还没有收过台账").is_visible()
    accessible(page)


def files_are_dropped_read_and_shown(page):
    paths = [one.path for one in ledgers()]
    drop(page, *paths[:3], ROOT / "README.md")
    assert "没有放进来：README.md" in page.locator("[data-drop-fault]").inner_text()
    drop(page, *paths)  # the three are not taken twice
    button = page.locator("[data-drop-button]")
    assert button.inner_text() == "读入 19 个文件"
    page.locator("[data-chosen] button").first.press("Enter")
    assert button.inner_text() == "读入 18 个文件"
    drop(page, paths[0])
    button.click()
    page.wait_for_url(BATCH, timeout=60_000)
    assert page.locator("text=写入 4,410 行").first.is_visible()
    assert page.locator("text=I323").is_visible()
    accessible(page)


def rows_are_looked_at_by_state(page):
    overview = page.url
    page.click("a.row-link:has-text('02党员花名册')")
    assert page.locator("[aria-current=page]:has-text('退回 4')").is_visible(), "what is wrong comes first"
    accessible(page)
    page.click("text=新增 1,654")
    sync_api.expect(page.locator("tbody tr")).to_have_count(50)
    page.click("text=下一页")
    page.wait_for_url("**after=**")
    sync_api.expect(page.locator("tbody tr")).to_have_count(50)
    accessible(page)
    page.click("text=退回 4")
    sync_api.expect(page.locator("tbody .state-late")).to_have_count(4)
    page.click("text=第 856 行")
    accessible(page)
    page.goto(overview)


def the_batch_is_written_and_the_refused_rows_go_back(page, tmp_path):
    page.click("button:has-text('写入 4,410 行')")
    page.wait_for_url(BATCH, timeout=60_000)
    assert page.locator("text=已写入：新增 4410 行，变更 0 行，相同 0 行，退回 6 行。").is_visible()
    with page.expect_download() as coming:
        page.click("button:has-text('下载 02党员花名册-退回.xlsx')")
    assert coming.value.suggested_filename == "02党员花名册-退回.xlsx"
    coming.value.save_as(tmp_path / "退回.xlsx")
    assert "请" in load_workbook(tmp_path / "退回.xlsx").active["I323"].comment.text
    accessible(page)


def a_mended_file_takes_just_the_mended_row(page, tmp_path):
    book = load_workbook(YUNXI / "02党员花名册.xlsx")
    book.active["I323"] = "2013年7月1日"
    book.save(tmp_path / "改好.xlsx")
    written = page.url
    page.goto("/intake/")
    page.set_input_files("[data-files]", tmp_path / "改好.xlsx")
    page.click("[data-drop-button]")
    page.wait_for_url(BATCH, timeout=60_000)
    assert page.locator("button:has-text('写入 1 行')").is_visible()
    page.goto(written)


def the_batch_is_taken_back_after_a_question(page):
    page.click("text=整批撤销")
    assert page.locator("text=人员：新增的 1,816 条删去").is_visible()
    accessible(page)
    page.click("button:has-text('撤销这一批')")
    page.wait_for_url(BATCH, timeout=60_000)
    assert page.locator("text=数据回到写入之前").is_visible()
    accessible(page)


def test_a_clerk_takes_the_ledgers_in_and_back(page, tmp_path):
    an_empty_house_says_what_to_do(page)
    files_are_dropped_read_and_shown(page)
    rows_are_looked_at_by_state(page)
    the_batch_is_written_and_the_refused_rows_go_back(page, tmp_path)
    a_mended_file_takes_just_the_mended_row(page, tmp_path)
    the_batch_is_taken_back_after_a_question(page)


def test_long_reading_shows_how_far_it_is_and_can_be_left(page, tmp_path):
    lines = [f"任务{n},组织科,2023-09-{n % 28 + 1:02}" for n in range(90_000)]
    (tmp_path / "长清单.csv").write_text("\n".join(["重点任务,牵头科室,完成时限", *lines]), "utf-8")
    page.goto("/intake/")
    page.set_input_files("[data-files]", tmp_path / "长清单.csv")
    page.click("[data-drop-button]")
    page.wait_for_url(RUNNING, timeout=60_000)
    progress = page.url
    assert page.locator("progress").is_visible()
    page.goto("/intake/")
    assert page.locator("text=看进度").is_visible()
    page.goto(progress)
    page.wait_for_url(BATCH, timeout=120_000)
    assert page.locator("text=写入 90,000 行").first.is_visible()


def test_a_file_nobody_knows_and_work_that_is_gone(page, tmp_path):
    (tmp_path / "菜单.csv").write_text("菜名,价格\n豆腐,3\n", "utf-8")
    page.goto("/intake/")
    page.set_input_files("[data-files]", tmp_path / "菜单.csv")
    page.click("[data-drop-button]")
    page.wait_for_url(RUNNING, timeout=60_000)
    assert page.locator("text=里没有认得出的台账").is_visible()
    accessible(page)
    page.goto("/intake/running/no-such/")
    assert page.locator("text=没有写到一半的数据").is_visible()
    accessible(page)
