"""The six criteria with their wordings, and the actions that companies plan on them."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from codesign.companies.models import CompanyCategory
from codesign.criteria.lifecycle import PlanActionState
from codesign.criteria.querysets import (
    ActionTemplateQuerySet,
    CriterionQuerySet,
    PlanActionQuerySet,
    PlanEvidenceQuerySet,
)
from registry.kernel.ids import new_id

__all__ = ["ActionTemplate", "Criterion", "PlanAction", "PlanActionState", "PlanEvidence"]


class Criterion(models.Model):
    """One wording of one of the six criteria, in all languages, from a day on."""

    number = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(6)])
    version = models.PositiveSmallIntegerField()
    names = models.JSONField(help_text="Language → short name.")
    texts = models.JSONField(help_text="Language → what the criterion asks for.")
    effective_from = models.DateField()
    source = models.TextField(blank=True)

    objects = CriterionQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "criteria"
        constraints = (
            models.UniqueConstraint(fields=["number", "version"], name="criterion_version_once"),
            models.UniqueConstraint(fields=["number", "effective_from"], name="criterion_one_wording_a_day"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=6), name="criterion_is_one_of_six"),
        )


class ActionTemplate(models.Model):
    """One version of an action that a first plan proposes, to companies of one category or to all."""

    code = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    effective_from = models.DateField(null=True, blank=True, help_text="None: since the register began.")
    criterion_number = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=20, choices=CompanyCategory, blank=True, help_text="Blank: every company.")
    titles = models.JSONField(help_text="Language → title.")
    responsible_role = models.CharField(max_length=60)
    due_months = models.PositiveSmallIntegerField(help_text="Months after the plan was drafted.")
    is_active = models.BooleanField(default=True, help_text="False: from this version on no plan proposes it.")

    objects = ActionTemplateQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["code", "version"], name="action_template_version_once"),
            models.UniqueConstraint(fields=["code", "effective_from"], name="action_template_one_version_a_day"),
        )


class PlanAction(models.Model):
    """One action of the plan of one membership, on one criterion. Roles only: no person is named."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey("codesign.CodeMembership", models.PROTECT, related_name="plan_actions")
    site = models.ForeignKey(
        "codesign.Site",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plan_actions",
        help_text="None: everywhere.",
    )
    criterion_number = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(6)])
    template_code = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=300)
    responsible_role = models.CharField(max_length=60)
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=PlanActionState, default=PlanActionState.OPEN)
    done_on = models.DateField(null=True, blank=True)
    done_by_id = models.UUIDField(null=True, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    verified_by_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = PlanActionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(criterion_number__gte=1, criterion_number__lte=6), name="plan_action_on_one_of_six"
            ),
            models.CheckConstraint(
                condition=Q(state="open", done_on=None, verified_on=None)
                | Q(state="done", done_on__isnull=False, verified_on=None)
                | Q(state="verified", done_on__isnull=False, verified_on__isnull=False),
                name="plan_action_dates_fit_state",
            ),
            models.UniqueConstraint(
                fields=["membership", "template_code"],
                condition=~Q(template_code=""),
                name="plan_action_template_once",
            ),
        )
        indexes = (
            models.Index(fields=["membership", "criterion_number", "state"], name="plan_action_progress"),
            models.Index(fields=["due_on", "id"], condition=Q(state="open"), name="plan_action_open_by_due"),
        )


class PlanEvidence(models.Model):
    """What shows that an action was done: a document or a link. A redacted one keeps its row and says nothing."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    action = models.ForeignKey(PlanAction, models.PROTECT, related_name="evidence")
    document = models.OneToOneField("registry.Document", models.PROTECT, null=True, blank=True, related_name="+")
    link = models.URLField(max_length=500, blank=True)
    title = models.CharField(max_length=200, blank=True)
    added_at = models.DateTimeField()
    added_by_id = models.UUIDField(null=True, blank=True)
    redacted_at = models.DateTimeField(null=True, blank=True)
    redaction_reason = models.CharField(max_length=40, blank=True)

    objects = PlanEvidenceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "plan evidence"
        constraints = (
            models.CheckConstraint(
                condition=Q(redacted_at=None, document=None) & ~Q(link="")
                | Q(redacted_at=None, document__isnull=False, link="")
                | Q(redacted_at__isnull=False, link="", title=""),
                name="plan_evidence_is_document_or_link",
            ),
        )
        indexes = (models.Index(fields=["action", "id"], name="plan_evidence_by_action"),)
