"""Removing what has served its time: sessions that ended, stored answers, files that no document names."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.sessions.models import Session

from registry.kernel.documents import actions as documents
from registry.kernel.idempotency import actions as idempotency


def remove_expired(*, at: datetime) -> int:
    """Remove what had expired at the real moment `at`; answers the number of rows and files."""
    sessions, _ = Session.objects.filter(expire_date__lt=at).delete()
    return sessions + idempotency.forget(before=at - settings.API_IDEMPOTENCY_KEPT) + documents.sweep(at=at)
