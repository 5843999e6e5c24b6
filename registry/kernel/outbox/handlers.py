"""Who knows how to turn a topic's rows into mails. The capabilities register; the kernel only calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from registry.kernel.outbox.models import OutboxMessage, OutboxState


@dataclass(frozen=True)
class Suppressed:
    """What a handler builds instead of a mail when, looked at again, it must not go."""

    reason: str


Gather = Callable[[list[OutboxMessage], datetime], dict[UUID, Any]]
Build = Callable[[OutboxMessage, datetime], EmailMessage | Suppressed]
Settle = Callable[[OutboxMessage, OutboxState, str, datetime], None]


@dataclass(frozen=True)
class Handler:
    """The parts around the sending.

    `gather(rows, at)` runs in the claiming transaction, once a batch: it fixes what goes into each message and may
    read ahead what building needs; its answer comes back as `row.gathered`. What is fixed stays so for later tries,
    because all copies carry one Message-ID.
    `build(row, at)` re-checks at the moment of sending and answers the mail or `Suppressed`; it reads only.
    `settle(row, state, reason, at)` writes what the end state means for the domain, in the marking transaction.
    """

    build: Build
    settle: Settle
    gather: Gather | None = None


_HANDLERS: dict[str, Handler] = {}


def register(topic: str, *, build: Build, settle: Settle, gather: Gather | None = None) -> None:
    """Name the handler of a topic; called once from an app's `ready()`."""
    _HANDLERS[topic] = Handler(build, settle, gather)


def gather_all(rows: list[OutboxMessage], at: datetime) -> None:
    """Let the handlers fix what goes into the messages just claimed. A topic that nobody registered fails later."""
    by_topic: dict[str, list[OutboxMessage]] = {}
    for row in rows:
        by_topic.setdefault(row.topic, []).append(row)
    for topic, own in by_topic.items():
        handler = _HANDLERS.get(topic)
        if handler is not None and handler.gather is not None:
            gathered = handler.gather(own, at)
            for row in own:
                row.gathered = gathered.get(row.pk)


def handler_of(topic: str) -> Handler:
    """The handler of `topic`; KeyError for a topic that nobody registered."""
    return _HANDLERS[topic]
