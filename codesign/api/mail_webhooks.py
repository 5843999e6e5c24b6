"""What mail providers report of mails that they took: a receipt, a bounce, a complaint."""

from __future__ import annotations

from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking

from codesign.reminders import actions
from codesign.reminders.lifecycle import DeliveryEvent
from registry.kernel import clock
from registry.kernel.audit.actor import SYSTEM

_LASTING = {RejectReason.INVALID, RejectReason.BOUNCED, RejectReason.BLOCKED, RejectReason.UNSUBSCRIBED}
_SAME = {
    EventType.DELIVERED: DeliveryEvent.DELIVERED,
    EventType.COMPLAINED: DeliveryEvent.COMPLAINT,
    EventType.REJECTED: DeliveryEvent.HARD_BOUNCE,
    EventType.FAILED: DeliveryEvent.SOFT_BOUNCE,
}


def event_of(event: AnymailTrackingEvent) -> DeliveryEvent | None:
    """What it means here; None for what tells nothing of delivery, such as an opened mail."""
    if event.event_type == EventType.BOUNCED:
        return DeliveryEvent.HARD_BOUNCE if event.reject_reason in _LASTING else DeliveryEvent.SOFT_BOUNCE
    return _SAME.get(event.event_type)


def receive(sender: Any, event: AnymailTrackingEvent, esp_name: str, **_: Any) -> None:
    """Enter one report of a provider; of a mail that is not ours, or that tells nothing, nothing."""
    kind, message_id = event_of(event), (event.metadata or {}).get("message_id", "")
    if kind is not None and message_id:
        now = clock.now()
        actions.enter(message_id=message_id, event=kind, happened_at=event.timestamp or now, actor=SYSTEM, at=now)


def connect() -> None:
    """Listen to the adapter; once, whatever calls it twice."""
    tracking.connect(receive, dispatch_uid="codesign.mail_webhooks")
