"""Kept figures of companies, and the log of what makes them stale."""

from __future__ import annotations

from django.db import models

from codesign.reporting.lifecycle import ReportState
from codesign.standing.rules import Standing

__all__ = ["CompanyOverview", "CompanyTouch"]


class CompanyOverview(models.Model):
    """Derived: the figures of one company on the day `counted_on`; `figures.live` is their definition.

    Written by `actions.refresh` alone. It counts only while nothing in `CompanyTouch` names the company.
    """

    company = models.OneToOneField(
        "codesign.Company", models.CASCADE, primary_key=True, related_name="overview", db_constraint=False
    )
    counted_on = models.DateField()
    criteria_letters = models.CharField(max_length=6, null=True)
    standing = models.CharField(max_length=30, choices=Standing, null=True)
    latest_report_id = models.UUIDField(null=True)
    latest_report_year = models.PositiveSmallIntegerField(null=True)
    latest_report_state = models.CharField(max_length=10, choices=ReportState, null=True)
    latest_report_due_on = models.DateField(null=True)
    training_valid = models.PositiveIntegerField()
    training_denominator = models.PositiveIntegerField()
    training_share = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    site_count = models.PositiveIntegerField()
    staff_count = models.PositiveIntegerField(null=True)
    counted_site_count = models.PositiveIntegerField()


class CompanyTouch(models.Model):
    """Something that a figure counts has changed: of one company, or of all (null). Written by triggers.

    A log, not a flag: writers of one company never wait for each other here, and what is committed while
    figures are being counted stays in it.
    """

    company_id = models.UUIDField(null=True, db_index=True)
