"""What reports add to the indicators, and the indicators as they were published."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from codesign.companies.models import CompanyCategory
from codesign.reporting.models.calendar import ReportingYear
from codesign.reporting.models.reports import Report
from codesign.reporting.querysets import ContributionQuerySet
from registry.kernel.ids import new_id


class CellFields(models.Model):
    """One number of one indicator, and how much stands behind it. Null is unknown, never zero."""

    country = models.ForeignKey("members.Country", models.PROTECT, null=True, blank=True, related_name="+")
    category = models.CharField(max_length=20, choices=CompanyCategory)
    criterion_number = models.PositiveSmallIntegerField()
    indicator_code = models.CharField(max_length=100, help_text="Of a choice or counts: code, colon, option.")
    value = models.DecimalField(max_digits=24, decimal_places=4, null=True, blank=True, help_text="The sum.")
    part = models.DecimalField(
        max_digits=24, decimal_places=4, null=True, blank=True, help_text="Numerator, over whoever answered both."
    )
    whole = models.DecimalField(
        max_digits=24, decimal_places=4, null=True, blank=True, help_text="Denominator; null where it is no share."
    )
    is_passed_on = models.BooleanField(default=False, help_text="Counts suspicions that were passed on.")
    weight = models.DecimalField(
        max_digits=12, decimal_places=4, default=0, help_text="Companies; one in three countries is a third in each."
    )
    answering_weight = models.DecimalField(
        max_digits=12, decimal_places=4, default=0, help_text="The same of those who answered."
    )
    sites_in_scope = models.PositiveIntegerField()
    sites_answering = models.PositiveIntegerField()

    class Meta:
        abstract = True


class Contribution(CellFields):
    """What one report adds to one indicator in one country: written from the snapshot that was accepted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(Report, models.CASCADE, related_name="contributions")
    reporting_year = models.ForeignKey(ReportingYear, models.PROTECT, related_name="+")

    objects = ContributionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["report", "indicator_code", "country"], name="contribution_once"),
            models.UniqueConstraint(
                fields=["report", "indicator_code"], condition=Q(country=None), name="contribution_once_nowhere"
            ),
        )
        indexes = (
            models.Index(fields=["reporting_year", "indicator_code", "country", "category"], name="contribution_cells"),
        )


class IndicatorEdition(models.Model):
    """The indicators of a year as they were published: they never change; a later edition says why it came."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reporting_year = models.ForeignKey(ReportingYear, models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField(help_text="1 for the first.")
    reason = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField()
    published_by_label = models.CharField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["reporting_year", "number"], name="edition_number_once_a_year"),)


class IndicatorCell(CellFields):
    """One cell of one edition, the finest there is: indicator, country, category."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    edition = models.ForeignKey(IndicatorEdition, models.CASCADE, related_name="cells")
    companies = models.PositiveIntegerField(help_text="Whose reports were accepted.")
    companies_answering = models.PositiveIntegerField(help_text="Of these, who answered.")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["edition", "indicator_code", "country", "category"], name="cell_once"),
            models.UniqueConstraint(
                fields=["edition", "indicator_code", "category"], condition=Q(country=None), name="cell_once_nowhere"
            ),
            models.CheckConstraint(
                condition=Q(companies_answering__lte=F("companies")), name="cell_answering_within_companies"
            ),
        )
