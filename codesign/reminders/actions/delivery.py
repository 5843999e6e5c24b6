"""What becomes of a mail after it was handed over: receipts and bounces, and what they mean for a contact."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from codesign.notices.actions import mark_bounced, mark_delivered
from codesign.notices.models import Notice
from codesign.reminders.holding import hold_contact
from codesign.reminders.lifecycle import STATE_AFTER_EVENT, DeliveryEvent, OccurrenceState
from codesign.reminders.models import MailEvent, Occurrence
from codesign.reminders.rules import SOFT_BOUNCE_DAYS, SOFT_BOUNCES
from registry.kernel.audit.actor import Actor


@transaction.atomic
def enter(*, message_id: str, event: DeliveryEvent, happened_at: datetime, actor: Actor, at: datetime) -> int:
    """Keep what happened to a mail and all that was in it; how many items it bears on. The same again changes nothing.

    A receipt after a bounce, or a bounce after a receipt, is kept and changes no item: the first word stands.
    """
    items = list(Occurrence.objects.filter(letter__message_id=message_id).order_by("pk"))
    if not items:
        return 0
    contact_id = next((item.contact_id for item in items if item.contact_id), None)
    _, is_new = MailEvent.objects.get_or_create(
        message_id=message_id,
        event=event,
        happened_at=happened_at,
        defaults={"contact_id": contact_id, "recorded_at": at},
    )
    if not is_new:
        return len(items)
    open_to = (OccurrenceState.HANDED_OVER, OccurrenceState.SOFT_BOUNCE, OccurrenceState.UNKNOWN)
    touched = [item.pk for item in items if item.state in open_to]
    Occurrence.objects.filter(pk__in=touched).update(
        state=STATE_AFTER_EVENT[event], reason=event, settled_at=at, version=F("version") + 1
    )
    _tell_notices([item for item in items if item.pk in set(touched)], event, happened_at, actor=actor, at=at)
    if event in (DeliveryEvent.HARD_BOUNCE, DeliveryEvent.COMPLAINT) or _bounces_too_often(contact_id, happened_at):
        hold_contact(contact_id, source=f"{event} {message_id}", at=at)
    return len(items)


def _tell_notices(
    items: list[Occurrence], event: DeliveryEvent, happened_at: datetime, *, actor: Actor, at: datetime
) -> None:
    """A receipt delivers the notice; a lasting bounce undoes it. One that may still arrive says nothing yet."""
    notices = Notice.objects.filter(reference__in=[item.key for item in items], delivered_at=None, bounced_at=None)
    for notice in notices:  # a handful: the items of one mail
        moment = min(max(happened_at, notice.sent_at), at)  # a provider's clock may run ahead of ours
        if event == DeliveryEvent.DELIVERED:
            mark_delivered(notice_id=notice.pk, delivered_at=moment, actor=actor, at=at)
        elif event in (DeliveryEvent.HARD_BOUNCE, DeliveryEvent.SOFT_BOUNCE):
            mark_bounced(notice_id=notice.pk, bounced_at=moment, actor=actor, at=at)


def _bounces_too_often(contact_id: UUID | None, until: datetime) -> bool:
    if contact_id is None:
        return False
    since = until - timedelta(days=SOFT_BOUNCE_DAYS)
    lately = MailEvent.objects.filter(
        contact=contact_id, event=DeliveryEvent.SOFT_BOUNCE, happened_at__range=(since, until)
    )
    return lately.count() >= SOFT_BOUNCES
