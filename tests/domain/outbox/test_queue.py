"""What goes in, and how it is kept back, taken back and tried again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from registry.kernel.outbox import actions
from registry.kernel.outbox.figures import outbox_figures
from registry.kernel.outbox.models import OutboxMessage, OutboxState
from tests.factories.reminders import make_message

pytestmark = pytest.mark.django_db


def states() -> dict[str, str]:
    return dict(OutboxMessage.objects.values_list("key", "state"))


def test_put_queues_once_per_key(at: datetime) -> None:
    assert actions.put(key="fee:1", topic="test", payload={"id": 1}, at=at) is True
    assert actions.put(key="fee:1", topic="test", payload={"id": 2}, at=at) is False

    row = OutboxMessage.objects.get()
    assert (row.payload, row.state, row.attempts, row.due_at, row.created_at) == ({"id": 1}, "pending", 0, at, at)
    assert row.message_id == actions.message_id_of("fee:1") == "<0c2e3fba-3abb-5fac-82f2-b91d350dba79@localhost>"


def test_put_is_undone_with_the_fact(at: datetime) -> None:
    with transaction.atomic():
        actions.put(key="fee:1", topic="test", payload={}, at=at)
        transaction.set_rollback(True)

    assert OutboxMessage.objects.count() == 0


def test_many_puts_ring_once(at: datetime, django_capture_on_commit_callbacks: Any, monkeypatch: Any) -> None:
    rung: list[int] = []
    monkeypatch.setattr("codesign.tasks.ring", lambda: rung.append(1))

    with django_capture_on_commit_callbacks(execute=True):
        for number in range(3):
            actions.put(key=f"fee:{number}", topic="test", payload={}, at=at)

    assert rung == [1]


def test_doorbell_that_fails_fails_nothing(
    at: datetime, django_capture_on_commit_callbacks: Any, settings: Any
) -> None:
    settings.OUTBOX_DOORBELL = "codesign.nowhere.ring"

    with django_capture_on_commit_callbacks(execute=True):
        actions.put(key="fee:1", topic="test", payload={}, at=at)

    assert states() == {"fee:1": "pending"}


def test_redrive_wakes_dead_letters_alone(at: datetime) -> None:
    dead = make_message(key="dead", state=OutboxState.DEAD, attempts=8, last_error="OSError")
    sent = make_message(key="sent", state=OutboxState.SENT, sent_at=at)

    assert actions.redrive(ids=[dead.pk, sent.pk], actor=SYSTEM, at=at) == 1

    assert states() == {"dead": "pending", "sent": "sent"}
    assert list(AuditEvent.objects.values_list("action", "object_id")) == [("outbox.redrive", dead.pk)]


def test_withdraw_leaves_alone_what_a_worker_holds(at: datetime) -> None:
    make_message(key="free")
    make_message(key="held", lease_until=at + timedelta(seconds=5))

    assert actions.withdraw(key="free", reason="cancelled") is True
    assert actions.withdraw(key="held", reason="cancelled") is False

    assert states() == {"free": "suppressed", "held": "pending"}


def test_hold_keeps_everything_back_until_released(at: datetime) -> None:
    make_message(key="waiting")
    make_message(key="dead", state=OutboxState.DEAD)

    assert actions.hold() == 1
    assert states() == {"waiting": "held", "dead": "dead"}
    assert outbox_figures(at=at) == {"due": 0, "dead": 1, "held": 1, "lag_seconds": 0, "oldest_due_at": None}

    assert actions.release() == 1
    assert states() == {"waiting": "pending", "dead": "dead"}


def test_lag_counts_what_is_due_in_real_seconds(at: datetime) -> None:
    make_message(due_at=at - timedelta(days=9), retry_at=at - timedelta(seconds=40))
    make_message(due_at=at + timedelta(days=1), retry_at=at - timedelta(days=1))

    expected = {"due": 1, "dead": 0, "held": 0, "lag_seconds": 40, "oldest_due_at": at - timedelta(days=9)}
    assert outbox_figures(at=at) == expected
