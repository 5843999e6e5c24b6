"""Mails by a provider's API, and what the provider reports afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from anymail.exceptions import AnymailRecipientsRefused
from anymail.signals import AnymailTrackingEvent
from django.core import mail

from codesign.api import mail_webhooks
from codesign.reminders import actions
from codesign.reminders.models import Occurrence
from members.people.models import Contact
from registry.kernel.mail import Mailer, Rejected
from registry.kernel.outbox import worker
from tests.factories.reminders import make_contact, make_obligation, make_rule

pytestmark = pytest.mark.django_db
SENT_AT = datetime(2026, 11, 22, 10, tzinfo=UTC)  # the fixed clock of the suite


@pytest.fixture
def handed_over() -> Any:
    """One reminder handed over to a provider."""
    make_rule()
    make_contact(
        organisation=make_obligation(due_on=date(2026, 11, 19)).company.organisation, email="officer@zee.example"
    )
    actions.plan(at=SENT_AT)
    with Mailer("anymail://test?server_token=x") as mailer:
        worker.deliver_batch(at=SENT_AT, mailer=mailer)
    return mail.outbox[0]


def test_a_provider_gets_the_whole_mail_and_our_id(handed_over: Any) -> None:
    occurrence = Occurrence.objects.select_related("letter").get(step=1)

    assert occurrence.state == "handed_over"
    assert (handed_over.to, handed_over.metadata) == (
        ["officer@zee.example"],
        {"message_id": occurrence.letter.message_id},
    )
    assert handed_over.extra_headers["Auto-Submitted"] == "auto-generated"
    assert handed_over.alternatives[0][1] == "text/html"


@pytest.mark.parametrize(
    ("event_type", "reject_reason", "state", "is_held"),
    [
        ("delivered", None, "delivered", False),
        ("bounced", "bounced", "bounced", True),
        ("bounced", "other", "soft_bounce", False),
        ("complained", None, "bounced", True),
        ("opened", None, "handed_over", False),
    ],
)
def test_a_report_of_the_provider_is_entered(
    handed_over: Any, event_type: str, reject_reason: str | None, state: str, is_held: bool
) -> None:
    event = AnymailTrackingEvent(
        event_type=event_type, reject_reason=reject_reason, metadata=handed_over.metadata, timestamp=SENT_AT
    )

    mail_webhooks.receive(None, event, "Test")
    mail_webhooks.receive(None, AnymailTrackingEvent(event_type=event_type, metadata={}), "Test")

    assert Occurrence.objects.get(step=1).state == state
    assert (Contact.objects.get().on_hold_since is not None) is is_held


def test_a_recipient_that_the_provider_refuses_is_a_hard_bounce(monkeypatch: pytest.MonkeyPatch) -> None:
    from anymail.backends.test import EmailBackend

    def refuse(*_: Any) -> None:
        raise AnymailRecipientsRefused

    monkeypatch.setattr(EmailBackend, "post_to_esp", refuse)
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@b.example", "c@d.example", "x"
    message.set_content("y")

    with Mailer("anymail://test") as mailer, pytest.raises(Rejected):
        mailer.send(message, seconds=5)
