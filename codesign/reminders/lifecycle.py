"""States of an occurrence. Read aloud: due, then handed over, or why not."""

from __future__ import annotations

from django.db.models import TextChoices

from registry.kernel.outbox.models import OutboxState


class OccurrenceState(TextChoices):
    """What became of one step of one rule for one recipient."""

    DUE = "due", "Due, waits in the outbox"
    HANDED_OVER = "handed_over", "Handed over to the mail server"
    DELIVERED = "delivered", "Delivered, by the provider's receipt"
    BOUNCED = "bounced", "Refused by the recipient's server"
    SUPPRESSED = "suppressed", "Not sent, for the reason given"
    SUPERSEDED = "superseded", "The day it counted from has moved"
    SKIPPED_LATE = "skipped_late", "A newer step went in its place"
    CANCELLED = "cancelled", "Cancelled by a person"
    DEAD = "dead", "Given up after repeated faults"


# What counts as done: no holder of the role gets this step again.
DONE = (OccurrenceState.HANDED_OVER, OccurrenceState.DELIVERED)


def state_after(state: OutboxState, reason: str) -> OccurrenceState:
    """What the end of a message means for its occurrence."""
    if state == OutboxState.SENT:
        return OccurrenceState.HANDED_OVER
    if state == OutboxState.DEAD:
        return OccurrenceState.BOUNCED if reason == "rejected" else OccurrenceState.DEAD
    # A handler that finds the occurrence moved on answers its state as the reason: it stays.
    kept = {OccurrenceState.SUPERSEDED, OccurrenceState.SKIPPED_LATE, OccurrenceState.CANCELLED}
    return OccurrenceState(reason) if reason in kept else OccurrenceState.SUPPRESSED
