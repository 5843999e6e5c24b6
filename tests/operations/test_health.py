"""Health and metrics: what each probe asks, who may read the metrics."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import RequestFactory

from registry.kernel import clock, health, metrics
from registry.kernel.outbox.models import OutboxMessage


def _ask(probe: str) -> tuple[int, dict]:
    response = health.healthz(RequestFactory().get("/healthz"), probe)
    return response.status_code, json.loads(response.content)


def _message(state: str, *, minutes_ago: int) -> OutboxMessage:
    moment = clock.now() - timedelta(minutes=minutes_ago)
    sent = {"sent_at": moment} if state == "sent" else {}
    return OutboxMessage.objects.create(
        key=f"{state}-{minutes_ago}",
        topic="test",
        state=state,
        due_at=moment,
        retry_at=moment,
        created_at=moment,
        **sent,
    )


def test_live_asks_nothing(monkeypatch):
    monkeypatch.setattr(health.connection, "cursor", lambda: pytest.fail("asked the database"))

    assert _ask("live") == (200, {"status": "ok", "checks": {}})


@pytest.mark.django_db
def test_ready_asks_the_database_only():
    status, answer = _ask("ready")

    assert (status, list(answer["checks"]), answer["status"]) == (200, ["database"], "ok")


def test_not_ready_without_a_database(monkeypatch):
    def down():
        raise OperationalError("no route to host db.internal")

    monkeypatch.setattr(health.connection, "cursor", down)

    assert _ask("ready") == (503, {"status": "failing", "checks": {"database": {"status": "failing"}}})


@pytest.mark.django_db
def test_all_is_well_with_an_empty_outbox():
    status, answer = _ask("whole")

    assert (status, answer["status"]) == (200, "ok")
    assert answer["checks"]["broker"] == {"status": "ok"}
    assert answer["checks"]["outbox"] == {
        "status": "ok",
        "lag_seconds": 0,
        "oldest_due_at": None,
        "due": 0,
        "dead": 0,
        "held": 0,
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "minutes_ago"), [("pending", 6), ("dead", 1)])
def test_stalled_and_dead_mail_is_an_alarm(state, minutes_ago):
    _message(state, minutes_ago=minutes_ago)

    status, answer = _ask("whole")

    assert (status, answer["checks"]["outbox"]["status"]) == (503, "failing")
    assert answer["checks"]["database"]["status"] == "ok"


@pytest.mark.django_db
def test_mail_that_waits_its_turn_is_none():
    _message("pending", minutes_ago=4)
    _message("sent", minutes_ago=900)
    _message("held", minutes_ago=900)

    status, answer = _ask("whole")

    outbox = answer["checks"]["outbox"]
    assert (status, outbox["due"], outbox["held"], outbox["dead"]) == (200, 1, 1, 0)
    assert 240 <= outbox["lag_seconds"] < 250


@pytest.mark.django_db
def test_a_broker_that_is_down_is_no_reason_to_take_no_traffic(settings):
    settings.BROKER_URL = "redis://127.0.0.1:1/0"

    assert (_ask("ready")[0], _ask("whole")[0]) == (200, 503)


# ── Metrics ───────────────────────────────────────────────────────────────────────────────────


def _read(remote: str = "127.0.0.1", **headers) -> tuple[int, str]:
    response = metrics.metrics(RequestFactory().get("/metrics", REMOTE_ADDR=remote, headers=headers))
    return response.status_code, response.content.decode()


@pytest.mark.django_db
def test_metrics_count_the_outbox():
    _message("dead", minutes_ago=1)
    _message("held", minutes_ago=1)

    status, text = _read()

    assert status == 200
    lines = text.splitlines()
    assert 'registry_outbox_rows{state="dead"} 1.0' in lines
    assert 'registry_outbox_rows{state="held"} 1.0' in lines
    assert 'registry_outbox_rows{state="due"} 0.0' in lines
    assert "registry_outbox_lag_seconds 0.0" in lines
    assert any(line.startswith("python_info{") for line in lines)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("token", "remote", "headers", "expected"),
    [
        ("", "127.0.0.1", {}, 200),
        ("", "::1", {}, 200),
        ("", "192.0.2.7", {}, 401),
        ("", "127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, 401),
        ("", "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 401),
        ("opens-it", "192.0.2.7", {"Authorization": "Bearer opens-it"}, 200),
        ("opens-it", "127.0.0.1", {}, 401),
        ("opens-it", "127.0.0.1", {"Authorization": "Bearer opens-ix"}, 401),
        ("opens-it", "127.0.0.1", {"Authorization": "Bearer ünicode"}, 401),
    ],
)
def test_metrics_are_not_public(settings, token, remote, headers, expected):
    settings.METRICS_TOKEN = token

    status, text = _read(remote, **headers)

    assert status == expected
    assert ("registry_outbox" in text) is (expected == 200)
