"""Take from the outbox and send: claim by lease, count, build, send outside any transaction, mark.

A batch costs a handful of transactions: one to claim it, and for every few mails one that counts their attempts and
one that marks them. Some lines to the mail server are open at once, so that one waits while the next mail is built.

Delivery is at least once: a further copy is possible only if a process or server dies, or a send
outlives its lease, between the final dot and the commit; all copies carry one Message-ID. So a kill
can double the mails of one mark at most: `MARKED_AT_ONCE`, and one on each line.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction

from registry.kernel import clock, doorbell
from registry.kernel.dialect import Statement
from registry.kernel.mail import Mailer, Rejected
from registry.kernel.outbox.actions import message_id_of
from registry.kernel.outbox.handlers import Settled, Suppressed, gather_all, handler_of
from registry.kernel.outbox.marking import mark_all
from registry.kernel.outbox.models import OutboxMessage, OutboxQuerySet, OutboxState

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
# Under half the lease, so that a slow server ends as a failed try and never as a second copy.
SEND_SECONDS = 50.0
MAX_ATTEMPTS = 8
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=6)
LINES = 3
COUNTED_AT_ONCE = 20
# Few, because a kill may double what is not marked yet; and none waits longer for its mark than this.
MARKED_AT_ONCE, MARK_SECONDS = 10, 0.25

_COUNT = """
WITH mine (id, message_id) AS (VALUES {rows})
UPDATE {outbox} SET attempts = attempts + 1, message_id = mine.message_id, lease_until = {until}
FROM mine WHERE {outbox}.id = mine.id AND lease_token = {token} AND state = 'pending'
RETURNING {outbox}.id, attempts
"""


def drain(*, now: Callable[[], datetime], size: int = 100, seconds: float = 240.0) -> int:
    """Deliver batches until nothing is due or `seconds` are over; the count of rows taken up.

    `now` is the business clock. When it stops for time it rings, so that somebody goes on.
    """
    stop, total = time.monotonic() + seconds, 0
    with Mailer() as mailer:
        while taken := deliver_batch(at=now(), size=size, mailer=mailer):
            total += taken
            if time.monotonic() >= stop:
                doorbell.ring("OUTBOX_DOORBELL")
                break
    return total


def deliver_batch(*, at: datetime, mailer: Mailer, size: int = 100) -> int:
    """Claim up to `size` due rows and bring each to an end or to its next try; how many were claimed."""
    token = uuid4()
    rows = _claim(token=token, at=at, size=size)
    if rows:
        with Delivery(token=token, at=at, mailer=mailer) as delivery:
            for group in _groups(rows):
                delivery.take_up(group)
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


def _groups(rows: list[OutboxMessage]) -> Iterator[list[OutboxMessage]]:
    """Rows whose attempts are counted together.

    What was in the hands of a worker that vanished goes alone: if it took the worker down, it takes no other along.
    """
    group: list[OutboxMessage] = []
    for row in rows:
        if row.attempts and row.lease_token is not None:
            yield group
            yield [row]
            group = []
        else:
            group.append(row)
            if len(group) == COUNTED_AT_ONCE:
                yield group
                group = []
    yield group


class Delivery:
    """The rows of one claim on their way: what is on a line, and what has left and is not marked yet."""

    def __init__(self, *, token: UUID, at: datetime, mailer: Mailer) -> None:
        self._token, self._at, self._mailer = token, at, mailer
        self._lines = ThreadPoolExecutor(LINES, thread_name_prefix="mail")
        self._leaving: dict[Future[None], OutboxMessage] = {}
        self._ended: list[Settled] = []
        self._ended_since = self._leased_at = 0.0

    def __enter__(self) -> Delivery:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._finish()
        finally:
            self._lines.shutdown()

    def take_up(self, rows: list[OutboxMessage]) -> None:
        """Count an attempt of each, then build and send one after the other."""
        if len(rows) == 1:
            self._finish()
        worn_out = [row for row in rows if row.attempts >= MAX_ATTEMPTS]  # each took its workers down with it
        for row in worn_out:
            self._end(row, OutboxState.DEAD, "worker_lost")
        for row in self._counted([row for row in rows if row.attempts < MAX_ATTEMPTS]):
            try:
                self._send(row)
            except Exception as error:  # one bad row must not starve those behind it
                log.exception("outbox.row_failed", extra={"outbox_id": str(row.pk), "error": type(error).__name__})
        if len(rows) == 1:
            self._finish()

    def _counted(self, rows: list[OutboxMessage]) -> list[OutboxMessage]:
        """Count the tries before they happen and renew the lease; those of the rows that are still ours."""
        if not rows:
            return []
        self._leased_at = time.monotonic()
        it = Statement()
        for row in rows:
            row.message_id = row.message_id or message_id_of(row.key)
        taken = it.fetch(
            _COUNT,
            rows=", ".join(f"({it.uuid(row.pk)}, {it.text(row.message_id)})" for row in rows),
            outbox=OutboxMessage._meta.db_table,
            until=it.moment(clock.real_now() + LEASE),
            token=it.uuid(self._token),
        )
        attempts = {UUID(str(key)): count for key, count in taken}
        ours = [row for row in rows if row.pk in attempts]
        for row in ours:
            row.attempts = attempts[row.pk]
        return ours

    def _own(self, rows: list[OutboxMessage]) -> OutboxQuerySet:
        keys = [row.pk for row in rows]
        return OutboxMessage.objects.filter(pk__in=keys, lease_token=self._token, state=OutboxState.PENDING)

    def _send(self, row: OutboxMessage) -> None:
        try:
            mail = handler_of(row.topic).build(row, self._at)
        except Exception as error:  # noqa: BLE001 - counted, backed off, in the end a dead letter: whatever it was
            self._put_off(row, error)
            return
        if isinstance(mail, Suppressed):
            self._end(row, OutboxState.SUPPRESSED, mail.reason)
            return
        del mail["Message-ID"]
        mail["Message-ID"] = row.message_id
        self._collect(LINES - 1)
        if self._is_leased_for_long(row):
            self._leaving[self._lines.submit(self._mailer.send, mail, seconds=SEND_SECONDS)] = row

    def _is_leased_for_long(self, row: OutboxMessage) -> bool:
        """Whether a send that starts now ends in half the lease; what came late to a line renews it, if still ours."""
        if time.monotonic() - self._leased_at < LEASE.total_seconds() / 2 - SEND_SECONDS:
            return True
        return bool(self._own([row]).update(lease_until=clock.real_now() + LEASE))

    def _collect(self, most: int) -> None:
        """Take in what has ended, until at most so many are on their way; mark in time what has left."""
        while True:
            wants = len(self._leaving) > most
            patience = MARK_SECONDS if wants else 0.0
            done, _ = wait(self._leaving, timeout=patience, return_when=FIRST_COMPLETED)
            for future in done:
                self._take_in(self._leaving.pop(future), future.exception())
            if self._ended and (
                len(self._ended) >= MARKED_AT_ONCE or time.monotonic() - self._ended_since >= MARK_SECONDS
            ):
                self._mark()
            if len(self._leaving) <= most:
                return

    def _take_in(self, row: OutboxMessage, error: BaseException | None) -> None:
        if error is None:
            self._end(row, OutboxState.SENT)
        elif isinstance(error, Rejected):
            self._end(row, OutboxState.DEAD, "rejected")
        else:
            self._put_off(row, error)

    def _finish(self) -> None:
        """Wait for all that is on its way, and mark all that has ended."""
        self._collect(0)
        self._mark()

    def _end(self, row: OutboxMessage, state: OutboxState, reason: str = "") -> None:
        if not self._ended:
            self._ended_since = time.monotonic()
        self._ended.append(Settled(row, state, reason))

    def _mark(self) -> None:
        ended, self._ended = self._ended, []
        mark_all(ended, token=self._token, at=self._at)

    def _put_off(self, row: OutboxMessage, error: BaseException) -> None:
        """Back off, doubling; a dead letter after the last attempt. Keeps the class of the error, never its text."""
        name = type(error).__name__[:80]
        log.warning("outbox.attempt_failed", extra={"outbox_id": str(row.pk), "attempts": row.attempts, "error": name})
        if row.attempts >= MAX_ATTEMPTS:
            self._end(row, OutboxState.DEAD, name)
            return
        wait_for = min(FIRST_WAIT * 2 ** (row.attempts - 1), LONGEST_WAIT)
        self._own([row]).update(
            retry_at=clock.real_now() + wait_for, lease_token=None, lease_until=None, last_error=name
        )
