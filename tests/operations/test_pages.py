"""The pages: marked, safe by their own rules, and standing when the database is not."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.db import DatabaseError
from django.test import Client

from members.organisations.models import Organisation
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db
BANNER = "DEMO: invented companies, staff and reports"


@pytest.fixture
def visitor() -> Client:
    """Somebody without a log-in."""
    return Client()


def test_the_first_page_is_marked_only_while_there_are_invented_rows(visitor: Client) -> None:
    assert BANNER not in visitor.get("/").content.decode()
    make_organisation(is_demo=True)

    page = visitor.get("/")

    assert page.status_code == 200
    assert BANNER in page.content.decode()


def test_the_first_page_keeps_its_own_rules(visitor: Client) -> None:
    page = visitor.get("/")
    text = page.content.decode()

    assert "default-src 'self'" in page["Content-Security-Policy"]
    assert re.findall(r"<style|\bstyle=|\bon\w+=\"", text) == []
    assert [tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag] == []
    assert [url for url in re.findall(r'(?:src|href)="([^"]*)"', text) if "//" in url] == []
    assert text.count("<h1") == 1


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_first_page_is_only_read(visitor: Client, method: str) -> None:
    assert getattr(visitor, method)("/").status_code == 405


def test_an_unknown_address_is_a_page_in_the_house_style(visitor: Client) -> None:
    page = visitor.get("/nowhere/")

    assert page.status_code == 404
    assert "<h1>" in page.content.decode()
    assert "registry/base.css" in page.content.decode()


def test_the_error_page_needs_no_database(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **options: Any) -> None:
        raise DatabaseError("the database is gone")

    monkeypatch.setattr(Organisation.objects, "filter", fail)

    page = visitor.get("/nowhere/")

    assert page.status_code == 404
    assert BANNER not in page.content.decode()


def test_the_scripts_of_the_pages_stay_small(visitor: Client) -> None:
    sources = re.findall(r'<script[^>]+src="/static/([^"]+)"', visitor.get("/").content.decode())

    assert sources == ["registry/theme.js", "registry/dashboard.js"]
    sent = [gzip.compress(Path(str(finders.find(source))).read_bytes(), 6) for source in sources]
    assert sum(map(len, sent)) < 300_000
