"""Mails leave here, one address each: into a Maildir in DATA_DIR, to an SMTP server, or to a provider by URL.

Both go through `Mailer`, which the outbox keeps open for a batch, and through the framework's
backend below, so that a password reset lands where the reminders land.
"""

from __future__ import annotations

import mailbox
import math
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, default
from email.utils import getaddresses
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage as FrameworkMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email

from registry.kernel.errors import Rejected

CONNECT_SECONDS = 10.0
# A header stays on its line as long as the standard lets it: who looks for a subject finds it.
WIRE = SMTP.clone(max_line_length=998)
FRAMEWORK_SECONDS = 20.0


class _Remembering(EmailPolicy):
    """Parses a header once for all mails that carry the same: most of them do."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """The header's name and its parsed value."""
        return _parsed(name, value) if type(value) is str else super().header_store_parse(name, value)


@lru_cache(maxsize=2048)
def _parsed(name: str, value: str) -> tuple[str, Any]:
    return default.header_store_parse(name, value)


# What mails are made with: `EmailMessage(policy=LETTER)`.
LETTER = _Remembering()


class NotOneAddress(ValueError):
    """What should be one mail address is none, or several."""


class DeadlineOver(Exception):
    """The mail took longer than its lease allows."""


class Transport(Protocol):
    """A way out of the house."""

    def send(self, content: bytes, *, sender: str, recipient: str, deadline: float) -> None: ...

    def close(self) -> None: ...


def one_address(text: str) -> str:
    """The single address in `text`; a list passed off as one is refused, or a mail would reach a stranger."""
    found = [address for _, address in getaddresses([text])]
    try:
        validate_email(found[0] if len(found) == 1 else "")
    except ValidationError as error:
        raise NotOneAddress("A mail goes to exactly one address.") from error
    return found[0]


def mailbox_folder() -> Path | None:
    """Where the Maildir lies; None when mails leave by SMTP."""
    return Path(settings.DATA_DIR) / "mailbox" if urlsplit(settings.MAIL_URL).scheme == "maildir" else None


class Mailer:
    """Sends mails over connections that it keeps: as many as send at once, opened when needed, dropped when broken."""

    def __init__(self, url: str | None = None) -> None:
        self._url = urlsplit(url or settings.MAIL_URL)
        self._idle: list[Transport] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._idle:
            self._idle.pop().close()

    def send(self, message: EmailMessage, *, seconds: float) -> None:
        """Hand `message` over within `seconds`, all network operations together; from any thread.

        Raises Rejected, NotOneAddress, DeadlineOver, or what the network raises.
        """
        deadline = time.monotonic() + seconds
        recipient = one_address(str(message["To"] or ""))
        sender = one_address(str(message["From"] or ""))
        content = message.as_bytes(policy=WIRE)
        try:
            transport = self._idle.pop()
        except IndexError:
            transport = _transport(self._url, deadline)
        try:
            transport.send(content, sender=sender, recipient=recipient, deadline=deadline)
        except Rejected:
            self._idle.append(transport)
            raise
        except BaseException:
            # Whatever happened, the dialogue may stand anywhere: the next mail starts a new one.
            transport.close()
            raise
        self._idle.append(transport)


def _transport(url: SplitResult, deadline: float) -> Transport:
    if url.scheme == "maildir":
        return MaildirTransport(url)
    if url.scheme == "anymail":
        from registry.kernel.mail_providers import ProviderTransport  # its clients are heavy: only where they serve

        return ProviderTransport(url)
    return SmtpTransport(url, deadline)


class MaildirTransport:
    """Mails as files: written and synced under a temporary name, then renamed, so that a kill tears none."""

    _naming = threading.Lock()  # names are counted for the whole process

    def __init__(self, url: SplitResult) -> None:
        folder = Path(url.path) if url.path else Path(settings.DATA_DIR) / "mailbox"
        for part in ("tmp", "new", "cur"):  # several may come first: made by whoever does, there for the others
            (folder / part).mkdir(parents=True, exist_ok=True)
        self._box = mailbox.Maildir(folder)

    def send(self, content: bytes, *, sender: str, recipient: str, deadline: float) -> None:
        """Add one file."""
        with self._naming:
            self._box.add(content)

    def close(self) -> None:
        """Nothing is held open."""


