"""Agreements with their parties and amendments."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from members.agreements.lifecycle import AgreementState
from members.agreements.querysets import AgreementQuerySet
from members.organisations.models import Organisation
from registry.kernel.ids import new_id

__all__ = ["Agreement", "AgreementParty", "Amendment"]

PARTIAL_HELP = "YYYY, YYYY-MM, YYYY-MM-DD, --MM-DD where the year is not known, or a span such as 2017/2018."


class AgreementKind(models.TextChoices):
    """What sort of agreement it is."""

    MEMORANDUM = "memorandum", "Memorandum of understanding"
    PARTNERSHIP = "partnership", "Partnership agreement"
    REPRESENTATION = "representation", "Agreement with a Local Code Representative"
    OTHER = "other", "Other"
    UNKNOWN = "unknown", "Not known"


class SignatoryRole(models.TextChoices):
    """In which office somebody signed: never who it was."""

    CHAIR = "chair", "Chair or president"
    DIRECTOR = "director", "Director or chief executive"
    SECRETARY_GENERAL = "secretary_general", "Secretary general"
    BOARD_MEMBER = "board_member", "Member of the board"
    HEAD_OF_UNIT = "head_of_unit", "Head of a unit"
    PUBLIC_OFFICE = "public_office", "Minister or other public office"
    OTHER = "other", "Other"


class AgreementEndReason(models.TextChoices):
    """Why an agreement ended."""

    EXPIRED = "expired", "It ran out"
    BY_CONSENT = "by_consent", "By consent of the parties"
    BY_NOTICE = "by_notice", "A party gave notice"
    BREACH = "breach", "It was broken"
    OTHER = "other", "Other"


class AmendedField(models.TextChoices):
    """What of an agreement an amendment may change."""

    TITLE = "title", "Title"
    SUMMARY = "summary", "What is agreed"
    ENDS_ON = "ends_on", "End"
    IS_OPEN_ENDED = "is_open_ended", "Open-ended"
    RENEWAL_NOTICE_DAYS = "renewal_notice_days", "Renewal notice"
    DOCUMENT_URL = "document_url", "Document"


class Agreement(models.Model):
    """An agreement between two or more organisations, in its terms as last amended.

    `starts_on` and `ends_on` are as known; the four bounds say which days they may be and follow from them.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20, choices=AgreementKind)
    title = models.CharField(max_length=200)
    search_key = models.TextField(help_text="The title, folded.")
    summary = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=AgreementState, default=AgreementState.DRAFT)
    starts_on = models.CharField(max_length=25, blank=True, help_text=PARTIAL_HELP)
    ends_on = models.CharField(max_length=25, blank=True, help_text="The same; empty: not known, or open-ended.")
    is_open_ended = models.BooleanField(default=False)
    starts_earliest = models.DateField()
    starts_latest = models.DateField()
    ends_earliest = models.DateField()
    ends_latest = models.DateField()
    renewal_notice_days = models.PositiveSmallIntegerField(null=True, blank=True)
    document_url = models.CharField(max_length=500, blank=True)
    ended_on = models.DateField(null=True, blank=True, help_text="Last day as decided by a move.")
    end_reason = models.CharField(max_length=10, choices=AgreementEndReason, blank=True)
    renews = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="renewal")
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced")
    source = models.TextField(blank=True)
    confidence = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    starts_earliest__lte=F("starts_latest"),
                    ends_earliest__lte=F("ends_latest"),
                    ends_latest__gte=F("starts_earliest"),
                ),
                name="agreement_period_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state=AgreementState.REPLACED, replaced_by__isnull=False)
                | ~Q(state=AgreementState.REPLACED) & Q(replaced_by=None),
                name="agreement_replaced_by_another",
            ),
            models.CheckConstraint(condition=~Q(replaced_by=F("id")), name="agreement_not_replaced_by_itself"),
        )
        indexes = (models.Index(fields=["state", "ends_latest"], name="agreement_by_state_end"),)

    def __str__(self) -> str:
        return self.title


class AgreementParty(models.Model):
    """An organisation that is bound by an agreement, and when it signed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="agreement_parties")
    signed_on = models.CharField(max_length=25, blank=True, help_text=PARTIAL_HELP)
    signatory_role = models.CharField(max_length=20, choices=SignatoryRole, blank=True)

    class Meta:
        verbose_name_plural = "agreement parties"
        constraints = (
            models.UniqueConstraint(fields=["agreement", "organisation"], name="agreement_party_once"),
            models.CheckConstraint(
                condition=Q(signed_on="", signatory_role="") | ~Q(signed_on="") & ~Q(signatory_role=""),
                name="agreement_party_signed_with_role",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.organisation_id}"


class Amendment(models.Model):
    """One term of an agreement that an amendment changed. Never edited."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="amendments")
    number = models.PositiveSmallIntegerField(help_text="Of the amendment; it may change several terms.")
    field = models.CharField(max_length=20, choices=AmendedField)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    effective_on = models.DateField()
    reference_url = models.CharField(max_length=500, blank=True, help_text="Where the amendment itself is found.")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["agreement", "number", "field"], name="amendment_term_once"),)

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.number} {self.field}"
