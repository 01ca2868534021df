"""Walking through the pages in Chromium: a house in a home of its own, a browser, and what every page must hold."""

from __future__ import annotations

import base64
import fcntl
import hmac
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from conftest import ROOT

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
AXE = ROOT / "front-end/node_modules/axe-core/axe.min.js"
ZUGONG = Path(sys.executable).with_name("zugong")
DEMO_PASSWORD = "Zugong-demo-2023"
OWN_PASSWORD = "Qingshan-Lushui-9"
SIZES = {"wide": (1440, 900), "middle": (1024, 768), "phone": (390, 844)}
WALKS = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here"),
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed (npm ci in front-end)"),
]


@contextmanager
def served(home: Path, *, demo: bool) -> Iterator[tuple[str, str]]:
    """A house in that home, served by a process of its own: its address, and what it said when it opened."""
    env = {name: value for name, value in os.environ.items() if name != "ZUGONG_DATABASE_URL"} | {"ZUGONG_HOME": str(home)}
    if demo:
        shutil.copytree(_demo(), home, dirs_exist_ok=True)
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    with (home / "said.txt").open("w+") as said:
        process = subprocess.Popen([ZUGONG, "serve", "--port", str(port)], env=env, stdout=said, stderr=subprocess.STDOUT)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, process)
            yield address, (home / "said.txt").read_text("utf-8")
        finally:
            process.terminate()
            process.wait(20)


def _demo() -> Path:
    """The home of the demo, made once in a run of the tests."""
    shared = Path(os.environ["ZUGONG_HOME"]).parent / "made-ready" / "demo"
    shared.mkdir(parents=True, exist_ok=True)
    with (shared / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "done").exists():
            env = {name: value for name, value in os.environ.items() if name != "ZUGONG_DATABASE_URL"}
            env["ZUGONG_HOME"] = str(shared / "home")
            subprocess.run([ZUGONG, "demo", "--no-serve"], env=env, check=True, capture_output=True, timeout=300)
            (shared / "done").touch()
    return shared / "home"


def _wait_for(address: str, process: subprocess.Popen) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/health/", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the house did not open")


@contextmanager
def chromium() -> Iterator:
    """A browser."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


def new_page(browser, address: str, complaints: list[str]):
    """A page with nobody signed in; errors on its console and requests to other hosts are kept in `complaints`."""
    page = browser.new_context(base_url=address, locale="zh-CN", viewport={"width": 1440, "height": 900}).new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith((address, "blob:")) else complaints.append(asked.url))
    return page


def sign_in(page, account: str, password: str = DEMO_PASSWORD) -> None:
    """Sign in on the login page."""
    page.goto("/login/")
    page.fill("[name=username]", account)
    page.fill("[name=password]", password)
    page.click("button.btn-primary")
    page.wait_for_load_state()


def set_up_factor(page) -> str:
    """Set up the authenticator the page asks for; gives its key."""
    key = page.inner_text(".one-time-key").replace(" ", "")
    page.fill("[name=code]", code_of(key))
    page.click("main button.btn-primary")
    page.wait_for_load_state()
    page.click("main a.btn-primary")
    page.wait_for_load_state()
    return key


def code_of(key: str) -> str:
    """What an authenticator with that key shows now (RFC 6238)."""
    said = hmac.digest(base64.b32decode(key), struct.pack(">Q", int(time.time()) // 30), "sha1")
    at = said[-1] & 15
    return f"{(int.from_bytes(said[at : at + 4], 'big') & 0x7FFFFFFF) % 10**6:06d}"


def first_day(browser, address: str, said: str, complaints: list[str], *, walked=lambda page: None):
    """From what a new house printed to a clerk at work: three administrators with their own passwords, one names the
    department, one opens the clerk's account, one agrees. `walked` looks at each page on the way. Gives the clerk's page."""
    once = dict(re.findall(r"账号：(\S+)　一次性密码：(\S+)", said))
    assert sorted(once) == ["anquan", "shenji", "xitong"]
    system, security, auditor, clerk = (new_page(browser, address, complaints) for _ in range(4))
    for page, account in ((system, "xitong"), (security, "anquan"), (auditor, "shenji")):
        first_sign_in(page, account, once[account])
        assert page.inner_text("h1") == "开始使用"
        walked(page)
    system.fill("[name=department]", "中共云溪县委组织部")
    system.click("main form button.btn-primary")
    system.wait_for_load_state()
    assert "中共云溪县委组织部" in system.inner_text(".rail")
    security.click("main >> text=开通账号")
    security.fill("[name=username]", "keyuan")
    security.fill("[name=name]", "李科员")
    security.select_option("[name=role]", "office")
    security.fill("[name=reason]", "组织科科员")
    walked(security)
    security.click("main form button.btn-primary")
    password = security.inner_text(".one-time").strip()
    assert "要第二人同意" in security.inner_text("main")
    system.goto("/system/grants/waiting/")
    walked(system)
    system.click("button[name=agree]")
    system.wait_for_selector("text=已同意，授权生效")
    first_sign_in(clerk, "keyuan", password)
    return clerk


def first_sign_in(page, account: str, once: str) -> None:
    """Sign in by a one-time password, set up the authenticator where the role asks for one, choose a password of one's own."""
    sign_in(page, account, once)
    if page.locator(".one-time-key").count():
        set_up_factor(page)
    for name, value in (("old", once), ("new", OWN_PASSWORD), ("again", OWN_PASSWORD)):
        page.fill(f"[name={name}]", value)
    page.click("main button.btn-primary")
    page.wait_for_load_state()


def sound(page, size: str) -> None:
    """No serious finding by axe and nothing wider than the screen, at that size."""
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    serious = [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]
    assert serious == [], (page.url, size)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (page.url, size)
    page.set_viewport_size(dict(zip(("width", "height"), SIZES["wide"], strict=True)))


def accessible(page) -> None:
    """Sound on a wide screen and on a phone."""
    for size in ("wide", "phone"):
        sound(page, size)
