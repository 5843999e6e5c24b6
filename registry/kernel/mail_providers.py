"""Mails through a provider's HTTP API, by the adapter that knows them all: `anymail://postmark?server_token=…`.

The host names the adapter's backend, the query its settings. A provider gives mails ids of its own; ours
travels along as metadata, so that its reports find the mail again.
"""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from urllib.parse import SplitResult, parse_qsl

from django.core.mail import EmailMultiAlternatives, get_connection

from registry.kernel.errors import Rejected

# What the adapter makes by itself, or the message carries as a field.
_OWN = {"subject", "from", "to", "reply-to", "content-type", "mime-version", "content-transfer-encoding"}


class ProviderTransport:
    """One provider; a mail a call."""

    def __init__(self, url: SplitResult) -> None:
        backend = f"anymail.backends.{url.hostname}.EmailBackend"
        options: dict[str, Any] = dict(parse_qsl(url.query))
        self._connection: Any = get_connection(backend, **options)

    def send(self, content: bytes, *, sender: str, recipient: str, deadline: float) -> None:
        """Hand one mail over; the adapter's own time limit stays under the deadline."""
        from anymail.exceptions import AnymailRecipientsRefused

        mail = message_from_bytes(content, policy=default)
        assert isinstance(mail, EmailMessage)
        try:
            self._connection.send_messages([_framed(mail)])
        except AnymailRecipientsRefused as error:
            raise Rejected("refused by the provider") from error

    def close(self) -> None:
        """Give the HTTP session back."""
        self._connection.close()


def _framed(mail: EmailMessage) -> EmailMultiAlternatives:
    """The standard library's message as the framework's."""
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))
    framed = EmailMultiAlternatives(
        subject=str(mail["Subject"] or ""),
        body=text.get_content() if text else "",
        from_email=str(mail["From"]),
        to=[str(mail["To"])],
        reply_to=[str(mail["Reply-To"])] if mail["Reply-To"] else None,
        headers={name: str(value) for name, value in mail.items() if name.lower() not in _OWN},
    )
    if page:
        framed.attach_alternative(page.get_content(), "text/html")
    framed.metadata = {"message_id": str(mail["Message-ID"] or "")}  # type: ignore[attr-defined]
    return framed
