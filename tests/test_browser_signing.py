"""Coming in, in Chromium: each page on the way is sound on a wide screen and on a phone."""

from __future__ import annotations

import re

from tests.chromium import OWN_PASSWORD, WALKS, accessible, chromium, code_of, new_page, served, sign_in

pytestmark = WALKS


def test_from_the_one_time_password_to_ones_own_account_and_back_by_a_recovery_code(tmp_path):
    home, complaints = tmp_path / "home", []
    home.mkdir()
    with served(home, demo=False) as (address, said), chromium() as browser:
        once = dict(re.findall(r"账号：(\S+)　一次性密码：(\S+)", said))["anquan"]
        page = new_page(browser, address, complaints)
        sign_in(page, "anquan", "wrong")
        assert "账号或密码不对" in page.inner_text("main")
        accessible(page)
        sign_in(page, "anquan", once)
        assert page.locator("img.qr").evaluate("picture => picture.complete && picture.naturalWidth > 50"), (
            "the CSP lets it be seen"
        )
        accessible(page)
        send(page, code=code_of(page.inner_text(".one-time-key").replace(" ", "")))
        codes = page.locator(".recovery-codes code").all_inner_texts()
        accessible(page)
        page.click("main a.btn-primary")
        page.wait_for_load_state()
        accessible(page)
        send(page, old=once, new=OWN_PASSWORD, again=OWN_PASSWORD)
        page.goto("/account/")
        accessible(page)
        again = new_page(browser, address, complaints)
        sign_in(again, "anquan", OWN_PASSWORD)
        accessible(again)
        send(again, code=codes[0])
        assert "还剩 9 个" in again.inner_text("main")
        page.reload()
        page.click("text=结束别处的全部登录")
        page.wait_for_load_state()
        again.goto("/account/")
        assert again.inner_text("h1") == "登录"
    assert complaints == []


def send(page, **values: str) -> None:
    """Fill in a form and send it."""
    for name, value in values.items():
        page.fill(f"main [name={name}]", value)
    page.click("main button.btn-primary")
    page.wait_for_load_state()
