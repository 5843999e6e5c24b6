"""What officers put off, and what they talked about with a company."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from codesign.standing.models import Side
from codesign.worklist.kinds import WorkKind
from codesign.worklist.querysets import ContactLogQuerySet, SnoozeQuerySet
from registry.kernel.ids import new_id

__all__ = ["ContactLogEntry", "ContactWay", "Snooze"]


class Snooze(models.Model):
    """One piece of work that one side does not want to see before a day: the newest word on it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    side = models.CharField(max_length=20, choices=Side, help_text="Whose list it leaves.")
    kind = models.CharField(max_length=20, choices=WorkKind)
    subject_id = models.UUIDField(help_text="Id of the row that the work is about.")
    company = models.ForeignKey(
        "codesign.Company", models.CASCADE, null=True, blank=True, related_name="+", help_text="None: of a claim."
    )
    until = models.DateField(help_text="The day on which it comes back.")
    reason = models.CharField(max_length=300)
    snoozed_by_label = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    woken_at = models.DateTimeField(null=True, blank=True)

    objects = SnoozeQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["side", "kind", "subject_id"], name="snooze_once_per_side_and_work"),
        )


class ContactWay(models.TextChoices):
    """How officer and company spoke."""

    CALL = "call", "Call"
    VISIT = "visit", "Visit"
    MEETING = "meeting", "Meeting"
    MAIL = "mail", "Mail"


class ContactLogEntry(models.Model):
    """What an officer and a company talked about, and what comes next. Never a suspicion, never a person's name."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey("codesign.Company", models.PROTECT, related_name="contact_log")
    way = models.CharField(max_length=10, choices=ContactWay)
    happened_on = models.DateField()
    summary = models.TextField(help_text="At most 1,000 letters.")
    next_step = models.CharField(max_length=300, blank=True)
    next_step_due_on = models.DateField(null=True, blank=True)
    next_step_settled_on = models.DateField(null=True, blank=True)
    logged_by_id = models.UUIDField(null=True, blank=True)
    logged_by_label = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = ContactLogQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "contact log entries"
        constraints = (
            models.CheckConstraint(
                condition=Q(next_step="", next_step_due_on=None) | ~Q(next_step=""),
                name="contact_log_due_day_has_a_step",
            ),
        )
        indexes = (
            models.Index(fields=["company", "happened_on"], name="contact_log_by_company"),
            models.Index(
                fields=["next_step_due_on", "id"],
                condition=Q(next_step_settled_on=None) & Q(next_step_due_on__isnull=False),
                name="contact_log_open_by_due",
            ),
        )
