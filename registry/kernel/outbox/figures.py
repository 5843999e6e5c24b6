"""How the queue is doing, for the health page and the metrics."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Min, Q

from registry.kernel import clock
from registry.kernel.outbox.models import OutboxMessage, OutboxState


def outbox_figures(*, at: datetime) -> dict[str, int]:
    """Rows due, dead and held, and `lag_seconds`: how long the oldest due row waits, in real time; 0 when none.

    One query.
    """
    due = Q(state=OutboxState.PENDING, due_at__lte=at)
    row = OutboxMessage.objects.exclude(state__in=(OutboxState.SENT, OutboxState.SUPPRESSED)).aggregate(
        due=Count("pk", filter=due),
        dead=Count("pk", filter=Q(state=OutboxState.DEAD)),
        held=Count("pk", filter=Q(state=OutboxState.HELD)),
        oldest=Min("retry_at", filter=due),
    )
    oldest = row.pop("oldest")
    lag = int((clock.real_now() - oldest).total_seconds()) if oldest else 0
    return {**row, "lag_seconds": max(lag, 0)}
