"""The audit log: appended, never edited."""

from __future__ import annotations

from django.db import models

from registry.kernel.ids import new_id


class AuditEvent(models.Model):
    """One change of one row by one actor. Holds ids and field values, never contents of mails or answers."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(help_text="Business moment of the change.")
    recorded_at = models.DateTimeField(help_text="Real moment at which the row was written.")
    actor_id = models.UUIDField(null=True, blank=True)
    token_id = models.UUIDField(null=True, blank=True)
    actor_label = models.CharField(max_length=200)
    request_id = models.CharField(max_length=64, blank=True, db_index=True)
    action = models.CharField(max_length=80, help_text="`<resource>.<verb>`, such as `companies.create`.")
    object_type = models.CharField(max_length=60)
    object_id = models.UUIDField(null=True, blank=True)
    changes = models.JSONField(default=dict, help_text="Field → [before, after].")

    class Meta:
        indexes = (
            models.Index(fields=["object_id", "recorded_at"], name="audit_by_object"),
            models.Index(fields=["object_type", "recorded_at"], name="audit_by_kind"),
        )
