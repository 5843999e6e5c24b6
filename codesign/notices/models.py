"""Notices: letters and mails about an obligation, and what became of each."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from codesign.notices.querysets import NoticeQuerySet
from registry.kernel.ids import new_id

__all__ = ["Notice", "NoticeChannel", "NoticeKind"]


class NoticeKind(models.TextChoices):
    """What a notice is about. Those that name a failing (`*_overdue`, `warning`) count for due process."""

    JOINING = "joining", "Approved, but not yet paid or signed"
    FEE_DUE = "fee_due", "A fee falls due"
    FEE_OVERDUE = "fee_overdue", "A fee is overdue"
    REPORT_DUE = "report_due", "A report falls due"
    REPORT_OVERDUE = "report_overdue", "A report is overdue"
    ACTION_DUE = "action_due", "An action of the plan falls due"
    TRAINING = "training", "Training lapses or is not shown"
    AGREEMENT_ENDING = "agreement_ending", "The agreement ends"
    WARNING = "warning", "A measure is announced"


class NoticeChannel(models.TextChoices):
    """How a notice travelled."""

    EMAIL = "email", "E-mail"
    REGISTERED_LETTER = "registered_letter", "Registered letter"


class Notice(models.Model):
    """One notice that was handed over. `delivered_at` is a provider's receipt; silence is judged by the rules."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey("codesign.CodeMembership", models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=20, choices=NoticeKind)
    channel = models.CharField(max_length=20, choices=NoticeChannel, default=NoticeChannel.EMAIL)
    contact = models.ForeignKey("members.Contact", models.SET_NULL, null=True, blank=True, related_name="+")
    reference = models.CharField(
        max_length=200,
        blank=True,
        help_text="Key of the message at its sender, or the number of a registered letter; recorded once.",
    )
    sent_at = models.DateTimeField(help_text="Handed over to the post or to the mail server.")
    delivered_at = models.DateTimeField(null=True, blank=True, help_text="A provider's receipt, if there is one.")
    bounced_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["reference"], condition=~Q(reference=""), name="notice_recorded_once"),
            models.CheckConstraint(
                condition=Q(delivered_at=None) | Q(delivered_at__gte=F("sent_at")), name="notice_delivered_after_sent"
            ),
            models.CheckConstraint(
                condition=Q(bounced_at=None) | Q(bounced_at__gte=F("sent_at")), name="notice_bounced_after_sent"
            ),
        )
        indexes = (models.Index(fields=["membership", "sent_at"], name="notice_by_membership"),)