class SmtpTransport:
    """`smtp://user:password@host:port` (`?starttls=1`) or `smtps://…`, with an absolute deadline per mail."""

    def __init__(self, url: SplitResult, deadline: float) -> None:
        host, timeout = url.hostname or "localhost", min(CONNECT_SECONDS, _left(deadline))
        tls = ssl.create_default_context()
        self._smtp: smtplib.SMTP = (
            smtplib.SMTP_SSL(timeout=timeout, context=tls) if url.scheme == "smtps" else smtplib.SMTP(timeout=timeout)
        )
        self._smtp._host = host  # type: ignore[attr-defined]  # the name to verify; connect() alone leaves it empty
        self._watchdog = Watchdog(self._smtp)
        with self._watchdog.until(deadline):
            try:
                self._smtp.connect(host, url.port or (465 if url.scheme == "smtps" else 25))
                if parse_qs(url.query).get("starttls") == ["1"]:
                    self._smtp.starttls(context=tls)
                if url.username:
                    self._smtp.login(unquote(url.username), unquote(url.password or ""))
            except BaseException:
                self._watchdog.dismiss()
                self._smtp.close()
                raise

    def send(self, content: bytes, *, sender: str, recipient: str, deadline: float) -> None:
        """One mail, one recipient."""
        with self._watchdog.until(deadline):
            try:
                self._smtp.sendmail(sender, [recipient], content)
            except smtplib.SMTPRecipientsRefused as error:
                code = error.recipients[recipient][0]
                if 500 <= code < 600:
                    raise Rejected(str(code)) from error
                raise

    def close(self) -> None:
        """Say good-bye if the line still stands; the mails are handed over already."""
        self._watchdog.dismiss()
        try:
            if self._smtp.sock is not None:
                self._smtp.sock.settimeout(1)
            self._smtp.quit()
        except (OSError, smtplib.SMTPException):
            self._smtp.close()


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise DeadlineOver
    return left


class Watchdog:
    """Cuts a line when a deadline comes.

    A socket's timeout counts per operation: a server that drips a byte a second is never late. Shutting the socket
    from outside ends any operation that is under way. One thread for as long as the line is open.
    """

    def __init__(self, smtp: smtplib.SMTP) -> None:
        self._smtp, self._deadline, self._has_cut = smtp, math.inf, False
        self._dismissed = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self._dismissed.wait(0.1):  # again and again: the line may still be opening
            if time.monotonic() >= self._deadline and (line := self._smtp.sock) is not None:
                self._has_cut = True
                with suppress(OSError):  # closed in the same moment
                    line.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def until(self, deadline: float) -> Iterator[None]:
        """What happens inside ends by then. Raises DeadlineOver."""
        left = _left(deadline)
        if self._smtp.sock is not None:
            self._smtp.sock.settimeout(left)
        self._deadline = deadline
        try:
            yield
        except (OSError, smtplib.SMTPException) as error:
            # The socket's own timeout ends in the same moment, and may be the first to tell.
            if self._has_cut or time.monotonic() >= deadline:
                raise DeadlineOver from error
            raise
        finally:
            self._deadline = math.inf

    def dismiss(self) -> None:
        """The line is no longer in use."""
        self._dismissed.set()


class Backend(BaseEmailBackend):
    """The framework's own mails (password reset, verification) on the same way out, one recipient at a time."""

    def send_messages(self, email_messages: Sequence[FrameworkMessage]) -> int:
        """Send each to each of its recipients; the count of messages handed over."""
        with Mailer() as mailer:
            for message in email_messages:
                for recipient in message.recipients():
                    message.to, message.cc, message.bcc = [recipient], [], []
                    mailer.send(_modern(message), seconds=FRAMEWORK_SECONDS)
        return len(email_messages)


def _modern(message: FrameworkMessage) -> EmailMessage:
    """The framework's message as the standard library's present class."""
    parsed = message_from_bytes(message.message().as_bytes(), policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed
