"""The outbox row: one mail to be sent, written in the transaction of the fact that it tells of."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q

from registry.kernel.ids import new_id


class OutboxState(models.TextChoices):
    """Where a message stands. `held`: kept back as a whole, after a restore, until someone releases it."""

    PENDING = "pending"
    SENT = "sent"
    SUPPRESSED = "suppressed"
    DEAD = "dead"
    HELD = "held"


class OutboxQuerySet(models.QuerySet):
    """Questions about the queue."""

    def due(self, *, at: datetime) -> Self:
        """Pending rows whose business moment has come, leased or not."""
        return self.filter(state=OutboxState.PENDING, due_at__lte=at)

    def dead(self) -> Self:
        """Given up: what a person may look at, and try again."""
        return self.filter(state=OutboxState.DEAD)

    def free(self, *, now: datetime) -> Self:
        """Rows that no living worker holds and whose back-off is over, by the real clock."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lt=now), retry_at__lte=now)


class OutboxMessage(models.Model):
    """One message. `due_at` is business time (a shifted clock releases it); leases and back-off are real time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=255, unique=True, help_text="The fact told of; a second put changes nothing.")
    topic = models.CharField(max_length=60, help_text="Chooses the handler.")
    payload = models.JSONField(default=dict, help_text="Ids only: addresses and texts are read when it is sent.")
    message_id = models.CharField(max_length=255, blank=True, help_text="Fixed before the first try.")
    state = models.CharField(max_length=10, choices=OutboxState.choices, default=OutboxState.PENDING)
    priority = models.PositiveSmallIntegerField(default=5, help_text="1 goes first, 9 last.")
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(help_text="Business moment from which it may leave.")
    retry_at = models.DateTimeField(help_text="Real moment from which it may be tried.")
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True, help_text="Business moment of the hand-over.")
    last_error = models.CharField(max_length=80, blank=True, help_text="A class name or a reason code, no text.")
    created_at = models.DateTimeField(help_text="Business moment of the fact.")

    # What the handler gathered for the worker that holds the row; no column.
    gathered: Any = None

    objects = OutboxQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["priority", "due_at", "id"],
                condition=Q(state=OutboxState.PENDING),
                name="outbox_pending_in_order",
            ),
            models.Index(fields=["state", "created_at"], name="outbox_by_state"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(state__in=OutboxState.values), name="outbox_state_known"),
            models.CheckConstraint(
                condition=~Q(state=OutboxState.SENT) | Q(sent_at__isnull=False), name="outbox_sent_has_moment"
            ),
        )


__all__ = ["OutboxMessage", "OutboxState"]
