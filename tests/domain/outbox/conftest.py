"""A topic of its own, a mailer that only remembers, and a real mail server in this process."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller

from registry.kernel.outbox import handlers, worker
from registry.kernel.outbox.models import OutboxMessage, OutboxState


class Remembering:
    """Takes the place of the mailer; `faults` are raised for the keys they stand under."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []
        self.faults: dict[str, Exception] = {}

    def send(self, message: EmailMessage, *, seconds: float) -> None:
        """Keep the mail, or fail as told."""
        if fault := self.faults.get(str(message["Subject"])):
            raise fault
        self.sent.append(message)


class Sink:
    """Keeps what the server in this process received."""

    def __init__(self) -> None:
        self.received: list[tuple[str, list[str], bytes]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """One mail."""
        self.received.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Refuse whoever is called gone."""
        if address.startswith("gone@"):
            return "550 no such box"
        envelope.rcpt_tos.append(address)
        return "250 OK"


def compose(row: OutboxMessage, at: datetime) -> EmailMessage | handlers.Suppressed:
    """A mail whose subject is the key; the payload may ask for something else."""
    if reason := row.payload.get("suppress"):
        return handlers.Suppressed(reason)
    if row.payload.get("poison"):
        raise LookupError("an address that must not be kept: someone@hotel.example")
    mail = EmailMessage()
    mail["Subject"] = row.key
    mail["From"] = "The register <register@registry.example>"
    mail["To"] = row.payload.get("to", "officer@hotel.example")
    mail.set_content("Hello")
    return mail


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, OutboxState, str]]:
    """Registers the topic `test`; fills with (key, state, reason) as rows end."""
    ends: list[tuple[str, OutboxState, str]] = []
    monkeypatch.setattr(handlers, "_HANDLERS", dict(handlers._HANDLERS))
    monkeypatch.setattr(worker, "LINES", 1)  # what leaves first arrives first

    def settle(ended: list[handlers.Settled], at: datetime) -> None:
        ends.extend((one.message.key, one.state, one.reason) for one in ended)

    handlers.register("test", build=compose, settle=settle)
    return ends


@pytest.fixture
def mailer() -> Remembering:
    return Remembering()


@pytest.fixture
def ticking(_fixed_clock: None) -> Iterator[None]:
    """Time passes: sockets and deadlines need it."""
    with time_machine.travel("2026-11-22T10:00:00Z", tick=True):
        yield


@contextmanager
def serving(sink: Sink) -> Iterator[str]:
    """The URL of a mail server that hands everything to `sink`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()


@pytest.fixture
def smtp(ticking: None) -> Iterator[tuple[str, Sink]]:
    """URL and sink of a mail server."""
    sink = Sink()
    with serving(sink) as url:
        yield url, sink
