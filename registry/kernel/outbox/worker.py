"""Take from the outbox and send: claim by lease, count, build, send outside any transaction, mark.

Delivery is at least once: a further copy is possible only if a process or server dies, or a send
outlives its lease, between the final dot and the commit; all copies carry one Message-ID.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import DatabaseError, connection, transaction

from registry.kernel import clock
from registry.kernel.mail import Mailer, Rejected
from registry.kernel.outbox.actions import message_id_of
from registry.kernel.outbox.handlers import Suppressed, gather_all, handler_of
from registry.kernel.outbox.models import OutboxMessage, OutboxState

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
# Under half the lease, so that a slow server ends as a failed try and never as a second copy.
SEND_SECONDS = 50.0
MAX_ATTEMPTS = 8
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=6)


def drain(*, now: Callable[[], datetime], size: int = 50, seconds: float = 240.0) -> int:
    """Deliver batches until nothing is due or `seconds` are over; the count of rows taken up.

    `now` is the business clock.
    """
    stop, total = time.monotonic() + seconds, 0
    with Mailer() as mailer:
        while time.monotonic() < stop:
            taken = deliver_batch(at=now(), size=size, mailer=mailer)
            total += taken
            if not taken:
                break
    return total


def deliver_batch(*, at: datetime, mailer: Mailer, size: int = 50) -> int:
    """Claim up to `size` due rows and bring each to an end or to its next try; how many were claimed."""
    token = uuid4()
    rows = _claim(token=token, at=at, size=size)
    for row in rows:
        try:
            _deliver(row, token=token, at=at, mailer=mailer)
        except Exception as error:  # one bad row must not starve those behind it
            log.exception("outbox.row_failed", extra={"outbox_id": str(row.pk), "error": type(error).__name__})
    return len(rows)


@transaction.atomic
def _claim(*, token: UUID, at: datetime, size: int) -> list[OutboxMessage]:
    """Lease the next rows. PostgreSQL skips what another worker locks; SQLite's write lock admits one at a time."""
    now = clock.real_now()
    rows = list(
        OutboxMessage.objects.due(at=at)
        .free(now=now)
        .select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
        .order_by("priority", "due_at", "pk")[:size]
    )
    OutboxMessage.objects.filter(pk__in=[row.pk for row in rows]).update(lease_token=token, lease_until=now + LEASE)
    gather_all(rows, at)
    return rows


def _deliver(row: OutboxMessage, *, token: UUID, at: datetime, mailer: Mailer) -> None:
    """One row, from the counted attempt to its mark."""
    if row.attempts >= MAX_ATTEMPTS:  # it took its workers down with it, each time
        _mark(row, token=token, at=at, state=OutboxState.DEAD, reason="worker_lost")
        return
    if not _count_attempt(row, token=token):
        return
    try:
        mail = handler_of(row.topic).build(row, at)
        if isinstance(mail, Suppressed):
            _mark(row, token=token, at=at, state=OutboxState.SUPPRESSED, reason=mail.reason)
            return
        del mail["Message-ID"]
        mail["Message-ID"] = row.message_id
        mailer.send(mail, seconds=SEND_SECONDS)
    except Rejected:
        _mark(row, token=token, at=at, state=OutboxState.DEAD, reason="rejected")
    except Exception as error:  # noqa: BLE001 - counted, backed off, in the end a dead letter: whatever it was
        _put_off(row, token=token, at=at, error=error)
    else:
        _mark(row, token=token, at=at, state=OutboxState.SENT)


def _count_attempt(row: OutboxMessage, *, token: UUID) -> bool:
    """Count the try before it happens and renew the lease; False when the row is no longer ours."""
    row.message_id = row.message_id or message_id_of(row.key)
    row.attempts += 1
    return bool(
        OutboxMessage.objects.filter(pk=row.pk, lease_token=token, state=OutboxState.PENDING).update(
            attempts=row.attempts, message_id=row.message_id, lease_until=clock.real_now() + LEASE
        )
    )


def _mark(row: OutboxMessage, *, token: UUID, at: datetime, state: OutboxState, reason: str = "") -> None:
    """Write the end state, fenced by the token, and what it means for the domain."""
    try:
        _write_mark(row, token=token, at=at, state=state, reason=reason)
    except DatabaseError:
        # The mail may be out already: an unmarked row is a further copy, so a passing fault gets a second chance.
        time.sleep(0.5)
        _write_mark(row, token=token, at=at, state=state, reason=reason)


@transaction.atomic
def _write_mark(row: OutboxMessage, *, token: UUID, at: datetime, state: OutboxState, reason: str) -> None:
    marked = OutboxMessage.objects.filter(pk=row.pk, lease_token=token, state=OutboxState.PENDING).update(
        state=state,
        last_error=reason,
        sent_at=at if state == OutboxState.SENT else None,
        lease_token=None,
        lease_until=None,
    )
    if not marked:
        log.warning("outbox.lease_lost", extra={"outbox_id": str(row.pk)})
        return
    try:
        with transaction.atomic():
            handler_of(row.topic).settle(row, state, reason, at)
    except DatabaseError:
        raise
    except Exception as error:  # the mail is out: the mark stays, the fault is kept beside it
        log.exception("outbox.settle_failed", extra={"outbox_id": str(row.pk), "error": type(error).__name__})
        OutboxMessage.objects.filter(pk=row.pk).update(last_error=f"settle {type(error).__name__}"[:80])


def _put_off(row: OutboxMessage, *, token: UUID, at: datetime, error: Exception) -> None:
    """Back off, doubling; a dead letter after the last attempt. Keeps the class of the error, never its text."""
    log.warning(
        "outbox.attempt_failed",
        extra={"outbox_id": str(row.pk), "attempts": row.attempts, "error": type(error).__name__},
    )
    if row.attempts >= MAX_ATTEMPTS:
        _mark(row, token=token, at=at, state=OutboxState.DEAD, reason=type(error).__name__[:80])
        return
    wait = min(FIRST_WAIT * 2 ** (row.attempts - 1), LONGEST_WAIT)
    OutboxMessage.objects.filter(pk=row.pk, lease_token=token, state=OutboxState.PENDING).update(
        retry_at=clock.real_now() + wait,
        lease_token=None,
        lease_until=None,
        last_error=type(error).__name__[:80],
    )
