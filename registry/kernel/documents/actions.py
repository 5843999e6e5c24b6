"""Store a document, take one away for good, and clear what belongs to none."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.documents import storage
from registry.kernel.documents.models import Document
from registry.kernel.documents.rules import Upload
from registry.kernel.ids import new_id

# No upload takes that long: what has no row by then belongs to a transaction that was rolled back.
ORPHAN_AGE = timedelta(hours=24)


@transaction.atomic
def store(upload: Upload, *, at: datetime) -> Document:
    """Keep a checked file. The content is on the disk before the row; `sweep` clears what a rollback leaves."""
    key = new_id()
    sha256 = storage.write(key, upload.file)
    return Document.objects.create(
        id=key,
        name=upload.name,
        media_type=upload.media_type,
        size_bytes=upload.size_bytes,
        sha256=sha256,
        created_at=at,
    )


@transaction.atomic
def remove(*, document_id: UUID, actor: Actor, at: datetime) -> Document:
    """Take a document away for good, leaving a tombstone; a restored backup doesn't bring it back. Repeatable."""
    document = Document.objects.select_for_update().get(pk=document_id)
    if document.removed_at is None:
        document.name, document.sha256, document.removed_at = "", "", at
        document.save(update_fields=["name", "sha256", "removed_at"])
        record("documents.remove", document, actor=actor, at=at)
        transaction.on_commit(lambda: _take_away(document_id))
    return document


def sweep(*, at: datetime) -> int:
    """Take away files that no row names, or whose row is a tombstone, by the real moment `at`; how many."""
    count = 0
    for key, path in storage.stored(before=(at - ORPHAN_AGE).timestamp()):
        if key is None or not Document.objects.filter(pk=key, removed_at=None).exists():
            path.unlink(missing_ok=True)
            count += 1
    return count


@transaction.atomic
def remove_again(*, actor: Actor, at: datetime) -> int:
    """Remove what a restored backup has brought back; how many. Safe to repeat."""
    keys = [key for key in sorted(storage.removed()) if Document.objects.filter(pk=key, removed_at=None).exists()]
    for key in keys:
        remove(document_id=key, actor=actor, at=at)
    return len(keys)


def _take_away(key: UUID) -> None:
    storage.remember_removed(key)
    storage.unlink(key)
