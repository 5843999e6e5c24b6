"""What people do with what waits: take it back, send it now, mark it as handled; settle what a lost worker left."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from codesign.reminders.actions.planning import post
from codesign.reminders.letters import TOPIC
from codesign.reminders.lifecycle import WAITING, OccurrenceState
from codesign.reminders.models import Occurrence
from codesign.reminders.sending import settle
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import NotFound, Refused, Stale
from registry.kernel.outbox.handlers import Settled
from registry.kernel.outbox.models import OutboxMessage, OutboxState


class NotWaiting(Refused):
    """Only what has not left yet can be taken back, sent now or marked as handled."""

    default_code = "not_waiting"


@transaction.atomic
def cancel(*, occurrence_id: UUID, actor: Actor, at: datetime, expected_version: int | None = None) -> Occurrence:
    """Take back a reminder that has not left. Raises NotWaiting when it has, or is leaving now."""
    return _end(occurrence_id, OccurrenceState.CANCELLED, expected_version, actor=actor, at=at)


@transaction.atomic
def mark_handled(*, occurrence_id: UUID, actor: Actor, at: datetime, expected_version: int | None = None) -> Occurrence:
    """Somebody has seen to it another way: the step is done, and no mail goes. Raises NotWaiting."""
    return _end(occurrence_id, OccurrenceState.HANDLED, expected_version, actor=actor, at=at)


@transaction.atomic
def send_now(*, occurrence_id: UUID, actor: Actor, at: datetime, expected_version: int | None = None) -> Occurrence:
    """Let a reminder leave in a mail of its own, before its hour and beside the one of the day. Raises NotWaiting."""
    occurrence = _waiting(occurrence_id, expected_version)
    changes: dict[str, list[Any]] = {
        "state": [occurrence.state, OccurrenceState.DUE],
        "due_at": [occurrence.due_at, at],
    }
    _change(occurrence, state=OccurrenceState.DUE, is_urgent=True, due_at=min(at, occurrence.due_at))
    record("reminders.send_now", occurrence, actor=actor, at=at, changes=changes)
    post(at=at)
    occurrence.refresh_from_db()
    return occurrence


def _end(
    occurrence_id: UUID, state: OccurrenceState, expected_version: int | None, *, actor: Actor, at: datetime
) -> Occurrence:
    occurrence = _waiting(occurrence_id, expected_version)
    before = occurrence.state
    _change(occurrence, state=state, reason="by_person", settled_at=at)
    action = "reminders.cancel" if state == OccurrenceState.CANCELLED else "reminders.mark_handled"
    record(action, occurrence, actor=actor, at=at, changes={"state": [before, state]})
    occurrence.refresh_from_db()
    return occurrence


def _waiting(occurrence_id: UUID, expected_version: int | None) -> Occurrence:
    occurrence = Occurrence.objects.filter(pk=occurrence_id).first()
    if occurrence is None:
        raise NotFound("There is no such reminder.")
    if expected_version not in (None, occurrence.version):
        raise Stale("The reminder has moved on since you read it.")
    if occurrence.state == OccurrenceState.CLAIMED:
        raise NotWaiting("This reminder is being sent at this moment.", details={"state": occurrence.state})
    if occurrence.state not in WAITING:
        raise NotWaiting(f"This reminder is {occurrence.state}.", details={"state": occurrence.state})
    return occurrence


def _change(occurrence: Occurrence, **values: object) -> None:
    """Compare and set: a worker that claims in the same moment wins or loses as a whole."""
    rows = Occurrence.objects.waiting().filter(pk=occurrence.pk, version=occurrence.version)
    if not rows.update(**values, version=occurrence.version + 1):
        raise Stale("The reminder has moved on since you read it.")


def reconcile(*, at: datetime, size: int = 500) -> int:
    """Settle items whose letter has ended without them; the count of letters. Rare: a fault while settling."""
    ended = OutboxMessage.objects.filter(
        state__in=(OutboxState.SENT, OutboxState.DEAD),
        topic=TOPIC,
        pk__in=Occurrence.objects.filter(state=OccurrenceState.CLAIMED).values("letter"),
    ).order_by("pk")[:size]
    count = 0
    for message in ended:  # a handful at most: each may write a notice
        with transaction.atomic():
            settle([Settled(message, OutboxState(message.state), message.last_error)], message.sent_at or at)
        count += 1
    return count
