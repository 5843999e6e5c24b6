"""The Code agreement: its texts, and who signed which when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from codesign.fees.querysets import CodeAgreementQuerySet
from registry.kernel.ids import new_id


class SigningSide(models.TextChoices):
    """Who puts a signature under the agreement."""

    COMPANY = "company"
    REPRESENTATIVE = "representative"


class AgreementText(models.Model):
    """One version of the agreement's text, in the languages in which it is signed."""

    version = models.CharField(max_length=20, unique=True)
    effective_from = models.DateField()
    texts = models.JSONField(help_text="Language → title and paragraphs.")
    source = models.TextField(blank=True)


class CodeAgreement(models.Model):
    """An agreement of one membership and who signed it when: by role, never by name. Signing again keeps the former."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey("codesign.CodeMembership", models.PROTECT, related_name="code_agreements")
    text_version = models.CharField(max_length=20)
    sent_on = models.DateField()
    company_signed_on = models.DateField(null=True, blank=True)
    company_signed_role = models.CharField(max_length=60, blank=True)
    company_signed_by_id = models.UUIDField(null=True, blank=True)
    representative_signed_on = models.DateField(null=True, blank=True)
    representative_signed_role = models.CharField(max_length=60, blank=True)
    representative_signed_by_id = models.UUIDField(null=True, blank=True)
    superseded_on = models.DateField(null=True, blank=True, help_text="When another one took its place.")
    document = models.OneToOneField("registry.Document", models.PROTECT, null=True, blank=True, related_name="+")
    document_link = models.CharField(max_length=500, blank=True, help_text="Where the signed paper is kept instead.")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = CodeAgreementQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(superseded_on=None) & (Q(company_signed_on=None) | Q(representative_signed_on=None)),
                name="code_agreement_one_waits",
            ),
        )
