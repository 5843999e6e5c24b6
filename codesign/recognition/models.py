"""Certificates, awards, the decisions on both, and the rule that they follow."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from codesign.recognition.querysets import AwardQuerySet, CertificateQuerySet, RecognitionRuleQuerySet
from registry.kernel.ids import new_id

__all__ = ["Award", "AwardKind", "Certificate", "RecognitionDecision", "RecognitionMove", "RecognitionRule"]


class AwardKind(models.TextChoices):
    """What is awarded."""

    TOP_MEMBER = "top_member", "Top Member: all six criteria met and publicly reported"


class RecognitionMove(models.TextChoices):
    """What is decided about a certificate or an award."""

    ISSUE = "issue", "Issue"
    WITHDRAW = "withdraw", "Withdraw"


class RecognitionRule(models.Model):
    """What recognition asks for, from a day on. The newest in force counts; a new row never edits the past."""

    effective_from = models.DateField(unique=True)
    months_after = models.PositiveSmallIntegerField(
        default=3, help_text="A certificate serves so many months beyond its year."
    )
    asks_report = models.BooleanField(default=True, help_text="No certificate while a report has lapsed.")
    source = models.TextField(blank=True)

    objects = RecognitionRuleQuerySet.as_manager()


class Certificate(models.Model):
    """A member's certificate of one year. What it says was true on the day that it was issued."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=14, unique=True, help_text="Random: it can't be counted through.")
    membership = models.ForeignKey("codesign.CodeMembership", models.PROTECT, related_name="certificates")
    year = models.PositiveSmallIntegerField()
    scope = models.JSONField(help_text="Whom and what it covers: name, country, category, sites, as of its issue.")
    issued_on = models.DateField()
    valid_until = models.DateField(help_text="The last day.")
    withdrawn_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["membership", "year"], condition=Q(withdrawn_on=None), name="certificate_one_standing_a_year"
            ),
        )


class Award(models.Model):
    """What a member was awarded for one year, with the criteria that it rested on."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey("codesign.CodeMembership", models.PROTECT, related_name="awards")
    kind = models.CharField(max_length=20, choices=AwardKind)
    year = models.PositiveSmallIntegerField()
    criteria = models.JSONField(help_text="Number, actions and verified actions of each criterion, as of the decision.")
    report_id = models.UUIDField(help_text="The published report.")
    given_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)
    was_in_error = models.BooleanField(default=False, help_text="It never should have been given: no public trace.")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = AwardQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["membership", "kind", "year"], condition=Q(withdrawn_on=None), name="award_one_standing_a_year"
            ),
            models.CheckConstraint(
                condition=Q(was_in_error=False) | Q(withdrawn_on__isnull=False), name="award_in_error_is_withdrawn"
            ),
        )


class RecognitionDecision(models.Model):
    """One decision on a certificate or an award: appended, never edited."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    certificate = models.ForeignKey(Certificate, models.PROTECT, null=True, blank=True, related_name="decisions")
    award = models.ForeignKey(Award, models.PROTECT, null=True, blank=True, related_name="decisions")
    move = models.CharField(max_length=10, choices=RecognitionMove)
    effective_on = models.DateField()
    reason_code = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True)
    facts = models.JSONField(default=dict, help_text="What it rested on: ids, dates, counts.")
    decided_at = models.DateTimeField()
    actor_id = models.UUIDField(null=True, blank=True)
    actor_label = models.CharField(max_length=200)
    actor_organisation_id = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(certificate=None, award__isnull=False) | Q(certificate__isnull=False, award=None),
                name="recognition_decision_on_one_thing",
            ),
            models.UniqueConstraint(
                fields=["certificate", "move"], condition=Q(award=None), name="certificate_decided_once_each_way"
            ),
            models.UniqueConstraint(
                fields=["award", "move"], condition=Q(certificate=None), name="award_decided_once_each_way"
            ),
        )
