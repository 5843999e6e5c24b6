"""The two halves around the sending: look again and build the mail; write down what became of it."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage

from codesign.notices.actions import record_notice
from codesign.reminders.lifecycle import OccurrenceState, state_after
from codesign.reminders.mails import compose
from codesign.reminders.models import Occurrence, ReminderRule
from codesign.reminders.sources import SOURCES, Source
from members.people.models import Contact, ContactRole
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.outbox.handlers import Suppressed
from registry.kernel.outbox.models import OutboxMessage, OutboxState


def build(message: OutboxMessage, at: datetime) -> EmailMessage | Suppressed:
    """The mail of an occurrence, or why it must not go any more. Reads only."""
    occurrence = (
        Occurrence.objects.select_related("contact", "organisation", "membership")
        .filter(pk=message.payload["occurrence"])
        .first()
    )
    if occurrence is None:
        return Suppressed("gone")
    if occurrence.state != OccurrenceState.DUE:
        return Suppressed(occurrence.state)
    source = source_of(occurrence)
    if reason := refusal(occurrence, source, at=at):
        return Suppressed(reason)
    return compose(occurrence, source, at=at)


def source_of(occurrence: Occurrence) -> Source:
    """The source of the rule version that planned it."""
    rule = ReminderRule.objects.get(code=occurrence.rule_code, version=occurrence.rule_version)
    return SOURCES[rule.kind]


def refusal(occurrence: Occurrence, source: Source, *, at: datetime) -> str:
    """The first condition that no longer holds, as a reason code; "" when it may go."""
    verdicts = source.verdicts(occurrence.subject_id, at=at)
    if not verdicts:
        return "subject_gone"
    for code, holds in verdicts.items():
        if not holds:
            return f"not_{code}"
    if not source.rows.filter(pk=occurrence.subject_id, **{source.columns["anchor_on"]: occurrence.anchor_on}).exists():
        return OccurrenceState.SUPERSEDED
    # The recipient as planned: a contact that was deleted since leaves no key of its own.
    contacts = Contact.objects.live(at.date()).filter(pk=occurrence.recipient, role=occurrence.contact_role)
    if not contacts.exists():
        return "contact_gone"
    represented_by = occurrence.membership.representative_id
    if occurrence.contact_role == ContactRole.LCR_OFFICER and represented_by:
        # A mandate may have been handed over since: the former representative gets nothing more.
        return "" if contacts.filter(organisation=represented_by).exists() else "not_representative"
    return ""


def settle(message: OutboxMessage, state: OutboxState, reason: str, at: datetime) -> None:
    """Enter the end state; a mail to the member itself is kept as a notice, which due process reads."""
    occurrence = Occurrence.objects.filter(pk=message.payload["occurrence"]).first()
    if occurrence is None:
        return
    Occurrence.objects.filter(pk=occurrence.pk).update(
        state=state_after(state, reason),
        reason=reason,
        settled_at=at,
        version=occurrence.version + 1,
    )
    if state == OutboxState.SENT and occurrence.contact_role == ContactRole.REPORTING_OFFICER:
        record_notice(
            membership_id=occurrence.membership_id,
            kind=source_of(occurrence).notice_kind(occurrence.step),
            sent_at=at,
            contact_id=occurrence.contact_id,
            reference=message.message_id,
            actor=SYSTEM,
            at=at,
        )
