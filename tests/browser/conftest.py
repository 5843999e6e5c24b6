"""A register as `make run` starts it, with the demo book, and a browser that keeps what it saw and asked for."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from registry.management.demo import LOGINS
from tests.contract.contract import operations

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / "build" / "browser"
# The year 2026 has ended: its reports may be written.
NOW = "2027-02-01T09:00:00Z"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# The page has begun, and no part of it waits.
DRAWN = """() => document.querySelector('#page section, #page h1:not(.visually-hidden)')
    && !document.querySelector('[aria-busy]')"""
PASSWORDS = {login.email: login.password for login in LOGINS}


@pytest.fixture(autouse=True)
def _fixed_clock() -> None:
    """A browser and a server live in real time."""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the register keeps its data, its mails among them."""
    return tmp_path_factory.mktemp("register")


@pytest.fixture(scope="session")
def url(folder: Path) -> Iterator[str]:
    """The address of the running register."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {"PATH": os.environ["PATH"], "HOME": str(folder), "DATA_DIR": str(folder), "PORT": str(port)}
    run = [sys.executable, "manage.py", "run"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(run, cwd=ROOT, env={**own, "REGISTRY_NOW": NOW}, stdout=log, stderr=log)
        try:
            address = f"http://localhost:{port}"
            _wait(f"{address}/healthz/live", server)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    last = time.monotonic() + 180
    while time.monotonic() < last and server.poll() is None:
        with suppress(OSError), urllib.request.urlopen(address, timeout=2):
            return
        time.sleep(0.3)
    raise RuntimeError("The register did not start.")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's own browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


class Reader:
    """One person at one screen. Notes requests and complaints of the browser."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context, self.url = context, url
        self.page: Page = context.new_page()
        self.asked: list[tuple[str, str]] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append((request.method, request.url)))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._hear)

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def open(self, path: str) -> None:
        """Go there and wait until everything is read, and nothing more is asked for."""
        self.page.goto(self.url + path)
        self.settle()

    def load(self, path: str) -> float:
        """Go there; how many seconds until everything is read and drawn."""
        begun = time.monotonic()
        self.page.goto(self.url + path, wait_until="commit")
        self.page.wait_for_function(DRAWN)
        return time.monotonic() - begun

    def settle(self) -> None:
        """Wait until nothing is being read."""
        self.page.wait_for_load_state()
        self.page.locator("#page > .skeleton").wait_for(state="detached")
        self.page.wait_for_load_state("networkidle")
        self.page.locator("[aria-busy]").first.wait_for(state="detached")

    def sign_in(self, email: str) -> None:
        """With the password of the demo book."""
        self.page.goto(f"{self.url}/accounts/login/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", PASSWORDS[email])
        self.page.click("main button[type=submit]")
        self.page.wait_for_load_state()

    def keep(self, name: str) -> None:
        """A picture of the whole page, to be looked at."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)

    def faults(self) -> list[str]:
        """What axe finds against WCAG 2.2 AA."""
        found = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": RULES["runOnly"]}}).response
        return [f"{fault['id']}: {node['html'][:160]}" for fault in found["violations"] for node in fault["nodes"]]

    def too_wide(self) -> int:
        """By how many pixels the page is wider than the screen."""
        return self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    def strangers(self) -> list[str]:
        """Requests that no operation of the contract answers, or that leave the register."""
        return sorted({f"{http} {address}" for http, address in self.asked if not _is_ours(http, address, self.url)})


def _is_ours(http: str, address: str, url: str) -> bool:
    if address.startswith(("data:", "blob:")):
        return True
    if not address.startswith(url):
        return False
    path = address.removeprefix(url).partition("?")[0]
    if not path.startswith("/api/v1/"):
        return True
    return any(
        operation.http == http.lower() and re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", operation.path), path)
        for operation in operations().values()
    )


@pytest.fixture
def reader(chromium: Browser, url: str) -> Iterator[Callable[..., Reader]]:
    """Makes a reader: `reader("officer@…", width=390, scheme="dark", language="fr")`; without an address a stranger.

    At the end nobody's browser has complained, and every request was one of the contract.
    """
    readers: list[Reader] = []

    def make(email: str = "", *, width: int = 1280, scheme: Any = "light", language: str = "en") -> Reader:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, locale=language, reduced_motion="reduce"
        )
        one = Reader(context, url)
        readers.append(one)
        if email:
            one.sign_in(email)
        return one

    yield make
    seen = [(one.complaints, one.strangers()) for one in readers]
    for one in readers:
        one.context.close()
    assert seen == [([], [])] * len(readers)
