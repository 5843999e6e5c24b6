"""Endorsements, where a decision needs two, and the rules of procedure."""

from __future__ import annotations

from django.db import models

from codesign.companies.lifecycle import Move
from codesign.standing.querysets import EndorsementQuerySet, ProcessRuleQuerySet
from registry.kernel.ids import new_id

__all__ = ["Endorsement", "ProcessRule", "Side"]


class Side(models.TextChoices):
    """For whom an officer endorses."""

    REPRESENTATIVE = "representative", "Local Code Representative"
    SECRETARIAT = "secretariat", "Secretariat"


class Endorsement(models.Model):
    """One officer's yes to a move that needs two. It counts until anything else is decided."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey("codesign.CodeMembership", models.PROTECT, related_name="endorsements")
    move = models.CharField(max_length=20, choices=Move)
    after_version = models.PositiveIntegerField(
        help_text="Version that the newest decision led to when this was given; 0 before any decision."
    )
    side = models.CharField(max_length=20, choices=Side)
    officer_id = models.UUIDField()
    officer_label = models.CharField(max_length=200)
    reason_code = models.CharField(max_length=40, blank=True)
    endorsed_at = models.DateTimeField()

    objects = EndorsementQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["membership", "move", "after_version", "reason_code", "officer_id"],
                name="endorsement_once_per_officer",
            ),
        )


class ProcessRule(models.Model):
    """The numbers of the procedure, from a day on. The newest in force counts; a new row never edits the past."""

    effective_from = models.DateField(unique=True)
    notices_needed = models.PositiveSmallIntegerField(default=2)
    days_between_notices = models.PositiveSmallIntegerField(default=30)
    days_after_last_notice = models.PositiveSmallIntegerField(default=30)
    quiet_days = models.PositiveSmallIntegerField(
        default=5, help_text="A notice counts as delivered after so many days without a bounce."
    )
    approval_months = models.PositiveSmallIntegerField(
        default=12, help_text="An approved application with neither payment nor signature expires after these."
    )
    agreement_text = models.CharField(max_length=20, default="2024", help_text="Version of the text that is sent.")
    source = models.TextField(blank=True)

    objects = ProcessRuleQuerySet.as_manager()
