"""Claims of historic signatures."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from codesign.companies.models.memberships import CodeMembership
from codesign.companies.querysets import SignatoryClaimQuerySet
from registry.kernel.ids import new_id


class ClaimState(models.TextChoices):
    """What became of a claim."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class SignatoryClaim(models.Model):
    """Somebody says that their company signed long ago. What the register has recorded, the claimant is not shown."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200, help_text="Of the company, as the claimant gives it.")
    search_key = models.CharField(max_length=400, editable=False)
    country = models.ForeignKey("members.Country", models.PROTECT, related_name="+")
    signatory_role = models.CharField(max_length=60, help_text="Function of the claimant, such as director.")
    since = models.CharField(max_length=10, blank=True, help_text="When it signed: YYYY, YYYY-MM or a day.")
    claimed_by_id = models.UUIDField(help_text="Of the user.")
    state = models.CharField(max_length=10, choices=ClaimState, default=ClaimState.OPEN)
    membership = models.ForeignKey(
        CodeMembership, models.PROTECT, null=True, blank=True, related_name="claims", help_text="Once it is accepted."
    )
    reason_code = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = SignatoryClaimQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["claimed_by_id", "search_key", "country"],
                condition=Q(state=ClaimState.OPEN),
                name="signatory_claim_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state=ClaimState.ACCEPTED, membership__isnull=False)
                | ~Q(state=ClaimState.ACCEPTED) & Q(membership=None),
                name="signatory_claim_of_a_membership",
            ),
        )
        indexes = (models.Index(fields=["state", "country"], name="signatory_claim_by_state"),)
