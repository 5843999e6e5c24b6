"""Statements that led to a completion."""

from __future__ import annotations

from django.db import models

from codesign.statements.querysets import StatementQuerySet
from registry.kernel.ids import new_id

__all__ = ["Statement"]


class Statement(models.Model):
    """What a learning system said, as far as it is recorded; the person is the completion's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey("codesign.Company", models.PROTECT, related_name="+")
    statement_id = models.UUIDField(help_text="As the system chose it.")
    completion = models.ForeignKey("codesign.Completion", models.CASCADE, related_name="statements")
    home_page = models.CharField(max_length=300)
    verb = models.CharField(max_length=200)
    activity = models.CharField(max_length=300)
    said_at = models.DateTimeField(help_text="Its timestamp.")
    stored_at = models.DateTimeField()

    objects = StatementQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["company", "statement_id"], name="statement_once_per_company"),)

    def __str__(self) -> str:
        return str(self.statement_id)
