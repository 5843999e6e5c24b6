"""Reminder rules with their steps, and the occurrences that the planner writes."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q

from codesign.reminders.lifecycle import OccurrenceState
from codesign.reminders.querysets import OccurrenceQuerySet, RuleQuerySet
from members.people.models import ContactRole
from registry.kernel.ids import new_id

__all__ = ["Occurrence", "ReminderRule", "ReminderStep"]

# Stands in the unique key where nobody holds the role: a null would let the row in twice.
NOBODY = UUID(int=0)


class ReminderKind(models.TextChoices):
    """What a rule looks at; each kind has its source of subjects."""

    REPORT_DUE = "report_due", "A report falls due"


class ReminderClass(models.TextChoices):
    """How binding a reminder is: nobody can opt out of an obligation."""

    OBLIGATION = "obligation"
    SERVICE = "service"
    OPTIONAL = "optional"


class ReminderChannel(models.TextChoices):
    """How a reminder travels."""

    EMAIL = "email"


class ReminderRule(models.Model):
    """One version of a rule. It plans nothing that fell due before `effective_from`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=20, choices=ReminderKind)
    binding = models.CharField(max_length=12, choices=ReminderClass, default=ReminderClass.OBLIGATION)
    names = models.JSONField(help_text="Language → name.")
    moves_off_weekends = models.BooleanField(default=True, help_text="A weekend moves the mail to Monday.")
    priority = models.PositiveSmallIntegerField(default=5, help_text="1 goes first, 9 last.")
    effective_from = models.DateField()
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = RuleQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["code", "version"], name="reminder_rule_version_once"),)


class ReminderStep(models.Model):
    """One step of a rule to one role: `offset_days` after the anchor, before it when negative."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rule = models.ForeignKey(ReminderRule, models.CASCADE, related_name="steps")
    offset_days = models.SmallIntegerField()
    contact_role = models.CharField(max_length=20, choices=ContactRole)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["rule", "offset_days", "contact_role"], name="reminder_step_once"),
        )


class Occurrence(models.Model):
    """One step of one rule for one subject and one recipient: planned once, whatever runs twice."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rule_code = models.CharField(max_length=40)
    rule_version = models.PositiveSmallIntegerField()
    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    organisation = models.ForeignKey("members.Organisation", models.PROTECT, related_name="+")
    membership = models.ForeignKey("codesign.CodeMembership", models.PROTECT, related_name="occurrences")
    anchor_on = models.DateField(help_text="The day from which the steps count.")
    step = models.SmallIntegerField(help_text="Days after the anchor.")
    contact_role = models.CharField(max_length=20, choices=ContactRole)
    contact = models.ForeignKey("members.Contact", models.SET_NULL, null=True, blank=True, related_name="+")
    recipient = models.UUIDField(default=NOBODY, help_text="The contact's id as planned; all zeros: nobody.")
    channel = models.CharField(max_length=10, choices=ReminderChannel, default=ReminderChannel.EMAIL)
    state = models.CharField(max_length=12, choices=OccurrenceState, default=OccurrenceState.DUE)
    reason = models.CharField(max_length=80, blank=True)
    due_at = models.DateTimeField(help_text="09:00 of the recipient on the first open day.")
    planned_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["rule_code", "subject_id", "anchor_on", "step", "contact_role", "recipient", "channel"],
                name="occurrence_once",
            ),
        )
        indexes = (
            models.Index(fields=["due_at", "id"], name="occurrence_by_due"),
            models.Index(fields=["organisation", "due_at"], name="occurrence_by_organisation"),
            models.Index(fields=["rule_code", "id"], condition=Q(state="due"), name="occurrence_waiting"),
        )

    @property
    def key(self) -> str:
        """The occurrence key as text: also the key of its message in the outbox."""
        parts = (self.rule_code, self.subject_id.hex, self.anchor_on.isoformat(), str(self.step))
        return ":".join((*parts, self.contact_role, self.recipient.hex, self.channel))
