"""Endorsements, where a decision needs two, and the rules of procedure."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from codesign.companies.lifecycle import Move
from codesign.standing.grounds import Ground
from codesign.standing.querysets import (
    AppealQuerySet,
    EndorsementQuerySet,
    ProcessRuleQuerySet,
    ProposalQuerySet,
    ReviewQuerySet,
)
from registry.kernel.ids import new_id

__all__ = [
    "Appeal",
    "AppealState",
    "Endorsement",
    "Hearing",
    "ProcessRule",
    "Proposal",
    "ProposalState",
    "Review",
    "ReviewOutcome",
    "Side",
]


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
    lapsed_years_to_suspend = models.PositiveSmallIntegerField(
        default=2, help_text="So many lapsed reports propose a suspension."
    )
    lapsed_years_to_terminate = models.PositiveSmallIntegerField(
        default=3, help_text="So many lapsed reports propose a termination."
    )
    appeal_days = models.PositiveSmallIntegerField(default=30, help_text="After a decision, to appeal it.")
    review_days = models.PositiveSmallIntegerField(
        default=30, help_text="After a suspension for safeguarding, to review it."
    )
    agreement_text = models.CharField(max_length=20, default="2024", help_text="Version of the text that is sent.")
    source = models.TextField(blank=True)

    objects = ProcessRuleQuerySet.as_manager()


class ProposalState(models.TextChoices):
    """What became of a proposal."""

    OPEN = "open", "Waits for a person"
    TAKEN = "taken", "Decided as proposed"
    DISMISSED = "dismissed", "A person decided against it"
    OBSOLETE = "obsolete", "What it rested on holds no more"


class Proposal(models.Model):
    """A measure that a rule, or an officer, proposes. It decides nothing: a person does."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey("codesign.CodeMembership", models.PROTECT, related_name="proposals")
    move = models.CharField(max_length=20, choices=Move)
    ground = models.CharField(max_length=20, choices=Ground, blank=True)
    anchor = models.CharField(max_length=60, help_text="What it rests on: it is proposed once for each.")
    facts = models.JSONField(default=dict)
    proposed_by_id = models.UUIDField(null=True, blank=True, help_text="None: a rule.")
    proposed_by_label = models.CharField(max_length=200)
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by_label = models.CharField(max_length=200, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    decision = models.ForeignKey("codesign.Decision", models.PROTECT, null=True, blank=True, related_name="proposals")
    version = models.PositiveIntegerField(default=1)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["membership", "move", "ground", "anchor"], name="proposal_once_per_anchor"),
            models.CheckConstraint(
                condition=Q(state="open", settled_at=None) | ~Q(state="open") & Q(settled_at__isnull=False),
                name="proposal_settled_has_moment",
            ),
        )
        indexes = (models.Index(fields=["state", "proposed_at"], name="proposal_by_state"),)


class AppealState(models.TextChoices):
    """What became of an appeal."""

    LODGED = "lodged", "Waits for a decision"
    UPHELD = "upheld", "The decision was overturned"
    TURNED_DOWN = "turned_down", "The decision stands"
    WITHDRAWN = "withdrawn", "Taken back"


class Appeal(models.Model):
    """A company's appeal against one decision, decided by others than those who decided it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    decision = models.OneToOneField("codesign.Decision", models.PROTECT, related_name="appeal")
    membership = models.ForeignKey("codesign.CodeMembership", models.PROTECT, related_name="appeals")
    state = models.CharField(max_length=12, choices=AppealState, default=AppealState.LODGED)
    text = models.TextField(blank=True, help_text="Neutral words; never about a case.")
    lodged_on = models.DateField()
    lodged_at = models.DateTimeField()
    lodged_by_id = models.UUIDField(null=True, blank=True)
    lodged_by_label = models.CharField(max_length=200)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by_id = models.UUIDField(null=True, blank=True)
    settled_by_label = models.CharField(max_length=200, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = AppealQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["membership", "lodged_at"], name="appeal_by_membership"),)


class Hearing(models.TextChoices):
    """Whether the company was heard."""

    HEARD = "heard", "It spoke"
    DECLINED = "declined", "It did not want to"
    SILENT = "silent", "It did not answer"


class ReviewOutcome(models.TextChoices):
    """What a review found."""

    STANDS = "stands", "The suspension stands"
    ENDED = "ended", "The suspension ends"


class Review(models.Model):
    """The review that follows a suspension without prior notice: the company is heard, others look again.

    Days and codes alone: no word about what was said.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    decision = models.OneToOneField("codesign.Decision", models.PROTECT, related_name="review")
    membership = models.ForeignKey("codesign.CodeMembership", models.PROTECT, related_name="reviews")
    due_on = models.DateField()
    hearing = models.CharField(max_length=10, choices=Hearing, blank=True)
    heard_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=ReviewOutcome, blank=True)
    concluded_on = models.DateField(null=True, blank=True)
    concluded_by_id = models.UUIDField(null=True, blank=True)
    concluded_by_label = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome="", concluded_on=None)
                | ~Q(outcome="") & ~Q(hearing="") & Q(concluded_on__isnull=False),
                name="review_concluded_after_hearing",
            ),
        )
        indexes = (models.Index(fields=["due_on", "id"], condition=Q(outcome=""), name="review_open_by_due"),)
