"""States of an occurrence. Read aloud: planned, due, claimed, handed over, delivered; or why not."""

from __future__ import annotations

from django.db.models import TextChoices

from registry.kernel.outbox.models import OutboxState


class OccurrenceState(TextChoices):
    """What became of one step of one rule for one recipient."""

    PLANNED = "planned", "Planned, its hour has not come"
    DUE = "due", "Due, waits for the mail of the day"
    CLAIMED = "claimed", "In a mail that is being sent"
    HANDED_OVER = "handed_over", "Handed over to the mail server"
    DELIVERED = "delivered", "Delivered, by the provider's receipt"
    SOFT_BOUNCE = "soft_bounce", "Refused for now by the recipient's server"
    HARD_BOUNCE = "bounced", "Refused for good by the recipient's server"
    SUPPRESSED = "suppressed", "Not sent, for the reason given"
    SUPERSEDED = "superseded", "The day it counted from, or its recipient, has changed"
    SKIPPED_LATE = "skipped_late", "A newer step went in its place"
    CANCELLED = "cancelled", "Cancelled by a person"
    HANDLED = "handled", "Handled elsewhere, says a person"
    UNKNOWN = "unknown", "Nobody knows whether it left"
    DEAD = "dead", "Given up after repeated faults"


# Not left yet, and no worker has it in hand.
WAITING = (OccurrenceState.PLANNED, OccurrenceState.DUE)
# What counts as done: no holder of the role gets this step again.
DONE = (OccurrenceState.HANDED_OVER, OccurrenceState.DELIVERED, OccurrenceState.SOFT_BOUNCE)
# A person or the unknown has decided as well: the plan leaves the step alone.
CLOSED = (*DONE, OccurrenceState.CANCELLED, OccurrenceState.HANDLED, OccurrenceState.UNKNOWN)
# Ends that a plan which still holds may undo.
REARMED = (OccurrenceState.SUPERSEDED, OccurrenceState.SUPPRESSED)

# The connection broke or the process died: the mail may be out, or not.
_NOBODY_KNOWS = ("worker_lost", "DeadlineOver", "SMTPServerDisconnected", "TimeoutError")
# A build that finds the occurrence moved on answers its state as the reason: it stays.
_KEPT = {OccurrenceState.SUPERSEDED, OccurrenceState.SKIPPED_LATE, OccurrenceState.CANCELLED, OccurrenceState.HANDLED}


def state_after(state: OutboxState, reason: str) -> OccurrenceState:
    """What the end of a message means for an occurrence in it."""
    if state == OutboxState.SENT:
        return OccurrenceState.HANDED_OVER
    if state == OutboxState.DEAD:
        if reason == "rejected":
            return OccurrenceState.HARD_BOUNCE
        return OccurrenceState.UNKNOWN if reason in _NOBODY_KNOWS else OccurrenceState.DEAD
    return state_of_refusal(reason)


def state_of_refusal(reason: str) -> OccurrenceState:
    """The state of what was looked at again and must not go."""
    return OccurrenceState(reason) if reason in _KEPT else OccurrenceState.SUPPRESSED


class DeliveryEvent(TextChoices):
    """What a provider, or a person, tells about a mail after it was handed over."""

    DELIVERED = "delivered", "It arrived"
    SOFT_BOUNCE = "soft_bounce", "It came back for now"
    HARD_BOUNCE = "hard_bounce", "It came back for good"
    COMPLAINT = "complaint", "The recipient calls it unwanted"


STATE_AFTER_EVENT = {
    DeliveryEvent.DELIVERED: OccurrenceState.DELIVERED,
    DeliveryEvent.SOFT_BOUNCE: OccurrenceState.SOFT_BOUNCE,
    DeliveryEvent.HARD_BOUNCE: OccurrenceState.HARD_BOUNCE,
    DeliveryEvent.COMPLAINT: OccurrenceState.HARD_BOUNCE,
}
