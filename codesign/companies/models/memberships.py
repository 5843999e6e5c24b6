"""Memberships, what was decided on them, and the counters of their numbers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from codesign.companies.lifecycle import OPEN, MembershipState, Move
from codesign.companies.models.nodes import Company
from codesign.companies.querysets import THE_CODE, CodeMembershipQuerySet, DecisionQuerySet
from registry.kernel.ids import new_id


class CodeMembership(models.Model):
    """One membership of one company in one scheme; a company may hold several over time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="memberships")
    scheme = models.CharField(max_length=20, default=THE_CODE)
    state = models.CharField(max_length=20, choices=MembershipState, default=MembershipState.DRAFT)
    is_current = models.BooleanField(
        default=True, help_text="The one that stands for the company today: the open one, else the newest."
    )
    number = models.CharField(max_length=20, null=True, blank=True, unique=True)
    representative = models.ForeignKey(
        "members.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="represented_memberships",
        help_text="The Local Code Representative; None: the secretariat stands in.",
    )
    applied_at = models.DateTimeField(null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    member_since = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    is_public = models.BooleanField(default=True, help_text="False: counted, and left out of the public register.")
    since = models.CharField(max_length=10, blank=True, help_text="Of a recorded signatory: YYYY, YYYY-MM or a day.")
    since_basis = models.CharField(max_length=120, blank=True, help_text="What `since` is the date of.")
    status_seen = models.CharField(max_length=120, blank=True, help_text="The status as the source words it.")
    source = models.TextField(blank=True)
    confidence = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    reminders_muted_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = CodeMembershipQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["company", "scheme"], condition=Q(state__in=sorted(OPEN)), name="membership_one_open_per_scheme"
            ),
            models.UniqueConstraint(
                fields=["company", "scheme"], condition=Q(is_current=True), name="membership_one_current_per_scheme"
            ),
        )
        indexes = (
            models.Index(fields=["state", "company"], name="membership_by_state"),
            models.Index(fields=["representative", "state"], name="membership_by_representative"),
        )


class Decision(models.Model):
    """One move of one membership: appended, never edited. Its text is neutral and describes no case."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey(CodeMembership, models.PROTECT, related_name="decisions")
    version = models.PositiveIntegerField(help_text="Version of the membership that this decision led to.")
    move = models.CharField(max_length=20, choices=Move)
    from_state = models.CharField(max_length=20, choices=MembershipState)
    to_state = models.CharField(max_length=20, choices=MembershipState)
    effective_on = models.DateField()
    reason_code = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True)
    decided_at = models.DateTimeField()
    actor_id = models.UUIDField(null=True, blank=True)
    actor_label = models.CharField(max_length=200)
    actor_organisation_id = models.UUIDField(null=True, blank=True)
    facts = models.JSONField(default=dict, help_text="What the decision rested on: ids, dates, counts.")
    overturns = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="overturned_by",
        help_text="The decision that this one undoes: it leaves no public trace then.",
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["membership", "version"], name="decision_one_per_membership_version"),
        )
        indexes = (models.Index(fields=["decided_at", "id"], name="decision_by_time"),)


class NumberSeries(models.Model):
    """A counter behind readable numbers: drawn in the transaction that uses it, so that no gap stays."""

    code = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "number series"
