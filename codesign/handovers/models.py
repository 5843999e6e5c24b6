"""Handovers of countries."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from codesign.handovers.querysets import HandoverQuerySet
from registry.kernel.ids import new_id

__all__ = ["Handover"]


class Handover(models.Model):
    """A country that changes hands on a day. The mandates say who; without one the secretariat stands in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    country = models.ForeignKey("members.Country", models.PROTECT, related_name="+")
    former = models.OneToOneField(
        "members.Mandate",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="handover",
        help_text="Handed over once; None: the secretariat stood in.",
    )
    successor = models.OneToOneField(
        "members.Mandate",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="takeover",
        help_text="None: the secretariat stands in.",
    )
    effective_on = models.DateField(help_text="First day of the successor.")
    reason = models.CharField(max_length=500, blank=True)
    carried_out_at = models.DateTimeField(null=True, blank=True, help_text="When the companies moved.")
    company_count = models.PositiveIntegerField(null=True, blank=True, help_text="How many moved; None: not yet.")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(former__isnull=False) | Q(successor__isnull=False), name="handover_from_or_to_somebody"
            ),
        )
        indexes = (
            models.Index(fields=["effective_on"], condition=Q(carried_out_at=None), name="handover_not_carried_out"),
        )

    def __str__(self) -> str:
        return f"{self.country_id} {self.effective_on}"
