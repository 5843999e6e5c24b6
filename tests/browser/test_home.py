"""The first page in a real browser: its scripts run under its own policy, and its numbers are the API's."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from members.management.loading import NetworkLoad
from tests.conftest import AT

pytestmark = pytest.mark.django_db(transaction=True)
# Without these the browser asks hosts of its maker for what nobody needs here.
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--virtual-time-budget=15000",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _fixed_clock() -> None:
    """A browser and a server live in real time."""


def rendered(url: str, folder: Path, *more: str) -> tuple[str, str]:
    """The page after its scripts have run, and what the browser's console said."""
    command = ["chromium", *QUIET, f"--user-data-dir={folder}", "--enable-logging=stderr", "--dump-dom", *more, url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=True)
    return done.stdout, "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)


def test_the_numbers_of_the_page_are_the_apis(live_server: Any, tmp_path: Path) -> None:
    NetworkLoad(at=AT).run()
    total = Client().get("/api/v1/figures/network-members/").json()["total"]["value"]
    partners = Client().get("/api/v1/groups/").json()["results"][0]["partner_count"]

    page, console = rendered(f"{live_server.url}/", tmp_path)

    shown = dict(re.findall(r'data-figure="([a-z-]+)"><dt>[^<]*</dt><dd><a class="number"[^>]*>(\d+)</a>', page))
    assert (total, partners) == (50, 10)
    assert shown == {"network-members": "50", "countries": "47", "partners": "10", "code-members": "0"}
    assert page.count('<option value="BE">') == 2
    assert console == ""


def test_a_failure_offers_to_try_again(live_server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **options: Any) -> None:
        raise RuntimeError("no figures today")

    monkeypatch.setattr("codesign.api.figures_views.read", fail)

    page, _ = rendered(f"{live_server.url}/", tmp_path)

    assert page.count("The register did not answer.") == 4
    assert 'aria-busy="true"' not in page


def test_an_empty_register_says_so(live_server: Any, tmp_path: Path) -> None:
    page, console = rendered(f"{live_server.url}/", tmp_path)

    assert page.count("No rows on this day.") == 5  # four lists, and the template that they are copies of
    assert console == ""
