"""Reporting years, extensions, and who owes a report."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from codesign.reporting.models.questionnaires import Questionnaire
from codesign.reporting.querysets import ExtensionQuerySet, ObligationQuerySet, ReportingYearQuerySet
from codesign.reporting.rules import LAPSE_DAYS, RETURN_DAYS, REVIEW_DAYS
from registry.kernel.ids import new_id


class ReportingYear(models.Model):
    """One calendar year to report on: from when, until when, and by which questionnaire."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    year = models.PositiveSmallIntegerField(unique=True)
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="years")
    opens_on = models.DateField()
    due_on = models.DateField(help_text="The last day, at its end in the company's zone; without extensions.")
    lapse_days = models.PositiveSmallIntegerField(default=LAPSE_DAYS, help_text="Days after which it lapses.")
    return_days = models.PositiveSmallIntegerField(default=RETURN_DAYS, help_text="Days to answer a return.")
    review_days = models.PositiveSmallIntegerField(default=REVIEW_DAYS, help_text="Days to review a submission.")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = ReportingYearQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(due_on__gt=F("opens_on")), name="reporting_year_due_after_opening"),
        )


class Extension(models.Model):
    """More time for one year: for a company, for a country, or for everyone (both null)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reporting_year = models.ForeignKey(ReportingYear, models.PROTECT, related_name="extensions")
    company = models.ForeignKey("codesign.Company", models.PROTECT, null=True, blank=True, related_name="+")
    country = models.ForeignKey("members.Country", models.PROTECT, null=True, blank=True, related_name="+")
    until = models.DateField()
    reason = models.CharField(max_length=500)
    granted_at = models.DateTimeField()
    granted_by_id = models.UUIDField(null=True, blank=True)
    granted_by_label = models.CharField(max_length=200)
    revoked_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(company=None) | Q(country=None), name="extension_one_target"),
        )


class ReportObligation(models.Model):
    """A membership owes the report of a year until a day: what reminders and standing read."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey("codesign.CodeMembership", models.PROTECT, related_name="report_obligations")
    company = models.ForeignKey("codesign.Company", models.PROTECT, related_name="report_obligations")
    reporting_year = models.ForeignKey(ReportingYear, models.PROTECT, related_name="obligations")
    due_on = models.DateField(help_text="With extensions; at the end of the day in the company's zone.")
    lapses_on = models.DateField()
    created_at = models.DateTimeField()
    fulfilled_at = models.DateTimeField(null=True, blank=True, help_text="First submission of the report.")
    fulfilled_on = models.DateField(null=True, blank=True, help_text="Its day in the company's zone.")

    objects = ObligationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["membership", "reporting_year"], name="obligation_once_per_year"),
        )
        indexes = (
            models.Index(fields=["due_on", "id"], condition=Q(fulfilled_on=None), name="obligation_open_by_due"),
            models.Index(fields=["company", "due_on"], name="obligation_by_company"),
        )
