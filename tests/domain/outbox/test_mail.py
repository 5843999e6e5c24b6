"""Mails leave: by a real server, into a Maildir, one address each, within a deadline."""

from __future__ import annotations

import asyncio
import mailbox
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import send_mail

from registry.kernel.mail import DeadlineOver, Mailer, NotOneAddress, Rejected, one_address
from registry.kernel.outbox import worker
from registry.kernel.outbox.actions import message_id_of
from registry.kernel.outbox.models import OutboxMessage
from tests.domain.outbox.conftest import Sink, serving
from tests.factories.reminders import make_message


def letter(to: str = "officer@hotel.example") -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Hello", "register@registry.example", to
    mail["Message-ID"] = "<one@registry.example>"
    mail.set_content("Grüße\n")
    return mail


def test_smtp_delivers_over_one_connection(smtp: tuple[str, Sink]) -> None:
    url, sink = smtp

    with Mailer(url) as mailer:
        for _ in range(3):
            mailer.send(letter(), seconds=5)

    assert [(sender, to) for sender, to, _ in sink.received] == [
        ("register@registry.example", ["officer@hotel.example"])
    ] * 3
    assert all(b"Message-ID: <one@registry.example>" in content for _, _, content in sink.received)


class CountingSink(Sink):
    """Counts its callers."""

    def __init__(self) -> None:
        super().__init__()
        self.callers = 0

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """Somebody calls."""
        self.callers += 1
        session.host_name = hostname
        return responses

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """One mail, taken slowly, so that lines are used at once."""
        await asyncio.sleep(0.02)
        return await super().handle_DATA(server, session, envelope)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("settled")
def test_batches_share_a_few_lines(ticking: None, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LINES", 3)
    sink = CountingSink()
    for number in range(20):
        make_message(key=f"{number}")

    with serving(sink) as url, Mailer(url) as mailer:
        assert [worker.deliver_batch(at=at, mailer=mailer, size=10) for _ in range(3)] == [10, 10, 0]

    assert (len(sink.received), sink.callers) == (20, 3)
    assert OutboxMessage.objects.filter(state="sent").count() == 20


def test_smtp_goes_on_after_a_refused_recipient(smtp: tuple[str, Sink]) -> None:
    url, sink = smtp

    with Mailer(url) as mailer:
        with pytest.raises(Rejected):
            mailer.send(letter("gone@hotel.example"), seconds=5)
        mailer.send(letter(), seconds=5)

    assert [to for _, to, _ in sink.received] == [["officer@hotel.example"]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("settled")
def test_outbox_really_sends_with_its_message_id(smtp: tuple[str, Sink], at: datetime) -> None:
    url, sink = smtp
    make_message(key="a")

    with Mailer(url) as mailer:
        worker.deliver_batch(at=at, mailer=mailer)

    assert len(sink.received) == 1
    assert f"Message-ID: {message_id_of('a')}".encode() in sink.received[0][2]
    assert OutboxMessage.objects.get().state == "sent"


@pytest.fixture
def dripping(ticking: None) -> Any:
    """A server that answers one byte at a time, for ever, and counts its callers."""
    server = socket.create_server(("127.0.0.1", 0))
    callers: list[int] = []
    over = threading.Event()

    def drip(line: socket.socket) -> None:
        try:
            while not over.is_set():
                line.sendall(b"2")
                time.sleep(0.05)
        except OSError:
            pass

    def serve() -> None:
        while not over.is_set():
            try:
                line, _ = server.accept()
            except OSError:
                return
            callers.append(1)
            threading.Thread(target=drip, args=(line,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield f"smtp://127.0.0.1:{server.getsockname()[1]}", callers
    over.set()
    server.close()


def test_deadline_is_absolute_against_a_server_that_drips(dripping: Any) -> None:
    url, callers = dripping
    start = time.monotonic()

    with pytest.raises(DeadlineOver), Mailer(url) as mailer:
        mailer.send(letter(), seconds=0.5)

    assert (time.monotonic() - start < 3, len(callers)) == (True, 1)


class DrippingSink(Sink):
    """Takes the mail, then answers for longer than any deadline."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """One mail, never acknowledged in time."""
        await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(2)
        return "250 OK"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("settled")
def test_slow_server_gets_one_copy_while_the_row_backs_off(
    ticking: None, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "SEND_SECONDS", 1.0)
    sink = DrippingSink()
    make_message(key="a")

    with serving(sink) as url, Mailer(url) as mailer:
        for _ in range(3):
            worker.deliver_batch(at=at, mailer=mailer)

    assert len(sink.received) == 1
    assert list(OutboxMessage.objects.values_list("state", "attempts", "last_error")) == [
        ("pending", 1, "DeadlineOver")
    ]


def test_maildir_keeps_whole_mails(tmp_path: Path) -> None:
    with Mailer(f"maildir://{tmp_path}/box") as mailer:
        mailer.send(letter(), seconds=5)

    kept = list(mailbox.Maildir(tmp_path / "box"))
    assert [(mail["To"], mail["Message-ID"]) for mail in kept] == [("officer@hotel.example", "<one@registry.example>")]


def test_a_maildir_takes_mails_from_several_lines_at_once(tmp_path: Path) -> None:
    for number in range(40):
        with Mailer(f"maildir://{tmp_path}/box-{number}") as mailer, ThreadPoolExecutor(6) as lines:
            sent = [lines.submit(mailer.send, letter(), seconds=5) for _ in range(6)]

        assert [one.exception() for one in sent] == [None] * 6
        assert len(mailbox.Maildir(tmp_path / f"box-{number}")) == 6


@pytest.mark.parametrize(
    "text", ["a@b.example, v@y.example", "a@b.example;v@y.example", "", "nobody", "a@b.example\nBcc: v@y.example"]
)
def test_several_addresses_are_none(text: str, tmp_path: Path) -> None:
    with pytest.raises(NotOneAddress):
        one_address(text)


def test_address_may_carry_a_name() -> None:
    assert one_address("The register <register@registry.example>") == "register@registry.example"


def test_mails_of_the_framework_leave_by_the_same_door(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND, settings.MAIL_URL = "registry.kernel.mail.Backend", f"maildir://{tmp_path}/box"

    send_mail("Reset", "Grüße", "register@registry.example", ["a@hotel.example", "b@hotel.example"])

    assert sorted(mail["To"] for mail in mailbox.Maildir(tmp_path / "box")) == ["a@hotel.example", "b@hotel.example"]
