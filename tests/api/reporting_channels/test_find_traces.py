"""GET /reporting-channels/find/ may be kept by anybody in between, and leaves no trace of who asked what."""

from __future__ import annotations

import json
import logging

import pytest

from registry import gunicorn_conf
from registry.kernel.audit.models import AuditEvent
from tests.factories.network import make_channel

ASKED = {"country": "TH", "residence": "BE", "about": "online"}
ADDRESS = "203.0.113.77"


@pytest.fixture(autouse=True)
def _router(db) -> None:
    make_channel(kind="router", name="Router")


def test_the_answer_may_be_kept_for_an_hour_and_is_the_same_for_everybody(anonymous, secretariat):
    answers = [client.get("reporting-channels/find/", **ASKED) for client in (anonymous, secretariat)]

    assert {answer["Cache-Control"] for answer in answers} == {"public, max-age=3600"}
    assert answers[0]["Vary"] == "Accept-Language, origin"
    assert len({(answer["ETag"], answer.content) for answer in answers}) == 1
    assert not any(answer.cookies for answer in answers)


def test_an_answer_that_is_known_already_is_not_sent_again(anonymous):
    tag = anonymous.get("reporting-channels/find/", **ASKED)["ETag"]

    again = anonymous.get("reporting-channels/find/", **ASKED, headers={"If-None-Match": tag})

    assert (again.status_code, again.content, again["Cache-Control"]) == (304, b"", "public, max-age=3600")


def test_a_fault_is_not_kept(anonymous):
    response = anonymous.get("reporting-channels/find/", country="ZZ")

    assert (response.status_code, "Cache-Control" in response) == (400, False)


@pytest.mark.parametrize("params", [ASKED, {"country": "ZZ", "about": "a-rumour"}])
def test_neither_address_nor_question_is_logged(anonymous, caplog, capsys, params):
    caplog.set_level(logging.DEBUG)

    anonymous.http.get("/api/v1/reporting-channels/find/", params, REMOTE_ADDR=ADDRESS)

    # Statements of the database show what was looked up in debug runs alone, and are off elsewhere.
    records = [record for record in caplog.records if not record.name.startswith("django.db")]
    written = json.dumps([str(record.__dict__) for record in records]) + capsys.readouterr().err
    assert "registry.requests" in written
    asked = [f"={value}" for value in params.values()] + [f"'{value}'" for value in params.values()]
    assert [word for word in (ADDRESS, *asked) if word in written] == []
    assert AuditEvent.objects.count() == 0


def test_the_web_server_keeps_no_log_of_its_own():
    assert gunicorn_conf.accesslog is None
