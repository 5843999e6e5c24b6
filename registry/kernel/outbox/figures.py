"""How the queue is doing, for the health page and the metrics."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from django.db.models import Count, Min, Q

from registry.kernel import clock
from registry.kernel.outbox.models import OutboxMessage, OutboxState


class OutboxFigures(TypedDict):
    """Rows due, dead and held; `lag_seconds`: how long the row that waits longest has waited, in real time, 0: none.

    `oldest_due_at`: the earliest moment, by the business clock, at which one of them should have left; None: none.
    """

    due: int
    dead: int
    held: int
    lag_seconds: int
    oldest_due_at: datetime | None


def outbox_figures(*, at: datetime) -> OutboxFigures:
    """How many wait and for how long. One query."""
    due = Q(state=OutboxState.PENDING, due_at__lte=at)
    row = OutboxMessage.objects.exclude(state__in=(OutboxState.SENT, OutboxState.SUPPRESSED)).aggregate(
        due=Count("pk", filter=due),
        dead=Count("pk", filter=Q(state=OutboxState.DEAD)),
        held=Count("pk", filter=Q(state=OutboxState.HELD)),
        oldest=Min("retry_at", filter=due),
        oldest_due_at=Min("due_at", filter=due),
    )
    oldest = row.pop("oldest")
    lag = int((clock.real_now() - oldest).total_seconds()) if oldest else 0
    return OutboxFigures(
        due=row["due"],
        dead=row["dead"],
        held=row["held"],
        lag_seconds=max(lag, 0),
        oldest_due_at=row["oldest_due_at"],
    )
