"""Who knows how to turn a topic's rows into mails. The capabilities register; the kernel only calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any, TypeVar
from uuid import UUID

from registry.kernel.outbox.models import OutboxMessage, OutboxState


@dataclass(frozen=True)
class Suppressed:
    """What a handler builds instead of a mail when, looked at again, it must not go."""

    reason: str


@dataclass(frozen=True)
class Settled:
    """A message that has ended, and how."""

    message: OutboxMessage
    state: OutboxState
    reason: str = ""


Row = TypeVar("Row")
Gather = Callable[[list[OutboxMessage], datetime], dict[UUID, Any]]
Build = Callable[[OutboxMessage, datetime], EmailMessage | Suppressed]
Settle = Callable[[list[Settled], datetime], None]


@dataclass(frozen=True)
class Handler:
    """The parts around the sending.

    `gather(rows, at)` runs in the claiming transaction, once a batch: it fixes what goes into each message and may
    read ahead what building needs; its answer comes back as `row.gathered`. What is fixed stays so for later tries,
    because all copies carry one Message-ID.
    `build(row, at)` re-checks at the moment of sending and answers the mail or `Suppressed`; it reads only.
    `settle(ended, at)` writes what the end states mean for the domain, in the marking transaction.
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
    for topic, own in _by_topic(rows, lambda row: row.topic).items():
        handler = _HANDLERS.get(topic)
        if handler is not None and handler.gather is not None:
            gathered = handler.gather(own, at)
            for row in own:
                row.gathered = gathered.get(row.pk)


def settle_all(ended: list[Settled], at: datetime) -> None:
    """Let the handlers write what the ends of these messages mean; KeyError for a topic that nobody registered."""
    for topic, own in _by_topic(ended, lambda one: one.message.topic).items():
        _HANDLERS[topic].settle(own, at)


def _by_topic(rows: Iterable[Row], topic_of: Callable[[Row], str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[topic_of(row)].append(row)
    return found


def handler_of(topic: str) -> Handler:
    """The handler of `topic`; KeyError for a topic that nobody registered."""
    return _HANDLERS[topic]
