"""The row of a document. Which row of the register it belongs to, that row says by a foreign key."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from registry.kernel.ids import new_id

__all__ = ["Document"]


class Document(models.Model):
    """A file that was handed in. A removed one keeps its row as a tombstone: no name, no sum, no content."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=150, blank=True, help_text="As its sender called it.")
    media_type = models.CharField(max_length=100, help_text="Told by its content.")
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(name="", sha256=""), name="document_removed_says_nothing"
            ),
        )
