"""Who knows how to turn a topic's rows into mails. The capabilities register; the kernel only calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from registry.kernel.outbox.models import OutboxMessage, OutboxState


@dataclass(frozen=True)
class Suppressed:
    """What a handler builds instead of a mail when, looked at again, it must not go."""

    reason: str


Build = Callable[[OutboxMessage, datetime], EmailMessage | Suppressed]
Settle = Callable[[OutboxMessage, OutboxState, str, datetime], None]


@dataclass(frozen=True)
class Handler:
    """Two halves around the sending.

    `build(row, at)` re-checks at the moment of sending and answers the mail or `Suppressed`; it reads only.
    `settle(row, state, reason, at)` writes what the end state means for the domain, in the marking transaction.
    """

    build: Build
    settle: Settle


_HANDLERS: dict[str, Handler] = {}


def register(topic: str, *, build: Build, settle: Settle) -> None:
    """Name the handler of a topic; called once from an app's `ready()`."""
    _HANDLERS[topic] = Handler(build, settle)


def handler_of(topic: str) -> Handler:
    """The handler of `topic`; KeyError for a topic that nobody registered."""
    return _HANDLERS[topic]
