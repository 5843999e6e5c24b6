"""Write down what became of messages, fenced by the token of the lease, with what it means for the domain."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, transaction

from registry.kernel.outbox.handlers import Settled, settle_all
from registry.kernel.outbox.models import OutboxMessage, OutboxState

log = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Another worker has taken one of the rows over."""


def mark_all(ended: list[Settled], *, token: UUID, at: datetime) -> None:
    """Mark messages that have ended, in one transaction; each in its own when anything about one of them fails."""
    if not ended:
        return
    try:
        with transaction.atomic():
            if _write(ended, token=token, at=at) < len(ended):
                raise LeaseLost
            settle_all(ended, at)
    except Exception:  # noqa: BLE001 - whatever it was: one by one it comes out, and bears on its own row alone
        for one in ended:
            _mark(one, token=token, at=at)


def _mark(one: Settled, *, token: UUID, at: datetime) -> None:
    try:
        _mark_once(one, token=token, at=at)
    except DatabaseError:
        # The mail may be out already: an unmarked row is a further copy, so a passing fault gets a second chance.
        time.sleep(0.5)
        try:
            _mark_once(one, token=token, at=at)
        except DatabaseError as error:
            log.exception("outbox.mark_failed", extra={"outbox_id": str(one.message.pk), "error": type(error).__name__})


@transaction.atomic
def _mark_once(one: Settled, *, token: UUID, at: datetime) -> None:
    if not _write([one], token=token, at=at):
        log.warning("outbox.lease_lost", extra={"outbox_id": str(one.message.pk)})
        return
    try:
        with transaction.atomic():
            settle_all([one], at)
    except DatabaseError:
        raise
    except Exception as error:  # the mail is out: the mark stays, the fault is kept beside it
        name = type(error).__name__
        log.exception("outbox.settle_failed", extra={"outbox_id": str(one.message.pk), "error": name})
        OutboxMessage.objects.filter(pk=one.message.pk).update(last_error=f"settle {name}"[:80])


def _write(ended: list[Settled], *, token: UUID, at: datetime) -> int:
    """The end states, a statement for each; how many rows were still ours."""
    alike: dict[tuple[OutboxState, str], list[UUID]] = defaultdict(list)
    for one in ended:
        alike[one.state, one.reason].append(one.message.pk)
    marked = 0
    for (state, reason), keys in alike.items():
        marked += OutboxMessage.objects.filter(pk__in=keys, lease_token=token, state=OutboxState.PENDING).update(
            state=state,
            last_error=reason,
            sent_at=at if state == OutboxState.SENT else None,
            lease_token=None,
            lease_until=None,
        )
    return marked
