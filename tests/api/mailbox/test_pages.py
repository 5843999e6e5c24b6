"""The mail box of the embedded default: for staff alone, without a script, and with nothing outside the box."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from registry.kernel.mail import Mailer
from tests.factories.access import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(settings: Any, tmp_path: Path) -> Path:
    """One demo mail and one other in the box."""
    settings.DATA_DIR = tmp_path
    for subject, minute in (("[DEMO] Report <2026>", 1), ("Report 2027", 2)):
        mail = EmailMessage()
        mail["Subject"], mail["From"], mail["To"] = subject, "register@registry.example", "officer@zee.example"
        mail["Message-ID"], mail["Date"] = f"<{minute}@localhost>", f"Mon, 01 Mar 2027 08:0{minute}:00 +0000"
        mail.set_content("Hello <b>you</b>: http://localhost:8000/?a=1&b=2")
        mail.add_alternative("<p onclick='alert(1)'>Hello</p><script>alert(1)</script>", subtype="html")
        with Mailer("maildir:") as mailer:
            mailer.send(mail, seconds=5)
    return tmp_path / "mailbox" / "new"


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(make_user(is_staff=True))
    return client


def key_of(box: Path, subject: bytes) -> str:
    return next(file.name for file in box.iterdir() if subject in file.read_bytes())


def test_staff_see_the_mails_with_their_demo_mark(staff: Client, box: Path) -> None:
    answer = staff.get("/mailbox/")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert page.count("officer@zee.example") == 2
    assert page.count('<strong class="demo">DEMO</strong>') == 1
    assert "Report &lt;2026&gt;" in page
    assert page.count("<script") == page.count('<script src="/static/registry/theme.js"></script>') == 1
    assert "style=" not in page


def test_letter_shows_headers_and_text_escaped(staff: Client, box: Path) -> None:
    page = staff.get(f"/mailbox/{key_of(box, b'<1@localhost>')}/").content.decode()

    assert "&lt;1@localhost&gt;" in page
    assert "Hello &lt;b&gt;you&lt;/b&gt;" in page
    assert 'href="http://localhost:8000/?a=1&amp;b=2"' in page
    assert page.count("<script") == page.count('<script src="/static/registry/theme.js"></script>') == 1


def test_html_part_is_shown_in_a_sandbox(staff: Client, box: Path) -> None:
    answer = staff.get(f"/mailbox/{key_of(box, b'<1@localhost>')}/page/")

    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize("path", ["", "x/", "x/page/"])
def test_others_are_asked_to_log_in(box: Path, path: str) -> None:
    answer = Client().get(f"/mailbox/{path}")

    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next=/mailbox/{path}")


def test_those_who_are_no_staff_find_nothing(box: Path) -> None:
    client = Client()
    client.force_login(make_user())

    assert client.get("/mailbox/").status_code == 404


@pytest.mark.parametrize("key", ["..", "%2e%2e%2fregistry.sqlite3", ".hidden", "absent", "a%00b", "x" * 300])
def test_nothing_outside_the_box_is_read(staff: Client, box: Path, key: str) -> None:
    assert staff.get(f"/mailbox/{key}/").status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999", "2", "²"])
def test_odd_pages_answer(staff: Client, box: Path, page: str) -> None:
    assert staff.get("/mailbox/", {"page": page}).status_code == 200


def test_box_is_absent_when_mails_go_out(staff: Client, settings: Any) -> None:
    settings.MAIL_URL = "smtp://mail.example"

    assert staff.get("/mailbox/").status_code == 404
