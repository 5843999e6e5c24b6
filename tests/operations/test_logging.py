"""Log lines: structured, and without personal data whatever was logged."""

from __future__ import annotations

import json
import logging
import logging.config

import pytest

from registry.kernel.logging import logging_settings, scrub, scrub_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mail to anna.b@hotel.example bounced", "mail to [address] bounced"),
        ("From: <anna@hotel.example>, <b@c.example>", "From: <[address]>, <[address]>"),
        ("Authorization: Bearer rk_live_abc.DEF-123", "Authorization: Bearer [removed]"),
        ("key Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MEFCQ0RF!", "key [removed]!"),
        ("row 0190a4b2-7b1c-7c3d-8e4f-0123456789ab", "row 0190a4b2-7b1c-7c3d-8e4f-0123456789ab"),
        ('violates "x"\nDETAIL:  Key (name)=(Anna) exists.', 'violates "x"\nDETAIL: [removed]'),
        ("codesign.tasks.deliver_outbox took 3 ms", "codesign.tasks.deliver_outbox took 3 ms"),
    ],
)
def test_addresses_tokens_and_row_values_are_removed(text, expected):
    assert scrub_text(text) == expected


def test_what_a_key_gives_away_is_removed_at_any_depth():
    event = {"event": "x", "email": "x", "logger": "y", "who": {"first_name": "Anna", "rows": [{"token": "t", "n": 1}]}}

    assert scrub(None, "info", event) == {
        "event": "x",
        "email": "[removed]",
        "logger": "y",
        "who": {"first_name": "[removed]", "rows": [{"token": "[removed]", "n": 1}]},
    }


def test_djangos_own_lines_lose_the_path():
    event = {"event": "Internal Server Error: /feeds/s3cret.ics", "logger": "django.request"}

    assert scrub(None, "error", event)["event"] == "Internal Server Error: [path]"


@pytest.fixture
def _logging_restored(settings):
    yield
    logging.config.dictConfig(logging_settings(as_json=settings.PRODUCTION, level=settings.LOG_LEVEL))


@pytest.mark.usefixtures("_logging_restored")
def test_production_writes_one_json_object_a_line(capsys):
    logging.config.dictConfig(logging_settings(as_json=True, level="INFO"))

    try:
        raise ValueError("no such mailbox: anna@hotel.example")
    except ValueError:
        logging.getLogger("somewhere").exception("failed for %s", "anna@hotel.example")

    (line,) = capsys.readouterr().err.splitlines()
    read = json.loads(line)
    assert (read["event"], read["level"], read["logger"]) == ("failed for [address]", "error", "somewhere")
    assert read["exception"].endswith("ValueError: no such mailbox: [address]")
