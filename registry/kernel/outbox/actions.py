"""Put into the outbox, take out of it, keep it back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.db import transaction

from registry.kernel import clock, doorbell
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.outbox.models import OutboxMessage, OutboxState


def message_id_of(key: str) -> str:
    """The Message-ID of a key: the same for every copy that could ever be sent."""
    return f"<{uuid5(NAMESPACE_URL, key)}@{urlsplit(settings.PUBLIC_URL).hostname or 'localhost'}>"


def put(
    *, key: str, topic: str, payload: dict[str, Any], at: datetime, due_at: datetime | None = None, priority: int = 5
) -> bool:
    """Queue one message inside the caller's transaction; False when the key is there already.

    Leaves from `due_at` on (business clock; `at` when None).
    """
    row = OutboxMessage(
        key=key,
        topic=topic,
        payload=payload,
        message_id=message_id_of(key),
        priority=priority,
        due_at=due_at or at,
        retry_at=clock.real_now(),
        created_at=at,
    )
    with transaction.atomic():
        OutboxMessage.objects.bulk_create([row], ignore_conflicts=True)
        ring_on_commit()
    return OutboxMessage.objects.filter(pk=row.pk).exists()


def ring_on_commit() -> None:
    """Ring the doorbell once when the present transaction commits."""
    doorbell.ring_on_commit("OUTBOX_DOORBELL")


@transaction.atomic
def redrive(*, ids: Iterable[UUID], actor: Actor, at: datetime) -> int:
    """Try dead letters again from the first attempt; the count of those that were dead."""
    rows = list(
        OutboxMessage.objects.select_for_update().filter(pk__in=list(ids), state=OutboxState.DEAD).order_by("pk")
    )
    for row in rows:  # one audit event each: people decide on single letters
        record("outbox.redrive", row, actor=actor, at=at, changes={"state": ["dead", "pending"]})
    OutboxMessage.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=OutboxState.PENDING, attempts=0, retry_at=clock.real_now(), lease_until=None, lease_token=None
    )
    if rows:
        ring_on_commit()
    return len(rows)


def withdraw(*, key: str, reason: str) -> bool:
    """Take a message back that no worker holds; False when it is being sent, or was."""
    return bool(
        OutboxMessage.objects.free(now=clock.real_now())
        .filter(key=key, state=OutboxState.PENDING)
        .update(state=OutboxState.SUPPRESSED, last_error=reason, lease_token=None, lease_until=None)
    )


def hold() -> int:
    """Keep back everything that waits: after a restore nothing may leave before a person has looked."""
    return OutboxMessage.objects.filter(state=OutboxState.PENDING).update(
        state=OutboxState.HELD, lease_token=None, lease_until=None
    )


@transaction.atomic
def release() -> int:
    """Let go what `hold` kept back."""
    released = OutboxMessage.objects.filter(state=OutboxState.HELD).update(
        state=OutboxState.PENDING, retry_at=clock.real_now()
    )
    if released:
        ring_on_commit()
    return released
