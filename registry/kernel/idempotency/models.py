"""Answers kept for a day, by caller and key."""

from __future__ import annotations

from django.db import models

from registry.kernel.ids import new_id


class StoredAnswer(models.Model):
    """The first answer to an Idempotency-Key. Written in the transaction of the effect itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    caller = models.CharField(max_length=100)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path, query and body.")
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(null=True, help_text="Null when the answer holds a secret and is not kept.")
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["caller", "key"], name="one_answer_per_key"),)
