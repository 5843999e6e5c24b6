"""Calendar feeds: opened with a token that is shown once, revoked for good."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction

from codesign.reminders.models import CalendarFeed
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def open_feed(*, organisation_id: UUID, actor: Actor, at: datetime) -> tuple[CalendarFeed, str]:
    """A feed of one organisation's deadlines, and its token, which nobody can read again."""
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(organisation_id=organisation_id, digest=digest_of(token), created_at=at)
    record("calendar_feeds.open", feed, actor=actor, at=at, changes={"organisation": [None, organisation_id]})
    return feed, token


@transaction.atomic
def revoke_feed(*, feed_id: UUID, actor: Actor, at: datetime) -> CalendarFeed:
    """Whoever holds the token reads nothing any more. Twice changes nothing."""
    feed = CalendarFeed.objects.select_for_update(of=("self",)).get(pk=feed_id)
    if feed.revoked_at is None:
        feed.revoked_at, feed.version = at, feed.version + 1
        feed.save(update_fields=["revoked_at", "version"])
        record("calendar_feeds.revoke", feed, actor=actor, at=at, changes={"revoked_at": [None, at]})
    return feed
